"""The Bot API's ways to send and change messages, with its checks and its words."""

from __future__ import annotations

import base64
import struct
from typing import Any

from bot.simulator.errors import BadRequestError
from bot.simulator.keyboards import Keyboard, inline_only, read_markup
from bot.simulator.markup import Entity, clean, parse_html, trimmed, units, with_found
from bot.simulator.params import Params
from bot.simulator.world import Chat, File, Json, Message, World

_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
_DELETABLE_FOR = 48 * 3600


def send_message(world: World, params: Params) -> Json:
    """Send a text."""
    chat = world.reachable(params.text("chat_id"))
    text, entities = _formatted(params, "text", "entities")
    if not text:
        raise BadRequestError("message text is empty")
    if units(text) > _LONGEST_TEXT:
        raise BadRequestError("message is too long")
    return _post(world, chat, params, _with_entities("text", text, entities))


def send_location(world: World, params: Params) -> Json:
    """Send a point on the map."""
    chat = world.reachable(params.text("chat_id"))
    return _post(world, chat, params, {"location": _location(params)})


def send_venue(world: World, params: Params) -> Json:
    """Send a place: a point with a title and an address."""
    chat = world.reachable(params.text("chat_id"))
    location = _location(params)
    title, address = clean(params.text("title")).strip(), clean(params.text("address")).strip()
    if not title:
        raise BadRequestError("title is empty")
    if not address:
        raise BadRequestError("address is empty")
    venue = {"location": location, "title": title, "address": address}
    return _post(world, chat, params, {"location": location, "venue": venue})


def send_photo(world: World, params: Params) -> Json:
    """Send a picture, given as an upload or as one already sent."""
    chat = world.reachable(params.text("chat_id"))
    file = _file(world, params, "photo")
    content = base64.b64decode(world.files[file["file_id"]].content)
    width, height = _picture_size(content)
    size = {**file, "width": width, "height": height, "file_size": len(content)}
    return _post(world, chat, params, {"photo": [size], **_caption(params)})


def send_document(world: World, params: Params) -> Json:
    """Send a file, given as an upload or as one already sent."""
    chat = world.reachable(params.text("chat_id"))
    file = _file(world, params, "document")
    kept = world.files[file["file_id"]]
    size = len(base64.b64decode(kept.content))
    document = {**file, "file_name": kept.name, "mime_type": kept.mime_type, "file_size": size}
    return _post(world, chat, params, {"document": document, **_caption(params)})


def edit_message_text(world: World, params: Params) -> Json:
    """Replace a text; without a keyboard in the call, the message loses the one it had."""
    chat = world.reachable(params.text("chat_id"))
    message = _editable(world, chat, params)
    if "text" not in message.data:
        raise BadRequestError("there is no text in the message to edit")
    text, entities = _formatted(params, "text", "entities")
    if not text:
        raise BadRequestError("message text is empty")
    if units(text) > _LONGEST_TEXT:
        raise BadRequestError("message is too long")
    return _change(world, chat, message, params, _with_entities("text", text, entities))


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Replace the keyboard below a message, or take it away."""
    chat = world.reachable(params.text("chat_id"))
    message = _editable(world, chat, params)
    kept: Json = {key: message.data[key] for key in ("text", "entities") if key in message.data}
    return _change(world, chat, message, params, kept)


def delete_message(world: World, params: Params) -> bool:
    """Take a message back."""
    chat = world.reachable(params.text("chat_id"))
    number = params.integer("message_id")
    if number not in chat.messages:
        raise BadRequestError("message to delete not found")
    if world.now() - chat.messages[number].data["date"] > _DELETABLE_FOR:
        raise BadRequestError("message can't be deleted for everyone")
    del chat.messages[number]
    world.tell("deleted", chat.id, message_id=number)
    return True


def _post(world: World, chat: Chat, params: Params, body: Json) -> Json:
    markup = read_markup(params, chat.data["type"])
    if params.integer("message_thread_id"):
        raise BadRequestError("message thread not found")
    body = {**_quoted(chat, params), **body}
    inline = inline_only(markup)
    if inline:
        body["reply_markup"] = inline
    message = world.add_message(chat, world.bot, body)
    if markup is not None and "inline_keyboard" not in markup:
        message.reply_markup = markup
        chat.keyboard = None if markup.get("remove_keyboard") else markup
        world.tell("chat", chat.id)
    world.tell("message", chat.id, message=message.data)
    return message.data


def _quoted(chat: Chat, params: Params) -> Json:
    reply = params.json("reply_parameters", "reply parameters") or {}
    number = reply.get("message_id") or params.integer("reply_to_message_id")
    if not number:
        return {}
    if number in chat.messages:
        quoted = dict(chat.messages[number].data)
        quoted.pop("reply_to_message", None)
        return {"reply_to_message": quoted}
    if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return {}
    raise BadRequestError("message to be replied not found")


def _editable(world: World, chat: Chat, params: Params) -> Message:
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise BadRequestError("message to edit not found")
    if message.data["from"]["id"] != world.bot["id"] or message.reply_markup is not None:
        raise BadRequestError("message can't be edited")
    return message


def _change(world: World, chat: Chat, message: Message, params: Params, body: Json) -> Json:
    markup = inline_only(_inline_markup(params, chat))
    if markup:
        body = {**body, "reply_markup": markup}
    changing = ("text", "entities", "reply_markup")
    if body == {key: message.data[key] for key in changing if key in message.data}:
        raise BadRequestError(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    for key in changing:
        message.data.pop(key, None)
    message.data.update(body, edit_date=world.now())
    world.tell("message", chat.id, message=message.data)
    return message.data


def _inline_markup(params: Params, chat: Chat) -> Keyboard | None:
    markup = read_markup(params, chat.data["type"])
    if markup is not None and "inline_keyboard" not in markup:
        raise BadRequestError("inline keyboard expected")
    return markup


def _formatted(params: Params, name: str, entities_name: str) -> tuple[str, list[Entity]]:
    text, mode = clean(params.text(name)), params.text("parse_mode").lower()
    entities: list[Entity] = []
    if mode == "html":
        text, entities = parse_html(text)
    elif mode:
        raise BadRequestError("unsupported parse_mode")  # the simulator reads HTML, not Markdown
    else:
        entities = _given(params.json(entities_name, "message entities"))
    text, entities = trimmed(text, entities)
    return text, with_found(text, entities)


def _given(entities: Any) -> list[Entity]:
    if entities is None:
        return []
    if not isinstance(entities, list) or not all(_is_entity(entity) for entity in entities):
        raise BadRequestError("can't parse message entities JSON object")
    return entities


def _is_entity(entity: Any) -> bool:
    return (
        isinstance(entity, dict)
        and isinstance(entity.get("type"), str)
        and all(isinstance(entity.get(key), int) for key in ("offset", "length"))
    )


def _caption(params: Params) -> Json:
    text, entities = _formatted(params, "caption", "caption_entities")
    if units(text) > _LONGEST_CAPTION:
        raise BadRequestError("message caption is too long")
    if not text:
        return {}
    body = _with_entities("caption", text, entities)
    return {"caption_entities" if key == "entities" else key: body[key] for key in body}


def _with_entities(name: str, text: str, entities: list[Entity]) -> Json:
    return {name: text, "entities": entities} if entities else {name: text}


def _location(params: Params) -> Json:
    latitude, longitude = params.number("latitude"), params.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadRequestError("wrong location specified")
    return {"latitude": latitude, "longitude": longitude}


def _file(world: World, params: Params, name: str) -> Json:
    upload = params.upload(name)
    if upload is not None and not upload.content:
        raise BadRequestError("file must be non-empty")
    if upload is not None:
        number = world.new_id()
        content = base64.b64encode(upload.content).decode()
        file_id = f"sim-{name}-{number}"
        world.add_file(file_id, File(upload.name, upload.mime_type, content))
    else:
        file_id = params.text(name)
    if not file_id:
        raise BadRequestError(f"there is no {name} in the request")
    if file_id not in world.files:
        raise BadRequestError("wrong file identifier/HTTP URL specified")
    return {"file_id": file_id, "file_unique_id": file_id.removeprefix("sim-")}


def _picture_size(content: bytes) -> tuple[int, int]:
    """Read the size of a PNG or a JPEG; Telegram takes nothing it cannot read as a picture."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    at = 2 if content.startswith(b"\xff\xd8") else len(content)
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + int(length)
    raise BadRequestError("IMAGE_PROCESS_FAILED")

"""The Bot API's ways to send and change messages, with its checks and its words."""

from __future__ import annotations

import base64
from typing import Any

from bot.simulator import topics
from bot.simulator.chats import Chat, File, Json, Message
from bot.simulator.errors import BadRequestError, TooManyError
from bot.simulator.keyboards import Keyboard, inline_only, read_markup
from bot.simulator.markup import Entity, clean, parse_html, trimmed, units, with_found
from bot.simulator.params import Params
from bot.simulator.pictures import picture_size
from bot.simulator.privacy import CONTENTS, is_service
from bot.simulator.world import World

_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
_DELETABLE_FOR = 48 * 3600
_MOST_DELETED = 100
_MINUTE = 60


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
    width, height = picture_size(content)
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


def copy_message(world: World, params: Params) -> Json:
    """Send what a message holds once more, perhaps elsewhere, as if it were the bot's own."""
    chat = world.reachable(params.text("chat_id"))
    source = world.readable(params.text("from_chat_id"))
    message = source.messages.get(params.integer("message_id"))
    if message is None:
        raise BadRequestError("message to copy not found")
    if is_service(message.data):
        raise BadRequestError("message can't be copied")
    kept = (*CONTENTS, "entities", "caption", "caption_entities")
    body = {name: message.data[name] for name in kept if name in message.data}
    if "text" not in body and params.text("caption"):
        body = {name: body[name] for name in CONTENTS if name in body} | _caption(params)
    return {"message_id": _post(world, chat, params, body)["message_id"]}


def delete_message(world: World, params: Params) -> bool:
    """Take a message back; in a group, others' only with the right to."""
    chat = world.reachable(params.text("chat_id"))
    number = params.integer("message_id")
    if number not in chat.messages:
        raise BadRequestError("message to delete not found")
    if world.now() - chat.messages[number].data["date"] > _DELETABLE_FOR:
        raise BadRequestError("message can't be deleted for everyone")
    if not _deletable(world, chat, chat.messages[number]):
        raise BadRequestError("message can't be deleted")
    _delete(world, chat, number)
    return True


def delete_messages(world: World, params: Params) -> bool:
    """Take several messages back, passing over those that can't be."""
    chat = world.reachable(params.text("chat_id"))
    for number in _numbers(params):
        if number in chat.messages and _deletable(world, chat, chat.messages[number]):
            _delete(world, chat, number)
    return True


def _numbers(params: Params) -> list[int]:
    numbers = params.json("message_ids", "message_ids")
    if not numbers:
        raise BadRequestError("message identifiers are not specified")
    if not isinstance(numbers, list):
        raise BadRequestError("expected an Array of message identifiers")
    if len(numbers) > _MOST_DELETED:
        raise BadRequestError("too many message identifiers specified")
    if not all(isinstance(number, int) for number in numbers):
        raise BadRequestError("message identifier must be a Number")
    return numbers


def _deletable(world: World, chat: Chat, message: Message) -> bool:
    if not chat.is_group:
        return True
    if "forum_topic_created" in message.data:
        return False
    own = message.data["from"]["id"] == world.bot_id
    return bool(own or chat.may(world.bot_id, "can_delete_messages"))


def _delete(world: World, chat: Chat, number: int) -> None:
    del chat.messages[number]
    world.tell("deleted", chat.id, message_id=number)


def _post(world: World, chat: Chat, params: Params, body: Json) -> Json:
    markup = read_markup(params, chat.type)
    body = {**body, **_place(world, chat, params)}
    _count(world, chat)
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


def _count(world: World, chat: Chat) -> None:
    """Refuse what is too much for a group in a minute."""
    if not chat.is_group or not chat.per_minute:
        return
    now = world.now()
    chat.written = [moment for moment in chat.written if now - _MINUTE < moment <= now]
    if len(chat.written) >= chat.per_minute:
        raise TooManyError(chat.written[0] + _MINUTE - now)
    chat.written.append(now)


def _place(world: World, chat: Chat, params: Params) -> Json:
    """Return where a message goes: an answer stays in the topic of what it answers."""
    quoted = _quoted(chat, params)
    thread: int | None = params.integer("message_thread_id") or None
    if thread is not None and not (chat.is_forum and thread in chat.topics):
        raise BadRequestError("message thread not found")
    if thread is None and quoted and quoted.get("message_thread_id") in chat.topics:
        thread = quoted["message_thread_id"]
    if thread is not None and not _open(world, chat, thread):
        raise BadRequestError("TOPIC_CLOSED")
    return topics.place(chat, thread, quoted)


def _open(world: World, chat: Chat, thread: int) -> bool:
    topic = chat.topics[thread]
    return (
        not topic.closed
        or topic.creator == world.bot_id
        or chat.may(world.bot_id, "can_manage_topics")
    )


def _quoted(chat: Chat, params: Params) -> Json | None:
    reply = params.json("reply_parameters", "reply parameters")
    if reply is None:
        reply = {}
    if not isinstance(reply, dict):
        raise BadRequestError("object expected as reply parameters")
    number = Params(reply).integer("message_id") or params.integer("reply_to_message_id")
    if not number:
        return None
    if number in chat.messages:
        return topics.without_reply(chat.messages[number].data)
    if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return None
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
    markup = read_markup(params, chat.type)
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

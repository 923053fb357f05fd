"""What people send beside words: pictures, voice messages, stickers and files, with content."""

from __future__ import annotations

import base64
from typing import Any

from bot.simulator.chats import Chat, File, Json, Message, User
from bot.simulator.errors import BadRequestError, ImpossibleError
from bot.simulator.markup import clean, units, with_found
from bot.simulator.people import NOWHERE, Where, send
from bot.simulator.pictures import landscape, picture_size
from bot.simulator.world import World

_LONGEST_CAPTION = 1024
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

#: Of each kind one to send when only its kind matters: a name, a type, and what is in it.
_SAMPLES: dict[str, tuple[str, str, bytes]] = {
    "sticker": ("sticker.webp", "image/webp", b"RIFF\x00\x00\x00\x00WEBP"),
    "voice": ("voice.ogg", "audio/ogg", b"OggS\x00\x02"),
    "photo": ("photo.png", "image/png", landscape()),
    "document": ("dossier.pdf", "application/pdf", _PDF),
    "video": ("video.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42"),
}
_LOOKS: dict[str, Json] = {
    "sticker": {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    },
    "voice": {"duration": 4},
    "video": {"width": 640, "height": 480, "duration": 6},
}
_NAMED = {"document"}
_TYPED = {"document", "voice", "video"}


def send_other(world: World, chat: Chat, user: User, kind: str, where: Where = NOWHERE) -> Message:
    """Send something of a kind, whatever is in it."""
    if kind not in _SAMPLES:
        raise ImpossibleError("no_such_kind", status=400)
    name, mime_type, content = _SAMPLES[kind]
    body = {kind: _described(world, kind, name, mime_type, content)}
    return send(world, chat, user, body, where)


def send_file(
    world: World,
    chat: Chat,
    user: User,
    kind: str,
    *,
    name: str,
    mime_type: str,
    content: str,
    caption: str = "",
    where: Where = NOWHERE,
) -> Message:
    """Send a file of one's own; `content` is base64."""
    if kind not in _SAMPLES or kind == "sticker":
        raise ImpossibleError("no_such_kind", status=400)
    try:
        held = base64.b64decode(content, validate=True)
    except ValueError:
        raise ImpossibleError("bad_content", status=400) from None
    if not held:
        raise ImpossibleError("empty_file", status=400)
    caption = clean(caption).strip()
    if units(caption) > _LONGEST_CAPTION:
        raise ImpossibleError("bad_text", status=400)
    body: Json = {kind: _described(world, kind, name, mime_type, held)}
    if caption:
        body["caption"] = caption
        if entities := with_found(caption, []):
            body["caption_entities"] = entities
    return send(world, chat, user, body, where)


def _described(world: World, kind: str, name: str, mime_type: str, content: bytes) -> Any:
    """Keep a file; return what a message says of it."""
    looks = dict(_LOOKS.get(kind, {}))
    if kind == "photo":
        try:
            looks["width"], looks["height"] = picture_size(content)
        except BadRequestError:
            raise ImpossibleError("not_a_picture", status=400) from None
    if kind in _NAMED:
        looks["file_name"] = name
    if kind in _TYPED:
        looks["mime_type"] = mime_type
    number = world.new_id()
    file_id = f"sim-{kind}-{number}"
    world.add_file(file_id, File(name, mime_type, base64.b64encode(content).decode()))
    file = {"file_id": file_id, "file_unique_id": f"{kind}{number}", "file_size": len(content)}
    return [{**file, **looks}] if kind == "photo" else {**file, **looks}

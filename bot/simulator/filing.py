"""Files for the bot: where each one is, and what is in it."""

from __future__ import annotations

import base64
from pathlib import PurePath

from bot.simulator.chats import File, Json
from bot.simulator.errors import BadRequestError
from bot.simulator.params import Params
from bot.simulator.world import World

_FOLDERS = {
    "document": "documents",
    "photo": "photos",
    "voice": "voice",
    "video": "videos",
    "sticker": "stickers",
}


def get_file(world: World, params: Params) -> Json:
    """Tell where a file can be fetched."""
    file_id = params.text("file_id")
    if not file_id:
        raise BadRequestError("file_id not specified")
    file = world.files.get(file_id)
    if file is None:
        raise BadRequestError("wrong file_id or the file is temporarily unavailable")
    return {
        "file_id": file_id,
        "file_unique_id": file_id.removeprefix("sim-"),
        "file_size": len(base64.b64decode(file.content)),
        "file_path": _path(file_id, file),
    }


def at(world: World, path: str) -> bytes | None:
    """Return what is in the file at a path that `getFile` told, None when there is none."""
    for file_id, file in world.files.items():
        if _path(file_id, file) == path:
            return base64.b64decode(file.content)
    return None


def _path(file_id: str, file: File) -> str:
    _sim, kind, number = file_id.split("-")
    suffix = PurePath(file.name).suffix
    return f"{_FOLDERS[kind]}/file_{number}{suffix if suffix.isascii() else ''}"

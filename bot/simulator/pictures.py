"""Pictures: how large one is, and one to send when it does not matter what is on it."""

from __future__ import annotations

import functools
import struct
import zlib

from bot.simulator.errors import BadRequestError


def picture_size(content: bytes) -> tuple[int, int]:
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


@functools.cache
def landscape(width: int = 320, height: int = 240) -> bytes:
    """Return a PNG of an evening sky above sand."""
    horizon = height * 3 // 5
    rows = []
    for y in range(height):
        share = y / horizon
        sky = (90 + int(150 * share), 140 + int(60 * share), 190 - int(40 * share))
        colour = sky if y < horizon else (214 - (y - horizon) // 3, 176 - (y - horizon) // 3, 122)
        rows.append(b"\0" + bytes(colour) * width)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

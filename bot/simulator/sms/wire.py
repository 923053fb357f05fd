"""How a text travels by SMS: in which letters it arrives, and in which parts.

Source: 3GPP TS 23.040 9.2.3.24.1 (the header of a part: reference, how many, which).
"""

from __future__ import annotations

from bot.channels.sms.segments import Coding, coding, length, room

#: Kannel sends the capital of the one small letter that the alphabet only has as a capital.
_INSTEAD = {"ç": "Ç"}
#: What Kannel's `max-messages` allows; the rest is cut without a word.
MOST_PARTS = 10


class UnreadableTextError(Exception):
    """The bytes of a text are in no charset that there is."""


def arrives(raw: bytes, way: Coding, charset: str) -> str:
    """Return the text a handset shows for the bytes given to the gateway.

    What is not in the GSM alphabet becomes a question mark in it; bytes said to be in another
    charset than they are become rubbish. Without a charset Kannel takes UTF-8, or for UCS-2
    UTF-16BE. Raises `UnreadableTextError`.
    """
    named = charset or ("utf-16-be" if way == "ucs2" else "utf-8")
    try:
        text = raw.decode(named, "replace")
    except LookupError as unknown:
        raise UnreadableTextError from unknown
    if way == "gsm":
        text = "".join(_in_gsm(c) for c in text)
    return "".join(parts(text, way)[:MOST_PARTS])


def _in_gsm(character: str) -> str:
    if coding(character) == "gsm":
        return character
    return _INSTEAD.get(character, "?")


def parts(text: str, way: Coding) -> list[str]:
    """Cut a text where a handset does: wherever a part is full, but never inside a character."""
    if units(text, way) <= room(1, way):
        return [text]
    found, left = [""], room(2, way) // 2
    for character in text:
        needed = units(character, way)
        if needed > left:
            found.append("")
            left = room(2, way) // 2
        found[-1] += character
        left -= needed
    return found


def units(text: str, way: Coding) -> int:
    """Return the length of a text in a coding it may not need."""
    return length(text) if way == "gsm" else len(text.encode("utf-16-be", "surrogatepass")) // 2


def header(reference: int, total: int, which: int) -> bytes:
    """Return the header of part `which` (from 1) of `total`."""
    return bytes([5, 0, 3, reference % 256, total, which])

"""What a gateway's requests say, without asking anything else: pure functions of bytes.

Source for Kannel: its user guide, "SMS push" and "sms-service" (the escapes of get-url, the headers
of post-url), and requests seen from Kannel 1.4.5. A part's header: 3GPP TS 23.040, 9.2.3.24.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast, get_args
from urllib.parse import unquote_to_bytes

from actions.delivery import Report, Status
from actions.messages import Address, Inbound
from actions.parts import Arrival, Label, legible
from actions.phones import PhoneError, mobile
from bot.channels.sms import segments
from bot.texting import words

NAME = "sms"
#: As long as a message's number in the inbox can be.
_LONGEST_ID = 64
#: What a gateway may call the second a message was sent lies between these.
_SECONDS = range(1, 2**40)
#: A moment in milliseconds has more digits than one in seconds will have for 3000 years.
_MILLISECONDS = 10**11
_UTF_16 = "utf-16-be"
#: The names gateways have for charsets; any other is read as UTF-8.
_CHARSETS = {
    **dict.fromkeys(
        (_UTF_16, "utf-16be", "utf-16", "ucs-2", "ucs-2be", "ucs2", "iso-10646-ucs-2"), _UTF_16
    ),
    "utf-16le": "utf-16-le",
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1"), "iso-8859-1"),
    **{name: name for name in ("iso-8859-15", "iso-8859-6", "windows-1252", "windows-1256")},
}
#: Kannel's coding of a message that holds bytes, no text.
_BINARY, _UCS2 = "1", "2"
#: A part's header: how many octets its reference has.
_CONCATENATED = {0x00: 1, 0x08: 2}
#: The bits of a report's type: delivered, failed, buffered, accepted by the SMSC, refused by it.
_DELIVERED, _FAILED, _BUFFERED, _ACCEPTED, _REFUSED = 1, 2, 4, 8, 16


#: A sender of so many digits is somebody's phone; short codes and names have fewer.
_A_NUMBER = 7


class UnreadableError(Exception):
    """A request is not what the gateway was told to send."""


@dataclass(frozen=True)
class Incoming:
    """One message as a gateway tells it.

    `second` is when the gateway says it was sent, in seconds since 1970, or None. The text can end
    in half a character, of which another part has the other. It is not `readable` if it is bytes.
    """

    sender: str
    text: str
    id: str = ""
    second: int | None = None
    label: Label | None = None
    readable: bool = True


def parameters(query: bytes) -> dict[str, bytes]:
    """Return the parameters of a query, the first of each name, as the bytes they stand for."""
    found: dict[str, bytes] = {}
    for pair in query.split(b"&"):
        name, _equals, value = pair.partition(b"=")
        found.setdefault(
            unquote_to_bytes(name.replace(b"+", b" ")).decode("utf-8", "replace"),
            unquote_to_bytes(value.replace(b"+", b" ")),
        )
    return found


def from_kannel(
    query: Mapping[str, bytes], headers: Mapping[str, str], body: bytes | None
) -> Incoming:
    """Read a message from Kannel, whose text is the body where there is one (of a POST).

    Raises `UnreadableError` when nothing says whom it is from.
    """

    def said(name: str, header: str) -> str:
        given = query.get(name, b"").decode("utf-8", "replace").strip()
        return given or headers.get(f"x-kannel-{header}", "").strip()

    if "from" not in query and "x-kannel-from" not in headers:
        raise UnreadableError
    coding = said("coding", "coding")
    charset = said("charset", "charset")
    raw = query.get("text", b"")
    if body is not None:
        raw = body
        charset = _charset_of(headers.get("content-type", "")) or charset
    if not charset and coding == _UCS2:
        charset = _UTF_16
    return Incoming(
        sender=said("from", "from"),
        text=_decoded(raw, charset),
        id=said("id", "id"),
        second=_second(said("ts", "time")),
        label=_label_in(query.get("udh") or headers.get("x-kannel-udh", "").encode()),
        readable=coding != _BINARY,
    )


def from_json(body: bytes) -> Incoming:
    """Read a message from any other gateway; raise `UnreadableError` when it is not one."""
    told = _object(body)
    sender, text = told.get("from"), told.get("text")
    if isinstance(sender, int) and not isinstance(sender, bool):
        sender = str(sender)
    if not isinstance(sender, str) or not isinstance(text, str | None):
        raise UnreadableError
    number, total = told.get("part"), told.get("parts")
    label = None
    if type(number) is int and type(total) is int:
        label = _label(_name(told.get("ref")), number, total)
    return Incoming(
        sender.strip(),
        text or "",
        _name(told.get("id")),
        _second(told.get("at")),
        label,
    )


def report_from_kannel(query: Mapping[str, bytes]) -> Report | None:
    """Read a report from Kannel; None when it says nothing new, or nothing of ours.

    Raises `UnreadableError` when it has no type.
    """
    kind = query.get("type", b"").decode("utf-8", "replace").strip()
    if not re.fullmatch(r"\d{1,9}", kind, re.ASCII):
        raise UnreadableError
    mask = int(kind)
    status: Status
    if mask & (_FAILED | _REFUSED):
        status = "failed"
    elif mask & _DELIVERED:
        status = "delivered"
    elif mask & (_BUFFERED | _ACCEPTED):
        status = "accepted"
    else:
        return None
    return _report(query.get("id", b"").decode("utf-8", "replace"), status)


def report_from_json(body: bytes) -> Report | None:
    """Read a report from any other gateway; None when it is of no message of ours.

    Raises `UnreadableError` when it is not one.
    """
    told = _object(body)
    status = told.get("status")
    if not isinstance(status, str) or status.lower() not in get_args(Status):
        raise UnreadableError
    return _report(_name(told.get("id")), cast(Status, status.lower()))


def mobile_or_none(number: str) -> str | None:
    """Return the mobile number of the country that somebody has, in E.164; None if it is none."""
    try:
        return mobile(number)
    except PhoneError:
        return None


def arrival(incoming: Incoming, own: str | None, now: dt.datetime) -> Arrival:
    """Return a message as it is kept: from a mobile number of the country, or to be ignored.

    What a short code, a name, a fixed line or a foreign number sends is no person's to be answered,
    nor is what our `own` number (in E.164) sent; nothing of its words is kept. A message that the
    gateway gave no number has one made of what it says and when.
    """
    number = mobile_or_none(incoming.sender)
    second = "" if incoming.second is None else str(incoming.second)
    stamp = second or now.isoformat()
    made_up = _digest(incoming.sender, incoming.text, stamp, repr(incoming.label))
    external_id = legible(incoming.id) or made_up
    if len(external_id) > _LONGEST_ID:
        external_id = _digest(external_id)
    if number is None or number == own:
        return Arrival(Inbound(external_id, Address(NAME, _shortened(incoming.sender)), "ignored"))
    address, said = Address(NAME, number), words.read(incoming.text)
    if not incoming.readable or not (incoming.label or incoming.text.strip()):
        return Arrival(Inbound(external_id, address, "unsupported", reference=second))
    return Arrival(
        Inbound(external_id, address, "text", incoming.text, reference=second),
        incoming.label,
        incoming.label is None and _fills_a_part(incoming.text),
        said is not None and said.meaning == "stop",
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableError from None
    if not isinstance(told, dict):
        raise UnreadableError
    return told


def _name(value: object) -> str:
    """Return what something is called: gateways number or name."""
    named = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).strip() if named else ""


def _report(name: str, status: Status) -> Report | None:
    name = name.strip()
    return Report(int(name), status) if re.fullmatch(r"\d{1,18}", name, re.ASCII) else None


def _charset_of(content_type: str) -> str:
    found = re.search(r'charset\s*=\s*"?([^\s";]+)', content_type, re.IGNORECASE)
    return found[1] if found else ""


def _decoded(raw: bytes, charset: str) -> str:
    name = _CHARSETS.get(charset.lower().replace("_", "-"), "utf-8")
    if name.startswith("utf-16"):
        try:  # a part can end in the middle of a character
            return raw.decode(name, "surrogatepass")
        except UnicodeDecodeError:
            pass
    return raw.decode(name, "replace")


def _second(told: object) -> int | None:
    """Return a moment in seconds since 1970, from a number or ISO 8601 (in UTC if it is silent)."""
    if isinstance(told, str):
        told = told.strip()
        if re.fullmatch(r"\d{1,15}", told, re.ASCII):
            told = int(told)
        else:
            try:
                moment = dt.datetime.fromisoformat(told)
                told = (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
            except (ValueError, OverflowError):
                return None
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    if told > _MILLISECONDS:
        told = told / 1000 if told < _MILLISECONDS * 1000 else 0
    return int(told) if 0 < told < _SECONDS.stop else None


def _label_in(header: bytes) -> Label | None:
    """Return which part of which text a user data header says, as bytes or in hexadecimal."""
    if re.fullmatch(rb"(?:[0-9A-Fa-f]{2}){2,140}", header):
        header = bytes.fromhex(header.decode())
    at = 1
    while at + 2 <= len(header):
        kind, size = header[at], header[at + 1]
        data = header[at + 2 : at + 2 + size]
        octets = _CONCATENATED.get(kind)
        if octets and len(data) == size == octets + 2:
            return _label(data[:octets].hex(), data[-1], data[-2])
        at += 2 + size
    return None


def _label(reference: str, number: int, total: int) -> Label | None:
    """Return a label, or None where it says that the text is whole, or makes no sense."""
    return Label(reference, number, total) if 1 <= number <= total <= 255 and total > 1 else None


def _fills_a_part(text: str) -> bool:
    """Whether a text is as long as a part of a longer one can be, to the last unit."""
    return segments.length(text) == segments.room(2, segments.coding(text)) // 2


def _shortened(sender: str) -> str:
    """Return a sender as an address: in print, and never as the number of a group would be.

    Of a whole phone number only the beginning is kept: nobody will be answered there.
    """
    plain = re.sub(r"[^\w+*#. ]", "", sender)[:32].strip()
    digits = re.sub(r"\D", "", plain)
    return f"{digits[:4]}..." if len(digits) >= _A_NUMBER else plain or "unknown"


def _digest(*said: str) -> str:
    raw = "\n".join(said).encode("utf-8", "surrogatepass")
    return sha256(raw).hexdigest()[:32]

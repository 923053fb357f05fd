"""What an SMS world is made of: handsets, their messages, and what is still on its way."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.channels.sms.segments import Coding
from bot.simulator.sms import wire

Json = dict[str, Any]

#: Of one's own: `waiting` until the assistant took it, then `sent`. Of those that come: `queued`
#: while the gateway's link is down, `buffered` while the phone is off, then `delivered`. Either
#: way `failed` is for good.
State = Literal["waiting", "sent", "queued", "buffered", "delivered", "failed"]

_MOBILE = re.compile(r"(?:\+213|00213|213|0)([567]\d{8})")
_SEPARATORS = re.compile(r"[\s.\-()/\u200e\u200f\u2066-\u2069\u202a-\u202e]")
_KEPT_MESSAGES = 400


def mobile(text: str) -> str:
    """Return an Algerian mobile number as E.164, however it is spaced; empty for anything else."""
    digits = "".join(
        str(int(c)) if c.isdecimal() else c  # digits of any script
        for c in _SEPARATORS.sub("", text)
    )
    found = _MOBILE.fullmatch(digits)
    return f"+213{found[1]}" if found else ""


@dataclass
class Sms:
    """A message on a handset, or on its way to one.

    `mine` is what was written on the handset `number`, `other` is the number or the name at the
    other end, and `reports` holds the types of the delivery reports the assistant took. The rest
    is what the gateway needs: where reports go, which of them were asked for, and the fault that
    awaits them.
    """

    id: int
    number: str
    mine: bool
    other: str
    text: str
    coding: Coding
    state: State
    date: int
    reports: list[int] = field(default_factory=list)
    report_url: str = ""
    report_mask: int = 0
    fate: str = ""
    seconds: int = 0

    def shown(self) -> Json:
        """Return what the page and the tests see."""
        return {
            "id": self.id,
            "mine": self.mine,
            "other": self.other,
            "text": self.text,
            "date": self.date,
            "coding": self.coding,
            "length": wire.units(self.text, self.coding),
            "segments": len(wire.parts(self.text, self.coding)),
            "state": self.state,
            "reports": self.reports,
        }


@dataclass
class Handset:
    """A feature phone; `missed` are the messages that failed to reach it."""

    number: str
    name: str
    on: bool = True
    in_service: bool = True
    messages: list[Sms] = field(default_factory=list)
    missed: list[Sms] = field(default_factory=list)

    def keep(self, sms: Sms) -> None:
        """Show a message, or note that it failed; a phone forgets its oldest ones."""
        kept = self.missed if not sms.mine and sms.state == "failed" else self.messages
        kept.append(sms)
        del kept[:-_KEPT_MESSAGES]

    def with_id(self, sms_id: int) -> Sms | None:
        """Return a message that came or failed to."""
        return next((m for m in (*self.messages, *self.missed) if m.id == sms_id), None)

    @classmethod
    def from_json(cls, data: Json) -> Handset:
        """Rebuild a handset from `asdict`."""
        kept = {name: [Sms(**sms) for sms in data[name]] for name in ("messages", "missed")}
        return cls(**data | kept)


@dataclass
class Call:
    """A message that the assistant is to be given, by an id that stays over every try."""

    id: str
    sms: int
    number: str
    text: str
    date: int
    header: str = ""
    tries: int = 0

    @classmethod
    def part(cls, call: Call, new_id: str, text: str, header: bytes) -> Call:
        """Return one part of a longer message, unjoined."""
        return cls(**asdict(call) | {"id": new_id, "text": text, "header": header.hex()})

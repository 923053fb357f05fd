"""Replies of staff that wait for a yes; what became of each stands in the record of deeds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import audit
from actions.tables import Action, Case, Inbox

#: What became of a reply: it waits for a yes, or for other words; it was sent; it was given up.
Status = Literal["held", "sent", "dropped"]
_DEEDS: dict[str, Status] = {f"reply_{status}": status for status in get_args(Status)}
_CORRECTED = "corrected"


@dataclass(frozen=True)
class Held:
    """A reply by the message of the group it stands in, and the event that brought its words.

    It is `corrected` where the words before these have arrived.
    """

    message: str
    event: str
    status: Status = "held"
    corrected: bool = False


def note(session: Session, who: str, case: Case, reply: Held, now: dt.datetime) -> None:
    """Write down what a member did with a reply."""
    details = " ".join((reply.message, reply.event, *(_CORRECTED,) * reply.corrected))
    audit.note(session, who, f"reply_{reply.status}", now, case=case, details=details)


def replies(session: Session, case: Case) -> dict[str, Held]:
    """Return the replies that were ever held back in a case, by their message, as they stand."""
    found = select(Action).where(Action.case_id == case.id, Action.what.in_(_DEEDS))
    told: dict[str, Held] = {}
    for deed in session.scalars(found.order_by(Action.id)):
        message, event, *corrected = deed.details.split(" ")
        told[message] = Held(message, event, _DEEDS[deed.what], _CORRECTED in corrected)
    return told


def words(session: Session, channel: str, event: str) -> str:
    """Return the words that an event brought, or nothing when they are kept no more."""
    came = select(Inbox).where(Inbox.channel == channel, Inbox.external_id == event)
    row = session.scalars(came).first()
    said = row is not None and row.payload.get("kind") in {"text", "edit"}
    return str(row.payload["text"]) if row and said else ""

"""What a gateway reports of messages that left: accepted, delivered, failed, in any order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from actions.messages import Address, Outbound
from actions.outbox import Post
from actions.store import changed
from actions.tables import Outbox

Status = Literal["accepted", "delivered", "failed"]
#: Tells staff of a message that failed, as the desk does; returns how many words leave for it.
Failed = Callable[[Session, Post, str, dt.datetime], int]

#: What each status may come after: forward only, and the first that is final stays.
_AFTER: dict[Status, tuple[str, ...]] = {
    "accepted": ("",),
    "delivered": ("", "accepted"),
    "failed": ("", "accepted"),
}
#: Numbers beyond are no row's.
_MOST = 2**63 - 1


@dataclass(frozen=True)
class Report:
    """What became of the message with this number in the outbox."""

    number: int
    status: Status


def record(session: Session, channel: str, report: Report) -> Post | None:
    """Record a report; return the message when it is this that made it fail.

    Reports come twice, in any order, before the sending itself is recorded, and for messages that
    are not (or no more) there: none of that is an error.
    """
    if not 0 < report.number <= _MOST:
        return None
    moved = changed(
        session,
        update(Outbox)
        .where(
            Outbox.id == report.number,
            Outbox.channel == channel,
            Outbox.delivery.in_(_AFTER[report.status]),
        )
        .values(delivery=report.status)
        .execution_options(synchronize_session=False),
    )
    if not moved or report.status != "failed":
        return None
    row = session.get(Outbox, report.number)
    if row is None:
        return None
    return Post(
        row.id,
        Address(row.channel, row.key.removeprefix(f"{row.channel}:")),
        Outbound.from_json(row.payload),
        row.attempts,
        row.leased_until or row.created_at,
        row.subject,
    )

"""Messages that go another way than they were queued for, as the same rows of the outbox."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.inbox import LeaseLostError
from actions.messages import Address, Outbound
from actions.outbox import Post
from actions.tables import Outbox


def in_hand(session: Session, post: Post) -> Outbox:
    """Return the row of a message in a sender's hands; raise `LeaseLostError` when it is not."""
    row = session.get(Outbox, post.id, populate_existing=True, with_for_update=True)
    if row is None or (row.status, row.leased_until) != ("queued", post.leased_until):
        raise LeaseLostError(post.id)
    return row


def waiting(session: Session, key: str, due_before: dt.datetime | None = None) -> list[Outbox]:
    """Return what waits for an address in no sender's hands; only what was due before a moment."""
    found = select(Outbox).where(
        Outbox.key == key, Outbox.status == "queued", Outbox.leased_until.is_(None)
    )
    if due_before is not None:
        found = found.where(Outbox.due_at < due_before)
    rows = session.scalars(found.order_by(Outbox.id).with_for_update(skip_locked=True))
    return list(rows)


def move(row: Outbox, to: Address, message: Outbound) -> None:
    """Let a row leave for another address, as if it had never been tried."""
    row.channel, row.key, row.payload = to.channel, to.key, message.to_json()
    row.leased_until, row.attempts = None, 0

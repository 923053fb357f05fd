"""What came in: stored once before anything else, then taken in order, one a conversation.

Leases are counted in the machine's own time (`wall`), which the simulator can't set.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from actions.messages import Inbound
from actions.redaction import hide_in
from actions.store import Utc, changed
from actions.tables import Cursor, Destination, Inbox, Outbox

#: Longer than a turn can take: understanding is bounded, and a turn is a few milliseconds.
LEASE = dt.timedelta(seconds=20)
#: Longer than an empty poll is held open.
CURSOR_LEASE = dt.timedelta(seconds=60)
ATTEMPTS = 5
#: What may stand before a message's identifier, where it is known outside its channel.
CHANNELS = frozenset({"telegram", "sms"})


class LeaseLostError(Exception):
    """The row was given to another worker, or its cursor to another process, in the meantime."""


@dataclass(frozen=True)
class Unreadable:
    """An event the channel could not make sense of, kept as it came."""

    channel: str
    external_id: str
    raw: dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """A message in the hands of one worker until `leased_until`."""

    id: int
    message: Inbound
    attempts: int
    leased_until: dt.datetime
    received_at: dt.datetime


def receive(session: Session, message: Inbound | Unreadable, now: dt.datetime) -> bool:
    """Store a message; return whether it is new (a repeated one changes nothing)."""
    if isinstance(message, Inbound):
        channel, key, status = message.address.channel, message.address.key, "new"
        # Only what was written: the channel's own identifiers can have 18 digits too.
        written = {name: hide_in(getattr(message, name)) for name in ("text", "command")}
        payload = asdict(message) | written
    else:
        channel, key, status = message.channel, "", "unreadable"
        payload = hide_in(message.raw)
    row = Inbox(
        channel=channel,
        external_id=message.external_id,
        key=key,
        payload=payload,
        status=status,
        received_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    # Of a group, that the assistant was taken out of it is told as well.
    if isinstance(message, Inbound) and (message.kind, message.command) != ("standing", "gone"):
        _reachable_again(session, key, stale=not message.address.is_group)
    return True


def _reachable_again(session: Session, key: str, *, stale: bool) -> None:
    """Whoever writes can be reached; what was meant for them while they were gone is `stale`.

    What says itself until when it is good is not.
    """
    gone = and_(Destination.key == key, Destination.gone_at.is_not(None))
    if changed(session, update(Destination).where(gone).values(gone_at=None)) and stale:
        waiting = and_(Outbox.key == key, Outbox.status == "queued", Outbox.good_until.is_(None))
        session.execute(update(Outbox).where(waiting).values(status="gone"))


def receive_all(
    session: Session, messages: Iterable[Inbound | Unreadable], now: dt.datetime
) -> int:
    """Store messages in the order they came; return how many were new."""
    return sum(receive(session, message, now) for message in messages)


def claim(session: Session, wall: dt.datetime) -> Claim | None:
    """Take the oldest message whose conversation has nothing older open, if there is one."""
    row = session.scalars(_OLDEST, {"wall": wall}).first()
    if row is None:
        return None
    row.leased_until = wall + LEASE
    row.attempts += 1
    message = Inbound.from_json(row.payload)
    return Claim(row.id, message, row.attempts, row.leased_until, row.received_at)


def finish(session: Session, claim: Claim, now: dt.datetime) -> bool:
    """Close the message in the turn's own transaction; return whether the address has more.

    Raises `LeaseLostError`, which undoes the turn, when another worker holds it by now.
    """
    held = {"number": claim.id, "leased": claim.leased_until, "now": now}
    if cast(CursorResult[Any], session.execute(_DONE, held)).rowcount != 1:
        raise LeaseLostError(claim.id)
    return bool(session.scalar(_MORE, {"address": claim.message.address.key}))


def _oldest() -> Select[tuple[Inbox]]:
    older = aliased(Inbox)
    free = or_(Inbox.leased_until.is_(None), Inbox.leased_until <= bindparam("wall", type_=Utc))
    before = exists().where(older.key == Inbox.key, older.status == "new", older.id < Inbox.id)
    found = select(Inbox).where(Inbox.status == "new", free, ~before)
    return found.order_by(Inbox.id).limit(1).with_for_update(skip_locked=True)


# Made once: making a statement takes longer than carrying it out.
_OLDEST = _oldest()
_DONE = (
    update(Inbox)
    .where(
        Inbox.id == bindparam("number"),
        Inbox.leased_until == bindparam("leased", type_=Utc),
        Inbox.status == "new",
    )
    .values(status="done", done_at=bindparam("now", type_=Utc))
    .execution_options(synchronize_session=False)
)
_MORE = select(exists().where(Inbox.key == bindparam("address"), Inbox.status == "new"))


def retry(session: Session, claim: Claim, wall: dt.datetime) -> bool:
    """Give a failed message back for later, longer each time; after 5 tries set it aside.

    Returns whether it will be tried again.
    """
    again = claim.attempts < ATTEMPTS
    held = and_(Inbox.id == claim.id, Inbox.leased_until == claim.leased_until)
    values: dict[str, Any] = (
        {"leased_until": wall + dt.timedelta(seconds=2**claim.attempts)}
        if again
        else {"status": "set_aside", "done_at": wall}
    )
    session.execute(update(Inbox).where(held, Inbox.status == "new").values(**values))
    return again


def text_of(session: Session, channel: str, external_id: str) -> str:
    """Return the words of a message that came, or nothing when it is gone or blanked.

    Of a command they are what followed it.
    """
    row = _row(session, channel, external_id)
    said = row is not None and row.payload.get("kind") in {"text", "command"}
    return str(row.payload["text"]) if row and said else ""


def empty(session: Session, channel: str, external_id: str) -> None:
    """Empty one message of which nothing is to be kept."""
    row = _row(session, channel, external_id)
    if row is not None:
        row.payload = {}


def last_texts(session: Session, key: str, most: int) -> list[tuple[dt.datetime, str]]:
    """Return the last texts an address wrote, the oldest of them first, each with its moment."""
    recent = select(Inbox).where(Inbox.key == key).order_by(Inbox.id.desc()).limit(4 * most)
    texts = [
        (row.received_at, str(row.payload["text"]))
        for row in session.scalars(recent)
        if row.payload.get("kind") in {"text", "edit"}
    ]
    return texts[:most][::-1]


def empty_since(session: Session, message: Inbound, external_id: str, keys: Iterable[str]) -> None:
    """Empty what someone wrote at some addresses from one message to another: nothing is kept.

    The first may be somebody else's: what staff wrote of them.
    """
    first = _row(session, message.address.channel, external_id)
    last = _row(session, message.address.channel, message.external_id)
    if first and last:
        own = and_(Inbox.key.in_(list(keys)), Inbox.id.between(first.id, last.id))
        these = or_(own, Inbox.id == first.id)
        session.execute(update(Inbox).where(these).values(payload={}))


def _row(session: Session, channel: str, external_id: str) -> Inbox | None:
    """Return a message by its identifier, which may have another channel's name before it."""
    named, _space, rest = external_id.partition(" ")
    if rest and named in CHANNELS:
        channel, external_id = named, rest
    found = select(Inbox).where(Inbox.channel == channel, Inbox.external_id == external_id)
    return session.scalars(found).first()


def came_before(session: Session, claim: Claim, within: dt.timedelta) -> int:
    """Return how many messages this address sent in the time before this one."""
    count = session.scalar(
        select(func.count())
        .select_from(Inbox)
        .where(
            Inbox.key == claim.message.address.key,
            Inbox.received_at > claim.received_at - within,
            Inbox.received_at <= claim.received_at,  # the simulator's clock can be set back
            Inbox.id < claim.id,
        )
    )
    return count or 0


def hold_cursor(
    session: Session,
    name: str,
    holder: str,
    wall: dt.datetime,
    is_dead: Callable[[str], bool] = lambda holder: False,
) -> int | None:
    """Become or stay the one process that reads the stream `name`; return where it stands.

    Returns None while another process holds it, unless `is_dead` knows that one to be no more.
    """
    cursor = session.scalars(select(Cursor).where(Cursor.name == name).with_for_update()).first()
    if cursor is None:
        cursor = Cursor(name=name, value=0, holder="")
        session.add(cursor)
    held = cursor.held_until is not None and cursor.held_until > wall
    if held and cursor.holder not in {"", holder} and not is_dead(cursor.holder):
        return None
    cursor.holder = holder
    cursor.held_until = wall + CURSOR_LEASE
    return cursor.value


def move_cursor(session: Session, name: str, holder: str, value: int, wall: dt.datetime) -> None:
    """Record that the stream is stored up to `value`, in the commit that stores it.

    The holder keeps the stream for another while. Raises `LeaseLostError` when another process
    reads it by now.
    """
    moved = changed(
        session,
        update(Cursor)
        .where(Cursor.name == name, Cursor.holder == holder)
        .values(value=value, held_until=wall + CURSOR_LEASE),
    )
    if moved != 1:
        raise LeaseLostError(name)


def release_cursor(session: Session, name: str, holder: str) -> None:
    """Let another process read the stream at once."""
    session.execute(
        update(Cursor)
        .where(Cursor.name == name, Cursor.holder == holder)
        .values(holder="", held_until=None)
    )

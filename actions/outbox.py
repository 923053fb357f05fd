"""What goes out: one row a message on the wire, sent in order, within the channel's limits.

Limits (core.telegram.org/bots/faq, "My bot is hitting limits"): one message a second to the same
chat, 20 a minute to the same group, and bulk notifications only while fewer than 30 messages a
second go out in all. Replies are no bulk: they are counted, not held back. All is counted in the
rows themselves, so that several processes share the limits. `now` is the product's time, `wall` the
machine's, which the simulator can't set.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from actions.hours import is_quiet
from actions.inbox import LeaseLostError
from actions.messages import Address, Outbound
from actions.store import Utc, changed
from actions.tables import Destination, Outbox

#: Longer than a channel may take to send; a dead sender's message leaves after that.
LEASE = dt.timedelta(seconds=30)
#: A message that fails this often, which takes a day, is given up and shown.
ATTEMPTS = 700
PER_SECOND = 30
PER_MINUTE_IN_A_GROUP = 20
#: What the one message is about that may still leave after someone wrote STOP.
STOPPED = "stop"
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Post:
    """A message in the hands of one sender until `leased_until`."""

    id: int
    address: Address
    message: Outbound
    attempts: int
    leased_until: dt.datetime
    subject: str = ""
    reply: bool = True


def queue(
    session: Session,
    address: Address,
    message: Outbound,
    now: dt.datetime,
    *,
    due_at: dt.datetime | None = None,
    good_until: dt.datetime | None = None,
    reply: bool = True,
    subject: str = "",
) -> None:
    """Put a message on its way, now or at `due_at`; it leaves when the transaction commits.

    From `good_until` on it does not leave any more. `subject` lets what has not left yet be found
    and withdrawn.
    """
    session.add(
        Outbox(
            channel=address.channel,
            key=address.key,
            payload=message.to_json(),
            reply=reply,
            grouped=address.is_group,
            subject=subject,
            due_at=due_at or now,
            good_until=good_until,
            created_at=now,
        )
    )


def claim(
    session: Session,
    channel: str,
    now: dt.datetime,
    wall: dt.datetime,
    *,
    in_a_group: int = PER_MINUTE_IN_A_GROUP,
) -> Post | None:
    """Take the next message that may leave now, replies first, in order for each address.

    In quiet hours only replies leave; to a group, no more than `in_a_group` in a minute.
    """
    given = {
        "channel": channel,
        "now": now,
        "wall": wall,
        "second_ago": wall - SECOND,
        "minute_ago": wall - MINUTE,
        "in_a_group": in_a_group,
    }
    row = session.scalars(_NEXT_REPLY, given).first()
    if row is None and not is_quiet(now):
        row = session.scalars(_NEXT_NEWS, given).first()
    if row is None:
        return None
    row.leased_until = wall + LEASE
    row.attempts += 1
    address = Address(row.channel, row.key.removeprefix(f"{row.channel}:"))
    message = Outbound.from_json(row.payload)
    return Post(row.id, address, message, row.attempts, row.leased_until, row.subject, row.reply)


def sent(
    session: Session, post: Post, provider_id: str, wall: dt.datetime, *, segments: int = 0
) -> None:
    """Record that the channel took the message under its own number, and what is paid for it."""
    _close(session, post, status="sent", provider_id=provider_id, sent_at=wall, segments=segments)


def refused(session: Session, post: Post, reason: str) -> None:
    """Record that the channel will never take this message."""
    _close(session, post, status="refused", reason=reason[:120])


def gone(session: Session, post: Post, reason: str, wall: dt.datetime) -> None:
    """Record that the person can't be reached: nothing more is sent until they write again.

    What is good until some moment waits for that, up to then; so does everything for a group, which
    the assistant was taken out of and may be put back into.
    """
    _destination(session, post.address.key).gone_at = wall
    if post.address.is_group:
        _close(session, post, leased_until=None)
        return
    session.execute(
        update(Outbox)
        .where(
            Outbox.key == post.address.key,
            Outbox.status == "queued",
            or_(Outbox.good_until.is_(None), Outbox.id == post.id),
        )
        .values(status="gone", reason=reason[:120])
    )


def later(session: Session, post: Post, seconds: float, wall: dt.datetime, *, asked: bool) -> bool:
    """Park the address, and only it, for `seconds`.

    The message stays first in its line. Unless the channel itself asked for the wait, it is given
    up as refused after a day of tries. Returns whether it will be tried again.
    """
    if post.attempts >= ATTEMPTS and not asked:
        refused(session, post, "given up after too many tries")
        return False
    _destination(session, post.address.key).parked_until = wall + dt.timedelta(seconds=seconds)
    _close(session, post, leased_until=None)
    return True


def postpone(session: Session, post: Post, until: dt.datetime) -> None:
    """Let a message, and no other of its address, wait until a moment of the product's time."""
    _close(session, post, due_at=until, leased_until=None)


def stop(session: Session, key: str, now: dt.datetime) -> None:
    """Send nothing more to an address, until `start`.

    What waits for it is withdrawn, but for what is good until some moment, such as a reminder.
    """
    _destination(session, key).stopped_at = now
    waiting = and_(Outbox.key == key, Outbox.status == "queued", Outbox.good_until.is_(None))
    left = update(Outbox).where(waiting, Outbox.leased_until.is_(None))
    session.execute(left.values(status="withdrawn"))


def start(session: Session, key: str) -> None:
    """Send to an address again; of what waited only what says itself until when it is good."""
    stopped = and_(Destination.key == key, Destination.stopped_at.is_not(None))
    if changed(session, update(Destination).where(stopped).values(stopped_at=None)):
        waiting = and_(Outbox.status == "queued", Outbox.good_until.is_(None))
        left = update(Outbox).where(Outbox.key == key, waiting)
        session.execute(left.values(status="withdrawn"))


def has_stopped(session: Session, key: str) -> bool:
    """Whether the person at an address asked for nothing more to be sent."""
    return bool(session.scalar(select(Destination.stopped_at).where(Destination.key == key)))


def times_told(session: Session, key: str, subject: str, since: dt.datetime) -> int:
    """Return how often an address was written to about a subject since a moment."""
    told = select(func.count()).where(
        Outbox.key == key, Outbox.subject == subject, Outbox.created_at > since
    )
    return session.scalar(told) or 0


def has_left(session: Session, post: Post) -> bool:
    """Whether a message is reported on already: it left, though nobody answered when it did."""
    report = session.scalar(select(Outbox.delivery).where(Outbox.id == post.id))
    return bool(report)


def is_gone(session: Session, key: str) -> bool:
    """Whether an address can't be reached until it writes again."""
    destination = session.get(Destination, key)
    return destination is not None and destination.gone_at is not None


def subject_of(session: Session, key: str, provider_id: str) -> str:
    """Return what a message sent to an address was about, or nothing when it is not known."""
    return session.scalar(select(Outbox.subject).where(*_sent_as(key, provider_id))) or ""


def set_subject(session: Session, key: str, provider_id: str, subject: str) -> None:
    """Record that a message sent to an address came to be about something else."""
    session.execute(update(Outbox).where(*_sent_as(key, provider_id)).values(subject=subject))


def empty(session: Session, key: str, provider_id: str) -> None:
    """Empty a message sent to an address, of which nothing is to be kept."""
    session.execute(update(Outbox).where(*_sent_as(key, provider_id)).values(payload={}))


def withdraw_stale(session: Session, now: dt.datetime, wall: dt.datetime) -> int:
    """Take back what is good no more and in no sender's hands; return how many messages."""
    stale = update(Outbox).where(
        Outbox.status == "queued",
        ~Outbox.reply,
        Outbox.due_at <= now,
        Outbox.good_until <= now,
        or_(Outbox.leased_until.is_(None), Outbox.leased_until <= wall),
    )
    return changed(session, stale.values(status="withdrawn", payload={}))


def undelivered(session: Session, since: dt.datetime) -> int:
    """Return how many messages were given up since a moment of the machine's time."""
    count = session.scalar(
        select(func.count())
        .select_from(Outbox)
        .where(Outbox.status == "refused", Outbox.created_at > since)
    )
    return count or 0


def _next(*, reply: bool) -> Select[tuple[Outbox]]:
    """Find the message due first of one kind, in the order of an index, so that few are read."""
    other = aliased(Outbox)
    wall = bindparam("wall", type_=Utc)
    return (
        select(Outbox)
        .where(
            Outbox.reply == reply,
            Outbox.status == "queued",
            Outbox.channel == bindparam("channel"),
            _is_due(Outbox),
            or_(Outbox.leased_until.is_(None), Outbox.leased_until <= wall),
            or_(
                Outbox.subject == STOPPED,  # what stands before it never leaves
                ~exists().where(
                    other.key == Outbox.key,
                    other.status == "queued",
                    other.reply == reply,
                    other.id < Outbox.id,
                    _is_due(other),
                ),
            ),
            or_(Outbox.grouped, ~_sent_since("second_ago").exists()),
            or_(
                ~Outbox.grouped,
                _sent_since("minute_ago").with_only_columns(func.count()).scalar_subquery()
                < bindparam("in_a_group"),
            ),
            ~exists().where(
                Destination.key == Outbox.key,
                or_(
                    Destination.parked_until > wall,
                    Destination.gone_at.is_not(None),
                    and_(Destination.stopped_at.is_not(None), Outbox.subject != STOPPED),
                ),
            ),
        )
        .order_by(Outbox.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _sent_since(moment: str) -> Select[tuple[int]]:
    """Find what was sent to the same address since a moment."""
    sent = aliased(Outbox)
    since = sent.sent_at > bindparam(moment, type_=Utc)
    return select(sent.id).where(sent.key == Outbox.key, since).correlate(Outbox)


def _is_due(message: type[Outbox]) -> ColumnElement[bool]:
    now = bindparam("now", type_=Utc)
    good = or_(message.good_until.is_(None), message.good_until > now)
    return and_(message.due_at <= now, good)


def _room() -> ColumnElement[bool]:
    """Return whether fewer messages left in the last second than may."""
    in_last_second = (
        select(func.count())
        .select_from(Outbox)
        .where(Outbox.channel == bindparam("channel"), Outbox.sent_at > bindparam("second_ago"))
        .scalar_subquery()
    )
    return in_last_second < PER_SECOND


# Made once: they are asked for several times a second.
_NEXT_REPLY = _next(reply=True)
_NEXT_NEWS = _next(reply=False).where(_room())


def _destination(session: Session, key: str) -> Destination:
    destination = session.get(Destination, key)
    if destination is None:
        destination = Destination(key=key)
        session.add(destination)
    return destination


def _sent_as(key: str, provider_id: str) -> tuple[ColumnElement[bool], ...]:
    # What has not left yet has no number.
    return (Outbox.key == key, Outbox.provider_id == provider_id, Outbox.provider_id != "")


def _close(session: Session, post: Post, **values: object) -> None:
    done = changed(
        session,
        update(Outbox)
        .where(
            Outbox.id == post.id,
            Outbox.leased_until == post.leased_until,
            Outbox.status == "queued",
        )
        .values(**values),
    )
    if done != 1:
        raise LeaseLostError(post.id)

"""Which reminders are not as they should be: what is known now against what was told and queued.

Processes share the work: what one holds the others pass over, and only those that hold the newest
facts tell of changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from actions import persons
from actions.messages import LANGUAGES
from actions.reminders import KINDS, Kind, end, moments, subject, subjects, unregistered
from actions.tables import Conversation, Destination, Outbox, Registration, Subscription


@dataclass(frozen=True)
class Stops:
    """What is known of the stops on a day, by the wilaya that people wish to be reminded of.

    `told` is what there is to tell of each, `dated` are those that have certain days, `over` those
    past.
    """

    told: Mapping[str, str]
    dated: Collection[str]
    over: Collection[str]


@dataclass(frozen=True)
class Wish:
    """A wish to be reminded, the chat it is of, and the registration it came with.

    `sent` is all that was sent for it, or waits to be; `shared` says that the person has
    another wish for the same stop.
    """

    row: Subscription
    talk: Conversation
    registration: Registration | None
    sent: Sequence[Outbox]
    shared: bool


def planned(session: Session, subscription: Subscription) -> Wish | None:
    """Return one open wish with all that planning it needs; None when another process plans it."""
    return next(iter(_wishes(session, Subscription.id == subscription.id, most=1)), None)


def to_plan(session: Session, stops: Stops, last: int, most: int, *, news: bool) -> list[Wish]:
    """Return open wishes that are not as they should be, in order, after number `last`.

    Without `news`, for facts that are no longer those in force, only the wishes of people who
    were told what these facts say. What another process holds is left to it.
    """
    is_told = Subscription.told == _known(stops)
    unplanned = and_(
        Subscription.wilaya.in_(stops.dated), Subscription.reminder_for.is_(None), is_told
    )
    over = Subscription.wilaya.in_(stops.over)
    wrong = or_(unplanned, Subscription.language != _reader(), _registered_elsewhere())
    which = or_(~is_told, over, wrong) if news else and_(is_told, ~over, wrong)
    return _wishes(session, Subscription.id > last, which, most=most)


def to_be_told(session: Session, stops: Stops, wilayas: Collection[str], today: dt.date) -> int:
    """Return how many people would be told, were this what is known of the stops in some wilayas.

    They are those of whom `learn` would say so: not whoever was told already, nor those who can't
    be reached any more, nor, of a stop that is over, who no longer expected it.
    """
    known = _known(stops)
    earlier = aliased(Subscription)
    alone = [~found for found in _same_stop(earlier, earlier.id < Subscription.id)]
    told_next = exists().where(
        Outbox.subject == literal("change:").concat(cast(Subscription.id, String)),
        Outbox.status == "queued",
        Outbox.leased_until.is_(None),
    )
    gone = exists().where(
        Destination.key == Conversation.channel.concat(":").concat(Conversation.address),
        or_(Destination.gone_at.is_not(None), Destination.stopped_at.is_not(None)),
    )
    expected = or_(~Subscription.wilaya.in_(stops.over), Subscription.reminder_for >= today)
    here = or_(
        Registration.conversation_id.is_(None),
        and_(
            Registration.status == "active",
            Registration.stop == Subscription.wilaya,
            Registration.conversation_id == Subscription.conversation_id,
        ),
    )
    people = (
        select(func.count(func.coalesce(Conversation.person, Conversation.id).distinct()))
        .select_from(Subscription)
        .join(Conversation, Conversation.id == Subscription.conversation_id)
        .outerjoin(Registration, Registration.id == Subscription.registration_id)
        .where(
            Subscription.ended_at.is_(None),
            Subscription.wilaya.in_(wilayas),
            Subscription.told != known,
            or_(Subscription.told_before != known, ~told_next),
            ~and_(Registration.id.is_not(None), Registration.status != "active"),
            *(here, expected, *alone, ~gone),
        )
    )
    return session.scalar(people) or 0


def _known(stops: Stops) -> ColumnElement[str]:
    """Return what is to be told of a wish's stop."""
    if not stops.told:
        return literal("")
    return case(dict(stops.told), value=Subscription.wilaya, else_="")


def _wishes(session: Session, *which: ColumnElement[bool], most: int) -> list[Wish]:
    other = aliased(Subscription)
    shared = or_(*_same_stop(other, other.id != Subscription.id))
    rows = session.execute(
        select(Subscription, Conversation, Registration, shared)
        .join(Conversation, Conversation.id == Subscription.conversation_id)
        .outerjoin(Registration, Registration.id == Subscription.registration_id)
        .where(Subscription.ended_at.is_(None), *which)
        .order_by(Subscription.id)
        .limit(most)
        .with_for_update(of=Subscription, skip_locked=True)
    ).all()
    sent = _sent(session, [row for row, *_others in rows])
    return [
        Wish(row, talk, registration, sent[row.id], is_shared)
        for row, talk, registration, is_shared in rows
    ]


def _same_stop(
    other: type[Subscription], which: ColumnElement[bool]
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return whether another open wish for a wish's stop is of the same chat, or of their others.

    Two questions, since each finds its rows by an index of its own.
    """
    mate = aliased(Conversation)
    open_too = and_(other.wilaya == Subscription.wilaya, other.ended_at.is_(None), which)
    here = exists().where(other.conversation_id == Subscription.conversation_id, open_too)
    elsewhere = exists().where(
        other.conversation_id == mate.id,
        mate.person == Conversation.person,
        mate.id != Conversation.id,
        open_too,
    )
    return here, elsewhere


def _sent(session: Session, wishes: Sequence[Subscription]) -> Mapping[int, list[Outbox]]:
    """Return what was queued for some wishes, and hold it: no sender takes it meanwhile."""
    of = {about: wish.id for wish in wishes for about in subjects(wish)}
    sent: dict[int, list[Outbox]] = {wish.id: [] for wish in wishes}
    found = select(Outbox).where(Outbox.subject.in_(of)).order_by(Outbox.id).with_for_update()
    for message in session.scalars(found):
        sent[of[message.subject]].append(message)
    return sent


def follow(session: Session, wish: Wish, told: Mapping[str, str], now: dt.datetime) -> Wish:
    """Let a wish go where its registration went: to another stop, or to another chat.

    The person chose that, so there is nothing to tell them of it.
    """
    row, registration = wish.row, wish.registration
    if registration is None or registration.conversation_id is None:
        return wish
    if (row.wilaya, row.conversation_id) == (registration.stop, registration.conversation_id):
        return wish
    for kind in KINDS:
        _take_back(wish, kind)
    row.wilaya, row.conversation_id = registration.stop, registration.conversation_id
    row.told, row.reminder_for = told.get(row.wilaya, ""), None
    for other in unregistered(session, row.conversation_id, row.wilaya):
        end(session, other, now)
    return replace(wish, talk=session.get_one(Conversation, row.conversation_id))


def learn(session: Session, wish: Wish, told: str) -> bool:
    """Note what is known of a stop by now; return whether it is news for the person.

    News still waiting is taken back first: it was never told. Of several wishes of one chat for
    one stop, the first brings the news.
    """
    row = wish.row
    if row.told == told:
        return False
    if _take_back(wish, "change") == 1:
        row.told = row.told_before
    _take_back(wish, "reminder")
    row.reminder_for = None
    if row.told == told:
        return False
    row.told_before, row.told = row.told, told
    return not (wish.shared and _comes_after_another(session, row))


def reminded(wish: Wish, first: dt.date) -> bool:
    """Return whether the reminder of a stop that begins on a day was sent, or is leaving."""
    return any(
        message.subject == subject("reminder", wish.row)
        and message.status != "withdrawn"
        and message.due_at in moments(first)
        for message in wish.sent
    )


def waiting(wish: Wish) -> Outbox | None:
    """Return the reminder that waits for its hour, if there is one."""
    mine = subject("reminder", wish.row)
    return next((m for m in wish.sent if m.subject == mine and m.status == "queued"), None)


def _reader() -> ColumnElement[str]:
    """Return the language someone is written to in: the one last spoken, or the chosen one."""
    spoken = Conversation.state["spoken"].as_string()
    return case((spoken.in_(LANGUAGES), spoken), (Conversation.language == "ar", "ar"), else_="fr")


def _registered_elsewhere() -> ColumnElement[bool]:
    return or_(
        Registration.status != "active",
        Registration.stop != Subscription.wilaya,
        Registration.conversation_id != Subscription.conversation_id,
    )


def _take_back(wish: Wish, kind: Kind) -> int:
    """Withdraw what no sender has in its hands; return how many messages that were."""
    mine = subject(kind, wish.row)
    waiting = [
        message
        for message in wish.sent
        if message.subject == mine and message.status == "queued" and not message.leased_until
    ]
    for message in waiting:
        message.status, message.payload = "withdrawn", {}
    return len(waiting)


def _comes_after_another(session: Session, row: Subscription) -> bool:
    chats = persons.conversations(session, row.conversation_id)
    earlier = exists().where(
        Subscription.conversation_id.in_(chats),
        Subscription.wilaya == row.wilaya,
        Subscription.ended_at.is_(None),
        Subscription.id < row.id,
    )
    return bool(session.scalar(select(earlier)))

"""Reminders: who wants one, when it is due, and what was told about the stop.

A reminder is a row of the outbox with a future date; this module says which and when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, case, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from actions.hours import ALGIERS
from actions.messages import LANGUAGES
from actions.stops import Stop
from actions.tables import Consent, Conversation, Edition, Outbox, Registration, Subscription

#: The evening before, and the morning of the day for who asks too late for that.
EVENING, MORNING = dt.time(18, 0), dt.time(8, 0)
#: What is sent about a stop: the reminder itself, and news of its days or its place.
Kind = Literal["reminder", "change"]
KINDS: tuple[Kind, ...] = ("reminder", "change")
_TOUR = "tour"


@dataclass(frozen=True)
class Stops:
    """What is known of the stops on a day, by the wilaya that people wish to be reminded of.

    `told` is what there is to tell of those that have certain days; `over` are those past.
    """

    told: Mapping[str, str]
    over: Collection[str]


@dataclass(frozen=True)
class Wish:
    """A wish to be reminded, the chat it is of, and the registration it came with.

    `sent` is all that was sent for it, or waits to be; `shared` says that the chat has another
    wish for the same stop.
    """

    row: Subscription
    talk: Conversation
    registration: Registration | None
    sent: Sequence[Outbox]
    shared: bool


def moments(first: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the evening before a day and its morning, when a stop that begins then is told of."""
    evening = dt.datetime.combine(first - dt.timedelta(days=1), EVENING, ALGIERS)
    return evening, dt.datetime.combine(first, MORNING, ALGIERS)


def due_at(first: dt.date, now: dt.datetime) -> dt.datetime | None:
    """Return when someone is reminded of a stop that begins on a day, or None when it is too late.

    18:00 on the day before; 8:00 on the day itself when that evening is past.
    """
    return next((moment for moment in moments(first) if now < moment), None)


def fingerprint(stop: Stop | None) -> str:
    """Return what is told of a stop, as one string that changes when any of it does.

    Nothing is told while its days are not certain; a place that is only inferred never is.
    """
    days = stop.certain_days if stop else None
    if stop is None or days is None:
        return ""
    place = stop.place.fr if stop.place and stop.place.status == "reported" else ""
    told = (days.first, days.last, stop.opens, stop.closes, place)
    return "|".join("" if part is None else str(part) for part in told)


def subscribe(
    session: Session,
    conversation: int,
    wilaya: str,
    told: str,
    now: dt.datetime,
    *,
    consent: int | None,
    registration: int | None = None,
) -> Subscription:
    """Note a wish to be reminded; one already open for that person and wilaya is that wish.

    Each registration has a wish of its own, as people who share a phone have; it takes the one
    made in the chat before anyone signed up.
    """
    found = _same_wish(session, conversation, wilaya, registration)
    if found is None:
        found = Subscription(
            conversation_id=conversation,
            wilaya=wilaya,
            told=told,
            consent_id=consent,
            registration_id=registration,
            created_at=now,
        )
        session.add(found)
        session.flush()
    elif registration and found.registration_id is None:
        found.registration_id = registration
        found.language = ""  # so that it is written anew, with the code
    return found


def end(session: Session, subscription: Subscription, now: dt.datetime) -> None:
    """Stop reminding; what was waiting to leave is withdrawn, and so is the consent to it."""
    if subscription.ended_at is None:
        subscription.ended_at = now
        consent = session.get(Consent, subscription.consent_id or 0)
        if consent and consent.withdrawn_at is None:
            consent.withdrawn_at = now
        session.flush()  # before looking for what waits: whoever plans it has done so by then
    waiting = and_(Outbox.subject.in_(_subjects(subscription)), Outbox.status == "queued")
    session.execute(update(Outbox).where(waiting).values(status="withdrawn", payload={}))


def forget(session: Session, subscription: Subscription) -> None:
    """Erase a wish and everything that was or would have been sent for it."""
    subjects = _subjects(subscription)
    session.delete(subscription)
    session.flush()
    session.execute(delete(Outbox).where(Outbox.subject.in_(subjects)))


def by_number(session: Session, conversation: int, number: int) -> Subscription | None:
    """Return a chat's wish by its number, open or ended."""
    wish = session.get(Subscription, number)
    return wish if wish and wish.conversation_id == conversation else None


def of_conversation(session: Session, conversation: int) -> Sequence[Subscription]:
    """Return the open wishes of a chat."""
    return session.scalars(_open().where(Subscription.conversation_id == conversation)).all()


def of_registration(session: Session, registration: int) -> Sequence[Subscription]:
    """Return the open wishes that came with a registration."""
    return session.scalars(_open().where(Subscription.registration_id == registration)).all()


def put_in_force(session: Session, mark: str) -> None:
    """Let the tour of this mark be the one by which reminders are planned."""
    session.merge(Edition(name=_TOUR, mark=mark))


def in_force(session: Session, mark: str) -> bool:
    """Return whether the tour of this mark is the one by which reminders are planned."""
    edition = session.get(Edition, _TOUR)
    return edition is not None and edition.mark == mark


def planned(session: Session, subscription: Subscription) -> Wish | None:
    """Return one open wish with all that planning it needs; None when another process plans it."""
    return next(iter(_wishes(session, Subscription.id == subscription.id, most=1)), None)


def to_plan(session: Session, stops: Stops, last: int, most: int, *, news: bool) -> list[Wish]:
    """Return open wishes that are not as they should be, in order, after number `last`.

    Without `news`, for facts that are no longer those in force, only the wishes of people who
    were told what these facts say. What another process holds is left to it.
    """
    known = case(dict(stops.told), value=Subscription.wilaya, else_="") if stops.told else ""
    is_told = Subscription.told == known
    unplanned = and_(
        Subscription.wilaya.in_(stops.told), Subscription.reminder_for.is_(None), is_told
    )
    over = Subscription.wilaya.in_(stops.over)
    wrong = or_(unplanned, Subscription.language != _reader(), _registered_elsewhere())
    which = or_(~is_told, over, wrong) if news else and_(is_told, ~over, wrong)
    return _wishes(session, Subscription.id > last, which, most=most)


def _wishes(session: Session, *which: ColumnElement[bool], most: int) -> list[Wish]:
    other = aliased(Subscription)
    shared = exists().where(
        other.conversation_id == Subscription.conversation_id,
        other.wilaya == Subscription.wilaya,
        other.ended_at.is_(None),
        other.id != Subscription.id,
    )
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


def _sent(session: Session, wishes: Sequence[Subscription]) -> Mapping[int, list[Outbox]]:
    """Return what was queued for some wishes, and hold it: no sender takes it meanwhile."""
    of = {about: wish.id for wish in wishes for about in _subjects(wish)}
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
    for other in _unregistered(session, row.conversation_id, row.wilaya):
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


def subject(kind: Kind, subscription: Subscription) -> str:
    """Return what the outbox calls a message about a wish."""
    return f"{kind}:{subscription.id}"


def _same_wish(
    session: Session, conversation: int, wilaya: str, registration: int | None
) -> Subscription | None:
    if registration is None:
        here = _open().where(Subscription.conversation_id == conversation)
        return session.scalars(here.where(Subscription.wilaya == wilaya)).first()
    own = next(iter(of_registration(session, registration)), None)
    return own or next(iter(_unregistered(session, conversation, wilaya)), None)


def _unregistered(session: Session, conversation: int, wilaya: str) -> Sequence[Subscription]:
    return session.scalars(
        _open().where(
            Subscription.conversation_id == conversation,
            Subscription.wilaya == wilaya,
            Subscription.registration_id.is_(None),
        )
    ).all()


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


def _subjects(subscription: Subscription) -> list[str]:
    return [subject(kind, subscription) for kind in KINDS]


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
    earlier = exists().where(
        Subscription.conversation_id == row.conversation_id,
        Subscription.wilaya == row.wilaya,
        Subscription.ended_at.is_(None),
        Subscription.id < row.id,
    )
    return bool(session.scalar(select(earlier)))


def _open() -> Select[tuple[Subscription]]:
    return select(Subscription).where(Subscription.ended_at.is_(None))

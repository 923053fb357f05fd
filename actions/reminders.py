"""Reminders: who wants one, when it is due, and what was told about the stop.

A reminder is a row of the outbox with a future date; this module says which and when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from sqlalchemy import Select, and_, delete, select, update
from sqlalchemy.orm import Session

from actions import persons
from actions.hours import ALGIERS
from actions.stops import Stop
from actions.tables import Consent, Outbox, Subscription

#: The evening before, and the morning of the day for who asks too late for that.
EVENING, MORNING = dt.time(18, 0), dt.time(8, 0)
#: What is sent about a stop: the reminder itself, and news of its days or its place.
Kind = Literal["reminder", "change"]
KINDS: tuple[Kind, ...] = ("reminder", "change")


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

    Nothing is told while its days are not certain, unless it is cancelled; a place that is only
    inferred never is.
    """
    if stop and stop.is_cancelled:
        return stop.date_status
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
    waiting = and_(Outbox.subject.in_(subjects(subscription)), Outbox.status == "queued")
    session.execute(update(Outbox).where(waiting).values(status="withdrawn", payload={}))


def forget(session: Session, subscription: Subscription) -> None:
    """Erase a wish and everything that was or would have been sent for it."""
    sent = delete(Outbox).where(Outbox.subject.in_(subjects(subscription)))
    session.delete(subscription)
    session.flush()
    session.execute(sent)


def by_number(session: Session, conversation: int, number: int) -> Subscription | None:
    """Return a wish of a chat's person by its number, open or ended."""
    wish = session.get(Subscription, number)
    theirs = wish and persons.are_one(session, conversation, wish.conversation_id)
    return wish if theirs else None


def of_conversation(session: Session, conversation: int) -> Sequence[Subscription]:
    """Return the open wishes of a chat's person."""
    chats = persons.conversations(session, conversation)
    return session.scalars(_open().where(Subscription.conversation_id.in_(chats))).all()


def write_anew(session: Session, conversation: int) -> None:
    """Let what waits to remind a person be written again, for where they write now."""
    chats = persons.conversations(session, conversation)
    theirs = and_(Subscription.conversation_id.in_(chats), Subscription.ended_at.is_(None))
    session.execute(update(Subscription).where(theirs).values(language=""))


def of_registration(session: Session, registration: int) -> Sequence[Subscription]:
    """Return the open wishes that came with a registration."""
    return session.scalars(_open().where(Subscription.registration_id == registration)).all()


def subject(kind: Kind, subscription: Subscription) -> str:
    """Return what the outbox calls a message about a wish."""
    return f"{kind}:{subscription.id}"


def _same_wish(
    session: Session, conversation: int, wilaya: str, registration: int | None
) -> Subscription | None:
    if registration is None:
        here = of_conversation(session, conversation)
        return next((wish for wish in here if wish.wilaya == wilaya), None)
    own = next(iter(of_registration(session, registration)), None)
    return own or next(iter(unregistered(session, conversation, wilaya)), None)


def unregistered(session: Session, conversation: int, wilaya: str) -> Sequence[Subscription]:
    """Return the open wishes of a chat's person for a wilaya that came with no registration."""
    return session.scalars(
        _open().where(
            Subscription.conversation_id.in_(persons.conversations(session, conversation)),
            Subscription.wilaya == wilaya,
            Subscription.registration_id.is_(None),
        )
    ).all()


def subjects(subscription: Subscription) -> list[str]:
    """Return what the outbox calls everything about a wish."""
    return [subject(kind, subscription) for kind in KINDS]


def _open() -> Select[tuple[Subscription]]:
    return select(Subscription).where(Subscription.ended_at.is_(None))

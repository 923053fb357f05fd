"""Registrations: people who signed up, what became of them, and who changed what.

Every change is a row of the history. Nothing here decides who may benefit: the agency does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions import persons, reminders
from actions.codes import new_code
from actions.hours import ALGIERS
from actions.tables import Change, Consent, Registration

__all__ = [
    "FOUND",
    "PERSON",
    "SHEET",
    "Details",
    "Filter",
    "Registration",
    "age_on",
    "by_code",
    "by_phone",
    "change",
    "check_in",
    "count",
    "get",
    "history",
    "listed",
    "move",
    "names_with",
    "of_conversation",
    "register",
    "same_people",
    "shown",
    "shown_to_clerks",
    "withdraw",
]

Status = Literal["active", "withdrawn"]

#: Who a change is by when the person makes it in their own chat.
PERSON = "person"
#: What the outbox calls messages to staff that hold several registrations: those found by a
#: search, named by their codes, and a whole sheet of them.
FOUND, SHEET = "found", "sheet"
_SHOWN = "shown:"
#: The first trials of a code are random enough that a second is hardly ever needed.
_TRIALS = 20


@dataclass(frozen=True)
class Details:
    """What a person says of themselves; see `Registration` for the fields."""

    given_name: str
    family_name: str
    birth_date: dt.date | None
    age: int | None
    age_on: dt.date | None
    wilaya: str
    commune: str
    phone: str
    phone_checked: bool
    situation: str
    qualification: str
    qualification_trade: str
    trade: str
    trade_words: str
    stop: str
    interest: bool

    @classmethod
    def of(cls, row: Registration) -> Details:
        """Return the details of a registration."""
        return cls(**{f.name: getattr(row, f.name) for f in fields(cls)})


@dataclass(frozen=True)
class Filter:
    """Which registrations a clerk wants; an empty value leaves out nothing.

    `since` and `until` are days of registration in Algiers, both included. An active registration
    is one that was not withdrawn, whether the person has come by now or not.
    """

    stop: str = ""
    wilaya: str = ""
    status: Status | Literal["checked_in", ""] = ""
    since: dt.date | None = None
    until: dt.date | None = None


def register(
    session: Session,
    details: Details,
    now: dt.datetime,
    draw: Callable[[int], int],
    *,
    consent: Consent,
    conversation: int | None,
    who: str,
    twin_of: int | None = None,
) -> Registration:
    """Store a new registration under a code of its own and return it."""
    for _trial in range(_TRIALS):
        row = Registration(
            code=new_code(draw),
            conversation_id=conversation,
            consent_id=consent.id,
            twin_of=twin_of,
            created_at=now,
            updated_at=now,
            **{f.name: getattr(details, f.name) for f in fields(details)},
        )
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            if by_code(session, row.code) is None:
                raise
            continue  # the code is taken
        _note(session, row, now, who=who, what="registered")
        return row
    raise RuntimeError("no free registration code was found")


def change(
    session: Session, row: Registration, details: Details, now: dt.datetime, *, who: str
) -> list[str]:
    """Change what differs and keep what it was; return the names of the fields changed."""
    old, changed = Details.of(row), []
    for name in (f.name for f in fields(Details)):
        before, after = getattr(old, name), getattr(details, name)
        if before != after:
            setattr(row, name, after)
            _note(
                session,
                row,
                now,
                who=who,
                what=name,
                before=_written(before),
                after=_written(after),
            )
            changed.append(name)
    if changed:
        row.updated_at = now
    return changed


def move(
    session: Session, row: Registration, conversation: int, now: dt.datetime, *, who: str
) -> None:
    """Let another chat of the same person manage a registration from now on."""
    row.conversation_id, row.updated_at = conversation, now
    _note(session, row, now, who=who, what="moved")


def withdraw(session: Session, row: Registration, now: dt.datetime, *, who: str) -> None:
    """Take a registration back, its consent and its reminders; a second time changes nothing."""
    if row.status == "withdrawn":
        return
    row.status, row.withdrawn_at, row.updated_at = "withdrawn", now, now
    consent = session.get(Consent, row.consent_id) if row.consent_id else None
    if consent and consent.withdrawn_at is None:
        consent.withdrawn_at = now
    for wish in reminders.of_registration(session, row.id):
        reminders.end(session, wish, now)
    _note(session, row, now, who=who, what="withdrawn")


def check_in(
    session: Session, row: Registration, now: dt.datetime, *, who: str
) -> dt.datetime | None:
    """Note that the person came to the stand; return when they first did.

    A withdrawn registration is left as it is, and None returned.
    """
    session.refresh(row, with_for_update=True)  # two clerks may have the same code before them
    if row.status == "withdrawn":
        return None
    if row.checked_in_at is None:
        row.checked_in_at, row.checked_in_by = now, who[:64]
        _note(session, row, now, who=who, what="checked_in")
    return row.checked_in_at


def by_code(session: Session, code: str) -> Registration | None:
    """Return the registration of that code, active or withdrawn."""
    return session.scalars(select(Registration).where(Registration.code == code)).first()


def get(session: Session, number: int) -> Registration | None:
    """Return a registration by its row's number."""
    return session.get(Registration, number)


def by_phone(session: Session, phone: str) -> list[Registration]:
    """Return every registration with a phone number (E.164), the oldest first."""
    found = select(Registration).where(Registration.phone == phone)
    return list(session.scalars(found.order_by(Registration.id)))


def names_with(session: Session, orders: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Give the number and the whole name of registrations whose name holds some letters.

    Each of `orders` is small letters that stand in the name in that order, with any others
    between them. Databases fold no accents: the caller looks at the names that are left.
    """
    name = Registration.given_name + " " + Registration.family_name
    found = select(Registration.id, name)
    for letters in orders:
        found = found.where(func.lower(name).like(f"%{'%'.join(letters)}%"))
    yield from session.execute(found.order_by(Registration.id)).tuples()


def of_conversation(
    session: Session, conversation: int, *, withdrawn: bool = False
) -> list[Registration]:
    """Return the registrations managed from a person's chats, the oldest first.

    Only the active ones, unless the `withdrawn` are wanted too.
    """
    chats = persons.conversations(session, conversation)
    found = select(Registration).where(Registration.conversation_id.in_(chats))
    if not withdrawn:
        found = found.where(Registration.status == "active")
    return list(session.scalars(found.order_by(Registration.id)))


def same_people(session: Session, phone: str, birth_date: dt.date | None) -> list[Registration]:
    """Return the active registrations with this phone and birth date, the oldest first.

    Two that are made at the same moment see each other: the later one waits for the first.
    """
    if birth_date is None:
        return []
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(phone))))
    found = select(Registration).where(
        Registration.phone == phone,
        Registration.birth_date == birth_date,
        Registration.status == "active",
    )
    return list(session.scalars(found.order_by(Registration.id)))


def shown_to_clerks(row: Registration) -> str:
    """Return what the outbox calls messages that show a registration to a clerk."""
    return f"{_SHOWN}{row.id}"


def shown(session: Session, subject: str) -> Registration | None:
    """Return the registration that a message shows to a clerk, by its subject in the outbox."""
    number = subject.removeprefix(_SHOWN)
    known = subject.startswith(_SHOWN) and number.isdecimal()
    return get(session, int(number)) if known else None


def history(session: Session, row: Registration) -> Sequence[Change]:
    """Return everything done to a registration, the oldest first."""
    found = select(Change).where(Change.registration_id == row.id).order_by(Change.id)
    return session.scalars(found).all()


def count(session: Session, wanted: Filter) -> int:
    """Return how many registrations a filter leaves."""
    statement = select(func.count()).select_from(Registration).where(*_conditions(wanted))
    return session.scalar(statement) or 0


def listed(
    session: Session, wanted: Filter, *, after: int = 0, most: int
) -> Sequence[Registration]:
    """Return the first registrations that a filter leaves, the oldest first.

    `after` is the number of the last one read, so that a long list is read in pages: no
    transaction stays open while it is written out.
    """
    found = select(Registration).where(*_conditions(wanted), Registration.id > after)
    return session.scalars(found.order_by(Registration.id).limit(most)).all()


def age_on(day: dt.date, birth_date: dt.date | None, age: int | None, said: dt.date | None) -> int:
    """Return how many full years old someone is on a day.

    Without a birth date, an age said on an earlier day has grown by the years since.
    """
    if birth_date is None:
        return (age or 0) + ((day - said).days // 365 if said else 0)
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.stop:
        conditions.append(Registration.stop == wanted.stop)
    if wanted.wilaya:
        conditions.append(Registration.wilaya == wanted.wilaya)
    if wanted.status == "checked_in":
        conditions.append(Registration.checked_in_at.is_not(None))
    elif wanted.status:
        conditions.append(Registration.status == wanted.status)
    if wanted.since:
        conditions.append(Registration.created_at >= _midnight(wanted.since))
    if wanted.until:
        after = _midnight(wanted.until + dt.timedelta(days=1))
        conditions.append(Registration.created_at < after)
    return conditions


def _midnight(day: dt.date) -> dt.datetime:
    """Return when a day begins in Algiers."""
    return dt.datetime.combine(day, dt.time(), ALGIERS)


def _note(
    session: Session,
    row: Registration,
    now: dt.datetime,
    *,
    who: str,
    what: str,
    before: str = "",
    after: str = "",
) -> None:
    session.add(
        Change(
            registration_id=row.id,
            at=now,
            who=who[:64],
            what=what,
            before=before[:120],
            after=after[:120],
        )
    )


def _written(value: object) -> str:
    return "" if value is None else str(value)

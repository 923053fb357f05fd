"""What is sent by SMS is paid for: counted by the day, and held below what may be spent.

A month is a calendar month in Algiers. Rows of sent messages can be erased; what they cost stays.
Whoever counts holds the row of the month's first day until the commit: so the count of a month
never misses anything, and what happens once a month happens once. What may still be sent is only
read: each message on its way at that moment may go beyond it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions import audit
from actions.hours import ALGIERS
from actions.store import changed
from actions.tables import Action, Outbox, Spending

#: Why a message may not be sent now: the limit it would break.
Limit = Literal["month", "day", "person"]
DAY = dt.timedelta(days=1)
_WHO, _WARNED = "purse", "sms_warned"


@dataclass(frozen=True)
class Budget:
    """The price of a segment in dinars, and how many may be sent in a time."""

    price: Decimal = Decimal(0)
    a_month: int = 10_000
    a_day: int = 2_000
    a_person: int = 100


@dataclass(frozen=True)
class Spent:
    """Segments sent on a day, and in its month."""

    today: int
    month: int


def month_of(now: dt.datetime) -> tuple[dt.date, dt.date]:
    """Return the first day of a moment's month in Algiers, and the first of the next one."""
    first = now.astimezone(ALGIERS).date().replace(day=1)
    return first, (first + 31 * DAY).replace(day=1)


def spent(session: Session, now: dt.datetime) -> Spent:
    """Return how many segments were sent in the day and the month of a moment."""
    first, following = month_of(now)
    # Columns, not rows: those the session has read already may be out of date.
    month = select(func.coalesce(func.sum(Spending.segments), 0)).where(
        Spending.day >= first, Spending.day < following
    )
    day = select(Spending.segments).where(Spending.day == now.astimezone(ALGIERS).date())
    return Spent(session.scalar(day) or 0, int(session.scalar(month) or 0))


def spend(session: Session, segments: int, now: dt.datetime) -> int:
    """Count segments just sent; return how many of this month's there are now."""
    _hold_month(session, now)
    today = now.astimezone(ALGIERS).date()
    if not _add(session, today, segments):
        _insert(session, today, segments)
    return spent(session, now).month


def warns(session: Session, budget: Budget, percent: int, now: dt.datetime) -> bool:
    """Record that staff are told of a share of this month's segments.

    Returns whether they were not yet. Where more may be sent than before, they are told anew.
    """
    _hold_month(session, now)
    first, _following = month_of(now)
    details = f"{first:%Y-%m} {percent} {budget.a_month}"
    since = dt.datetime.combine(first, dt.time(), ALGIERS)
    before = select(Action.id).where(
        Action.at >= since, Action.what == _WARNED, Action.details == details
    )
    if session.scalar(before.limit(1)) is not None:
        return False
    audit.note(session, _WHO, _WARNED, now, details=details)
    return True


def limit_reached(
    session: Session,
    budget: Budget,
    key: str,
    segments: int,
    *,
    now: dt.datetime,
    wall: dt.datetime,
) -> Limit | None:
    """Return the limit that so many more segments to an address would break, if any.

    What was sent to one address is counted by the machine's time, as it was sent.
    """
    so_far = spent(session, now)
    if so_far.month + segments > budget.a_month:
        return "month"
    if so_far.today + segments > budget.a_day:
        return "day"
    to_them = session.scalar(
        select(func.coalesce(func.sum(Outbox.segments), 0)).where(
            Outbox.key == key, Outbox.sent_at > wall - DAY
        )
    )
    return "person" if int(to_them or 0) + segments > budget.a_person else None


def _hold_month(session: Session, now: dt.datetime) -> None:
    """Wait until nobody else counts in this month, and keep them waiting until the commit."""
    first, _following = month_of(now)
    if _add(session, first, 0):
        return
    try:
        with session.begin_nested():
            _insert(session, first, 0)
    except IntegrityError:  # another process has just counted the month's first
        _add(session, first, 0)


def _add(session: Session, day: dt.date, segments: int) -> bool:
    """Add to the count of a day; return whether it has a row."""
    of_day = update(Spending).where(Spending.day == day)
    more = of_day.values(segments=Spending.segments + segments)
    return changed(session, more.execution_options(synchronize_session=False)) == 1


def _insert(session: Session, day: dt.date, segments: int) -> None:
    session.execute(insert(Spending).values(day=day, segments=segments))

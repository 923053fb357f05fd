"""What is sent by SMS is paid for: counted by the day, and held below what may be spent.

A month is a calendar month in Algiers. Rows of sent messages can be erased; what they cost stays.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.hours import ALGIERS
from actions.store import changed
from actions.tables import Outbox, Spending

#: Why a message may not be sent now: the limit it would break.
Limit = Literal["month", "day", "person"]
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Budget:
    """The price of a segment in dinars, and how many may be sent in a time."""

    price: Decimal = Decimal(0)
    a_month: int = 10_000
    a_day: int = 2_000
    a_person: int = 60


@dataclass(frozen=True)
class Spent:
    """Segments sent today and this month."""

    today: int
    month: int


def spent(session: Session, now: dt.datetime) -> Spent:
    """Return how many segments were sent up to a moment, in its day and month."""
    today = now.astimezone(ALGIERS).date()
    month = select(func.coalesce(func.sum(Spending.segments), 0)).where(
        Spending.day >= today.replace(day=1), Spending.day <= today
    )
    day = session.get(Spending, today)
    return Spent(day.segments if day else 0, int(session.scalar(month) or 0))


def spend(session: Session, segments: int, now: dt.datetime) -> tuple[int, int]:
    """Count segments just sent; return how many of the month there were before and are now."""
    today = now.astimezone(ALGIERS).date()
    counted = update(Spending).where(Spending.day == today)
    more = counted.values(segments=Spending.segments + segments)
    if changed(session, more) == 0:
        try:
            with session.begin_nested():
                session.add(Spending(day=today, segments=segments))
        except IntegrityError:  # another process has just counted the day's first
            changed(session, more)
    session.expire_all()
    month = spent(session, now).month
    return month - segments, month


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

"""When the desk is open: its hours by the day of the week, its days off, and what they come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.hours import ALGIERS
from actions.store import changed
from actions.tables import DayOff, OpeningHours

#: How far ahead an opening is looked for.
_LOOKED_AT = 366


@dataclass(frozen=True)
class Hours:
    """From when to when the desk is open on a day, in Algiers."""

    opens: dt.time
    closes: dt.time


#: Days of the week by their number, Monday being 0; a day that is not there is closed.
Week = Mapping[int, Hours]
#: What holds until staff set hours of their own: Sunday to Thursday, as offices keep them.
USUAL: Week = {day: Hours(dt.time(8), dt.time(16, 30)) for day in (6, 0, 1, 2, 3)}


@dataclass(frozen=True)
class Calendar:
    """The desk's week, and the days on which it stays closed, with what each is for."""

    week: Week = field(default_factory=lambda: USUAL)
    off: Mapping[dt.date, str] = field(default_factory=dict)

    def is_open(self, now: dt.datetime) -> bool:
        """Return whether the desk is open at an aware moment."""
        return self.closes(now) is not None

    def closes(self, now: dt.datetime) -> dt.datetime | None:
        """Return when the desk closes, if it is open at an aware moment."""
        local = now.astimezone(ALGIERS)
        hours = self._hours_on(local.date())
        if hours is None or not hours.opens <= local.time() < hours.closes:
            return None
        return dt.datetime.combine(local.date(), hours.closes, ALGIERS)

    def next_opening(self, now: dt.datetime) -> dt.datetime | None:
        """Return when the desk opens next, in Algiers; None when it does not within a year.

        While it is open, that is the opening after this one.
        """
        today = now.astimezone(ALGIERS).date()
        for ahead in range(_LOOKED_AT + 1):
            day = today + dt.timedelta(days=ahead)
            hours = self._hours_on(day)
            opening = dt.datetime.combine(day, hours.opens, ALGIERS) if hours else None
            if opening and opening > now:
                return opening
        return None

    def off_from(self, day: dt.date) -> list[tuple[dt.date, str]]:
        """Return the days off from a day on, the nearest first."""
        return sorted((off, name) for off, name in self.off.items() if off >= day)

    def _hours_on(self, day: dt.date) -> Hours | None:
        return None if day in self.off else self.week.get(day.weekday())


def load(session: Session) -> Calendar:
    """Return the desk's calendar as it is set now."""
    rows = session.scalars(select(OpeningHours))
    week = {row.weekday: Hours(row.opens, row.closes) for row in rows}
    off = {row.day: row.name for row in session.scalars(select(DayOff))}
    return Calendar(week or USUAL, off)


def set_hours(session: Session, days: Collection[int], hours: Hours | None) -> bool:
    """Set the hours of some days of the week, closed where there are none.

    Returns False, with nothing changed, when no day at all would stay open.
    """
    kept = {day: was for day, was in load(session).week.items() if day not in days}
    week = kept | dict.fromkeys(days, hours) if hours else kept
    if not week:
        return False
    session.execute(delete(OpeningHours))
    session.add_all(
        OpeningHours(weekday=day, opens=at.opens, closes=at.closes)
        for day, at in week.items()
        if at
    )
    session.flush()
    return True


def add_day_off(session: Session, day: dt.date, name: str) -> None:
    """Close the desk on a day; one that is off already is called so from now on."""
    session.merge(DayOff(day=day, name=name))
    session.flush()


def remove_day_off(session: Session, day: dt.date) -> bool:
    """Let a day be like any other; return whether it was off."""
    return changed(session, delete(DayOff).where(DayOff.day == day)) == 1

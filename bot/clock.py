"""Time, passed in: the assistant never asks the machine what day it is by itself."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from actions.hours import ALGIERS

__all__ = ["ALGIERS", "Clock", "SettableClock", "SystemClock", "algiers_day"]


class Clock(Protocol):
    """Tells the moment; always aware, always UTC."""

    def now(self) -> dt.datetime:
        """Return the present moment in UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> dt.datetime:
        """Return the machine's present moment in UTC."""
        return dt.datetime.now(dt.UTC)


class SettableClock:
    """A clock that runs at the usual pace from the moment it was last set to."""

    def __init__(self, moment: dt.datetime) -> None:
        self._offset = dt.timedelta(0)
        self.set(moment)

    def now(self) -> dt.datetime:
        """Return the present moment of this clock in UTC."""
        return dt.datetime.now(dt.UTC) + self._offset

    def set(self, moment: dt.datetime) -> None:
        """Make `moment` (aware) the present."""
        self._offset = moment - dt.datetime.now(dt.UTC)


def algiers_day(moment: dt.datetime) -> dt.date:
    """Return the calendar day in Algeria at an aware moment."""
    return moment.astimezone(ALGIERS).date()

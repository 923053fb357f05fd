"""The stops of the tour, as a registration speaks of them."""

from __future__ import annotations

import datetime as dt

from actions.geography import Geography, Wilaya, km_between
from actions.stops import Stop, Tour
from actions.timetable import Timetable
from actions.tour import Timing, find, is_left, serving
from bot.answers.stop_lines import printed_days, wilaya_name
from bot.text import Text, _


class Stops:
    """Knows the stops by the wilaya they are in, or serve."""

    def __init__(self, timetable: Timetable, geography: Geography) -> None:
        self._timetable = timetable
        self._geography = geography

    @property
    def _tour(self) -> Tour:
        return self._timetable.tour

    def of(self, code: str, today: dt.date) -> Stop | None:
        """Return the stop that serves a wilaya and is left, if there is one."""
        return serving(self._tour, self._geography, code, today)

    def timing(self, code: str, today: dt.date) -> Timing:
        """Return how a day stands to the stop of a wilaya; one that has none counts as past."""
        return find(self._tour, self._geography, self.wilaya(code), today).timing

    def to_come(self, today: dt.date) -> list[Stop]:
        """Return every stop that is left."""
        return [s for s in self._tour.stops if s.listed and is_left(self._tour, s, today)]

    def wilaya(self, code: str) -> Wilaya:
        """Return a wilaya by its code."""
        return self._geography.wilayas[code]

    def at(self, code: str) -> Stop | None:
        """Return the stop in a wilaya, past or not."""
        return self._tour.at(code)

    def is_cancelled(self, code: str) -> bool:
        """Whether the stop in a wilaya is not to be."""
        stop = self.at(code)
        return stop is not None and stop.is_cancelled

    def near(self, home: str, today: dt.date, most: int) -> list[str]:
        """Return the wilayas of the stop that serves one's own, and of the nearest to come."""
        seat = self._geography.wilayas[home]

        def far(stop: Stop) -> float:
            there = self._geography.wilayas[stop.wilaya]
            here = (seat.latitude, seat.longitude)
            return km_between(here, (there.latitude, there.longitude))

        own = self.of(home, today)
        nearest = sorted(self.to_come(today), key=far)[:most]
        return list(dict.fromkeys(s.wilaya for s in (*([own] if own else []), *nearest)))

    def told_briefly(self, code: str) -> Text:
        """Say the same in few words, days in figures."""
        if not code:
            return _("No stop chosen yet")
        stop = self.at(code)
        name = wilaya_name(self._geography.wilayas[code])
        if stop and stop.certain_days:
            days = in_figures(stop.certain_days.first, stop.certain_days.last)
            return _("Stop: {wilaya}, {days}", wilaya=name, days=days)
        if self.is_cancelled(code):
            return _("Stop: {wilaya}, cancelled", wilaya=name)
        return _("Stop: {wilaya}, date to come", wilaya=name)

    def told(self, code: str) -> Text:
        """Say which stop it is and when, as far as that was announced."""
        if not code:
            return _("Not chosen yet")
        stop = self.at(code)
        name = wilaya_name(self._geography.wilayas[code])
        days = printed_days(stop) if stop else None
        if days:
            return _("{wilaya}, {days}", wilaya=name, days=days)
        if self.is_cancelled(code):
            return _("{wilaya}, cancelled", wilaya=name)
        return _("{wilaya}, date not announced yet", wilaya=name)


def in_figures(first: dt.date, last: dt.date | None) -> str:
    """Return days as an old phone shows them: `12/10`, `12-15/10` or `30/10-02/11`."""
    if last is None or last == first:
        return f"{first:%d/%m}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%d}-{last:%d/%m}"
    return f"{first:%d/%m}-{last:%d/%m}"

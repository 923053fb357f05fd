"""The stops of the tour, as a registration speaks of them."""

from __future__ import annotations

import datetime as dt

from actions.geography import Geography, Wilaya, km_between
from actions.stops import Stop, Tour
from actions.tour import find, timing
from bot.answers.stop_lines import printed_days, wilaya_name
from bot.text import Text, _


class Stops:
    """Knows the stops by the wilaya they are in, or serve."""

    def __init__(self, tour: Tour, geography: Geography) -> None:
        self._tour = tour
        self._geography = geography

    def of(self, code: str, today: dt.date) -> Stop | None:
        """Return the stop that serves a wilaya and is not past, if there is one."""
        wilaya = self._geography.wilaya(code)
        found = find(self._tour, self._geography, wilaya, today) if wilaya else None
        if found is None or found.stop is None or not found.stop.listed or found.timing == "past":
            return None
        return found.stop

    def is_past(self, code: str, today: dt.date) -> bool:
        """Whether the stop that serves a wilaya is over."""
        wilaya = self._geography.wilaya(code)
        found = find(self._tour, self._geography, wilaya, today) if wilaya else None
        return found is not None and found.timing == "past"

    def to_come(self, today: dt.date) -> list[Stop]:
        """Return every stop that is not past."""
        return [s for s in self._tour.stops if s.listed and timing(self._tour, s, today) != "past"]

    def wilaya(self, code: str) -> Wilaya:
        """Return a wilaya by its code."""
        return self._geography.wilayas[code]

    def at(self, code: str) -> Stop | None:
        """Return the stop in a wilaya, past or not."""
        return next((s for s in self._tour.stops if s.wilaya == code), None)

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

    def told(self, code: str) -> Text:
        """Say which stop it is and when, as far as that was announced."""
        if not code:
            return _("Not chosen yet")
        stop = self.at(code)
        name = wilaya_name(self._geography.wilayas[code])
        days = printed_days(stop) if stop else None
        if days:
            return _("{wilaya}, {days}", wilaya=name, days=days)
        return _("{wilaya}, date not announced yet", wilaya=name)

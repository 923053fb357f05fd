"""Where the caravan is on a day, what comes next, and what is known of the stop of a wilaya.

Pure functions over a `Tour` and a day in Algeria. Only announced and reported days count; a day
that we inferred never decides anything here. Stops without a day are placed by their order.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from actions.geography import Geography, Wilaya, km_between
from actions.stops import Days, Stop, Tour

#: `here`: it stops there that day. `perhaps_here`: only its first day or a newspaper's day was
#: printed, and it may still be there. `past` and `to_come`: by its days, else by its order.
#: `not_known`: its turn comes after the last stop known to have begun, and nothing says when.
Timing = Literal["here", "perhaps_here", "past", "to_come", "not_known"]


@dataclass(frozen=True)
class NotBegun:
    """The tour has not begun; `first` is its first stop."""

    first: Stop


@dataclass(frozen=True)
class Here:
    """The caravan is at `stop`, until `until` when its last day was printed."""

    stop: Stop
    until: dt.date | None


@dataclass(frozen=True)
class PerhapsHere:
    """The caravan may still be at `stop`: how long it stays is not certain."""

    stop: Stop


@dataclass(frozen=True)
class Between:
    """No stop has this day; `last` is the last one known to have begun."""

    last: Stop


@dataclass(frozen=True)
class Over:
    """The tour is history; `last` is the last stop a source told of with a day."""

    last: Stop


Position = NotBegun | Here | PerhapsHere | Between | Over


@dataclass(frozen=True)
class Coming:
    """What comes next: the next stop in order, and the next that has certain days.

    The next in order may have begun, or be past, when it has no certain days.
    They may be the same stop. Without `in_order`, only stops without an order are left.
    """

    in_order: Stop | None
    dated: Stop | None


@dataclass(frozen=True)
class Found:
    """What is known of the caravan in a wilaya.

    `mother` is the wilaya of 2015 that the stop was in, for a wilaya made later. For a stop
    without certain days, `after` and `before` are its nearest neighbours in order that have some.
    Without `stop`, the tour has none there.
    """

    wilaya: Wilaya
    mother: Wilaya | None
    stop: Stop | None
    timing: Timing
    after: Stop | None
    before: Stop | None


@dataclass(frozen=True)
class Near:
    """A stop, and how far the seat of its wilaya is, in kilometres as the crow flies."""

    stop: Stop
    km: float


def position(tour: Tour, today: dt.date) -> Position:
    """Return where the caravan is on a day."""
    last = _reached(tour, today)
    if last is None:
        return NotBegun(tour.ordered[0])
    if today >= tour.history_from:
        return Over(last)
    for stop in reversed(tour.stops):
        match timing(tour, stop, today):
            case "here":
                return Here(stop, stop.certain_days.last if stop.certain_days else None)
            case "perhaps_here":
                return PerhapsHere(stop)
    return Between(last)


def coming(tour: Tour, today: dt.date) -> Coming:
    """Return what is still to come after a day."""
    left = [s for s in tour.stops if timing(tour, s, today) in ("to_come", "not_known")]
    return Coming(
        next((stop for stop in left if stop.order is not None), None),
        min((s for s in left if s.certain_days), key=_first_day, default=None),
    )


def timing(tour: Tour, stop: Stop, today: dt.date) -> Timing:
    """Return whether a stop is under way on a day, past, or to come."""
    if today >= tour.history_from:
        return "past"
    days = stop.certain_days
    if days:
        if today < days.first:
            return "to_come"
        sure, longest = _stay(tour, stop, days)
        if today <= sure:
            return "here"
        if today <= longest and _reached(tour, today) == stop:
            return "perhaps_here"
        return "past"
    if stop.mentioned == today:
        return "perhaps_here"
    return _timing_by_order(tour, stop, today)


def _timing_by_order(tour: Tour, stop: Stop, today: dt.date) -> Timing:
    """Place a stop without days between the last one begun and the next one that has days.

    A stop without an order comes after those that have one. There is one caravan, and no source
    has it at two stops on one day: a stop is at least as many days away as places in the order.
    """
    order = stop.order or len(tour.stops)
    reached = _reached(tour, today)
    if reached is None:
        return "to_come"
    if order <= (reached.order or 0):
        return "past"
    ahead = (s.order or 0 for s in tour.ordered if (d := s.certain_days) and d.first > today)
    days = reached.certain_days
    if order > min(ahead, default=order) or (days and today <= _stay(tour, reached, days)[0]):
        return "to_come"
    since = days.first if days else reached.mentioned
    if since and today < since + dt.timedelta(days=order - (reached.order or 0)):
        return "to_come"
    return "not_known"


def find(tour: Tour, geography: Geography, wilaya: Wilaya, today: dt.date) -> Found:
    """Return what is known of the stop of a wilaya, or of its mother wilaya."""
    then = geography.in_2015(wilaya)
    stop = next((s for s in tour.stops if s.wilaya == then.code), None)
    after = before = None
    if stop and stop.order is not None and stop.certain_days is None:
        dated = [s for s in tour.ordered if s.certain_days]
        after = next((s for s in reversed(dated) if (s.order or 0) < stop.order), None)
        before = next((s for s in dated if (s.order or 0) > stop.order), None)
    return Found(
        wilaya,
        then if then != wilaya else None,
        stop,
        timing(tour, stop, today) if stop else "past",
        after,
        before,
    )


def nearest(
    tour: Tour, geography: Geography, point: tuple[float, float], today: dt.date
) -> tuple[Near, ...]:
    """Return the listed stops that are not past, nearest first, then by their order.

    `point` is (latitude, longitude) in degrees.
    """
    near = []
    for stop in tour.stops:
        if stop.listed and timing(tour, stop, today) != "past":
            seat = geography.wilayas[stop.wilaya]
            near.append(Near(stop, km_between(point, (seat.latitude, seat.longitude))))
    return tuple(sorted(near, key=lambda n: n.km))  # equals keep the order of the tour


def _reached(tour: Tour, today: dt.date) -> Stop | None:
    """Return the last stop in order that is known to have begun by a day."""
    reached = None
    for stop in tour.ordered:
        days = stop.certain_days
        if (days and days.first <= today) or (stop.mentioned and stop.mentioned <= today):
            reached = stop
    return reached


def _stay(tour: Tour, stop: Stop, days: Days) -> tuple[dt.date, dt.date]:
    """Return the last day that is sure, and the last one that is possible.

    A length printed for the stop counts from its first day, the shortest one surely; a length
    printed for its part of the tour only makes the days possible.
    """
    if days.last:
        return days.last, days.last
    sure = min(stop.days, default=1)
    longest = max(stop.days or tour.part_of(stop).days, default=1)
    return days.first + dt.timedelta(sure - 1), days.first + dt.timedelta(longest - 1)


def _first_day(stop: Stop) -> dt.date:
    return stop.first or dt.date.max

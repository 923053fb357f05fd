"""Where the caravan is on a day, what comes next, and what is known of the stop of a wilaya.

Pure functions over a `Tour` and a day in Algeria. Only announced and reported days count; a day
that we inferred never decides anything here. Stops without a day are placed by their order; those
that staff announced out of it count by their days alone.
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
#: `cancelled`: it is not to be, whatever day it is.
Timing = Literal["here", "perhaps_here", "past", "to_come", "not_known", "cancelled"]

_NOT_LEFT: tuple[Timing, ...] = ("past", "cancelled")


@dataclass(frozen=True)
class NotBegun:
    """The tour has not begun; `first` is its first stop that is to be."""

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
    """No stop is left; `last` is the last one told of with a day, if any was."""

    last: Stop | None


Position = NotBegun | Here | PerhapsHere | Between | Over


@dataclass(frozen=True)
class Coming:
    """What comes next: the next stop in order, and the next that has certain days.

    The next in order may have begun, or be past, when it has no certain days.
    They may be the same stop; the one with days may have no order. Without `in_order`, only stops
    without an order are left.
    """

    in_order: Stop | None
    dated: Stop | None


@dataclass(frozen=True)
class Found:
    """What is known of the caravan in a wilaya.

    `mother` is the wilaya of 2015 that the stop is in, for a wilaya made later that has none of its
    own. For a stop without certain days, `after` and `before` are its nearest neighbours in order
    that have some. Without `stop`, the tour has none there.
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
    last = _reached(tour.stops, today)
    latest = sorted(tour.stops, key=_begins, reverse=True)
    timed = [(timing(tour, stop, today), stop) for stop in latest]
    if all(when in _NOT_LEFT for when, _stop in timed):
        return Over(last)
    if last is None:
        return NotBegun(_first(tour, today))
    if here := next((stop for when, stop in timed if when == "here"), None):
        return Here(here, here.certain_days.last if here.certain_days else None)
    if perhaps := next((stop for when, stop in timed if when == "perhaps_here"), None):
        return PerhapsHere(perhaps)
    return Between(last)


def is_over(tour: Tour, today: dt.date) -> bool:
    """Whether nothing is left of the tour: no stop that is under way, to come, or may be."""
    return not any(is_left(tour, stop, today) for stop in reversed(tour.stops))


def is_left(tour: Tour, stop: Stop, today: dt.date) -> bool:
    """Whether a stop is under way, to come, or may be: neither past nor cancelled."""
    return timing(tour, stop, today) not in _NOT_LEFT


def coming(tour: Tour, today: dt.date) -> Coming:
    """Return what is still to come after a day."""
    left = [s for s in tour.stops if timing(tour, s, today) in ("to_come", "not_known")]
    return Coming(
        next((stop for stop in left if stop.order is not None), None),
        min((s for s in left if s.certain_days), key=_begins, default=None),
    )


def timing(tour: Tour, stop: Stop, today: dt.date) -> Timing:
    """Return whether a stop is under way on a day, past, to come, or cancelled."""
    if stop.is_cancelled:
        return "cancelled"
    if today >= tour.history_from and stop.announced_on is None:
        return "past"
    days = stop.certain_days
    if days:
        if today < days.first:
            return "to_come"
        sure, longest = _stay(tour, stop, days)
        if today <= sure:
            return "here"
        reached = _reached(tour.stops, today) if today <= longest else None
        if reached and reached.wilaya == stop.wilaya:
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
    line = tour.ordered
    reached = _reached(line, today)
    if reached is None:
        return "to_come"
    there = _place(line, reached)
    place = len(tour.stops) if stop.order is None else _place(line, stop)
    if place <= there:
        return "past"
    ahead = (n for n, s in enumerate(line) if (d := s.certain_days) and d.first > today)
    days = reached.certain_days
    if place > min(ahead, default=place) or (days and today <= _stay(tour, reached, days)[0]):
        return "to_come"
    since = days.first if days else reached.mentioned
    if since and today < since + dt.timedelta(days=place - there):
        return "to_come"
    return "not_known"


def find(tour: Tour, geography: Geography, wilaya: Wilaya, today: dt.date) -> Found:
    """Return what is known of the stop of a wilaya, else of its mother wilaya's."""
    then = geography.in_2015(wilaya)
    own, mothers = tour.at(wilaya.code), tour.at(then.code)
    stop = mothers if own is None or (own.is_cancelled and mothers) else own
    after = before = None
    dateless = stop and stop.certain_days is None and not stop.is_cancelled
    if stop and stop.order is not None and dateless:
        dated = [s for s in tour.ordered if s.certain_days]
        after = next((s for s in reversed(dated) if (s.order or 0) < stop.order), None)
        before = next((s for s in dated if (s.order or 0) > stop.order), None)
    return Found(
        wilaya,
        then if then != wilaya and stop in (None, mothers) else None,
        stop,
        timing(tour, stop, today) if stop else "past",
        after,
        before,
    )


def serving(tour: Tour, geography: Geography, code: str, today: dt.date) -> Stop | None:
    """Return the stop that people of a wilaya can still come to: its own, or its mother's."""
    wilaya = geography.wilaya(code)
    stop = find(tour, geography, wilaya, today).stop if wilaya else None
    return stop if stop and stop.listed and is_left(tour, stop, today) else None


def nearest(
    tour: Tour, geography: Geography, point: tuple[float, float], today: dt.date
) -> tuple[Near, ...]:
    """Return the listed stops that are left, nearest first, then by their order.

    `point` is (latitude, longitude) in degrees.
    """
    near = []
    for stop in tour.stops:
        if stop.listed and is_left(tour, stop, today):
            seat = geography.wilayas[stop.wilaya]
            near.append(Near(stop, km_between(point, (seat.latitude, seat.longitude))))
    return tuple(sorted(near, key=lambda n: n.km))  # equals keep the order of the tour


def _first(tour: Tour, today: dt.date) -> Stop:
    """Return the first stop of a tour that has not begun: by its days, else as it is listed."""
    left = [stop for stop in tour.stops if is_left(tour, stop, today)]
    return coming(tour, today).dated or left[0]


def _place(line: tuple[Stop, ...], stop: Stop) -> int:
    """Return how many stops come before one in the order."""
    return sum((other.order or 0) < (stop.order or 0) for other in line)


def _reached(stops: tuple[Stop, ...], today: dt.date) -> Stop | None:
    """Return the last of some stops that is known to have begun by a day."""
    reached, since = None, dt.date.min
    for stop in stops:
        day = _begins(stop)
        if since < day <= today and not stop.is_cancelled:
            reached, since = stop, day
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


def _begins(stop: Stop) -> dt.date:
    """Return the first day on which a stop is known to have been, or be; long ago for none."""
    days = stop.certain_days
    return days.first if days else stop.mentioned or dt.date.min

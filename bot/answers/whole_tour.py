"""The whole tour in one message: by part, a line for each dated stop, the others together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from actions.stops import Part, Stop
from actions.tour import timing
from bot.answers.stop_lines import Guide, Line, printed_days
from bot.text import Text, _, ngettext


def tour_lines(guide: Guide) -> list[Line]:
    """Return the lines of the whole tour, today's stop marked."""
    parts = [line for part in guide.tour.parts for line in _part(guide, part)]
    return [*parts, *_out_of_order(guide)]


def _part(guide: Guide, part: Part) -> Iterator[Line]:
    ordered = [stop for stop in part.stops if stop.order is not None]
    if not ordered:
        yield from _without_order(guide, part)
        return
    days = part.certain_days
    heading = ngettext("Part {part}: {n} wilaya", "Part {part}: {n} wilayas", len(ordered),
                       part=part.number)  # fmt: skip
    yield heading, "title"
    if days and days.last:
        yield _("From {first} to {last}.", first=days.first, last=days.last), "plain"
    elif days:
        yield _("From {first}.", first=days.first), "plain"
    for alone, stops in groupby(ordered, lambda stop: _alone(guide, stop)):
        group = list(stops)
        if alone:
            yield from ((_dated(guide, stop), "item") for stop in group)
        else:
            yield _undated(guide, group), "item"
    for conflict in part.conflicts:
        yield from guide.conflict(conflict)


def _without_order(guide: Guide, part: Part) -> Iterator[Line]:
    without = [stop for stop in part.stops if stop.certain_days is None]
    cancelled = [stop for stop in without if stop.is_cancelled]
    listed = [stop for stop in without if stop.listed and not stop.is_cancelled]
    others = [stop for stop in without if not stop.listed and not stop.is_cancelled]
    if without:
        yield _("Then, the South"), "title"
    if listed:
        yield (
            _(
                "{wilayas}: told of by the press, without dates.",
                wilayas=guide.names(listed),
            ),
            "item",
        )
    if others:
        yield (
            _("{wilayas}: nothing printed was found.", wilayas=guide.names(others)),
            "item",
        )
    if cancelled:
        yield _("{wilayas}: cancelled.", wilayas=guide.names(cancelled)), "item"


def _out_of_order(guide: Guide) -> Iterator[Line]:
    """Tell of the stops that staff announced without a place in the order, soonest first."""
    found = [
        (days.first, s) for s in guide.tour.stops if s.order is None and (days := s.certain_days)
    ]
    if found:
        yield _("Also announced by the caravan's team"), "title"
    for first, stop in sorted(found, key=lambda one: one[0]):
        name, when = guide.name(stop), printed_days(stop) or first
        if timing(guide.tour, stop, guide.today) == "here":
            yield _("👉 {wilaya}: today", wilaya=name), "item"
        else:
            yield _("{wilaya}: {days}", wilaya=name, days=when), "item"


def _alone(guide: Guide, stop: Stop) -> bool:
    """Whether a stop has a line of its own."""
    doubtful = any(conflict.about == "date" for conflict in stop.conflicts)
    there = timing(guide.tour, stop, guide.today) in ("here", "perhaps_here")
    return stop.certain_days is not None or stop.is_cancelled or doubtful or there


def _dated(guide: Guide, stop: Stop) -> Text:
    n, name, days = stop.order or 0, guide.name(stop), printed_days(stop)
    match timing(guide.tour, stop, guide.today):
        case "here":
            return _("👉 {place}. {wilaya}: today", place=n, wilaya=name)
        case "perhaps_here":
            return _("👉 {place}. {wilaya}: perhaps still there", place=n, wilaya=name)
        case "cancelled":
            return _("{place}. {wilaya}: cancelled", place=n, wilaya=name)
    if days is None:
        return _("{place}. {wilaya}: the sources differ", place=n, wilaya=name)
    return _("{place}. {wilaya}: {days}", place=n, wilaya=name, days=days)


def _undated(guide: Guide, stops: list[Stop]) -> Text:
    first, last = stops[0].order or 0, stops[-1].order or 0
    names = guide.names(stops)
    if first == last:
        return _("{place}. {wilaya}: date not announced", place=first, wilaya=names[0])
    return _(
        "{first}–{last}. {wilayas}: dates not announced",
        first=first,
        last=last,
        wilayas=names,
    )

"""What is said of one stop in a few words, for where each of them is paid for.

It is never surer than the long answer: what is only announced, what the press prints and what
nobody printed are told apart. Hours, lengths of stay, sources and their versions are left to it.
"""

from __future__ import annotations

from collections.abc import Iterable

from actions.stops import Place, Stop
from actions.tour import Coming, Found, Near, timing
from bot.answers.notes import agency_today
from bot.answers.stop_lines import Guide, about, wilaya_name
from bot.text import Day, Name, Text, _, ngettext

#: The letters of a place, in French and in Arabic: a longer one, such as staff may write, is left
#: to the long answer; one of more than `SHORT_PLACE` leaves no room for what comes next.
LONGEST_PLACE, SHORT_PLACE = (64, 50), 29


def days_of(stop: Stop) -> Text | Day:
    """Return the certain days of a stop, without their weekdays."""
    days = stop.certain_days
    if days is None:
        return _("date not announced")
    if days.last is None or days.last == days.first:
        return Day(days.first)
    same_month = (days.first.year, days.first.month) == (days.last.year, days.last.month)
    first = days.first.day if same_month else Day(days.first)
    return _("from {first} to {last}", first=first, last=Day(days.last))


def place_named(guide: Guide, found: Found, town: Name | str = "") -> Text | Name:
    """Return the wilaya found, with the town asked about and the wilaya it was part of, if any."""
    name: Text | Name = wilaya_name(found.wilaya)
    if found.mother:
        mother = wilaya_name(found.mother)
        name = _("{wilaya} (in {year}: {mother})", wilaya=name, year=guide.tour.year, mother=mother)
    return _("{town}, {wilaya}", town=town, wilaya=name) if town else name


def status(guide: Guide, stop: Stop, where: Text | Name | None = None) -> Text:
    """Say whether the caravan is, was or will be at a stop, called `where`."""
    place = where or guide.name(stop)
    if stop.is_cancelled:
        return _("{place}: the stop is cancelled.", place=place)
    if not stop.listed:
        return _("{place}: I found nothing printed on a stop.", place=place)
    days = stop.certain_days
    match timing(guide.tour, stop, guide.today):
        case "here" if days and days.last == guide.today:
            return _("{place}: the caravan is there today, its last day.", place=place)
        case "here" if days and days.last:
            return _("{place}: the caravan is there until {day}.", place=place, day=Day(days.last))
        case "here":
            return _("{place}: the caravan is there today; its last day is not known.", place=place)
        case "perhaps_here" if days:
            return _(
                "{place}: the caravan was there on {day}, perhaps still (not confirmed).",
                place=place,
                day=Day(days.first),
            )
        case "perhaps_here" | "past" if stop.mentioned and not days:
            return _(
                "{place}: told of in a newspaper of {day}, days not known.",
                place=place,
                day=Day(stop.mentioned),
            )
        case "past":
            return _past(guide, stop, place)
        case "not_known":
            return _(
                "{place}: date not announced, perhaps past already (not confirmed).", place=place
            )
        case _:
            return _to_come(stop, place)


def _past(guide: Guide, stop: Stop, place: Text | Name) -> Text:
    days = stop.certain_days
    if days and days.last and days.last > days.first:
        return _("{place}: the caravan was there {days}.", place=place, days=days_of(stop))
    if days and days.last:
        return _("{place}: the caravan was there on {day}.", place=place, day=Day(days.first))
    if days:
        return _(
            "{place}: the caravan was there on {day}; its last day is not known.",
            place=place,
            day=Day(days.first),
        )
    if stop.order is None:
        return _("{place}: the press tells of a stop, without its date.", place=place)
    if guide.over:
        return _(
            "{place}: stop number {n} of the programme, date not known.",
            place=place,
            n=stop.order,
        )
    return _("{place}: past already by the order of the tour, date not known.", place=place)


def _to_come(stop: Stop, place: Text | Name) -> Text:
    days = stop.certain_days
    if days:
        known = (
            _("announced")
            if stop.announced_on or stop.date_status == "announced"
            else _("from the press")
        )
        when = days_of(stop)
        if days.last:
            return _("{place}: {days} ({known}).", place=place, days=when, known=known)
        return _("{place}: from {day} on ({known}).", place=place, day=days.first, known=known)
    if stop.order is None:
        return _("{place}: to come with the South, neither order nor date announced.", place=place)
    return _("{place}: yet to come, date not announced.", place=place)


def where_in_town(stop: Stop) -> list[Text]:
    """Say where in its town a stop is, if that is known and short."""
    place = stop.place
    # A place written in Arabic letters alone would make a French text twice as dear.
    if place is None or _in_arabic_letters(place.fr):
        return []
    if any(n > most for n, most in zip(_letters(place), LONGEST_PLACE, strict=True)):
        return []
    name = Name(place.fr, place.ar)
    if place.status == "inferred":
        return [_("Place, to be confirmed: {place}.", place=name)]
    return [_("Place: {place}.", place=name)]


def here(guide: Guide, stop: Stop, left: Coming) -> list[Text]:
    """Say what is known of the stop where the caravan is, and what is next if there is room."""
    said, place = [status(guide, stop), *where_in_town(stop)], stop.place
    if place is None:
        return [*said, *coming_next(guide, left)]
    if len(said) == 1 or max(_letters(place)) <= SHORT_PLACE:
        return [*said, *coming_next(guide, left)[:1]]
    return said


def _letters(place: Place) -> tuple[int, int]:
    return len(place.fr), len(place.ar)


def _in_arabic_letters(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


def hours(stop: Stop) -> list[Text]:
    """Say when a stop opens, if that is known."""
    if stop.opens and stop.closes:
        return [_("Hours: {opens} to {closes}.", opens=stop.opens, closes=stop.closes)]
    if stop.opens:
        return [_("Opens at {opens}.", opens=stop.opens)]
    return []


def disagreement(stop: Stop) -> list[Text]:
    """Say that sources differ on when a stop is."""
    if any(conflict.about == "date" for conflict in stop.conflicts):
        return [_("Sources differ on the date.")]
    return []


def first(guide: Guide, stop: Stop) -> list[Text]:
    """Say when and where a tour that has not begun is to begin, as far as sources agree."""
    lines = [status(guide, stop), *where_in_town(stop), *disagreement(stop)]
    if any(conflict.about == "launch" for conflict in stop.conflicts):
        lines.append(_("Sources differ on where the tour began."))
    return lines


def bounds(guide: Guide, found: Found) -> list[Text]:
    """Say after and before which dated stops one without certain days comes in the order."""
    after, before = found.after, found.before
    if after and before:
        return [
            _(
                "In order: after {after} ({after_days}), before {before} ({before_days}).",
                after=guide.name(after),
                after_days=_day_of(after, first=False),
                before=guide.name(before),
                before_days=_day_of(before, first=True),
            )
        ]
    if after:
        days = _day_of(after, first=False)
        return [_("In order: after {wilaya} ({day}).", wilaya=guide.name(after), day=days)]
    if before:
        days = _day_of(before, first=True)
        return [_("In order: before {wilaya} ({day}).", wilaya=guide.name(before), day=days)]
    return []


def _day_of(stop: Stop, *, first: bool) -> Day | Text:
    days = stop.certain_days
    if days is None:
        return _("date not announced")
    return Day(days.first if first else days.last or days.first)


def near(guide: Guide, found: Iterable[Near]) -> list[Text]:
    """Name the nearest of some stops that has a date, else the nearest of all."""
    stops = tuple(found)
    if not stops:
        return []
    nearest = stops[0]
    name, km = guide.name(nearest.stop), about(nearest.km)
    if timing(guide.tour, nearest.stop, guide.today) == "here":
        return [_("Nearest stop: {wilaya}, about {km} km, there today.", wilaya=name, km=km)]
    dated = next((n for n in stops if n.stop.certain_days), nearest)
    if dated != nearest:
        return [
            _(
                "Nearest stop with a date: {wilaya}, about {km} km, {days}.",
                wilaya=guide.name(dated.stop),
                km=about(dated.km),
                days=days_of(dated.stop),
            )
        ]
    return [
        _(
            "Nearest stop: {wilaya}, about {km} km, {days}.",
            wilaya=name,
            km=km,
            days=days_of(nearest.stop),
        )
    ]


def coming_next(guide: Guide, left: Coming) -> list[Text]:
    """Say what comes next, and the next stop that has a date."""
    first, dated = left.in_order, left.dated
    if first is None and dated is None:
        return [_("Next, the South: no order and no dates announced.")]
    lines = []
    if first and first != dated:
        lines.append(_("Next: {wilaya}, date not announced.", wilaya=guide.name(first)))
    if dated:
        name, days = guide.name(dated), days_of(dated)
        line = (
            _("Next with a date: {wilaya}, {days}.", wilaya=name, days=days)
            if lines
            else _("Next: {wilaya}, {days}.", wilaya=name, days=days)
        )
        # A stop out of the order may come before those that have no date.
        lines.insert(0 if dated.order is None else len(lines), line)
    return lines


def after_the_tour(guide: Guide) -> list[Text]:
    """Say that the tour is over, once it is, and whom to ask today."""
    if not guide.over:
        return []
    return [
        _(
            "The tour of {year} is over. For today, ask the agency ({agency}).",
            year=guide.tour.year,
            agency=agency_today(guide.asked),
        )
    ]


def whole_tour(guide: Guide) -> list[Text]:
    """Say of how many wilayas each part of the tour is, and its days as far as they are known."""
    lines: list[Text] = []
    for part in guide.tour.parts:
        ordered = [stop for stop in part.stops if stop.order is not None]
        days = part.certain_days
        if not ordered:
            continue
        count = ngettext("{n} wilaya", "{n} wilayas", len(ordered))
        if days and days.last:
            period = _("from {first} to {last}", first=Day(days.first), last=Day(days.last))
            lines.append(_("Part {part}: {count}, {days}.", part=part.number, count=count,
                           days=period))  # fmt: skip
        elif days:
            lines.append(_("Part {part}: {count}, from {day} on.", part=part.number, count=count,
                           day=Day(days.first)))  # fmt: skip
        else:
            lines.append(_("Part {part}: {count}.", part=part.number, count=count))
    if not guide.over and any(
        stop.order is None and not stop.certain_days for stop in guide.tour.stops
    ):
        lines.append(_("Then the South: dates not known."))
    return lines

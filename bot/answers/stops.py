"""The answers about the stops: the next one, one wilaya's, their places, and the whole tour."""

from __future__ import annotations

from collections.abc import Callable

from actions.stops import Stop
from actions.tour import (
    Between,
    Coming,
    Found,
    Here,
    Near,
    NotBegun,
    Over,
    PerhapsHere,
    coming,
    find,
    is_left,
    position,
)
from bot.answers import stop_briefly as briefly
from bot.answers.nearby import (
    after_the_tour,
    around,
    ask_the_agency,
    location_answer,
    mother_lines,
    nearest_lines,
    stop_choices,
    town_name,
)
from bot.answers.stop_lines import (
    Guide,
    Line,
    TourAsked,
    printed_days,
    wilaya_name,
)
from bot.answers.stop_place import hours_line, place_line, venue
from bot.answers.whole_tour import tour_lines
from bot.menu import MENU_BUTTON, choice, told
from bot.text import Choice, Name, Say, Text, _
from nlu.client import Entity

__all__ = ["STOP_ANSWERS", "TourAsked", "location_answer"]

#: More wilayas in one message are not answered: the answer would be long on a small screen.
MOST_WILAYAS = 4
#: Stops without dates that are named after the next one.
MOST_NEXT = 3


def ask_next_stop(asked: TourAsked) -> list[Say]:
    """Say where the caravan is today, and what comes next."""
    guide, where = Guide(asked), position(asked.tour, asked.today)
    left = coming(asked.tour, asked.today)
    lines: list[Line]
    brief: list[Text]
    match where:
        case Over(last):
            return [_over(guide, last)]
        case NotBegun(stop):
            title = _("The caravan has not set off yet.")
            brief = [title, *briefly.first(guide, stop)]
            lines = [_first_stop(guide, stop), place_line(stop), *guide.differing(stop)]
        case Here(stop):
            title = _("Today, the caravan is here: {wilaya}.", wilaya=guide.name(stop))
            brief = briefly.here(guide, stop, left)
            lines = [*_stop_lines(guide, stop), *_next(guide, left, one=True)]
        case PerhapsHere(stop):
            title = _("Last known stop: {wilaya}.", wilaya=guide.name(stop))
            brief = briefly.here(guide, stop, left)
            lines = [*_stop_lines(guide, stop), *_next(guide, left, one=True)]
        case Between(stop):
            title = _("No stop is announced for today.")
            brief = [title, *briefly.coming_next(guide, left)]
            lines = [_last_known(guide, stop), *_next(guide, left, one=False)]
    shown = dict.fromkeys(s for s in (stop, left.in_order, left.dated) if s)
    lines = [(title, "title"), *lines, *guide.notes(*shown)]
    pin = venue(stop, guide.name(stop)) if isinstance(where, Here | NotBegun) else []
    subject = stop if isinstance(where, Here | NotBegun | PerhapsHere) else left.dated or stop
    return [Say(tuple(lines), stop_choices(subject), brief=tuple(brief), more=True), *pin]


def ask_stop_in_wilaya(asked: TourAsked) -> list[Say]:
    """Say when the caravan is in each wilaya named; ask which, when it is not clear."""
    return _for_each_wilaya(asked, "ask_stop_in_wilaya", _in_wilaya) or [_which_wilaya()]


def ask_stop_place_time(asked: TourAsked) -> list[Say]:
    """Say the place and the hours of the stop of each wilaya named, else of the present stop."""
    named = _for_each_wilaya(asked, "ask_stop_place_time", _place_in_wilaya)
    if named:
        return named
    guide, left = Guide(asked), coming(asked.tour, asked.today)
    opening: list[Line] = []
    match position(asked.tour, asked.today):
        case Over(last):
            return [_over(guide, last)]
        case Here(stop) | PerhapsHere(stop) | NotBegun(stop):
            pass
        case Between(last):
            stop = left.dated or left.in_order or last
            opening = [(_("No stop is announced for today."), "plain")]
    wilaya = asked.geography.wilayas[stop.wilaya]
    return _place(guide, find(asked.tour, asked.geography, wilaya, asked.today), opening)


def ask_tour_schedule(asked: TourAsked) -> list[Say]:
    """Show the whole tour, by part, with the days that were printed."""
    guide = Guide(asked)
    lines: list[Line] = tour_lines(guide)
    if guide.over:
        lines = [*after_the_tour(guide), *lines]
    rows = (
        (choice("ask_next_stop"), choice("ask_stop_in_wilaya")),
        (choice("ask_how_to_apply"), MENU_BUTTON),
    )
    brief = (
        *briefly.after_the_tour(guide),
        *briefly.whole_tour(guide),
        _("Write the name of a wilaya for its date."),
    )
    return [Say((*lines, *guide.notes()), rows, brief=brief, more=True)]


STOP_ANSWERS: dict[str, Callable[[TourAsked], list[Say]]] = {
    function.__name__: function
    for function in (ask_next_stop, ask_stop_in_wilaya, ask_stop_place_time, ask_tour_schedule)
}


# -- the next stop -------------------------------------------------------------------------------


def _stop_lines(guide: Guide, stop: Stop) -> list[Line]:
    lines: list[Line] = [(guide.status(stop), "plain"), place_line(stop)]
    if stop.opens:
        lines.append(hours_line(stop))
    return [*lines, *guide.differing(stop)]


def _first_stop(guide: Guide, stop: Stop) -> Line:
    name, days = guide.name(stop), printed_days(stop)
    if days is None:
        return _("Next comes {wilaya}; its date has not been announced.", wilaya=name), "plain"
    return _("First stop: {wilaya}, {days}.", wilaya=name, days=days), "plain"


def _last_known(guide: Guide, stop: Stop) -> Line:
    days = printed_days(stop)
    if days is None and stop.mentioned:
        line = _(
            "Last known stop: {wilaya}, told of in a newspaper of {day}.",
            wilaya=guide.name(stop),
            day=stop.mentioned,
        )
    else:
        line = _("Last known stop: {wilaya}, {days}.", wilaya=guide.name(stop), days=days or "")
    return line, "plain"


def _next(guide: Guide, left: Coming, *, one: bool) -> list[Line]:
    """Say what comes next; with `one`, only the very next of the stops that have no date."""
    first, dated = left.in_order, left.dated
    if first is None and dated is None:
        south = _("Next, the South: neither the order nor the dates have been announced.")
        return [(south, "plain")]
    lines: list[Text] = []
    if first and first != dated:
        apart = dated is not None and dated.order is None
        lines += _undated(guide, first, dated, apart=apart, one=one)
    if dated:
        name, days = guide.name(dated), printed_days(dated) or ""
        line = (
            _("Next stop: {wilaya}, {days}.", wilaya=name, days=days)
            if first in (dated, None)
            else _("The next stop with a date: {wilaya}, {days}.", wilaya=name, days=days)
        )
        # A stop out of the order may come before those that have no date.
        lines.insert(0 if dated.order is None else len(lines), line)
    return [(line, "plain") for line in lines]


def _undated(
    guide: Guide, first: Stop, dated: Stop | None, *, apart: bool, one: bool
) -> list[Text]:
    """Name the stops without a date that come next, up to the one that has one.

    With `apart`, what has a date is out of their order, and may come before or after them.
    """
    name = guide.name(first)
    lines = [
        _("In the order that was printed, {wilaya} comes next, without a date.", wilaya=name)
        if apart
        else _("Next comes {wilaya}; its date has not been announced.", wilaya=name)
    ]
    after = [s for s in guide.tour.ordered if (s.order or 0) > (first.order or 0)]
    end = after.index(dated) if dated in after else len(after)
    others = [s for s in after[:end] if s.certain_days is None][:MOST_NEXT]
    if others and not one:
        lines.append(_("Then, also without dates: {wilayas}.", wilayas=guide.names(others)))
    return lines


def _over(guide: Guide, last: Stop | None) -> Say:
    lines: tuple[Line, ...] = (
        (_("The tour of {year} is over.", year=guide.tour.year), "title"),
        *((_last_known(guide, last),) if last else ()),
        (ask_the_agency(guide), "plain"),
        *guide.notes(*((last,) if last else ())),
    )
    rows = (
        (choice("ask_tour_schedule"), choice("ask_stop_in_wilaya")),
        (choice("ask_agency"), choice("ask_how_to_apply")),
    )
    brief = (
        *briefly.after_the_tour(guide),
        *((_("Last known stop: {stop}", stop=briefly.status(guide, last)),) if last else ()),
    )
    return Say(lines, rows, brief=brief, more=True)


# -- a wilaya ------------------------------------------------------------------------------------


def _for_each_wilaya(
    asked: TourAsked, intent: str, tell: Callable[[Guide, Entity], list[Say]]
) -> list[Say]:
    guide = Guide(asked)
    says: list[Say] = []
    for entity in asked.wilayas[:MOST_WILAYAS]:
        possible = [code for code in entity.candidates if code in asked.geography.wilayas]
        says += [_ask_back(guide, intent, possible)] if possible else tell(guide, entity)
    if len(asked.wilayas) > MOST_WILAYAS:
        says.append(told(_("I stop here; ask me about the other wilayas in another message.")))
    return says


def _ask_back(guide: Guide, intent: str, codes: list[str]) -> Say:
    wilayas = [guide.asked.geography.wilayas[code] for code in codes]
    rows = tuple((Choice(wilaya_name(w), f"ask:{intent}:{w.code}"),) for w in wilayas)
    if len(wilayas) == 1:
        question = _("Do you mean this wilaya: {wilaya}?", wilaya=wilaya_name(wilayas[0]))
    else:
        question = _("Several wilayas have this name or number. Which one do you mean?")
    return told(question, choices=(*rows, (Choice(_("Something else"), "menu"),)))


def _which_wilaya() -> Say:
    line = _("Which wilaya? Write its name or that of a town, or share where you are.")
    return Say(
        ((line, "plain"),),
        ask_location=_("📍 Share where I am"),
        brief=(_("Which wilaya? Write its name or that of a town."),),
    )


def _found(guide: Guide, entity: Entity) -> Found:
    asked = guide.asked
    wilaya = asked.geography.wilayas[str(entity.value)]
    return find(asked.tour, asked.geography, wilaya, asked.today)


def _town(guide: Guide, found: Found, town: str) -> Name | str:
    """Return the name of the town asked about, nothing where it is called like its wilaya."""
    if not town or town == found.wilaya.fr:
        return ""
    known = guide.asked.geography.town_named(town, found.wilaya.code)
    return town_name(known) if known else town


def _heading(guide: Guide, found: Found, town: str = "") -> list[Line]:
    name = wilaya_name(found.wilaya)
    named = _town(guide, found, town)
    if named:
        title = _("{town} is in this wilaya: {wilaya}.", town=named, wilaya=name)
    else:
        title = _("Wilaya: {wilaya}", wilaya=name)
    return [(title, "title"), *mother_lines(found)]


def _in_wilaya(guide: Guide, entity: Entity) -> list[Say]:
    found = _found(guide, entity)
    lines = _heading(guide, found, entity.town)
    stop = found.stop
    if stop is None:
        lines.append((_("The tour has no stop there."), "plain"))
    else:
        lines.append((guide.status(stop), "plain"))
        lines += [*guide.bounds(found), *guide.hints(stop)]
        if stop.place:
            lines.append(place_line(stop))
        if stop.opens:
            lines.append(hours_line(stop))
        lines += guide.differing(stop)
    near = around(guide, found)
    lines += [*nearest_lines(guide, found, near), *after_the_tour(guide)]
    lines += guide.notes(*((stop,) if stop else ()))
    coming_there = stop and is_left(guide.tour, stop, guide.today)
    pin = venue(stop, guide.name(stop)) if stop and coming_there else []
    offered = None if stop and stop.is_cancelled else stop
    brief = _in_wilaya_briefly(guide, found, entity.town, near)
    return [Say(tuple(lines), stop_choices(offered), brief=brief, more=True), *pin]


def _in_wilaya_briefly(
    guide: Guide, found: Found, town: str, near: tuple[Near, ...]
) -> tuple[Text, ...]:
    where = briefly.place_named(guide, found, _town(guide, found, town))
    stop = found.stop
    if stop is None:
        lines = [_("{place}: the tour has no stop there.", place=where)]
    else:
        lines = [briefly.status(guide, stop, where)]
    if guide.over:
        return (*lines, *briefly.after_the_tour(guide))
    if near or stop is None:
        return (*lines, *briefly.near(guide, near))
    left = is_left(guide.tour, stop, guide.today)
    return (
        *lines,
        *(briefly.disagreement(stop) or briefly.bounds(guide, found)),
        *(briefly.where_in_town(stop) if left else ()),
    )


def _place_in_wilaya(guide: Guide, entity: Entity) -> list[Say]:
    found = _found(guide, entity)
    if found.stop is None or not found.stop.listed or found.stop.is_cancelled:
        return _in_wilaya(guide, entity)
    return _place(guide, found, [], entity.town)


def _place(guide: Guide, found: Found, opening: list[Line], town: str = "") -> list[Say]:
    """Say where a stop is and when it opens, with its pin when its place has coordinates."""
    lines = [*_heading(guide, found, town), *opening]
    stop = found.stop
    if stop is None:
        return []
    lines += [(guide.status(stop), "plain"), place_line(stop), hours_line(stop)]
    lines += [*guide.differing(stop), *after_the_tour(guide), *guide.notes(stop)]
    rows = ((choice("ask_tour_schedule"), choice("ask_how_to_apply")), (MENU_BUTTON,))
    where = briefly.place_named(guide, found, _town(guide, found, town))
    brief = (briefly.status(guide, stop, where), *_place_briefly(guide, stop))
    return [Say(tuple(lines), rows, brief=brief, more=True), *venue(stop, guide.name(stop))]


def _place_briefly(guide: Guide, stop: Stop) -> list[Text]:
    """Say where a stop is and when it opens; once the tour is over, only that it is."""
    if guide.over:
        return briefly.after_the_tour(guide)
    at, hours = briefly.where_in_town(stop), briefly.hours(stop)
    if not stop.place and not hours:
        return [_("Place and hours: not announced.")]
    at = at or ([] if stop.place else [_("Place: not announced.")])
    return [*at, *(hours or [_("Hours: not announced.")])]

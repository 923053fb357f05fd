"""Answers by distance: the nearest stop still to come, and where someone is who shares a place."""

from __future__ import annotations

from dataclasses import replace

from actions.geography import Town
from actions.stops import Stop
from actions.tour import Found, Near, find, is_left, nearest, timing
from bot.answers import stop_briefly as briefly
from bot.answers.notes import Rows, agency_today
from bot.answers.stop_lines import Guide, Line, TourAsked, about, printed_days, wilaya_name
from bot.menu import MENU_BUTTON, choice
from bot.text import Name, Place, Say, Text, _

#: Farther from a town than this, in kilometres, someone is told how far it is.
NEAR_A_TOWN_KM = 30


def location_answer(asked: TourAsked, latitude: float, longitude: float) -> list[Say]:
    """Say which stop still to come is nearest to someone who shared where they are, in degrees."""
    guide = Guide(asked)
    where = asked.geography.locate(latitude, longitude)
    if where is None:
        return [_not_in_algeria()]
    found = find(asked.tour, asked.geography, where.wilaya, asked.today)
    near = nearest(asked.tour, asked.geography, (latitude, longitude), asked.today)
    town, wilaya = town_name(where.town), wilaya_name(where.wilaya)
    if where.km > NEAR_A_TOWN_KM:
        title = _(
            "The nearest town that I know is {town}, about {km} km away. Wilaya: {wilaya}.",
            town=town,
            km=about(where.km),
            wilaya=wilaya,
        )
    else:
        title = _("You are near {town}. Wilaya: {wilaya}.", town=town, wilaya=wilaya)
    lines: list[Line] = [(title, "title"), *mother_lines(found)]
    if found.stop and not (near and near[0].stop == found.stop):
        lines.append((guide.status(found.stop), "plain"))
    lines += [(line, "plain") for line in _near_lines(guide, near)]
    lines += after_the_tour(guide)
    shown = [near[0].stop] if near else []
    stops = dict.fromkeys((*((found.stop,) if found.stop else ()), *shown))
    return [
        Say(
            (*lines, *guide.notes(*stops)),
            stop_choices(shown[0] if shown else found.stop),
            brief=_brief(guide, found, town, near),
            more=True,
        )
    ]


def _brief(guide: Guide, found: Found, town: Name, near: tuple[Near, ...]) -> tuple[Text, ...]:
    """Name the nearest stop that is left or, once there is none, say of their own that it is."""
    lines = briefly.near(guide, near)
    if lines:
        where = briefly.place_named(guide, found, town)
        return (_("You are near: {place}.", place=where), *lines)
    own = [briefly.status(guide, found.stop)] if found.stop else []
    return (*own, *briefly.after_the_tour(guide))


def around(guide: Guide, found: Found) -> tuple[Near, ...]:
    """Return the stops that are left, nearest first, where the wilaya's own can't serve.

    For a wilaya made later it is its mother's alone where that is nearest. Else it is none.
    """
    own = found.stop
    served = own is not None and own.listed and is_left(guide.tour, own, guide.today)
    if served and not found.mother:
        return ()
    seat = (found.wilaya.latitude, found.wilaya.longitude)
    near = nearest(guide.tour, guide.asked.geography, seat, guide.today)
    if served and near and near[0].stop == own:
        return near[:1]
    return tuple(n for n in near if n.stop != own)


def nearest_lines(guide: Guide, found: Found, near: tuple[Near, ...]) -> list[Line]:
    """Name the nearest of the stops around a wilaya."""
    if near and near[0].stop == found.stop:
        return [(_near(guide, near[0]), "plain")]
    return [(line, "plain") for line in _near_lines(guide, near)]


def mother_lines(found: Found) -> list[Line]:
    """Say which wilaya of 2015 a newer one was part of."""
    if found.mother is None:
        return []
    line = _(
        "{wilaya} became a wilaya in {year}; at the time of the tour it was part of this one: "
        "{mother}.",
        wilaya=wilaya_name(found.wilaya),
        year=found.wilaya.since_year,
        mother=wilaya_name(found.mother),
    )
    return [(line, "plain")]


def after_the_tour(guide: Guide) -> list[Line]:
    """Say that the tour is over, once it is, and whom to ask today."""
    if not guide.over:
        return []
    return [
        (_("The tour of {year} is over.", year=guide.tour.year), "plain"),
        (ask_the_agency(guide), "plain"),
    ]


def ask_the_agency(guide: Guide) -> Text:
    """Say who knows what exists today."""
    return _(
        "For what exists today, ask the agency, {agency}: I can't check it.",
        agency=agency_today(guide.asked),
    )


def town_name(town: Town) -> Name:
    """Return a town's name in both languages, in Latin letters where no Arabic one is known."""
    return Place(town.name, town.ar or town.name)


def stop_choices(stop: Stop | None) -> Rows:
    """Return the buttons under an answer about a stop."""
    place, remind = choice("ask_next_stop"), choice("subscribe_reminder")
    if stop:
        asked = choice("ask_stop_place_time")
        place = replace(asked, data=f"{asked.data}:{stop.wilaya}")
        remind = replace(remind, data=f"{remind.data}:{stop.wilaya}")
    return (
        (place, choice("ask_tour_schedule")),
        (remind, choice("preregister")),
        (choice("ask_how_to_apply"), MENU_BUTTON),
    )


def _near_lines(guide: Guide, near: tuple[Near, ...]) -> list[Text]:
    """Name the nearest of some stops and, when it has no date, the nearest one that has."""
    if not near:
        return []
    lines = [_near(guide, near[0])]
    dated = next((n for n in near if n.stop.certain_days), None)
    if dated and dated != near[0]:
        lines.append(_near_with_date(guide, dated))
    return lines


def _near(guide: Guide, near: Near) -> Text:
    stop, km, name = near.stop, about(near.km), guide.name(near.stop)
    days = printed_days(stop)
    if timing(guide.tour, stop, guide.today) == "here":
        return _(
            "Nearest stop: {wilaya}, about {km} km as the crow flies. The caravan is there today.",
            wilaya=name,
            km=km,
        )
    if days:
        return _(
            "Nearest stop: {wilaya}, about {km} km as the crow flies: {days}.",
            wilaya=name,
            km=km,
            days=days,
        )
    return _(
        "Nearest of the stops left: {wilaya}, about {km} km as the crow flies. Its date has not "
        "been announced.",
        wilaya=name,
        km=km,
    )


def _near_with_date(guide: Guide, near: Near) -> Text:
    days = printed_days(near.stop)
    return _(
        "Nearest one with a date: {wilaya}, about {km} km: {days}.",
        wilaya=guide.name(near.stop),
        km=about(near.km),
        days=days or "",
    )


def _not_in_algeria() -> Say:
    return Say(
        (
            (_("It seems that you are outside Algeria, or at sea."), "title"),
            (
                _("The caravan travels in Algeria only. You can write me the name of a wilaya."),
                "plain",
            ),
        ),
        ((choice("ask_next_stop"), choice("ask_tour_schedule")), (MENU_BUTTON,)),
        brief=(
            _("It seems that you are outside Algeria, or at sea."),
            _("Write me the name of a wilaya."),
        ),
    )

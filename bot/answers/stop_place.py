"""Where in its town a stop is, when it opens, and its pin."""

from __future__ import annotations

from actions.stops import Place, Stop
from bot.answers.stop_lines import Line
from bot.text import Name, Say, _


def place_line(stop: Stop) -> Line:
    """Say where in the town a stop is, or that nobody has said."""
    if stop.place is None:
        return _("Place: not announced."), "plain"
    place = _place_name(stop.place)
    if stop.place.status == "inferred":
        return _("Place, to be confirmed: {place}", place=place), "plain"
    return _("Place: {place}", place=place), "plain"


def hours_line(stop: Stop) -> Line:
    """Say when a stop opens and closes, as far as it was printed."""
    if stop.opens and stop.closes:
        return _("Hours: {opens} to {closes}", opens=stop.opens, closes=stop.closes), "plain"
    if stop.opens:
        return (
            _("Opens at {opens}; the closing hour was not announced.", opens=stop.opens),
            "plain",
        )
    return _("Hours: not announced."), "plain"


def venue(stop: Stop, name: Name) -> list[Say]:
    """Return the pin of a stop's place: only when the place itself has coordinates."""
    place = stop.place
    if place is None or place.latitude is None or place.longitude is None:
        return []
    title = _("The caravan: {wilaya}", wilaya=name)
    address = _("Place: {place}", place=_place_name(place))
    return [Say(venue=(title, address, place.latitude, place.longitude))]


def _place_name(place: Place) -> Name:
    return Name(place.fr, place.ar)

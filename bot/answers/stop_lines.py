"""What is said of one stop: its days, where sources differ, and the sources.

Only announced and reported days are ever said; for other stops the order is, and that the date
is not known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from actions.geography import Geography, Wilaya
from actions.messages import Style
from actions.stops import Conflict, Stop, Tour, Version
from actions.tour import Found, is_over, timing
from bot.answers.asked import Asked
from bot.text import Name, Period, Place, Text, _, ngettext
from nlu.client import Entity

Line = tuple[Text, Style]

WEEKDAYS: dict[str, Text] = {
    "sunday": _("Sunday"),
    "monday": _("Monday"),
    "tuesday": _("Tuesday"),
    "wednesday": _("Wednesday"),
    "thursday": _("Thursday"),
    "friday": _("Friday"),
    "saturday": _("Saturday"),
}
_DIFFER: dict[str, Text] = {
    "launch": _("Sources differ on where the tour began:"),
    "date": _("Sources differ on the date:"),
    "length": _("Sources differ on how long the caravan stays:"),
}


@dataclass(frozen=True, kw_only=True)
class TourAsked(Asked):
    """A question, with the tour and the wilayas as well as the other facts."""

    tour: Tour
    geography: Geography

    @property
    def wilayas(self) -> tuple[Entity, ...]:
        """Return the wilayas named in the question, each once, as they were written."""
        known: dict[str, Entity] = {}
        for entity in self.entities:
            if entity.name == "wilaya" and str(entity.value) in self.geography.wilayas:
                known.setdefault(str(entity.value), entity)
        return tuple(known.values())


@dataclass(frozen=True)
class Guide:
    """What the tour says on the day of a question."""

    asked: TourAsked

    @property
    def tour(self) -> Tour:
        """Return the tour."""
        return self.asked.tour

    @property
    def today(self) -> dt.date:
        """Return the day of the question in Algiers."""
        return self.asked.today

    @cached_property
    def over(self) -> bool:
        """Whether nothing is left of the tour."""
        return is_over(self.tour, self.today)

    def name(self, stop: Stop) -> Name:
        """Return the name of a stop's wilaya."""
        return wilaya_name(self.asked.geography.wilayas[stop.wilaya])

    def names(self, stops: Iterable[Stop]) -> tuple[Name, ...]:
        """Return the names of some stops' wilayas."""
        return tuple(self.name(stop) for stop in stops)

    def status(self, stop: Stop) -> Text:
        """Say whether the caravan is, was or will be at a stop, with its days when certain."""
        if stop.is_cancelled:
            return _("The stop there is cancelled.")
        if not stop.listed:
            told = [s for s in self.tour.stops if s.order is None and s.listed]
            return _(
                "I found nothing printed on a stop there; of the South, the press only tells of: "
                "{wilayas}.",
                wilayas=self.names(told),
            )
        days = printed_days(stop)
        match timing(self.tour, stop, self.today):
            case "here":
                last = stop.certain_days.last if stop.certain_days else None
                if last == self.today:
                    return _("The caravan is there today: it is its last day.")
                if last:
                    return _("The caravan is there today, and until {day}.", day=last)
                return _("The caravan is there today; its last day was not printed.")
            case "perhaps_here" if days and stop.first:
                return _("The caravan was there on {day}; it may still be.", day=stop.first)
            case "perhaps_here" | "past" if stop.mentioned and not days:
                return _(
                    "A newspaper of {day} tells of the caravan there, without its days.",
                    day=stop.mentioned,
                )
            case "past":
                return self._past(stop, days)
            case "not_known":
                return _(
                    "The date has not been announced: I can't say whether the caravan has been "
                    "there already."
                )
            case _:
                return _to_come(stop, days)

    def _past(self, stop: Stop, days: Period | dt.date | None) -> Text:
        if isinstance(days, Period):
            return _("The caravan has been there: {days}.", days=days)
        if days:
            return _("The caravan was there on {day}: only that first day was printed.", day=days)
        if stop.order is None:
            return _("The press tells of a stop there, without its date.")
        if self.over:
            return _(
                "It was stop number {n} of the programme; its date was not printed.", n=stop.order
            )
        return _(
            "In the order of the tour, the caravan has already passed; the date was not printed."
        )

    def bounds(self, found: Found) -> list[Line]:
        """Say between which dated stops a stop without certain days comes."""
        after, before = found.after, found.before
        after_days = printed_days(after) if after else None
        before_days = printed_days(before) if before else None
        if after and after_days and before and before_days:
            line = _(
                "In the order of the tour: after {after} ({after_days}) and before {before} "
                "({before_days}).",
                after=self.name(after),
                after_days=after_days,
                before=self.name(before),
                before_days=before_days,
            )
        elif after and after_days:
            line = _(
                "In the order of the tour: after {after} ({after_days}).",
                after=self.name(after),
                after_days=after_days,
            )
        elif before and before_days:
            line = _(
                "In the order of the tour: before {before} ({before_days}).",
                before=self.name(before),
                before_days=before_days,
            )
        else:
            return []
        return [(line, "plain")]

    def hints(self, stop: Stop) -> list[Line]:
        """Say what was printed of a stop's days when its date was not: a weekday, a length."""
        lines: list[Line] = []
        if stop.certain_days is None:
            if stop.weekday and not stop.conflicts:
                day = WEEKDAYS[stop.weekday]
                lines.append(
                    (_("The press only prints the weekday: {weekday}.", weekday=day), "plain")
                )
            for n in stop.days[:1]:
                lines.append(
                    (ngettext("Length printed: {n} day.", "Length printed: {n} days.", n), "plain")
                )
        return lines

    def differing(self, stop: Stop) -> list[Line]:
        """Say where sources differ about a stop: every version, with who prints it.

        How long the tour stays in a wilaya is said where only a first day was printed.
        """
        conflicts = list(stop.conflicts)
        alone = stop.certain_days is not None and stop.certain_days.last is None
        if alone and not any(conflict.about == "length" for conflict in conflicts):
            conflicts += self.tour.part_of(stop).conflicts
        return [line for conflict in conflicts for line in self.conflict(conflict)]

    def conflict(self, conflict: Conflict) -> list[Line]:
        """Say every version of one disagreement."""
        lines: list[Line] = [(_DIFFER[conflict.about], "plain")]
        return lines + [(self._version(version), "item") for version in conflict.versions]

    def _version(self, version: Version) -> Text:
        who = self.titles(version.sources)
        where = (
            wilaya_name(self.asked.geography.wilayas[version.wilaya]) if version.wilaya else None
        )
        days = _span(version.first, version.last)
        if where and version.mentioned:
            return _("still at an earlier stop, {wilaya}: {sources}", wilaya=where, sources=who)
        if where and days:
            return _(
                "the caravan at {wilaya} then, {days}: {sources}",
                wilaya=where,
                days=days,
                sources=who,
            )
        if where:
            return _("at {wilaya}: {sources}", wilaya=where, sources=who)
        if version.weekday:
            return _(
                "a {weekday}, without its date: {sources}",
                weekday=WEEKDAYS[version.weekday],
                sources=who,
            )
        if days:
            return _("{days}: {sources}", days=days, sources=who)
        n = version.days or 0
        if not version.sources:
            return ngettext("{n} day", "{n} days", n)
        return ngettext("{n} day: {sources}", "{n} days: {sources}", n, sources=who)

    def notes(self, *stops: Stop) -> list[Line]:
        """Name who announced some stops and the sources of the others, else of the tour.

        The day they were read is left out when it is after that of the question, as on a simulated
        day.
        """
        return [*self._announced(stops), *self._read(stops)]

    def _announced(self, stops: Sequence[Stop]) -> list[Line]:
        """Say on which day staff last announced something of some stops, else of the tour."""
        days = {s.announced_on for s in stops or self.tour.stops if s.announced_on}
        if not days:
            return []
        day = max(days)
        if stops and len(days) == 1:
            return [(_("Announced by the caravan's team on {day}.", day=day), "note")]
        return [(_("Announced by the caravan's team, the last time on {day}.", day=day), "note")]

    def _read(self, stops: Sequence[Stop]) -> list[Line]:
        printed = [stop for stop in stops if stop.sources]
        if stops and not printed:
            return []
        titles = self.titles([key for stop in printed or self.tour.parts for key in stop.sources])
        day = min((stop.as_of or self.tour.as_of for stop in printed), default=self.tour.as_of)
        if day > self.today:
            return [(_("Source: {sources}.", sources=titles), "note")]
        return [(_("Source: {sources}. Read on {day}.", sources=titles, day=day), "note")]

    def titles(self, keys: Sequence[str]) -> tuple[Name, ...]:
        """Return the titles of some sources, each once."""
        titles = [self.asked.programme.sources[key].title for key in keys]
        return tuple(dict.fromkeys(Name(title.fr, title.ar) for title in titles))


def wilaya_name(wilaya: Wilaya) -> Name:
    """Return a wilaya's name in both languages."""
    return Place(wilaya.fr, wilaya.ar)


def about(km: float) -> int:
    """Return a distance as people say it: whole kilometres, and whole tens from a hundred on."""
    return int(round(km, -1)) if km >= 100 else max(1, round(km))


def printed_days(stop: Stop) -> Period | dt.date | None:
    """Return the announced or reported days of a stop; a lone day when only the first is known."""
    days = stop.certain_days
    return _span(days.first, days.last) if days else None


def where_lines(stop: Stop | None) -> list[Line]:
    """Say where a stop stands and when it is open, as far as that was printed."""
    lines: list[Line] = []
    if stop and stop.place and stop.place.status == "reported":
        place = Name(stop.place.fr, stop.place.ar)
        lines.append((_("Place: {place}", place=place), "item"))
    if stop and stop.opens and stop.closes:
        line = _("Hours: {opens} to {closes}", opens=stop.opens, closes=stop.closes)
        lines.append((line, "item"))
    elif stop and stop.opens:
        lines.append((_("Hours: from {opens}", opens=stop.opens), "item"))
    return lines


def _to_come(stop: Stop, days: Period | dt.date | None) -> Text:
    if isinstance(days, Period):
        return _("The caravan stops there: {days}.", days=days)
    if days:
        return _("The caravan arrives there: {day}.", day=days)
    if stop.order is None:
        return _(
            "The caravan is to come with the South part of the tour; neither its order nor its "
            "date has been announced."
        )
    return _("The caravan has yet to come there; the date has not been announced.")


def _span(first: dt.date | None, last: dt.date | None) -> Period | dt.date | None:
    if first is None:
        return None
    return Period(first, last) if last else first

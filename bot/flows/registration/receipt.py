"""What a registered person reads: the receipt with its code, and their registration later on."""

from __future__ import annotations

import datetime as dt

from actions.codes import shown as in_groups
from actions.geography import Geography, Wilaya
from actions.messages import Picture
from actions.phones import national
from actions.registrations import Registration
from actions.stops import Stop, Tour
from actions.tour import find, timing
from bot import menu
from bot.answers.stop_lines import printed_days, wilaya_name
from bot.flows.registration.places import Places
from bot.flows.registration.situations import QUALIFICATION_NAMES, SITUATION_NAMES, Trades
from bot.text import Choice, Day, Line, Name, Say, Text, _

#: What a registration's code has in front of it in a link that starts the assistant.
LINK = "c_"


class Stops:
    """The stops of the tour, as a registration speaks of them."""

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

    def told(self, code: str) -> Text:
        """Say which stop it is and when, as far as that was announced."""
        if not code:
            return _("Not chosen yet")
        stop = next((s for s in self._tour.stops if s.wilaya == code), None)
        name = wilaya_name(self._geography.wilayas[code])
        days = printed_days(stop) if stop else None
        if days:
            return _("{wilaya}, {days}", wilaya=name, days=days)
        return _("{wilaya}, date not announced yet", wilaya=name)

    def place(self, code: str) -> Name | None:
        """Return where in the town a stop stands, where that was printed."""
        stop = next((s for s in self._tour.stops if s.wilaya == code), None)
        if stop is None or stop.place is None or stop.place.status != "reported":
            return None
        return Name(stop.place.fr, stop.place.ar)

    def hours(self, code: str) -> tuple[dt.time | None, dt.time | None]:
        """Return when a stop opens and closes, as far as that was printed."""
        stop = next((s for s in self._tour.stops if s.wilaya == code), None)
        return (stop.opens, stop.closes) if stop else (None, None)


class Receipts:
    """Writes registrations out for the people they are of."""

    def __init__(
        self, places: Places, trades: Trades, stops: Stops, papers: tuple[Name, ...]
    ) -> None:
        self._places = places
        self._trades = trades
        self._stops = stops
        self._papers = papers

    def receipt(self, row: Registration, headline: Text) -> list[Say]:
        """Return the receipt: what was stored, what comes next, and the code as a picture."""
        lines: list[Line] = [
            (headline, "title"),
            (_("Your code: {code}", code=in_groups(row.code)), "plain"),
            *self.summary(row),
            (
                _(
                    "Bring: {papers}. The other papers come later, with the file.",
                    papers=self._papers,
                ),
                "plain",
            ),
            (
                _(
                    "To see, change or withdraw it: /moi. Nothing is decided here: the agency "
                    "decides."
                ),
                "note",
            ),
        ]
        picture = Say(
            ((_("Show this at the stand: {code}", code=in_groups(row.code)), "plain"),),
            picture=Picture(f"{LINK}{row.code}"),
        )
        choices = ((menu.choice("ask_documents"), Choice(_("See or change it"), "mine:show")),)
        return [Say(tuple(lines), choices), picture]

    def summary(self, row: Registration) -> list[Line]:
        """Return a registration's lines."""
        trade = row.trade or f"«{row.trade_words}"
        birth = (
            _("{date}", date=Day(row.birth_date))
            if row.birth_date
            else _("{n} years old, date to be given later", n=row.age or 0)
        )
        qualification: Text = QUALIFICATION_NAMES[row.qualification]
        if row.qualification_trade:
            qualification = _(
                "{level}, {trade}", level=qualification, trade=row.qualification_trade
            )
        values: list[tuple[Text, Text | Name]] = [
            (_("Name"), Name(*[f"{row.given_name} {row.family_name}"] * 2)),
            (_("Birth"), birth),
            (
                _("Lives in"),
                _(
                    "{commune}, {wilaya}",
                    commune=self._places.town_name(row.commune, row.wilaya),
                    wilaya=self._places.name(row.wilaya),
                ),
            ),
            (_("Phone"), Name(*[national(row.phone)] * 2)),
            (_("Situation"), SITUATION_NAMES[row.situation]),
            (_("Qualification"), qualification),
            (_("Project"), self._trades.shown(trade)),
            (_("Stop"), self._stops.told(row.stop)),
        ]
        lines: list[Line] = [
            (_("{label}: {value}", label=label, value=value), "item") for label, value in values
        ]
        place, (opens, closes) = self._stops.place(row.stop), self._stops.hours(row.stop)
        if place:
            lines.append((_("Place: {place}", place=place), "item"))
        if opens and closes:
            lines.append((_("Hours: {opens} to {closes}", opens=opens, closes=closes), "item"))
        elif opens:
            lines.append((_("Hours: from {opens}", opens=opens), "item"))
        return lines


def reminder_question(row: Registration) -> Say:
    """Ask whether the person wants a reminder: a yes of its own."""
    return Say(
        ((_("Shall I remind you the evening before the stop?"), "plain"),),
        (
            (
                Choice(_("🔔 Yes, remind me"), f"remind:yes:{row.stop}:{row.code}"),
                Choice(_("No"), f"remind:no:{row.stop}:{row.code}"),
            ),
        ),
    )

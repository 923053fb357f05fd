"""What a registered person reads: the receipt with its code, and their registration later on."""

from __future__ import annotations

from actions.codes import shown as in_groups
from actions.messages import Picture
from actions.phones import national
from actions.registrations import Registration
from bot import menu
from bot.answers.stop_lines import where_lines
from bot.flows.registration.places import Places
from bot.flows.registration.situations import QUALIFICATION_NAMES, SITUATION_NAMES, Trades
from bot.flows.registration.stops import Stops
from bot.forms import brief
from bot.text import Choice, Day, Line, Name, Say, Text, _

#: What a registration's code has in front of it in a link that starts the assistant.
LINK = "c_"


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
        """Return the receipt: what was stored, what comes next, and the code as a picture.

        In few words the first message says it all.
        """
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
        few = (
            headline,
            _(
                "Your code: {code}. {stop}. See it, change it: MYFILE. The agency decides.",
                code=in_groups(row.code),
                stop=self._stops.told_briefly(row.stop),
            ),
        )
        return [Say(tuple(lines), choices, brief=few, more=True), picture]

    def in_few_words(self, row: Registration, choices: tuple[Choice, ...]) -> Text:
        """Return a registration as fits into one message with the choices under it."""
        name = Name(*[f"{row.given_name} {row.family_name}"] * 2)
        trade = self._trades.shown(row.trade or f"«{row.trade_words}")
        commune = self._places.town_name(row.commune, row.wilaya)

        def written(letters: int) -> Text:
            return _(
                "{name}, code {code}: {commune}, {project}. {stop}. The agency decides.",
                name=brief.shortened(name, letters),
                code=in_groups(row.code),
                commune=brief.shortened(commune, letters),
                project=brief.shortened(trade, letters),
                stop=self._stops.told_briefly(row.stop),
            )

        return brief.fitting(written, choices)

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
        lines += where_lines(self._stops.at(row.stop))
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

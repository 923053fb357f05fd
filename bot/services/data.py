"""A person's rights over their data: the notice, everything held, and erasing it."""

from __future__ import annotations

import datetime as dt
import json
from html import escape
from typing import Any

from actions import privacy, registrations
from actions.facts import Programme
from actions.messages import Document, Language
from actions.privacy import Retention
from actions.registrations import Registration
from bot import menu
from bot.exchange import Exchange, Service
from bot.flows.registration.notice import notice
from bot.text import Choice, Line, Name, Say, Text, _, ngettext, render, say
from nlu.client import Entity


class OwnData(Service):
    """Shows what is held about a person, hands it over, and erases it after one confirmation."""

    prefix = "data"
    intents = frozenset({"delete_my_data"})
    commands = frozenset(
        {"mesdonnees", "mydata", "supprimer", "erase", "confidentialite", "privacy", "الخصوصية"}
    )

    def __init__(self, programme: Programme, keep: Retention) -> None:
        organisers = programme.caravan.organisers.names
        self._notice = notice(tuple(Name(o.fr, o.ar) for o in organisers), keep)

    def asked(self, x: Exchange, intent: str, entities: tuple[Entity, ...], text: str) -> None:
        """Offer to withdraw a registration or to erase all; without one, ask whether to erase."""
        mine = registrations.of_conversation(x.session, x.talk.id)
        if not mine:
            self._ask_to_erase(x)
            return
        withdraw = tuple((_withdraw(row),) for row in mine)
        x.say(
            say(
                _("Withdraw only the registration, or erase everything I hold about you?"),
                choices=(
                    *withdraw,
                    (Choice(_("Erase everything"), "data:ask"),),
                    (Choice(_("See it first"), "data:see"), Choice(_("No"), "data:keep")),
                ),
            )
        )

    def commanded(self, x: Exchange, command: str, text: str) -> None:
        """Show the notice, show the data, or ask whether to erase it."""
        match command:
            case "mesdonnees" | "mydata":
                self._hand_over(x)
            case "supprimer" | "erase":
                self._ask_to_erase(x)
            case _:
                x.say(self._notice)

    def pressed(self, x: Exchange, what: str) -> None:
        """Take a tap: see everything, erase, keep."""
        match what:
            case "see":
                self._hand_over(x)
            case "erase":
                self.confirmed(x, "erase", yes=True)
            case "ask":
                self._ask_to_erase(x)
            case _:
                self.confirmed(x, "erase", yes=False)

    def confirmed(self, x: Exchange, what: str, *, yes: bool) -> None:
        """Erase everything after a yes."""
        if not yes:
            x.say(say(_("All right, I erase nothing.")))
            return
        x.state.form = x.state.waiting = None
        x.turn.erased = True
        x.count("erased")
        x.say(
            say(
                _("It is done: I have erased everything I held about you."),
                _("You can write to me again whenever you like, as if for the first time."),
            )
        )

    def _ask_to_erase(self, x: Exchange) -> None:
        x.state.pending = "data:erase"
        x.say(
            say(
                _(
                    "Erase everything I hold about you: registrations, messages, reminders? It "
                    "can't be undone."
                ),
                choices=(
                    (Choice(_("Yes, erase all"), "data:erase"), Choice(_("No"), "data:keep")),
                    (Choice(_("See it first"), "data:see"),),
                ),
            )
        )

    def _hand_over(self, x: Exchange) -> None:
        held = privacy.held(x.session, x.talk)
        signed_up, wishes = len(held["registrations"]), len(held["reminders"])
        messages = len(held["messages_received"]) + len(held["messages_sent"])
        lines: tuple[Line, ...] = (
            (_("What I hold about you"), "title"),
            (_("This chat, its language, and where our talk stands."), "item"),
            (ngettext("{n} registration", "{n} registrations", signed_up), "item"),
            (ngettext("{n} reminder", "{n} reminders", wishes), "item"),
            (ngettext("{n} message", "{n} messages", messages), "item"),
        )
        erase = Choice(_("Erase it all"), "data:ask")
        page = _page(held, x.turn.reader, x.today)
        as_json = json.dumps(held, ensure_ascii=False, indent=2)
        x.say(
            Say(lines),
            Say(
                ((_("The same in full, to read in a browser."), "plain"),),
                document=Document(f"caravane-{x.today.isoformat()}.html", page),
            ),
            Say(
                ((_("The same in full, for another program (JSON)."), "plain"),),
                ((erase, menu.MENU_BUTTON),),
                document=Document(f"caravane-{x.today.isoformat()}.json", as_json),
            ),
        )


def _withdraw(row: Registration) -> Choice:
    name = Name(row.given_name, row.given_name)
    return Choice(_("Withdraw: {name}", name=name), f"mine:withdraw:{row.code}")


_SECTIONS: dict[str, Text] = {
    "chat": _("This chat"),
    "registrations": _("Registrations"),
    "consents": _("Agreements"),
    "reminders": _("Reminders"),
    "cases": _("Cases at the desk"),
    "not_understood": _("Messages I did not understand"),
    "messages_received": _("Messages I received"),
    "messages_sent": _("Messages I sent"),
}


def _page(held: dict[str, Any], language: Language, today: dt.date) -> str:
    """Write everything held as one page that any browser opens, right to left for Arabic."""
    direction = "rtl" if language == "ar" else "ltr"
    title = render(_("What Caravane holds about you, {day}", day=today), language)
    parts = [
        f'<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>body{{font:16px sans-serif;margin:1em}}"
        "dt{font-weight:bold}dd{margin:0 0 .5em}</style>"
        f"<h1>{escape(title)}</h1>"
    ]
    for key, section in _SECTIONS.items():
        parts.append(f"<h2>{escape(render(section, language))}</h2>{_html(held[key])}")
    return "".join(parts)


def _html(value: Any) -> str:
    match value:
        case dict():
            rows = (
                f"<dt dir=ltr>{escape(str(name))}</dt><dd dir=auto>{_html(one)}</dd>"
                for name, one in value.items()
                if one not in (None, "", [], {})
            )
            return f"<dl>{''.join(rows)}</dl>"
        case list():
            return "".join(f"<section>{_html(one)}</section><hr>" for one in value) or "—"
        case _:
            return escape(str(value))

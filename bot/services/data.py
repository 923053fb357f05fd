"""A person's rights over their data: the notice, everything held, and erasing it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

from actions import privacy, registrations
from actions.codes import shown as in_groups
from actions.digits import latin_digits
from actions.facts import Programme
from actions.messages import Document, Language
from actions.privacy import Retention
from actions.registrations import Registration
from bot import menu
from bot.exchange import Exchange, Service
from bot.flows.registration.notice import notice
from bot.forms import brief
from bot.questions import plain
from bot.services import proofs
from bot.services.registrations import LONGEST_NAME, on_a_phone
from bot.text import Choice, Line, Name, Say, Text, _, ngettext, render, say
from nlu.client import Entity

#: Who asks what becomes of the data is told, before anything is offered for erasing.
_WHO_SEES = re.compile(
    r"secur|securis|confident|prive|anonym|proteg|qui (?:va |peut )?(?:lire|voir|lit|voit)"
    r"|a quoi (?:vont )?serv|سري|امان|خصوصيه|محمي|يشوف|يطلع علي|يقرا|من سيري|sirr|ychouf|yechouf"
    r"|yeqra|y9ra"
)
_ERASES = re.compile(
    r"supprim|effac|annul|retir|enlev|oubli|حذف|امسح|امحو|محو|نحي|فاسي|الغ|msa7|na7i|nelghi"
)
#: A code to erase has four digits, and no nought in front, which an answer by number may lose.
FIRST_CODE, CODES = 1_000, 9_000


class OwnData(Service):
    """Shows what is held about a person, hands it over, and erases it after one confirmation.

    A number that a message comes from may be forged: who asks from one confirms with a code that
    only the phone of that number gets. `draw(n)` gives a random whole number below n.
    """

    prefix = "data"
    intents = frozenset({"delete_my_data"})
    commands = frozenset(
        {"mesdonnees", "mydata", "supprimer", "erase", "confidentialite", "privacy", "الخصوصية"}
    )

    def __init__(
        self,
        programme: Programme,
        keep: Retention,
        draw: Callable[[int], int],
    ) -> None:
        organisers = programme.caravan.organisers.names
        self._responsible = tuple(Name(o.fr, o.ar) for o in organisers)
        self._keep = keep
        self._draw = draw

    def asked(self, x: Exchange, intent: str, entities: tuple[Entity, ...], text: str) -> None:
        """Say what becomes of the data when asked; else offer to withdraw a registration or erase.

        Without a registration, ask whether to erase everything.
        """
        words = plain(text)
        if _WHO_SEES.search(words) and not _ERASES.search(words):
            self.commanded(x, "confidentialite", text)
            return
        mine = registrations.of_conversation(x.session, x.talk.id)
        if not mine:
            self._ask_to_erase(x)
            return
        withdraw = tuple((_withdraw(row),) for row in mine)
        said = say(
            _("Withdraw only the registration, or erase everything I hold about you?"),
            choices=(
                *withdraw,
                (Choice(_("Erase everything"), "data:ask"),),
                (Choice(_("See it first"), "data:see"), Choice(_("No"), "data:keep")),
            ),
        )
        x.say(replace(said, brief=(_("Withdraw the registration, or erase everything?"),)))

    def commanded(self, x: Exchange, command: str, text: str) -> None:
        """Show the notice, show the data, or ask whether to erase it."""
        match command:
            case "mesdonnees" | "mydata":
                self._hand_over(x)
            case "supprimer" | "erase":
                self._ask_to_erase(x)
            case _:
                x.say(notice(self._responsible, self._keep, by_sms=bool(x.number)))

    def pressed(self, x: Exchange, what: str) -> None:
        """Take a tap: see everything, erase, keep."""
        match what:
            case "see":
                self._hand_over(x)
            case "erase" if not x.number:
                self.confirmed(x, "erase", yes=True)
            case "ask" | "erase":
                self._ask_to_erase(x)
            case _:
                self.confirmed(x, "erase", yes=False)

    def confirmed(self, x: Exchange, what: str, *, yes: bool) -> None:
        """Erase everything after a yes."""
        if not yes:
            x.say(say(_("All right, I erase nothing.")))
            return
        if self._is_shared(x):
            x.say(
                say(
                    _(
                        "Several people share the number joined here: to erase, write SUPPRIMER by "
                        "SMS from it."
                    )
                )
            )
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

    def _is_shared(self, x: Exchange) -> bool:
        """Whether what is held is several people's, of a phone that this chat was joined with."""
        mine = registrations.of_conversation(x.session, x.talk.id)
        return not x.number and len(mine) > 1 and on_a_phone(x, mine)

    def replied(self, x: Exchange, what: str) -> bool:
        """Take a yes or a no, or the code where one was sent."""
        asked, _sep, code = what.partition(":")
        if asked != "code":
            return super().replied(x, what)
        digits = re.sub(r"\s", "", latin_digits(x.message.text))
        if x.yes_or_no == "deny":
            self.confirmed(x, "erase", yes=False)
        elif x.yes_or_no == "affirm":
            x.state.pending = f"data:{what}"
            x.say(say(_("To erase everything, reply with the code of four digits I sent.")))
        elif not re.fullmatch(r"\d{3,8}", digits):
            return False
        elif digits == code:
            self.confirmed(x, "erase", yes=True)
        elif proofs.miss(x, "wrong_erasures"):
            x.state.pending = f"data:{what}"
            x.say(say(_("That is not the code I sent. Look again, or write NO.")))
        else:
            x.say(_too_many_codes())
        return True

    def _send_code(self, x: Exchange) -> None:
        """Send a code to the phone whose number asks, to be sent back."""
        if proofs.is_refused(x, "wrong_erasures"):
            x.say(_too_many_codes())
            return
        code = str(FIRST_CODE + self._draw(CODES))
        x.state.pending = f"data:code:{code}"
        mine = registrations.of_conversation(x.session, x.talk.id)

        def written(letters: int) -> Text:
            if not mine:
                return _(
                    "Erase all I hold about this number? It can't be undone. Reply with this code: "
                    "{code}. Or write NO.",
                    code=code,
                )
            names = tuple(brief.clipped(row.given_name, letters) for row in mine)
            return _(
                "Erase all I hold about this number, with the registration of {names}? It can't be "
                "undone. Reply with this code: {code}. Or write NO.",
                names=names,
                code=code,
            )

        x.say(say(brief.fitting(written)))

    def _ask_to_erase(self, x: Exchange) -> None:
        if x.number:
            self._send_code(x)
            return
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
        mine = registrations.of_conversation(x.session, x.talk.id)
        if x.number or (len(mine) > 1 and on_a_phone(x, mine)):
            x.say(_in_few_words(x, signed_up, wishes, messages))
            return
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
    short = Name(*[brief.clipped(row.given_name, LONGEST_NAME)] * 2)
    return Choice(
        _("Withdraw: {name}", name=Name(*[row.given_name] * 2)),
        f"mine:withdraw:{row.code}",
        _("Withdraw: {name}", name=short),
    )


def _too_many_codes() -> Say:
    return say(
        _("Three wrong codes: I erase nothing, and ask again tomorrow. A person helps: AGENT")
    )


def _in_few_words(x: Exchange, signed_up: int, wishes: int, messages: int) -> Say:
    """Count what is held; the codes are left out on a phone that several people signed up with."""
    mine = registrations.of_conversation(x.session, x.talk.id)
    erase = Choice(_("Erase it all"), "data:ask", _("Erase all"))

    def named(row: Registration, letters: int) -> Name:
        name = brief.clipped(row.given_name, letters)
        return Name(*[name if len(mine) > 1 else f"{name} {in_groups(row.code)}"] * 2)

    def written(letters: int) -> Text:
        counts = {
            "registrations": ngettext("{n} registration", "{n} registrations", signed_up),
            "reminders": ngettext("{n} reminder", "{n} reminders", wishes),
            "messages": ngettext("{n} message", "{n} messages", messages),
        }
        if not mine:
            return _(
                "I hold this number, its language and where we stand; {registrations}, "
                "{reminders}, {messages}.",
                **counts,
            )
        return _(
            "I hold this number, its language and where we stand; {registrations} ({names}), "
            "{reminders}, {messages}.",
            **counts,
            names=tuple(named(row, letters) for row in mine),
        )

    return say(brief.fitting(written, (erase,)), choices=((erase,),))


_SECTIONS: dict[str, Text] = {
    "chat": _("This chat"),
    "registrations": _("Registrations"),
    "consents": _("Agreements"),
    "reminders": _("Reminders"),
    "cases": _("Cases at the desk"),
    "numbers_shown": _("Numbers"),
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

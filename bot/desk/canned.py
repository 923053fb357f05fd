"""`/canned`: answers kept ready, looked at before they are sent into a case."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from actions import canned, opening, registrations
from actions.canned import Canned
from actions.messages import Address, Line, Outbound
from actions.store import Session
from actions.tables import Case, Conversation
from bot.desk import replying
from bot.desk.by_sms import SEND_ALL_THE_SAME, Texted, takes, texted, too_long
from bot.desk.exchange import Command, DeskExchange
from bot.desk.filling import VARIABLES, fill, unknown, variables
from bot.desk.given import both_languages, in_both_languages
from bot.desk.hours import week_told
from bot.desk.speaking import spoken
from bot.questions import plain
from bot.text import Choice, Name, Say, Text, _, isolate, render, say
from bot.text import Line as Told
from bot.texting import writing

LONGEST = 1_000
ON_A_PAGE, IN_A_ROW = 12, 2

#: Says which stop a person is told of and its days, if there is one on a day.
StopOf = Callable[[Session, Conversation, dt.date], Text | None]

_ADD = frozenset(map(plain, ("add", "ajouter", "أضف")))
_EDIT = frozenset(map(plain, ("edit", "modifier", "عدل")))
_REMOVE = frozenset(map(plain, ("remove", "supprimer", "احذف")))
_NAME = re.compile(r"[^\W_][\w-]{0,23}")
_EXAMPLE = (
    "/canned add papiers\nBonjour {name}, voici la liste des papiers…\n---\n"
    "مرحبا {name}، هذه قائمة الوثائق…"
)


class CannedAnswers(Command):
    """Shows the answers kept ready, and sends one into a case; administrators change them."""

    name = "canned"
    summary = _("Answers kept ready")
    usage = "[… | add … | edit … | remove …]"

    def __init__(self, stop: StopOf, sms_price: Decimal = Decimal(0)) -> None:
        """`sms_price` is what a segment costs, in dinars; 0 where it is not known."""
        self._stop = stop
        self._price = sms_price

    def run(self, x: DeskExchange, words: str) -> None:
        """Show the list or one answer, or change them."""
        word, rest = (*words.split(maxsplit=1), "", "")[:2]
        if plain(word) in _ADD | _EDIT | _REMOVE:
            if x.is_administrator:
                _change(x, plain(word), rest)
            else:
                x.tell(_("That needs an administrator. /staff shows who is one."))
            return
        answer = canned.named(x.session, _folded(words)) if word else None
        if answer:
            self._show(x, answer)
        elif word:
            x.tell(_list(x, 0, _("I know no answer of this name.")))
        else:
            x.tell(_list(x, 0))

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Turn the page, show an answer, or send it."""
        deed, *numbers = what.split(":")
        if deed == "page":
            x.tell(_list(x, _number(numbers[0] if numbers else "")))
            return
        answer = canned.get(x.session, _number(numbers[0] if numbers else ""))
        if answer is None:
            x.tell(_list(x, 0, _("This answer is not kept any more.")))
        elif deed != "send" or x.case is None:
            self._show(x, answer)
        else:
            self._send(x, x.case, answer, numbers[-1])

    def _show(self, x: DeskExchange, answer: Canned, *news: Text) -> None:
        lines: list[Told] = [(line, "plain") for line in news]
        if x.case is None:
            lines += [(_told(answer.name), "title"), (_told(answer.fr), "plain")]
            x.tell(Say((*lines, (_told(answer.ar), "plain")), (_TO_THE_LIST,)))
            return
        text, complete = self._for_person(x, x.case, answer)
        sms = _by_sms(x, x.case, text)
        lines += [
            (_("The person would read:"), "title"),
            (_told(sms.text if sms else text), "plain"),
        ]
        choices = [_TO_THE_LIST]
        if sms and sms.is_too_long:
            lines.append((too_long(sms), "note"))
        elif complete:
            label = _("Send")
            if sms and sms.is_long:
                label = SEND_ALL_THE_SAME
                lines.append((_("That is {takes}.", takes=takes(sms, self._price)), "note"))
            send = Choice(label, f"desk-canned:send:{answer.id}:{_version(answer, sms)}")
            choices.insert(0, (send,))
        else:
            why = _("I know no stop for this person: this answer can't be sent to them.")
            lines.append((why, "note"))
        x.tell(Say(tuple(lines), tuple(choices)))

    def _send(self, x: DeskExchange, case: Case, answer: Canned, version: str) -> None:
        if canned.was_sent(x.session, case, answer, x.message.reference):
            x.tell(_("This answer was sent already: “{name}”.", name=answer.name))
            return
        text, complete = self._for_person(x, case, answer)
        sms = _by_sms(x, case, text)
        if version != _version(answer, sms) or not complete:
            self._show(x, answer, _("This answer has changed: look at it again."))
            return
        language = spoken(x.reached(case))
        if sms:
            message = writing.message(sms.text, language)
        else:
            lines = tuple(Line(isolate(line, language)) for line in text.split("\n"))
            message = Outbound(lines, language=language)
        if not replying.reply(x, case, message):
            return
        x.note(canned.SENT, case, canned.sending(answer, x.message.reference))
        x.tell(_("Sent: “{name}”.", name=answer.name))

    def _for_person(self, x: DeskExchange, case: Case, answer: Canned) -> tuple[str, bool]:
        """Return an answer as the person of a case would read it, and whether it is complete."""
        talk = x.talk(case)
        language = spoken(talk)
        text = answer.ar if language == "ar" else answer.fr
        values = {"name": _given_name(x.session, talk)}
        if "hours" in variables(text):
            told = week_told(opening.load(x.session))
            both = [render(line, language, isolated=False) for line in told]
            values["hours"] = ("؛ " if language == "ar" else " ; ").join(both)
        stop = self._stop(x.session, talk, x.today) if "stop" in variables(text) else None
        if stop:
            values["stop"] = render(stop, language, isolated=False)
        return fill(text, values), bool(stop) or "stop" not in variables(text)


_TO_THE_LIST = (Choice(_("All the answers"), "desk-canned:page:0"),)


def _change(x: DeskExchange, deed: str, rest: str) -> None:
    """Add an answer, give it other words, or remove it."""
    found = re.match(r"(\S*)\s*(.*)", rest, re.DOTALL)
    name, body = (_folded(found[1]), found[2]) if found else ("", "")
    if not _NAME.fullmatch(name) or plain(name) in _ADD | _EDIT | _REMOVE:
        x.tell(say(_("Its name is one word of at most {n} letters.", n=24), _example()))
        return
    answer = canned.named(x.session, name)
    if deed in _REMOVE:
        if canned.remove(x.session, name):
            x.note("canned_removed", details=name)
        x.tell(_list(x, 0, _("“{name}” is not kept any more.", name=name)))
        return
    if deed in _ADD and answer:
        x.tell(_("“{name}” is there already: /canned edit {name} changes it.", name=name))
        return
    if deed in _EDIT and answer is None:
        x.tell(_("“{name}” is not there: /canned add {name} makes it.", name=name))
        return
    both = both_languages(body)
    wrong = _wrong(both)
    if both is None or wrong:
        x.tell(say(*wrong))
        return
    if answer:
        canned.change(answer, *both, x.now)
        x.note("canned_changed", details=name)
    else:
        canned.make(x.session, name, *both, x.now)
        x.note("canned_added", details=name)
    x.tell(_list(x, 0, _("“{name}” is kept.", name=name)))


def _wrong(both: tuple[str, str] | None) -> list[Text]:
    """Say what is wrong with the words of an answer; nothing where they can be kept."""
    if both is None:
        return [
            in_both_languages(),
            _example(),
        ]
    if any(len(text) > LONGEST for text in both):
        return [_("An answer has at most {n} letters in each language.", n=LONGEST)]
    strange = unknown(" ".join(both))
    if strange:
        return [
            _(
                "I don't know {unknown}. There are only {variables}.",
                unknown=tuple(strange),
                variables=tuple(f"{{{name}}}" for name in VARIABLES),
            )
        ]
    return []


def _example() -> Text:
    return _("For example:\n{example}", example=_EXAMPLE)


def _list(x: DeskExchange, page: int, *news: Text) -> Say:
    lines: list[Told] = [(line, "plain") for line in news]
    answers = canned.listed(x.session)
    pages = max(1, -(-len(answers) // ON_A_PAGE))
    page = min(page, pages - 1)
    lines.append((_("Answers kept ready"), "title"))
    if not answers:
        lines.append((_("There is none yet."), "plain"))
    elif x.case:
        lines.append((_("Tap one to see it before it is sent."), "plain"))
    if x.is_administrator:
        lines.append(
            (_("To change them: {examples}", examples="/canned add|edit|remove …"), "note")
        )
    shown = answers[page * ON_A_PAGE :][:ON_A_PAGE]
    buttons = [Choice(Name(a.name, a.name), f"desk-canned:show:{a.id}") for a in shown]
    rows = [tuple(buttons[n : n + IN_A_ROW]) for n in range(0, len(buttons), IN_A_ROW)]
    turning = []
    if page > 0:
        turning.append(Choice(_("◀ Before"), f"desk-canned:page:{page - 1}"))
    if page < pages - 1:
        turning.append(Choice(_("After ▶"), f"desk-canned:page:{page + 1}"))
    return Say(tuple(lines), (*rows, tuple(turning)) if turning else tuple(rows))


def _given_name(session: Session, talk: Conversation) -> str:
    """Return the given name someone signed up with; nothing where several share the chat."""
    signed_up = registrations.of_conversation(session, talk.id)
    return signed_up[0].given_name if len(signed_up) == 1 else ""


def _by_sms(x: DeskExchange, case: Case, text: str) -> Texted | None:
    """Return an answer as the phone of someone who has SMS only gets it; None for anyone else."""
    talk = x.reached(case)
    return texted(text) if Address(talk.channel, talk.address).number else None


def _version(answer: Canned, sms: Texted | None) -> str:
    """Return what a yes is given to: the words kept, and how many SMS they take filled in."""
    words = str(int(answer.changed_at.timestamp() * 1000))
    return f"{words}-{sms.segments}" if sms else words


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip()).casefold()


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _told(words: str) -> Text:
    return _("{text}", text=words)

"""One turn: what a person did, where the dialogue stands, and what is said to it.

Plain synchronous functions: no database, no network, no clock of their own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from actions.messages import LANGUAGES, Inbound, Language
from bot import answering, filling, menu
from bot.clock import algiers_day
from bot.exchange import Exchange, Flow, Knowledge
from bot.questions import Word, plain, split_questions, word_that_always_works
from bot.state import State
from bot.text import Say, _, say
from bot.turn import Heard, Turn
from nlu.client import Entity

#: The only `/start` parameters that are followed: `stop_05` asks about the stop in wilaya 05.
START_PARAMETER = re.compile(r"stop_(\d{2})")


class Dialogue:
    """Answers people; the same for every channel."""

    def __init__(self, knowledge: Knowledge, flows: Mapping[str, Flow]) -> None:
        """`flows` maps the intent that opens a form to it."""
        self._knowledge = knowledge
        self._flows = flows

    def questions(self, message: Inbound) -> list[str]:
        """Return the texts of a message that need understanding before its turn.

        The whole message first, then the questions it is made of when there are several.
        """
        if message.kind not in {"text", "edit"} or not plain(message.text):
            return []
        if word_that_always_works(message.text):
            return []
        parts = split_questions(message.text)
        return [message.text, *parts] if len(parts) > 1 else [message.text]

    def set_aside(self) -> Say:
        """Say that a message could not be answered, after every try failed."""
        return say(
            _("Something went wrong on our side with your message. Please write it again later."),
            choices=menu.MENU,
        )

    def turn(
        self,
        state: Mapping[str, Any],
        language: str,
        message: Inbound,
        heard: Heard,
        now: dt.datetime,
        *,
        flooding: bool = False,
    ) -> Turn:
        """Return what this message changes and what is said to it."""
        turn = Turn(
            State.from_json(dict(state)),
            known(language),
            guess=_guess(message, heard),
        )
        if message.kind in {"text", "edit"}:
            short = len(message.text.split()) <= 2 and turn.state.form is not None
            turn.speak(written_language(message.text, heard) or (None if short else turn.language))
        if flooding:
            if not turn.state.flooding:
                turn.says.append(menu.too_fast())
            turn.state.flooding = True
            return turn
        turn.state.flooding = False
        _handle(Exchange(self._knowledge, self._flows, message, heard, algiers_day(now), turn))
        return turn


def _handle(x: Exchange) -> None:
    match x.message.kind:
        case "command":
            _command(x)
        case "button":
            _button(x, x.message.text)
        case "location":
            _location(x)
        case "text":
            if x.state.form:
                x.state.form.answered = ""  # only the newest answer can be corrected
            _text(x)
        case "edit":
            _edit(x)
        case "contact":
            x.say(menu.contact_not_needed())
            filling.ask_again(x)
        case _:
            x.say(menu.only_text())
            filling.ask_again(x)


def _command(x: Exchange) -> None:
    match x.message.command:
        case "start":
            _start(x, x.message.text)
        case "menu":
            _word(x, "menu")
        case "langue" | "language":
            x.say(menu.choose_language())
        case "annuler" | "cancel" | "stop":
            _word(x, "cancel")
        case _:
            _word(x, "help")


def _start(x: Exchange, parameter: str) -> None:
    x.state.form = None
    link = START_PARAMETER.fullmatch(parameter)
    wilaya = x.knowledge.wilaya_named(link[1]) if link else None
    wanted = f"ask:ask_stop_in_wilaya:{wilaya}" if wilaya else ""
    if x.turn.language is None:
        x.state.wanted = wanted
        x.turn.in_both_languages = True
        x.say(menu.welcome(languages=True))
    elif wanted:
        _button(x, wanted)
    else:
        x.say(menu.welcome(languages=False))
    x.count("start")


def _button(x: Exchange, data: str) -> None:
    action, _sep, rest = data.partition(":")
    match action:
        case "language" if rest in LANGUAGES:
            _choose_language(x, known(rest))
        case "language":
            x.say(menu.choose_language())
        case "menu":
            _word(x, "menu")
        case "ask" if rest.partition(":")[0] in menu.OFFERED:
            intent, _sep, wilaya = rest.partition(":")
            entities = (Entity("wilaya", wilaya, 0, 0),) if wilaya else ()
            form = x.state.form
            answering.answer(x, intent, entities)
            x.count("button", intent=intent)
            if form and x.state.form is form and intent not in x.flows:
                filling.ask_again(x)
        case "form":
            filling.press(x, data)
        case _:
            filling.past(x)


def _choose_language(x: Exchange, language: Language | None) -> None:
    first = x.turn.language is None
    x.turn.language = language
    x.turn.speak(language)
    x.say(say(_("Good: we speak English.")))
    if x.state.wanted:
        wanted, x.state.wanted = x.state.wanted, ""
        _button(x, wanted)
    elif x.state.form:
        filling.ask_again(x)
    elif first:
        x.say(menu.menu())


def _location(x: Exchange) -> None:
    latitude, longitude = x.message.latitude, x.message.longitude
    if latitude is not None and longitude is not None:
        x.say(*x.knowledge.near(latitude, longitude, x.today))
        x.state.topic, x.state.wilaya = "ask_stop_in_wilaya", ""
        filling.ask_again(x)


def _edit(x: Exchange) -> None:
    """Answer a corrected text again, when it is the last one they wrote."""
    if x.message.reference != x.state.read:
        return
    x.say(say(_("You corrected your message, so I answer again.")))
    if x.state.form:
        x.state.form.step_back()
    _text(x)


def _text(x: Exchange) -> None:
    x.state.read = x.message.reference
    word, flow = word_that_always_works(x.message.text), x.flow()
    if x.heard.unavailable:
        x.count("nlu_unavailable")
    if word:
        _word(x, word)
    elif not plain(x.message.text):
        x.say(menu.no_words())
        filling.ask_again(x)
    elif flow:
        if filling.take_text(x, flow) == "aside":
            answering.aside(x)
    elif x.heard.unavailable:
        answering.without_rasa(x)
    else:
        answering.free_text(x)
    if x.turn.language is None:
        _introduce(x)


def _word(x: Exchange, word: Word) -> None:
    match word:
        case "french" | "arabic":
            _choose_language(x, "fr" if word == "french" else "ar")
        case "cancel" if x.state.form:
            x.state.form = None
            x.say(say(_("All right, we stop here.")), menu.menu())
        case "help":
            x.say(menu.help_())
            filling.ask_again(x)
        case _:
            x.state.form = None
            x.say(menu.menu())
    x.state.misses = 0


def _introduce(x: Exchange) -> None:
    """Say who answers, to someone whose first message was a question."""
    x.turn.language = x.turn.guess
    x.state.wanted = ""
    x.turn.says.insert(0, say(_("Hello! I am Caravane, an automatic assistant.")))
    if not x.state.form:
        x.say(say(_("Another language? Tap:"), choices=(menu.LANGUAGE_BUTTONS,)))


def known(language: str) -> Language | None:
    """Return a language people can be answered in, or None."""
    return next((spoken for spoken in LANGUAGES if spoken == language), None)


def written_language(text: str, heard: Heard) -> Language | None:
    """Return the language a text is plainly written in, or None when it may be either.

    Arabizi and mixtures are answered in the language people chose.
    """
    arabic = len(re.findall(r"[\u0621-\u064a]", text))
    latin = len(re.findall(r"[A-Za-zÀ-ÿ]", text))
    if arabic > latin:
        return "ar"
    french = any(u.language == "fr" for _text, u in heard.questions[:1])
    return "fr" if french and len(text.split()) > 2 else None


def _guess(message: Inbound, heard: Heard) -> Language:
    """Guess the language of someone who has chosen none: how they write, then their phone's."""
    written = written_language(message.text, heard)
    return written or ("ar" if message.locale.startswith("ar") else "fr")

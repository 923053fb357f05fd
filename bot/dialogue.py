"""One turn: what a person did, where the dialogue stands, and what is said to it.

Plain synchronous functions: no database, no network, no clock of their own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Protocol

from actions.messages import LANGUAGES, Inbound, Language
from bot import forms, menu
from bot.clock import algiers_day
from bot.forms import Form
from bot.questions import Word, decide, plain, split_questions, word_that_always_works
from bot.state import State
from bot.text import Say, _, say
from bot.turn import Happening, Heard, Turn
from nlu.client import Entity, Understanding

#: A later message that names only a wilaya, or leaves it out, keeps to these questions.
ABOUT_A_STOP = ("ask_stop_in_wilaya", "ask_stop_place_time")
#: What a form takes as an answer, or as nothing, rather than as a question on the side.
NOT_A_QUESTION = frozenset({"greet", "thank", "affirm", "deny", "goodbye", "out_of_scope"})
#: The only `/start` parameters that are followed: `stop_05` asks about the stop in wilaya 05.
START_PARAMETER = re.compile(r"stop_(\d{2})")


class Knowledge(Protocol):
    """What the dialogue asks the facts, by intent and by place."""

    def answer(self, intent: str, entities: tuple[Entity, ...], today: dt.date) -> list[Say]:
        """Return the answer to an intent."""
        ...

    def near(self, latitude: float, longitude: float, today: dt.date) -> list[Say]:
        """Return the answer to someone who shared where they are."""
        ...

    def wilaya_named(self, text: str) -> str | None:
        """Return the code of the one wilaya or town that a whole text names."""
        ...


class Flow(Protocol):
    """A form and what is said when it is full."""

    form: Form

    def outcome(self, slots: Mapping[str, Any], today: dt.date) -> list[Say]:
        """Return what is said at the end."""
        ...


class Dialogue:
    """Answers people; the same for every channel."""

    def __init__(self, knowledge: Knowledge, flows: Mapping[str, Flow]) -> None:
        """`flows` maps the intent that opens a form to it."""
        self._knowledge = knowledge
        self._flows = flows
        self._forms = {flow.form.name: flow for flow in flows.values()}

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
            turn.speak(written_language(message.text, heard) or turn.language)
        if flooding:
            turn.says.append(
                say(_("You write very fast! I answer again in a minute; one message is enough."))
            )
            return turn
        _Answering(self, turn, message, heard, algiers_day(now)).run()
        return turn


class _Answering:
    """The handling of one message, by its kind."""

    def __init__(
        self, dialogue: Dialogue, turn: Turn, message: Inbound, heard: Heard, today: dt.date
    ) -> None:
        self._knowledge = dialogue._knowledge
        self._flows = dialogue._flows
        self._forms = dialogue._forms
        self._turn = turn
        self._state = turn.state
        self._message = message
        self._heard = heard
        self._today = today

    def run(self) -> None:
        match self._message.kind:
            case "command":
                self._command()
            case "button":
                self._button(self._message.text)
            case "location":
                self._location()
            case "text":
                self._text()
            case "edit":
                self._edit()
            case "contact":
                self._say(_contact_not_needed())
                self._ask_again()
            case _:
                self._say(menu.only_text())
                self._ask_again()

    # -- what they did ---------------------------------------------------------------------------

    def _command(self) -> None:
        name, parameter = self._message.command, self._message.text
        match name:
            case "start":
                self._start(parameter)
            case "menu":
                self._word("menu")
            case "langue" | "language":
                self._say(menu.choose_language())
            case _:
                self._word("help")

    def _start(self, parameter: str) -> None:
        self._leave_form()
        link = START_PARAMETER.fullmatch(parameter)
        wanted = f"ask:ask_stop_in_wilaya:{link[1]}" if link else ""
        if self._turn.language is None:
            self._state.wanted = wanted
            self._turn.in_both_languages = True
            self._say(menu.welcome(languages=True))
        elif wanted:
            self._button(wanted)
        else:
            self._say(menu.welcome(languages=False))
        self._count("start")

    def _button(self, data: str) -> None:
        action, _sep, rest = data.partition(":")
        match action:
            case "language" if rest in LANGUAGES:
                self._choose_language(known(rest))
            case "language":
                self._say(menu.choose_language())
            case "menu":
                self._word("menu")
            case "ask" if rest.partition(":")[0] in self._offered():
                intent, _sep, wilaya = rest.partition(":")
                entities = (Entity("wilaya", wilaya, 0, 0),) if wilaya else ()
                self._answer(intent, entities)
                self._count("button", intent=intent)
            case "form":
                self._press(data)
            case _:
                self._past()

    def _offered(self) -> frozenset[str]:
        return menu.OFFERED | {"ask_help", "out_of_scope"}

    def _choose_language(self, language: Language | None) -> None:
        first = self._turn.language is None
        self._turn.language = language
        self._turn.speak(language)
        self._say(say(_("Good: we speak English.")))
        if self._state.wanted:
            wanted, self._state.wanted = self._state.wanted, ""
            self._button(wanted)
        elif self._state.form:
            self._ask_again()
        elif first:
            self._say(menu.menu())

    def _location(self) -> None:
        where = (self._message.latitude, self._message.longitude)
        if where[0] is None or where[1] is None:
            return
        self._say(*self._knowledge.near(where[0], where[1], self._today))
        self._state.topic = "ask_stop_in_wilaya"
        self._ask_again()

    def _edit(self) -> None:
        """Answer a corrected text again, when it is the last one they wrote."""
        if self._message.reference != self._state.read:
            return
        self._say(say(_("You corrected your message, so I answer again.")))
        if self._state.form:
            self._state.form.step_back()
        self._text()

    # -- free text -------------------------------------------------------------------------------

    def _text(self) -> None:
        self._state.read = self._message.reference
        word = word_that_always_works(self._message.text)
        if word:
            self._word(word)
        elif not plain(self._message.text):
            self._say(menu.only_text())
            self._ask_again()
        elif self._heard.unavailable:
            self._without_rasa()
        elif self._state.form:
            self._text_in_form()
        else:
            self._free_text()
        if self._turn.language is None:
            self._introduce()

    def _word(self, word: Word) -> None:
        match word:
            case "french" | "arabic":
                self._choose_language("fr" if word == "french" else "ar")
            case "cancel" if self._state.form:
                self._leave_form()
                self._say(say(_("All right, we stop here.")))
                self._say(menu.menu())
            case "help":
                self._say(menu.help_())
                self._ask_again()
            case _:
                self._leave_form()
                self._say(menu.menu())
        self._state.misses = 0

    def _introduce(self) -> None:
        """Say who answers, to someone whose first message was a question."""
        self._turn.language = self._turn.guess
        self._turn.says.insert(0, say(_("Hello! I am Caravane, an automatic assistant.")))
        self._say(say(_("Another language? Tap:"), choices=(menu.LANGUAGE_BUTTONS,)))

    def _without_rasa(self) -> None:
        code = self._knowledge.wilaya_named(self._message.text)
        if code:
            self._answer("ask_stop_in_wilaya", (Entity("wilaya", code, 0, 0),))
        else:
            self._say(menu.understanding_down())
        self._count("nlu_unavailable")

    def _free_text(self) -> None:
        """Answer each question of the message, or the message as a whole when it asks one thing."""
        whole, *parts = [
            (text, u, decide(u, offered=menu.OFFERED)) for text, u in self._heard.questions
        ]
        clear = {
            decision.intents[0]: (text, heard, decision)
            for text, heard, decision in parts
            if decision.verdict == "answer" and decision.intents[0] not in NOT_A_QUESTION
        }
        for text, heard, decision in clear.values() if len(clear) > 1 else [whole]:
            match decision.verdict:
                case "answer":
                    self._state.misses = 0
                    self._answer(decision.intents[0], heard.entities, text, heard)
                    self._count("answered", heard)
                case "suggest":
                    self._say(menu.did_you_mean(decision.intents))
                    self._count("suggested", heard)
                case _:
                    self._state.misses += 1
                    self._say(menu.missed(again=self._state.misses >= 2))
                    self._count("missed", heard)

    def _answer(
        self,
        intent: str,
        entities: tuple[Entity, ...],
        text: str = "",
        heard: Understanding | None = None,
    ) -> None:
        intent, entities = self._in_context(intent, entities, text)
        self._state.topic = intent
        self._state.wilaya = next((str(e.value) for e in entities if e.name == "wilaya"), "")
        match intent:
            case "change_language":
                self._say(menu.choose_language())
            case "ask_help":
                self._say(menu.help_())
            case _ if intent in self._flows:
                self._open_form(intent, text, heard)
            case _:
                self._say(*self._knowledge.answer(intent, entities, self._today))

    def _in_context(
        self, intent: str, entities: tuple[Entity, ...], text: str
    ) -> tuple[str, tuple[Entity, ...]]:
        """Complete a follow-up: a wilaya alone keeps the question, a question keeps the wilaya."""
        wilayas = [e for e in entities if e.name == "wilaya"]
        if intent not in ABOUT_A_STOP:
            return intent, entities
        if not wilayas and text and self._state.wilaya and self._state.topic in ABOUT_A_STOP:
            return intent, (*entities, Entity("wilaya", self._state.wilaya, 0, 0))
        if wilayas and text and self._state.topic in ABOUT_A_STOP:
            rest = text
            for wilaya in wilayas:
                rest = rest.replace(text[wilaya.start : wilaya.end], " ")
            if len(plain(rest).split()) <= 2:
                return self._state.topic, entities
        return intent, entities

    # -- forms -----------------------------------------------------------------------------------

    def _open_form(self, intent: str, text: str, heard: Understanding | None) -> None:
        flow = self._flows[intent]
        self._state.form = forms.begin(flow.form, text, heard)
        self._go_on(flow, opening=True)

    def _go_on(self, flow: Flow, *, opening: bool = False) -> None:
        """Ask the next question, or say the outcome when nothing is missing."""
        filled = self._state.form
        if filled is None:
            return
        before = (flow.form.opening,) if opening else ()
        question = forms.ask(flow.form, self._state, before=before)
        if question:
            self._say(question)
            return
        self._state.form = None
        self._say(*flow.outcome(filled.slots, self._today))
        self._count("form_done", intent=flow.form.name)

    def _flow(self) -> Flow | None:
        form = self._state.form
        return self._forms.get(form.name) if form else None

    def _press(self, data: str) -> None:
        flow = self._flow()
        if flow is None:
            self._past()
            return
        match forms.press(flow.form, self._state, data):
            case True:
                self._go_on(flow)
            case False:
                self._past()
            case None:
                pass  # the same button twice: the question after it is already on its way

    def _past(self) -> None:
        if self._flow():
            self._say(say(menu.old_button()))
            self._ask_again()
        else:
            self._say(say(menu.old_button(), choices=menu.MENU))

    def _ask_again(self) -> None:
        flow = self._flow()
        if flow:
            self._go_on(flow)

    def _leave_form(self) -> None:
        self._state.form = None

    def _text_in_form(self) -> None:
        """Take a text as an answer, as a question on the side, or as a wrong answer."""
        flow, filled = self._flow(), self._state.form
        if flow is None or filled is None:
            self._leave_form()
            self._free_text()
            return
        text = self._message.text
        heard = self._heard.questions[0][1]
        answered = forms.take_answer(flow.form, filled, text, heard)
        decision = decide(heard, offered=menu.OFFERED)
        aside = (
            not answered
            and decision.verdict == "answer"
            and decision.intents[0] not in NOT_A_QUESTION
            and self._flows.get(decision.intents[0]) is not flow
        )
        more = forms.take_facts(flow.form, filled, text, heard) if not aside else False
        if answered or more:
            self._go_on(flow)
        elif aside:
            self._aside(decision.intents[0], text, heard)
        else:
            self._wrong(flow)

    def _aside(self, intent: str, text: str, heard: Understanding) -> None:
        """Answer a question asked in the middle of a form, then the form again."""
        form = self._state.form
        self._answer(intent, heard.entities, text, heard)
        self._count("answered", heard)
        if self._state.form is form:
            self._ask_again()

    def _wrong(self, flow: Flow) -> None:
        filled = self._state.form
        asked = flow.form.field(filled.asking) if filled else None
        if filled is None or asked is None:
            return
        filled.tries += 1
        self._say(say(asked.wrong))
        if filled.tries >= forms.PATIENCE:
            self._say(say(_("You can also leave this and ask a person."), choices=_WAY_OUT))
        self._ask_again()

    # -- small things ----------------------------------------------------------------------------

    def _say(self, *says: Say) -> None:
        self._turn.says.extend(says)

    def _count(self, kind: str, heard: Understanding | None = None, intent: str = "") -> None:
        self._turn.happenings.append(Happening(kind, heard, intent))


_WAY_OUT = ((menu.choice("talk_to_human"), menu.MENU_BUTTON),)


def _contact_not_needed() -> Say:
    return say(_("Thank you, but I don't need your number: I have not kept it."))


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

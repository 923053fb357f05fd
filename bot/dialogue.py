"""One turn: what a person did, where the dialogue stands, and what is said to it.

Plain synchronous functions: no network and no clock of their own, and one database session that
is passed in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from actions import inbox
from actions.messages import LANGUAGES, Inbound, Language
from actions.store import Session
from actions.tables import Conversation
from bot import answering, menu
from bot.exchange import Exchange, Flow, Knowledge, Service
from bot.forms import steps, taps, words
from bot.questions import Word, plain, split_questions, word_of_a_form, word_that_always_works
from bot.state import FormState, State
from bot.text import Say, _, say
from bot.turn import Heard, Turn
from nlu.client import Entity

#: `/start stop_05` asks about the stop in wilaya 05.
START_PARAMETER = re.compile(r"stop_(\d{2})")
#: A yes in words is hardly longer than this.
SHORT = 4
#: More words than this are a sentence.
LONGEST_NAME = 6


class Dialogue:
    """Answers people; the same for every channel."""

    def __init__(
        self, knowledge: Knowledge, flows: Mapping[str, Flow], services: Sequence[Service] = ()
    ) -> None:
        """`flows` maps the intent that opens a form to it."""
        self._knowledge = knowledge
        self._flows = flows
        self._services = tuple(services)

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

    def may_open_a_gate(self, message: Inbound) -> bool:
        """Whether a message may be the consent that a form waits for."""
        gates = {f"form:{flow.form.name}:{flow.form.gate}" for flow in self._flows.values()}
        if message.kind == "button":
            return message.text.rsplit(":", 2)[0] in gates
        return message.kind == "text" and len(message.text.split()) <= SHORT

    def recalled(self, session: Session, state: Mapping[str, object], message: Inbound) -> str:
        """Return the message that opened the form whose gate is still shut, else nothing.

        What it says is taken once the consent is given, and not kept before.
        """
        form = State.from_json(dict(state)).form
        flow = self._flow_of(form)
        if form is None or flow is None or flow.form.is_open(form.slots):
            return ""
        return inbox.text_of(session, message.address.channel, form.origin)

    def set_aside(self) -> Say:
        """Say that a message could not be answered, after every try failed."""
        return say(
            _("Something went wrong on our side with your message. Please write it again later."),
            choices=menu.MENU,
        )

    def turn(
        self,
        session: Session,
        talk: Conversation,
        message: Inbound,
        heard: Heard,
        now: dt.datetime,
        *,
        flooding: bool = False,
    ) -> Turn:
        """Return what this message changes and what is said to it.

        What is recorded goes through `session`; the conversation's own row is left to the caller.
        """
        turn = Turn(
            State.from_json(dict(talk.state)),
            known(talk.language),
            guess=_guess(message, heard),
        )
        if self._tells_a_language(turn.state, message):
            short = len(message.text.split()) <= 2 and turn.state.form is not None
            turn.speak(written_language(message.text, heard) or (None if short else turn.language))
        if flooding:
            if not turn.state.flooding:
                turn.says.append(menu.too_fast())
            turn.state.flooding = True
            return turn
        turn.state.flooding = False
        _handle(
            Exchange(
                session=session,
                talk=talk,
                knowledge=self._knowledge,
                flows=self._flows,
                services=self._services,
                message=message,
                heard=heard,
                now=now,
                turn=turn,
            )
        )
        _put_keyboard_away(turn)
        return turn

    def _flow_of(self, form: FormState | None) -> Flow | None:
        return next((f for f in self._flows.values() if form and f.form.name == form.name), None)

    def _tells_a_language(self, state: State, message: Inbound) -> bool:
        """Whether the script of a text says which language to answer in: a name's does not."""
        if message.kind not in {"text", "edit"} or not re.search(r"[^\W\d_]", message.text):
            return False
        flow = self._flow_of(state.form)
        asked = flow.form.field(state.form.asking) if flow and state.form else None
        return not (asked and asked.open) or len(message.text.split()) > LONGEST_NAME


def _handle(x: Exchange) -> None:
    _forget_unknown_forms(x)
    if any(service.holds(x) for service in x.services):
        return
    if x.state.form and x.message.kind != "edit":
        x.state.form.answered = ""  # only the newest answer can be corrected
    waiting = x.state.waiting
    match x.message.kind:
        case "command":
            _command(x)
        case "button":
            _button(x, x.message.text)
        case "location":
            _location(x)
        case "text":
            steps.pause_if_old(x)
            _text(x)
        case "edit":
            _edit(x)
        case "contact":
            if not taps.share_contact(x):
                x.say(menu.contact_not_needed())
                steps.ask_again(x)
        case _:
            x.say(menu.only_text())
            steps.ask_again(x)
    if waiting and x.state.form is waiting and x.state.waiting is None:
        steps.offer_to_go_on(x)  # the form opened over it has ended


def _forget_unknown_forms(x: Exchange) -> None:
    """Drop a form kept by a version that had other forms."""
    names = {flow.form.name for flow in x.flows.values()}
    if x.state.waiting and x.state.waiting.name not in names:
        x.state.waiting = None
    if x.state.form and x.state.form.name not in names:
        x.close_form()


def _put_keyboard_away(turn: Turn) -> None:
    """Take a keyboard for sharing something off the screen once it is not needed any more."""
    open_now = any(s.ask_contact or s.ask_location for s in turn.says)
    if turn.state.keyboard and turn.says and not open_now:
        bare = [n for n, s in enumerate(turn.says) if s.is_bare]
        if bare:
            turn.says[bare[0]] = replace(turn.says[bare[0]], close_keyboard=True)
        else:
            turn.says.insert(0, replace(say(_("All right.")), close_keyboard=True))
    if turn.says:
        turn.state.keyboard = open_now


def _command(x: Exchange) -> None:
    command = x.message.command
    service = x.service(command=command)
    match command:
        case "start":
            _start(x, x.message.text)
        case "menu":
            _word(x, "menu")
        case "langue" | "language":
            x.say(menu.choose_language())
        case "annuler" | "cancel" | "stop":
            _word(x, "cancel")
        case _ if service:
            steps.pause(x)
            form = x.state.form
            service.commanded(x, command, x.message.text)
            if x.state.form is form:
                steps.ask_again(x)
        case _:
            _word(x, "help")
    if x.turn.language is None and command != "start" and x.turn.says:
        _introduce(x)


def _start(x: Exchange, parameter: str) -> None:
    steps.pause(x)
    prefix, _sep, rest = parameter.partition("_")
    service = x.service(start=prefix) if rest else None
    if service and service.started(x, rest):
        return
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
    if x.state.form and not x.turn.in_both_languages:
        steps.offer_to_go_on(x)
    x.count("start")


def _button(x: Exchange, data: str) -> None:
    action, _sep, rest = data.partition(":")
    service = x.service(prefix=action)
    if action != "form-stop":
        x.state.pending = ""
    match action:
        case "language" if rest in LANGUAGES:
            _choose_language(x, known(rest))
        case "language":
            x.say(menu.choose_language())
        case "menu":
            _word(x, "menu")
        case "ask" if rest.partition(":")[0] in menu.OFFERED:
            _ask_about(x, *rest.split(":", 1))
        case "form":
            taps.press(x, data)
        case "form-go-on":
            steps.resume(x)
        case "form-stop":
            steps.press_stop(x, rest)
        case _ if service:
            service.pressed(x, rest)
        case _:
            steps.past(x)


def _ask_about(x: Exchange, intent: str, wilaya: str = "") -> None:
    """Answer a button that names a subject, then go on with an open form."""
    entities = (Entity("wilaya", wilaya, 0, 0),) if wilaya else ()
    form = x.state.form
    if x.service(intent=intent):
        steps.pause(x)
    answering.answer(x, intent, entities)
    x.count("button", intent=intent)
    if form and x.state.form is form and intent not in x.flows:
        steps.ask_again(x)


def _choose_language(x: Exchange, language: Language | None) -> None:
    first = x.turn.language is None
    x.turn.language = language
    x.turn.speak(language)
    x.say(say(_("Good: we speak English.")))
    if x.state.wanted:
        wanted, x.state.wanted = x.state.wanted, ""
        _button(x, wanted)
    elif x.state.form:
        steps.ask_again(x)
    elif first:
        x.say(menu.menu())


def _location(x: Exchange) -> None:
    latitude, longitude = x.message.latitude, x.message.longitude
    if latitude is None or longitude is None or taps.share_location(x, latitude, longitude):
        return
    x.say(*x.knowledge.near(latitude, longitude, x.today))
    x.state.topic, x.state.wilaya = "ask_stop_in_wilaya", ""
    steps.ask_again(x)


def _edit(x: Exchange) -> None:
    """Answer a corrected text again, when it is the last one they wrote."""
    if x.message.reference != x.state.read:
        return
    x.say(say(_("You corrected your message, so I answer again.")))
    steps.take_back(x)
    _text(x)


def _text(x: Exchange) -> None:
    x.state.read = x.message.reference
    if x.heard.unavailable:
        x.count("nlu_unavailable")
    if not _reply(x):
        _words(x)
    if x.turn.language is None:
        _introduce(x)


def _reply(x: Exchange) -> bool:
    """Take a text as the reply to what was asked just before; return whether it is one."""
    pending, x.state.pending = x.state.pending, ""
    asked, _sep, what = pending.partition(":")
    if not pending:
        return False
    if asked == "stop":
        return _reply_to_stop(x)
    service, form = x.service(prefix=asked), x.state.form
    replied = service is not None and service.replied(x, what)
    if replied and form and x.state.form is form and not x.turn.erased:
        steps.ask_again(x)
    return replied


def _reply_to_stop(x: Exchange) -> bool:
    if word_that_always_works(x.message.text) == "cancel" or x.yes_or_no == "affirm":
        steps.stop(x)
    elif x.yes_or_no == "deny":
        steps.resume(x)
    else:
        return False
    return True


def _words(x: Exchange) -> None:
    flow = x.flow()
    # In a form, "back" is one question back and not the menu.
    moves = flow is not None and word_of_a_form(x.message.text)
    word = None if moves else word_that_always_works(x.message.text)
    if word:
        _word(x, word)
    elif not plain(x.message.text):
        x.say(menu.no_words())
        steps.ask_again(x)
    elif flow:
        if words.take_text(x, flow) == "aside":
            answering.aside(x)
    elif any(service.takes(x) for service in x.services):
        x.state.misses = 0
    elif x.heard.unavailable:
        answering.without_rasa(x)
    else:
        answering.free_text(x)


def _word(x: Exchange, word: Word) -> None:
    match word:
        case "french" | "arabic":
            _choose_language(x, "fr" if word == "french" else "ar")
        case "cancel" if x.state.form:
            steps.ask_to_stop(x)
        case "cancel" if any(service.cancelled(x) for service in x.services):
            pass
        case "help":
            x.say(menu.help_())
            steps.ask_again(x)
        case _ if x.number:
            steps.pause(x)
            steps.ask_again(x)  # its choices are the first numbers, and the menu's follow
            x.say(menu.menu())
        case _:
            steps.pause(x)
            x.say(menu.menu())
            steps.ask_again(x)
    x.state.misses = 0


def _introduce(x: Exchange) -> None:
    """Say who answers, to someone whose first message was a question."""
    x.turn.language = x.turn.guess
    x.state.wanted = ""
    if x.number and x.state.form:
        return  # they are in the middle of it, and each word is paid for
    hello = say(_("Hello! I am Caravane, an automatic assistant."))
    x.turn.says.insert(0, replace(hello, brief=(_("Caravane, automatic assistant:"),)))
    if not x.state.form and not x.number:
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

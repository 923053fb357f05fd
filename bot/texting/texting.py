"""A turn by SMS: words and numbers for buttons, then the same dialogue, then a short answer."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace

from actions import outbox
from actions.messages import Inbound, Outbound
from actions.store import Session
from actions.tables import Conversation
from bot.desk import board
from bot.dialogue import Dialogue, known, written_language
from bot.questions import plain
from bot.state import State
from bot.text import Say, _, say
from bot.texting import words, writing
from bot.texting.words import Said
from bot.turn import Heard, Turn

#: The same words so often in a row come from no person: they are not answered any more.
MOST_REPEATS = 3
#: Nobody is not understood so often in a row, but a machine is.
MOST_MISSES = 4
#: Texts this short are answers to numbered questions, which may well be the same.
SHORT = 3
#: STOP is answered so often in a day, whatever is spent.
MOST_FAREWELLS, DAY = 3, dt.timedelta(days=1)


@dataclass(frozen=True)
class Reply:
    """What a turn by SMS leaves behind, and what is sent."""

    turn: Turn
    messages: tuple[Outbound, ...] = ()


class Texting:
    """The dialogue for people who have no buttons and pay for their phone's every word."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    def questions(self, message: Inbound) -> list[str]:
        """Return the texts of a message that need understanding before its turn."""
        if words.read(message.text):
            return []
        return self._dialogue.questions(message)

    def listens(self, session: Session, message: Inbound) -> bool:
        """Whether a message goes on with the dialogue: not STOP, nor what follows until START."""
        said = words.read(message.text)
        if said and said.meaning in {"stop", "start"}:
            return said.meaning == "start"
        return not outbox.has_stopped(session, message.address.key)

    def turn(
        self,
        session: Session,
        talk: Conversation,
        message: Inbound,
        heard: Heard,
        now: dt.datetime,
        *,
        flooding: bool = False,
    ) -> Reply:
        """Return what a message changes, and the SMS that answers it, if one does."""
        state = State.from_json(dict(talk.state))
        said = words.read(message.text, in_form=state.form is not None)
        stopped = outbox.has_stopped(session, message.address.key)
        turn = Turn(
            state, known(talk.language), guess=written_language(message.text, heard) or "fr"
        )
        if said and said.meaning == "stop":
            if not stopped:
                turn.postings += board.stopped(session, talk)
            return self._stop(session, turn, message, now, again=stopped)
        if stopped and not (said and said.meaning == "start"):
            turn.count("stopped")
            return Reply(turn)
        back = board.started(session, talk) if stopped else []
        turn.postings += back
        if said and said.meaning == "start":
            outbox.start(session, message.address.key)
            said = Said("menu")
        to_staff = talk.owner == "staff"
        if said and said.meaning == "more" and (state.rest or not to_staff):
            return self._more(turn)
        if _is_off_the_list(message.text, state, to_staff=to_staff):
            return self._answer(_with(turn, off_the_list(len(state.options))), keep=True)
        if _repeats(state, message, said) > MOST_REPEATS:
            turn.count("repeated")
            return Reply(turn)
        if said and (written := written_language(message.text, heard)):
            turn.speak(written)  # a word tells the language as much as a sentence
        talk.state = state.to_json()
        meant = _meant(message, said, state, to_staff=to_staff)
        turn = self._dialogue.turn(session, talk, meant, heard, now, flooding=flooding)
        turn.postings[:0] = back
        if stopped:
            turn.says.insert(0, back_again())
        return self._answer(turn)

    def _answer(self, turn: Turn, *, keep: bool = False) -> Reply:
        """Write what is said; with `keep` the choices offered before still stand."""
        if turn.state.misses > MOST_MISSES:
            turn.says.clear()  # two machines would go on for ever
        written = writing.write(turn.says, turn.reader) if turn.says else writing.Written()
        if not keep:  # what was written to staff has ended them as well
            turn.state.options = [list(option) for option in written.options]
            turn.state.rest = list(written.rest)
        return Reply(turn, tuple(written.messages))

    def _more(self, turn: Turn) -> Reply:
        """Send the next of what was left over."""
        state = turn.state
        if not state.rest:
            return Reply(turn, tuple(writing.write([nothing_more()], turn.reader).messages))
        text, state.rest = writing.next_page(state.rest, turn.reader)
        return Reply(turn, (writing.message(text, turn.reader),))

    def _stop(
        self, session: Session, turn: Turn, message: Inbound, now: dt.datetime, *, again: bool
    ) -> Reply:
        """Send nothing more but a word that it was understood, and that only once."""
        for form in (turn.state.form, turn.state.waiting):
            if form:
                form.paused = True  # it is offered again after START, until texts are forgotten
        turn.state.options, turn.state.rest, turn.state.pending = [], [], ""
        turn.subject = outbox.STOPPED
        if again:
            return Reply(turn)
        key = message.address.key
        told = outbox.times_told(session, key, outbox.STOPPED, now - DAY)
        outbox.stop(session, key, now)
        turn.count("stop")
        if told >= MOST_FAREWELLS:
            return Reply(turn)
        return Reply(turn, tuple(writing.write([farewell()], turn.reader).messages))


def farewell() -> Say:
    """Say that nothing more is sent, and how to come back."""
    return say(_("Noted: you get no more SMS from Caravane. To come back, write START."))


def nothing_more() -> Say:
    """Say that an answer was whole, to somebody who asks for the rest."""
    return say(_("That was all. Write your question, or MENU."))


def back_again() -> Say:
    """Say to somebody who wrote START that SMS come again."""
    return say(_("You get our SMS again."))


def off_the_list(most: int) -> Say:
    """Say to somebody who wrote a number that no choice has which ones there are."""
    return say(_("Answer with a number from 1 to {most}, or write MENU.", most=most))


def _with(turn: Turn, said: Say) -> Turn:
    turn.says.append(said)
    return turn


def _is_off_the_list(text: str, state: State, *, to_staff: bool) -> bool:
    """Whether a text is a number where others were offered, and nothing else asks for one."""
    number = words.number(text)
    asked = (state.form and not state.form.paused) or state.pending
    if number is None or not state.options or asked or to_staff:
        return False
    return not 0 < number <= len(state.options)


def _meant(message: Inbound, said: Said | None, state: State, *, to_staff: bool) -> Inbound:
    """Return a message as one with buttons and commands would have sent it."""
    chosen = _chosen(message.text, state)
    if chosen:
        return replace(message, kind="button", text=chosen)
    if to_staff and said and said.meaning == "help":
        return replace(message, kind="command", command="help", text="")
    if to_staff and not (said and said.meaning in {"menu", "command"}):
        return message  # what is written to staff is theirs, whatever it looks like
    match said.meaning if said else "":
        case "menu":
            return replace(message, kind="button", text="menu")
        case "help":
            return replace(message, text="aide")
        case "agent":
            return replace(message, kind="button", text="ask:talk_to_human")
        case "sign_up" if said and said.rest:
            return replace(message, kind="command", command="preinsc", text=said.rest)
        case "sign_up":
            return replace(message, kind="button", text="ask:preregister")
        case "command" if said:
            return replace(message, kind="command", command=said.command, text=said.rest)
    return message


def _chosen(text: str, state: State) -> str:
    """Return the data of the choice that a text names, by its number or its label."""
    number = words.number(text)
    if number is not None:
        return state.options[number - 1][1] if 0 < number <= len(state.options) else ""
    named = plain(text)
    return next((data for label, data in state.options if named and plain(label) == named), "")


def _repeats(state: State, message: Inbound, said: Said | None) -> int:
    """Count how often the same words came in a row, this time included.

    The words that always work do so however often they are written, and so do numbers.
    """
    bare = plain(message.text)
    if said or len(bare) <= SHORT:
        state.repeats, state.last_text = 0, ""
        return 1
    # Of what they wrote, only this is kept beside the message itself.
    digest = hashlib.sha256(bare.encode()).hexdigest()[:16]
    state.repeats = state.repeats + 1 if digest == state.last_text else 1
    state.last_text = digest
    return state.repeats

"""What one turn leaves behind: the new state, the replies, and what to count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from actions.messages import LANGUAGES, Button, Language, Line, Outbound
from bot.desk.board import Posting
from bot.state import State
from bot.text import Say, render_message
from nlu.client import Understanding

#: Answers to several questions travel together while they stay readable on a small screen.
TOGETHER = 3_000
MOST_BUTTON_ROWS = 8


@dataclass(frozen=True)
class Heard:
    """What Rasa made of a message's questions, or that it could not be asked.

    `recalled` is the earlier message that led to the consent just given, read once more.
    """

    questions: tuple[tuple[str, Understanding], ...] = ()
    unavailable: bool = False
    recalled: tuple[str, Understanding] | None = None


@dataclass(frozen=True)
class Happening:
    """One thing to count, without anything personal."""

    kind: str
    heard: Understanding | None = None
    intent: str = ""

    def details(self) -> dict[str, Any]:
        """Return what is counted with it."""
        if self.heard is None:
            return {"intent": self.intent}
        return {
            "intent": self.intent or self.heard.intent,
            "language": self.heard.language,
            "confidence": self.heard.confidence,
        }


@dataclass
class Turn:
    """A turn's result. An empty `language` means that none is chosen yet.

    `erased` asks for everything held about the person to be erased, once this turn's answer is on
    its way; `stops_changed` for their reminders to be looked at again. `subject` names what the
    answer is about, for it to be found when that is erased. `postings` go to others: to staff.
    """

    state: State
    language: Language | None
    guess: Language = "fr"
    says: list[Say] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)
    in_both_languages: bool = False
    erased: bool = False
    stops_changed: bool = False
    subject: str = ""
    postings: list[Posting] = field(default_factory=list)

    def speak(self, language: Language | None) -> None:
        """Answer in this language from now on; None keeps the one last spoken."""
        if language:
            self.state.spoken = language

    def count(self, kind: str, heard: Understanding | None = None, intent: str = "") -> None:
        """Add something to the figures."""
        self.happenings.append(Happening(kind, heard, intent))

    @property
    def reader(self) -> Language:
        """Return the language to answer in: the one last spoken, the chosen one, or a guess."""
        spoken = next((known for known in LANGUAGES if known == self.state.spoken), None)
        return spoken or self.language or self.guess

    def messages(self) -> list[Outbound]:
        """Return the replies as they will be sent, few and whole."""
        if self.in_both_languages:
            return _together([_bilingual(s, self.reader) for s in self.says])
        return _together([render_message(s, self.reader) for s in self.says])


def _bilingual(message: Say, reader: Language) -> Outbound:
    languages = sorted(LANGUAGES, key=lambda language: language != reader)
    first, *others = [render_message(message, language) for language in languages]
    return replace(first, lines=first.lines + tuple(line for o in others for line in o.lines))


def _together(messages: Sequence[Outbound]) -> list[Outbound]:
    """Join texts that follow each other: a chat takes one message a second."""
    joined: list[Outbound] = []
    for message in messages:
        last = joined[-1] if joined else None
        if last and _joinable(last) and _joinable(message) and _size(last, message) <= TOGETHER:
            between = (Line(""),) if len(last.lines) > 1 and len(message.lines) > 1 else ()
            lines = (*last.lines, *between, *message.lines)
            joined[-1] = replace(message, lines=lines, buttons=_buttons(last, message))
        else:
            joined.append(message)
    return joined


def _buttons(*messages: Outbound) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons of several messages, each once."""
    seen: set[str] = set()
    rows = []
    for row in (row for message in messages for row in message.buttons):
        new = tuple(button for button in row if button.data not in seen)
        seen.update(button.data for button in new)
        rows += [new] if new else []
    return tuple(rows[:MOST_BUTTON_ROWS])


def _joinable(message: Outbound) -> bool:
    alone = (message.venue, message.picture, message.document, message.close_keyboard)
    return not any(alone) and not message.ask_location and not message.ask_contact


def _size(*messages: Outbound) -> int:
    return sum(len(line.text) for message in messages for line in message.lines)

"""Forms: fields that are asked for one at a time, whatever order the person gives them in.

A form is data. The engine fills it from what was understood, asks for what is missing, explains
a wrong answer with an example, and knows old buttons by the number they carry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.questions import plain
from bot.state import FormState, Slot, State
from bot.text import Choice, Say, Text, _
from nlu.client import Understanding

#: After this many wrong answers to one question, more than an example is offered.
PATIENCE = 3
#: From this confidence on, a "yes" or a "no" that Rasa hears answers a question.
SURE = 0.5

_YES = frozenset(
    ("oui", "ouais", "wi", "yes", "yep", "نعم", "ايه", "اه", "واه", "ih", "iyeh", "wah", "ey")
)
_NO = frozenset(("non", "nn", "nan", "no", "لا", "لالا", "lala"))
_NO_IDEA = frozenset(
    plain(words)
    for words in (
        *("je sais pas", "je ne sais pas", "jsp", "chais pas", "j sais pas", "aucune idée"),
        *("peut-être", "peut etre", "pt etre", "ça dépend", "لا أعرف", "لا اعلم", "ما نعرفش"),
        *("مانعرفش", "ما علاباليش", "معلاباليش", "بالاك", "ربما", "ma na3refch", "mana3rafch"),
        *("ma3labalich", "m3labalich", "balak"),
    )
)


@dataclass(frozen=True)
class Answer:
    """A choice of a field: the value it gives, its button, and the words that mean it."""

    value: Slot
    label: Text
    intents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One thing a form needs to know.

    `about` is the intent of questions about the same thing: without a question mark, such a
    message is an answer that was not read. `read` finds its value in any message understood;
    `read_answer` finds it in a message that answers this very question, where "yes" or a bare
    number is enough. `needed` looks at what is known already.
    """

    name: str
    question: Text
    wrong: Text
    read: Callable[[str, Understanding], Slot | None]
    read_answer: Callable[[str, Understanding], Slot | None] = lambda text, heard: None
    answers: tuple[Answer, ...] = ()
    about: str = ""
    needed: Callable[[Mapping[str, Slot]], bool] = lambda slots: True


@dataclass(frozen=True)
class Form:
    """A form's name, its fields in the order they are asked, and how it opens."""

    name: str
    opening: Text
    fields: tuple[Field, ...] = field(default_factory=tuple)

    def missing(self, slots: Mapping[str, Slot]) -> list[Field]:
        """Return the fields still to be asked."""
        return [f for f in self.fields if f.name not in slots and f.needed(slots)]

    def field(self, name: str) -> Field | None:
        """Return the field of that name, if the form (still) has one."""
        return next((f for f in self.fields if f.name == name), None)


def begin(form: Form, text: str, heard: Understanding | None) -> FormState:
    """Start a form with what the message that led to it already says."""
    started = FormState(form.name)
    if heard:
        take_facts(form, started, text, heard)
    return started


def take_facts(form: Form, filled: FormState, text: str, heard: Understanding) -> set[str]:
    """Fill every field that the message speaks of; return their names."""
    found = {f.name: value for f in form.fields if (value := f.read(text, heard)) is not None}
    filled.slots.update(found)
    return set(found)


def take_answer(form: Form, filled: FormState, text: str, heard: Understanding) -> bool:
    """Take a message as the answer to the question asked; return whether it is one."""
    asked = form.field(filled.asking)
    if asked is None:
        return False
    value = asked.read_answer(text, heard)
    if value is None:
        wanted = _yes_or_no(text) or (heard.intent if heard.confidence >= SURE else "")
        value = next((a.value for a in asked.answers if wanted and wanted in a.intents), None)
    if value is None:
        return False
    filled.slots[asked.name] = value
    filled.answered = asked.name
    return True


def skip(filled: FormState) -> None:
    """Leave the question asked without an answer: the person does not know."""
    filled.slots[filled.asking] = None


def does_not_know(text: str) -> bool:
    """Whether a whole message says "I don't know" or "perhaps", in any of the languages."""
    return plain(text) in _NO_IDEA


def _yes_or_no(text: str) -> str:
    """Return the intent of a leading yes or no, which decides whatever follows it."""
    first = plain(text).partition(" ")[0]
    return "affirm" if first in _YES else "deny" if first in _NO else ""


def ask(form: Form, state: State, *, before: tuple[Text, ...] = ()) -> Say | None:
    """Return the next question with its place in the form, or None when nothing is missing."""
    filled = state.form
    if filled is None:
        return None
    missing = form.missing(filled.slots)
    if not missing:
        return None
    asked = missing[0]
    if asked.name != filled.asking:
        filled.asking, filled.tries = asked.name, 0
    state.number += 1
    place = _(
        "Question {place} of {total}",
        place=_place(form, filled.slots, asked),
        total=sum(1 for f in form.fields if f.name in filled.slots or f.needed(filled.slots)),
    )
    choices = tuple(
        Choice(a.label, button(form, asked, state.number, n)) for n, a in enumerate(asked.answers)
    )
    rows = (choices,) if len(choices) == 2 else tuple((choice,) for choice in choices)
    return Say(
        (*((line, "plain") for line in before), (place, "note"), (asked.question, "plain")), rows
    )


def _place(form: Form, slots: Mapping[str, Slot], asked: Field) -> int:
    relevant = [f for f in form.fields if f.name in slots or f.needed(slots)]
    return 1 + [f.name for f in relevant].index(asked.name)


def button(form: Form, asked: Field, number: int, choice: int) -> str:
    """Return what a choice's button carries: form, field, question's number, choice."""
    return f"form:{form.name}:{asked.name}:{number}:{choice}"


def press(form: Form, state: State, data: str) -> bool | None:
    """Take a tap on a button of this form.

    Returns True when it answered the question, False when the button is an old one, and None when
    it says again what is already known (a double tap).
    """
    filled = state.form
    parts = data.split(":")
    if filled is None or len(parts) != 5 or not (parts[3].isdecimal() and parts[4].isdecimal()):
        return False
    pressed = form.field(parts[2])
    number, choice = int(parts[3]), int(parts[4])
    if parts[1] != form.name or pressed is None or choice >= len(pressed.answers):
        return False
    value = pressed.answers[choice].value
    if number == state.number and pressed.name == filled.asking:
        filled.slots[pressed.name] = value
        return True
    if filled.slots.get(pressed.name) == value:
        return None
    return False

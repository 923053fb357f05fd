"""What a form is: fields asked for one at a time, whatever order people give them in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from actions.messages import LANGUAGES
from bot.questions import SURE, does_not_know, plain, yes_or_no
from bot.state import FormState, Slot, State
from bot.text import Choice, Line, Name, Say, Text, _, render
from nlu.client import Understanding

Slots = Mapping[str, Slot]

#: A list longer than this is shown in pages.
PAGE = 18
#: Letters of a button that fit into half the width of a small phone.
SHORT_LABEL = 14


@dataclass(frozen=True)
class Given:
    """A text given to a form: what Rasa heard in it, the day, and what is known already."""

    text: str
    heard: Understanding
    today: dt.date
    slots: Slots


@dataclass(frozen=True)
class Wrong:
    """An answer that can't be taken, and the kind sentence that says why."""

    why: Text


#: The slots an answer fills, why it can't be taken, or None when it is no answer at all.
Reading = Slots | Wrong | None
Read = Callable[[Given], Reading]


@dataclass(frozen=True)
class Answer:
    """A choice of a field: the value it gives, its button, and the intents that mean it.

    `brief` is its label where room is dear.
    """

    value: Slot
    label: Text | Name
    intents: tuple[str, ...] = ()
    brief: Text | None = None


#: The answers of a field that takes a yes or a no.
YES_NO = (Answer(True, _("Yes"), ("affirm",)), Answer(False, _("No"), ("deny",)))


def nothing(given: Given) -> Reading:
    """Read nothing: the field is filled by its own question only, or by its buttons only."""
    return None


def no_answers(slots: Slots) -> tuple[Answer, ...]:
    """Offer nothing to tap."""
    return ()


@dataclass(frozen=True)
class Field:
    """One thing a form needs to know.

    `about` is the intent of questions about the same thing: without a question mark, such a
    message is an answer that was not read. `read` finds its value in any message understood;
    `read_answer` in a message that answers this very question. `needed` looks at what is known
    already. Fields of one `step` count as one question, corrected together under `step_label` of
    the first. `label` and `shown` are its line before
    sending, `names` the words people correct it by, and `clears` the fields that are true no
    longer when it changes. `open` says that any words may be the answer. `listed` is a long list
    to choose from; `contact` and `location` are what the person may share instead of writing.
    `brief` and `wrong_brief` say the question and `wrong` in few words, for who has nothing to
    tap, and `shown_brief` its value.
    """

    name: str
    question: Text | Callable[[Slots], Text]
    wrong: Text
    read: Read = nothing
    read_answer: Read = nothing
    answers: Callable[[Slots], tuple[Answer, ...]] = no_answers
    about: str = ""
    needed: Callable[[Slots], bool] = lambda slots: True
    step: str = ""
    step_label: Text | None = None
    label: Text | None = None
    shown: Callable[[Slots], Text | Name | None] | None = None
    names: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    optional: bool = False
    open: bool = False
    listed: Callable[[Slots], tuple[Answer, ...]] = no_answers
    contact: Text | None = None
    location: Text | None = None
    brief: Text | Callable[[Slots], Text] | None = None
    wrong_brief: Text | None = None
    shown_brief: Callable[[Slots], Text | Name | None] | None = None

    @property
    def group(self) -> str:
        """Return the step this field is part of."""
        return self.step or self.name


@dataclass(frozen=True)
class Form:
    """A form's name, its fields in the order they are asked, and how it opens.

    Until the field `gate` is True nothing else is taken: it is the consent. With `summary` all
    answers are shown before they are sent.
    """

    name: str
    opening: Text | None
    fields: tuple[Field, ...] = field(default_factory=tuple)
    gate: str = ""
    summary: bool = False

    def missing(self, slots: Slots) -> list[Field]:
        """Return the fields still to be asked."""
        return [f for f in self.fields if f.name not in slots and f.needed(slots)]

    def field(self, name: str) -> Field | None:
        """Return the field of that name, if the form (still) has one."""
        return next((f for f in self.fields if f.name == name), None)

    def is_open(self, slots: Slots) -> bool:
        """Whether the form may take answers: its gate, if any, was passed."""
        return not self.gate or slots.get(self.gate) is True

    def place(self, slots: Slots, asked: Field) -> tuple[int, int]:
        """Return which question `asked` is, and of how many, its gate not counted."""
        groups = list(
            dict.fromkeys(
                f.group
                for f in self.fields
                if f.name != self.gate and (f.name in slots or f.needed(slots) or f is asked)
            )
        )
        return (groups.index(asked.group) + 1 if asked.group in groups else 0), len(groups)


def read_everywhere(form: Form, given: Given) -> dict[str, Slot]:
    """Return what a message says of any field, whether or not it was asked."""
    if not form.is_open(given.slots):
        return {}
    found: dict[str, Slot] = {}
    for one in form.fields:
        reading = one.read(replace(given, slots={**given.slots, **found}))
        if reading is not None and not isinstance(reading, Wrong):
            found.update({k: v for k, v in reading.items() if k not in found})
    return found


def read_answer(asked: Field, given: Given) -> Reading:
    """Return what a message says as the answer to the question asked."""
    reading = asked.read_answer(given)
    if reading is not None:
        return reading
    answers = asked.answers(given.slots)
    by_label = next(
        (a for a in answers if any(_says(given.text, label) for label in (a.label, a.brief))), None
    )
    if by_label:
        return {asked.name: by_label.value}
    if does_not_know(given.text):
        return None
    sure = given.heard.intent if given.heard.confidence >= SURE else ""
    wanted = yes_or_no(given.text, given.heard) or sure
    chosen = next((a for a in answers if wanted and wanted in a.intents), None)
    return {asked.name: chosen.value} if chosen else None


def _says(text: str, label: Text | Name | None) -> bool:
    return label is not None and plain(text) in {
        plain(render(label, language)) for language in LANGUAGES
    }


def question(form: Form, state: State, asked: Field, *, before: tuple[Text, ...] = ()) -> Say:
    """Return a question with its place in the form and its buttons."""
    filled = state.form or FormState(form.name)
    if asked.name != filled.asking:
        filled.asking, filled.tries, filled.page = asked.name, 0, -1
    state.number += 1
    place, total = form.place(filled.slots, asked)
    said = asked.question(filled.slots) if callable(asked.question) else asked.question
    brief = asked.brief(filled.slots) if callable(asked.brief) else asked.brief or said
    lines: list[Line] = [(line, "plain") for line in before]
    if place:
        lines.append((_("Question {place} of {total}", place=place, total=total), "note"))
    lines.append((said, "plain"))
    return Say(
        tuple(lines),
        _rows(form, filled, asked, state.number),
        ask_contact=asked.contact if filled.page < 0 else None,
        brief=(
            _("{place}/{total} {question}", place=place, total=total, question=brief)
            if place
            else brief,
        ),
    )


def _rows(
    form: Form, filled: FormState, asked: Field, number: int
) -> tuple[tuple[Choice, ...], ...]:
    """Return the buttons under a question: its answers, and the ways around it."""

    def button(label: Text | Name, what: str, brief: Text | None = None) -> Choice:
        return Choice(label, f"form:{form.name}:{asked.name}:{number}:{what}", brief)

    rows: list[tuple[Choice, ...]] = []
    if filled.page >= 0:
        listed = asked.listed(filled.slots)
        first = filled.page * PAGE
        shown = [button(a.label, f"l{first + n}") for n, a in enumerate(listed[first:][:PAGE])]
        rows += [tuple(shown[n : n + 3]) for n in range(0, len(shown), 3)]
        turns = [button(_("◀ Before"), "p-")] if first else []
        turns += [button(_("After ▶"), "p+")] if first + PAGE < len(listed) else []
        rows += [tuple(turns)] if turns else []
    else:
        answers = asked.answers(filled.slots)
        choices = [button(a.label, str(n), a.brief) for n, a in enumerate(answers)]
        side_by_side = len(choices) == 2 and all(_is_short(choice.label) for choice in choices)
        rows += [tuple(choices)] if side_by_side else [(choice,) for choice in choices]
        if asked.listed(filled.slots):
            rows.append((button(_("Choose from the list"), "p+"),))
        if asked.location:
            rows.append((button(asked.location, "where"),))
    around = [button(_("⬅ Back"), "back")] if filled.path or filled.kept else []
    around += [button(_("Skip"), "skip")] if asked.optional else []
    return (*rows, *((tuple(around),) if around else ()))


def _is_short(label: Text | Name) -> bool:
    """Whether two such labels fit beside each other on a small phone, in every language."""
    return all(len(render(label, language)) <= SHORT_LABEL for language in LANGUAGES)


@dataclass(frozen=True)
class Press:
    """A tap on a button of a form: of which field, at which question, and what it does."""

    field: str
    number: int
    what: str

    @classmethod
    def read(cls, data: str, form: str) -> Press | None:
        """Return what a button's data says, or None when it is not one of this form's."""
        parts = data.split(":")
        if len(parts) != 5 or parts[:2] != ["form", form] or not parts[3].isdecimal():
            return None
        return cls(parts[2], int(parts[3]), parts[4])

    def value(self, asked: Field, slots: Slots) -> Answer | None:
        """Return the answer tapped, if the button is one of the field's answers."""
        listed = re.fullmatch(r"(l?)(\d+)", self.what)
        if listed is None:
            return None
        answers = asked.listed(slots) if listed[1] else asked.answers(slots)
        index = int(listed[2])
        return answers[index] if index < len(answers) else None

"""Where a dialogue stands between two messages: what is kept in the conversation's row."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

#: What a field of a form holds; None is "the person does not know".
Slot = str | int | bool | None

#: Where a form is: asking its fields, showing them all before sending, or settling a double.
Stage = Literal["asking", "summary", "twin", "code"]


@dataclass
class FormState:
    """A form being filled.

    `asking` is the field asked and `tries` the wrong answers to it; `path` lists the fields
    answered, for going back; `answered` is the one the last text answered, for when that text is
    corrected. `page` is the page shown of a long list, or -1. A `paused` form waits until the
    person wants to go on. `kept` holds the answers being corrected, which "back" gives again.
    `origin` is the channel's number of the message that opened it, `at` the
    moment it was last worked on (ISO 8601). `editing` is the code of the registration it changes.
    """

    name: str
    slots: dict[str, Slot] = field(default_factory=dict)
    asking: str = ""
    tries: int = 0
    answered: str = ""
    path: list[str] = field(default_factory=list)
    stage: Stage = "asking"
    page: int = -1
    paused: bool = False
    kept: dict[str, Slot] = field(default_factory=dict)
    origin: str = ""
    at: str = ""
    editing: str = ""


@dataclass
class State:
    """The dialogue's memory of one conversation.

    `number` rises with every question of a form, so that an old button is known as old; `topic`
    is the last intent answered and `wilaya` the last one spoken of, for a follow-up that names
    only half; `read` is the channel's identifier of the last text answered, for its correction;
    `wanted` is what a first deep link asked for, until the language is chosen; `spoken` is the
    language of the last answer, which may differ from the chosen one; `flooding` says that they
    were told to slow down. `pending` is what the last message asked a yes or a no about. `said`
    holds what the person told of themselves in an eligibility check, to be offered in a form.
    `waiting` is a form that another one was opened over; `keyboard` says that a keyboard for
    sharing a number or a place was opened on the person's phone. `told_closed` is the opening of
    the desk that someone who wrote to staff after hours was told of, so that it is said once;
    `at_desk` that they may have an open case, to be looked for. `wrong_years` and `wrong_erasures`
    are the wrong birth years and erasure codes of the day `wrong_on`; `proved` is the code of the
    registration whose birth year was told, and `proved_at` when. Days and moments are ISO 8601.
    Where there are no buttons, `options` are the choices last offered, each its label and its data,
    `rest` is what was left over of the last answer, and `repeats` how often the text of the digest
    `last_text` came in a row.
    """

    form: FormState | None = None
    waiting: FormState | None = None
    number: int = 0
    topic: str = ""
    wilaya: str = ""
    misses: int = 0
    read: str = ""
    wanted: str = ""
    spoken: str = ""
    flooding: bool = False
    pending: str = ""
    said: dict[str, Slot] = field(default_factory=dict)
    keyboard: bool = False
    wrong_codes: int = 0
    told_closed: str = ""
    at_desk: bool = False
    options: list[list[str]] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    last_text: str = ""
    repeats: int = 0
    wrong_years: int = 0
    wrong_erasures: int = 0
    wrong_on: str = ""
    proved: str = ""
    proved_at: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in the database."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> State:
        """Rebuild what `to_json` gave; what an older version kept and we don't know is dropped."""
        known = {k: v for k, v in data.items() if k in cls.__dataclass_fields__}
        form, waiting = _form(known.pop("form", None)), _form(known.pop("waiting", None))
        return cls(form=form, waiting=waiting, **known)


def _form(data: dict[str, Any] | None) -> FormState | None:
    kept = {k: v for k, v in (data or {}).items() if k in FormState.__dataclass_fields__}
    return FormState(**kept) if "name" in kept else None

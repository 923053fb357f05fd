"""Where a dialogue stands between two messages: what is kept in the conversation's row."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

#: What a field of a form holds; None is "the person does not know".
Slot = str | int | bool | None


@dataclass
class FormState:
    """A form being filled: its name, what is known, the field asked, and wrong answers to it.

    `answered` is the field the last text answered, for when that text is corrected.
    """

    name: str
    slots: dict[str, Slot] = field(default_factory=dict)
    asking: str = ""
    tries: int = 0
    answered: str = ""

    def step_back(self) -> None:
        """Forget the last answer, so that its question is open again."""
        if self.answered in self.slots:
            del self.slots[self.answered]
            self.asking, self.answered = self.answered, ""


@dataclass
class State:
    """The dialogue's memory of one conversation.

    `number` rises with every question of a form, so that an old button is known as old; `topic`
    is the last intent answered and `wilaya` the last one spoken of, for a follow-up that names
    only half; `read` is the channel's identifier of the last text answered, for its correction;
    `wanted` is what a first deep link asked for, until the language is chosen; `spoken` is the
    language of the last answer, which may differ from the chosen one; `flooding` says that they
    were told to slow down.
    """

    form: FormState | None = None
    number: int = 0
    topic: str = ""
    wilaya: str = ""
    misses: int = 0
    read: str = ""
    wanted: str = ""
    spoken: str = ""
    flooding: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in the database."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> State:
        """Rebuild what `to_json` gave; what an older version kept and we don't know is dropped."""
        known = {k: v for k, v in data.items() if k in cls.__dataclass_fields__}
        form = known.pop("form", None) or {}
        fields = {k: v for k, v in form.items() if k in FormState.__dataclass_fields__}
        return cls(form=FormState(**fields) if "name" in fields else None, **known)

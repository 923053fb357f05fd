"""One message and its turn, as the parts of the dialogue hand it to each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from actions.messages import Inbound
from bot.forms import Form
from bot.state import State
from bot.text import Say
from bot.turn import Happening, Heard, Turn
from nlu.client import Entity, Understanding


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


@dataclass(frozen=True)
class Exchange:
    """A message, what Rasa heard in it, the facts, the day, and the turn it leads to.

    `flows` maps the intent that opens a form to it.
    """

    knowledge: Knowledge
    flows: Mapping[str, Flow]
    message: Inbound
    heard: Heard
    today: dt.date
    turn: Turn

    @property
    def state(self) -> State:
        """Return the dialogue's memory, changed by the turn."""
        return self.turn.state

    def flow(self) -> Flow | None:
        """Return the flow whose form is being filled, if there still is one of that name."""
        form = self.state.form
        name = form.name if form else ""
        return next((flow for flow in self.flows.values() if flow.form.name == name), None)

    def say(self, *says: Say) -> None:
        """Add messages to the reply."""
        self.turn.says.extend(says)

    def without_choices(self) -> None:
        """Take the buttons off what was said so far."""
        self.turn.says[:] = [replace(said, choices=()) for said in self.turn.says]

    def count(self, kind: str, heard: Understanding | None = None, intent: str = "") -> None:
        """Add something to the figures."""
        self.turn.happenings.append(Happening(kind, heard, intent))

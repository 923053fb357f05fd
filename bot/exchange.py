"""One message and its turn, as the parts of the dialogue hand it to each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from actions import inbox, persons
from actions.messages import Inbound
from actions.store import Session
from actions.tables import Conversation
from bot.clock import algiers_day
from bot.forms.fields import Form, Reading
from bot.questions import yes_or_no
from bot.state import FormState, State
from bot.text import Say
from bot.turn import Heard, Turn
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


@dataclass(frozen=True)
class Exchange:
    """A message, what Rasa heard in it, the moment, and the turn it leads to.

    `flows` maps the intent that opens a form to it. What is read and stored goes through `session`,
    in the turn's own transaction; `talk` is the conversation's row.
    """

    session: Session
    talk: Conversation
    knowledge: Knowledge
    flows: Mapping[str, Flow]
    services: tuple[Service, ...]
    message: Inbound
    heard: Heard
    now: dt.datetime
    turn: Turn

    @property
    def today(self) -> dt.date:
        """Return the day in Algiers."""
        return algiers_day(self.now)

    @property
    def number(self) -> str:
        """Return the phone number they write from in E.164, or nothing where it is not known."""
        return self.message.address.number

    @property
    def state(self) -> State:
        """Return the dialogue's memory, changed by the turn."""
        return self.turn.state

    @property
    def understood(self) -> Understanding:
        """Return what Rasa made of the whole message; nothing, where it was not asked."""
        return self.heard.questions[0][1] if self.heard.questions else Understanding(())

    @property
    def yes_or_no(self) -> Literal["affirm", "deny", ""]:
        """Return whether the message says yes or no, by its first word or as Rasa heard it."""
        return yes_or_no(self.message.text, self.understood)

    def flow(self) -> Flow | None:
        """Return the flow whose form is being filled, if there still is one of that name."""
        form = self.state.form
        name = form.name if form else ""
        return next((flow for flow in self.flows.values() if flow.form.name == name), None)

    def service(
        self, *, intent: str = "", command: str = "", prefix: str = "", start: str = ""
    ) -> Service | None:
        """Return the service of an intent, a command, a button or a deep link, if there is one."""
        return next(
            (
                service
                for service in self.services
                if intent in service.intents
                or command in service.commands
                or (prefix and prefix == service.prefix)
                or (start and start == service.start)
            ),
            None,
        )

    def close_form(self) -> None:
        """End the open form; one that had to wait for it comes back, paused."""
        self.state.form, self.state.waiting = self.state.waiting, None

    def forget_since(self, external_id: str) -> None:
        """Empty what the person wrote from a message on, this one included."""
        keys = persons.keys(self.session, self.talk)
        inbox.empty_since(self.session, self.message, external_id, keys)

    def say(self, *says: Say) -> None:
        """Add messages to the reply."""
        self.turn.says.extend(says)

    def without_choices(self) -> None:
        """Take the buttons off what was said so far."""
        self.turn.says[:] = [replace(said, choices=()) for said in self.turn.says]

    def count(self, kind: str, heard: Understanding | None = None, intent: str = "") -> None:
        """Add something to the figures."""
        self.turn.count(kind, heard, intent)


class Flow:
    """A form and what it leads to; a flow overrides the moments it has something to do at.

    With `may_be_left_open`, "I don't know" leaves a question without an answer.
    """

    form: Form
    may_be_left_open = False

    def may_open(self, x: Exchange, *, anyway: bool) -> bool:
        """Return whether the form may be opened; says why where it may not.

        With `anyway` the person has been asked already, and wants to.
        """
        return True

    def begun(self, x: Exchange, filled: FormState) -> None:
        """Put into a form just opened what is known already."""

    def took(self, x: Exchange, names: frozenset[str]) -> None:
        """Look at the slots just filled; may add others, say something, or end the form."""

    def finish(self, x: Exchange) -> None:
        """Do and say what the answers come to, and end the form."""
        raise NotImplementedError

    def stopped(self, x: Exchange, filled: FormState) -> None:
        """Undo what came with a form that is given up."""

    def contact(self, number: str, *, own: bool) -> Reading:
        """Return what a shared phone number answers; `own` when it is the sender's for certain."""

    def located(self, latitude: float, longitude: float) -> Reading:
        """Return what a shared place (degrees) answers."""

    def settle(self, x: Exchange, filled: FormState) -> None:
        """Ask what a special stage of this flow waits for."""

    def answered(self, x: Exchange, filled: FormState, text: str) -> bool:
        """Take a text at a special stage; return whether it was an answer."""
        return False

    def pressed(self, x: Exchange, filled: FormState, what: str) -> None:
        """Take a tap on a button of a special stage."""

    def sent_already(self, x: Exchange) -> bool:
        """Answer a second tap on "send"; return whether there was something to say."""
        return False


class Service:
    """What the assistant does for a person beside answering: intents, commands, buttons, a yes.

    Its buttons carry `prefix:what`; so does the question it last asked (`State.pending`). A deep
    link to it is `start_what`.
    """

    prefix = ""
    start = ""
    intents: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()

    def holds(self, x: Exchange) -> bool:
        """Take a message of any kind before anyone else; return whether nothing is left to do."""
        return False

    def missed(self, x: Exchange) -> bool:
        """Help someone who was not understood again; return whether it could."""
        return False

    def asked(self, x: Exchange, intent: str, entities: tuple[Entity, ...], text: str) -> None:
        """Answer one of its intents."""

    def takes(self, x: Exchange) -> bool:
        """Take a text that is its own whatever Rasa heard; return whether it is."""
        return False

    def cancelled(self, x: Exchange) -> bool:
        """Take a "stop" said outside a form; return whether there was something to stop."""
        return False

    def commanded(self, x: Exchange, command: str, text: str) -> None:
        """Carry out one of its commands."""

    def started(self, x: Exchange, what: str) -> bool:
        """Follow a deep link; return whether it led anywhere."""
        return False

    def pressed(self, x: Exchange, what: str) -> None:
        """Take a tap on one of its buttons."""

    def confirmed(self, x: Exchange, what: str, *, yes: bool) -> None:
        """Take a yes or a no to what it asked."""

    def replied(self, x: Exchange, what: str) -> bool:
        """Take a text as the reply to what it asked; return whether it is one."""
        said = x.yes_or_no
        if said:
            self.confirmed(x, what, yes=said == "affirm")
        return bool(said)

"""The staff's group: members write and tap in it, the desk answers, on a real database."""

from __future__ import annotations

import datetime as dt

from actions import cases, conversations, members
from actions.messages import Address, Inbound, Language, Outbound, Sender
from actions.store import Store
from actions.tables import Case
from bot.desk.desk import Looked, StaffDesk
from bot.desk.exchange import Command
from tests.conftest import FixedClock

GROUP = Address("telegram", "-100")
PERSON = Address("telegram", "7")
#: Who works there; Nadia is the administrator.
NADIA, KARIM = Sender("1", "Nadia"), Sender("2", "Karim")
THREAD = 77
PATIENCE = dt.timedelta(hours=24)


class Group:
    """A desk with topics and some commands; what it sent last, to the group and to people."""

    def __init__(
        self, store: Store, clock: FixedClock, *commands: Command, language: Language = "fr"
    ) -> None:
        self.store, self.clock = store, clock
        self._desk = StaffDesk(
            commands,
            administrators=frozenset({NADIA.id}).__contains__,
            patience=PATIENCE,
        )
        self._number = 0
        self.shown: list[Outbound] = []
        self.sent: list[Outbound] = []
        store.run(
            lambda s: members.open_desk(s, GROUP, clock.now(), topics=True, language=language)
        )

    def has_a_case(self, language: Language = "fr") -> Case:
        """Open a case for somebody who speaks a language, in the topic `THREAD`."""
        now = self.clock.now()
        with self.store.begin() as session:
            talk = conversations.load(session, PERSON, now)
            talk.language = language
            case = cases.begin(session, talk, now, why="asked", patience=PATIENCE)
            case.thread = THREAD
        return case

    def writes(self, text: str, *, by: Sender = NADIA, in_case: bool = False) -> str:
        """Write a command in the group, or in the case; return what is answered there."""
        name, _space, words = text.removeprefix("/").partition(" ")
        return self._does("command", words, by, in_case=in_case, command=name)

    def taps(self, label: str, *, by: Sender = NADIA, in_case: bool = False) -> str:
        """Tap the button of that label under the last answer."""
        return self.taps_on(self.button(label), by=by, in_case=in_case)

    def taps_on(
        self, data: str, *, by: Sender = NADIA, in_case: bool = False, reference: str = ""
    ) -> str:
        """Tap a button, perhaps an old one."""
        return self._does("button", data, by, in_case=in_case, reference=reference)

    def button(self, label: str) -> str:
        """Return what the button of that label carries."""
        found = [b for m in self.shown for row in m.buttons for b in row if label in b.label]
        assert found, f"no button {label!r} among {self.labels()}"
        assert len(found[0].data.encode()) <= 64
        return found[0].data

    def labels(self) -> list[str]:
        """Return the labels under the last answer."""
        return [b.label for m in self.shown for row in m.buttons for b in row]

    def _does(
        self,
        kind: str,
        text: str,
        by: Sender,
        *,
        in_case: bool,
        command: str = "",
        reference: str = "",
    ) -> str:
        self._number += 1
        message = Inbound(
            str(self._number),
            GROUP,
            "command" if kind == "command" else "button",
            text,
            command=command,
            reference=reference or f"{self._number}",
            sender=by,
            thread=str(THREAD) if in_case else "",
        )
        turn = self.store.run(lambda s: self._desk.turn(s, message, Looked(), self.clock.now()))
        self.shown = [sent for to, sent, _subject in turn.outgoing if to == GROUP]
        self.sent += [sent for to, sent, _subject in turn.outgoing if to != GROUP]
        return "\n".join(line.text for sent in self.shown for line in sent.lines)

"""The desk with its commands about people, and what becomes of the records."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

from actions import conversations
from actions.messages import Address, Outbound
from actions.store import Store
from actions.tables import Base, Registration
from bot.desk.casework import Close, Queue, Take
from bot.desk.desk import StaffDesk
from bot.desk.erasing import Erase
from bot.desk.exporting import Export
from bot.desk.people import CheckInHere, Find, Who
from bot.desk.registering import Register
from bot.flows.registration.flow import RegistrationFlow
from bot.text import Text, render
from nlu.client import Understanding
from tests.bureau import FARIDA, HEARD, Bureau
from tests.conftest import FixedClock
from tests.enrolled import enrol
from tests.talk import FACTS, KEEP, Talk


class Counter(Bureau):
    """The bureau, its members at a stand."""

    def __init__(self, store: Store, clock: FixedClock, *, topics: bool = True) -> None:
        super().__init__(store, clock, topics=topics)
        codes = itertools.count(4_700_000)

        def draw(below: int) -> int:
            return next(codes) % below

        flow = RegistrationFlow(FACTS.programme, FACTS.geography, FACTS.timetable, KEEP, draw)
        self.desk = StaffDesk(
            [
                *(Queue(self.board), Take(self.board), Close(), Who(FACTS), Find(FACTS)),
                *(CheckInHere(FACTS), Register(FACTS, flow, draw), Export(FACTS), Erase()),
            ],
            administrators=frozenset({FARIDA}).__contains__,
            patience=self.settings.patience,
        )
        self._office = self.person("0")

    def guest(self, chat: str, understand: Callable[[str], Understanding]) -> Talk:
        """Return someone's side of their chat, understood by somebody else than a dictionary."""

        def heard(text: str) -> Understanding:
            return HEARD.get(text) or understand(text)

        return Talk(
            self.store, self.dialogue, heard, self.clock, chat=chat, wire=self.wire, desk=self.desk
        )

    async def case_of(self, chat: str = "7") -> Talk:
        """Let someone ask for a person; return their side of the chat."""
        person = self.person(chat)
        await person.says("je veux parler à quelqu'un")
        return person

    def enrolled(self, **details: Any) -> Registration:
        """Sign up Amina, or someone with other details."""
        return self.store.run(lambda s: enrol(s, self.clock.now(), **details))

    def here(self, case: int = 1) -> dict[str, str]:
        """Return where a member writes into a case."""
        if self.wire.standing.topics:
            return {"thread": self.thread(case)}
        for number in range(len(self.wire.sent), 0, -1):
            to, sent = self.wire.sent[number - 1]
            if to.is_group and any(f"#{case}" in line.text for line in sent.lines):
                return {"answers": str(number)}
        raise AssertionError(case)

    async def presses(self, who: str, label: str | Text) -> str:
        """Tap the newest button of that label, as the message under it knows where it is."""
        wanted = label if isinstance(label, str) else fr(label)
        for number in range(len(self.wire.sent), 0, -1):
            to, sent = self.wire.sent[number - 1]
            for button in (b for row in sent.buttons for b in row if to == self.group):
                if wanted in button.label:
                    assert len(button.data.encode()) <= 64
                    return await self.presses_data(who, button.data, number, sent)
        raise AssertionError(f"no button {wanted!r}")

    async def presses_data(self, who: str, data: str, number: int, under: Outbound) -> str:
        return await self.does(
            who, kind="button", text=data, reference=str(number), thread=under.thread
        )

    def registrations(self) -> list[Registration]:
        return self.store.run(lambda s: list(s.query(Registration).order_by(Registration.id)))

    def chat_number(self, chat: str) -> int:
        talk = self.store.run(lambda s: conversations.find(s, Address("telegram", chat)))
        assert talk is not None
        return talk.id

    def everything(self) -> str:
        """Return what every table holds, as one text."""
        with self.store.engine.connect() as connection:
            return "\n".join(
                str({k: str(v) for k, v in row._mapping.items()})
                for table in Base.metadata.sorted_tables
                for row in connection.execute(table.select())
            )


def fr(text: Text) -> str:
    """Return a sentence as members read it."""
    return bare(render(text, "fr"))


def bare(text: str) -> str:
    """Return a text without the marks that isolate directions, and with plain spaces."""
    return re.sub(r"[\u2066-\u2069\u200e\u200f]", "", text).replace("\u00a0", " ")

"""A desk at work: people in their chats, staff in their group, one database and one wire."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import Mapping
from typing import Any

from actions import cases, inbox
from actions.messages import Address, Attachment, Inbound, Outbound, Sender
from actions.store import Store
from actions.tables import Case, Conversation
from bot.assistant import make_dialogue
from bot.channels.base import Standing
from bot.database import Database
from bot.desk.board import Board
from bot.desk.settings import DeskSettings
from bot.desk.sweeping import Sweeper
from nlu.client import Understanding
from tests.conftest import FixedClock
from tests.talk import FACTS, KEEP, Talk, Wire, desk_of, sure

GROUP = "-1001"
FARIDA, KARIM, LILA = "501", "502", "503"
NAMES = {FARIDA: "Farida", KARIM: "Karim", LILA: "Lila"}
HEARD: Mapping[str, Understanding] = {
    "je veux parler à quelqu'un": sure("talk_to_human"),
    "نحب نهدر مع واحد": sure("talk_to_human", language="dz-ar"),
    "votre service est nul": sure("complaint"),
    "c'est quoi la caravane": sure("ask_caravan_info"),
    "oui": sure("affirm"),
}


class Bureau:
    """The desk in one group, with an administrator (Farida) and two agents (Karim, Lila)."""

    def __init__(
        self,
        store: Store,
        clock: FixedClock,
        *,
        topics: bool = True,
        settings: DeskSettings | None = None,
    ) -> None:
        self.store, self.clock = store, clock
        self.wire = Wire()
        self.wire.standing = Standing(topics, administrator=True, manages_topics=topics)
        self.settings = settings or DeskSettings()
        self.desk = desk_of(FARIDA, settings=self.settings)
        self.dialogue = make_dialogue(
            FACTS, KEEP, frozenset(), random.Random(7).randrange, self.settings
        )
        self.board = Board(FACTS.geography)
        self.group = Address("telegram", GROUP)
        self._number = 0
        self._office = self.person("0")

    def person(self, chat: str, locale: str = "fr") -> Talk:
        """Return someone's side of their chat."""
        return Talk(
            self.store,
            self.dialogue,
            HEARD,
            self.clock,
            chat=chat,
            locale=locale,
            wire=self.wire,
            desk=self.desk,
        )

    async def opens(self) -> str:
        """Let the administrator make the group the desk."""
        return await self.does(FARIDA, kind="command", command="desk", text="here")

    async def does(self, who: str, *, group: str = GROUP, **message: Any) -> str:
        """Let a member do something in the group; return what the group reads then."""
        before = len(self.wire.sent)
        self.clock.moment += dt.timedelta(seconds=10)
        self.receive(who, group=group, **message)
        await self.settle()
        return self.read(before)

    def receive(self, who: str, *, group: str = GROUP, **message: Any) -> Inbound:
        """Store what a member did, as the poller does."""
        self._number += 1
        given = {"kind": "text", "reference": str(9000 + self._number), "locale": "fr"} | message
        update = Inbound(
            f"g{self._number}",
            Address("telegram", group),
            sender=Sender(who, NAMES.get(who, "Inconnu"), NAMES.get(who, "x").lower()),
            **given,
        )
        self.store.run(lambda s: inbox.receive(s, update, self.clock.now()))
        return update

    async def settle(self) -> None:
        """Let everything happen that waits."""
        await self._office.settle()

    async def says(self, who: str, text: str, thread: str = "", **more: Any) -> str:
        return await self.does(who, text=text, thread=thread, **more)

    async def commands(self, who: str, line: str, thread: str = "", **more: Any) -> str:
        """Type a command, such as `take 12`."""
        command, _sep, text = line.partition(" ")
        return await self.does(
            who, kind="command", command=command, text=text, thread=thread, **more
        )

    async def taps(self, who: str, label: str) -> str:
        """Tap the newest button of that label in the group."""
        for to, message in reversed(self.wire.sent):
            for button in (b for row in message.buttons for b in row if to == self.group):
                if label in button.label:
                    return await self.does(
                        who, kind="button", text=button.data, thread=message.thread
                    )
        raise AssertionError(f"no button {label!r}")

    async def uploads(self, who: str, name: str, content: bytes, line: str) -> str:
        """Send a file with a command as its words."""
        self.wire.files[name] = content
        command, _sep, text = line.partition(" ")
        file = Attachment(name, name, len(content))
        return await self.does(
            who, kind="command", command=command, text=text, file=file, whole=False
        )

    def read(self, since: int = 0) -> str:
        """Return all that was written into the group since a moment."""
        return "\n".join(line.text for sent in self.to_group(since) for line in sent.lines)

    def to_group(self, since: int = 0) -> list[Outbound]:
        return [sent for to, sent in self.wire.sent[since:] if to.is_group]

    def thread(self, number: int) -> str:
        """Return the topic of a case."""
        return str(self.store.run(lambda s: cases.thread_of(s, number)))

    def case(self, number: int = 1) -> Case:
        """Return a case as it stands."""
        found = self.store.run(lambda s: cases.get(s, number))
        assert found is not None
        return found

    def owner(self, chat: str) -> str:
        """Return who speaks in a chat."""
        with self.store.begin() as session:
            talk = session.query(Conversation).filter_by(address=chat).one()
            return talk.owner

    async def sweeps(self) -> None:
        """Let the job that gives back untouched cases run."""
        database = Database(self.store)
        sweeper = Sweeper(database, self.clock, self.board, self.settings, asyncio.Event())
        while await sweeper.once():
            pass
        database.close()
        await self.settle()

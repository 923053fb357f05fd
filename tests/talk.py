"""Transcripts: a person and the assistant, over the real loops and a real database.

Only the two networks are stood in for: a dictionary is Rasa, a list is Telegram.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import Callable, Mapping
from typing import Any

from actions import inbox, retention
from actions.messages import Address, Attachment, Inbound, Outbound
from actions.privacy import Retention
from actions.spending import Budget
from actions.store import Store
from bot.assistant import make_desk
from bot.channels.base import Gone, Later, Refused, Standing
from bot.database import Database
from bot.desk.board import Board
from bot.desk.delivery import Delivery
from bot.desk.desk import StaffDesk
from bot.desk.settings import DeskSettings
from bot.dialogue import Dialogue
from bot.knowledge import Facts
from bot.sender import Sender
from bot.settings import load_settings
from bot.texting.purse import Purse
from bot.worker import Worker
from nlu.client import NluUnavailableError, Understanding
from tests.conftest import FixedClock

FACTS = Facts.load(load_settings().caravane_programme)


KEEP = Retention(texts=dt.timedelta(days=90), registrations=dt.timedelta(days=365))


def desk_of(*administrators: str, settings: DeskSettings | None = None) -> StaffDesk:
    """Return the desk with all its commands, and who is an administrator whatever happens."""
    return make_desk(
        FACTS,
        KEEP,
        settings or DeskSettings(),
        random.Random(11).randrange,
        frozenset(administrators).__contains__,
    )


class Wire:
    """A channel that keeps what it was given, and fails when told to."""

    def __init__(self, name: str = "telegram") -> None:
        self.name = name
        self.sent: list[tuple[Address, Outbound]] = []
        self.failures: list[Later | Refused | Gone] = []
        self.fails_to: dict[str, list[Later | Refused | Gone]] = {}
        self.topics: list[str] = []
        self.lost_topics: set[str] = set()
        self.no_topics: Refused | None = None
        self.standing = Standing(topics=True, administrator=True, manages_topics=True)
        self.files: dict[str, bytes] = {}

    def parts(self, message: Outbound) -> list[Outbound]:
        return [message]

    async def open_topic(self, address: Address, title: str) -> int:
        """Make a topic, unless told to fail."""
        if self.no_topics:
            raise self.no_topics
        self.topics.append(title)
        return 100 + len(self.topics)

    async def inspect(self, address: Address) -> Standing:
        return self.standing

    async def download(self, file: Attachment) -> bytes:
        return self.files[file.id]

    async def send(self, address: Address, message: Outbound, number: int = 0) -> str:
        if self.failures:
            raise self.failures.pop(0)
        if self.fails_to.get(address.id):
            raise self.fails_to[address.id].pop(0)
        if message.thread in self.lost_topics:
            raise Refused("no_topic")
        self.sent.append((address, message))
        return str(len(self.sent))


class Talk:
    """One person's side of a conversation."""

    def __init__(
        self,
        store: Store,
        dialogue: Dialogue,
        understood: Mapping[str, Understanding] | Callable[[str], Understanding],
        clock: FixedClock,
        *,
        chat: str = "7",
        locale: str = "fr",
        wire: Wire | None = None,
        desk: StaffDesk | None = None,
        budget: Budget | None = None,
    ) -> None:
        """`chat` is a Telegram chat's number, or a phone's in E.164: then they write SMS."""
        self.store = store
        self.clock = clock
        channel = "sms" if chat.startswith("+") else "telegram"
        self.wire = wire or Wire(channel)
        self.rasa_is_down = False
        self._understood = understood
        self.chat = chat
        self._address = Address(channel, chat)
        self._locale = locale
        self._number = 0
        self._last: Inbound | None = None
        events = asyncio.Event(), asyncio.Event(), asyncio.Event()
        database = Database(store)
        desk = desk or desk_of()
        self.worker = Worker(
            database,
            dialogue,
            self._understand,
            {"telegram": self.wire, "sms": self.wire},
            clock,
            *events,
            desk,
            FACTS.refresh,
        )
        delivery = Delivery(Board(FACTS.geography))
        purse = Purse(budget or Budget()) if channel == "sms" else None
        self.sender = Sender(database, self.wire, clock, events[1], delivery, purse)

    async def _understand(self, text: str) -> Understanding:
        if self.rasa_is_down:
            raise NluUnavailableError("down")
        if callable(self._understood):
            return self._understood(text)
        return self._understood.get(text, Understanding((("out_of_scope", 0.05),)))

    def receive(self, **message: Any) -> None:
        """Store one update, as the poller does."""
        self._number += 1
        given = {"kind": "text", "reference": str(self._number), "locale": self._locale} | message
        update = Inbound(f"{self.chat}-{self._number}", self._address, **given)
        self._last = update
        self.store.run(lambda s: inbox.receive(s, update, self.clock.now()))

    async def edits(self, text: str) -> str:
        """Correct the last thing written, if anything was."""
        last = self._last
        if last is None or last.kind not in {"text", "edit"}:
            return ""
        return await self.does(kind="edit", text=text, reference=last.reference)

    async def comes_again(self) -> None:
        """Store the last update a second time, as a bad line makes happen."""
        if self._last:
            again = self._last
            self.store.run(lambda s: inbox.receive(s, again, self.clock.now()))
        await self.settle()

    async def does(self, **message: Any) -> str:
        """Do something, and return the text of all that is answered to it."""
        before = len(self.wire.sent)
        self.clock.moment += dt.timedelta(seconds=10)
        self.receive(**message)
        await self.settle()
        mine = [sent for to, sent in self.wire.sent[before:] if to == self._address]
        return "\n".join(line.text for sent in mine for line in sent.lines)

    async def settle(self) -> None:
        """Let the assistant do everything there is to do."""
        while claim := await self.worker.claim():
            await self.worker.work(claim)
        self.forget_the_second_between_messages()
        while post := await self.sender.claim():
            await self.sender.send(post)
            self.forget_the_second_between_messages()

    async def says(self, text: str, **more: Any) -> str:
        return await self.does(text=text, **more)

    async def commands(self, command: str, text: str = "") -> str:
        return await self.does(kind="command", command=command, text=text)

    async def taps(self, label: str) -> str:
        """Tap the newest button of that label."""
        return await self.does(kind="button", text=self.button(label))

    def button(self, label: str) -> str:
        for to, message in reversed(self.wire.sent):
            if to != self._address:
                continue
            for row in message.buttons:
                for button in row:
                    if label in button.label:
                        return button.data
        raise AssertionError(f"no button {label!r}; the last were {self.buttons()}")

    def buttons(self) -> list[str]:
        """Return the labels under the last message."""
        mine = [sent for to, sent in self.wire.sent if to == self._address]
        return [b.label for row in mine[-1].buttons for b in row] if mine else []

    def sweep(self) -> None:
        """Let the job that forgets old things run once."""
        self.store.run(lambda s: retention.sweep(s, self.clock.now(), KEEP))

    def forget_the_second_between_messages(self) -> None:
        """Let a second pass for the limit of one message a second, without waiting for it."""
        from sqlalchemy import text  # noqa: PLC0415

        self.store.run(lambda s: s.execute(text("UPDATE outbox SET sent_at = NULL")))


def sure(intent: str, *entities: Any, language: str = "fr") -> Understanding:
    """Return an understanding without a doubt."""
    return Understanding(((intent, 0.95), ("greet", 0.01)), entities, language)

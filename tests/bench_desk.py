"""The speed of the staff desk inside our process: its loops and its database, without the wire."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from actions import cases, conversations, inbox, members
from actions.messages import Address, Attachment, Inbound, Outbound, Sender
from actions.store import Session, Store
from bot.app import SWITCH_INTERVAL
from bot.assistant import make_dialogue
from bot.channels.base import Standing
from bot.clock import SystemClock
from bot.database import Database
from bot.desk.board import Board
from bot.desk.delivery import Delivery
from bot.desk.settings import DeskSettings
from bot.sender import Sender as Sending
from bot.worker import Worker
from nlu.client import Understanding
from tests.bureau import FARIDA, GROUP, KARIM
from tests.talk import FACTS, KEEP, desk_of

OPEN_CASES = 1_000
RATE, MESSAGES = 30, 600
GROUP_ADDRESS = Address("telegram", GROUP)


@dataclass
class Stopwatch:
    """A wire that notes when each text came to it."""

    name: str = "telegram"
    arrived: dict[str, float] = field(default_factory=dict)
    seen: asyncio.Event = field(default_factory=asyncio.Event)

    def parts(self, message: Outbound) -> list[Outbound]:
        return [message]

    async def send(self, address: Address, message: Outbound, number: int = 0) -> str:
        for line in message.lines:
            self.arrived.setdefault(line.text[2:], time.perf_counter())
        self.seen.set()
        return "1"

    async def open_topic(self, address: Address, title: str) -> int:
        raise NotImplementedError

    async def inspect(self, address: Address) -> Standing:
        raise NotImplementedError

    async def download(self, file: Attachment) -> bytes:
        raise NotImplementedError


async def understand(text: str) -> Understanding:
    return Understanding((("out_of_scope", 0.05),))


def open_cases(session: Session) -> None:
    """Open many cases, each with its topic, each taken by one member."""
    now = SystemClock().now()
    settings = DeskSettings()
    members.open_desk(session, GROUP_ADDRESS, now, topics=True, language="fr")
    karim = members.seen(session, "telegram", Sender(KARIM, "Karim"), now)
    for n in range(OPEN_CASES):
        talk = conversations.load(session, Address("telegram", str(10_000 + n)), now)
        talk.owner, talk.language = "staff", "fr"
        case = cases.begin(session, talk, now, why="asked", patience=settings.patience)
        cases.take(session, case, karim.id, now, settings.patience)
        case.thread, case.answered_at = 1_000 + n, now


def written(n: int) -> Inbound:
    """Return the n-th message: every other one is a person's, the rest a member's answers."""
    chat, text = n % OPEN_CASES, f"message {n}"
    if n % 2:
        return Inbound(str(n), Address("telegram", str(10_000 + chat)), "text", text, locale="fr")
    return Inbound(
        str(n), GROUP_ADDRESS, "text", text, thread=str(1_000 + chat), sender=Sender(KARIM, "Karim")
    )


async def bench_desk(store: Store, row: Callable[[str, float, float, str], None]) -> None:
    """Print how long a message takes to the other side, and the queue of many open cases."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    store.run(open_cases)
    settings = DeskSettings()
    desk = desk_of(FARIDA)
    dialogue = make_dialogue(FACTS, KEEP, frozenset(), lambda below: 0, settings)
    database, clock, wire = Database(store), SystemClock(), Stopwatch()
    arrived, queued, changed = asyncio.Event(), asyncio.Event(), asyncio.Event()
    channels = {"telegram": wire}
    worker = Worker(
        database,
        dialogue,
        understand,
        channels,
        clock,
        arrived,
        queued,
        changed,
        desk,
        FACTS.refresh,
    )
    delivery = Delivery(Board(FACTS.geography))
    sending = Sending(database, wire, clock, queued, delivery, in_a_group=100_000)
    loops = [asyncio.create_task(worker.run()), asyncio.create_task(sending.run())]
    came: dict[str, float] = {}
    begun = time.perf_counter()
    for n in range(MESSAGES):
        await asyncio.sleep(max(0, begun + n / RATE - time.perf_counter()))
        message = written(n)
        came[message.text] = time.perf_counter()
        await database.run(partial(inbox.receive, message=message, now=clock.now()))
        arrived.set()
    async with asyncio.timeout(60):
        while not came.keys() <= wire.arrived.keys():
            wire.seen.clear()
            await wire.seen.wait()
    spent = {text: (wire.arrived[text] - at) * 1000 for text, at in came.items()}
    to_staff = [ms for text, ms in spent.items() if int(text.split()[1]) % 2]
    to_person = [ms for text, ms in spent.items() if not int(text.split()[1]) % 2]
    row(f"person to topic at {RATE} messages/s, median", statistics.median(to_staff), 60, "ms")
    row(f"staff to person at {RATE} messages/s, median", statistics.median(to_person), 60, "ms")
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    asks = Inbound("queue", GROUP_ADDRESS, "command", command="queue", sender=Sender(KARIM, "K"))
    begun = time.perf_counter()
    await database.run(lambda s: inbox.receive(s, asks, clock.now()))
    claim = await worker.claim()
    assert claim
    await worker.work(claim)
    spent_ms = (time.perf_counter() - begun) * 1000
    row(f"/queue of {OPEN_CASES:,} open cases", spent_ms, 300, "ms")
    database.close()

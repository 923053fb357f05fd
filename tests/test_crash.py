"""The process dies between any two steps of a turn: nothing is lost, nothing is answered twice."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from sqlalchemy import text

from actions import inbox
from actions.messages import Address, Inbound, Outbound
from actions.store import Session, Store
from actions.tables import Base, Conversation, Inbox, Outbox
from bot.database import Database
from bot.dialogue import Dialogue
from bot.sender import Sender
from bot.worker import Worker
from nlu.client import Understanding
from tests.conftest import FixedClock
from tests.signing_up import ALL_OF_AMINA, code_in, product, registrations
from tests.talk import FACTS, Wire, desk_of
from tests.test_dialogue import HEARD, dialogue

__all__ = ["dialogue"]

#: A first contact, a form that opens, and its first answer.
MESSAGES = ("/start", "j'ai le droit ?", "24")
#: Someone signs up.
SIGNING_UP = ("je veux m'inscrire", "oui", ALL_OF_AMINA, "envoyer")

#: Enough lives to send a receipt of three messages, one a second, and to die once.
LIVES = 5

Understand = Callable[[str], Understanding]


def scripted(words: str) -> Understanding:
    """Understand what the first scenario says."""
    return HEARD.get(words, Understanding((("out_of_scope", 0.05),)))


class CrashError(BaseException):
    """The process is gone."""


class MortalStore(Store):
    """A database whose process dies at its n-th transaction, before or after the commit."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.left = -1
        self.after = False

    @contextmanager
    def begin(self) -> Iterator[Session]:
        dies, self.left = self.left == 0, self.left - 1
        with super().begin() as session:
            yield session
            if dies and not self.after:
                raise CrashError
        if dies and self.after:
            raise CrashError


class DyingWire(Wire):
    """A channel whose process dies right after Telegram took the message."""

    dies = False

    async def send(self, address: Address, message: Outbound, number: int = 0) -> str:
        taken = await super().send(address, message)
        if self.dies:
            self.dies = False
            raise CrashError
        return taken


async def live(
    store: MortalStore,
    dialogue: Dialogue,
    clock: FixedClock,
    wire: Wire,
    understood: Understand = scripted,
) -> None:
    """Run one process until there is nothing to do, or until it dies."""

    async def understand(words: str) -> Understanding:
        return understood(words)

    events = asyncio.Event(), asyncio.Event(), asyncio.Event()
    database = Database(store)
    desk = desk_of()
    worker = Worker(
        database, dialogue, understand, {"telegram": wire}, clock, *events, desk, FACTS.refresh
    )
    sender = Sender(database, wire, clock, events[1])
    try:
        while claim := await worker.claim():
            await worker.work(claim)
        while post := await sender.claim():
            await sender.send(post)
    finally:
        database.close()


def another_time(store: Store) -> None:
    """Let every lease and every second between messages pass, without waiting for them."""
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE inbox SET leased_until = NULL"))
        connection.execute(text("UPDATE outbox SET leased_until = NULL, sent_at = NULL"))


async def converse(
    store: MortalStore,
    dialogue: Dialogue,
    wire: Wire,
    *,
    messages: tuple[str, ...] = MESSAGES,
    understood: Understand = scripted,
    die_at: int = -1,
    after: bool = False,
    unharmed: int = 0,
) -> None:
    """Say all messages; the process dies once on the way and is started again.

    `die_at` counts the transactions that come after the first `unharmed` messages.
    """
    clock = FixedClock()
    store.left, store.after = -1, after
    for number, words in enumerate(messages):
        if number == unharmed:
            store.left = die_at
        clock.moment += dt.timedelta(seconds=10)
        update = Inbound(str(number), Address("telegram", "7"), "text", words, locale="fr")
        if words.startswith("/"):
            update = replace(update, kind="command", command=words[1:], text="")
        with store.engine.begin() as connection, Session(connection) as session:
            inbox.receive(session, update, clock.now())
            session.commit()
        for _life in range(LIVES):
            with suppress(CrashError):
                await live(store, dialogue, clock, wire, understood)
            another_time(store)


def said(wire: Wire) -> list[str]:
    return ["\n".join(line.text for line in message.lines) for _to, message in wire.sent]


@pytest.fixture
def mortal(database_url: str) -> Iterator[MortalStore]:
    opened = MortalStore(database_url)
    opened.migrate()
    yield opened
    opened.close()


def empty(store: Store) -> None:
    with store.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
async def test_dying_at_any_commit_loses_nothing_and_repeats_no_turn(
    mortal: MortalStore, dialogue: Dialogue, after: bool
) -> None:
    undisturbed = Wire()
    await converse(mortal, dialogue, undisturbed)
    expected = said(undisturbed)
    assert len(expected) == len(MESSAGES)
    transactions = -1 - mortal.left
    assert transactions > 4 * len(MESSAGES)  # claim, turn, claim to send, record
    for step in range(transactions):
        empty(mortal)
        wire = Wire()
        await converse(mortal, dialogue, wire, die_at=step, after=after)
        heard = said(wire)
        once = [words for n, words in enumerate(heard) if n == 0 or words != heard[n - 1]]
        assert once == expected, f"dying at transaction {step}"
        # Only dying between the sending and its record may repeat that one message.
        assert len(heard) <= len(expected) + 1
        with mortal.begin() as session:
            assert session.query(Inbox).filter(Inbox.status != "done").count() == 0
            assert session.query(Outbox).filter(Outbox.status != "sent").count() == 0
            assert session.query(Conversation).count() == 1


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
async def test_dying_at_any_commit_signs_up_once_under_the_code_that_was_sent(
    mortal: MortalStore, understand: Understand, after: bool
) -> None:
    async def sign_up(step: int) -> list[str]:
        empty(mortal)
        wire = Wire()
        await converse(
            mortal,
            product(),
            wire,
            messages=SIGNING_UP,
            understood=understand,
            die_at=step,
            after=after,
            unharmed=SIGNING_UP.index("envoyer"),
        )
        return said(wire)

    expected = await sign_up(-1)
    transactions = -1 - mortal.left
    for step in range(transactions):
        heard = await sign_up(step)
        once = [words for n, words in enumerate(heard) if n == 0 or words != heard[n - 1]]
        assert [without_code(w) for w in once] == [without_code(w) for w in expected], step
        (row,) = registrations(mortal)
        receipt = next(words for words in heard if "/moi" in words and "code" in words.lower())
        assert code_in(receipt) == row.code


def without_code(words: str) -> str:
    """Return a text with its code left out: another life draws another one."""
    return re.sub(r"\d{4} \d{4}", "code", words)


async def test_dying_right_after_telegram_took_it_repeats_that_message_only(
    mortal: MortalStore, dialogue: Dialogue
) -> None:
    wire = DyingWire()
    wire.dies = True
    await converse(mortal, dialogue, wire)
    heard = said(wire)
    assert heard[0] == heard[1]
    assert len(heard) == len(MESSAGES) + 1

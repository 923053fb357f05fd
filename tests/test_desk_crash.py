"""The desk when a process dies between two steps, and when twenty hands reach for one case."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from actions import cases, conversations, inbox, members
from actions.messages import Address, Inbound, Sender
from actions.store import Session, Store
from actions.tables import Case, Conversation, Inbox, Member, Outbox
from bot.assistant import make_dialogue
from bot.database import Database
from bot.desk.board import Board
from bot.desk.delivery import Delivery
from bot.desk.settings import DeskSettings
from bot.sender import Sender as Sending
from bot.worker import Worker
from nlu.client import Understanding
from tests.bureau import FARIDA, GROUP, HEARD, KARIM, NAMES
from tests.conftest import FixedClock
from tests.talk import FACTS, KEEP, Wire, desk_of
from tests.test_crash import CrashError, MortalStore, another_time, empty

LIVES = 8
#: Someone asks for a person, is taken, answered, writes again, and the case is closed.
STORY = (
    ("7", "text", "je veux parler à quelqu'un"),
    (KARIM, "take", ""),
    (KARIM, "reply", "Bonjour, je vous écoute"),
    ("7", "text", "où est mon dossier ?"),
    (KARIM, "close", ""),
    ("7", "text", "c'est quoi la caravane"),
)


@pytest.fixture
def mortal(database_url: str) -> Iterator[MortalStore]:
    opened = MortalStore(database_url)
    opened.migrate()
    yield opened
    opened.close()


async def understand(words: str) -> Understanding:
    return HEARD.get(words, Understanding((("out_of_scope", 0.05),)))


async def live(store: Store, clock: FixedClock, wire: Wire) -> None:
    """Run one process until there is nothing to do, or until it dies."""
    settings = DeskSettings()
    dialogue = make_dialogue(FACTS, KEEP, frozenset(), lambda below: 0, settings)
    desk = desk_of(FARIDA)
    events = asyncio.Event(), asyncio.Event(), asyncio.Event()
    database = Database(store)
    worker = Worker(
        database, dialogue, understand, {"telegram": wire}, clock, *events, desk, FACTS.refresh
    )
    sending = Sending(database, wire, clock, events[1], Delivery(Board(FACTS.geography)))
    try:
        while claim := await worker.claim():
            await worker.work(claim)
        while post := await sending.claim():
            await sending.send(post)
    finally:
        database.close()


async def tell(store: MortalStore, wire: Wire, *, die_at: int = -1, after: bool = False) -> None:
    """Play the story; the process dies once on the way and is started again."""
    clock = FixedClock()
    store.left, store.after = -1, after
    with store.engine.begin() as connection, Session(connection) as session:
        members.open_desk(
            session, Address("telegram", GROUP), clock.now(), topics=True, language="fr"
        )
        session.commit()
    store.left = die_at
    for number, (who, kind, words) in enumerate(STORY):
        clock.moment += dt.timedelta(seconds=70)
        with store.engine.begin() as connection, Session(connection) as session:
            inbox.receive(session, update(session, number, who, kind, words), clock.now())
            session.commit()
        for _life in range(LIVES):
            with suppress(CrashError):
                await live(store, clock, wire)
            another_time(store)
            if nothing_left(store):
                break


def nothing_left(store: Store) -> bool:
    """Whether everything that came was answered and everything to be sent was."""
    with store.engine.begin() as connection, Session(connection) as session:
        new = session.query(Inbox).filter_by(status="new").count()
        return new + session.query(Outbox).filter_by(status="queued").count() == 0


def update(session: Session, number: int, who: str, kind: str, words: str) -> Inbound:
    here, reference = Address("telegram", GROUP), str(9000 + number)
    sender = Sender(who, NAMES.get(who, ""))
    if who == "7":
        return Inbound(str(number), Address("telegram", "7"), "text", words, locale="fr")
    if kind == "reply":
        thread = str(session.query(Case).one().thread)
        return Inbound(
            str(number), here, "text", words, thread=thread, sender=sender, reference=reference
        )
    case = str(session.query(Case).one().id)
    return Inbound(
        str(number), here, "command", case, command=kind, sender=sender, reference=reference
    )


def heard(wire: Wire, *, group: bool) -> list[str]:
    """Return what each side read, once where a message was repeated on the wire."""
    said = [
        re.sub(r"#\d+", "#", "\n".join(line.text for line in m.lines)) or str(m.deed)
        for to, m in wire.sent
        if to.is_group == group
    ]
    return [words for n, words in enumerate(said) if n == 0 or words != said[n - 1]]


@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
async def test_dying_between_any_two_steps_loses_no_message_and_repeats_no_turn(
    mortal: MortalStore, after: bool
) -> None:
    undisturbed = Wire()
    await tell(mortal, undisturbed)
    transactions = -1 - mortal.left
    person, group = heard(undisturbed, group=False), heard(undisturbed, group=True)
    assert "👥 Bonjour, je vous écoute" in person
    assert any("où est mon dossier ?" in words for words in group)
    for step in range(transactions):
        empty(mortal)
        wire = Wire()
        await tell(mortal, wire, die_at=step, after=after)
        assert heard(wire, group=False) == person, f"dying at transaction {step}"
        assert heard(wire, group=True) == group, f"dying at transaction {step}"
        assert len(wire.sent) <= len(undisturbed.sent) + 1
        with mortal.begin() as session:
            assert session.query(Inbox).filter(Inbox.status != "done").count() == 0
            assert session.query(Outbox).filter(Outbox.status != "sent").count() == 0
            assert session.query(Case).one().status == "closed"
            assert session.query(Conversation).one().owner == "bot"


def test_of_twenty_who_take_a_case_at_once_exactly_one_has_it(store: Store) -> None:
    now = FixedClock().now()
    hours = dt.timedelta(hours=1)
    with store.begin() as session:
        talk = conversations.load(session, Address("telegram", "7"), now)
        number = cases.begin(session, talk, now, why="asked", patience=hours).id
        people = [
            members.seen(session, "telegram", Sender(str(n), f"Agent {n}"), now).id
            for n in range(20)
        ]
    together = threading.Barrier(len(people))
    winners: list[int] = []

    def take(member: int) -> None:
        together.wait()
        with store.begin() as session:
            case = session.get_one(Case, number)
            if cases.take(session, case, member, now, hours):
                winners.append(member)

    threads = [threading.Thread(target=take, args=(member,)) for member in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(winners) == 1
    with store.begin() as session:
        case = session.get_one(Case, number)
        assert (case.status, case.taken_by) == ("taken", winners[0])
        assert session.query(Member).count() == len(people)

"""What happens by itself: old texts are forgotten, reminders planned, whatever goes wrong."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from actions import inbox, outbox, privacy, registrations, retention
from actions.messages import Address, Inbound, Line, Outbound
from actions.store import Session, Store, StoreError
from actions.tables import (
    Base,
    Consent,
    Conversation,
    Destination,
    Inbox,
    Outbox,
    Registration,
    Subscription,
)
from bot import housekeeping
from bot.housekeeping import Housekeeper
from tests.conftest import FixedClock
from tests.house import KEEP, UNKNOWN, House, at, days

DAY = dt.timedelta(days=1)
LATER = at(5, 9) + KEEP.texts + DAY
MUCH_LATER = at(5, 9) + KEEP.registrations + DAY


@pytest.fixture
def house(store: Store) -> Iterator[House]:
    built = House(store, FixedClock(at(5, 9)))
    yield built
    built.close()


def hears(house: House, words: str, number: str = "1", chat: str = "7") -> None:
    """Receive a message and answer it."""

    def turn(session: Session) -> None:
        now, address = house.clock.now(), Address("telegram", chat)
        inbox.receive(session, Inbound(number, address, "text", text=words), now)
        claim = inbox.claim(session, now)
        assert claim is not None
        outbox.queue(session, address, Outbound((Line(f"you said {words}"),)), now)
        inbox.finish(session, claim, now)

    house.store.run(turn)


def payloads(house: House) -> list[dict[str, Any]]:
    def read(session: Session) -> list[dict[str, Any]]:
        rows = (*session.scalars(select(Inbox)), *session.scalars(select(Outbox)))
        return [row.payload for row in rows]

    return house.store.run(read)


def count(house: House, table: type[Base]) -> int:
    return house.store.run(lambda s: s.query(table).count())


# -- what is forgotten ---------------------------------------------------------------------------


async def test_texts_are_blanked_when_their_time_is_over_and_not_before(house: House) -> None:
    house.chat(state="a form")
    hears(house, "je m'appelle Amine")
    await house.sends()
    await house.at(LATER - 2 * DAY)
    assert "Amine" in str(payloads(house))
    hears(house, "je suis Yasmine", "2", "8")
    await house.sends()
    await house.at(LATER)
    assert "Amine" not in str(payloads(house))
    assert "Yasmine" in str(payloads(house))
    assert house.store.run(lambda s: s.query(Conversation).one().state) == {}


async def test_an_emptied_message_that_comes_again_is_still_known(house: House) -> None:
    hears(house, "bonjour")
    await house.at(LATER)
    again = Inbound("1", Address("telegram", "7"), "text", text="bonjour")
    assert not house.store.run(lambda s: inbox.receive(s, again, LATER))


async def test_what_has_yet_to_be_answered_or_sent_is_kept_however_old(house: House) -> None:
    update = Inbound("1", Address("telegram", "7"), "text", text="une question")
    house.store.run(lambda s: inbox.receive(s, update, at(5, 9)))
    far = at(5, 9) + 2 * KEEP.texts
    news = Outbound((Line("un jour"),))
    house.store.run(
        lambda s: outbox.queue(s, Address("telegram", "8"), news, at(5, 9), due_at=far, reply=False)
    )
    await house.at(LATER)
    assert "une question" in str(payloads(house))
    assert await house.at(far) == ["un jour"]


async def test_updates_nobody_could_read_are_blanked_too(house: House) -> None:
    raw = inbox.Unreadable("telegram", "1", {"message": "secret"})
    house.store.run(lambda s: inbox.receive(s, raw, at(5, 9)))
    await house.at(LATER)
    assert payloads(house) == [{}]


async def test_registrations_are_erased_a_year_after_the_last_change(house: House) -> None:
    person = house.register(house.chat())
    house.wish(house.chat(), person)
    await house.at(MUCH_LATER - 2 * DAY)
    assert count(house, Registration) == 1
    await house.at(MUCH_LATER)
    for table in (Registration, Consent, Subscription, Conversation, Inbox, Outbox, Destination):
        assert count(house, table) == 0, table


async def test_withdrawn_registrations_are_erased_with_the_texts(house: House) -> None:
    chat = house.chat()
    person, other = house.register(chat), house.register(chat, "Yasmine")
    house.store.run(
        lambda s: registrations.withdraw(s, s.get_one(Registration, person), at(6, 9), who="p")
    )
    await house.at(LATER)
    assert count(house, Registration) == 2
    await house.at(LATER + DAY)
    assert house.store.run(lambda s: s.query(Registration).one().id) == other


async def test_silent_chats_are_erased_but_not_those_that_wait_for_a_reminder(
    house: House,
) -> None:
    house.starts(UNKNOWN)
    house.chat("1")
    house.chat("2")
    hears(house, "bonjour", "1", "1")
    await house.sends()
    house.wish(house.chat("2"))
    house.housekeeper.keep = privacy.Retention(10 * DAY, 30 * DAY)
    await house.at(at(5, 9) + 40 * DAY)
    assert house.store.run(lambda s: s.query(Conversation).one().address) == "2"
    assert payloads(house) == []


async def test_what_was_on_its_way_to_someone_erased_is_removed_once_it_has_left(
    house: House,
) -> None:
    chat = house.chat()
    hears(house, "efface tout")
    house.store.run(lambda s: privacy.erase(s, s.get_one(Conversation, chat), at(5, 9)))
    await house.housekeeper.once()
    assert len(payloads(house)) == 1  # the answer is still to be sent
    assert await house.sends() == ["you said efface tout"]
    await house.housekeeper.once()
    assert payloads(house) == []
    assert count(house, Destination) == 0


async def test_much_is_forgotten_little_by_little(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "EMPTIED", 3)
    monkeypatch.setattr(retention, "ERASED", 2)
    for n in range(8):
        house.register(house.chat(str(n), state="a form"))
        hears(house, "bonjour", str(n), str(n))
    await house.sends()
    most = 3 * retention.EMPTIED + 2 * retention.ERASED
    swept = []
    while some := house.store.run(lambda s: retention.sweep(s, MUCH_LATER, KEEP)):
        swept.append(some)
    assert len(swept) >= 4
    assert max(swept) <= most
    assert count(house, Registration) == count(house, Conversation) == 0
    assert payloads(house) == []


# -- by itself -----------------------------------------------------------------------------------


class Watched(Housekeeper):
    """A housekeeper that says when it has done all there is to do."""

    def watch(self) -> None:
        self.passes = 0
        self.passed = asyncio.Event()

    async def once(self) -> None:
        await super().once()
        self.passes += 1
        self.passed.set()

    async def next_pass(self) -> None:
        self.passed.clear()
        async with asyncio.timeout(60):
            await self.passed.wait()


@pytest.fixture
async def running(house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(housekeeping, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(housekeeping, "INTERVAL", 3600)
    keeper = Watched(house.database, house.clock, house.reminders, KEEP, asyncio.Event())
    keeper.watch()
    task = asyncio.create_task(keeper.run())
    await keeper.next_pass()
    yield keeper
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_wish_is_planned_when_it_is_made(house: House, running: Watched) -> None:
    house.wish(house.chat(), planned=False)
    running.wake.set()
    await running.next_pass()
    assert [row.due_at for row in house.outbox()] == [at(13, 18)]


async def test_a_new_day_is_noticed_whichever_it_is(house: House, running: Watched) -> None:
    hears(house, "bonjour")
    house.clock.moment = LATER
    await running.next_pass()
    assert payloads(house)[0] == {}
    house.clock.moment = at(5, 9)
    await running.next_pass()


async def test_a_database_that_fails_is_asked_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pause in ("DATABASE_PAUSE", "LOOK_AGAIN", "INTERVAL"):
        monkeypatch.setattr(housekeeping, pause, 0.01)
    house.wish(house.chat(), planned=False)
    failures = [StoreError("OperationalError: locked"), KeyError("Amine")]
    run = house.store.run

    def fails(work: Any) -> Any:
        if failures:
            raise failures.pop(0)
        return run(work)

    monkeypatch.setattr(house.store, "run", fails)
    keeper = Watched(house.database, house.clock, house.reminders, KEEP, asyncio.Event())
    keeper.watch()
    with capture_logs() as logs:
        task = asyncio.create_task(keeper.run())
        await keeper.next_pass()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert len(house.outbox()) == 1
    assert [(log["event"], log["error"]) for log in logs[:2]] == [
        ("database_failed", "OperationalError: locked"),
        ("work_failed", "KeyError"),
    ]
    assert "Amine" not in str(logs)


async def test_logs_hold_numbers_only(house: House) -> None:
    house.wish(house.chat(), house.register(house.chat()))
    house.starts(days(20))
    hears(house, "je m'appelle Amine")
    with capture_logs() as logs:
        await house.at(at(5, 9))
        await house.at(LATER)
    kept = {key: value for log in logs for key, value in log.items()}
    assert set(kept) <= {"event", "log_level", "planned", "stale", "forgotten"}
    assert "Amine" not in str(logs)
    assert "telegram:" not in str(logs)

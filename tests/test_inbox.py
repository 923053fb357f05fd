"""Messages are stored once, taken in order, and come back when a worker dies."""

from __future__ import annotations

import datetime as dt
import os
import socket
import subprocess
import threading

import pytest

from actions import inbox
from actions.messages import Address, Inbound
from actions.store import Store
from actions.tables import Inbox
from bot.poller import is_dead_neighbour
from tests.conftest import MONDAY

WALL = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def message(number: int, chat: str = "1", text: str = "salam") -> Inbound:
    return Inbound(str(number), Address("telegram", chat), "text", text=text)


def receive(store: Store, *messages: Inbound) -> int:
    return store.run(lambda s: inbox.receive_all(s, messages, MONDAY))


def claim(store: Store, wall: dt.datetime = WALL) -> inbox.Claim | None:
    return store.run(lambda s: inbox.claim(s, wall))


def test_a_repeated_update_counts_once(store: Store) -> None:
    assert receive(store, message(1), message(1), message(2)) == 2
    assert receive(store, message(2), message(1)) == 0


def test_duplicates_are_known_as_a_set_not_by_the_highest_number(store: Store) -> None:
    receive(store, message(10))
    assert receive(store, message(9)) == 1


def test_a_message_comes_back_as_it_was(store: Store) -> None:
    sent = Inbound("1", Address("telegram", "7"), "location", latitude=36.19, longitude=5.41)
    receive(store, sent)
    taken = claim(store)
    assert taken is not None
    assert taken.message == sent


def test_one_conversation_is_worked_on_in_order_and_one_at_a_time(store: Store) -> None:
    receive(store, message(1, "a"), message(2, "a"), message(3, "b"))
    first, other = claim(store), claim(store)
    assert first and first.message.external_id == "1"
    assert other and other.message.external_id == "3"
    assert claim(store) is None
    store.run(lambda s: inbox.finish(s, first, MONDAY))
    second = claim(store)
    assert second and second.message.external_id == "2"


def test_a_dead_workers_message_comes_back(store: Store) -> None:
    receive(store, message(1))
    dead = claim(store)
    assert claim(store, WALL + inbox.LEASE / 2) is None
    again = claim(store, WALL + inbox.LEASE)
    assert dead and again and again.id == dead.id


def test_a_worker_that_lost_its_lease_can_not_finish(store: Store) -> None:
    receive(store, message(1))
    slow = claim(store)
    fast = claim(store, WALL + inbox.LEASE)
    assert slow and fast
    with pytest.raises(inbox.LeaseLostError):
        store.run(lambda s: inbox.finish(s, slow, MONDAY))
    store.run(lambda s: inbox.finish(s, fast, MONDAY))


def test_a_message_that_always_fails_is_set_aside_and_the_next_one_works(store: Store) -> None:
    receive(store, message(1), message(2))
    wall, tries = WALL, 0
    while (taken := claim(store, wall)) and taken.message.external_id == "1":
        tries += 1
        failed = taken
        store.run(lambda s, c=failed, w=wall: inbox.retry(s, c, w))  # type: ignore[misc]
        wall += dt.timedelta(minutes=5)
    assert tries == inbox.ATTEMPTS
    assert taken and taken.message.external_id == "2"


def test_an_unreadable_update_is_kept_and_never_taken(store: Store) -> None:
    odd = inbox.Unreadable("telegram", "5", {"update_id": 5, "message": "?"})
    store.run(lambda s: inbox.receive(s, odd, MONDAY))
    assert claim(store) is None
    assert store.run(lambda s: s.query(Inbox).one().payload) == odd.raw


def test_one_process_reads_the_updates_and_another_takes_over(store: Store) -> None:
    def hold(name: str, wall: dt.datetime) -> int | None:
        return store.run(lambda s: inbox.hold_cursor(s, "telegram", name, wall))

    assert hold("first", WALL) == 0
    assert hold("second", WALL) is None
    store.run(lambda s: inbox.move_cursor(s, "telegram", "first", 42, WALL))
    assert hold("second", WALL + inbox.CURSOR_LEASE) == 42
    with pytest.raises(inbox.LeaseLostError):
        store.run(lambda s: inbox.move_cursor(s, "telegram", "first", 50, WALL))


def test_the_updates_of_a_killed_process_are_taken_over_at_once(store: Store) -> None:
    def hold(name: str) -> int | None:
        return store.run(lambda s: inbox.hold_cursor(s, "telegram", name, WALL, is_dead_neighbour))

    ended = subprocess.Popen(["true"])
    ended.wait()
    here = socket.gethostname()
    assert hold(f"{here}:{ended.pid}") == 0
    assert hold(f"{here}:{os.getpid()}") == 0
    assert hold(f"{here}:{ended.pid}") is None
    assert hold("another-machine:1") is None


def test_many_workers_never_share_a_message_nor_break_the_order(store: Store) -> None:
    receive(store, *(message(n, chat=str(n % 10)) for n in range(100)))
    taken: list[tuple[str, int]] = []
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while (mine := claim(store)) or _open(store):
                if mine:
                    taken.append((mine.message.address.id, int(mine.message.external_id)))
                    held = mine
                    store.run(lambda s, c=held: inbox.finish(s, c, MONDAY))  # type: ignore[misc]
        except BaseException as failed:
            failures.append(failed)

    threads = [threading.Thread(target=work) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(n for _chat, n in taken) == list(range(100))
    for chat in {chat for chat, _n in taken}:
        mine = [n for c, n in taken if c == chat]
        assert mine == sorted(mine)


def _open(store: Store) -> bool:
    return store.run(lambda s: s.query(Inbox).filter_by(status="new").count()) > 0

"""The figures: counted in Algerian days on both databases, and hidden where they are small."""

from __future__ import annotations

import datetime as dt

from hypothesis import assume, given
from hypothesis import strategies as st

from actions import cases, conversations, figures, inbox, registrations, reminders
from actions.figures import FEW, HIDDEN, Between, Waits, publish
from actions.inbox import Unreadable
from actions.messages import Address, Inbound
from actions.store import Session, Store
from actions.tables import Case, Member
from bot.clock import ALGIERS
from bot.desk.stats import stretch
from tests.conftest import MONDAY
from tests.enrolled import chat, enrol

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
MIDNIGHT = dt.datetime(2015, 10, 5, tzinfo=ALGIERS)
counts = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 30))


def count(store: Store, *moments: dt.datetime, kind: str = "answered", intent: str = "") -> None:
    with store.begin() as session:
        for moment in moments:
            conversations.count_event(session, kind, moment, intent=intent)


def opened(
    session: Session,
    person: str,
    at: dt.datetime,
    answered: dt.timedelta | None = None,
    **more: str,
) -> Case:
    """Open somebody's case, perhaps answered after a while."""
    talk = chat(session, person, at)
    case = cases.begin(session, talk, at, patience=DAY, **{"why": "asked"} | more)  # type: ignore[arg-type]
    case.answered_at = at + answered if answered is not None else None
    return case


# What happened


def test_things_are_counted_in_the_day_of_algiers_they_happened_in(store: Store) -> None:
    late = dt.datetime(2015, 10, 4, 23, 30, tzinfo=dt.UTC)  # half past midnight in Algiers
    count(store, late - HOUR, late, MONDAY)
    count(store, MONDAY, kind="missed")
    days = stretch(dt.date(2015, 10, 5), 7)
    counted = store.run(lambda s: figures.happened(s, days.edges))
    assert [slot["answered"] for slot in counted] == [0, 0, 0, 0, 0, 1, 2]
    assert [slot["missed"] for slot in counted] == [0, 0, 0, 0, 0, 0, 1]


def test_a_slot_begins_with_its_first_moment_and_ends_before_the_next(store: Store) -> None:
    tick = dt.timedelta(microseconds=1)
    count(store, MIDNIGHT - tick, MIDNIGHT, MIDNIGHT + HOUR - tick, MIDNIGHT + DAY)
    counted = store.run(lambda s: figures.happened(s, (MIDNIGHT, MIDNIGHT + HOUR, MIDNIGHT + DAY)))
    assert [slot["answered"] for slot in counted] == [2, 0]


def test_every_hour_of_a_day_is_a_slot_of_its_own(store: Store) -> None:
    count(store, *(MIDNIGHT + n * HOUR + MINUTE for n in range(24) for _again in range(n)))
    day = stretch(MIDNIGHT.date(), 1)
    counted = store.run(lambda s: figures.happened(s, day.edges))
    assert [slot["answered"] for slot in counted] == list(range(24))


def test_what_staff_write_in_their_group_is_no_message_received(store: Store) -> None:
    arrived: list[Inbound | Unreadable] = [
        Inbound("1", Address("telegram", "7"), "text", "bonjour"),
        Inbound("2", Address("telegram", "7"), "button", "menu"),
        Inbound("3", Address("sms", "+213661234567"), "text", "bonjour"),
        Inbound("4", Address("telegram", "-1001"), "text", "je m'en occupe"),
        Unreadable("telegram", "5", {}),
    ]
    store.run(lambda s: inbox.receive_all(s, arrived, MONDAY))
    assert store.run(lambda s: figures.received(s, MIDNIGHT, MIDNIGHT + DAY)) == 3
    assert store.run(lambda s: figures.received(s, MIDNIGHT - DAY, MIDNIGHT)) == 0


def test_half_of_the_people_waited_no_longer_than_the_median(store: Store) -> None:
    with store.begin() as session:
        for person, minutes in (("1", 90), ("2", 5), ("3", 12)):
            opened(session, person, MONDAY, minutes * MINUTE)
        opened(session, "4", MONDAY)
        opened(session, "5", MONDAY, 0 * MINUTE, why="staff")
        opened(session, "6", MONDAY - 2 * DAY, 600 * MINUTE)
    found = store.run(lambda s: figures.waits(s, MIDNIGHT, MIDNIGHT + DAY))
    assert found == Waits(opened=4, answered=3, median=12 * MINUTE)


def test_of_two_waits_the_median_is_the_middle(store: Store) -> None:
    with store.begin() as session:
        opened(session, "1", MONDAY, 10 * MINUTE)
        opened(session, "2", MONDAY, 20 * MINUTE)
    found = store.run(lambda s: figures.waits(s, MIDNIGHT, MIDNIGHT + DAY))
    assert found.median == 15 * MINUTE


def test_without_an_answer_there_is_no_median(store: Store) -> None:
    none = store.run(lambda s: figures.waits(s, MIDNIGHT, MIDNIGHT + DAY))
    assert none == Waits(opened=0, answered=0, median=None)
    store.run(lambda s: opened(s, "1", MONDAY))
    unanswered = store.run(lambda s: figures.waits(s, MIDNIGHT, MIDNIGHT + DAY))
    assert unanswered == Waits(opened=1, answered=0, median=None)


def test_who_withdrew_is_no_longer_counted_at_a_stop(store: Store) -> None:
    with store.begin() as session:
        enrol(session)
        enrol(session, given_name="Lina", stop="")
        gone = enrol(session, given_name="Karim", stop="05")
        registrations.withdraw(session, gone, MONDAY, who="person")
        enrol(session, MONDAY - 2 * DAY, given_name="Omar", stop="05")
    found = store.run(lambda s: figures.registered(s, MIDNIGHT, MIDNIGHT + DAY))
    assert found == {"19": 1, "": 1}


def test_the_open_cases_of_each_member_are_counted(store: Store) -> None:
    with store.begin() as session:
        karim = Member(channel="telegram", user="2", name="Karim", joined_at=MONDAY)
        session.add(karim)
        session.flush()
        for person in ("1", "2", "3"):
            cases.take(session, opened(session, person, MONDAY), karim.id, MONDAY, DAY)
        ended = cases.held_by(session, karim.id)[0]
        cases.close(session, ended, MONDAY, by="staff")
        opened(session, "4", MONDAY)
        number = karim.id
    assert store.run(figures.held) == {number: 2}


# What may be published


def test_subjects_count_by_words_and_by_button_and_small_talk_does_not(store: Store) -> None:
    count(store, MONDAY, MONDAY, intent="ask_age")
    count(store, MONDAY, kind="button", intent="ask_age")
    count(store, MONDAY, kind="missed", intent="ask_age")
    count(store, MONDAY, intent="greet")
    found = store.run(lambda s: figures.asked(s, ("ask_age", "ask_taxes")))
    assert found == {"ask_age": 3}
    assert store.run(figures.first_counted) == MONDAY


def test_people_are_counted_in_their_wilaya(store: Store) -> None:
    with store.begin() as session:
        enrol(session)
        enrol(session, given_name="Lina", wilaya="58")
        talk = chat(session)
        for wilaya in ("19", "19", "05"):
            reminders.subscribe(session, talk.id, wilaya, "", MONDAY, consent=None)
        opened(session, "8", MONDAY, wilaya="16")
        opened(session, "9", MONDAY)
        opened(session, "10", MONDAY, wilaya="16", why="staff")
    assert store.run(figures.signed_up) == {"19": 1, "58": 1}
    assert store.run(figures.waiting_for_news) == {"19": 1, "05": 1}
    assert store.run(figures.handed_over) == {"16": 1, "": 1}


def test_counts_of_a_few_are_hidden_and_totals_do_not_tell_them() -> None:
    found = publish({"a": 3, "b": 12, "c": 0, "d": 5})
    assert list(found.counts.items()) == [
        ("b", Between(12, 12)),
        ("d", Between(5, 5)),
        ("a", Between(1, 4)),
    ]
    assert found.total == Between(18, 21)


def test_a_total_of_nothing_hidden_is_exact() -> None:
    assert publish({"a": 7, "b": 0, "c": 5}).total == Between(12, 12)
    assert publish({}).total == Between(0, 0)


@given(counts)
def test_no_count_of_a_few_is_ever_published(numbers: dict[str, int]) -> None:
    found = publish(numbers)
    shown = {*found.counts.values(), found.total}
    assert not any(one.is_exact and 1 <= one.least <= FEW for one in shown)


@given(counts, st.data())
def test_whatever_is_hidden_the_publication_is_the_same(
    numbers: dict[str, int], data: st.DataObject
) -> None:
    hidden = [name for name, n in numbers.items() if 1 <= n <= FEW]
    assume(hidden)
    others = numbers | {name: data.draw(st.integers(1, FEW)) for name in hidden}
    one, other = publish(numbers), publish(others)
    assert list(one.counts.items()) == list(other.counts.items())
    assert one.total == other.total


@given(counts)
def test_what_is_published_is_true(numbers: dict[str, int]) -> None:
    found = publish(numbers)
    assert set(found.counts) == {name for name, n in numbers.items() if n}
    for name, shown in found.counts.items():
        assert shown.least <= numbers[name] <= shown.most
        assert shown in (HIDDEN, Between(numbers[name], numbers[name]))
    assert found.total.least <= sum(numbers.values()) <= found.total.most

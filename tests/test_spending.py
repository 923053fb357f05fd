"""What SMS cost: counted right whoever counts at once, kept below the limits, told in time."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import members, outbox, spending
from actions.messages import Address, Line, Outbound, Sender
from actions.outbox import Post
from actions.spending import Budget
from actions.store import Session, Store
from actions.tables import Outbox
from bot.channels.base import Refused
from bot.clock import ALGIERS
from bot.desk.board import Posting
from bot.desk.by_sms import cost
from bot.texting.purse import Postponed, Purse
from tests.conftest import MONDAY, FixedClock

T = TypeVar("T")

PHONE = Address("sms", "+213550123456")
GROUP = Address("telegram", "-1001")
AT_ONCE = 16
DAY = dt.timedelta(days=1)


def at_once(store: Store, work: Callable[[Session, int], T]) -> list[T]:
    """Do something in so many transactions at the same time, as several processes would."""
    together = threading.Barrier(AT_ONCE)
    done: list[T] = []

    def one(number: int) -> None:
        together.wait()
        done.append(store.run(lambda s: work(s, number)))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == AT_ONCE
    return done


def open_desk(store: Store) -> None:
    with store.begin() as session:
        members.open_desk(session, GROUP, MONDAY, topics=True, language="fr")
        farida = members.seen(session, "telegram", Sender("501", "Farida", "farida"), MONDAY)
        farida.role = "administrator"
        members.seen(session, "telegram", Sender("502", "Karim", "karim"), MONDAY)


def post(text: str = "Bonjour", *, reply: bool = True, subject: str = "") -> Post:
    message = Outbound(lines=(Line(text),))
    return Post(1, PHONE, message, 1, MONDAY, subject, reply)


def words(postings: list[Posting]) -> list[str]:
    assert all(to == GROUP for to, _message, _about in postings)
    return [line.text for _to, message, _about in postings for line in message.lines]


def in_group(store: Store) -> list[str]:
    """Return what is on its way to the desk's group."""
    with store.begin() as session:
        rows = session.query(Outbox).filter_by(key=GROUP.key).all()
        return [line["text"] for row in rows for line in row.payload["lines"]]


# -- counted


def test_segments_are_counted_by_the_day_and_the_month(store: Store) -> None:
    last = dt.datetime(2015, 10, 31, 23, 30, tzinfo=ALGIERS)
    with store.begin() as session:
        assert spending.spend(session, 2, MONDAY) == 2
        assert spending.spend(session, 3, MONDAY) == 5
        assert spending.spend(session, 4, last) == 9
        assert spending.spent(session, MONDAY) == spending.Spent(5, 9)
        assert spending.spend(session, 1, last + dt.timedelta(hours=1)) == 1
        assert spending.spent(session, last) == spending.Spent(4, 9)


def test_a_day_begins_at_midnight_in_algiers(store: Store) -> None:
    before = dt.datetime(2015, 10, 5, 22, 59, tzinfo=dt.UTC)
    with store.begin() as session:
        spending.spend(session, 1, before)
        spending.spend(session, 2, before + dt.timedelta(minutes=1))
        assert spending.spent(session, before).today == 1


@pytest.mark.parametrize("begun", [False, True], ids=["the first of the month", "later ones"])
def test_nothing_is_missed_of_what_several_processes_count_at_once(
    store: Store, begun: bool
) -> None:
    if begun:
        store.run(lambda s: spending.spend(s, 100, MONDAY - DAY))
    counts = at_once(store, lambda s, _number: spending.spend(s, 3, MONDAY))
    total = store.run(lambda s: spending.spent(s, MONDAY))
    assert total.today == 3 * AT_ONCE
    # Each saw a count of its own: none was made from what another one had not yet told.
    assert sorted(counts) == [100 * begun + 3 * n for n in range(1, AT_ONCE + 1)]


def test_days_that_several_processes_begin_at_once_are_of_one_month(store: Store) -> None:
    counts = at_once(store, lambda s, n: spending.spend(s, 1, MONDAY + n % 3 * DAY))
    assert sorted(counts) == list(range(1, AT_ONCE + 1))


def test_what_is_not_committed_is_not_counted(store: Store) -> None:
    def fail(session: Session) -> None:
        spending.spend(session, 5, MONDAY)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.run(fail)
    assert store.run(lambda s: spending.spend(s, 1, MONDAY)) == 1


# -- limits


def test_each_limit_holds(store: Store, clock: FixedClock) -> None:
    budget = Budget(a_month=10, a_day=6, a_person=4)

    def reached(segments: int, key: str = PHONE.key) -> str | None:
        def ask(session: Session) -> str | None:
            return spending.limit_reached(session, budget, key, segments, now=MONDAY, wall=MONDAY)

        return store.run(ask)

    with store.begin() as session:
        for segments in (1, 2):
            row = Outbox(channel="sms", key=PHONE.key, payload={}, due_at=MONDAY)
            row.created_at, row.sent_at, row.segments = MONDAY, MONDAY, segments
            session.add(row)
        spending.spend(session, 3, MONDAY)
    assert reached(1) is None
    assert reached(2) == "person"
    assert reached(2, "sms:+213660000000") is None
    assert reached(4, "sms:+213660000000") == "day"
    store.run(lambda s: spending.spend(s, 6, MONDAY - DAY))
    assert reached(2, "sms:+213660000000") == "month"


def test_an_answer_is_refused_and_news_wait_for_another_day(store: Store) -> None:
    purse = Purse(Budget(a_day=1))
    evening = MONDAY.replace(hour=20)
    with store.begin() as session:
        assert purse.refuses(session, post(), evening, evening) is None
        purse.pays(session, post(), evening)
        answer = purse.refuses(session, post(), evening, evening)
        assert isinstance(answer, Refused) and answer.reason == "sms_limit_day"
        news = purse.refuses(session, post(reply=False), evening, evening)
        assert isinstance(news, Postponed)
        assert news.until == (evening + DAY).replace(hour=8)


def test_the_word_that_answers_stop_leaves_whatever_is_spent(store: Store) -> None:
    with store.begin() as session:
        spending.spend(session, 5, MONDAY)
        farewell = post(subject=outbox.STOPPED)
        assert Purse(Budget(a_month=5)).refuses(session, farewell, MONDAY, MONDAY) is None


# -- told


def test_staff_are_told_at_four_fifths_and_at_the_end_by_name(store: Store) -> None:
    open_desk(store)
    purse = Purse(Budget(a_month=10))
    told = [words(store.run(lambda s: purse.pays(s, post(), MONDAY))) for _n in range(10)]
    assert [n for n, said in enumerate(told, 1) if said] == [8, 10]
    assert told[7] == ["⚠ SMS : 8 des 10 segments de ce mois sont partis. @farida"]
    assert "10 des 10" in told[9][0] and "@farida" in told[9][0] and "karim" not in told[9][0]


@pytest.mark.parametrize("price", [1, 3])
def test_of_many_processes_one_tells_staff(store: Store, price: int) -> None:
    open_desk(store)
    text = "x" * 153 * price if price > 1 else "x"
    purse = Purse(Budget(a_month=AT_ONCE * price))
    said = [
        word
        for postings in at_once(store, lambda s, n: purse.pays(s, post(text), MONDAY + n % 2 * DAY))
        for word in words(postings)
    ]
    assert sorted(word[0] for word in said) == ["⚠", "⛔"]
    again = at_once(store, lambda s, _n: purse.pays(s, post(text), MONDAY))
    assert [word for postings in again for word in words(postings)] == []


def test_a_process_that_starts_again_tells_nothing_twice(store: Store) -> None:
    open_desk(store)
    budget = Budget(a_month=10)
    store.run(lambda s: spending.spend(s, 8, MONDAY))
    assert words(store.run(lambda s: Purse(budget).pays(s, post(), MONDAY)))
    assert store.run(lambda s: Purse(budget).pays(s, post(), MONDAY + DAY)) != []  # the end
    assert store.run(lambda s: Purse(budget).pays(s, post(), MONDAY + DAY)) == []


def test_the_next_month_and_a_raised_limit_are_told_anew(store: Store) -> None:
    open_desk(store)
    pays: Callable[[int, dt.datetime], list[str]] = lambda most, now: words(  # noqa: E731
        store.run(lambda s: Purse(Budget(a_month=most)).pays(s, post("x" * 1224), now))
    )
    assert "8 des 10" in pays(10, MONDAY)[0]
    assert "16 des 20" in pays(20, MONDAY)[0]
    assert "8 des 10" in pays(10, MONDAY + 31 * DAY)[0]


def test_the_end_of_the_month_is_told_though_the_last_segments_were_too_few(store: Store) -> None:
    open_desk(store)
    purse = Purse(Budget(a_month=10))
    store.run(lambda s: spending.spend(s, 9, MONDAY))
    long = post("x" * 161)
    for _time in range(3):
        refusal = store.run(lambda s: purse.refuses(s, long, MONDAY, MONDAY))
        assert isinstance(refusal, Refused) and refusal.reason == "sms_limit_month"
    assert len(in_group(store)) == 1 and "9 des 10" in in_group(store)[0]


def test_a_desk_that_opens_later_is_told_then(store: Store) -> None:
    purse = Purse(Budget(a_month=10))
    store.run(lambda s: spending.spend(s, 8, MONDAY))
    assert store.run(lambda s: purse.pays(s, post(), MONDAY)) == []
    open_desk(store)
    assert "10 des 10" in words(store.run(lambda s: purse.pays(s, post(), MONDAY)))[0]


# -- cost


@pytest.mark.parametrize(
    ("segments", "price", "fr", "ar"),
    [
        (3, "2.5", "7,50 DA", "7,50 دج"),
        (18, "2.5", "45 DA", "45 دج"),
        (1000, "1.2345", "1 234,50 DA", "1 234,50 دج"),
        (3, "0.005", "0,02 DA", "0,02 دج"),
        (0, "2.5", "0 DA", "0 دج"),
    ],
)
def test_a_cost_is_written_as_algerians_do(segments: int, price: str, fr: str, ar: str) -> None:
    told = cost(segments, Decimal(price))
    assert (told.fr.replace("\u00a0", " "), told.ar.replace("\u00a0", " ")) == (fr, ar)


@given(st.integers(0, 10**7), st.decimals(0, 1000, places=4))
def test_no_cent_is_lost_in_a_cost(segments: int, price: Decimal) -> None:
    amount = cost(segments, price).fr.removesuffix("\u00a0DA").replace("\u00a0", "")
    assert abs(Decimal(amount.replace(",", ".")) - segments * price) <= Decimal("0.005")

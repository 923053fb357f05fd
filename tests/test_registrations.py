"""Registrations in the records: made once, changed with a history, withdrawn, checked in, found."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from functools import partial

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import phones, registrations
from actions.registrations import Details, Filter
from actions.store import Store
from actions.tables import Consent, Registration
from bot.clock import ALGIERS
from tests.conftest import MONDAY
from tests.enrolled import AMINA, chat, enrol

HOUR = dt.timedelta(hours=1)
TUESDAY = MONDAY + 24 * HOUR


def done(store: Store, row: Registration) -> list[tuple[str, str, str, str]]:
    """Return the history of a registration: who did what, from what to what."""
    changes = store.run(lambda s: registrations.history(s, row))
    return [(c.who, c.what, c.before, c.after) for c in changes]


def test_what_was_said_is_what_is_stored_and_the_history_begins(store: Store) -> None:
    made = store.run(enrol)
    row = store.run(lambda s: registrations.by_code(s, made.code))
    assert row is not None
    assert Details.of(row) == AMINA
    assert (row.created_at, row.status) == (MONDAY, "active")
    assert done(store, row) == [("person", "registered", "", "")]


def test_a_code_that_is_taken_is_never_given_again(store: Store) -> None:
    first = store.run(lambda s: enrol(s, draw=lambda n: 4715208))
    numbers = [4715208, 4715208, 815]
    second = store.run(lambda s: enrol(s, draw=lambda n: numbers.pop(0)))
    assert first.code == "47152084"
    assert second.code[:7] == "0000815"
    assert store.run(lambda s: registrations.count(s, Filter())) == 2


def test_no_registration_is_stored_when_no_code_is_free(store: Store) -> None:
    store.run(lambda s: enrol(s, draw=lambda n: 4715208))
    with pytest.raises(RuntimeError):
        store.run(lambda s: enrol(s, draw=lambda n: 4715208))
    assert store.run(lambda s: registrations.count(s, Filter())) == 1


def test_every_change_is_kept_with_what_it_was_before(store: Store) -> None:
    made = store.run(enrol)
    wanted = replace(AMINA, family_name="بن علي", birth_date=None, age=24, stop="")
    with store.begin() as session:
        row = session.get_one(Registration, made.id)
        changed = registrations.change(session, row, wanted, TUESDAY, who="clerk:8")
    assert changed == ["family_name", "birth_date", "age", "stop"]
    assert (row.family_name, row.birth_date, row.age) == ("بن علي", None, 24)
    assert row.updated_at == TUESDAY
    assert done(store, row)[1:] == [
        ("clerk:8", "family_name", "Benali", "بن علي"),
        ("clerk:8", "birth_date", "1991-05-14", ""),
        ("clerk:8", "age", "", "24"),
        ("clerk:8", "stop", "19", ""),
    ]


def test_the_same_details_again_change_nothing(store: Store) -> None:
    made = store.run(enrol)
    with store.begin() as session:
        row = session.get_one(Registration, made.id)
        assert registrations.change(session, row, AMINA, TUESDAY, who="person") == []
    assert row.updated_at == MONDAY
    assert len(done(store, row)) == 1


def test_withdrawing_takes_the_consent_back_and_is_done_once(store: Store) -> None:
    made = store.run(enrol)
    for moment in (TUESDAY, TUESDAY + HOUR):
        with store.begin() as session:
            row = session.get_one(Registration, made.id)
            registrations.withdraw(session, row, moment, who="person")
    assert (row.status, row.withdrawn_at) == ("withdrawn", TUESDAY)
    assert [what for _who, what, _before, _after in done(store, row)] == ["registered", "withdrawn"]
    consent = store.run(lambda s: s.get_one(Consent, row.consent_id))
    assert consent.withdrawn_at == TUESDAY
    assert store.run(lambda s: registrations.of_conversation(s, row.conversation_id or 0)) == []


def test_another_chat_can_take_a_registration_over(store: Store) -> None:
    made = store.run(enrol)
    with store.begin() as session:
        row = session.get_one(Registration, made.id)
        new = chat(session, "8")
        registrations.move(session, row, new.id, TUESDAY, who="person")
    assert store.run(lambda s: registrations.of_conversation(s, chat(s).id)) == []
    (moved,) = store.run(lambda s: registrations.of_conversation(s, new.id))
    assert moved.code == made.code
    assert done(store, row)[-1] == ("person", "moved", "", "")


@pytest.mark.parametrize(
    ("phone", "born", "known"),
    [
        (AMINA.phone, AMINA.birth_date, True),
        (AMINA.phone, dt.date(1993, 1, 2), False),  # two people share one phone
        ("+213550123456", AMINA.birth_date, False),
        (AMINA.phone, None, False),
    ],
)
def test_the_same_person_has_the_same_phone_and_birth_date(
    store: Store, phone: str, born: dt.date | None, known: bool
) -> None:
    made = store.run(enrol)
    found = store.run(lambda s: registrations.same_people(s, phone, born))
    assert [row.code for row in found] == ([made.code] if known else [])


def test_someone_who_withdrew_is_not_taken_for_signed_up(store: Store) -> None:
    made = store.run(enrol)
    with store.begin() as session:
        row = session.get_one(Registration, made.id)
        registrations.withdraw(session, row, TUESDAY, who="person")
    assert store.run(lambda s: registrations.same_people(s, AMINA.phone, AMINA.birth_date)) == []


def test_a_second_check_in_tells_when_the_first_was(store: Store) -> None:
    made = store.run(enrol)

    def check_in(moment: dt.datetime, who: str) -> dt.datetime | None:
        with store.begin() as session:
            row = session.get_one(Registration, made.id)
            return registrations.check_in(session, row, moment, who=who)

    assert check_in(TUESDAY, "Karim") == TUESDAY
    assert check_in(TUESDAY + HOUR, "Nadia") == TUESDAY
    row = store.run(lambda s: s.get_one(Registration, made.id))
    assert (row.checked_in_at, row.checked_in_by) == (TUESDAY, "Karim")
    assert done(store, row)[1:] == [("Karim", "checked_in", "", "")]


def test_of_two_clerks_at_once_one_was_first(store: Store) -> None:
    made = store.run(enrol)
    both_have_read = threading.Barrier(2)
    firsts: list[dt.datetime | None] = []

    def check_in(moment: dt.datetime) -> None:
        if store.is_sqlite:  # one writer at a time: they can only come one after the other
            with store.begin() as session:
                row = session.get_one(Registration, made.id)
                firsts.append(registrations.check_in(session, row, moment, who="Karim"))
            return
        with store.begin() as session:
            row = session.get_one(Registration, made.id)
            both_have_read.wait(10)
            firsts.append(registrations.check_in(session, row, moment, who="Karim"))

    clerks = [threading.Thread(target=check_in, args=(TUESDAY + n * HOUR,)) for n in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    assert len(set(firsts)) == 1
    assert len(done(store, made)) == 2


def test_a_withdrawn_registration_is_not_checked_in(store: Store) -> None:
    made = store.run(enrol)
    with store.begin() as session:
        row = session.get_one(Registration, made.id)
        registrations.withdraw(session, row, MONDAY + HOUR, who="person")
        assert registrations.check_in(session, row, TUESDAY, who="Karim") is None
    assert row.checked_in_at is None
    assert done(store, row)[-1][1] == "withdrawn"


@pytest.fixture
def six(store: Store) -> dict[str, str]:
    """Six registrations by what sets each apart, and their codes."""
    late = dt.datetime(2015, 10, 4, 23, 30, tzinfo=ALGIERS)  # the 4th in Algiers and in UTC
    early = dt.datetime(2015, 10, 5, 0, 30, tzinfo=ALGIERS)  # the 4th in UTC, the 5th in Algiers
    with store.begin() as session:
        rows = {
            "late": enrol(session, late),
            "early": enrol(session, early, number="2"),
            "batna": enrol(session, MONDAY, wilaya="05", stop="05"),
            "stop": enrol(session, MONDAY, stop="05"),
            "gone": enrol(session, TUESDAY),
            "came": enrol(session, TUESDAY),
        }
        registrations.withdraw(session, rows["gone"], TUESDAY, who="person")
        registrations.check_in(session, rows["came"], TUESDAY, who="Karim")
    return {row.code: name for name, row in rows.items()}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Filter(), "late early batna stop gone came"),
        (Filter(wilaya="05"), "batna"),
        (Filter(stop="05"), "batna stop"),
        (Filter(stop="05", wilaya="19"), "stop"),
        (Filter(status="withdrawn"), "gone"),
        (Filter(status="checked_in"), "came"),
        (Filter(status="active"), "late early batna stop came"),
        (Filter(since=dt.date(2015, 10, 5)), "early batna stop gone came"),
        (Filter(until=dt.date(2015, 10, 4)), "late"),
        (Filter(since=dt.date(2015, 10, 5), until=dt.date(2015, 10, 5)), "early batna stop"),
        (Filter(since=dt.date(2015, 10, 7)), ""),
    ],
)
def test_filters_leave_what_they_say(
    store: Store, six: dict[str, str], wanted: Filter, names: str
) -> None:
    rows = store.run(lambda s: registrations.listed(s, wanted, most=10))
    assert [six[row.code] for row in rows] == names.split()
    assert store.run(lambda s: registrations.count(s, wanted)) == len(names.split())


def test_pages_hold_every_registration_once(store: Store, six: dict[str, str]) -> None:
    seen, after = [], 0
    while page := store.run(partial(registrations.listed, wanted=Filter(), after=after, most=4)):
        seen += [six[row.code] for row in page]
        after = page[-1].id
    assert seen == list(six.values())


@pytest.mark.parametrize(
    ("day", "birth_date", "age", "said", "years"),
    [
        (dt.date(2015, 5, 13), dt.date(1991, 5, 14), None, None, 23),
        (dt.date(2015, 5, 14), dt.date(1991, 5, 14), None, None, 24),
        (dt.date(2015, 2, 28), dt.date(1992, 2, 29), None, None, 22),
        (dt.date(2015, 3, 1), dt.date(1992, 2, 29), None, None, 23),
        (dt.date(2015, 10, 5), None, 24, dt.date(2015, 10, 5), 24),
        (dt.date(2016, 10, 6), None, 24, dt.date(2015, 10, 5), 25),
    ],
)
def test_ages_grow_on_birthdays_and_with_the_years(
    day: dt.date, birth_date: dt.date | None, age: int | None, said: dt.date | None, years: int
) -> None:
    assert registrations.age_on(day, birth_date, age, said) == years


@given(st.integers(500_000_000, 799_999_999))
def test_mobile_numbers_are_written_as_libphonenumber_does(number: int) -> None:
    written = phonenumbers.format_number(
        phonenumbers.parse(f"+213{number}"), phonenumbers.PhoneNumberFormat.NATIONAL
    )
    assert phones.national(f"+213{number}") == written

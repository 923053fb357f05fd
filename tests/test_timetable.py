"""The tour as staff change it: what it then says, in what order, and what it never says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from actions import timetable
from actions.geography import load_geography
from actions.messages import LANGUAGES
from actions.stops import Tour
from actions.store import Session, Store, StoreError
from actions.tables import StopChange
from actions.timetable import Timetable, with_changes
from actions.tour import Between, Here, Over, coming, find, is_left, position, serving, timing
from bot.text import render_message
from tests.conftest import MONDAY
from tests.test_stops import PROGRAMME, TOUR, ask, buttons, told

GEOGRAPHY = load_geography(PROGRAMME)
CODES = sorted(GEOGRAPHY.wilayas)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def announced(
    wilaya: str, first: str, last: str = "", place: str = "", hours: str = ""
) -> StopChange:
    return StopChange(
        wilaya=wilaya,
        status="announced",
        first=day(first),
        last=day(last or first),
        place=place,
        hours=hours,
        made_at=dt.datetime(2015, 10, 3, 23, 30, tzinfo=dt.UTC),
        made_by="1",
    )


def cancelled(wilaya: str) -> StopChange:
    return StopChange(
        wilaya=wilaya, status="cancelled", place="", hours="", made_at=MONDAY, made_by="1"
    )


def changed(*changes: StopChange) -> Tour:
    return with_changes(TOUR, changes)


# -- one stop ------------------------------------------------------------------------------------


def test_an_announced_stop_has_certain_days_and_says_who_announced_it_when() -> None:
    tour = changed(
        announced("05", "2015-10-12", "2015-10-13", "place du 1er Novembre", "09:00-16:00")
    )
    answer = told(ask("ask_stop_in_wilaya", "2015-10-05", "05", tour=tour))
    assert "stops there: 2015-10-12 to 2015-10-13" in answer
    assert "Place: place du 1er Novembre" in answer
    assert "Hours: 09:00 to 16:00" in answer
    assert "Announced by the caravan's team on 2015-10-04." in answer  # past midnight in Algiers
    assert "Source:" not in answer


def test_what_was_left_out_stays_as_printed_with_its_source() -> None:
    tour = changed(announced("10", "2015-10-20"))
    answer = told(ask("ask_stop_in_wilaya", "2015-10-05", "10", tour=tour))
    assert "esplanade El Wiaâm" in answer
    assert "Announced by the caravan's team on 2015-10-04." in answer
    assert "Source: Le Quotidien d'Oran." in answer


def test_a_place_of_their_own_needs_no_printed_source() -> None:
    tour = changed(announced("10", "2015-10-20", place="la gare"))
    answer = told(ask("ask_stop_place_time", "2015-10-05", "10", tour=tour))
    assert "Place: la gare" in answer
    assert "Quotidien" not in answer


def test_days_that_staff_settled_no_longer_stand_beside_others() -> None:
    answer = told(
        ask("ask_stop_in_wilaya", "2015-10-05", "17", tour=changed(announced("17", "2015-11-20")))
    )
    assert "Sources differ" not in answer
    assert "2015-10-15" not in answer


def test_the_last_change_counts() -> None:
    tour = changed(announced("05", "2015-10-12"), cancelled("05"), announced("05", "2015-10-13"))
    assert tour.at("05") == changed(announced("05", "2015-10-13")).at("05")


def test_a_cancelled_stop_is_said_to_be_and_never_offered() -> None:
    tour = changed(cancelled("19"))
    says = ask("ask_stop_in_wilaya", "2015-10-05", "19", tour=tour)
    assert "The stop there is cancelled." in told(says)
    assert "2015-10-14" not in told(says)
    assert "Nearest of the stops left" in told(says)
    assert not any(data.endswith(":19") for data in buttons(says).values())
    assert serving(tour, GEOGRAPHY, "19", day("2015-10-05")) is None
    assert position(tour, day("2015-10-14")) != position(TOUR, day("2015-10-14"))
    assert "Sétif" not in told(ask("ask_next_stop", "2015-10-05", tour=tour))
    assert "23. Sétif: cancelled" in told(ask("ask_tour_schedule", "2015-10-05", tour=tour))


def test_a_wilaya_of_the_south_and_one_made_later_can_be_announced() -> None:
    tour = changed(announced("07", "2015-12-01"), announced("60", "2015-10-13"))
    assert "stops there: 2015-12-01" in told(
        ask("ask_stop_in_wilaya", "2015-10-05", "07", tour=tour)
    )
    barika = find(tour, GEOGRAPHY, GEOGRAPHY.wilayas["60"], day("2015-10-05"))
    assert (barika.mother, barika.stop) == (None, tour.at("60"))
    whole = told(ask("ask_tour_schedule", "2015-10-05", tour=tour))
    assert whole.index("Barika: 2015-10-13") < whole.index("Biskra: 2015-12-01")
    gone = changed(announced("60", "2015-10-13"), cancelled("60"))
    again = find(gone, GEOGRAPHY, GEOGRAPHY.wilayas["60"], day("2015-10-05"))
    assert again.stop == gone.at("05")


# -- the order -----------------------------------------------------------------------------------


def test_a_stop_announced_in_order_keeps_its_place_and_places_the_others() -> None:
    tour = changed(announced("05", "2015-10-12", "2015-10-13"))
    assert tour.at("05") in tour.ordered
    found = find(tour, GEOGRAPHY, GEOGRAPHY.wilayas["40"], day("2015-10-05"))
    assert found.before == tour.at("05")


def test_a_stop_moved_out_of_order_says_nothing_of_its_neighbours() -> None:
    tour = changed(announced("19", "2015-11-20"))
    assert tour.at("19") not in tour.ordered
    bordj = tour.at("34")
    assert bordj
    assert timing(tour, bordj, day("2015-10-14")) == "not_known"
    left = coming(tour, day("2015-11-10"))
    assert left.dated == tour.at("19")
    answer = told(ask("ask_next_stop", "2015-11-12", tour=tour))
    assert "The next stop with a date: Sétif, 2015-11-20" in answer
    assert "In the order that was printed, Naâma comes next, without a date." in answer
    whole = told(ask("ask_tour_schedule", "2015-10-05", tour=tour))
    assert "Also announced by the caravan's team\nSétif: 2015-11-20" in whole


def test_a_stop_put_before_another_leaves_the_printed_days_alone() -> None:
    tour = changed(announced("34", "2015-10-08", "2015-10-09"))
    assert isinstance(found := position(tour, day("2015-10-09")), Here)
    assert found.stop.wilaya == "34"
    assert isinstance(found := position(tour, day("2015-10-14")), Here)
    assert found.stop.wilaya == "19"
    assert isinstance(found := position(tour, day("2015-10-12")), Between)
    assert found.last.wilaya == "34"


def test_a_whole_part_that_is_put_off_keeps_its_order() -> None:
    codes = ["12", "40", "04", "05", "19", "34"]
    tour = changed(*(announced(code, f"2015-10-{n + 20}") for n, code in enumerate(codes)))
    assert [s.wilaya for s in tour.ordered[18:24]] == codes


def test_only_the_stop_that_disagrees_loses_its_place() -> None:
    tour = changed(
        announced("12", "2015-10-06"), announced("40", "2015-10-12"), announced("04", "2015-10-09")
    )
    places = [s.wilaya in {o.wilaya for o in tour.ordered} for s in tour.stops[18:21]]
    assert sum(places) == 2


# -- after the end -------------------------------------------------------------------------------


def test_a_stop_announced_after_the_tour_is_to_come_and_then_the_tour_is_over_again() -> None:
    tour = changed(announced("05", "2026-12-01", "2026-12-02"))
    batna = tour.at("05")
    assert batna
    assert isinstance(position(tour, day("2026-11-23")), Between)
    answer = told(ask("ask_next_stop", "2026-11-23", tour=tour))
    assert "Next stop: Batna, 2026-12-01 to 2026-12-02." in answer
    assert "over" not in answer
    assert isinstance(position(tour, day("2026-12-02")), Here)
    assert [s.wilaya for s in tour.stops if is_left(tour, s, day("2026-11-23"))] == ["05"]
    assert isinstance(position(tour, day("2026-12-03")), Over)


def test_a_tour_of_which_everything_is_cancelled_is_over() -> None:
    tour = changed(*(cancelled(stop.wilaya) for stop in TOUR.stops))
    assert position(tour, day("2015-10-05")) == Over(None)
    assert "is over" in told(ask("ask_next_stop", "2015-10-05", tour=tour))


# -- whatever staff do ---------------------------------------------------------------------------

DAYS = st.dates(dt.date(2015, 9, 1), dt.date(2016, 3, 1))
CHANGES = st.builds(
    lambda code, first, length, status: StopChange(
        wilaya=code,
        status=status,
        first=first if status == "announced" else None,
        last=first + dt.timedelta(length) if status == "announced" else None,
        place="la place",
        hours="09:00",
        made_at=MONDAY,
        made_by="1",
    ),
    st.sampled_from(CODES),
    DAYS,
    st.integers(0, 5),
    st.sampled_from(["announced", "announced", "cancelled"]),
)


@given(st.lists(CHANGES, max_size=12), DAYS, st.sampled_from(CODES))
def test_any_changes_leave_a_tour_of_which_everything_can_be_told(
    changes: Sequence[StopChange], today: dt.date, code: str
) -> None:
    tour = changed(*changes)
    codes = [stop.wilaya for stop in tour.stops]
    assert len(codes) == len(set(codes))
    assert [s.order for s in tour.ordered] == sorted(s.order or 0 for s in tour.ordered)
    days = [d.first for s in tour.ordered if (d := s.certain_days)]
    assert days == sorted(set(days))
    for change in changes:
        stop = tour.at(change.wilaya)
        assert stop
        assert stop.announced_on == day("2015-10-05")
    for intent in (
        "ask_next_stop",
        "ask_stop_in_wilaya",
        "ask_stop_place_time",
        "ask_tour_schedule",
    ):
        for one in ask(intent, today, code, tour=tour):
            assert one.lines[-1][1] == "note"
            for language in LANGUAGES:
                assert all(line.text.strip() for line in render_message(one, language).lines)
    for stop in tour.stops:
        if stop.is_cancelled:
            assert not is_left(tour, stop, today)


@given(DAYS)
def test_without_changes_the_tour_is_the_one_of_the_file(today: dt.date) -> None:
    assert with_changes(TOUR, []) is TOUR


# -- stored --------------------------------------------------------------------------------------


def test_what_is_proposed_counts_once_it_is_confirmed(store: Store) -> None:
    now = Timetable(TOUR)
    change = announced("05", "2015-10-12")
    change.status = "to_announce"
    first, last = store.run(lambda s: timetable.propose(s, [change]))
    store.run(now.refresh)
    assert now.tour is TOUR
    rows = store.run(lambda s: timetable.proposed(s, first, last))
    assert store.run(lambda s: timetable.confirm(s, rows, "2", MONDAY)) == []
    other = Timetable(TOUR)
    for process in (now, other):
        store.run(process.refresh)
        stop = process.tour.at("05")
        assert stop
        assert stop.certain_days
    assert [c.wilaya for c in store.run(lambda s: timetable.confirm(s, rows, "2", MONDAY))] == [
        "05"
    ]
    assert len(store.run(timetable.in_force)) == 1


def test_an_unchanged_tour_is_not_built_anew(store: Store) -> None:
    now = Timetable(TOUR)
    rows = [announced("05", "2015-10-12")]
    rows[0].status = "to_announce"
    store.run(lambda s: timetable.propose(s, rows))
    store.run(lambda s: timetable.confirm(s, rows, "2", MONDAY))
    store.run(now.refresh)
    tour = now.tour
    store.run(now.refresh)
    assert now.tour is tour


def test_of_two_who_confirm_at_once_only_one_does(store: Store) -> None:
    store.run(lambda s: timetable.put_in_force(s, "mark"))

    def proposal(first: str) -> list[StopChange]:
        change = announced("05", first)
        change.status = "to_announce"
        store.run(lambda s: timetable.propose(s, [change]))
        return [change]

    both = [proposal("2015-10-12"), proposal("2015-10-13")]
    with ThreadPoolExecutor(2) as pool:
        done = list(
            pool.map(
                lambda rows: store.run(lambda s: timetable.confirm(s, rows, "2", MONDAY)), both
            )
        )
    assert sorted(map(len, done)) == [0, 1]


def test_while_one_process_works_by_the_tour_others_may_too_and_nobody_changes_it(
    store: Store,
) -> None:
    store.run(lambda s: timetable.put_in_force(s, "mark"))
    change = announced("05", "2015-10-12")
    change.status = "to_announce"
    store.run(lambda s: timetable.propose(s, [change]))

    def confirms(session: Session) -> None:
        if not store.is_sqlite:
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        timetable.confirm(session, [change], "2", MONDAY)

    if store.is_sqlite:  # it has one writer at a time whatever one does
        with store.begin() as planning:
            assert timetable.hold(planning) == "mark"
    else:
        with store.begin() as planning:
            assert timetable.hold(planning) == "mark"
            assert store.run(timetable.hold) == "mark"
            with pytest.raises(StoreError):
                store.run(confirms)
    store.run(confirms)
    assert len(store.run(timetable.in_force)) == 1


@pytest.mark.parametrize("written", ["09:00-16:00", "09:00"])
def test_hours_are_kept_as_they_are_written(written: str) -> None:
    opens, closes = timetable.hours_of(written)
    assert "-".join(f"{time:%H:%M}" for time in (opens, closes) if time) == written

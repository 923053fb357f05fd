"""When the desk is open: its usual hours, its days off, and when it opens next."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from actions import opening
from actions.opening import USUAL, Calendar, Hours
from actions.store import Store
from bot.clock import ALGIERS

SUNDAY, THURSDAY, FRIDAY = dt.date(2015, 10, 4), dt.date(2015, 10, 8), dt.date(2015, 10, 9)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), ALGIERS)


times = st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0))
hours = (
    st.tuples(times, times)
    .filter(lambda pair: pair[0] < pair[1])
    .map(lambda pair: Hours(pair[0], pair[1]))
)
calendars = st.builds(
    Calendar,
    st.dictionaries(st.integers(0, 6), hours),
    st.dictionaries(st.dates(dt.date(2015, 1, 1), dt.date(2016, 12, 31)), st.just("")),
)
moments = st.datetimes(
    dt.datetime(2015, 1, 1),  # noqa: DTZ001 - made aware below
    dt.datetime(2016, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([dt.UTC, ALGIERS]),
)


@given(calendars, moments)
def test_it_opens_next_after_now_and_not_before(calendar: Calendar, now: dt.datetime) -> None:
    opens = calendar.next_opening(now)
    if opens is None:
        assert not any(
            calendar.is_open(at(now.date() + dt.timedelta(days=n), hour))
            for n in range(2, 300)
            for hour in range(24)
        )
        return
    assert opens > now
    assert calendar.is_open(opens)
    assert not calendar.is_open(opens - dt.timedelta(minutes=1)) or opens.time() == dt.time(0)
    if not calendar.is_open(now):
        between = (opens - now) / 7
        assert not any(calendar.is_open(now + between * n) for n in range(7))


@given(calendars, moments)
def test_it_closes_after_it_is_open_and_not_later_than_midnight(
    calendar: Calendar, now: dt.datetime
) -> None:
    closes = calendar.closes(now)
    assert (closes is not None) == calendar.is_open(now)
    if closes:
        assert closes > now
        assert not calendar.is_open(closes)
        assert closes.date() == now.astimezone(ALGIERS).date()


def test_offices_open_from_sunday_to_thursday() -> None:
    usual = Calendar()
    assert usual.is_open(at(SUNDAY, 8))
    assert usual.is_open(at(THURSDAY, 16, 29))
    assert not usual.is_open(at(THURSDAY, 16, 30))
    assert not usual.is_open(at(FRIDAY, 10))
    assert usual.next_opening(at(THURSDAY, 17)) == at(dt.date(2015, 10, 11), 8)


def test_a_day_is_a_day_in_algiers() -> None:
    late = Calendar({3: Hours(dt.time(0), dt.time(1))})
    assert late.is_open(dt.datetime(2015, 10, 7, 23, 30, tzinfo=dt.UTC))
    assert not late.is_open(dt.datetime(2015, 10, 8, 0, 30, tzinfo=dt.UTC))


def test_a_day_off_in_between_is_passed_over() -> None:
    holiday = Calendar(USUAL, {dt.date(2015, 11, 1): "Fête de la Révolution"})
    assert not holiday.is_open(at(dt.date(2015, 11, 1), 10))
    assert holiday.next_opening(at(dt.date(2015, 10, 29), 17)) == at(dt.date(2015, 11, 2), 8)


def test_a_desk_that_never_opens_says_so() -> None:
    assert Calendar({}).next_opening(at(SUNDAY, 8)) is None
    year = {SUNDAY + dt.timedelta(days=n): "" for n in range(400)}
    assert Calendar(USUAL, year).next_opening(at(SUNDAY, 8)) is None


def test_the_usual_hours_hold_until_some_are_set(store: Store) -> None:
    assert store.run(opening.load) == Calendar()
    store.run(lambda s: opening.set_hours(s, [5], Hours(dt.time(9), dt.time(12))))
    week = store.run(opening.load).week
    assert week == {**USUAL, 5: Hours(dt.time(9), dt.time(12))}


def test_one_day_of_the_week_stays_open(store: Store) -> None:
    assert store.run(lambda s: opening.set_hours(s, [6, 0, 1, 2], None))
    assert not store.run(lambda s: opening.set_hours(s, [3], None))
    assert set(store.run(opening.load).week) == {3}


def test_a_day_off_is_kept_renamed_and_taken_back(store: Store) -> None:
    day = dt.date(2015, 11, 1)
    store.run(lambda s: opening.add_day_off(s, day, "fête"))
    store.run(lambda s: opening.add_day_off(s, day, "Fête de la Révolution"))
    assert store.run(opening.load).off_from(SUNDAY) == [(day, "Fête de la Révolution")]
    assert store.run(lambda s: opening.remove_day_off(s, day))
    assert not store.run(lambda s: opening.remove_day_off(s, day))
    assert store.run(opening.load).off == {}

"""The tour of 2015: where the caravan is on a day, what comes next, and what is never told."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actions.facts import load_programme
from actions.geography import load_geography
from actions.loading import ProgrammeError
from actions.stops import Stop, Tour, load_tour
from actions.tour import (
    Between,
    Here,
    NotBegun,
    Over,
    PerhapsHere,
    Timing,
    coming,
    find,
    nearest,
    position,
    timing,
)

PROGRAMME = Path(__file__).parent.parent / "actions" / "programme"
GEOGRAPHY = load_geography(PROGRAMME)
SOURCES = load_programme(PROGRAMME).sources
TOUR = load_tour(PROGRAMME, GEOGRAPHY, SOURCES)
SOUTH_UNLISTED = ("07", "08", "11", "30", "33", "39", "47")
DAYS = st.dates(dt.date(2015, 7, 1), dt.date(2027, 1, 1)) | st.dates(
    dt.date(2015, 8, 1), dt.date(2015, 12, 31)
)


def stop(name: str) -> Stop:
    code = next(w.code for w in GEOGRAPHY.wilayas.values() if w.fr == name)
    return next(s for s in TOUR.stops if s.wilaya == code)


def name(found: Stop | None) -> str | None:
    return GEOGRAPHY.wilayas[found.wilaya].fr if found else None


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# -- the file ------------------------------------------------------------------------------------


def test_the_tour_has_17_then_22_then_9_stops_and_all_48_wilayas() -> None:
    assert [len(part.stops) for part in TOUR.parts] == [17, 22, 9]
    assert {s.wilaya for s in TOUR.stops} == {f"{n:02}" for n in range(1, 49)}
    assert [s.order for s in TOUR.ordered] == list(range(1, 40))
    assert {s.wilaya for s in TOUR.stops if not s.listed} == set(SOUTH_UNLISTED)


def test_the_second_part_follows_the_founding_article() -> None:
    assert [name(s) for s in TOUR.parts[1].stops] == [
        *("Souk Ahras", "Tébessa", "Khenchela", "Oum El Bouaghi", "Batna", "Sétif"),
        *("Bordj Bou Arréridj", "M'Sila", "Bouira", "Blida", "Médéa", "Aïn Defla"),
        *("Tissemsilt", "Tiaret", "Relizane", "Mascara", "Sidi Bel Abbès", "Saïda"),
        *("Naâma", "El Bayadh", "Laghouat", "Djelfa"),
    ]


def test_only_the_days_that_the_press_printed_are_certain() -> None:
    certain = {name(s): s.certain_days for s in TOUR.stops if s.certain_days}
    shown = {
        n: f"{d.first:%m-%d}" + (f"/{d.last:%m-%d}" if d.last else "") for n, d in certain.items()
    }
    assert shown == {
        "Skikda": "08-05",
        "Guelma": "08-11/08-12",
        "Constantine": "08-13",
        "Béjaïa": "08-19/08-20",
        "Tizi Ouzou": "08-21/08-22",
        "Chlef": "08-30/08-31",
        "Oran": "09-03",
        "Aïn Témouchent": "09-05/09-06",
        "Tlemcen": "09-07",
        "Souk Ahras": "10-04",
        "Sétif": "10-14/10-15",
    }


def test_both_versions_stand_where_sources_differ() -> None:
    about = {name(s): [c.about for c in s.conflicts] for s in TOUR.stops if s.conflicts}
    assert about == {
        "Skikda": ["launch"],
        "Annaba": ["launch"],
        "El Tarf": ["date"],
        "Oran": ["length"],
        "Djelfa": ["date"],
    }
    printed, seen = stop("Djelfa").conflicts[0].versions
    assert (printed.first, printed.last) == (day("2015-10-15"), day("2015-10-16"))
    assert (seen.wilaya, seen.mentioned) == ("20", day("2015-11-09"))
    assert [v.days for v in stop("Oran").conflicts[0].versions] == [2, 3]
    assert [v.days for v in TOUR.parts[1].conflicts[0].versions] == [1, 2]


def test_no_place_has_coordinates_that_nobody_stated() -> None:
    assert [s for s in TOUR.stops if s.place and s.place.latitude is not None] == []


def test_what_the_press_printed_follows_the_days_of_the_week() -> None:
    weekdays = {"Skikda": 2, "Constantine": 3, "Tizi Ouzou": 4, "Oran": 3, "Aïn Témouchent": 5}
    weekdays |= {"Tlemcen": 0, "Souk Ahras": 6, "Sétif": 2}
    for where, weekday in weekdays.items():
        first = stop(where).first
        assert first
        assert first.weekday() == weekday, where


# -- where it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "kind", "where", "in_order", "dated"),
    [
        ("2015-08-01", NotBegun, "Skikda", "Skikda", "Skikda"),
        ("2015-08-04", NotBegun, "Skikda", "Skikda", "Skikda"),
        ("2015-08-05", Here, "Skikda", "Annaba", "Guelma"),
        ("2015-08-06", PerhapsHere, "Skikda", "Annaba", "Guelma"),
        ("2015-08-07", Between, "Skikda", "Annaba", "Guelma"),
        ("2015-08-20", Here, "Béjaïa", "Tizi Ouzou", "Tizi Ouzou"),
        ("2015-08-26", Between, "Tizi Ouzou", "Boumerdès", "Chlef"),
        ("2015-09-04", Here, "Oran", "Aïn Témouchent", "Aïn Témouchent"),
        ("2015-09-05", Here, "Aïn Témouchent", "Tlemcen", "Tlemcen"),
        ("2015-09-08", PerhapsHere, "Tlemcen", "Souk Ahras", "Souk Ahras"),
        ("2015-09-20", Between, "Tlemcen", "Souk Ahras", "Souk Ahras"),
        ("2015-10-04", Here, "Souk Ahras", "Tébessa", "Sétif"),
        ("2015-10-05", PerhapsHere, "Souk Ahras", "Tébessa", "Sétif"),
        ("2015-10-13", Between, "Souk Ahras", "Tébessa", "Sétif"),
        ("2015-10-14", Here, "Sétif", "Bordj Bou Arréridj", None),
        ("2015-10-15", Here, "Sétif", "Bordj Bou Arréridj", None),
        ("2015-10-17", Between, "Sétif", "Bordj Bou Arréridj", None),
        ("2015-11-09", PerhapsHere, "Saïda", "Naâma", None),
        ("2015-12-01", Between, "Saïda", "Naâma", None),
        ("2015-12-31", Between, "Saïda", "Naâma", None),
        ("2016-01-01", Over, "Saïda", None, None),
        ("2026-11-23", Over, "Saïda", None, None),
    ],
)
def test_where_the_caravan_is_and_what_comes_next(
    today: str, kind: type, where: str, in_order: str | None, dated: str | None
) -> None:
    found = position(TOUR, day(today))
    assert type(found) is kind
    match found:
        case Here(at, _) | PerhapsHere(at) | NotBegun(at) | Between(at) | Over(at):
            assert name(at) == where
    left = coming(TOUR, day(today))
    assert (name(left.in_order), name(left.dated)) == (in_order, dated)


@pytest.mark.parametrize(
    ("today", "until"),
    [("2015-10-14", "2015-10-15"), ("2015-10-15", "2015-10-15"), ("2015-09-03", None)],
)
def test_the_last_day_is_told_only_when_it_was_printed(today: str, until: str | None) -> None:
    found = position(TOUR, day(today))
    assert isinstance(found, Here)
    assert found.until == (day(until) if until else None)


@pytest.mark.parametrize(
    ("where", "today", "expected"),
    [
        ("Oran", "2015-09-02", "to_come"),
        ("Oran", "2015-09-04", "here"),  # both versions, two days and three, agree on this day
        ("Oran", "2015-09-05", "past"),  # Aïn Témouchent has begun
        ("Khenchela", "2015-10-04", "to_come"),  # Souk Ahras has this day for certain
        ("Khenchela", "2015-10-08", "not_known"),  # its inferred day: nobody printed it
        ("Khenchela", "2015-10-14", "past"),
        ("Bouira", "2015-10-13", "to_come"),  # it comes after Sétif, which is still ahead
        ("Bouira", "2015-10-20", "not_known"),
        ("Bouira", "2015-11-09", "past"),
        ("Saïda", "2015-11-08", "not_known"),
        ("Saïda", "2015-11-09", "perhaps_here"),
        ("Saïda", "2015-11-10", "past"),
        ("Djelfa", "2015-10-15", "to_come"),  # printed for that day, and not believed: Sétif's
        ("Djelfa", "2015-11-16", "not_known"),
        ("Tindouf", "2015-08-20", "to_come"),
        ("Tindouf", "2015-12-01", "not_known"),
        ("Tindouf", "2026-11-23", "past"),
        ("El Tarf", "2015-08-11", "past"),
    ],
)
def test_a_stop_is_placed_by_its_days_else_by_its_order(
    where: str, today: str, expected: Timing
) -> None:
    assert timing(TOUR, stop(where), day(today)) == expected


# -- a wilaya ------------------------------------------------------------------------------------


def test_a_stop_without_a_date_stands_between_its_dated_neighbours() -> None:
    found = find(TOUR, GEOGRAPHY, GEOGRAPHY.wilayas["40"], day("2015-10-05"))
    assert (name(found.stop), name(found.after), name(found.before)) == (
        "Khenchela",
        "Souk Ahras",
        "Sétif",
    )
    dated = find(TOUR, GEOGRAPHY, GEOGRAPHY.wilayas["19"], day("2015-10-05"))
    assert (dated.after, dated.before) == (None, None)


def test_a_newer_wilaya_gets_its_mothers_stop_and_says_so() -> None:
    found = find(TOUR, GEOGRAPHY, GEOGRAPHY.wilayas["60"], day("2015-10-05"))
    assert found.mother
    assert (found.wilaya.fr, found.mother.fr, name(found.stop)) == ("Barika", "Batna", "Batna")
    assert find(TOUR, GEOGRAPHY, GEOGRAPHY.wilayas["05"], day("2015-10-05")).mother is None


def test_the_nearest_stop_left_is_by_distance_and_never_a_past_or_unlisted_one() -> None:
    guelma = (36.46214, 7.42608)
    near = nearest(TOUR, GEOGRAPHY, guelma, day("2015-10-05"))
    assert name(near[0].stop) == "Souk Ahras"
    assert near[0].km == pytest.approx(51, abs=1)
    assert [n.km for n in near] == sorted(n.km for n in near)
    assert all(n.stop.listed and n.stop.order != 4 for n in near)
    assert nearest(TOUR, GEOGRAPHY, guelma, day("2026-11-23")) == ()


def test_equally_near_stops_come_in_the_order_of_the_tour() -> None:
    places = GEOGRAPHY.wilayas | {
        code: GEOGRAPHY.wilayas[code].model_copy(update={"latitude": 36.0, "longitude": 5.0})
        for code in ("19", "12", "34")
    }
    same = GEOGRAPHY.model_copy(update={"wilayas": places})
    near = nearest(TOUR, same, (36.0, 5.0), day("2015-10-05"))
    assert [name(n.stop) for n in near[:3]] == ["Tébessa", "Sétif", "Bordj Bou Arréridj"]


@given(DAYS, st.sampled_from(sorted(GEOGRAPHY.wilayas)))
def test_every_wilaya_has_an_answer_on_every_day(today: dt.date, code: str) -> None:
    found = find(TOUR, GEOGRAPHY, GEOGRAPHY.wilayas[code], today)
    assert found.stop
    assert all(s.certain_days for s in (found.after, found.before) if s)
    assert (today >= TOUR.history_from) <= (found.timing == "past")


@given(DAYS)
def test_inferred_days_decide_nothing(today: dt.date) -> None:
    """The same answers come out when every day that we inferred is taken out of the file."""

    def without(s: Stop) -> Stop:
        if s.date_status != "inferred":
            return s
        return s.model_copy(update={"date_status": "unknown", "first": None, "last": None})

    parts = tuple(
        part.model_copy(update={"stops": tuple(without(s) for s in part.stops)})
        for part in TOUR.parts
    )
    bare = TOUR.model_copy(update={"parts": parts})
    assert type(position(TOUR, today)) is type(position(bare, today))
    assert [timing(TOUR, s, today) for s in TOUR.stops] == [
        timing(bare, s, today) for s in bare.stops
    ]


# -- mistakes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "instead", "problem"),
    [
        ("sources: [DZ-SOIR1]", "sources: []", r"line \d+: .*at least one source"),
        ("sources: [DZ-SOIR1]", "sources: [NOBODY]", r"line \d+: .*“NOBODY” is not in sources"),
        ("last: 2015-08-20", "last: 2015-08-18", r"line \d+: .*last day comes after"),
        ("        first: 2015-08-19\n", "", r"line \d+: .*first day is given"),
        ("first: 2015-08-19", "first: 2015-08-12", "follow the order of the stops"),
        ("order: 9\n", "order: 10\n", "counted from 1 without a gap"),
        ('wilaya: "06"', 'wilaya: "15"', "a wilaya has two stops"),
        ('wilaya: "06"', 'wilaya: "99"', "there is no wilaya of number 99"),
        ('opens: "09:00"', "opens: soon", r"line \d+: .*opens"),
        ("date_status: announced", "date_status: sure", "“parts.1.date_status”"),
        ('place: {fr: "place Kahina"', 'where: {fr: "place Kahina"', "not a known field"),
    ],
)
def test_a_mistake_in_the_tour_is_told(
    tmp_path: Path, written: str, instead: str, problem: str
) -> None:
    text = (PROGRAMME / "tours.yml").read_text(encoding="utf-8")
    assert written in text
    (tmp_path / "tours.yml").write_text(text.replace(written, instead, 1), encoding="utf-8")
    with pytest.raises(ProgrammeError, match=problem):
        load_tour(tmp_path, GEOGRAPHY, SOURCES)


def test_staff_confirm_a_stop_by_editing_three_lines(tmp_path: Path) -> None:
    data = yaml.safe_load((PROGRAMME / "tours.yml").read_text(encoding="utf-8"))
    batna = next(s for s in data["parts"][1]["stops"] if s["wilaya"] == "05")
    batna |= {"date_status": "announced", "as_of": day("2015-10-10")}
    text = re.sub(r"'(\d\d:\d\d)'", r'"\1"', yaml.safe_dump(data, allow_unicode=True))
    (tmp_path / "tours.yml").write_text(text, encoding="utf-8")
    tour: Tour = load_tour(tmp_path, GEOGRAPHY, SOURCES)
    found = position(tour, day("2015-10-12"))
    assert isinstance(found, Here)
    assert found.stop.wilaya == "05"


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("Batna", dt.date(2015, 10, 5), "to_come"),
        ("Batna", dt.date(2015, 10, 8), "not_known"),
        ("Djelfa", dt.date(2015, 11, 9), "to_come"),
        ("Djelfa", dt.date(2015, 11, 20), "not_known"),
    ],
)
def test_one_caravan_needs_a_day_a_stop(name: str, day: dt.date, expected: str) -> None:
    assert timing(TOUR, stop(name), day) == expected

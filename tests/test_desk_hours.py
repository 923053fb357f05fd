"""/hours: what the desk's members read of its hours, and how administrators change them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import audit, opening
from actions.opening import Calendar, Hours
from actions.store import Store
from bot.clock import ALGIERS
from bot.desk.given import both_languages, day_given
from bot.desk.hours import OpeningTimes, hours_given, when_open
from bot.text import render
from tests.conftest import MONDAY, FixedClock
from tests.deskroom import KARIM, Group

WORKDAYS = (6, 0, 1, 2, 3)
USUAL = Hours(dt.time(8), dt.time(16, 30))


@pytest.fixture
def group(store: Store, clock: FixedClock) -> Group:
    return Group(store, clock, OpeningTimes())


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("sun-thu 08:00-16:30", WORKDAYS),
        ("Sunday - Thursday 8h - 16h30", WORKDAYS),
        ("dim-jeu 08:00-16:30", WORKDAYS),
        ("du dimanche au jeudi de 8h à 16h30", WORKDAYS),
        ("من الأحد إلى الخميس من 08:00 إلى 16:30", WORKDAYS),
        ("الأحد-الخميس ٠٨:٠٠-١٦:٣٠", WORKDAYS),
        ("السبت والجمعة 08.00 – 16.30", (5, 4)),
        ("sam, ven et dim 8-16:30", (5, 4, 6)),
        ("fri 08:00-16:30", (4,)),
        ("sat-fri 08:00-16:30", (5, 6, 0, 1, 2, 3, 4)),
    ],
)
def test_hours_are_read_in_three_languages(words: str, days: tuple[int, ...]) -> None:
    assert hours_given(words) == (days, USUAL)


@pytest.mark.parametrize("words", ["fri closed", "vendredi fermé", "Ven FERMÉ", "الجمعة مغلق"])
def test_a_day_is_closed_in_three_languages(words: str) -> None:
    assert hours_given(words) == ((4,), None)


@pytest.mark.parametrize(
    "words",
    [
        "08:00-16:30",
        "closed",
        "fri",
        "fri 16:30-08:00",
        "fri 08:00-08:00",
        "fri 08:00-25:00",
        "someday 08:00-16:30",
        "sun- 08:00-16:30",
        "-thu closed",
        "sun 08:00",
    ],
)
def test_what_can_not_be_meant_is_not_read(words: str) -> None:
    assert hours_given(words) is None


@given(st.text() | st.text("sunthfric08:30-–, جمعةأحد à"))
def test_any_words_at_all_are_read_or_refused(words: str) -> None:
    read = hours_given(words)
    if read:
        days, hours = read
        assert days and set(days) <= set(range(7)) and len(set(days)) == len(days)
        assert hours is None or hours.opens < hours.closes


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_is_read_as_it_is_written(day: dt.date) -> None:
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    for written in (f"{day}", f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day}".translate(arabic)):
        assert day_given(written) == day


@given(st.text())
def test_what_is_no_day_is_refused(text: str) -> None:
    read = day_given(text)
    assert read is None or 2000 <= read.year <= 2099


def test_words_in_two_languages_are_told_apart_by_their_letters() -> None:
    assert both_languages("Bonjour\n---\nسلام") == ("Bonjour", "سلام")
    assert both_languages("سلام\n—\nBonjour\nà tous") == ("Bonjour\nà tous", "سلام")
    assert both_languages("{name}\n---\n{name} نعم") == ("{name}", "{name} نعم")
    assert both_languages("Le site\n--\nالموقع www.ansej.org.dz") is not None
    for text in (
        "سلام\n---\nمرحبا",
        "Bonjour",
        "Bonjour\n---\nSalut",
        "---\nسلام",
        "a\n---\nب\n---\nc",
        "",
    ):
        assert both_languages(text) is None


def test_everybody_sees_the_hours(group: Group) -> None:
    shown = group.writes("/hours", by=KARIM)
    assert "du dimanche au jeudi de 08:00 à 16:30" in shown
    assert "Fermé : vendredi et samedi" in shown
    assert "Le bureau est ouvert jusqu'à 16:30." in shown
    assert "/hours fri closed" not in shown


def test_only_administrators_change_them(group: Group, store: Store) -> None:
    assert "administrateur" in group.writes("/hours sun-thu 09:00-12:00", by=KARIM)
    assert store.run(opening.load) == Calendar()
    assert "du dimanche au jeudi de 09:00 à 12:00" in group.writes("/hours dim-jeu 09:00-12:00")
    [deed] = store.run(lambda s: audit.listed(s, most=5))
    assert (deed.who, deed.what) == ("1", "hours")
    assert deed.details == "sun mon tue wed thu 09:00-12:00"


def test_days_with_other_hours_are_told_apart(group: Group) -> None:
    group.writes("/hours thu 08:00-12:00")
    shown = group.writes("/hours")
    assert "du dimanche au mercredi de 08:00 à 16:30" in shown
    assert "le jeudi de 08:00 à 12:00" in shown


def test_a_day_off_is_shown_until_it_is_past(group: Group, clock: FixedClock) -> None:
    shown = group.writes("/hours off 2015-11-01 Fête de la Révolution")
    assert "dimanche 1 novembre 2015 : Fête de la Révolution" in shown
    clock.moment = dt.datetime(2015, 11, 1, 10, tzinfo=ALGIERS)
    assert "Le bureau ouvre demain à 08:00." in group.writes("/hours")
    clock.moment = dt.datetime(2015, 11, 2, 10, tzinfo=ALGIERS)
    assert "Révolution" not in group.writes("/hours")


def test_a_day_off_is_taken_back_once(group: Group, store: Store) -> None:
    group.writes("/hours عطلة ٢٠١٥-١١-٠١")
    assert store.run(opening.load).off == {dt.date(2015, 11, 1): ""}
    assert "redevient un jour comme les autres" in group.writes("/hours on 2015-11-01")
    assert "n'était pas un jour de congé" in group.writes("/hours on 01/11/2015")
    assert [d.what for d in store.run(lambda s: audit.listed(s, most=5))] == ["day_off", "day_on"]


@pytest.mark.parametrize(
    "words", ["off", "off demain", "off 2015-13-01 Fête", "lundi", "on", "n'importe quoi"]
)
def test_what_can_not_be_read_is_answered_with_an_example(
    group: Group, store: Store, words: str
) -> None:
    assert "/hours sun-thu 08:00-16:30" in group.writes(f"/hours {words}")
    assert store.run(opening.load) == Calendar()


def test_nothing_is_half_done(group: Group, store: Store) -> None:
    assert "est passé" in group.writes("/hours off 2015-10-01 Trop tard")
    assert "60 lettres" in group.writes("/hours off 2015-11-01 " + "x" * 61)
    assert "reste ouvert" in group.writes("/hours sat-fri closed")
    assert store.run(opening.load) == Calendar()
    assert store.run(lambda s: audit.listed(s, most=5)) == []


@pytest.mark.parametrize(
    ("moment", "fr", "ar"),
    [
        (MONDAY, "Le bureau est ouvert jusqu'à 16:30.", "المكتب مفتوح حتى 16:30."),
        (MONDAY.replace(hour=7), "Le bureau ouvre aujourd'hui à 08:00.", "يفتح المكتب اليوم"),
        (MONDAY.replace(hour=17), "Le bureau ouvre demain à 08:00.", "يفتح المكتب غدا"),
        (
            MONDAY.replace(day=9),
            "Le bureau ouvre le dimanche 11 octobre 2015 à 08:00.",
            "يفتح المكتب يوم الأحد",
        ),
    ],
)
def test_people_are_told_when_the_desk_opens(moment: dt.datetime, fr: str, ar: str) -> None:
    told = when_open(Calendar(), moment)
    assert render(told, "fr") == fr
    assert ar in render(told, "ar", isolated=False)


def test_people_are_told_of_a_desk_that_stays_closed() -> None:
    assert render(when_open(Calendar({}), MONDAY), "fr") == "Le bureau est fermé pour le moment."

"""What people are told of the stops: every case, both languages, and no date nobody printed.

Sentences are read as they are marked in the code, in English, with their French values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.facts import load_programme
from actions.geography import load_geography
from actions.messages import LANGUAGES
from actions.stops import Place, Tour, load_tour
from bot.answers.stops import STOP_ANSWERS, TourAsked, location_answer
from bot.channels.telegram_html import to_html
from bot.text import Name, Period, Say, Text, Value, render_message
from nlu.client import Entity

PROGRAMME = Path(__file__).parent.parent / "actions" / "programme"
FACTS = load_programme(PROGRAMME)
GEOGRAPHY = load_geography(PROGRAMME)
TOUR = load_tour(PROGRAMME, GEOGRAPHY, FACTS.sources)
DAYS = st.dates(dt.date(2015, 7, 1), dt.date(2027, 1, 1)) | st.dates(
    dt.date(2015, 8, 1), dt.date(2015, 12, 31)
)
CODES = sorted(GEOGRAPHY.wilayas)


def ask(intent: str, today: str | dt.date, *entities: Entity | str, tour: Tour = TOUR) -> list[Say]:
    return STOP_ANSWERS[intent](_asked(today, *entities, tour=tour))


def locate(today: str, latitude: float, longitude: float) -> list[Say]:
    return location_answer(_asked(today), latitude, longitude)


def _asked(today: str | dt.date, *entities: Entity | str, tour: Tour = TOUR) -> TourAsked:
    return TourAsked(
        programme=FACTS,
        today=dt.date.fromisoformat(today) if isinstance(today, str) else today,
        entities=tuple(e if isinstance(e, Entity) else wilaya(e) for e in entities),
        tour=tour,
        geography=GEOGRAPHY,
    )


def wilaya(code: str, town: str = "", *candidates: str) -> Entity:
    return Entity("wilaya", code, 0, 1, candidates, town)


def told(says: list[Say]) -> str:
    return "\n".join(written(text) for one in says for text, _style in one.lines)


def written(value: Value) -> str:
    match value:
        case Text():
            msgid = value.plural if value.plural and value.count != 1 else value.msgid
            return msgid.format(**{k: written(v) for k, v in value.values.items()})
        case Name():
            return value.fr
        case Period():
            return f"{value.first} to {value.last}"
        case tuple():
            return ", ".join(map(written, value))
        case dt.time():
            return f"{value:%H:%M}"
        case _:
            return str(value)


def buttons(says: list[Say]) -> dict[str, str]:
    return {written(c.label): c.data for one in says for row in one.choices for c in row}


# -- the next stop -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2015-08-01", ("not set off yet", "First stop: Skikda, 2015-08-05", "at Annaba: Le Cour")),
        (
            "2015-08-05",
            ("is here: Skikda", "last day was not printed", "Next comes Annaba; its date has not"),
        ),
        (
            "2015-08-20",
            ("is here: Béjaïa", "it is its last day", "Place: Big Center", "Next stop: Tizi Ouzou"),
        ),
        ("2015-09-04", ("is here: Oran", "2 days", "3 days", "Next stop: Aïn Témouchent")),
        (
            "2015-09-20",
            ("No stop is announced for today", "Tlemcen, 2015-09-07", "Souk Ahras, 2015-10-04"),
        ),
        ("2015-10-04", ("is here: Souk Ahras", "1 day: DK News", "2 days: DK News", "Tébessa")),
        (
            "2015-10-05",
            (
                "Last known stop: Souk Ahras",
                "there on 2015-10-04; it may still be",
                "Next comes Tébessa; its date has not been announced",
                "The next stop with a date: Sétif, 2015-10-14 to 2015-10-15",
            ),
        ),
        ("2015-10-13", ("Then, also without dates: Khenchela, Oum El Bouaghi, Batna.",)),
        (
            "2015-10-14",
            (
                "is here: Sétif",
                "and until 2015-10-15",
                "place de la poste centrale",
                "Next comes Bordj Bou Arréridj; its date has not been announced",
            ),
        ),
        (
            "2015-10-17",
            ("No stop is announced for today", "Last known stop: Sétif", "Bordj Bou Arréridj; its"),
        ),
        ("2015-11-09", ("Last known stop: Saïda", "newspaper of 2015-11-09", "Next comes Naâma")),
        ("2015-12-01", ("No stop is announced", "Saïda, told of in", "El Bayadh, Laghouat, Dj")),
        ("2026-11-23", ("The tour of 2015 is over", "ask the agency, NESDA")),
    ],
)
def test_where_the_caravan_is_and_what_comes_next(today: str, expected: tuple[str, ...]) -> None:
    answer = told(ask("ask_next_stop", today))
    for part in expected:
        assert part in answer


def test_after_the_last_stop_in_order_comes_the_south() -> None:
    tour = with_stop("17", {"date_status": "reported"})
    answer = told(ask("ask_next_stop", "2015-11-20", tour=tour))
    assert "Last known stop: Djelfa" in answer
    assert "Next, the South: neither the order nor the dates" in answer


# -- a wilaya ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "code", "expected", "absent"),
    [
        ("2015-10-05", "19", ("stops there: 2015-10-14 to 2015-10-15",), ("Nearest",)),
        ("2015-10-14", "19", ("is there today, and until 2015-10-15",), ("Nearest",)),
        ("2015-10-20", "19", ("has been there: 2015-10-14", "Nearest of the stops left"), ()),
        (
            "2015-10-04",
            "40",
            (
                "has yet to come there; the date has not been announced",
                "after Souk Ahras (2015-10-04) and before Sétif (2015-10-14 to 2015-10-15)",
            ),
            ("I can't say",),
        ),
        ("2015-10-08", "40", ("I can't say whether",), ("has yet to come",)),
        ("2015-10-20", "40", ("has already passed; the date was not printed",), ()),
        ("2015-10-01", "25", ("there on 2015-08-13: only that first day",), ()),
        ("2015-10-05", "34", ("only prints the weekday: Saturday", "Place: centre-ville"), ()),
        ("2015-10-05", "10", ("Length printed: 2 days", "esplanade El Wiaâm"), ()),
        ("2015-10-05", "37", ("with the South part of the tour", "Length printed: 2 days"), ()),
        ("2026-11-23", "37", ("The press tells of a stop there, without its date",), ("Nearest",)),
        ("2015-10-05", "07", ("nothing printed on a stop there", "Nearest"), ("South part",)),
        ("2026-11-23", "45", ("stop number 36", "The tour of 2015 is over", "NESDA"), ("Nearest",)),
        ("2015-08-20", "02", ("Opens at 09:00", "boulevard Ben-Badis"), ()),
        ("2015-10-05", "24", ("Place, to be confirmed: place du 8-Mai-1945",), ()),
    ],
)
def test_a_wilaya_gets_what_is_known_of_its_stop(
    today: str, code: str, expected: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    answer = told(ask("ask_stop_in_wilaya", today, code))
    assert answer.startswith(f"Wilaya: {GEOGRAPHY.wilayas[code].fr}\n")
    for part in expected:
        assert part in answer
    for part in absent:
        assert part not in answer


def test_djelfas_two_dates_stand_side_by_side_and_neither_is_given_as_certain() -> None:
    answer = told(ask("ask_stop_in_wilaya", "2015-10-05", "17"))
    assert "the date has not been announced" in answer
    assert "2015-10-15 to 2015-10-16: DK News, 5 octobre 2015" in answer
    assert "still at an earlier stop, Saïda: Le Quotidien d'Oran, 9 novembre 2015" in answer
    assert "2015-11-15" not in answer


def test_el_tarfs_tuesday_stands_beside_guelmas_days() -> None:
    answer = told(ask("ask_stop_in_wilaya", "2015-10-05", "36"))
    assert "a Tuesday, without its date: Akhbar El Youm" in answer
    assert "the caravan at Guelma then, 2015-08-11 to 2015-08-12: Ech-Chaab" in answer


def test_a_town_is_answered_with_its_wilaya() -> None:
    says = ask("ask_stop_in_wilaya", "2015-10-05", wilaya("19", "El Eulma"))
    assert told(says).startswith("El Eulma is in this wilaya: Sétif.\n")
    assert render_message(says[0], "ar").lines[0].text.startswith("العلمة")


def test_a_newer_wilaya_gets_its_mothers_stop_and_the_nearest_one() -> None:
    answer = told(ask("ask_stop_in_wilaya", "2015-10-05", "64"))
    assert "Ksar Chellala became a wilaya in 2026" in answer
    assert "part of this one: Tiaret" in answer
    assert "Nearest of the stops left: Tissemsilt, about 64 km" in answer
    assert "Nearest one with a date: Sétif, about 300 km: 2015-10-14" in answer
    own = told(ask("ask_stop_in_wilaya", "2015-10-05", "59"))
    assert "Nearest of the stops left: Laghouat, about 78 km" in own


def test_a_mothers_dated_stop_is_not_told_again_as_the_nearest_one_with_a_date() -> None:
    tour = with_stop("14", {"date_status": "reported"})
    answer = told(ask("ask_stop_in_wilaya", "2015-10-05", "64", tour=tour))
    assert "stops there: 2015-10-30 to 2015-10-31" in answer
    assert answer.count("2015-10-30") == 1
    assert "Nearest of the stops left: Tissemsilt" in answer


def test_the_day_of_reading_is_told_once_it_has_come() -> None:
    assert "Source: DK News, 16 octobre 2015." in told(
        ask("ask_stop_in_wilaya", "2015-10-14", "19")
    )
    assert "Read on" not in told(ask("ask_stop_in_wilaya", "2015-10-14", "19"))
    assert "Read on 2026-11-23." in told(ask("ask_stop_in_wilaya", "2026-11-23", "19"))


def test_an_ambiguous_name_is_asked_back() -> None:
    says = ask("ask_stop_in_wilaya", "2015-10-05", wilaya("34", "", "34", "50", "35"))
    assert "Which one do you mean?" in told(says)
    assert buttons(says) == {
        "Bordj Bou Arréridj": "ask:ask_stop_in_wilaya:34",
        "Bordj Badji Mokhtar": "ask:ask_stop_in_wilaya:50",
        "Boumerdès": "ask:ask_stop_in_wilaya:35",
        "Something else": "menu",
    }
    place = ask("ask_stop_place_time", "2015-10-05", wilaya("16", "", "16"))
    assert told(place) == "Do you mean this wilaya: Alger?"
    assert buttons(place)["Alger"] == "ask:ask_stop_place_time:16"


def test_several_wilayas_are_each_answered_once() -> None:
    says = ask("ask_stop_in_wilaya", "2015-10-05", "19", "05", wilaya("19", "El Eulma"))
    assert [written(one.lines[0][0]) for one in says] == ["Wilaya: Sétif", "Wilaya: Batna"]
    many = ask("ask_stop_in_wilaya", "2015-10-05", *CODES[:6])
    assert len(many) == 5
    assert "the other wilayas in another message" in told(many[-1:])


def test_without_a_wilaya_it_is_asked_for() -> None:
    for says in (
        ask("ask_stop_in_wilaya", "2015-10-05"),
        ask("ask_stop_in_wilaya", "2015-10-05", "99", Entity("age", 24, 0, 2)),
    ):
        assert "Which wilaya?" in told(says)
        assert says[0].ask_location


def test_the_buttons_under_a_stop_ask_about_that_stop() -> None:
    assert buttons(ask("ask_stop_in_wilaya", "2015-10-05", "60")) == {
        "Place and hours": "ask:ask_stop_place_time:05",
        "The whole tour": "ask:ask_tour_schedule",
        "Remind me": "ask:subscribe_reminder:05",
        "Sign up": "ask:preregister",
        "How to apply": "ask:ask_how_to_apply",
        "Menu": "menu",
    }


# -- place and hours -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "codes", "expected"),
    [
        ("2015-08-01", (), ("Wilaya: Skikda", "Place: not announced", "Hours: not announced")),
        ("2015-08-30", (), ("Wilaya: Chlef", "boulevard Ben-Badis", "closing hour was not")),
        ("2015-10-05", (), ("Wilaya: Souk Ahras", "it may still be", "Place: not announced")),
        ("2015-10-13", (), ("Wilaya: Sétif", "No stop is announced for today", "poste centrale")),
        ("2015-10-17", (), ("Wilaya: Bordj Bou Arréridj", "No stop is announced", "centre-ville")),
        ("2015-10-05", ("10",), ("Wilaya: Bouira", "esplanade El Wiaâm", "Hours: not announced")),
        ("2015-10-05", ("07",), ("Wilaya: Biskra", "nothing printed on a stop there")),
        ("2026-11-23", (), ("The tour of 2015 is over",)),
        ("2026-11-23", ("19",), ("poste centrale", "The tour of 2015 is over")),
    ],
)
def test_place_and_hours(today: str, codes: tuple[str, ...], expected: tuple[str, ...]) -> None:
    answer = told(ask("ask_stop_place_time", today, *codes))
    for part in expected:
        assert part in answer


def test_hours_are_told_whole_when_both_are_known() -> None:
    tour = with_stop("19", {"opens": dt.time(9), "closes": dt.time(16)})
    assert "Hours: 09:00 to 16:00" in told(
        ask("ask_stop_place_time", "2015-10-14", "19", tour=tour)
    )


def test_a_pin_is_sent_only_for_a_place_with_coordinates() -> None:
    for intent in ("ask_next_stop", "ask_stop_in_wilaya", "ask_stop_place_time"):
        assert not any(one.venue for one in ask(intent, "2015-10-14", "19"))
    place = Place(fr="la poste", ar="البريد", latitude=36.19, longitude=5.41)
    tour = with_stop("19", {"place": place})
    for intent in ("ask_next_stop", "ask_stop_in_wilaya", "ask_stop_place_time"):
        *_rest, pin = ask(intent, "2015-10-14", "19", tour=tour)
        assert pin.venue
        assert (written(pin.venue[1]), pin.venue[2:]) == ("Place: la poste", (36.19, 5.41))


# -- the whole tour ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("today", ["2015-08-01", "2015-10-14", "2026-11-23"])
def test_the_whole_tour_is_one_message(today: str, language: str) -> None:
    (one,) = ask("ask_tour_schedule", today)
    message = render_message(one, language)  # type: ignore[arg-type]
    assert len(to_html(message.lines)) <= 3_000
    assert max(len(line.text) for line in message.lines) <= 250
    every = "\n".join(line.text for line in message.lines)
    for code in CODES[:48]:
        named = GEOGRAPHY.wilayas[code]
        assert (named.ar if language == "ar" else named.fr) in every


def test_the_whole_tour_marks_today_and_keeps_the_order() -> None:
    answer = told(ask("ask_tour_schedule", "2015-10-14"))
    assert "👉 23. Sétif: today" in answer
    assert answer.count("👉") == 1
    assert "8. Béjaïa: 2015-08-19 to 2015-08-20" in answer
    assert "19–22. Tébessa, Khenchela, Oum El Bouaghi, Batna: dates not announced" in answer
    assert "2. Annaba: date not announced" in answer
    assert "39. Djelfa: the sources differ" in answer
    assert "Tindouf, Adrar: told of by the press" in answer
    assert "Part 2: 22 wilayas" in answer
    assert "perhaps still there" in told(ask("ask_tour_schedule", "2015-10-05"))
    assert "The tour of 2015 is over" in told(ask("ask_tour_schedule", "2026-11-23"))


# -- where someone is ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "point", "expected"),
    [
        ("2015-10-05", (36.15, 5.69), ("near El Eulma. Wilaya: Sétif", "Sétif, about 25 km")),
        ("2015-10-14", (36.19, 5.41), ("Nearest stop: Sétif, about 1 km", "is there today")),
        (
            "2015-10-05",
            (35.7, -0.6),
            ("near Oran", "there on 2015-09-03", "Sidi Bel Abbès, about 57 km", "Sétif, about 540"),
        ),
        (
            "2015-10-05",
            (24.0, 0.5),
            ("nearest town that I know is Reggane, about 300 km", "Adrar, about 440 km"),
        ),
        ("2015-10-05", (33.1, 6.07), ("Touggourt became a wilaya in 2019", "Batna, about 270 km")),
        ("2015-10-05", (48.85, 2.35), ("outside Algeria, or at sea", "name of a wilaya")),
        ("2015-10-05", (37.6, 3.0), ("outside Algeria, or at sea",)),
        ("2026-11-23", (36.19, 5.41), ("has been there: 2015-10-14", "The tour of 2015 is over")),
    ],
)
def test_someone_who_shares_where_they_are(
    today: str, point: tuple[float, float], expected: tuple[str, ...]
) -> None:
    answer = told(locate(today, *point))
    for part in expected:
        assert part in answer


# -- always --------------------------------------------------------------------------------------


def with_stop(code: str, changes: Mapping[str, object]) -> Tour:
    """Return the tour with one stop as staff might correct it."""
    parts = tuple(
        part.model_copy(
            update={
                "stops": tuple(
                    s.model_copy(update=changes) if s.wilaya == code else s for s in part.stops
                )
            }
        )
        for part in TOUR.parts
    )
    return TOUR.model_copy(update={"parts": parts})


def days_in(value: Value) -> Iterator[dt.date]:
    match value:
        case Text():
            for inner in value.values.values():
                yield from days_in(inner)
        case Period():
            yield from (value.first, value.last)
        case dt.date():
            yield value
        case tuple():
            for item in value:
                yield from days_in(item)


def days_told(says: list[Say]) -> set[dt.date]:
    return {day for one in says for text, _style in one.lines for day in days_in(text)}


def printed() -> set[dt.date]:
    """Every day that some source printed, and the day the sources were read."""
    days = {TOUR.as_of}
    certain = [*TOUR.stops, *TOUR.parts]
    for spell in [d for s in certain if (d := s.certain_days)]:
        days |= {spell.first, spell.last or spell.first}
    for one in TOUR.stops:
        days |= {one.mentioned} if one.mentioned else set()
        for version in (v for c in one.conflicts for v in c.versions):
            days |= {d for d in (version.first, version.last, version.mentioned) if d}
    return days


PRINTED = printed()


def test_a_day_that_is_only_inferred_is_not_among_the_printed_ones() -> None:
    inferred = {s.first for s in TOUR.stops if s.date_status == "inferred"}
    assert len(inferred - PRINTED) > 20


@given(DAYS, st.lists(st.sampled_from(CODES), max_size=3), st.sampled_from(sorted(STOP_ANSWERS)))
def test_any_day_and_wilaya_gets_a_sourced_answer_and_only_printed_days(
    today: dt.date, codes: list[str], intent: str
) -> None:
    says = ask(intent, today, *codes)
    assert says
    assert days_told(says) <= PRINTED
    if says[0].ask_location:
        return
    for one in says:
        last, style = one.lines[-1]
        assert (style, last.msgid[:7]) == ("note", "Source:")
        assert one.choices
    for language in LANGUAGES:
        for one in says:
            message = render_message(one, language)
            assert all(line.text.strip() and "{" not in line.text for line in message.lines)
            assert all(len(b.data.encode()) <= 64 for row in message.buttons for b in row)


@given(DAYS, st.floats(18, 38), st.floats(-9, 12.5))
def test_any_place_gets_an_answer_and_only_printed_days(
    today: dt.date, latitude: float, longitude: float
) -> None:
    says = location_answer(_asked(today), latitude, longitude)
    assert days_told(says) <= PRINTED
    assert all(text for language in LANGUAGES for one in says for text in _texts(one, language))


def _texts(one: Say, language: str) -> list[str]:
    return [line.text for line in render_message(one, language).lines]  # type: ignore[arg-type]


@pytest.mark.parametrize("code", CODES)
def test_an_inferred_day_is_never_told_of_its_own_wilaya(code: str) -> None:
    stops = {s.wilaya: s for s in TOUR.stops}
    own = GEOGRAPHY.in_2015(GEOGRAPHY.wilayas[code]).code
    if stops[own].date_status != "inferred":
        return
    first = stops[own].first
    for today in ("2015-08-01", "2015-10-05", "2015-11-12", "2026-11-23"):
        statement = [
            text
            for one in ask("ask_stop_in_wilaya", today, code)
            for text, _style in one.lines
            if text.msgid.startswith(("The caravan", "It was", "A newspaper", "In the order"))
        ]
        assert first not in {d for text in statement for d in days_in(text)} - {
            stops["20"].mentioned
        }


@pytest.mark.parametrize(
    ("language", "title", "line"),
    [
        (
            "fr",
            "Aujourd'hui, la caravane est ici : Sétif.",
            "Ensuite vient Bordj Bou Arréridj ; la date n'est pas annoncée.",
        ),
        (
            "ar",
            "القافلة اليوم هنا: سطيف.",
            "بعدها برج بوعريريج؛ ولم يُعلن عن التاريخ.",
        ),
    ],
)
def test_people_read_it_in_their_language(language: str, title: str, line: str) -> None:
    (one,) = ask("ask_next_stop", "2015-10-14")
    texts = _texts(one, language)
    assert texts[0] == title
    assert line in texts

"""Every answer as an SMS: short enough, in the letters of a phone, and no surer than is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from actions.messages import LANGUAGES, Language
from actions.stops import Place, Stop, Tour
from actions.store import Store
from bot import menu
from bot.answers import ANSWERS
from bot.answers.asked import Asked
from bot.answers.stops import STOP_ANSWERS, location_answer
from bot.channels.sms import segments
from bot.desk.notices import Notices
from bot.dialogue import Dialogue
from bot.flows.eligibility import EligibilityFlow
from bot.text import FIRST_STRONG_ISOLATE, Say, render, render_brief
from bot.texting.listing import rows, table
from bot.texting.writing import plain, write
from nlu.client import Entity
from tests.conftest import FixedClock
from tests.deskroom import Group
from tests.talk import FACTS, Talk, sure
from tests.test_answers import FACTUAL, IN_2015, IN_2026, PROGRAMME, STATED, UNSURE, shifted
from tests.test_stops import TOUR, _asked

BEFORE, AFTER = "2015-08-01", "2026-11-23"
#: On the first stop of the order the caravan has a place; on the others it is at a stop that is
#: announced, whose days are printed, or at none that is known.
DURING = ("2015-08-13", "2015-09-05", "2015-09-20", "2015-10-05", "2015-10-14", "2015-11-09")
DAYS = (BEFORE, *DURING, AFTER)
CODES = sorted(FACTS.geography.wilayas)
#: The town with the longest name of each wilaya.
TOWNS = {
    town.wilaya: town.name for town in sorted(FACTS.geography.towns, key=lambda t: len(t.name))
}
LONGEST = max(CODES, key=lambda code: len(FACTS.geography.wilayas[code].fr))
CONVENTION = PROGRAMME.convention
EVERY_TRADE = tuple(
    Entity("trade", key, 0, 0)
    for key in (*CONVENTION.trades.items, *CONVENTION.profiles.items, "sewing")
)
UNKNOWN: dict[Language, str] = {"fr": "non annoncée|inconnue", "ar": "لم يعلن|غير معروف"}


def of_wilaya(code: str, town: str = "") -> Entity:
    return Entity("wilaya", code, 0, 1, (), town)


def about_stops(
    day: str, codes: Iterable[str] = CODES, tour: Tour = TOUR
) -> Iterator[tuple[str, Say]]:
    """Give the answers about the tour, without a wilaya and with each of some."""
    entities = [(), *((of_wilaya(code, TOWNS.get(code, "")),) for code in codes)]
    for intent, answer in STOP_ANSWERS.items():
        for named in entities if "wilaya" in intent or "place" in intent else [()]:
            for said in answer(_asked(day, *named, tour=tour)):
                yield f"{intent} {named} {day}", said


def about_subjects(today: dt.date) -> Iterator[tuple[str, Say]]:
    for intent, answer in ANSWERS.items():
        for entities in (*STATED, EVERY_TRADE):
            yield f"{intent} {entities} {today}", answer(Asked(PROGRAMME, today, entities))


def around_the_answers() -> Iterator[tuple[str, Say]]:
    longest = sorted(menu.SUBJECTS, key=lambda intent: -len(brief_label(intent)))
    yield from {
        "welcome": menu.welcome(languages=False),
        "welcome, with languages": menu.welcome(languages=True),
        "menu": menu.menu(),
        "help": menu.help_(),
        "did you mean": menu.did_you_mean(tuple(longest[:3]), "34"),
        "missed": menu.missed(again=False),
        "missed again": menu.missed(again=True),
        "only text": menu.only_text(),
        "too fast": menu.too_fast(),
        "no words": menu.no_words(),
        "understanding down": menu.understanding_down(),
        "contact": menu.contact_not_needed(),
    }.items()


def brief_label(intent: str) -> str:
    label = menu.choice(intent).brief
    assert label, f"{intent} has no short label"
    return render(label, "fr")


def briefs(said: Say, language: Language) -> str:
    return "\n".join(plain(line.text, language) for line in render_brief(said, language).lines)


def assert_fits(texts: Iterable[tuple[str, Say]]) -> None:
    """Each text goes out whole, its numbered choices with it, in the letters of its language."""
    # A pin on the map is what no SMS shows.
    told = [(name, said, language) for name, said in texts if said.lines for language in LANGUAGES]
    assert told
    for name, said, language in told:
        assert said.brief, name
        # Without the long lines nothing may be left over.
        written = write([replace(said, more=False)], language)
        assert written.rest == (), f"{name}: {segments.length(written.text)} {written.text}"
        assert segments.fits(written.text), name
        if language == "fr":
            assert segments.coding(written.text) == "gsm", f"{name}: {written.text}"
        else:
            assert re.search(r"[\u0621-\u064a]", written.text), name
        assert not re.search(r"[{}]|None|\bText\(", written.text), written.text


# -- it fits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("today", [IN_2015, IN_2026])
def test_the_answer_to_every_subject_fits(today: dt.date) -> None:
    assert_fits(about_subjects(today))


@pytest.mark.parametrize("day", DAYS)
def test_the_answer_about_every_wilaya_fits(day: str) -> None:
    assert_fits(about_stops(day))


def test_where_the_caravan_is_fits_on_every_day_of_the_tour() -> None:
    first = dt.date(2015, 7, 30)
    texts = []
    for n in range(115):
        day = (first + dt.timedelta(n)).isoformat()
        for intent in ("ask_next_stop", "ask_stop_place_time"):
            texts += [(f"{intent} {day}", said) for said in STOP_ANSWERS[intent](_asked(day))]
    assert_fits(texts)


def test_what_staff_announce_fits_however_long_its_place() -> None:
    for letters in (28, 50, 64, 200):
        tour = announced(TOUR, letters)
        for day in ("2015-09-28", "2015-10-01", "2015-11-20"):
            assert_fits(about_stops(day, codes=("34", "22", "67", LONGEST), tour=tour))


def announced(tour: Tour, letters: int) -> Tour:
    """Return a tour whose every stop has days over two months, hours, and a place so long."""

    def told(n: int, stop: Stop) -> Stop:
        first = dt.date(2015, 9, 28) + dt.timedelta(n)
        days = {"first": first, "last": first + dt.timedelta(3), "date_status": "announced"}
        place = Place(fr="p" * letters, ar="م" * letters)
        hours = {"opens": dt.time(9), "closes": dt.time(16, 30)}
        on = {"announced_on": dt.date(2015, 9, 1), "conflicts": (), "order": None}
        return stop.model_copy(update={**days, **hours, **on, "place": place})

    parts, n = [], 0
    for part in tour.parts:
        stops = tuple(told(n + m, stop) for m, stop in enumerate(part.stops))
        n += len(stops)
        parts.append(part.model_copy(update={"stops": stops}))
    return tour.model_copy(update={"parts": tuple(parts)})


def test_what_is_said_to_someone_who_shares_a_place_fits() -> None:
    for day in DAYS:
        found = [("at sea", said) for said in location_answer(_asked(day), 45.0, 5.0)]
        for town in FACTS.geography.towns[::190]:
            near = location_answer(_asked(day), town.latitude, town.longitude)
            found += [(f"{town.name} {day}", said) for said in near]
        assert_fits(found)


def test_the_messages_around_the_answers_fit() -> None:
    assert_fits(around_the_answers())


def test_the_menu_numbers_all_its_choices() -> None:
    for language in LANGUAGES:
        text = write([menu.menu()], language).text
        assert re.findall(r"^\d+", text, re.MULTILINE) == [str(n) for n in range(1, 13)]


def test_a_question_about_languages_is_short_though_it_mixes_scripts() -> None:
    for language in LANGUAGES:
        text = write([menu.choose_language()], language).text
        assert segments.length(text) <= segments.room(2, "ucs2")
        assert "Fran" in text
        assert "العربية" in text


def test_several_possible_wilayas_are_all_numbered() -> None:
    named = Entity("wilaya", "34", 0, 1, ("34", "69", "50", "67"))
    (said,) = STOP_ANSWERS["ask_stop_in_wilaya"](_asked(BEFORE, named))
    assert_fits([("several", said)])
    assert len(write([said], "fr").options) == 4


# -- what it says ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_to_be_tapped_or_followed(language: Language) -> None:
    odd = {
        "fr": r"https?:|www\.|/[a-z]|touch|appuy|bouton|cliqu|partag",
        "ar": r"https?:|/[a-z]|اضغط|زر\b|أزرار|شارك",
    }
    texts = [*around_the_answers(), *about_subjects(IN_2026), *about_stops(AFTER, [LONGEST])]
    for name, said in texts:
        for line in render_brief(said, language).lines:
            assert not re.search(odd[language], line.text.casefold()), f"{name}: {line.text}"
            assert FIRST_STRONG_ISOLATE not in line.text
            assert not re.search("[\U0001f000-\U0001faff\u2190-\u21ff\u2600-\u27bf]", line.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_is_told_with_its_year(language: Language) -> None:
    without = {"ask_caravan_info", "ask_trades", "ask_training", "ask_agency"}
    for intent in sorted(set(FACTUAL) - without):
        for entities in STATED:
            said = ANSWERS[intent](Asked(PROGRAMME, IN_2015, entities))
            assert re.search(r"\b20[01]\d\b", briefs(said, language)), (intent, entities)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_certain_is_not_told_as_certain(language: Language) -> None:
    other = shifted(PROGRAMME)
    for intent, answer in ANSWERS.items():
        for entities in STATED:
            true, false = (
                render_brief(answer(Asked(facts, IN_2026, entities)), language).lines
                for facts in (PROGRAMME, other)
            )
            for before, after in zip(true, false, strict=True):
                if before.text != after.text:
                    assert any(mark in before.text for mark in UNSURE[language]), (
                        intent,
                        before.text,
                    )


def test_what_is_newer_is_to_be_checked_and_never_told_too_early() -> None:
    for name, said in about_subjects(IN_2026):
        for line in render_brief(said, "fr").lines:
            if re.search(r"epuis 20(22|24)|MyProject", line.text):
                assert "vérifier" in line.text, name
    for name, said in about_subjects(IN_2015):
        assert not re.search("NESDA|MyProject", briefs(said, "fr")), name
    assert "NESDA" in briefs(ANSWERS["ask_age"](Asked(PROGRAMME, IN_2026)), "fr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DURING)
def test_a_day_that_was_only_worked_out_is_never_told(day: str, language: Language) -> None:
    for stop in TOUR.stops:
        if stop.date_status == "inferred" and not stop.mentioned:
            (said, *_pin) = STOP_ANSWERS["ask_stop_in_wilaya"](_asked(day, stop.wilaya))
            first = briefs(said, language).split("\n")[0]
            assert re.search(UNKNOWN[language], first), first
            assert not re.search(r"\d", first), first


def test_what_is_said_of_a_stop_tells_how_sure_it_is() -> None:
    def first(code: str, day: str) -> str:
        return briefs(STOP_ANSWERS["ask_stop_in_wilaya"](_asked(day, code))[0], "fr").split("\n")[0]

    assert first("19", "2015-10-05") == "Setif : du 14 au 15 octobre 2015 (selon la presse)."
    assert first("41", "2015-09-20") == (
        "Souk Ahras : à partir du dimanche 4 octobre 2015 (annoncé)."
    )
    assert first("41", "2015-10-05").endswith("peut-etre encore (non confirmé).")
    assert first("19", "2015-10-14") == "Setif : la caravane y est, jusqu'au 15 octobre 2015."
    assert first("19", "2015-10-15").endswith("y est aujourd'hui, dernier jour.")
    assert first("12", "2015-10-20") == (
        "Tebessa : déjà passée d'après l'ordre de la tournée, date inconnue."
    )
    assert first("34", "2015-10-30").endswith("peut-etre déjà passée (non confirmé).")
    assert first("07", "2015-10-30") == "Biskra : je n'ai rien trouvé de publié sur une étape."


def test_the_next_stop_is_told_with_what_follows_it() -> None:
    (said,) = STOP_ANSWERS["ask_next_stop"](_asked("2015-10-05"))
    assert briefs(said, "fr").split("\n") == [
        "Souk Ahras : la caravane y était le 4 octobre 2015, peut-etre encore (non confirmé).",
        "Ensuite : Tebessa, date non annoncée.",
        "Prochaine datée : Setif, du 14 au 15 octobre 2015.",
    ]
    assert said.more


def test_a_place_written_in_arabic_alone_does_not_make_a_french_text_dear() -> None:
    arabic = Place(fr="ساحة الشهداء", ar="ساحة الشهداء")
    part = TOUR.parts[1]
    stops = tuple(
        s.model_copy(update={"place": arabic}) if s.wilaya == "19" else s for s in part.stops
    )
    parts = (TOUR.parts[0], part.model_copy(update={"stops": stops}), *TOUR.parts[2:])
    tour = TOUR.model_copy(update={"parts": parts})
    texts = list(about_stops("2015-10-14", ["19"], tour))
    assert_fits(texts)


def test_the_tour_is_said_to_be_over_and_whom_to_ask_today() -> None:
    for code in ("19", "12", LONGEST):
        (said, *_pin) = STOP_ANSWERS["ask_stop_in_wilaya"](_asked(AFTER, code))
        assert "terminée" in briefs(said, "fr")
        assert "NESDA" in briefs(said, "fr")


async def test_a_notice_of_the_desk_is_told_by_sms_too(store: Store, clock: FixedClock) -> None:
    group = Group(store, clock, Notices(frozenset()))
    dialogue = Dialogue(FACTS, {"check_my_eligibility": EligibilityFlow(FACTS.programme)})
    heard = {"quel âge ?": sure("ask_age")}
    talk = Talk(store, dialogue, heard, clock, chat="+213550123456")
    group.writes("/notice L'âge 2015-10-20\nLe stand ferme à midi.\n---\nيغلق الجناح.")
    assert "Info : Le stand ferme à midi." in await talk.says("quel âge ?")


# -- the list of texts -----------------------------------------------------------------------------


def test_the_list_holds_every_answer_in_both_languages_with_its_price() -> None:
    form = EligibilityFlow(FACTS.programme).form
    listed = rows(FACTS, [form], IN_2015, Decimal("2.50"))
    names = {(row.name, row.language) for row in listed}
    for name in (*ANSWERS, *STOP_ANSWERS, f"ask_stop_in_wilaya {LONGEST}", "menu", "help", "stop"):
        assert {(name, "fr"), (name, "ar")} <= names
    assert ("eligibility age", "fr") in names
    for row in listed:
        assert row.segments == segments.segments(row.text)
        assert segments.fits(row.text)
        assert row.cost == row.segments * Decimal("2.50")


def test_the_list_is_a_table_in_the_readers_language() -> None:
    listed = rows(FACTS, [], IN_2015, Decimal(5))
    french, arabic = table(listed, "fr"), table(listed, "ar")
    assert re.split(r" {2,}", french[0]) == [
        *("Nom", "Langue", "Codage", "Longueur", "Segments", "Coût (DA)", "Le texte"),
    ]
    menu_row = next(line for line in french if line.startswith("menu "))
    assert re.search(r"Français +GSM-7 +\d+ +2 +10\.00 +Répondez par un numéro", menu_row)
    assert "الأجزاء" in arabic[0]
    counts = [int(line.split()[-1]) for line in french[french.index("") + 2 :]]
    assert sum(counts) == len(listed)

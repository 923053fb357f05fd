"""The answers in both languages: complete, readable, dated, and never surer than is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from actions.facts import Programme, load_programme
from actions.messages import LANGUAGES, Language, Outbound
from actions.sourced import Bilingual, Fact
from bot.answers import ANSWERS
from bot.answers.asked import Asked
from bot.menu import OFFERED
from bot.text import FIRST_STRONG_ISOLATE, POP_ISOLATE, render_message
from nlu.client import Entity

IN_2015 = dt.date(2015, 10, 5)
IN_2026 = dt.date(2026, 11, 23)
PROGRAMME = load_programme(Path(__file__).parent.parent / "actions" / "programme")

FACTUAL = sorted(name for name in ANSWERS if name.startswith("ask_") and name not in {"ask_help"})
#: What people say of themselves, so that each branch of the answers is taken.
STATED: tuple[tuple[Entity, ...], ...] = (
    (),
    *((Entity("age", age, 0, 0),) for age in (17, 19, 24, 35, 36, 40, 41, 50, 51)),
    *(
        (Entity("fact", fact, 0, 0),)
        for fact in ("student", "employed", "jobless", "not_anem", "unqualified", "never_aided")
    ),
    *((Entity("trade", trade, 0, 0),) for trade in ("fibre", "electricity", "sewing")),
)
UNSURE: dict[Language, tuple[str, ...]] = {"fr": ("à confirmer",), "ar": ("للتأكيد", "تأكّد")}


def heard(
    intent: str,
    language: Language,
    *entities: Entity,
    today: dt.date = IN_2015,
    programme: Programme = PROGRAMME,
) -> Outbound:
    return render_message(ANSWERS[intent](Asked(programme, today, entities)), language)


def text(message: Outbound) -> str:
    whole = "\n".join(line.text for line in message.lines)
    return whole.translate({ord(FIRST_STRONG_ISOLATE): "", ord(POP_ISOLATE): "", 0xA0: " "})


def every(language: Language, today: dt.date, programme: Programme) -> Iterator[Outbound]:
    for intent in ANSWERS:
        for entities in STATED:
            yield heard(intent, language, *entities, today=today, programme=programme)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ANSWERS)
@pytest.mark.parametrize("today", [IN_2015, IN_2026])
def test_every_answer_can_be_read_in_both_languages(
    intent: str, language: Language, today: dt.date
) -> None:
    for entities in STATED:
        message = heard(intent, language, *entities, today=today)
        assert message.lines
        for line in message.lines:
            assert not re.search(r"[{}]|None|\bText\(", line.text)
            if language == "ar":
                assert re.search(r"[\u0621-\u064a]", line.text), line.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", sorted(set(ANSWERS) - {"ask_help"}))
def test_an_answer_fits_a_small_screen(intent: str, language: Language) -> None:
    for today in (IN_2015, IN_2026):
        message = heard(intent, language, today=today)
        assert len(message.lines) <= 9
        assert len(text(message)) <= 1_000
        assert len(message.buttons) <= 3
        assert all(1 <= len(row) <= 2 for row in message.buttons)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", ANSWERS)
def test_buttons_are_short_and_lead_somewhere(intent: str, language: Language) -> None:
    for row in heard(intent, language).buttons:
        for button in row:
            label = button.label.replace(FIRST_STRONG_ISOLATE, "").replace(POP_ISOLATE, "")
            assert len(label) <= 28
            assert button.data in {"menu", "language"} or button.data[4:] in OFFERED
            assert button.data != f"ask:{intent}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", FACTUAL)
def test_every_factual_answer_ends_with_its_source(intent: str, language: Language) -> None:
    last = heard(intent, language).lines[-1]
    assert last.style == "note"
    assert {"fr": "Source", "ar": "المصدر"}[language] in last.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_link_and_no_phone_number_is_given(language: Language) -> None:
    for message in every(language, IN_2026, PROGRAMME):
        assert not re.search(r"https?:|www\.|\.dz\b|\.com\b|\b0\d{8,9}\b", text(message))


# -- what a person's own case changes -------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (17, "à partir de 19 ans"),
        (18, "à partir de 19 ans"),
        (19, "Oui"),
        (35, "Oui"),
        (36, "si vous êtes le gérant"),
        (40, "si vous êtes le gérant"),
        (41, "la limite est de 35 ans"),
        (60, "la limite est de 35 ans"),
    ],
)
def test_an_age_is_answered_as_the_persons_own(age: int, said: str) -> None:
    answer = text(heard("ask_age", "fr", Entity("age", age, 0, 0)))
    assert said in answer.split("\n")[0]
    assert str(age) in answer.split("\n")[0]


@pytest.mark.parametrize(("age", "told"), [(35, False), (36, True), (50, True), (51, False)])
def test_cnac_is_told_to_those_it_was_for(age: int, told: bool) -> None:
    assert ("CNAC" in text(heard("ask_age", "fr", Entity("age", age, 0, 0)))) is told


def test_the_share_of_four_million_is_told_in_dinars_and_as_people_say_it() -> None:
    shares = text(heard("ask_financing", "fr"))
    for amount in ("4 000 000 DA", "40 000 DA", "1 160 000 DA", "2 800 000 DA"):
        assert amount in shares
    assert "1 milliard de centimes" in shares
    own = text(heard("ask_personal_contribution", "fr"))
    assert "1 % jusqu'à 5 000 000 DA" in own
    assert "4 millions de centimes" in own


def test_riba_is_answered_plainly_and_without_an_opinion() -> None:
    answer = text(heard("ask_loan_interest", "fr"))
    assert "100 %" in answer
    assert "La banque reste une banque" in answer
    assert "pas d'avis religieux" in answer


@pytest.mark.parametrize(
    ("trade", "said"),
    [("fibre", "Oui"), ("electricity", "recherché"), ("sewing", "n'est pas dans la convention")],
)
def test_a_named_trade_is_answered_first(trade: str, said: str) -> None:
    answer = text(heard("ask_trades", "fr", Entity("trade", trade, 0, 0)))
    assert said in answer.split("\n")[0]


@pytest.mark.parametrize(
    ("fact", "intent", "said"),
    [
        ("student", "ask_employment_status", "Pendant les études"),
        ("employed", "ask_employment_status", "sans emploi payé"),
        ("not_anem", "ask_employment_status", "Inscrivez-vous d'abord"),
        ("unqualified", "ask_diploma", "Sans diplôme, c'est possible"),
        ("aided", "ask_previous_beneficiary", "Non"),
        ("never_aided", "ask_previous_beneficiary", "C'est bien"),
    ],
)
def test_what_people_say_of_themselves_is_answered_first(fact: str, intent: str, said: str) -> None:
    assert said in text(heard(intent, "fr", Entity("fact", fact, 0, 0))).split("\n")[0]


# -- honesty ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_newer_than_the_day_is_told(language: Language) -> None:
    for message in every(language, IN_2015, PROGRAMME):
        assert "NESDA" not in text(message)
        assert "MyProject" not in text(message)
    assert "NESDA" in text(heard("ask_age", language, today=IN_2026))


def test_what_is_newer_is_to_be_checked_with_the_agency() -> None:
    for message in every("fr", IN_2026, PROGRAMME):
        for line in message.lines:
            if re.search(r"epuis 20(22|24)|MyProject", line.text):
                assert "vérifier" in line.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_certain_is_never_told_as_certain(language: Language) -> None:
    """Change every unsure value: each line that changes with it must say that it is unsure."""
    marks = UNSURE[language]
    other: Programme = shifted(PROGRAMME)
    changed = set()
    for true, false in zip(
        every(language, IN_2026, PROGRAMME), every(language, IN_2026, other), strict=True
    ):
        for before, after in zip(true.lines, false.lines, strict=True):
            if before.text != after.text:
                changed.add(before.text)
                assert any(mark in before.text for mark in marks), before.text
    assert len(changed) >= 3, "the shares of two examples and the later papers are unsure"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_step_that_is_not_certain_is_told_as_unsure(language: Language) -> None:
    applying = PROGRAMME.applying
    certain = tuple(step for step in applying.steps if step.certain)
    known = PROGRAMME.model_copy(
        update={"applying": applying.model_copy(update={"steps": certain})}
    )
    without = {line.text for line in heard("ask_how_to_apply", language, programme=known).lines}
    unsure = [
        line.text
        for line in heard("ask_how_to_apply", language).lines
        if line.text not in without and line.style == "plain"
    ]
    assert unsure
    assert all(any(mark in line for mark in UNSURE[language]) for line in unsure)


def shifted(part: Any, *, unsure: bool = False) -> Any:
    """Return a part of the programme in which every value that is not certain is another."""
    if isinstance(part, Bilingual) and unsure:
        return Bilingual(fr=f"x{part.fr}", ar=f"س{part.ar}")
    if isinstance(part, BaseModel):
        unsure = not part.certain if isinstance(part, Fact) else unsure
        kept = {"as_of", "sources", "note", "confidence"}
        return part.model_copy(
            update={
                name: shifted(getattr(part, name), unsure=unsure)
                for name in type(part).model_fields
                if name not in kept
            }
        )
    if isinstance(part, dict):
        return {key: shifted(value, unsure=unsure) for key, value in part.items()}
    if isinstance(part, tuple):
        return tuple(shifted(value, unsure=unsure) for value in part)
    if isinstance(part, int) and not isinstance(part, bool) and unsure:
        return part + 5
    return part


@pytest.mark.parametrize("intent", ["talk_to_human", "complaint"])
def test_nobody_is_said_to_read_along(intent: str) -> None:
    assert "aucun agent ne lit cette conversation" in text(heard(intent, "fr"))

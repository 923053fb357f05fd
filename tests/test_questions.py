"""What a free text asks, before and after Rasa has read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.menu import OFFERED
from bot.questions import (
    ANSWER,
    REFUSE,
    SUGGEST,
    decide,
    split_questions,
    word_that_always_works,
)
from nlu.client import Understanding


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("MENU", "menu"),
        ("  القائمة !", "menu"),
        ("aide", "help"),
        ("مُساعدة", "help"),
        ("Français", "french"),
        ("بالعربيّة", "arabic"),
        ("STOP.", "cancel"),
        ("je veux arrêter mon projet", None),
        ("l'aide de l'ANSEJ, c'est combien ?", None),
    ],
)
def test_words_that_always_work_are_whole_messages(text: str, word: str | None) -> None:
    assert word_that_always_works(text) == word


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("c'est quand à Sétif ?", ["c'est quand à Sétif ?"]),
        (
            "c'est quand à Sétif ? quels papiers il faut ?",
            ["c'est quand à Sétif ?", "quels papiers il faut ?"],
        ),
        ("وقتاش تجي لسطيف؟ شحال القرض؟", ["وقتاش تجي لسطيف؟", "شحال القرض؟"]),
        ("quoi ???", ["quoi ???"]),
        ("hein ? c'est où ?", ["hein ? c'est où ?"]),
        ("a b? c d? e f? g h?", ["a b?", "c d?", "e f? g h?"]),
    ],
)
def test_a_message_is_cut_into_questions_that_stand_alone(text: str, questions: list[str]) -> None:
    assert split_questions(text) == questions


@pytest.mark.parametrize(
    ("ranking", "verdict", "intents"),
    [
        ((("ask_age", 0.9), ("ask_diploma", 0.05)), "answer", ("ask_age",)),
        ((("ask_age", 0.45), ("ask_diploma", 0.42)), "suggest", ("ask_age", "ask_diploma")),
        ((("ask_age", 0.1), ("ask_diploma", 0.09)), "miss", ()),
        ((("ask_age", 0.6), ("ask_diploma", 0.1)), "suggest", ("ask_age",)),
        ((("out_of_scope", 0.8), ("ask_age", 0.1)), "answer", ("out_of_scope",)),
        ((("out_of_scope", 0.6), ("ask_age", 0.3)), "suggest", ("ask_age",)),
        ((("out_of_scope", 0.6), ("ask_age", 0.1)), "answer", ("out_of_scope",)),
        ((("out_of_scope", 0.6), ("greet", 0.3)), "answer", ("out_of_scope",)),
        ((("ask_age", 0.15), ("out_of_scope", 0.1)), "miss", ()),
        ((("out_of_scope", 0.6),), "answer", ("out_of_scope",)),
        ((), "miss", ()),
    ],
)
def test_a_doubt_becomes_a_question_back(
    ranking: tuple[tuple[str, float], ...], verdict: str, intents: tuple[str, ...]
) -> None:
    decision = decide(Understanding(ranking), offered=OFFERED)
    assert (decision.verdict, decision.intents) == (verdict, intents)


def test_the_thresholds_are_those_that_the_evaluation_shows() -> None:
    house = Path(__file__).parents[1]
    shown = re.search(
        r"IN_USE = Thresholds\(answer=([\d.]+), ask=([\d.]+), refuse=([\d.]+)\)",
        (house / "nlu/evaluation/thresholds.py").read_text(encoding="utf-8"),
    )
    assert shown
    assert [float(x) for x in shown.groups()] == [ANSWER, SUGGEST, REFUSE]


def test_what_is_surely_off_topic_comes_first_in_the_ranking() -> None:
    config = (Path(__file__).parents[1] / "config.yml").read_text(encoding="utf-8")
    comes_first = re.search(r"refuse_from: ([\d.]+)", config)
    assert comes_first
    assert float(comes_first[1]) <= REFUSE

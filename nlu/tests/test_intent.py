from __future__ import annotations

import random

import pytest

from nlu.components.classifier import OUT_OF_SCOPE
from nlu.evaluation.thresholds import IN_USE
from nlu.tests.acceptance import ACCEPTANCE, Parse

NONSENSE = [
    "",
    " ",
    "?",
    "...",
    "x",
    "42",
    "qsdfghjklm",
    "wxcvbn poiuy",
    "🤣🤣🤣",
    "\u200b\u200f\u202e",
    "zzzzzzzz",
    "météo à Alger demain",
    "شكون ربح الماتش البارح",
    "recette de la chorba",
    "match barca real lyoum",
]
LETTERS = (
    "abcdefghijklmnopqrstuvwxyzéèàç 0123456789'’-.,?!%+@#/\\{}[]()<>\n\t\"$"
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ٠١٢٣٤٥٦٧٨٩؟،ًٌٍَُِّْـڨڤپ"
    "👍😂🇩🇿👨‍👩‍👧\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\x00\x07\x1b\x7f\ud800\U0010ffff"
)


@pytest.mark.parametrize(("text", "intent"), ACCEPTANCE)
def test_what_must_be_understood_is(parse: Parse, text: str, intent: str) -> None:
    found = parse(text)["intent"]
    assert (found["name"], found["confidence"] > IN_USE.answer) == (intent, True)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("t nul", "complaint"),
        ("nta hmar", OUT_OF_SCOPE),
        ("pourquoi vous voulez mes données", "delete_my_data"),
        ("علاش تحتاجو معلوماتي", "delete_my_data"),
        ("pourquoi", "ask_help"),
        ("pourquoi pas", "affirm"),
        ("je ne viens plus, enlevez-moi", "delete_my_data"),
        ("ma ranich jay khlas", "delete_my_data"),
        ("أرجو سحب تسجيلي", "delete_my_data"),
        ("annuler le rappel", "subscribe_reminder"),
        ("حبس التذكير", "subscribe_reminder"),
        ("je veux un rappel", "subscribe_reminder"),
        ("فكروني بالقافلة", "subscribe_reminder"),
    ],
)
def test_who_withdraws_is_told_from_who_asks_or_scorns(
    parse: Parse, text: str, intent: str
) -> None:
    assert parse(text)["intent"]["name"] == intent


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_and_foreign_topics_are_refused(parse: Parse, text: str) -> None:
    found = parse(text)["intent"]
    assert found["name"] == OUT_OF_SCOPE or found["confidence"] < 0.55


def test_the_ranking_is_sorted_and_its_first_is_the_intent(parse: Parse) -> None:
    answer = parse("chhal lazem l3mer")
    confidences = [i["confidence"] for i in answer["intent_ranking"]]
    assert answer["intent"] == answer["intent_ranking"][0]
    assert len(confidences) == 10
    assert confidences == sorted(confidences, reverse=True)
    assert all(0.0 <= c <= 1.0 for c in confidences)
    assert sum(confidences) <= 1.001


def test_any_string_is_answered(parse: Parse) -> None:
    draw = random.Random(5)
    lengths = [0, 1, 2, 4096, *(draw.randint(1, 40) for _ in range(49_900)), *([1_000] * 96)]
    for length in lengths:
        text = "".join(draw.choices(LETTERS, k=length))
        answer = parse(text)
        assert answer["intent"]["name"], text
        assert 0.0 <= answer["intent"]["confidence"] <= 1.0, text

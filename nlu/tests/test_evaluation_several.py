from __future__ import annotations

from pathlib import Path

import pytest

from nlu.evaluation.judging import UnreadableModelError
from nlu.evaluation.several import Asking, Heard, by_model, figures, read
from nlu.tests.test_data import INTENTS

ROOT = Path(__file__).parents[2]
HELD_OUT = ROOT / "nlu/heldout_several.yml"
TWO = Asking("sms", (("ask_age", "g 36 ans"), ("ask_documents", "é koi les papié")))
ONE = Asking("fr", (("ask_age", "J'ai 36 ans et ma soeur aussi"),))


def test_held_out_messages_ask_what_can_be_answered() -> None:
    messages = read(HELD_OUT)
    assert {intent for m in messages for intent in m.intents} <= INTENTS
    assert {len(m.parts) for m in messages} == {1, 2, 3}
    assert len({m.kind for m in messages}) == 6


def test_a_message_is_its_parts_and_knows_where_they_begin() -> None:
    assert TWO.text == "g 36 ans é koi les papié"
    assert TWO.starts == [0, 3]


@pytest.mark.parametrize(
    ("heard", "all_heard", "in_place"),
    [
        (Heard(TWO, ["ask_age", "ask_documents"], [0, 3]), True, True),
        (Heard(TWO, ["ask_age", "ask_documents"], [0, 4]), True, True),
        (Heard(TWO, ["ask_age", "ask_documents"], [0, 5]), True, False),
        (Heard(TWO, ["ask_documents", "ask_age"], [0, 3]), False, False),
        (Heard(TWO, ["ask_age"], [0]), False, False),
        (Heard(TWO, [], []), False, False),
    ],
)
def test_what_counts_as_heard(heard: Heard, all_heard: bool, in_place: bool) -> None:
    assert (heard.all_heard, heard.in_place) == (all_heard, in_place)


def test_a_single_question_that_is_cut_is_counted_apart() -> None:
    found = figures(
        [
            Heard(TWO, ["ask_age", "ask_taxes"], [0, 3]),
            Heard(TWO, ["ask_age"], [0]),
            Heard(ONE, ["ask_age", "ask_diploma"], [0, 4]),
            Heard(ONE, ["ask_age"], [0]),
        ]
    )
    assert (found.heard.value, found.misheard.value, found.cut.value) == (0.0, 0.5, 0.5)
    assert found.kinds["sms"].of == 2
    assert found.kinds["fr"].of == 0


def test_more_than_half_of_several_questions_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = figures(by_model(ROOT / "models/nlu.tar.gz", read(HELD_OUT)))
    assert found.heard.value > 0.5
    assert found.cut.value < 0.25


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableModelError, match=r"none\.tar\.gz"):
        by_model(tmp_path / "none.tar.gz", read(HELD_OUT))

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from nlu.components.classifier import OUT_OF_SCOPE, Ranked
from nlu.evaluation import measures
from nlu.evaluation.examples import KINDS, Example, read, some
from nlu.evaluation.judging import Judged, UnreadableModelError, by_model, folds
from nlu.evaluation.measures import Share
from nlu.evaluation.racing import as_yaml
from nlu.evaluation.thresholds import COSTS, Priced, Thresholds


def made(intent: str, found: str, sure: float = 0.9, kind: str = "fr", text: str = "x") -> Judged:
    """A message that has one intent and in which another, or the same, was found."""
    rest = Ranked("greet" if found == OUT_OF_SCOPE else OUT_OF_SCOPE, (1 - sure) / 2)
    lang = "fr" if kind == "sms" else kind
    return Judged(text, intent, kind, lang, (Ranked(found, sure), rest), lang)


def test_messages_are_read_with_their_kind_and_hand_and_written_back(tmp_path: Path) -> None:
    file = tmp_path / "some.yml"
    examples = [
        Example('bjr: c\'est "quand" ?', "greet", "fr", "sms", 3),
        Example("واش راكم", "greet", "dz-ar", "dz-ar", 0),
        Example("# pas un commentaire", OUT_OF_SCOPE, "fr", "fr", 4),
    ]
    file.write_text(as_yaml(examples), encoding="utf-8")
    assert read(str(file)) == read(str(tmp_path)) == examples


def test_held_out_messages_are_of_all_six_kinds() -> None:
    held_out = read(str(Path(__file__).parents[1] / "heldout"))
    assert set(KINDS) == {e.kind for e in held_out}


def test_some_are_drawn_in_order_and_always_the_same() -> None:
    examples = [Example(str(i), "greet", "fr", "fr", 0) for i in range(50)]
    drawn = some(examples, 10)
    assert drawn == some(examples, 10) == sorted(drawn, key=lambda e: int(e.text))
    assert len(drawn) == 10
    assert some(examples, None) == some(examples, 99) == examples


def test_a_hand_is_in_one_fold_and_shared_messages_are_in_all() -> None:
    examples = [
        Example(f"{hand} {i}", "greet", "fr", kind, hand)
        for hand in range(8)
        for i, kind in enumerate(("fr", "ar") * 20)
    ]
    parts = folds(examples, 5)
    assert sorted(i for part in parts for i in part) == list(range(len(examples)))
    where = {
        h: {f for f, p in enumerate(parts) for i in p if examples[i].hand == h} for h in range(8)
    }
    assert {hand: len(found) for hand, found in where.items()} == {
        0: 5,
        **dict.fromkeys(range(1, 8), 1),
    }
    assert parts == folds(examples, 5)


def test_folds_keep_apart_as_much_of_each_kind() -> None:
    examples = [
        Example("x", "greet", kind, kind, hand)
        for hand, kind in enumerate(("fr", "fr", "ar", "ar"), 1)
        for _ in range(10)
    ]
    held = [Counter(examples[i].kind for i in part) for part in folds(examples, 2)]
    assert held == [{"fr": 10, "ar": 10}] * 2


def test_accuracy_counts_what_is_on_topic_only() -> None:
    judged = [
        made("greet", "greet"),
        made("greet", "thank", kind="sms"),
        made("greet", OUT_OF_SCOPE),
        made(OUT_OF_SCOPE, OUT_OF_SCOPE),
        made(OUT_OF_SCOPE, "greet"),
    ]
    found = measures.figures(judged)
    assert found.accuracy == Share(1, 3)
    assert found.kinds["fr"] == Share(1, 2)
    assert found.kinds["sms"] == Share(0, 1)
    assert found.in_three == Share(2, 3)
    assert found.foreign_refused == Share(1, 2)
    assert found.real_refused == Share(1, 3)
    assert found.language == Share(5, 5)


def test_language_is_judged_where_one_was_found() -> None:
    right = made("greet", "greet", kind="ar")
    judged = [right, right._replace(language=""), right._replace(language="dz-ar")]
    assert measures.language(judged) == Share(1, 2)


def test_an_interval_holds_its_share_and_narrows_with_more_messages() -> None:
    few, many = Share(8, 10).interval(), Share(8000, 10_000).interval()
    assert few[0] < 0.8 < few[1]
    assert many[0] < 0.8 < many[1]
    assert many[1] - many[0] < 0.02 < few[1] - few[0]
    assert Share(0, 0).interval() == (0.0, 1.0)
    assert Share(3, 3).interval() == (1.0, 1.0)


def test_intents_have_precision_recall_and_f1_the_weakest_first() -> None:
    judged = [made("greet", "greet")] * 3 + [made("thank", "greet"), made("thank", "thank")]
    thank, greet = measures.by_intent(judged)
    assert thank == ("thank", 2, 1.0, 0.5, pytest.approx(2 / 3))
    assert greet == ("greet", 3, 0.75, 1.0, pytest.approx(6 / 7))


def test_confusion_has_what_is_in_rows_and_what_was_found_in_columns() -> None:
    nothing = Judged("", "greet", "fr", "fr", ())
    names, counts = measures.confusion([made("greet", "thank"), made("thank", "thank"), nothing])
    assert names == ["greet", "thank"]
    assert counts.tolist() == [[0, 1], [0, 1]]


def test_calibration_compares_confidence_with_being_right() -> None:
    judged = [
        made("greet", "greet", 1.0),
        made("greet", "greet", 0.95),
        made("greet", "thank", 0.2),
    ]
    low, high = measures.calibration(judged)
    assert (low.messages, low.confidence, low.right) == (1, pytest.approx(0.2), 0.0)
    assert (high.messages, high.right) == (2, 1.0)
    assert measures.calibration_error([low, high]) == pytest.approx((0.2 + 0.05) / 3)
    assert measures.calibration_error([]) == 0.0


def test_the_worst_mistakes_are_the_surest() -> None:
    judged = [made("a", "b", 0.3), made("a", "b", 0.9), made("a", "a", 1.0), made("a", "b", 0.5)]
    assert [j.confidence for j in measures.worst(judged, 2)] == [0.9, 0.5]


def test_outcomes_follow_the_thresholds() -> None:
    priced = Priced(
        [
            made("greet", "greet", 0.8),
            made("greet", "thank", 0.4),
            made("greet", "greet", 0.1),
            made(OUT_OF_SCOPE, OUT_OF_SCOPE, 0.9),
            made(OUT_OF_SCOPE, "greet", 0.8),
        ]
    )
    at = Thresholds(answer=0.6, ask=0.3, refuse=0.5, close=0.0)
    refused, answered, asked = priced.done(at)
    assert np.flatnonzero(refused).tolist() == [3]
    assert np.flatnonzero(answered).tolist() == [0, 4]
    assert np.flatnonzero(asked).tolist() == [1]
    paid = COSTS.asked_without + COSTS.real_missed + COSTS.foreign_answered
    assert priced.cost(at) == pytest.approx(paid / 5)
    done = priced.outcomes(at)
    assert (done.answered_right, done.asked, done.missed) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert (done.foreign_answered, done.foreign_asked) == (0.5, 0.0)


def test_two_intents_that_are_close_are_asked_back() -> None:
    ranking = (Ranked("greet", 0.7), Ranked("thank", 0.65))
    priced = Priced([Judged("x", "thank", "fr", "fr", ranking)])
    _, answered, asked = priced.done(Thresholds(0.6, 0.3, 0.5, close=0.12))
    assert (answered.any(), asked.all()) == (False, True)
    assert priced.cost(Thresholds(0.6, 0.3, 0.5)) == COSTS.asked_with


def test_the_cheapest_thresholds_part_right_from_wrong() -> None:
    judged = [made("greet", "greet", 0.82)] * 9 + [made("greet", "thank", 0.52)] * 9
    judged += [made(OUT_OF_SCOPE, OUT_OF_SCOPE, 0.7)] * 3 + [made("greet", OUT_OF_SCOPE, 0.4)]
    priced = Priced(judged)
    chosen = priced.cheapest(close=0.0)
    assert 0.52 < chosen.answer <= 0.82
    assert 0.4 < chosen.refuse <= 0.7
    assert all(priced.cost(chosen) <= cost + 1e-9 for _, cost in priced.curves(chosen)["answer"])


def test_a_model_that_is_missing_or_is_none_is_said_to_be_unreadable(tmp_path: Path) -> None:
    example = Example("salam", "greet", "dz-latn", "dz-latn", 0)
    with pytest.raises(UnreadableModelError, match="no file"):
        by_model(tmp_path / "none.tar.gz", [example])
    (tmp_path / "odd.tar.gz").write_bytes(b"no archive")
    with pytest.raises(UnreadableModelError):
        by_model(tmp_path / "odd.tar.gz", [example])

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from nlu.components.classifier import ALIKE, OUT_OF_SCOPE
from nlu.components.features import Features
from nlu.components.importer import read_messages
from nlu.components.intent import read_ideas, said_by
from nlu.components.language import KINDS, carried, kind_of
from nlu.components.normalise import normalise, skeleton
from nlu.components.pieces import Reader
from nlu.evaluation import several
from nlu.evaluation.examples import hand_of
from nlu.tests.acceptance import ACCEPTANCE

ROOT = Path(__file__).parents[2]
INTENTS = frozenset(
    {
        *("greet", "goodbye", "thank", "affirm", "deny", "bot_challenge", "ask_help"),
        *("change_language", "ask_caravan_info", "ask_next_stop", "ask_stop_in_wilaya"),
        *("ask_tour_schedule", "ask_stop_place_time", "ask_eligibility", "check_my_eligibility"),
        *("ask_age", "ask_employment_status", "ask_diploma", "ask_previous_beneficiary"),
        *("ask_financing", "ask_personal_contribution", "ask_loan_interest", "ask_taxes"),
        *("ask_trades", "ask_algerie_telecom_contract", "ask_how_to_apply", "ask_documents"),
        *("ask_delays", "ask_agency", "ask_training", "preregister", "registration_status"),
        *("edit_registration", "delete_my_data", "subscribe_reminder", "talk_to_human"),
        *("complaint", "out_of_scope"),
    }
)
SHARES = {"fr": 20, "sms": 10, "ar": 20, "dz-ar": 25, "dz-latn": 15, "mix": 10}
"""What part of the messages each kind should have, in hundredths: about as people write."""


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists are named from the repository's root, where training runs."""
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="module")
def held_out() -> list[str]:
    """The messages the model is judged on."""
    alone = [m.get(TEXT) for m in read_messages(ROOT / "nlu/heldout/messages.yml")]
    return [*alone, *(m.text for m in several.read(ROOT / "nlu/heldout_several.yml"))]


def test_every_intent_of_the_contract_has_enough_examples(examples: list[Message]) -> None:
    counts = Counter(e.get(INTENT) for e in examples)
    assert set(counts) == INTENTS
    assert {intent: n for intent, n in counts.items() if n < 400} == {}
    assert counts[OUT_OF_SCOPE] >= 3000


def test_every_example_says_its_kind_of_language(examples: list[Message]) -> None:
    assert [e.get(TEXT) for e in examples if kind_of(e) not in KINDS] == []


def test_every_intent_is_said_in_every_kind_and_by_many_hands(examples: list[Message]) -> None:
    said: dict[str, set[str]] = defaultdict(set)
    hands: dict[str, set[int]] = defaultdict(set)
    for example in examples:
        said[example.get(INTENT)].add(six(example))
        hands[example.get(INTENT)].add(hand_of(example))
    assert {i: kinds for i, kinds in said.items() if kinds != set(SHARES)} == {}
    assert {i: len(who) for i, who in hands.items() if len(who) < 8} == {}


def test_each_kind_has_about_its_share(examples: list[Message]) -> None:
    counts = Counter(six(e) for e in examples)
    shares = {kind: 100 * n / len(examples) for kind, n in counts.items()}
    assert {k: s for k, s in shares.items() if abs(s - SHARES[k]) > 7} == {}


def test_no_two_examples_are_alike(examples: list[Message]) -> None:
    counts = Counter(normalise(e.get(TEXT)) or e.get(TEXT) for e in examples)
    assert [text for text, n in counts.items() if n > 1] == []


def test_nothing_held_out_is_learned(examples: list[Message], held_out: list[str]) -> None:
    learned = {normalise(e.get(TEXT)) for e in examples}
    assert len(held_out) >= 1000
    assert [text for text in held_out if normalise(text) in learned] == []


def test_no_example_is_close_to_an_acceptance_phrase(examples: list[Message]) -> None:
    texts = {normalise(e.get(TEXT)): skeleton(e.get(TEXT)) for e in examples}
    close = []
    for phrase, _ in ACCEPTANCE:
        wanted, bones = normalise(phrase), skeleton(phrase)
        matcher = difflib.SequenceMatcher(b=wanted)
        for text, other in texts.items():
            matcher.set_seq1(text)
            if bones == other or (matcher.real_quick_ratio() > 0.88 and matcher.ratio() > 0.88):
                close.append((phrase, text))
    assert close == []


def test_hardly_any_example_says_what_another_intent_says(examples: list[Message]) -> None:
    """An example that is nearest to one of another intent is at a border, or has a wrong label."""
    longer = [e for e in examples if len(e.get(TEXT).split()) >= 4]
    labels = np.array([e.get(INTENT) for e in longer])
    features = Features(
        Reader(read_ideas(str(ROOT / "nlu/lexicon/ideas.yml"))), dict.fromkeys(ALIKE, 1.0)
    )
    rows, _ = features.learn(said_by([e.get(TEXT) for e in longer]))
    same = 0.95 * sum(weight**2 for weight in features.weights.values())
    alike = []
    for start in range(0, len(longer), 1000):
        near = (rows[start : start + 1000] @ rows.T).tocsr()
        for i in range(near.shape[0]):
            who = near.indices[near.indptr[i] : near.indptr[i + 1]]
            how = near.data[near.indptr[i] : near.indptr[i + 1]]
            others = who[(how > same) & (labels[who] != labels[start + i])]
            if len(others):
                alike.append((longer[start + i].get(TEXT), longer[others[0]].get(TEXT)))
    assert len(alike) <= len(longer) / 500, alike[:20]


@pytest.mark.parametrize(
    ("sign", "allowed"),
    [
        ("AADL|aadl", {OUT_OF_SCOPE}),
        ("عدل 3", {OUT_OF_SCOPE}),
        ("visa", {OUT_OF_SCOPE}),
        ("riba", {"ask_loan_interest", OUT_OF_SCOPE}),
        ("TVA", {"ask_taxes", OUT_OF_SCOPE, "ask_documents", "ask_financing"}),
    ],
)
def test_the_rules_for_labels_hold(examples: list[Message], sign: str, allowed: set[str]) -> None:
    odd = [
        (e.get(INTENT), e.get(TEXT))
        for e in examples
        if re.search(rf"\b(?:{sign})\b", e.get(TEXT)) and e.get(INTENT) not in allowed
    ]
    assert len(odd) <= 3, odd


def test_a_question_about_a_place_names_one_that_the_gazetteer_knows(
    examples: list[Message],
) -> None:
    asked = [e.get(TEXT) for e in examples if e.get(INTENT) == "ask_stop_in_wilaya"]
    unknown = [said.text for said in said_by(asked) if not {"wilaya"} & said.named]
    assert len(unknown) <= len(asked) * 0.08, unknown[:40]


def test_our_reader_reads_what_rasa_reads() -> None:
    for name in ("staff", "money"):
        path = ROOT / f"nlu/data/{name}.yml"
        theirs = load_data(str(path)).intent_examples
        assert [m.data for m in read_messages(path)] == [m.data for m in theirs]


def six(example: Message) -> str:
    """The kind of a message, texted French apart."""
    return "sms" if carried(example, "style") == "sms" else kind_of(example)

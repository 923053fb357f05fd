from __future__ import annotations

import difflib
from collections import Counter, defaultdict

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.classifier import OUT_OF_SCOPE
from nlu.components.language import KINDS, kind_of
from nlu.components.normalise import normalise, skeleton
from nlu.tests.acceptance import ACCEPTANCE

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


def test_every_intent_of_the_contract_has_enough_examples(examples: list[Message]) -> None:
    counts = Counter(e.get(INTENT) for e in examples)
    assert set(counts) == INTENTS
    assert {intent: n for intent, n in counts.items() if n < 60} == {}
    assert counts[OUT_OF_SCOPE] >= 300


def test_every_example_says_its_kind_of_language(examples: list[Message]) -> None:
    assert [e.get(TEXT) for e in examples if kind_of(e) not in KINDS] == []


def test_every_intent_is_said_in_all_five_kinds(examples: list[Message]) -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        said[example.get(INTENT)].add(kind_of(example))
    assert {i: kinds for i, kinds in said.items() if kinds != set(KINDS)} == {}


def test_no_two_examples_are_alike(examples: list[Message]) -> None:
    counts = Counter(normalise(e.get(TEXT)) or e.get(TEXT) for e in examples)
    assert [text for text, n in counts.items() if n > 1] == []


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

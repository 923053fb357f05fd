from __future__ import annotations

import pytest

from nlu.components.questions import questions
from nlu.tests.acceptance import Parse


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        (
            "c'est quoi les papiers du dossier et combien de temps pour avoir la réponse",
            ["ask_documents", "ask_delays"],
        ),
        (
            "وقتاش تجي القافلة لباتنة وشحال لازم نحط من جيبي",
            ["ask_stop_in_wilaya", "ask_personal_contribution"],
        ),
        (
            "kifach nsajel w chhal tdoum formation",
            ["ask_how_to_apply", "ask_training"],
        ),
        (
            "هل القرض بدون فوائد؟ وكم مدة التكوين؟",
            ["ask_loan_interest", "ask_training"],
        ),
        ("J'ai 25 ans, chômeur et j'ai un CAP, je peux en profiter ?", []),
        ("Bonjour, quels papiers et quelles copies faut-il ? Merci", []),
        ("salam, win tehabsou f Blida w f 3 sa3a ?", []),
        ("merci et bonne journée", []),
    ],
)
def test_several_questions_are_heard_and_one_stays_one(
    parse: Parse, text: str, intents: list[str]
) -> None:
    parts = parse(text)["questions"]
    found = [part["intent"] for part in parts] if len(parts) > 1 else []
    assert found == intents


def test_the_parts_are_the_message_in_its_order(parse: Parse) -> None:
    text = "quels papiers pour le dossier ? et la caravane passe quand à Sétif"
    parts = parse(text)["questions"]
    assert "".join(text[part["start"] : part["end"]] for part in parts) == text


def test_a_part_that_is_not_sure_leaves_the_message_whole() -> None:
    def ask(start: int, end: int) -> tuple[str, float]:
        return ("ask_age", 0.9) if (start, end) != (8, 15) else ("ask_taxes", 0.4)

    text = "one two et three"
    assert [part.intent for part in questions(text, ask, ["ask_age", "ask_taxes"])] == ["ask_age"]


def test_a_second_question_that_the_whole_does_not_show_is_not_one() -> None:
    def ask(start: int, _end: int) -> tuple[str, float]:
        return ("ask_age", 0.9) if start == 0 else ("ask_taxes", 0.9)

    text = "one two et three"
    assert len(questions(text, ask, ["ask_age"])) == 1
    assert len(questions(text, ask, ["ask_age", "ask_taxes"])) == 2

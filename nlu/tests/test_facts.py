"""What people say of themselves, in every way of writing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlu.components.lexicon import Lexicon

PATH = Path(__file__).parent.parent / "lexicon" / "facts.yml"
FACTS = Lexicon("fact", yaml.safe_load(PATH.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("j'ai 37 ans et un CAP, je suis au chômage", ["qualified", "jobless"]),
        ("j'ai 37 ans et 2 ans d'expérience en soudure, j'ai le droit ?", ["qualified"]),
        ("عندي 22 سنة وماعنديش ديبلوم نقدر نستافد؟", ["unqualified"]),
        ("أنا بطال ومسجل في لانام", ["jobless", "anem"]),
        ("rani batal w ma3andich diplome", ["jobless", "unqualified"]),
        ("manich msajel f lanem", ["not_anem"]),
        ("je suis étudiante en master", ["student", "qualified"]),
        ("راني نقرا في الجامعة", ["student"]),
        ("je suis fonctionnaire", ["employed"]),
        ("rani khedam f chantier", ["employed"]),
        ("j'ai déjà bénéficié d'un crédit", ["aided"]),
        ("je n'ai jamais bénéficié de rien", ["never_aided"]),
        ("sans diplôme ni rien", ["unqualified"]),
        ("chômeur sans carte anem", ["jobless", "not_anem"]),
        ("عاطل عن العمل منذ سنتين", ["jobless"]),
        ("je suis plus étudiant", ["not_student"]),
        ("لا ما نقراش", ["not_student"]),
        ("j'ai plus de travail", ["jobless"]),
        ("لا عمري ما ديت", ["never_aided"]),
        ("أنا لا أعمل حاليا", ["jobless"]),
        ("ما عندي خدمة", ["jobless"]),
        ("ما عندي حتى خدمة", ["jobless"]),
        ("ما نيش خدام", ["jobless"]),
        ("ماخدامش", ["jobless"]),
        ("نسكن عند بابا وما نخدمش", ["jobless"]),
        ("قريت ولا أعمل", ["jobless"]),
        ("jtravaille pas", ["jobless"]),
        ("je travaille plus", ["jobless"]),
        ("ss emploi", ["jobless"]),
        ("san travail", ["jobless"]),
        ("je cherche du travail", ["jobless"]),
        ("manich khedam", ["jobless"]),
        ("je ne suis pas employé", ["jobless"]),
        ("je ne suis pas fonctionnaire", []),
        ("نعرف نخدم الحديد", []),
        ("n7eb nekhdem", []),
        ("j'ai pas d'expérience", []),
        ("خويا ما عندوش diplôme", ["unqualified"]),
        ("je ne suis pas étudiant", ["not_student"]),
        ("مسجل بالوكالة", ["anem"]),
        ("راني مسجل فلانام", ["anem"]),
        ("لانام عندي الكارطة", ["anem"]),
        ("j'ai ma carte ANEM", ["anem"]),
        ("مانيش مسجل فلانام", ["not_anem"]),
        ("c'est quand à Sétif ?", []),
        ("وقتاش تجي القافلة", []),
        ("bonjour", []),
    ],
)
def test_facts_are_found_and_denials_are_not_taken_for_them(text: str, facts: list[str]) -> None:
    assert [found.value for found in FACTS.find(text)] == facts

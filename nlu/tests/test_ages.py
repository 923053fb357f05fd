from __future__ import annotations

import pytest

from nlu.components.ages import find_ages


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("25 ans", 25),
        ("25ans", 25),
        ("j'ai 25 ans", 25),
        ("J’ai trente-deux ans et un CAP", 32),
        ("vingt-cinq ans", 25),
        ("vingt-cinq", 25),
        ("خمسة وعشرين", 25),
        ("khamsa w 3achrin", 25),
        ("vingt et un ans", 21),
        ("soixante-dix-sept ans", 77),
        ("quatre-vingt-dix-neuf ans", 99),
        ("dix-sept ans", 17),
        ("g 25", 25),
        ("g25 ans", 25),
        ("jé 38 ans c bn ??", 38),
        ("moi 35ans et 8 mois c accepté ou nn", 35),
        ("mn cousin a 46 an", 46),
        ("Âgé de 45 ans, maçon", 45),
        ("âge : 29", 29),
        ("femme de 39 ans", 39),
        ("mn frer 38 ans electricien", 38),
        ("ça passe ? 22 ans, chômeur", 22),
        ("g 42 piges", 42),
        ("عمري ٢٥", 25),
        ("عمري 25 سنة", 25),
        ("وعمري ۳۱", 31),
        ("خمسة وعشرين سنة", 25),
        ("عمري خمسة وعشرين", 25),
        ("عمري خمسة و عشرين عام", 25),
        ("عمري تسعة وتسعون سنة", 99),
        ("عمري تسعطاش", 19),
        ("عندي ثلاثين سنة", 30),
        ("أبلغ من العمر ستة عشر عاما", 16),
        ("أبلغ 38 عاما", 38),
        ("سني 43", 43),
        ("في عمري 20", 20),
        ("عندي 22 سنة وليس لدي ديبلوم", 22),
        ("خويا عندو 35 ans", 35),
        ("عندي CAP و28 سنة", 28),
        ("3andi 27 sna", 27),
        ("fi 3omri 24", 24),
        ("3omri 19 w ma derch service", 19),
        ("sni 50 hih", 50),
        ("3mri 44 w ma3andich", 44),
        ("khamsa w 3achrin 3am", 25),
        ("3omri tlatin", 30),
        ("3omri tse3tach", 19),
        ("khouya 3andou 36 3am", 36),
        ("babah 3andou 48, ynejem", 48),
        ("rani f 34 sna", 34),
        ("ibni 3omrou 5", 5),
        ("عمري 0", 0),
        ("عمري 120", 120),
    ],
)
def test_an_age(text: str, age: int) -> None:
    assert [found.value for found in find_ages(text)] == [age]


@pytest.mark.parametrize(
    "text",
    [
        "5 ans d'expérience",
        "15 ans d'expérience",
        "j'ai 15 ans d'expérience",
        "j'ai cinq ans d'expérience",
        "depuis 3 ans",
        "depuis 20 ans",
        "3 jours",
        "30 jours",
        "prêt sur 8 ans",
        "un crédit sur 15 ans",
        "il y a 2 ans",
        "il y a vingt ans",
        "خبرة 5 سنين",
        "خبرة عشرين سنة",
        "عندي خبرة عشر سنوات",
        "منذ 15 سنة",
        "خلال 20 سنة",
        "من 20 سنة",
        "اشتغل ثلاثين سنة",
        "moins de 35 ans",
        "plus de 40 ans",
        "les plus de quarante ans",
        "jusqu'à 35 ans",
        "entre 19 et 35 ans",
        "de 19 à 35 ans",
        "max 35 ans",
        "فوق 35 سنة",
        "أقل من 35 سنة",
        "بين 19 و 35 سنة",
        "حتى 40 سنة",
        "ktar men 40 sna",
        "hetta 45 sah?",
        "3 ans",
        "عامين",
        "25",
        "50 millions",
        "j'ai 50 millions",
        "عندي 25 مليون",
        "3andi 30 melyoun",
        "j'ai 25 employés",
        "35 %",
        "12/25",
        "58 wilayas",
        "1990",
        "عمري 250",
        "13,42 au bac",
        "congé de 98 jours",
        "g 2 enfants",
        "",
        "عمري",
        "25 000 DA",
        "exonération de 6 ans",
        "contrat de 15 ans",
    ],
)
def test_no_age(text: str) -> None:
    assert find_ages(text) == []


def test_two_people() -> None:
    assert [f.value for f in find_ages("mon mari 43 ans et moi 38 ans")] == [43, 38]


def test_offsets_are_those_of_the_message() -> None:
    for text, words in [("أنا عمري ٢٥ سنة.", "٢٥ سنة"), ("J’ai vingt-cinq ans!", "vingt-cinq ans")]:
        (found,) = find_ages(text)
        assert text[found.start : found.end] == words

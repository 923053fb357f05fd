"""What the questions of the pre-registration read in people's answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from actions.geography import load_geography
from bot.flows.registration import births, names, situations
from bot.flows.registration.places import Places
from bot.forms.fields import Given, Reading, Slots, Wrong
from nlu.client import Understanding

TODAY = dt.date(2015, 10, 5)
NOTHING_HEARD = Understanding(())
PLACES = Places(load_geography(Path(__file__).parent.parent / "actions" / "programme"))
Understand = Callable[[str], Understanding]


def given(text: str, heard: Understanding = NOTHING_HEARD, slots: Slots | None = None) -> Given:
    return Given(text, heard, TODAY, slots or {})


def why(reading: Reading) -> str:
    """Return what is said of an answer that can't be taken."""
    assert isinstance(reading, Wrong), reading
    return reading.why.msgid


@pytest.mark.parametrize(
    "text",
    [
        "électricien 5 ans d'expérience",
        "15 ans d'expérience",
        "15 ans dans le bâtiment",
        "il y a 16 ans",
        "il y a 6 ans",
        "depuis 13 ans",
        "خبرة 15 سنوات",
        "خبرة 5 سنوات",
        "منذ 13 سنة",
        "منذ 3 سنوات",
        "5 ans f la soudure",
        "15 ans f la soudure",
        "15 سنة خبرة",
        "mon frère a 20 ans",
        "خويا عمره 20 سنة",
        "ma femme est née le 14/05/1991",
        "né en 91",
        "ولدت عام 90",
        "zedt f 95",
        "مولود في 1992",
        "عندي 5 سنوات",
    ],
)
def test_years_of_something_else_are_no_age(text: str, understand: Understand) -> None:
    assert births.find(given(text, understand(text))) is None


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("j'ai 24 ans et 5 ans d'expérience", 24),
        ("électricien depuis 5 ans, 24 ans", 24),
        ("عمري 24 سنة، خبرة 5 سنوات", 24),
        ("mon frère a 20 ans, moi j'ai 24 ans", 24),
        ("24 ans f Blida", 24),
        ("je suis né le 14/05/1991 à Sétif", "1991-05-14"),
    ],
)
def test_an_age_is_found_beside_other_years(
    text: str, born: int | str, understand: Understand
) -> None:
    assert births.find(given(text, understand(text))) == {"born": born}


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("1 er juin 1993", "1993-06-01"),
        ("1er juin 1993", "1993-06-01"),
        ("le premier juin 1993", "1993-06-01"),
        ("الأول من جوان 1993", "1993-06-01"),
        ("14 mai91", "1991-05-14"),
        ("12juin1992", "1992-06-12"),
        ("140591", "1991-05-14"),
        ("14051991", "1991-05-14"),
        ("١٤/٠٥/١٩٩١", "1991-05-14"),
        ("24", 24),
        ("24 ans", 24),
        ("عندي 24 عام", 24),
    ],
)
def test_dates_and_ages_as_typed(text: str, born: int | str) -> None:
    assert births.read(given(text)) == {"born": born}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("né en 91", "the day and the month"),
        ("ولدت عام 90", "the day and the month"),
        ("zedt f 95", "the day and the month"),
        ("مولود في 1992", "the day and the month"),
        ("1992", "the day and the month"),
        ("14/5", "the year"),
        ("14 mai", "the year"),
        ("14 ماي", "the year"),
        ("présumé 1990", "your age instead"),
        ("مولود خلال 1990", "your age instead"),
        ("31/02/1991", "does not exist"),
        ("demain", "yet to come"),
    ],
)
def test_part_of_a_date_is_asked_whole(text: str, said: str, understand: Understand) -> None:
    assert said in why(births.read(given(text, understand(text))))


@pytest.mark.parametrize("text", ["0", "je sais pas", "aujourd'hui"])
def test_no_birth_at_all(text: str, understand: Understand) -> None:
    assert births.read(given(text, understand(text))) is None


def test_a_day_that_only_rasa_reads(understand: Understand) -> None:
    text = "kanun 1990, 3 دجنبر 1991"
    assert births.read(given(text, understand(text))) == {"born": "1991-12-03"}


@pytest.mark.parametrize(
    ("text", "given_name", "family_name"),
    [
        ("ياسمين بوعلام", "ياسمين", "بوعلام"),
        ("Jasmina Smitia", "Jasmina", "Smitia"),
        ("Amina Benali", "Amina", "Benali"),
        ("amina benali", "Amina", "Benali"),
        ("AMINA BENALI", "Amina", "Benali"),
        ("Amina Nour Benali", "Amina Nour", "Benali"),
        ("محمد بن عبد الله", "محمد", "بن عبد الله"),
        ("محمد عبد الله", "محمد", "عبد الله"),
        ("Karim Ben Ahmed", "Karim", "Ben Ahmed"),
        ("Lyes Aït Ahmed", "Lyes", "Aït Ahmed"),
        ("Mohamed El Amine Bouzid", "Mohamed El Amine", "Bouzid"),
        ("Mohamed Abd El Kader Bouzid", "Mohamed Abd El Kader", "Bouzid"),
        ("Abd El Kader Ben Ahmed", "Abd El Kader", "Ben Ahmed"),
        ("فاطمة الزهراء بن علي", "فاطمة الزهراء", "بن علي"),
        ("BENALI Sofiane", "Sofiane", "Benali"),
        ("Sofiane Amine BENALI", "Sofiane Amine", "Benali"),
        ("Aït Ouarab Massinissa", "Massinissa", "Aït Ouarab"),
        ("بن يوسف عبد القادر", "عبد القادر", "بن يوسف"),
        ("آيت أحمد لياس", "لياس", "آيت أحمد"),
        ("Ben Ahmed Karim", "Karim", "Ben Ahmed"),
        ("Ben Abd El Kader Karim", "Karim", "Ben Abd El Kader"),
        ("nom: Benali prenom: Sofiane", "Sofiane", "Benali"),
        ("Prénom : Sofiane, Nom : Ben Ali", "Sofiane", "Ben Ali"),
        ("الاسم: أمينة اللقب: بن علي", "أمينة", "بن علي"),
        ("الاسم واللقب: أمينة بن علي", "أمينة", "بن علي"),
        ("nom et prénom: Sofiane Benali", "Sofiane", "Benali"),
        ("اسمي هو كريم بوزيد", "كريم", "بوزيد"),
        ("أنا كريم بوزيد", "كريم", "بوزيد"),
        ("ana karim bouzid", "Karim", "Bouzid"),
        ("M. Karim Bouzid", "Karim", "Bouzid"),
        ("bonjour, moi Mme Amina Benali", "Amina", "Benali"),
        ("سلام كريم بوزيد", "كريم", "بوزيد"),
        ("je m'appelle amina benali et j'ai 24 ans", "Amina", "Benali"),
        ("amina d'oran", "Amina", "D'Oran"),
    ],
)
def test_whole_names(text: str, given_name: str, family_name: str) -> None:
    wanted = {"given_name": given_name, "family_name": family_name}
    assert names.read(given(text)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("Amina", "عبد الرحمن", "سيف الدين", "فاطمة الزهراء", "نور الهدى"),
        *("Mohamed El Amine", "Abd El Kader", "Nour El Houda", "Ben Abdellah"),
    ],
)
def test_a_given_name_alone(text: str) -> None:
    assert names.read(given(text)) == {"given_name": text}


@pytest.mark.parametrize(
    "text",
    [
        *("oui", "non", "نعم", "لا", "je sais pas", "ما نعرفش", "pourquoi", "c'est quoi", "علاش"),
        *(
            "واش",
            "كيفاش",
            "j'ai pas compris",
            "wach",
            "3lach",
            "bonjour",
            "pourquoi mon nom",
            "non merci",
        ),
        "le guichet ouvre demain matin normalement",
    ],
)
def test_no_name_at_all(text: str) -> None:
    assert names.read(given(text)) is None
    assert names.read_family(given(text)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [("benali", "Benali"), ("BEN ALI", "Ben Ali"), ("nom: Benali", "Benali"), ("بن علي", "بن علي")],
)
def test_family_names(text: str, name: str) -> None:
    assert names.read_family(given(text)) == {"family_name": name}


def test_a_name_that_is_too_long_is_told_so() -> None:
    assert "too long" in why(names.read(given("Amina " * 12)))


@pytest.mark.parametrize("text", ["İ" * 58 + " a", "i̇" * 31, "ŉ" * 40, "a" * 61])
def test_no_name_is_longer_than_its_column(text: str) -> None:
    reading = names.read(given(text))
    assert isinstance(reading, Wrong) or all(
        len(str(name)) <= names.LONGEST for name in (reading or {}).values()
    )


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("jtravaille pas", situations.JOBLESS),
        ("je travaille pas", situations.JOBLESS),
        ("je ne travaille pas", situations.JOBLESS),
        ("ما نخدمش", situations.JOBLESS),
        ("ماخدامش", situations.JOBLESS),
        ("manekhdemch", situations.JOBLESS),
        ("je cherche du travail", situations.JOBLESS),
        ("ما عندي خدمة", situations.JOBLESS),
        ("ماعنديش خدمة", situations.JOBLESS),
        ("لا أعمل", situations.JOBLESS),
        ("je ne travaille pas, inscrit à l'anem", "jobless_anem"),
        ("je travaille", "employed"),
        ("نخدم", "employed"),
        ("journalier", "employed"),
        ("commerçant", "employed"),
        ("عقود ما قبل التشغيل", "employed"),
        ("contrat pré-emploi", "employed"),
        ("étudiante", "student"),
        ("je ne suis pas étudiant, je travaille", "employed"),
        ("femme au foyer", "other"),
        ("ماكثة بالبيت", "other"),
        ("ربة بيت", "other"),
    ],
)
def test_situations(text: str, situation: str, understand: Understand) -> None:
    reading = situations.read_situation(given(text, understand(text)))
    assert reading == {"situation": situation}


def test_not_a_student_is_no_situation(understand: Understand) -> None:
    text = "je ne suis pas étudiant"
    assert situations.read_situation(given(text, understand(text))) is None


@pytest.mark.parametrize(
    ("text", "level", "trade"),
    [
        ("rien", "none", None),
        ("pa de diplome", "none", None),
        ("pas de diplôme", "none", None),
        ("ما قريتش", "none", None),
        ("ماعنديش شهادة", "none", None),
        ("niveau terminale", "none", None),
        ("bac", "none", None),
        ("ni diplôme ni expérience, rien", "none", None),
        ("aucune expérience", "none", None),
        ("15 ans d'expérience", "know_how", None),
        ("ماعنديش ديبلوم بصح عندي صنعة", "know_how", None),
        ("pas de diplôme mais je sais souder", "know_how", None),
        ("soudeur", "know_how", "soudeur"),
        ("Électricien", "know_how", "Électricien"),
        ("je suis maçon", "know_how", "maçon"),
        ("plombier sans diplôme", "know_how", "plombier"),
        ("menuisier", "know_how", "menuisier"),
        ("لحام", "know_how", "لحام"),
        ("كهربائي", "know_how", "كهربائي"),
        ("CAP soudeur", "certificate", "soudeur"),
        ("diplôme de soudeur", "certificate", "soudeur"),
        ("technicien en froid", "certificate", "froid"),
        ("تقني", "certificate", None),
        ("bac et TS en électricité", "ts", "électricité"),
        ("تقني سامي في الكهرباء", "ts", "الكهرباء"),
        ("bac+3", "university", None),
        ("licence en droit", "university", "droit"),
    ],
)
def test_qualifications(text: str, level: str, trade: str | None) -> None:
    named = {"qualification_trade": trade} if trade else {}
    assert situations.read_qualification(given(text)) == {"qualification": level, **named}


@pytest.mark.parametrize("text", ["bac+2", "je sais pas", "oui"])
def test_no_qualification_at_all(text: str) -> None:
    assert situations.read_qualification(given(text)) is None


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("fibre\x00 optique\u202e", "fibre optique"),
        ("\u200fتركيب\nالألياف", "تركيب الألياف"),
        ("installation 4G", "installation 4G"),
        ("x" * 80 + "\u200b" * 9, "x" * 80),
    ],
)
def test_trades_in_own_words(text: str, kept: str) -> None:
    assert situations.read_qualification_trade(given(text)) == {"qualification_trade": kept}


@pytest.mark.parametrize(
    "text", ["oui", "لا", "je sais pas", "ما نعرفش", "c'est quoi", "7", "\u202e"]
)
def test_no_trade_at_all(text: str) -> None:
    assert situations.read_qualification_trade(given(text)) is None


def test_a_trade_is_said_in_a_few_words() -> None:
    assert "a little long" in why(situations.read_qualification_trade(given("très " * 20)))


@pytest.mark.parametrize(
    ("text", "wilaya", "commune"),
    [
        ("El Eulma, Sétif", "19", "El Eulma"),
        ("theniet el had, tissemsilt", "38", "Theniet El Had"),
        ("Ouled Machin, Sétif", "19", "Ouled Machin"),
        ("ouled machin setif", "19", "Ouled Machin"),
        ("j'habite à Ouled El Machin wilaya de Sétif", "19", "Ouled El Machin"),
        ("commune de Ouled Machin, Sétif", "19", "Ouled Machin"),
        ("أقيم ببلدية فرندة ولاية تيارت", "14", "Frenda"),
        ("بلدية أولاد فلان ولاية تيارت", "14", "أولاد فلان"),
        ("centre ville blida", "09", "Blida"),
        ("annaba ville", "23", "Annaba"),
        ("jabite a blida", "09", ""),
        ("près de blida", "09", ""),
        ("Blida", "09", ""),
        ("24", "24", ""),
        ("né à Oran mais j'habite Chlef", "02", ""),
        ("rue didouche mourad alger", "16", ""),
        ("حي النصر قسنطينة", "25", ""),
    ],
)
def test_places(text: str, wilaya: str, commune: str, understand: Understand) -> None:
    wanted = {"wilaya": wilaya, **({"commune": commune} if commune else {})}
    assert PLACES.read(given(text, understand(text))) == wanted


@pytest.mark.parametrize("text", ["24", "٢٤", "Amina"])
def test_a_bare_number_in_passing_is_no_wilaya(text: str, understand: Understand) -> None:
    assert PLACES.find(given(text, understand(text))) is None


@pytest.mark.parametrize(
    ("text", "wilaya", "commune"),
    [
        ("Annaba", "23", "Annaba"),
        ("tizi ouzou", "15", "Tizi Ouzou"),
        ("tizi ouzou ville", "15", "Tizi Ouzou"),
        ("بسكرة", "07", "Biskra"),
        ("centre ville", "09", "Blida"),
        ("وسط المدينة", "09", "Blida"),
        ("Frenda", "14", "Frenda"),
        ("commune de Frenda", "14", "Frenda"),
        ("theniet el had", "38", "Theniet El Had"),
        ("ouled machin", "19", "Ouled Machin"),
        ("ouled machin, sétif", "19", "Ouled Machin"),
    ],
)
def test_communes(text: str, wilaya: str, commune: str, understand: Understand) -> None:
    asked = given(text, understand(text), {"wilaya": wilaya})
    assert PLACES.read_commune(asked) == {"commune": commune}


@pytest.mark.parametrize(
    "text", ["oui", "non", "لا", "je sais pas", "ما نعرفش", "rue didouche mourad", "حي النصر"]
)
def test_no_commune_at_all(text: str, understand: Understand) -> None:
    assert PLACES.read_commune(given(text, understand(text), {"wilaya": "16"})) is None

from __future__ import annotations

import pytest

from nlu.components.amounts import find_amounts
from nlu.tests.test_entities import FINDER


@pytest.mark.parametrize(
    ("text", "dinars"),
    [
        ("10 millions de dinars c'est le plafond ?", [10_000_000]),
        ("5 000 000 DA maximum", [5_000_000]),
        ("mon apport est de 150000", [150_000]),
        ("apport 1 % soit 50 000 DA", [50_000]),
        ("600 millions de centimes", [6_000_000]),
        ("trente mille dinars", [30_000]),
        ("3000 DA le mois", [3000]),
        ("500 alf da", [500_000]),
        ("20.000da", [20_000]),
        ("100 000 DA ta3 angem", [100_000]),
        ("500 000 DA", [500_000]),
        ("10000da", [10_000]),
        ("ma facture est de 12 400 DA", [12_400]),
        ("1 milliard de centimes", [10_000_000]),
        ("5 millions de dinars", [5_000_000]),
        ("5 millions DA", [5_000_000]),
        ("je veux un crédit de 500000", [500_000]),
        ("un apport de 50 000", [50_000]),
        ("un prêt de 1 000 000", [1_000_000]),
        ("15 briques", [150_000]),
        ("dix mille dinars", [10_000]),
        ("cinq cent mille DA", [500_000]),
        ("deux mille cinq cents dinars", [2500]),
        ("khamsa mlayen da", [5_000_000]),
        ("9000 da", [9000]),
        ("apport 1 % de 5 millions DA", [5_000_000]),
        ("1 million de DA", [1_000_000]),
        ("10.000.000,00 DZD", [10_000_000]),
        ("le montant max est de 10 MDA", [10_000_000]),
        ("سقف القرض مليار سنتيم", [10_000_000]),
        ("10 ملايين دينار جزائري", [10_000_000]),
        ("ثلاثمائة مليون سنتيم", [3_000_000]),
        ("نصف مليار سنتيم", [5_000_000]),
        ("500 ألف دينار", [500_000]),
        ("٥٠٠٠٠ دج", [50_000]),
        ("خمسة ملايين دينار", [5_000_000]),
        ("600 مليون سنتيم", [6_000_000]),
        ("عشرة آلاف دينار", [10_000]),
        ("5 ملايين د.ج", [5_000_000]),
        ("20 000 دج للشهر", [20_000]),
    ],
)
def test_an_amount_that_nothing_makes_doubtful(text: str, dinars: list[int]) -> None:
    found = [one for one in FINDER.find(text) if one.name == "amount"]
    assert [one.value for one in found] == dinars
    assert [one.candidates for one in found] == [()] * len(dinars)


@pytest.mark.parametrize(
    ("text", "dinars"),
    [
        ("le projet coûte 800 millions", [8_000_000]),
        ("j'ai 3 millions de côté", [30_000]),
        ("ils donnent jusqu'à un milliard", [10_000_000]),
        ("deux milliards", [20_000_000]),
        ("deux cent cinquante millions", [2_500_000]),
        ("quatre-vingts millions", [800_000]),
        ("un milliard et demi", [15_000_000]),
        ("c 300 million ou 3 milliard", [3_000_000, 30_000_000]),
        ("50 melyoun tekfi?", [500_000]),
        ("myat melyoun", [1_000_000]),
        ("b miliar", [10_000_000]),
        ("tlata mlayer", [30_000_000]),
        ("kridi ta3 2 mlayen", [20_000]),
        ("chhal 1 milliard", [10_000_000]),
        ("une moto à 25 millions", [250_000]),
        ("1,5 milliard", [15_000_000]),
        ("500 millions", [5_000_000]),
        ("trois cents millions", [3_000_000]),
        ("dix millions", [100_000]),
        ("vingt-cinq millions", [250_000]),
        ("1 milliard 200 millions", [12_000_000]),
        ("2 millions et demi", [25_000]),
        ("un demi milliard", [5_000_000]),
        ("j'ai besoin de 300 millions pour le matériel", [3_000_000]),
        ("quinze millions", [150_000]),
        ("b 10 mlayen", [100_000]),
        ("1 melyar", [10_000_000]),
        ("mitin melyoun", [2_000_000]),
        ("khamsmiyat melyoun", [5_000_000]),
        ("zouj mlayen", [20_000]),
        ("500melyoun", [5_000_000]),
        ("5mlayen", [50_000]),
        ("30 melyoun w 500 alf", [305_000]),
        ("chhal 3andi 2 melyar", [20_000_000]),
        ("de 5 à 10 millions", [100_000]),
        ("مية مليون", [1_000_000]),
        ("مليار ونصف", [15_000_000]),
        ("بخمسين مليون برك", [500_000]),
        ("نحتاج 150 مليون", [1_500_000]),
        ("ستة ملاين للشهر", [60_000]),
        ("زوج ملاير", [20_000_000]),
        ("خمسة ملاين", [50_000]),
        ("100 مليون", [1_000_000]),
        ("نصف مليار", [5_000_000]),
        ("مليونين", [20_000]),
        ("مليون ونصف", [15_000]),
        ("بخمسمائة مليون", [5_000_000]),
        ("مليار وميتين مليون", [12_000_000]),
        ("عشرين مليون تكفي", [200_000]),
        ("نحط 5 ملاين", [50_000]),
    ],
)
def test_an_amount_in_centimes_as_people_speak(text: str, dinars: list[int]) -> None:
    """Without a unit both readings stand in the candidates, the spoken one first."""
    found = [one for one in FINDER.find(text) if one.name == "amount"]
    assert [one.value for one in found] == dinars
    assert [one.candidates for one in found] == [(str(d), str(100 * d)) for d in dinars]


@pytest.mark.parametrize(
    "text",
    [
        "combien de milliards",
        "mille excuses",
        "5 millions d'abonnés",
        "10 000 emplois",
        "3 millions de jeunes",
        "2 500 km",
        "1000 mercis",
        "en 2015",
        "0697112233",
        "119910123456780012",
        "15/06/1991",
        "35 %",
        "48 wilayas",
        "2000 logements",
        "25 ans",
        "2015",
        "wilaya 31",
        "1 %",
        "fibre 100 méga",
        "chhal men melyoun",
        "3la alf khir",
        "2 millions d'habitants",
        "48 000",
        "5 millions d'euros",
        "1000 euros",
        "500 $",
        "50000 personnes",
        "1541 communes",
        "100 km",
        "12 05 1990",
        "en deux mille quinze",
        "12,5 de moyenne",
        "merci mille fois",
        "كم مليون يعطيو",
        "مليون مرة شكرا",
        "شحال من مليون",
        "الف مبروك",
        "3 ملايين نسمة",
        "فالفين وسبعطاش",
        "ألفين وخمسة عشر",
    ],
)
def test_no_amount(text: str) -> None:
    assert [one for one in FINDER.find(text) if one.name == "amount"] == []


def test_offsets_are_those_of_the_message() -> None:
    for text, words in [
        ("شحال تخلص؟ بخمسمائة مليون!", "خمسمائة مليون"),
        ("un apport de 50 000 DA, merci", "50 000 DA"),
        ("b500 melyoun", "500 melyoun"),
        ("5mlayen", "5mlayen"),
    ]:
        (found,) = find_amounts(text)
        assert text[found.start : found.end] == words

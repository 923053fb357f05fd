from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlu.components.lexicon import Lexicon
from nlu.components.spelling import fold_name

LEXICON = Path(__file__).parents[1] / "lexicon" / "trades.yml"
TRADES = Lexicon("trade", yaml.safe_load(LEXICON.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Est-ce uniquement la fibre optique ?", "fibre"),
        ("lfibre", "fibre"),
        ("FTTH", "fibre"),
        ("التكوين في الالياف البصرية", "fibre"),
        ("بالألياف", "fibre"),
        ("لافيبر", "fibre"),
        ("soudure de la fibre", "fibre"),
        ("génie civil", "civil_works"),
        ("genie civil", "civil_works"),
        ("الهندسة المدنية", "civil_works"),
        ("حفر الخنادق", "civil_works"),
        ("trancheuse", "civil_works"),
        ("le réseau cuivre", "copper_network"),
        ("tirage de câbles", "copper_network"),
        ("شبكة النحاس", "copper_network"),
        ("installation d'équipements", "installation"),
        ("تركيب التجهيزات", "installation"),
        ("caméras de surveillance", "installation"),
        ("كاميرات المراقبة", "installation"),
        ("réseaux hertziens", "radio_networks"),
        ("ta3 les pylônes", "radio_networks"),
        ("canalisations", "ducts"),
        ("تمديد القنوات", "ducts"),
        ("je suis électricien", "electricity"),
        ("كهربائي معماري", "electricity"),
        ("ana trisian", "electricity"),
        ("informatique", "it"),
        ("شهادة اعلام آلي", "it"),
        ("licence info", "it"),
        ("développeur web", "it"),
        ("soudeur", "welding"),
        ("أنا لحام", "welding"),
        ("شهاده حداد،", "welding"),
        ("plombier", "plumbing"),
        ("CAP plomberi", "plumbing"),
        ("بلومبي", "plumbing"),
        ("menuisier", "carpentry"),
        ("نجار", "carpentry"),
        ("menuisier alu", "aluminium"),
        ("mécanicien", "mechanics"),
        ("ميكانيك", "mechanics"),
        ("macon c bon ou pa", "building"),
        ("هل يدخل البناء", "building"),
        ("peintre en bâtiment", "painting"),
        ("أنا دهان، هل", "painting"),
        ("clim et froid", "cooling"),
        ("réparateur de gsm", "electronics"),
        ("صيانة الهواتف", "electronics"),
        ("الفلاحة", "agriculture"),
        ("felaha", "agriculture"),
        ("خياطة", "sewing"),
        ("nkhayet", "sewing"),
        ("coiffeuse", "hairdressing"),
        ("الحلاقة", "hairdressing"),
        ("pâtisserie", "food"),
        ("مخبزة", "food"),
        ("imprimerie", "printing"),
        ("transport", "transport"),
        ("bureau d’études", "office"),
    ],
)
def test_a_trade(text: str, key: str) -> None:
    assert {found.value for found in TRADES.find(text)} == {key}


@pytest.mark.parametrize(
    "text",
    [
        "bonjour",
        "registre de commerce",
        "السجل التجاري",
        "هيا بنا نسجل",
        "بناء على ما سبق",
        "خايف تولي",
        "بعد ما نحل l'entreprise",
        "merci pour les infos",
        "pour info",
        "mes infos",
        "svp linfo",
        "كم النسخ المصورة",
        "cb de photo",
        "une photo d'identité",
        "رخصة السياقة",
        "le camion de la caravane",
        "شاحنة كبيرة",
        "اتصالات الجزائر",
        "algérie télécom",
        "آلة خياطة",
        "البناء الريفي",
        "chambre de l'artisanat",
        "site web ansej",
        "l'huissier",
        "tu es un logiciel ?",
        "juste de la publicité",
        "هذه التطبيقات",
        "restaurant universitaire",
        "frais de transport",
        "centre commercial",
        "salam",
        "وقتاش",
        "3andi 27 sna",
        "قرض",
        "شهادة",
        "diplôme",
        "wilaya",
        "خبرة",
        "",
        "123",
    ],
)
def test_no_trade(text: str) -> None:
    assert TRADES.find(text) == []


def test_offsets_are_those_of_the_message() -> None:
    text = "وبالألياف البصرية؟"
    (found,) = TRADES.find(text)
    assert text[found.start : found.end].endswith("ألياف البصرية")


def test_no_name_stands_for_two_trades() -> None:
    seen: dict[str, str] = {}
    for key, names in yaml.safe_load(LEXICON.read_text(encoding="utf-8")).items():
        for name in names:
            assert seen.setdefault(fold_name(str(name)), key) == key, name

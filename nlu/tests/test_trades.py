from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlu.components.lexicon import Lexicon
from nlu.components.spelling import fold_name
from nlu.tests.test_entities import FINDER

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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on fait le soufflage de fibre", ["fibre"]),
        ("technicien réseau fibre", ["fibre"]),
        ("fibre optique et câblage", ["fibre", "copper_network"]),
        ("ndir soudure fibre", ["fibre"]),
        ("je possède un engin de chantier", ["civil_works"]),
        ("terrassier", ["civil_works"]),
        ("lignard", ["copper_network"]),
        ("antennes relais", ["radio_networks"]),
        ("pose de tubes PVC", ["ducts"]),
        ("canalisateur", ["ducts"]),
        ("électricien bobineur", ["electricity"]),
        ("chauffeur livreur", ["transport"]),
        ("pâtisserie orientale", ["food"]),
        ("nous sommes spécialisés dans la pose de la fibre", ["fibre"]),
        ("je soude la fibre optique depuis 2 ans", ["fibre"]),
        ("n7eb nekhdem fel fibre optique", ["fibre"]),
        ("j'ai une entreprise de terrassement", ["civil_works"]),
        ("conducteur de pelle mécanique", ["civil_works"]),
        ("réparation des lignes cuivre", ["copper_network"]),
        ("installation de caméras de surveillance", ["installation"]),
        ("installateur d'alarmes et caméras", ["installation"]),
        ("ndir les caméras", ["installation"]),
        ("pose des équipements MSAN", ["installation"]),
        ("montage des pylônes", ["radio_networks"]),
        ("conduites souterraines", ["ducts"]),
        ("fourreaux et chambres de tirage", ["ducts"]),
        ("électricienne du bâtiment", ["electricity"]),
        ("technicien en informatique", ["it"]),
        ("plombier sanitaire", ["plumbing"]),
        ("salon de coiffure", ["hairdressing"]),
        ("froid et climatisation", ["cooling"]),
        ("le transport est à ma charge ?", ["transport"]),
        ("raccordeur fibre", ["fibre"]),
        ("je fais la soudure fibre", ["fibre"]),
        ("nkhdem soudure ta3 lfibre", ["fibre"]),
        ("je veux travailler dans la fibre", ["fibre"]),
        ("la pose de câbles optiques", ["fibre"]),
        ("tirage de fibre", ["fibre"]),
        ("fusionneuse optique", ["fibre"]),
        ("épissurage", ["fibre"]),
        ("je fais du terrassement", ["civil_works"]),
        ("j'ai une pelleteuse", ["civil_works"]),
        ("hafr lkhanadi9", ["civil_works"]),
        ("nahfer tranchées", ["civil_works"]),
        ("GC réseau", ["civil_works"]),
        ("creusement et remblai", ["civil_works"]),
        ("raccordement cuivre", ["copper_network"]),
        ("installateur de caméras", ["installation"]),
        ("pose d'armoires", ["installation"]),
        ("n rakeb les cameras", ["installation"]),
        ("installateur paraboles", ["installation"]),
        ("technicien pylône", ["radio_networks"]),
        ("pylôniste", ["radio_networks"]),
        ("installation antennes 4G", ["installation"]),
        ("travaux de canalisation", ["ducts"]),
        ("kahrabaji", ["electricity"]),
        ("plombier chauffagiste", ["plumbing"]),
        ("chauffeur taxi", ["transport"]),
        ("mécanicien auto", ["mechanics"]),
        ("le cuivre est cher", ["copper_network"]),
        ("نخدم فالألياف البصرية", ["fibre"]),
        ("صيانة شبكة الألياف البصرية", ["fibre"]),
        ("نحفرو للكابل", ["civil_works", "copper_network"]),
        ("تركيب الكاميرات والإنذار", ["installation"]),
        ("صيانة الأبراج", ["radio_networks"]),
        ("تمديد قنوات الألياف", ["ducts"]),
        ("كهربائي سيارات", ["electricity"]),
        ("أستاذ دروس دعم", ["teaching"]),
        ("تقني ألياف بصرية", ["fibre"]),
        ("تركيب الألياف البصرية للمنازل", ["fibre"]),
        ("صيانة الكوابل", ["copper_network"]),
        ("أبراج الاتصالات", ["radio_networks"]),
        ("تركيب القنوات", ["ducts"]),
        ("مهندس مدني", ["civil_works"]),
        ("صيانة شبكة الهاتف", ["copper_network"]),
        ("تركيب تجهيزات الاتصالات", ["installation"]),
        ("الشبكات الهرتزية", ["radio_networks"]),
        ("تمديد الأنابيب", ["ducts"]),
    ],
)
def test_the_trades_of_a_whole_message(text: str, expected: list[str]) -> None:
    found = [one.value for one in FINDER.find(text) if one.name == "trade"]
    assert list(dict.fromkeys(found)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "la fibre n'arrive pas chez moi",
        "j'attends la fibre depuis un an",
        "ma ligne fibre est coupée",
        "quelle est la date ?",
        "j'ai pas encore la fibre à la maison",
        "la fibre est en panne",
        "la fibre est lente chez moi",
        "le tarif de l'abonnement fibre",
        "carte artisan ou registre ?",
        "je n'ai pas la fibre chez moi",
        "quand la fibre arrivera à mon quartier ?",
        "panne de fibre",
        "abonnement idoom fibre 100 mega",
        "fibre 100 méga",
        "facture fibre",
        "modem fibre en panne",
        "carte d'artisan",
        "transport en commun pour venir",
        "اشتراك الفيبر بشحال",
        "الفيبر تاع الدار مقطوع",
    ],
)
def test_a_whole_message_without_a_trade(text: str) -> None:
    assert [one for one in FINDER.find(text) if one.name == "trade"] == []

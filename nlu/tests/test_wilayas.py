from __future__ import annotations

from pathlib import Path

import pytest

from nlu.components.finder import read_lists
from nlu.components.wilayas import Wilayas

ROOT = Path(__file__).parents[2]
LISTS = read_lists(
    {
        "wilayas": str(ROOT / "actions/programme/wilayas.csv"),
        "towns": str(ROOT / "actions/programme/towns.csv"),
        "places": str(ROOT / "nlu/lexicon/places.yml"),
        "trades": str(ROOT / "nlu/lexicon/trades.yml"),
        "facts": str(ROOT / "nlu/lexicon/facts.yml"),
    }
)
GAZETTEER = Wilayas(LISTS["wilayas"], LISTS["towns"], LISTS["places"])


def codes(text: str) -> list[str | int]:
    return [found.value for found in GAZETTEER.find(text)]


@pytest.mark.parametrize("row", LISTS["wilayas"], ids=lambda row: row["code"])
def test_every_official_name_alone(row: dict[str, str]) -> None:
    assert codes(row["fr"]) == [row["code"]]
    assert codes(row["ar"]) == [row["code"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # French, with and without accents, glued or parted otherwise
        ("Quand venez-vous à Sétif ?", "19"),
        ("la caravane vien a setif ou pa", "19"),
        ("SÉTIF", "19"),
        ("et à l'Aghouat ?", "03"),
        ("la caravane d'Oran", "31"),
        ("d’Akbou", "06"),
        ("tiziouzou", "15"),
        ("Tizi-Ouzou", "15"),
        ("sidi-bel-abbès", "22"),
        ("sidi bel quand ?", "22"),
        ("M’sila", "28"),
        ("m sila", "28"),
        ("aindefla", "44"),
        ("b.b.a", "34"),
        ("bba svp", "34"),
        ("jsui de souk ahras", "41"),
        ("setiiiiif ??", "19"),
        # Arabic, particles, hamza and ta marbuta any way
        ("هل وهران مبرمجة؟", "31"),
        ("فوهران", "31"),
        ("لوهران", "31"),
        ("بسطيف", "19"),
        ("والبليدة", "09"),
        ("وبالجلفة", "17"),
        ("كالجلفة", "17"),
        ("للأغواط", "03"),
        ("الاغواط", "03"),
        ("ولاية خنشله متى", "40"),
        ("قَسَنْطِينَة", "25"),
        ("قسنطيـــنة", "25"),
        ("ورڨلة", "30"),
        ("ولعنابة", "23"),
        ("راني من المدية", "26"),
        ("وفي الوادي؟", "39"),
        ("القافلة في سعيدة", "20"),
        ("سعيدة", "20"),
        ("ومعسكر واش", "29"),
        ("بئر العاتر", "62"),
        ("\u200fوهران\u200f", "31"),
        # Arabizi
        ("wa9tach tji l wahran", "31"),
        ("ana men lwad, caravane tfout 3lina?", "39"),
        ("rani f 3annaba", "23"),
        ("9sentina", "25"),
        ("l3assima", "16"),
        ("ana men lmdiya", "26"),
        ("fwahran", "31"),
        ("w bejaia?", "06"),
        ("m3asker", "29"),
        ("wilayet laghouat", "03"),
        # towns
        ("El Eulma", "19"),
        ("لعلمة", "19"),
        ("khroub", "25"),
        ("الخروب", "25"),
        ("Akbou", "06"),
        ("bordj menaiel", "35"),
        ("برج منايل", "35"),
        ("rani f maghnia", "13"),
        ("oued rhiou", "48"),
        ("wad rhiou", "48"),
        ("3in sefra", "45"),
        ("hassi messaoud", "30"),
        ("annexe ansej tolga adress", "07"),
        ("bab ezzouar", "16"),
        # typing errors
        ("constentine", "25"),
        ("costantinne", "25"),
        ("moustaganem", "27"),
        ("tlemecn", "13"),
        ("ghardaya", "47"),
        ("bechare", "08"),
        ("tamanrassat", "11"),
        ("boumerdess", "35"),
        ("relizan", "48"),
        ("tissemssilt", "38"),
        ("sidi bel abes", "22"),
        ("ain temochent", "46"),
        ("tizi ouzo", "15"),
        ("قسنتينة", "25"),
        ("سكيكيدة", "21"),
        ("بومرداص", "35"),
        ("مستغنم", "27"),
        # numbers
        ("31", "31"),
        (" ٣١ ؟", "31"),
        ("7", "07"),
        ("w31", "31"),
        ("W16 svp", "16"),
        ("wilaya 31", "31"),
        ("wilaya n° 5", "05"),
        ("ولاية 31", "31"),
        ("الولاية رقم ٣١", "31"),
        ("ولاية٠٥", "05"),
        # the name the capital shares with the country, decided
        ("الجزائر العاصمة", "16"),
        ("wilaya d'Alger", "16"),
        ("on nous forme ou a alger ou ché nous", "16"),
        ("université Badji Mokhtar", "23"),
    ],
)
def test_one_wilaya(text: str, expected: str) -> None:
    found = GAZETTEER.find(text)
    assert [f.value for f in found] == [expected]
    assert found[0].candidates == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bordj", ("34", "50", "35")),
        ("tel ta3 l'agence Bordj svp", ("34", "50", "35")),
        ("القافلة في برج", ("34", "50", "35")),
        ("3in", ("44", "46", "53", "54", "65")),
        ("عين", ("44", "46", "53", "54", "65")),
        ("badji mokhtar", ("50", "23")),
        ("lbayadh", ("32", "69")),
        ("oum", ("04",)),
        ("الجزائر", ("16",)),
        ("وقتاش تجي القافلة للجزائر", ("16",)),
        ("dzair", ("16",)),
        ("59", ("59",)),
        ("w60", ("60", "69")),
        ("ولاية 69", ("69", "66")),
        ("65", ("65", "62")),
    ],
)
def test_asked_back(text: str, expected: tuple[str, ...]) -> None:
    (found,) = GAZETTEER.find(text)
    assert found.candidates == expected
    assert found.value == expected[0]


@pytest.mark.parametrize(
    "text",
    [
        "Algérie Télécom",
        "algerie telecom m'a dit",
        "en Algérie",
        "vs faite tt lalgerie ou koi",
        "les Algériens",
        "اتصالات الجزائر",
        "كم تدفع اتصالات الجزائر عن كل مشترك",
        "متى تصل القافلة و ما دخل اتصالات الجزائر",
        "بريد الجزائر",
        "بنك الجزائر",
        "لاتصالات الجزائر",
        "في الجزائر",
        "هل تمر القافلة على كل الجزائر",
        "الشباب الجزائري",
        "فرصة سعيدة",
        "ليلة سعيدة",
        "أنا سعيدة جدا",
        "rani rayha norgod lila sa3ida",
        "سعر البيض",
        "كيلو البيض بشحال",
        "نعم",
        "na3am",
        "n3am khouya",
        "mille",
        "c le chef",
        "batata",
        "سوف أسجل غدا",
        "أين سيكون الملف",
        "السلف",
        "المدينة القادمة ما هي",
        "البلدية",
        "القافلة في المدينة",
        "بعيدة",
        "هل تأخرت",
        "rani nahder m3a bachar",
        "bonne chance",
        "je cherche le bureau",
        "master 2",
        "الدايرة",
        "inchallah",
        "35 ans",
        "300 million",
        "4 milliards",
        "خمسين مليون",
        "عندي 31 سنة",
        "58 wilayas",
        "wilaya 99",
        "wilaya 70",
        "70",
        "0",
        "31 et 16",
        "12/05",
        "w 25 sna",
        "w31abc",
        "0661234567",
        "",
        "؟",
        "طالب في الجامعة",
        "برج الحوت",
        "ببلدية",
        "للبلدية",
        "بولاية",
        "بدائرة",
        "Bachir Mokhtari",
        "Bouguerra Lakhdar",
        "نعيمة بوزيد",
        "Karima Wahrani",
        "Kamel Tlemcani",
        "Mohamed Setifi",
        "Sofiane Ghardaoui",
        "عمر باتني",
        "علي مستغانمي",
        "بعين الاعتبار",
    ],
)
def test_no_wilaya(text: str) -> None:
    assert codes(text) == []


def test_all_the_wilayas_of_a_message() -> None:
    assert codes("شحال من كيلومتر بين الجلفة والاغواط") == ["17", "03"]
    assert codes("jé mi blida mé c medea") == ["09", "26"]
    assert codes("El Abiodh Sidi Cheikh ou Bordj Bou Arréridj") == ["69", "34"]


def test_the_words_before_a_place_are_no_place() -> None:
    assert set(codes("أقيم ببلدية فرندة ولاية تيارت")) == {"14"}
    assert set(codes("نسكن ببلدية أقبو")) == {"06"}


def test_a_wilaya_decides_between_candidates() -> None:
    assert [f.candidates for f in GAZETTEER.find("bordj badji mokhtar, wilaya 50")] == [(), ()]
    first, second = GAZETTEER.find("Bordj, wilaya 35")
    assert (first.value, first.candidates, second.value) == ("35", (), "35")


def test_offsets_are_those_of_the_message() -> None:
    for text, name in [
        ("واش راح تجي فوَهْران؟", "وَهْران"),
        ("À Béjaïa ?", "Béjaïa"),
        ("œuvre à Sétif.", "Sétif"),
        ("setiiiif!", "setiiiif"),
    ]:
        (found,) = GAZETTEER.find(text)
        assert text[found.start : found.end] == name


def test_a_town_says_its_name() -> None:
    (found,) = GAZETTEER.find("rani men khroub")
    assert (found.value, found.town) == ("25", "El Khroub")
    (found,) = GAZETTEER.find("Batna")
    assert found.town == ""


class Counted(dict):  # type: ignore[type-arg]
    asked = 0

    def get(self, *key):  # type: ignore[no-untyped-def]
        self.asked += 1
        return super().get(*key)

    def __contains__(self, key: object) -> bool:
        self.asked += 1
        return super().__contains__(key)


@pytest.mark.parametrize("unit", ["bordj bou ", "ain ", "constantinopol ", "والبلدو ", "a ", "x"])
def test_work_grows_with_the_length_only(unit: str) -> None:
    gazetteer = Wilayas(LISTS["wilayas"], LISTS["towns"], LISTS["places"])
    work = []
    for length in (1024, 4096):
        gazetteer.names.exact = Counted(gazetteer.names.exact)
        gazetteer.names.typos = Counted(gazetteer.names.typos)
        gazetteer.find((unit * 4096)[:length])
        work.append(gazetteer.names.exact.asked + gazetteer.names.typos.asked)
    assert work[1] <= 4.2 * work[0] + 100
    assert work[1] <= 64 * 4096

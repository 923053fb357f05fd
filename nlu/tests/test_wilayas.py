from __future__ import annotations

from pathlib import Path

import pytest

from nlu.components.finder import read_lists
from nlu.components.wilayas import Wilayas
from nlu.tests.test_entities import FINDER

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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("c koi l adress a blida", "09"),
        ("rani rayeh l batna ghodwa", "05"),
        ("machi b3id 3la mila", "43"),
        ("3alach ghir l wast, w tamanrasset?", "11"),
        ("salem 31", "31"),
        ("je suis dans la 34", "34"),
        ("w 47 svp", "47"),
        ("commune d'Aïn Kermes, wilaya de Tiaret", "14"),
        ("jpeu venir de ouargla a touggourt", "30 55"),
        ("svp l adress de ansej a tebessa", "12"),
        ("wa9tach dour ta3 medea", "26"),
        ("f djelfa bared lhal, rakom hna?", "17"),
        ("dawra f guelma svp", "24"),
        ("salam 25", "25"),
        ("je suis de la 16", "16"),
        ("rani mel 06", "06"),
        ("ani sakna f 35", "35"),
        ("Nous sommes trois jeunes de Reggane", "01"),
        ("Je suis diplômée de l'université de Biskra", "07"),
        ("jhabite ds la commune de zemmouri", "35"),
        ("vs ete pa venu a msila lané passé", "28"),
        ("cmt fair pr veni a annaba", "23"),
        ("jé 25 ans jsui du 19", "19"),
        ("khti sakna f guelma w 7aba tsajel", "24"),
        ("khouya rah f laghouat y7eb ychouf", "03"),
        ("3lach matjouch l tamanrasset", "11"),
        ("9riba men khenchela?", "40"),
        ("f el bayadh ma kayen walou", "32"),
        ("ana men beni slimane medea", "26"),
        ("mdina ta3 bordj bou arreridj", "34"),
        ("w 18", "18"),
        ("code 16", "16"),
        ("rani men 47", "47"),
        ("41 svp", "41"),
        ("de la wilaya de 05", "05"),
        ("dzayer wa9tach", "16?"),
        ("la caravane elle passe par alger centre ?", "16"),
        ("oum bouagui", "04"),
        ("je veux savoir si la caravane fait Khenchela", "40"),
        ("c'est à la maison de jeunes de Bouira ?", "10"),
        ("quel jour pour El M'Ghair", "57"),
        ("c koi la date pr oran svp mrc", "31"),
        ("vs passé pa a tizi ??", "15"),
        ("tjr pa de date pr saida ?", "20"),
        ("la carav arive a relizane dm1 ?", "48"),
        ("sakin f tizi ouzou", "15"),
        ("kach date l guelma?", "24"),
        ("l9afila fel boumerdes?", "35"),
        ("tiaret bla caravane had l3am?", "14"),
        ("biskra biskra biskra", "07"),
        ("fi beni abbes?", "52"),
        ("W 06", "06"),
        ("la 31", "31"),
        ("ana mel 19", "19"),
        ("W.48", "48"),
        ("Je viens d'El Tarf", "36"),
        ("Ksar Chellala svp", "64"),
        ("Aïn Oussera : la date ?", "65"),
        ("a djelfa yora kelke chose ?", "17"),
        ("pk pas mila ?", "43"),
        ("wa9tach tji l9afila l batna", "05"),
        ("waktach tkounou fi oran", "31"),
        ("ljelfa wa9tach", "17"),
        ("khouya f ghardaya ynajem ysajel", "47"),
        ("sa3ida hiya wilayti", "20"),
        ("nsken f bouira", "10"),
        ("rani men sougueur", "14"),
        ("men cherchell l tipaza", "42"),
        ("w.16", "16"),
        ("nsken f 19", "19"),
        ("code 35", "35"),
        ("slm 42", "42"),
        ("el oued machi oran", "39 31"),
        ("Oran ou Mostaganem", "31 27"),
        ("souk ahrass", "41"),
        ("هل الحضور متاح لسكان تيبازة", "42"),
        ("كاش ما كاين فقالمة", "24"),
        ("هل البيض معنية بالقافلة", "32"),
        ("حبذا لو تزوروا بشار أيضا", "08"),
        ("ولاية النعامة دائرة المشرية", "45"),
        ("واش من وقت تجو لبرج بوعريريج", "34"),
        ("ويني القافلة راني في سطيف", "19"),
        ("معسكر ما جيتوهاش", "29"),
        ("وين القافلة؟ أنا من 19", "19"),
        ("هل سيتم برمجة محطة جديدة بولاية تبسة؟", "12"),
        ("ولاية برج بوعريريج رقم 34", "34"),
        ("وهران ولا عين الترك", "31"),
        ("ملمسيلة لسطيف شحال", "28 19"),
        ("نسكن في بني سليمان", "26"),
        ("وقتاش دوركم على النعامة", "45"),
        ("بوعريريج", "34"),
        ("أين الملتقى في بومرداس؟", "35"),
        ("عنوان وكالة الدعم ببسكرة", "07"),
        ("سكان بشار يسألون", "08"),
        ("كي تكونو فالجلفة نجيكم", "17"),
        ("عين مليلة تبع من", "04"),
        ("شلغوم العيد وقتاش", "43"),
        ("ناس عين وسارة وين يروحو", "65"),
        ("أنا من مدينة قسنطينة وأريد التسجيل", "25"),
        ("أسكن في مدينة وهران منذ سنتين", "31"),
        ("هل برج بوعريريج مبرمجة؟", "34"),
        ("هل تمر القافلة بأم البواقي", "04"),
        ("راني مالعاصمة", "16"),
        ("واد سوف وقتاش تجي", "39"),
        ("من بريكة، القافلة قريبة؟", "60"),
        ("راني في الخروب", "25"),
        ("نحب نجي من مغنية لتلمسان", "13"),
        ("و31", "31"),
        ("أنا من 16", "16"),
        ("السلام عليكم، 17", "17"),
    ],
)
def test_the_wilayas_of_a_whole_message(text: str, expected: str) -> None:
    """Codes in the order of the text, each once; `?` where the person is asked back."""
    found = [one for one in FINDER.find(text) if one.name == "wilaya"]
    assert (
        " ".join(dict.fromkeys(f"{f.value}{'?' * bool(f.candidates)}" for f in found)) == expected
    )


@pytest.mark.parametrize(
    "text",
    [
        "c'est l'Etat algérien",
        "Lamine Djelloul",
        "où est le stand ?",
        "pas de réponse",
        "3tini l'adresse",
        "pour 2 personnes",
        "Nassima Chergui",
        "Toufik Sahnoun, plombier",
        "je suis fier d'être algérien",
        "Ministère de l'industrie, Algérie",
        "les conditions sont bonnes",
        "marché couvert",
        "une tarte",
        "Algérie Poste ou CCP pour payer ?",
        "Je suis algérienne, 30 ans",
        "mon père s'appelle Tahar",
        "Meriem Sahraoui",
        "Mr Mansour Blidi",
        "Sofiane Bougara",
        "Yasmine Oranaise",
        "Saida c'est ma cousine",
        "je suis saida de vous connaitre",
        "un crédit de 31 millions",
        "le mascara et le maquillage",
        "média et presse",
        "un bon tarif à l'aller",
        "chef de projet",
        "1 %",
        "les 48 wilayas",
        "dans toutes les wilayas",
        "combien de wilaya sont visitées",
        "la banque BNA ou BADR",
        "barak allahou fik",
        "Opérateur Algérie Télécom",
        "M. Tahar est là ?",
        "rani farhana w sa3ida",
        "jai un oued pres de chez moi",
        "50 millions de crédit",
        "oranais et fier",
        "un produit naturel",
        "les 58 wilayas sont concernées ?",
        "combien de wilayas",
        "ana smiti Bachar",
        "Monsieur Larbi svp",
        "Mme Saida de l'agence a dit quoi",
        "Mansouri Karim",
        "le bar, le bus",
        "3andi 22 sna w 3 ans khebra",
        "j'ai 2 enfants",
        "un oued à côté de chez moi",
        "je suis constant",
        "كيفاش نقدر نشارك",
        "المشروع تاعي بسيط",
        "الجزائرية للمياه",
        "ربي يحفظ الجزائر",
        "ناس الجزائر كامل راهم يستناو",
        "الجزائر كلها تنتظر",
        "on vend des œufs, البيض والدجاج",
        "كل ولايات الجزائر",
        "انا سعيدة بيكم",
        "القافلة في الجزائر",
        "اتصالات الجزائر شريك في القافلة؟",
        "بنك الجزائر الخارجي يعطي القرض؟",
        "تلفزيون الجزائر هدر على القافلة",
        "كل الشباب في الجزائر يعرف",
        "مشروع تربية الدجاج البيض",
        "سعر البيض غالي",
        "على العين والراس",
        "معسكر تدريبي للشباب",
        "القنطرة راهي مسدودة",
    ],
)
def test_a_whole_message_without_a_wilaya(text: str) -> None:
    assert [one for one in FINDER.find(text) if one.name == "wilaya"] == []

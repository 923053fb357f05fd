"""Numbers from 0 to 999 in words: French, Arabic, Algerian Arabic in both scripts.

Spellings are folded (see `spelling`). Darija runs units and tens together with *w*, says the teens
in one word (خمسطاش, khmestach) and, as Arabic does, puts the unit before the ten.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlu.components.spelling import Word


def _spell(lines: str) -> dict[str, int]:
    numbers = {}
    for line in lines.strip().splitlines():
        value, *spellings = line.split()
        numbers.update(dict.fromkeys(spellings, int(value)))
    return numbers


_FRENCH_UNITS = _spell("""
0 zero
1 un une
2 deux
3 trois
4 quatre
5 cinq
6 six
7 sept
8 huit
9 neuf
""")
_FRENCH_TEENS = _spell("""
10 dix
11 onze
12 douze
13 treize
14 quatorze
15 quinze
16 seize
""")
_FRENCH_TENS = _spell("""
20 vingt vint
30 trente trante
40 quarante karante
50 cinquante
60 soixante
""")
_UNITS = _spell("""
1 واحد وحده احد احدي wahed wa7ed wahd wa7d
2 اثنان اثنين اتنين تنين ثنين زوج جوج اثنا اثني اثنتا اثنتي اثنتان tnin thnin tnayn zouj zoudj
3 ثلاثه ثلاث تلاته تلات ثلث tlata tleta thlatha thletha tlatha telt tlatt
4 اربعه اربع ربعه ربع reb3a rab3a arb3a arba3a rebaa rba3a reb3 rab3 rba3 arba3
5 خمسه خمس khamsa 5amsa khemsa kamsa khmsa 5emsa khams khems 5ams
6 سته ست setta sitta seta stta
7 سبعه سبع seb3a sab3a sebaa sb3a seb3 sab3 seba3a
8 ثمانيه ثماني ثمان تمنيه ثمنيه تمانيه تمن ثمن tmenya tmanya thmanya themenya tmnya tmania
9 تسعه تسع تسعود tes3a tas3a ts3a tesaa tesoud tes3 tas3
""")
_TEENS = _spell("""
10 عشره عشر 3achra 3echra 3ashra achra
11 حداعش حداش احداعش حداعشر احداش hdach 7dach hedach 7dash hdash
12 طناش اطناش اثناعش طنعش اثناعشر طناعش tnach thnach tnash etnach
13 تلطاش ثلطاش ثلاثطاش تلتاش ثلاثتاش tlettach tletach tlatach tlttach tlatash
14 ربعطاش ربعتاش اربعطاش اربعتاش rbe3tach rba3tach rb3tach arba3tach rbaatach
15 خمسطاش خمستاش خمسطعش khmestach khamstach khmstach 5mestach 5amstach
16 سطاش ستاش سطعش settach stach sttach
17 سبعطاش سبعتاش سبعطعش sbe3tach sba3tach sb3tach sbaatach
18 ثمنطاش تمنطاش ثمنتاش تمنتاش ثمانطاش tmentach tmantach thmantach tmntach
19 تسعطاش تسعتاش تسعطعش ts3atach tse3tach tsa3tach ts3tach
""")
TENS = _spell("""
20 عشرين عشرون 3achrin 3echrin 3ichrin 3achrine 3chrin 3ichrine 3eshrin 3ashrin achrin 3icherin
30 ثلاثين ثلاثون تلاتين ثلثين tlatin tlathin thlathin tlatine tlethin
40 اربعين اربعون ربعين rab3in reb3in arb3in arba3in rab3ine reb3ine rba3in
50 خمسين خمسون khamsin khemsin khamsine 5amsin
60 ستين ستون settin settine sitin
70 سبعين سبعون seb3in sab3in seb3ine
80 ثمانين ثمانون تمانين tmanin thmanin tmanine
90 تسعين تسعون tes3in tas3in tes3ine
""")
_HUNDREDS = _spell("""
100 ميه مايه ميات مييه miya mya mia meya miyat myat miat miyet miyya
200 ميتين مايتين ميتان مايتان ميتا مايتا ميتيين mitin mitine miytin mityn mitayn mitein mitiin
""")
_ROOTS = {
    3: "ثلث ثلاث تلت تلات ثلاثه tlt tlat tlet telt tlath thlath",
    4: "ربع اربع rb3 rab3 reb3 rob3 arba3 rba3",
    5: "خمس khms khams khems khmes 5ams 5oms",
    6: "ست st sit set sett",
    7: "سبع sb3 sab3 seb3 sba3",
    8: "ثمن ثمان تمن تمان ثماني tmn tmen taman thman tman temn",
    9: "تسع ts3 tas3 tes3 tsa3",
}
_HUNDREDS |= {
    root + hundred: 100 * unit
    for unit, roots in _ROOTS.items()
    for root in roots.split()
    for hundred in (
        ("miya", "mya", "mia", "miyat", "myat", "emiya", "emya")
        if root.isascii()
        else ("ميه", "مايه", "ميا", "ميات")
    )
}
_FRENCH_HUNDRED = ("cent", "cents", "cen", "sent")
_AND = frozenset(("w", "و", "ou", "wa", "u", "o"))
NUMBER_WORDS = frozenset(
    word
    for numbers in (
        *(_FRENCH_UNITS, _FRENCH_TEENS, _FRENCH_TENS, _UNITS, _TEENS, TENS, _HUNDREDS),
        dict.fromkeys(_FRENCH_HUNDRED[:2], 100),
    )
    for word in numbers
)
"""Every word that may open a number."""
ORDINALS = {
    word: n
    for n, some in enumerate(
        (
            *("الاول الاولي الحادي الحاديه", "الثاني الثانيه", "الثالث الثالثه"),
            *("الرابع الرابعه", "الخامس الخامسه", "السادس السادسه", "السابع السابعه"),
            *("الثامن الثامنه", "التاسع التاسعه", "العاشر العاشره"),
        ),
        1,
    )
    for word in some.split()
}
"""The first, the second… in Arabic, up to the tenth."""


def read_number(found: Sequence[Word], index: int) -> tuple[int, int] | None:
    """Return the number in digits or words at `index`, and the index after it."""
    text = found[index].text
    if text.isdecimal():
        return (int(text), index + 1) if len(text) <= 3 else None
    return _read_arabic(found, index) or _read_french(found, index)


def read_hundreds(found: Sequence[Word], index: int) -> tuple[int, int] | None:
    """Return the number in words, up to 999, at `index`, and the index after it."""
    hundred, after = _hundred(found, index)
    if not hundred:
        return _read_arabic(found, index) or _read_french(found, index)
    if _word(found, after) in _AND:
        rest = _read_arabic(found, after + 1)
    else:
        rest = _read_french(found, after)
    return (hundred + rest[0], rest[1]) if rest else (hundred, after)


def read_ordinal(found: Sequence[Word], index: int) -> tuple[int, int] | None:
    """Return the Arabic ordinal at `index`, up to the 39th, and the index after it."""
    unit = ORDINALS.get(_word(found, index), 0)
    following = _word(found, index + 1)
    if unit and following in ("عشر", "عشره"):
        return 10 + unit, index + 2
    if unit and following.startswith("وال") and following[3:] in TENS:
        return unit + TENS[following[3:]], index + 2
    ten = TENS.get(_word(found, index).removeprefix("ال"))
    if ten and _word(found, index).startswith("ال"):
        return ten, index + 1
    return (unit, index + 1) if unit else None


def _hundred(found: Sequence[Word], index: int) -> tuple[int, int]:
    text, following = _word(found, index), _word(found, index + 1)
    if text in _HUNDREDS:
        return _HUNDREDS[text], index + 1
    if text in _FRENCH_HUNDRED[:2]:
        return 100, index + 1
    if text in _FRENCH_UNITS and following in _FRENCH_HUNDRED:
        return 100 * _FRENCH_UNITS[text], index + 2
    if text in _UNITS and _HUNDREDS.get(following) == 100:
        return 100 * _UNITS[text], index + 2
    return 0, index


def _word(found: Sequence[Word], index: int) -> str:
    return found[index].text if index < len(found) else ""


def _read_french(found: Sequence[Word], index: int) -> tuple[int, int] | None:
    text = _word(found, index)
    if text == "quatre" and _word(found, index + 1) in ("vingt", "vingts"):
        more, end = _french_below(found, index + 2, upto=19)
        return 80 + more, end
    if text in _FRENCH_TENS:
        ten = _FRENCH_TENS[text]
        after = index + 1
        if _word(found, after) == "et" and _word(found, after + 1) in ("un", "une", "onze"):
            after += 1
        more, end = _french_below(found, after, upto=19 if ten == 60 else 9)
        return (ten + more, end) if more else (ten, index + 1)
    if text in _FRENCH_UNITS or text in _FRENCH_TEENS:
        return _french_below(found, index, upto=19)
    return None


def _french_below(found: Sequence[Word], index: int, *, upto: int) -> tuple[int, int]:
    text = _word(found, index)
    if upto > 9 and text in _FRENCH_TEENS:
        unit = _FRENCH_UNITS.get(_word(found, index + 1), 0)
        if text == "dix" and unit >= 7:
            return 10 + unit, index + 2
        return _FRENCH_TEENS[text], index + 1
    if text in _FRENCH_UNITS:
        return _FRENCH_UNITS[text], index + 1
    return 0, index


def _read_arabic(found: Sequence[Word], index: int) -> tuple[int, int] | None:
    text = _word(found, index)
    if text in TENS:
        return TENS[text], index + 1
    if text in _TEENS:
        return _TEENS[text], index + 1
    if text not in _UNITS:
        return None
    unit = _UNITS[text]
    following = _word(found, index + 1)
    if following in ("عشر", "عشره"):
        return 10 + unit, index + 2
    if following[:1] == "و" and following[1:] in TENS:
        return unit + TENS[following[1:]], index + 2
    if following[:1] in ("w", "u") and following[1:] in TENS:
        return unit + TENS[following[1:]], index + 2
    if following in _AND and _word(found, index + 2) in TENS:
        return unit + TENS[_word(found, index + 2)], index + 3
    return unit, index + 1

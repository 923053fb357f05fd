"""Numbers from 0 to 99 in words: French, Arabic, Algerian Arabic in both scripts.

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
3 ثلاثه ثلاث تلاته تلات ثلث tlata tleta thlatha thletha tlatha
4 اربعه اربع ربعه ربع reb3a rab3a arb3a arba3a rebaa rba3a
5 خمسه خمس khamsa 5amsa khemsa kamsa khmsa 5emsa
6 سته ست setta sitta seta stta
7 سبعه سبع seb3a sab3a sebaa sb3a
8 ثمانيه ثماني ثمان تمنيه ثمنيه تمانيه ثمنيه tmenya tmanya thmanya themenya tmnya
9 تسعه تسع تسعود tes3a tas3a ts3a tesaa tesoud
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
_TENS = _spell("""
20 عشرين عشرون 3achrin 3echrin 3ichrin 3achrine 3chrin 3ichrine 3eshrin 3ashrin achrin 3icherin
30 ثلاثين ثلاثون تلاتين ثلثين tlatin tlathin thlathin tlatine tlethin
40 اربعين اربعون ربعين rab3in reb3in arb3in arba3in rab3ine reb3ine rba3in
50 خمسين خمسون khamsin khemsin khamsine 5amsin
60 ستين ستون settin settine sitin
70 سبعين سبعون seb3in sab3in seb3ine
80 ثمانين ثمانون تمانين tmanin thmanin tmanine
90 تسعين تسعون tes3in tas3in tes3ine
""")
_AND = frozenset(("w", "و", "ou", "wa", "u", "o"))


def read_number(found: Sequence[Word], index: int) -> tuple[int, int] | None:
    """Return the number in digits or words at `index`, and the index after it."""
    text = found[index].text
    if text.isdecimal():
        return (int(text), index + 1) if len(text) <= 3 else None
    return _read_arabic(found, index) or _read_french(found, index)


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
    if text in _TENS:
        return _TENS[text], index + 1
    if text in _TEENS:
        return _TEENS[text], index + 1
    if text not in _UNITS:
        return None
    unit = _UNITS[text]
    following = _word(found, index + 1)
    if following in ("عشر", "عشره"):
        return 10 + unit, index + 2
    if following[:1] == "و" and following[1:] in _TENS:
        return unit + _TENS[following[1:]], index + 2
    if following[:1] in ("w", "u") and following[1:] in _TENS:
        return unit + _TENS[following[1:]], index + 2
    if following in _AND and _word(found, index + 2) in _TENS:
        return unit + _TENS[_word(found, index + 2)], index + 3
    return unit, index + 1

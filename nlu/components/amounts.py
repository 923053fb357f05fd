"""Amounts of money in a message, in dinars.

An amount is a number with a unit (5000 DA, ألف دينار, 300 centimes) or with a word of scale
(5 millions, خمسة ملاين, 1,5 milliard, 200 alf). People count in centimes when they name no unit:
« un million » is 10,000 DA and « un milliard » 10,000,000 DA, in shops as in the press (« cinq
millions de dinars, soit 500 millions de centimes »). Without a unit both readings stand in
`candidates`, the spoken one first, and the value is the spoken one; a unit leaves no doubt.
A bare figure counts only when it is large and round, and a word of money stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from nlu.components.found import Found
from nlu.components.numbers import NUMBER_WORDS, read_hundreds
from nlu.components.spelling import Word, fold, source_span, words

_THOUSAND, _MILLION, _MILLIARD = 10**3, 10**6, 10**9
_MOST = 10**13


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# Words of scale that need a number before them, those that are one by themselves, and duals.
_COUNTED_SCALES = (
    (_THOUSAND, _set("mille mil alaf elaf aalaf الاف الالاف")),
    (
        _MILLION,
        _set(
            "million millions milion milions millon millons milliond mlayen mlayn mlayan melayen",
            "mleyen mlayin mlaiyen mlain ملايين ملاين ملايينن ملايان brique briques",
        ),
    ),
    (
        _MILLIARD,
        _set("milliard milliards miliard miliards mlayer mlayar ملايير ملاير مليارات"),
    ),
)
_LONE_SCALES = (
    (_THOUSAND, _set("alf elf alef الف")),
    (
        _MILLION,
        _set("melyoun melyon mlyoun mlyon milyoun milyon melion mlion meliun مليون مليونا ملون"),
    ),
    (_MILLIARD, _set("melyar mlyar mliar milyar miliar melyard milyard miliyar مليار مليارا")),
)
_DUAL_SCALES = (
    (_THOUSAND, _set("alfin alfine الفين الفان")),
    (_MILLION, _set("melyounin melyonin mlyounin مليونين مليونان")),
    (_MILLIARD, _set("melyarin mlyarin mliarin مليارين ملياران")),
)
_SCALES = {
    word: power
    for scales in (_COUNTED_SCALES, _LONE_SCALES, _DUAL_SCALES)
    for power, some in scales
    for word in some
}
_LONE = {word: 1 for _, some in _LONE_SCALES for word in some} | {
    word: 2 for _, some in _DUAL_SCALES for word in some
}
_SINGULAR = frozenset(_LONE) | _set("million milion millon milliard miliard")
_BRIQUES = ("brique", "briques")
_HALVES = {
    **dict.fromkeys(_set("نص نصف nos noss nasf nosf nesf demi demie"), Fraction(1, 2)),
    **dict.fromkeys(_set("ربع rob3 rbo3 roub3"), Fraction(1, 4)),
}
_DINARS = _set(
    "da dzd dinar dinars dinard dinares denar dnanir dananir dinnar دج دينار دينارا دنانير دنار",
)
_CENTIMES = _set(
    "centime centimes centim centims santim santime santimes sentim cts",
    "سنتيم سنتيما سنتيمات صنتيم سونتيم سانتيم",
)
_DOUROS = _set("douro douros dourou duro دورو")
_FOREIGN = _set("euro euros eur dollar dollars usd franc francs livre اورو يورو دولار euru uro")
_WORTH = {
    **dict.fromkeys(_DINARS, Fraction(1)),
    **dict.fromkeys(_CENTIMES, Fraction(1, 100)),
    **dict.fromkeys(_DOUROS, Fraction(5, 100)),
}
# « 5 MDA », « 500 KDA », and « 5M DA »: the last two count with a unit after them only.
_WITH_UNIT = {"mda": _MILLION, "kda": _THOUSAND}
_LETTERS = {"m": _MILLION, "k": _THOUSAND}
_TAILS = frozenset((*_SCALES, *_WORTH, *_WITH_UNIT, *_LETTERS))
_OF = _set("de d en ta3 tae te3 تاع نتاع متاع من")
_FROM = _OF | _set("men mn min")
_AND = _set("et w و wa o")
_ASKING = _set(
    "combien cbn cb cmb kombien chhal ch7al chehal chal shhal شحال بشحال كم قداش 9adech gadech",
)
# What is counted when it is not money: people, places, thanks.
_COUNTED = _set(
    "habitants habitant personnes personne pers jeunes gens abonnes clients emplois postes poste",
    "logements foyers visiteurs entreprises projets dossiers candidats algeriens citoyens euros",
    "km metres metre m m2 lignes vues followers fois merci mercis bravo bisous ans annees hectares",
    "tonnes kg litres khatra khatrat marra merra salam chokr chukr نسمه مشترك شخص شاب ساكن جزايري",
    "مواطن متر كلم مره شكر صحه مبروك تحيه سلام مستفيد موسسه منصب سكن عامل زبون خطره سنه عام رحمه",
    "mabrouk sa7a saha khir bou9ala ham",
)
_MONEY = _set(
    "credit credits kridi kredi pret prets apport apports montant somme budget prix cout coute",
    "emprunter emprunt financement facture salaire versement verser payer paye paie 9ard qard",
    "plafond coutent aide قرض القرض كريدي الكريدي مبلغ المبلغ بمبلغ ثمن سعر تكلفه ميزانيه مساهمه",
    "المساهمه سلفه السلفه فاتوره راتب شهريه ندفع نحط نخلص يكلف تكلف قيمه بقيمه قيمته mablagh n7ot",
    "nhot nekhlas nkhales drahem دراهم تمويل التمويل",
)
_GLUED = re.compile(r"(?:و?[بلفك]|و|[bwlf])(?=.{2})")
_FIGURE = re.compile(r"\d{5}|\d[ .,]\d{3}(?!\d)")
_TAILED = re.compile(r"([bwlf]?)(\d+)([^\W\d_]*)")
_TRIGGERS = frozenset(_SCALES) | frozenset(_WORTH) | frozenset(_WITH_UNIT) | {"ج"}
_OPENERS = _TRIGGERS | {
    prefix + word
    for word in _LONE
    for prefix in ("bwlf" if word.isascii() else ("ب", "ل", "ف", "و", "ك", "وب", "ول"))
}
_STARTS = NUMBER_WORDS | _SCALES.keys() | _HALVES.keys()
_DIGIT_TAIL = re.compile(r"\d(?:[^\W\d_])")
_THOUSANDS = frozenset((" ", ".", ",", "'", "٬"))
_DECIMALS = frozenset((".", ",", "٫"))
_FEWEST = 10_000


class _Figure(NamedTuple):
    value: Fraction
    after: int
    grouped: str
    """The separator of thousands, when there is one group after it only."""


class _Sum(NamedTuple):
    """A number with its scales: its value, the largest scale, and the index after it."""

    value: Fraction
    scale: int
    after: int


def find_amounts(text: str) -> list[Found]:
    """Return the amounts of money in `text`, in whole dinars."""
    folded, offsets = fold(text)
    found = words(folded)
    if (
        _OPENERS.isdisjoint(word.text for word in found)
        and not _FIGURE.search(folded)
        and not _DIGIT_TAIL.search(folded)
    ):
        return []
    tokens = list(_tokens(found))
    amounts = []
    index = 0
    while index < len(tokens):
        first = tokens[index].text
        may = first in _STARTS or first.isdecimal()
        amount = _read(folded, tokens, index) if may else None
        if amount is None:
            index += 1
            continue
        value, candidates, after = amount
        span = source_span(text, offsets, tokens[index].start, tokens[after - 1].end)
        amounts.append(Found("amount", value, *span, candidates))
        index = after
    return amounts


def _tokens(found: Sequence[Word]) -> Iterator[Word]:
    """Yield the words, what runs into a number or a scale apart: بمليون, ونص, 5mlayen, b500."""
    for word in found:
        known = word.text in NUMBER_WORDS or word.text in _SCALES or word.text in _HALVES
        tailed = None if known else _TAILED.fullmatch(word.text)
        glued = None if known or tailed else _GLUED.match(word.text)
        if tailed and (not tailed[3] or tailed[3] in _TAILS):
            yield Word(tailed[2], word.start + tailed.start(2), word.start + tailed.end(2))
            if tailed[3]:
                yield Word(tailed[3], word.start + tailed.start(3), word.end)
        elif glued and _is_number(word.text[glued.end() :]):
            cut = glued.end()
            if word.text[0] in "وw":
                yield Word("و", word.start, word.start + 1)
            yield Word(word.text[cut:], word.start + cut, word.end)
        else:
            yield word


def _is_number(text: str) -> bool:
    return text in NUMBER_WORDS or text in _LONE or text in _HALVES


def _read(
    folded: str, tokens: Sequence[Word], index: int
) -> tuple[int, tuple[str, ...], int] | None:
    """Return the amount at `index`: its value, its candidates and the index after it."""
    number = _sum(folded, tokens, index)
    if number is None or number.value > _MOST:
        return None
    unit = _unit(folded, tokens, number.after)
    if unit:
        worth, after = unit
        dinars = int(number.value * worth)
        return (dinars, (), after) if dinars else None
    if number.scale == 1:
        bare = _is_bare_amount(folded, tokens, index, number)
        return (int(number.value), (), number.after) if bare else None
    if _counts_other(tokens, index, number):
        return None
    if tokens[number.after - 1].text in _BRIQUES:
        return int(number.value / 100), (), number.after
    spoken, literal = int(number.value / 100), int(number.value)
    return (spoken, (str(spoken), str(literal)), number.after) if spoken else None


def _sum(folded: str, tokens: Sequence[Word], index: int) -> _Sum | None:
    """Return the number at `index`, its parts added up: « 1 milliard 200 millions », مليون ونص."""
    total = _part(folded, tokens, index)
    if total is None:
        return None
    scale = total.scale
    while total.scale > 1 and total.after < len(tokens):
        joined = tokens[total.after].text in _AND
        start = total.after + joined
        text = _text(tokens, start)
        half = _HALVES.get(text) if joined and _text(tokens, start + 1) not in _SCALES else None
        if half:
            return _Sum(total.value + half * total.scale, scale, start + 1)
        part = _part(folded, tokens, start)
        if part is None or part.scale >= total.scale:
            break
        value = part.value
        if part.scale == 1 and total.scale > _THOUSAND:
            # « un milliard deux cents » and مليار وميتين leave the last scale out.
            spoken = joined or total.scale == _MILLIARD
            if not (spoken and 100 <= value < 1000) or _unit(folded, tokens, part.after):
                break
            value *= total.scale // 1000
        elif part.scale == 1 and not (joined or tokens[start].text in NUMBER_WORDS):
            break
        total = _Sum(total.value + value, part.scale, part.after)
    return _Sum(total.value, scale, total.after)


def _part(folded: str, tokens: Sequence[Word], index: int) -> _Sum | None:
    """Return a number with at most one scale: « 5 millions », نص مليار, مليونين, 500."""
    text = _text(tokens, index)
    start = (
        index + 1 if text in ("un", "une", "1") and _text(tokens, index + 1) == "demi" else index
    )
    half, following = _HALVES.get(_text(tokens, start)), _text(tokens, start + 1)
    if half and _SCALES.get(following, 1) > 1 and following in _SINGULAR:
        return _Sum(half * _SCALES[following], _SCALES[following], start + 2)
    if text in _LONE:
        return _Sum(Fraction(_LONE[text] * _SCALES[text]), _SCALES[text], index + 1)
    figure = _figure(folded, tokens, index)
    if figure is None:
        read = read_hundreds(tokens, index)
        if read is None:
            return _Sum(Fraction(_THOUSAND), _THOUSAND, index + 1) if text == "mille" else None
        figure = _Figure(Fraction(read[0]), read[1], "")
    value, after, grouped = figure
    scale = _SCALES.get(_text(tokens, after), 1)
    if scale == 1:
        return _Sum(value, 1, after)
    if scale > _THOUSAND and grouped in _DECIMALS:
        value /= 1000  # « 1.500 milliard »
    return _Sum(value * scale, scale, after + 1)


def _figure(folded: str, tokens: Sequence[Word], index: int) -> _Figure | None:
    """Return the number in digits at `index`: 500 000, 500.000, 1,5."""
    first = _text(tokens, index)
    if not first.isdecimal() or len(first) > 13 or (first[0] == "0" and first != "0"):
        return None
    if index and tokens[index - 1].text.isdecimal():
        gap = folded[tokens[index - 1].end : tokens[index].start]
        if len(gap) == 1 and gap not in " ;":
            return None  # the middle of something else
    value, after, groups, separator = Fraction(int(first)), index + 1, 0, ""
    while _text(tokens, after).isdecimal() and len(_text(tokens, after)) <= 3:
        gap = folded[tokens[after - 1].end : tokens[after].start]
        text = tokens[after].text
        if len(text) == 3 and gap in _THOUSANDS and gap == (separator or gap) and len(first) <= 3:
            value, after, groups, separator = value * 1000 + int(text), after + 1, groups + 1, gap
        elif gap in _DECIMALS:
            return _Figure(value + Fraction(int(text), 10 ** len(text)), after + 1, "")
        else:
            break
    return _Figure(value, after, separator if groups == 1 else "")


def _unit(folded: str, tokens: Sequence[Word], index: int) -> tuple[Fraction, int] | None:
    """Return what one of the unit at `index` is worth in dinars, and the index after it."""
    text, following = _text(tokens, index), _text(tokens, index + 1)
    if text in _WORTH:
        return _WORTH[text], index + 1
    if text in _WITH_UNIT:
        return Fraction(_WITH_UNIT[text]), index + 1
    if text in _LETTERS and following in _DINARS:
        return Fraction(_LETTERS[text]), index + 2
    if (text, following) in (("د", "ج"), ("d", "a")):
        gap = folded[tokens[index].end : tokens[index + 1].start]
        return (Fraction(1), index + 2) if gap in (".", "") else None
    if text in _OF and following in _WORTH:
        return _WORTH[following], index + 2
    bare = text.removeprefix("بال").removeprefix("ال")
    return (_WORTH[bare], index + 1) if bare in _WORTH else None


def _counts_other(tokens: Sequence[Word], index: int, number: _Sum) -> bool:
    """Return whether a number without a unit is no amount: thanks, people, a year, a question."""
    lone = tokens[index].text in _SCALES
    if lone and number.scale == _THOUSAND:
        return True
    if 1900 <= number.value < 2100:
        return True
    before = [token.text for token in tokens[max(0, index - 2) : index]]
    if before and before[-1] in _FROM:
        before.pop()
    if lone and before and before[-1] in _ASKING:
        return True
    return _counted(tokens, number.after)


def _counted(tokens: Sequence[Word], index: int) -> bool:
    following = _text(tokens, index)
    if following in _OF:
        following = _text(tokens, index + 1)
    return following in _COUNTED or following in _FOREIGN or following.startswith("جزايري")


def _is_bare_amount(folded: str, tokens: Sequence[Word], index: int, number: _Sum) -> bool:
    """Return whether a figure without unit or scale is an amount all the same."""
    round_one = number.value >= _FEWEST and number.value % 100 == 0
    if not round_one or not tokens[index].text.isdecimal() or _counted(tokens, number.after):
        return False
    end = tokens[number.after - 1].end
    if folded[end : end + 2].strip()[:1] in tuple("%٪/-€$"):
        return False
    before = {token.text.removeprefix("l") for token in tokens[max(0, index - 4) : index]}
    return not _MONEY.isdisjoint(before)


def _text(tokens: Sequence[Word], index: int) -> str:
    return tokens[index].text if index < len(tokens) else ""

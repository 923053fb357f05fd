"""Birth dates and ages as people write them.

Day before month, as in Algeria; numerals of both kinds; months by number or by their names in
French, Arabic and Arabizi. Years of two digits are of the last hundred years.
"""

from __future__ import annotations

import datetime as dt
import functools
import re

from babel.dates import get_month_names

from actions.digits import latin_digits
from bot.forms.fields import Given, Reading, Wrong
from bot.questions import plain
from bot.text import Text, _

OLDEST_BELIEVED = 110
#: Nobody younger writes of themselves here: fewer years, said in passing, are years of something.
YOUNGEST_IN_PASSING = 12
#: Babel's Arabic months of Algeria, and those of the neighbours that people also use.
_LOCALES = ("fr_DZ", "ar_DZ", "ar_EG", "ar_SY", "ar_MA", "en")
_AS_TYPED = (
    *(
        "janfi|janvi|yanayer",
        "fivri|fevri|fibrayer",
        "mares|maris",
        "avri|abril|ibril",
        "mey|mayou",
    ),
    *("jwan|jouan|younyou", "jwilya|jouilia|youlyou", "out|aout|ghocht", "septambre|sebtambar"),
    *("oktobr|octobr|oktober", "nouvember|novambre", "dicembre|desember"),
)
_SHORT = ("janv", "fevr|fev", "", "avr", "", "", "juil", "", "sept", "oct", "nov", "dec")
_SEPARATED = re.compile(
    r"(?<![\d/.\-])(\d{1,2})\s?[/.\-\s]\s?(\d{1,2})\s?[/.\-\s]\s?(\d{4}|\d{2})(?![\d/\-])"
)
_ISO = re.compile(r"(?<![\d/.\-])((?:19|20)\d\d)\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{1,2})(?!\d)")
_FIRST = re.compile(r"\b(?:premier|الاول|اول)\b")
_DAY_AND_MONTH = re.compile(r"\D{0,12}\d{1,2}\s?[/.\-]\s?\d{1,2}\s*")
_UNIT = r"(?:ans?|sna|sana|3am|سنة|سنه|عام|عاما|سنين|سنوات)(?![^\W\d])"
_YEARS = re.compile(
    rf"(\d{{1,3}})\s?{_UNIT}"
    r"|(?:عمري|سني|3omri|3amri|omri|age|j\W?ai)\s*(?:فيه|fih|:)?\s*(\d{1,3})(?!\d|[/.\-]\d)",
    re.IGNORECASE,
)
_BORN_IN = re.compile(
    r"\b(?:n[ée]e?|naissance|born|z[ea]dt|mawlou?da?|ولدت|مولود[ةه]?|مواليد|زدت|الميلاد|الازدياد)"
    r"(?:\s+(?:en|in|l\W?année|f|fi|في|ف|عام|سنة|3am|3ام))*\s*:?\s*(\d{4}|\d{2})"
    rf"(?!\d|\s?[/.\-]\s?\d|\s?{_UNIT})",
    re.IGNORECASE,
)
#: Years that are no age of the person's: gone by, spent at a trade, or somebody else's.
_NOT_THEIRS = re.compile(
    r"(?:il y a|depuis|pendant|durant|[çc]a fait|منذ|لمدة|قبل|خبرة|خبره|khebra|khibra"
    rf"|exp[ée]rience)\W*(?:de\s|d[’'])?\d{{1,3}}\s?{_UNIT}"
    rf"|\d{{1,3}}\s?{_UNIT}\s*(?:(?:d\W?|de |min |من |تاع )?(?:l\W?|ال)?(?:exp|خبر|kh[ei]bra)"
    r"|de m[ée]tier|de travail|de pratique|dans l|f la |fel )"
    r"|(?:(?:mon|ma|mes|son|sa) (?:petite? |grande? )?(?:fr[èe]re|s(?:oe|œ)ur|fils|fille|p[èe]re"
    r"|m[èe]re|mari|femme|ami|cousin)|khouya|khoya|khti|weldi|bent[iy]|خويا|أخي|اخي|ختي|أختي|ولدي"
    r"|ابني|بنتي|ابنتي|زوجي|زوجتي|راجلي|مرتي|أبي|أمي)(?![^\W\d])[^,،;\n]*",
    re.IGNORECASE,
)
_PRESUMED = re.compile(r"pr[ée]sum|خلال|مفترض", re.IGNORECASE)

_DAYS_TO_COME = frozenset(
    plain(word)
    for word in (
        "demain",
        "après-demain",
        "غدا",
        "غدوة",
        "غدوا",
        "بعد غد",
        "ghodwa",
        "ghdwa",
        "tomorrow",
    )
)

IMPOSSIBLE = _("That date does not exist. Write it like this: 14/05/1993.")
TO_COME = _("That date is yet to come. When were you born? For example: 14/05/1993.")
TOO_LONG_AGO = _("That is too long ago to be true. When were you born? For example: 14/05/1993.")
WHOLE = _("Write the whole date, for example: 14/05/1993. Or skip it.")
PRESUMED = _("Without the day and the month, tell me your age instead, for example: 25.")
#: Nobody this young writes; it is a number meant for something else.
FEWEST_YEARS = 10
UNREAD = _("I need your date of birth, for example: 14/05/1993. Your age alone is fine too.")


def find(given: Given) -> Reading:
    """Return the birth date, or else the age, that a text states anywhere in it."""
    date = birth_date(_own(given.text), given.today)
    if isinstance(date, dt.date):
        return {"born": date.isoformat()}
    if isinstance(date, Wrong):
        return None
    age = _stated_age(given)
    believed = age is not None and YOUNGEST_IN_PASSING <= age <= OLDEST_BELIEVED
    return {"born": age} if believed else None


def read(given: Given) -> Reading:
    """Read a text as the answer to "when were you born?": a date, a year's digits, or an age."""
    text = _own(given.text)
    run = re.fullmatch(r"\s*(\d\d)(\d\d)(\d{4}|\d\d)\s*", text)
    date = birth_date("/".join(run.groups()) if run else text, given.today)
    date = date or _date_in_words(given)
    if isinstance(date, dt.date):
        return {"born": date.isoformat()}
    if isinstance(date, Wrong):
        return date
    unfinished = _unfinished(text, given.today)
    if unfinished:
        return Wrong(unfinished)
    age = _stated_age(given)
    if age is None and re.fullmatch(r"\D{0,12}\d{1,3}\D{0,12}", text):
        age = int(re.sub(r"\D", "", text))
    if not age or age < FEWEST_YEARS:
        return None  # a choice of something else, or nothing at all
    return {"born": age} if age <= OLDEST_BELIEVED else Wrong(TOO_LONG_AGO)


def _unfinished(text: str, today: dt.date) -> Text | None:
    """Say what is missing in a part of a date, or None when a text is no part of one."""
    year = re.fullmatch(r"\D{0,20}([12]\d{3})\D{0,3}", text) or _BORN_IN.search(text)
    if year:
        return (
            PRESUMED if _PRESUMED.search(text) else _year_alone(_whole(int(year[1]), today), today)
        )
    if _DAY_AND_MONTH.fullmatch(text) or _without_year().search(_plain(text)):
        return _("And the year? For example: 14/05/1993.")
    return TO_COME if plain(text) in _DAYS_TO_COME else None


def _year_alone(year: int, today: dt.date) -> Text:
    """Say what a lone year leaves open, or why it can't be."""
    if year > today.year:
        return TO_COME
    if today.year - year > OLDEST_BELIEVED:
        return TOO_LONG_AGO
    return _("And the day and the month? For example: 14/05/1993.")


def read_date(given: Given) -> Reading:
    """Read a text as a whole birth date, when the age is known already."""
    reading = read(given)
    if isinstance(reading, dict) and isinstance(reading.get("born"), str):
        return {"birth_date": reading["born"]}
    return reading if isinstance(reading, Wrong) and reading.why != PRESUMED else None


def birth_date(text: str, today: dt.date) -> dt.date | Wrong | None:
    """Return the birth date a text holds, why it can't be one, or None when it holds no date."""
    text = latin_digits(text)
    parts = _numbers(text) or _named(text)
    if parts is None:
        return None
    year, month, day = parts
    try:
        date = dt.date(_whole(year, today), month, day)
    except ValueError:
        return Wrong(IMPOSSIBLE)
    if date >= today:
        return Wrong(TO_COME)
    return date if today.year - date.year <= OLDEST_BELIEVED else Wrong(TOO_LONG_AGO)


def _whole(year: int, today: dt.date) -> int:
    """Return a year that may be written by its last two digits."""
    if year >= 100:
        return year
    return year + (2000 if year <= today.year % 100 else 1900)


def _own(text: str) -> str:
    """Return a text with Latin digits, and blanks where years are not an age of the person's."""
    return _NOT_THEIRS.sub(lambda found: " " * len(found[0]), latin_digits(text))


def _plain(text: str) -> str:
    return _FIRST.sub("1", plain(text))


def _numbers(text: str) -> tuple[int, int, int] | None:
    iso = _ISO.search(text)
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3])
    found = _SEPARATED.search(text)
    return (int(found[3]), int(found[2]), int(found[1])) if found else None


def _named(text: str) -> tuple[int, int, int] | None:
    found = _with_month_names().search(_plain(text))
    if found is None:
        return None
    return int(found["year"]), _months()[found["month"]], int(found["day"])


def _date_in_words(given: Given) -> dt.date | None:
    """Return the day that Rasa heard, when somebody who writes here may be born on it."""
    heard = next((str(e.value) for e in given.heard.entities if e.name == "date"), "")
    try:
        date = dt.date.fromisoformat(heard)
    except ValueError:
        return None
    years = given.today.year - date.year
    return date if YOUNGEST_IN_PASSING <= years <= OLDEST_BELIEVED else None


def _stated_age(given: Given) -> int | None:
    text = _own(given.text)
    text = _BORN_IN.sub(lambda found: " " * len(found[0]), text)
    ages = (e for e in given.heard.entities if e.name == "age")
    heard = next((int(e.value) for e in ages if text[e.start : e.end].strip()), None)
    if heard is not None:
        return heard
    found = _YEARS.search(text)
    return int(found[1] or found[2]) if found else None


@functools.cache
def _months() -> dict[str, int]:
    """Return every spelling of a month's name, and its number."""
    names: dict[str, int] = {}
    for locale in _LOCALES:
        for number, name in get_month_names("wide", locale=locale).items():
            names[plain(name)] = number
    for spellings in (_AS_TYPED, _SHORT):
        for number, spelling in enumerate(spellings, start=1):
            names.update({one: number for one in spelling.split("|") if one})
    return names


@functools.cache
def _with_month_names() -> re.Pattern[str]:
    return re.compile(rf"{_day_and_month()}\s?(?:سنه |عام |de )?(?P<year>\d{{4}}|\d{{2}})(?!\d)")


@functools.cache
def _without_year() -> re.Pattern[str]:
    return re.compile(rf"{_day_and_month()}$")


def _day_and_month() -> str:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return rf"(?<!\d)(?P<day>\d{{1,2}})\s?(?:er)?\s?(?:من |شهر |de )?(?P<month>{names})"

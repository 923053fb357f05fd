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
_YEARS = re.compile(
    r"(\d{1,3})\s?(?:ans?|sna|sana|3am|سنة|سنه|عام|عاما|سنين|سنوات)(?![^\W\d])"
    r"|(?:عمري|سني|3omri|3amri|omri|age|j\W?ai)\s*(?:فيه|fih|:)?\s*(\d{1,3})(?!\d|[/.\-]\d)"
)

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

IMPOSSIBLE = _("That date does not exist. Write it like this: 14/05/1999.")
TO_COME = _("That date is yet to come. When were you born? For example: 14/05/1999.")
TOO_LONG_AGO = _("That is too long ago to be true. When were you born? For example: 14/05/1999.")
WHOLE = _("Write the whole date, for example: 14/05/1999. Or skip it.")
UNREAD = _("I need your date of birth, for example: 14/05/1999. Your age alone is fine too.")


def find(given: Given) -> Reading:
    """Return the birth date, or else the age, that a text states anywhere in it."""
    date = birth_date(given.text, given.today)
    if isinstance(date, dt.date):
        return {"born": date.isoformat()}
    if isinstance(date, Wrong):
        return None
    age = _stated_age(given)
    return {"born": age} if age is not None and age <= OLDEST_BELIEVED else None


def read(given: Given) -> Reading:
    """Read a text as the answer to "when were you born?": a date, a year's digits, or an age."""
    text = latin_digits(given.text)
    bare = re.sub(r"\D", "", text)
    if re.fullmatch(r"\s*\d{8}\s*", text):
        text = f"{bare[:2]}/{bare[2:4]}/{bare[4:]}"
    date = birth_date(text, given.today)
    if isinstance(date, dt.date):
        return {"born": date.isoformat()}
    if isinstance(date, Wrong):
        return date
    age = _stated_age(given)
    if age is None and re.fullmatch(r"\D{0,12}\d{1,3}\D{0,12}", text):
        age = int(bare)
    year = re.fullmatch(r"\D{0,12}([12]\d{3})\D{0,3}", text)
    if age is None and year:
        return Wrong(_year_alone(int(year[1]), given.today))
    if age is None and plain(text) in _DAYS_TO_COME:
        return Wrong(TO_COME)
    if age is None:
        return None
    return {"born": age} if age <= OLDEST_BELIEVED else Wrong(TOO_LONG_AGO)


def _year_alone(year: int, today: dt.date) -> Text:
    """Say what a lone year leaves open, or why it can't be."""
    if year > today.year:
        return TO_COME
    if today.year - year > OLDEST_BELIEVED:
        return TOO_LONG_AGO
    return _("And the day and the month? For example: 14/05/1999.")


def read_date(given: Given) -> Reading:
    """Read a text as a whole birth date, when the age is known already."""
    reading = read(given)
    if isinstance(reading, dict) and isinstance(reading.get("born"), str):
        return {"birth_date": reading["born"]}
    return reading if isinstance(reading, Wrong) else None


def birth_date(text: str, today: dt.date) -> dt.date | Wrong | None:
    """Return the birth date a text holds, why it can't be one, or None when it holds no date."""
    text = latin_digits(text)
    parts = _numbers(text) or _named(text)
    if parts is None:
        return None
    year, month, day = parts
    if year < 100:
        year += 2000 if year <= today.year % 100 else 1900
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return Wrong(IMPOSSIBLE)
    if date >= today:
        return Wrong(TO_COME)
    return date if today.year - date.year <= OLDEST_BELIEVED else Wrong(TOO_LONG_AGO)


def _numbers(text: str) -> tuple[int, int, int] | None:
    iso = _ISO.search(text)
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3])
    found = _SEPARATED.search(text)
    return (int(found[3]), int(found[2]), int(found[1])) if found else None


def _named(text: str) -> tuple[int, int, int] | None:
    found = _with_month_names().search(plain(text))
    if found is None:
        return None
    return int(found["year"]), _months()[found["month"]], int(found["day"])


def _stated_age(given: Given) -> int | None:
    heard = next((int(e.value) for e in given.heard.entities if e.name == "age"), None)
    if heard is not None:
        return heard
    found = _YEARS.search(latin_digits(given.text).casefold())
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
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    return re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:er)?\s(?:من |شهر |de )?(?P<month>{names})\s"
        r"(?:سنه |عام |de )?(?P<year>\d{4}|\d{2})(?!\d)"
    )

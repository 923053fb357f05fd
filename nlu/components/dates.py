"""Dates in a message. There is no clock here, so what depends on today stays a word.

Values, after ISO 8601: `YYYY-MM-DD` for a full date, `--MM-DD` for a day and a month without a
year, `YYYY` for a year of birth; `today`, `tomorrow`, `after_tomorrow`; `weekday-N`, N from 1
(Monday) to 7 (Sunday). Two of them parted by a solidus are an interval, both days in it
(`--10-05/--10-08`, `weekday-7/weekday-2`); a day that has no month stands in intervals only, as
`---DD`. Day comes before month, as in Algeria. A month alone gives nothing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence

from nlu.components.found import Found
from nlu.components.numbers import read_number, read_ordinal
from nlu.components.spelling import Word, fold, source_span, words

Span = tuple[int, int, str]
"""Where a date stands in the folded text, and its value."""

# French, English, Algerian and, in Arabic letters, the names of the Gulf and Egypt, of the Levant
# and of Morocco (Unicode CLDR, ar, ar_DZ, ar_LB, ar_MA), with the spellings people type.
_MONTHS = (
    "janvier|janv|jan|janvi|janvie|janfi|janfie|january|yanayer|ynayer|جانفي|جنفي|يناير|"
    "كانون الثاني",
    "fevrier|fevr|fev|fevri|fevrie|fivri|fivrie|february|fibrayer|فيفري|فبراير|شباط",
    "mars|mares|march|مارس|اذار",
    "avril|avrile|avr|avri|april|afril|abril|ibril|افريل|ابريل|نيسان",
    "mai|may|mey|mayo|ماي|مايو|ايار",
    "juin|jwan|jwin|jouan|jouen|juan|june|younyou|جوان|يونيو|يونيه|حزيران",
    "juillet|juil|juilet|jullet|juille|juiller|jwilya|jwiliya|jwilia|juilliet|jouilia|jouilya|july|"
    "youlyou|جويليه|جويليا|جويلي|جوليت|يوليو|يوليه|يوليوز|تموز",
    "aout|aoute|out|oot|ut|august|ghoucht|اوت|اغسطس|غشت|اب",
    "septembre|sept|sep|septembr|septombre|septenbre|september|sebtember|sebtembr|سبتمبر|سبتامبر|"
    "سيبتمبر|ايلول|شتنبر|شتمبر",
    "octobre|oct|octobr|oktobre|oktobr|oktober|october|اكتوبر|اوكتوبر|تشرين الاول",
    "novembre|nov|novembr|novenbre|nouvember|nouvembre|november|nofember|نوفمبر|نونبر|تشرين الثاني",
    "decembre|dec|decembr|decenbre|desembre|dessembre|dicembre|disember|december|ديسمبر|دسمبر|"
    "دجنبر|دجمبر|كانون الاول",
)
_MONTH_OF = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_NAMES = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_FIRST = ("1er", "premier", "اول", "الفاتح", "فاتح")
_NUMBER = rf"\d{{1,2}}|{'|'.join(_FIRST)}"
_OF = r"(?:من |de |d'|ta3 |تاع |شهر |mois de |chhar )?"
_YEAR = r"(?:[\s\-/]{0,2}(?:سنه |عام |3am |ta3 |de )?(?P<year>\d{4}|[6-9]\d(?=\s*(?:$|[^\w\s%]))))?"
_NAMED_MONTH = rf"{_OF}\s?(?P<name>{_NAMES})(?![^\W_])\.?{_YEAR}(?!\d)"
_FULL = re.compile(
    r"(?<![\d/.\-])(?P<day>\d{1,2})\s?(?P<sep>[/.\-])\s?(?P<month>\d{1,2})\s?(?P=sep)\s?"
    r"(?P<year>\d{4}|\d{2})(?![\d/\-]|\.\d)"
)
_ISO = re.compile(
    r"(?<![\d/.\-])(?P<year>(?:19|20)\d\d)(?P<sep>[/.\-])(?P<month>\d{1,2})(?P=sep)"
    r"(?P<day>\d{1,2})(?![\d/\-]|\.\d)"
)
_SPACED = re.compile(
    r"(?<![\d/.,\-])(?<!\d )(?P<day>\d{1,2}) (?P<month>\d{1,2}) (?P<year>(?:19|20)\d\d)(?! ?\d)"
)
_NAMED = re.compile(
    rf"(?<![\d/.,])(?<!\d )(?P<day>{_NUMBER})\s?(?:er)?[\s\-./]{{0,3}}{_NAMED_MONTH}"
)
_MONTH = re.compile(_NAMED_MONTH)
_NUMBERED = re.compile(
    r"(?<![\d/.,\-])(?<!\d )(?P<day>\d{1,2}) (?:شهر|chhar|chahr|ch'har|shhar) "
    r"(?P<month>\d{1,2})(?: (?P<year>(?:19|20)\d\d))?(?!\d)"
)
_SHORT = re.compile(
    r"(?P<cue>(?:\b(?:le|du|au|jusqu'au|des|nhar|youm|yom)|يوم|نهار|اليوم)\s)?"
    r"(?<![\d/.\-])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/%]|[.,]\d)"
)
_BORN = re.compile(
    r"(?<![^\W_])(?:nee?s?|ne\(e\)|[vfbw]?zadt|zedt|tzadt|tzadit|zaye?da?|naissance|mawlid|mawalid|"
    r"mewalid|mawloud|mouloud|mwalid|mewloud|khla9t|kh?le9t|born|"
    r"و?(?:ال)?مواليد|(?:ال)?مولود|(?:ال)?مولوده|ازداد|ازديت|تزاديت|زدت|زايد|زايده|خلقت|ولدت|"
    r"(?:تاريخ )?(?:ال)?ميلاد[يه]?)(?![^\W_])"
    r"(?:[\s:,'-]{1,3}(?:en|l'?an|l'?annee|annee|in|f|fi|fel|3am|ta3|sanat|date|de|في|ف|سنه|عام|تاع|"
    r"من|شهر|هو|est|le|ana|انا)(?![^\W_])){0,5}[\s:,'-]{0,3}(?P<year>(?:19|20)\d\d|\d\d)"
    r"(?![^\W_]|[/.\-]\d| (?:ans?|سنه|عام|sna)(?![^\W_]))"
)
_RELATIVE = (
    (
        "after_tomorrow",
        r"(?:apres|apre|apr)[ -](?:demain|2m1|dm1|dmain)|بعد (?:ال)?غدو?[اهي]?|غير غدو[اه]|"
        r"(?:ba3d|ghir) gh?[aeo]?(?:dwa|doua|dwe)",
    ),
    (
        "tomorrow",
        r"demain|2m1|dm1|dmain|2main|demin|غدا|[لوف]?غدو[اه]|gh[aeou]?dwa|gh[aeou]?doua|gh[ae]?dwe",
    ),
    (
        "today",
        r"aujour ?d ?'? ?hui|aujourdhui|ojourd'?hui|oj[ou]*rdui|auj|ajd|"
        r"(?:ل|ال)يوم(?! (?:ال(?:اول|ثاني|موالي|تالي|اعلامي|تحسيسي|دراسي|وطني|مفتوح)|نفسه))|"
        r"lyou?m|elyou?m|el you?m|lyuma|ليومه",
    ),
)
# Names of weekdays: those that say nothing else, then those that are numbers or other words too,
# which count after « day » and in intervals only.
_WEEKDAYS = (
    (
        "lundi|الاثنين|الاتنين",
        "لاثنين|لتنين|التنين|اثنين|الثنين|لثنين|letnin|tnin|etnin|tenin|lethnin",
    ),
    ("mardi|الثلاثا", "لثلاثا|الثلاث|الثلاثه|ثلاثا|التلاتا|tlata|ettlata|tleta|letlata|etlata"),
    (
        "mercredi|mercredy|الاربعا",
        "لربعا|لاربعا|الاربعه|اربعا|larb3a|arb3a|larbaa|lerb3a",
    ),
    ("jeudi|الخميس|lkhmis", "لخميس|خميس|khmis|el khmis|lekhmis"),
    (
        "vendredi|vendrdi|vandredi|الجمعه|ljem3a|ljom3a|ldjem3a|jem3a",
        "لجمعه|جمعه|djem3a|el jem3a|jom3a",
    ),
    ("samedi|samdi|السبت|essebt", "لسبت|سبت|sebt|sabt|el sebt"),
    ("dimanche|dimanch|الاحد|l7ed", "لحد|احد|الحد|lhed|elhed|had|hed|7ed|el 7ed"),
)
_SURE = frozenset(name for sure, _ in _WEEKDAYS for name in sure.split("|"))
_WEEKDAY_OF = {
    name: n for n, names in enumerate(_WEEKDAYS, 1) for name in "|".join(names).split("|")
}
_WEEKDAY = "|".join(sorted(_WEEKDAY_OF, key=len, reverse=True))
_DAYWORD = r"(?:يوم|نهار|نهارت|nhar|nhart|youm|yom|ness? nhar)"
_WORDS = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(f"(?P<{value}>{pattern})" for value, pattern in _RELATIVE)
    + "".join(
        f"|(?P<weekday_{n}>[وف]?(?:{sure}|{_DAYWORD} ?(?:{unsure})))"
        for n, (sure, unsure) in enumerate(_WEEKDAYS, 1)
    )
    + r")(?![^\W_])"
)

# Intervals. « et » and « و » make one after « between » only: « le 5 et le 8 » are two days.
_UNTIL = (
    r"(?:\s?[-–—~]\s?|\s(?:a|au|jusqu'au|jusqu'a|jusquau|jusqua|juska|l|li|ila|lel|hata|hatta|"
    r"hetta|7ata|7atta|7etta|hta|7ta|الي|ل|لل|حتي|لغايه|الي غايه)\s|\sل(?=\d))"
)
_LINK = rf"(?:{_UNTIL}|(?P<and>\s(?:(?:et|w|o|و)\s|و(?=\w))))"
_THE = rf"(?:le |l'|{_DAYWORD} )?"
_OPENED = (
    r"(?<![^\W_])(?P<opened>(?P<between>entre|bin|bine|bayn|beyn|mabin|بين|ما بين)|"
    r"du|de|d|des|depuis|men|mn|min|من|ابتدا من)[\s']\s?"
)
_DATED = rf"(?:(?:{_WEEKDAY}) )?"
_FROM_DAY = re.compile(
    rf"(?:{_OPENED}{_THE})?(?P<from>{_DATED}(?<![^\W_])(?<!\d[.,/\-])(?P<day>{_NUMBER}))"
    rf"\s?{_LINK}\s?{_THE}{_DATED}$"
)
_UNIT = (
    r"(?:[%٪°x€$]|h\d*|heures?|ans?|annees?|jours?|mois|semaines?|minutes?|pour ?cent|m2|km|da|"
    r"dinars?|mill\w*|mlayen|melyoun|alf|personnes?|sna|sn[ei]n|3am|chhour|iyam|سنه|سنوات|سنين|"
    r"عام\w?|اعوام|اشهر|شهور|شهرا|ايام|يوما|ساعه|ساعات|مليون|ملايين|الف|دج|دينار|بالميه)"
)
_DAYS = re.compile(
    rf"{_OPENED}(?P<the>{_THE})(?P<from>{_DATED}(?P<first>\d{{1,2}}|1er))"
    rf"\s?{_LINK}\s?{_THE}{_DATED}(?P<day>\d{{1,2}})"
    rf"(?![^\W_]|[/.\-,:]\d|\s?(?:\d|{_UNIT}(?![^\W_])))"
)
_WEEKDAYS_LINKED = re.compile(
    rf"(?:{_OPENED})?(?P<the>{_THE})(?<![^\W_])(?P<first>{_WEEKDAY})"
    rf"(?:{_LINK}|\sلل?(?=\w)){_THE}(?P<day>{_WEEKDAY})(?![^\W_])"
)
_GAP = re.compile(rf"{_LINK}\s?{_THE}")
_OPEN = re.compile(rf"{_OPENED}{_THE}$")
# Streets, squares and stadiums bear the names of dates: « stade du 5 juillet », حي 5 جويلية.
_PLACE = re.compile(
    r"(?<![^\W_])(?:rue|stade|cite|place|boulevard|bd|avenue|lycee|cem|ecole|quartier|hay|hai|salle|"
    r"hopital|universite|(?:ال|بال|لل|[لبف])?(?:حي|شارع|ملعب|ساحه|نهج|ثانويه|مدرسه))"
    r"\s(?:du |de |le |d'|ta3 |تاع )?$"
)
_HAS_NUMBER = re.compile(r"\d|premier|اول|فاتح")
_LEAP = 2024
_NEAR = 40
_MOST = 32


def find_dates(text: str) -> list[Found]:
    """Return the dates in `text`, in the forms the module names, an interval as one."""
    folded, offsets = fold(text)
    spans = [*_in_words(folded, offsets, text), *_days_in_words(folded)]
    if _HAS_NUMBER.search(folded):
        spans += _in_digits(folded)
    spans = _apart([*spans, *_intervals(folded, spans)])
    return [
        Found("date", value, *source_span(text, offsets, start, end))
        for start, end, value in _joined(folded, spans)
    ]


def _in_words(folded: str, offsets: Sequence[int], text: str) -> Iterator[Span]:
    for match in _WORDS.finditer(folded):
        value = str(match.lastgroup).replace("weekday_", "weekday-")
        if value == "tomorrow" and text.startswith("ء", offsets[match.end()] - 1):
            continue  # غداء, lunch
        yield match.start(), match.end(), value


def _days_in_words(folded: str) -> Iterator[Span]:
    """Yield « cinq octobre », خمسة أكتوبر."""
    found = words(folded)
    for index, word in enumerate(found):
        if index and word.text in _MONTH_OF:
            month = _MONTH.match(folded, word.start)
            day = _day_before(found, index)
            if (
                month
                and day
                and (value := _written(day[0], _MONTH_OF[month["name"]], _year(month)))
            ):
                yield day[1], month.end(), value


def _day_before(found: Sequence[Word], index: int) -> tuple[int, int] | None:
    """Return the number in words before `index`, from 2 to 31, and where it starts."""
    end = index - (found[index - 1].text in ("من", "de", "شهر", "تاع", "ta3"))
    for first in range(max(0, end - 4), end):
        if found[first].text.isdecimal():
            continue
        read = read_ordinal(found, first) or read_number(found, first)
        if read and read[1] == end and 2 <= read[0] <= 31:
            return read[0], found[first].start
    return None


def _in_digits(folded: str) -> Iterator[Span]:
    for pattern in (_FULL, _ISO, _SPACED, _NAMED, _NUMBERED, _SHORT):
        for match in pattern.finditer(folded):
            start = match.start() if pattern is _ISO else match.start("day")
            named = pattern is _NAMED and _PLACE.search(folded, max(0, start - _NEAR), start)
            if (value := _value(match)) and not named:
                yield start, match.end(), value
    for match in _BORN.finditer(folded):
        if match.group().startswith("naissance") and len(match["year"]) == 2:
            continue  # « extrait de naissance 12 »
        if 1920 <= (year := _year(match) or 0) <= 2039:
            yield match.start("year"), match.end("year"), str(year)
    for match in _DAYS.finditer(folded):
        first, last = _day(match["first"]), _day(match["day"])
        meant = match["opened"] == "du" or match["the"]
        if meant and _is_interval(match) and 1 <= first <= 31 and 1 <= last <= 31:
            yield match.start("from"), match.end(), f"---{first:02}/---{last:02}"


def _intervals(folded: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield « 5 au 8 octobre », whose first day borrows the month, and weekdays linked."""
    for start, end, value in spans[:_MOST]:
        link = _FROM_DAY.search(folded, max(0, start - _NEAR), start)
        if link and _is_interval(link) and _has_month(value):
            first = _earlier(value, _day(link["day"]))
            if first:
                yield link.start("from"), end, f"{first}/{value}"
    for match in _WEEKDAYS_LINKED.finditer(folded) if spans else ():
        if _is_interval(match) and (match["opened"] or match["the"] or match["first"] in _SURE):
            days = (f"weekday-{_WEEKDAY_OF[match[one]]}" for one in ("first", "day"))
            yield match.start("first"), match.end(), "/".join(days)


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Return the longest spans that do not overlap, in the order of the text."""
    taken: set[int] = set()
    kept = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        places = range(span[0], span[1])
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(span)
    return sorted(kept)


def _joined(folded: str, spans: Sequence[Span]) -> list[Span]:
    """Return the spans, two that are linked as one interval."""
    joined: list[Span] = []
    for start, end, value in spans:
        if joined:
            before, last, first = joined[-1]
            gap = _GAP.fullmatch(folded, last, start) if start - last < _NEAR else None
            between = gap and gap["and"] and _OPEN.search(folded, max(0, before - _NEAR), before)
            if gap and (not gap["and"] or (between and between["between"])):
                interval = _interval(first, value)
                if interval:
                    joined[-1] = (before, end, interval)
                    continue
        joined.append((start, end, value))
    return joined


def _is_interval(match: re.Match[str]) -> bool:
    return not match["and"] or bool(match["between"])


def _has_month(value: str) -> bool:
    return len(value) in (len("--10-05"), len("2015-10-05"))


def _interval(first: str, last: str) -> str:
    """Return the interval from `first` to `last`, or nothing when they make none."""
    if "/" in first + last or first.isdecimal() or last.isdecimal():
        return ""
    if first.startswith("--") and last[:1].isdecimal():
        year = int(last[:4]) - (first[2:] > last[5:])
        first = f"{year}-{first[2:]}"
    backwards = first[:1].isdecimal() and last[:1].isdecimal() and first >= last
    return "" if backwards else f"{first}/{last}"


def _earlier(value: str, day: int) -> str:
    """Return the last such day of a month before the date `value`."""
    year = None if value.startswith("-") else int(value[:4])
    month, last = int(value[-5:-3]), int(value[-2:])
    if day == last:
        return ""
    if day > last:
        year = year - 1 if year and month == 1 else year
        month = (month - 2) % 12 + 1
    return _written(day, month, year)


def _value(match: re.Match[str]) -> str:
    parts = match.groupdict()
    day = _day(parts["day"])
    month = _MONTH_OF[parts["name"]] if parts.get("name") else int(parts["month"])
    if match.re is _SHORT and not parts["cue"] and ((day < 10 and month < 10) or day == month):
        return ""  # 7/7, 1/2: every day of the week, a half
    return _written(day, month, _year(match))


def _written(day: int, month: int, year: int | None) -> str:
    """Return the date as ISO 8601 writes it, or nothing when there is no such day."""
    try:
        date = datetime.date(year or _LEAP, month, day)
    except ValueError:
        return ""
    return date.isoformat() if year else f"--{month:02}-{day:02}"


def _day(written: str) -> int:
    return 1 if written in _FIRST else int(written)


def _year(match: re.Match[str]) -> int | None:
    """Return the year; of two digits, 40 and above belong to the last century."""
    digits = match.groupdict().get("year")
    if not digits:
        return None
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 40 else 2000)

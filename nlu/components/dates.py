"""Dates in a message. There is no clock here, so what depends on today stays a word.

Values, after ISO 8601: `YYYY-MM-DD` for a full date, `--MM-DD` for a day and a month without a
year, `YYYY` for a year of birth; `today`, `tomorrow`, `after_tomorrow`; `weekday-N`, N from 1
(Monday) to 7 (Sunday). Day comes before month, as in Algeria. A month alone gives nothing.
"""

from __future__ import annotations

import datetime
import re

from nlu.components.found import Found
from nlu.components.spelling import fold, source_span

_MONTHS = (
    "janvier|janv|jan|janvi|janfi|january|جانفي|جنفي|يناير|كانون الثاني",
    "fevrier|fevr|fev|fevri|fivri|february|فيفري|فبراير|شباط",
    "mars|mares|march|مارس|اذار",
    "avril|avr|april|افريل|ابريل|نيسان",
    "mai|may|mey|ماي|مايو|ايار",
    "juin|jwan|jwin|jouan|june|جوان|يونيو|حزيران",
    "juillet|juil|jwilya|jwiliya|juilliet|jouilia|july|جويليه|جويليا|يوليو|تموز",
    "aout|out|oot|ut|august|اوت|اغسطس|غشت",
    "septembre|sept|sep|septembr|septombre|september|سبتمبر|سبتامبر|ايلول|شتنبر",
    "octobre|oct|octobr|oktobre|oktober|october|اكتوبر|تشرين الاول",
    "novembre|nov|novembr|nouvember|november|نوفمبر|تشرين الثاني",
    "decembre|dec|decembr|dicembre|december|ديسمبر|دجنبر|كانون الاول",
)
_MONTH_OF = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split("|")}
_NAMES = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_DAY = r"(?<![\d/.,\-])(?<!\d )(?P<day>\d{1,2}|1er|premier|اول)"
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
    rf"{_DAY}\s?(?:er)?[\s\-./]{{0,3}}(?:من |de |ta3 |تاع |شهر |mois de )?\s?"
    rf"(?P<name>{_NAMES})(?![^\W_])\.?(?:[\s\-/]{{0,2}}(?:سنه |عام |3am )?(?P<year>\d{{4}}))?"
    r"(?![\d])"
)
_NUMBERED = re.compile(
    r"(?<![\d/.,\-])(?<!\d )(?P<day>\d{1,2}) (?:شهر|chhar|chahr|ch'har|shhar) "
    r"(?P<month>\d{1,2})(?: (?P<year>(?:19|20)\d\d))?(?!\d)"
)
_SHORT = re.compile(
    r"(?P<cue>(?:\b(?:le|du|au|jusqu'au|des|nhar|youm|yom)|يوم|نهار|اليوم)\s)?"
    r"(?<![\d/.\-])(?P<day>\d{1,2})/(?P<month>\d{1,2})(?![\d/%]|[.,]\d)"
)
_BORN = re.compile(
    r"(?<![^\W_])(?:nee?s?|ne\(e\)|[vfbw]?zadt|zedt|tzadt|tzadit|zayda?|naissance|mawlid|mawalid|"
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
_WEEKDAYS = (
    r"lundi|الاثنين|الاتنين|{d} ?(?:لاثنين|لتنين|التنين|اثنين|letnin|tnin|etnin|tenin|lethnin)",
    r"mardi|الثلاثا|{d} ?(?:لثلاثا|الثلاث|الثلاثه|ثلاثا|التلاتا|tlata|ettlata|tleta|letlata)",
    r"mercredi|mercredy|الاربعا|{d} ?(?:لربعا|لاربعا|الاربعه|اربعا|larb3a|arb3a|larbaa|lerb3a)",
    r"jeudi|الخميس|{d} ?(?:لخميس|خميس|lkhmis|khmis|el khmis|lekhmis)|lkhmis",
    r"vendredi|vendrdi|vandredi|الجمعه|{d} ?(?:لجمعه|جمعه|ljem3a|jem3a|djem3a|el jem3a|jom3a)|"
    r"ljem3a|ljom3a|ldjem3a|jem3a",
    r"samedi|samdi|السبت|{d} ?(?:لسبت|سبت|sebt|essebt|sabt|el sebt)|essebt",
    r"dimanche|dimanch|الاحد|{d} ?(?:لحد|احد|الحد|l7ed|lhed|elhed|had|hed|7ed|el 7ed)|l7ed",
)
_DAYWORD = r"(?:يوم|نهار|نهارت|nhar|nhart|youm|yom|ness? nhar)"
_WORDS = [
    (value, re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])")) for value, pattern in _RELATIVE
] + [
    (f"weekday-{n}", re.compile(rf"(?<![^\W_])[وف]?(?:{p.replace('{d}', _DAYWORD)})(?![^\W_])"))
    for n, p in enumerate(_WEEKDAYS, 1)
]


def find_dates(text: str) -> list[Found]:
    """Return the dates in `text`, in the forms the module names."""
    folded, offsets = fold(text)
    spans: list[tuple[int, int, str]] = []
    for pattern in (_FULL, _ISO, _SPACED, _NAMED, _NUMBERED, _SHORT):
        for match in pattern.finditer(folded):
            value = _value(match)
            if value:
                spans.append(
                    (
                        match.start("day") if pattern is not _ISO else match.start(),
                        match.end(),
                        value,
                    )
                )
    for match in _BORN.finditer(folded):
        year = _year(match["year"])
        if match.group().startswith("naissance") and len(match["year"]) == 2:
            continue  # « extrait de naissance 12 »
        if 1920 <= year <= 2039:
            spans.append((match.start("year"), match.end("year"), str(year)))
    for word, pattern in _WORDS:
        spans.extend(
            (m.start(), m.end(), word)
            for m in pattern.finditer(folded)
            if not (
                word == "tomorrow" and text.startswith("ء", offsets[m.end()] - 1)
            )  # غداء, lunch
        )
    kept: list[tuple[int, int, str]] = []
    for start, end, value in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        if all(end <= s or start >= e for s, e, _ in kept):
            kept.append((start, end, value))
    return [
        Found("date", value, *source_span(text, offsets, start, end))
        for start, end, value in sorted(kept)
    ]


def _value(match: re.Match[str]) -> str:
    parts = match.groupdict()
    day = 1 if parts["day"] in ("1er", "premier", "اول") else int(parts["day"])
    month = _MONTH_OF[parts["name"]] if parts.get("name") else int(parts["month"])
    year = _year(parts["year"]) if parts.get("year") else None
    if match.re is _SHORT and not parts["cue"] and ((day < 10 and month < 10) or day == month):
        return ""  # 7/7, 1/2: every day of the week, a half
    try:
        date = datetime.date(year or 2024, month, day)  # a leap year, for 29 February
    except ValueError:
        return ""
    return date.isoformat() if year else f"--{month:02}-{day:02}"


def _year(digits: str) -> int:
    """Return the year; of two digits, 40 and above belong to the last century."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 40 else 2000)

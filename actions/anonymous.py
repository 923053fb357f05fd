"""What people write without what would tell who they are, still a sentence someone could write.

Names are found by what leads to them ("je m'appelle", اسمي, smiti) and, after weaker words ("ana",
"je suis"), by being common ones; a name that nothing announces is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from actions.digits import latin_digits
from actions.given_names import GIVEN_NAMES
from actions.redaction import HIDDEN


class _Word(NamedTuple):
    """What stands for something left out, in Latin and in Arabic letters."""

    latin: str
    arabic: str


_NUMBER = _Word("numéro", "الرقم")
_MAIL = _Word("adresse mail", "البريد الإلكتروني")
_LINK = _Word("lien", "الرابط")
_SOMEONE = _Word("untel", "فلان")
_DAY = _Word("tel jour", "يوم كذا")

_MONTHS = (
    r"janv(?:ier)?|f[ée]vr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[uû]t|sept?(?:embre)?"
    r"|oct(?:obre)?|nov(?:embre)?|d[ée]c(?:embre)?|جانفي|فيفري|مارس|أفريل|افريل|ماي|جوان|جويلية"
    r"|أوت|اوت|سبتمبر|أكتوبر|اكتوبر|نوفمبر|ديسمبر"
)
_BETWEEN = r"[\s.\-/_()]{0,3}"
#: Around the digits of a day, which are no part of a longer number.
_APART, _ALONE = r"(?<!\d[./\-])\b", r"\b(?![./\-]\d)"
#: In this order: a later pattern would take a part of what an earlier one takes whole.
_PATTERNS: tuple[tuple[re.Pattern[str], _Word], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), word)
    for pattern, word in (
        (r"[\w.+\-]+\s?@\s?[\w\-]+(?:\.[\w\-]+)+", _MAIL),
        (r"(?:https?://|www\.|t\.me/|wa\.me/|fb\.com/)\S+", _LINK),
        (r"\b[\w\-]+(?:\.[\w\-]+)*\.(?:com|net|org|dz|fr|me|info|io)\b(?:/\S*)?", _LINK),
        (r"(?<!\w)@\w+", _SOMEONE),
        (rf"{HIDDEN}(?:\s*{HIDDEN})*", _NUMBER),
        (rf"{_APART}\d{{1,2}}\s?[./\-]\s?\d{{1,2}}\s?[./\-]\s?(?:19|20)?\d\d{_ALONE}", _DAY),
        (r"\b\d{1,2}\s\d{1,2}\s(?:19|20)\d\d\b", _DAY),
        (rf"{_APART}(?:19|20)\d\d\s?[./\-]\s?\d{{1,2}}\s?[./\-]\s?\d{{1,2}}{_ALONE}", _DAY),
        (rf"\b\d{{1,2}}(?:er)?\s?(?:{_MONTHS})\.?\s?(?:19|20)\d\d\b", _DAY),
        (rf"(?:\+|\b00)\d(?:{_BETWEEN}\d){{7,13}}\b", _NUMBER),
        (rf"\b0[2-9](?:{_BETWEEN}\d){{6,8}}\b", _NUMBER),
    )
)
#: Digits that belong together; what is a sum of money, or years, is left.
_DIGITS = re.compile(r"\d+(?:[\s.\-/]\d+)*")
_MONEY = re.compile(
    r"\s*(?:da\b|dzd\b|dinars?\b|centimes?\b|mill?ions?\b|milliards?\b|mlyoun|mlayen|melyoun"
    r"|دج|دينار|سنتيم|مليون|ملاين|ملايين|مليار)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Fewer digits than this tell nobody apart; in groups, as in the number of a law, a few more.
_FEW, _FEW_IN_GROUPS = 5, 7

_LEADS = (
    r"je\s+m['’ ]?\s?ap+el+e?s?|jm['’ ]?ap+el+e?|je\s+me\s+nomme|my\s+name\s+is"
    r"|mon\s+(?:pr[ée])?nom(?:\s+complet)?(?:\s+et\s+(?:mon\s+)?pr[ée]nom)?"
    r"|nom(?:\s+et\s+pr[ée]nom)?\s?:|pr[ée]nom\s?:|cordialement"
    r"|smi?ti|semi?ti|smi?yti|[ie]smi"
    r"|و?(?:أنا\s|انا\s)?[اإ]سمي|ال[اإ]سم\s?:|اللقب\s?:|لقبي|يسمون[ني]?ي|أدعى|ادعى"
)
_LED = re.compile(
    rf"(?P<title>(?!))?(?<!\w)(?:{_LEADS})(?:(?<=:)|(?!\w))"
    r"(?:\s+(?:c['’]?\s?est|est|c|هو|الكامل|واللقب|howa|houwa)(?!\w))?\s*[:,،]?\s*(?=\w)",
    re.IGNORECASE,
)
_TITLE = r"m(?:r|me|lle)|monsieur|madame|mademoiselle"
_WEAK = re.compile(
    rf"(?<!\w)(?:(?P<title>{_TITLE})|ana(?:ya)?|je\s+suis|chuis|moi(?:\s+c['’]?\s?est)?"
    r"|c['’]?\s?est|si|lalla|أنا|انا|آني|السيدة?|سيدي)\.?\s+(?=\w)",
    re.IGNORECASE,
)
#: A word of a name; in Arabizi digits are letters.
_PART = re.compile(r"\s*(?:[^\W\d_]\.|\d?[^\W\d_](?:[^\W_]|['’\-\u064b-\u0652])*)")
#: What a pronoun or an article makes of the word after it is no name.
_ELIDED = re.compile(r"(?:[jmtslncd]|qu)['’]", re.IGNORECASE)
#: Words that go on with the sentence after a name.
_NOT_A_NAME = frozenset(
    {
        *("et", "je", "j", "jai", "jsuis", "chuis", "de", "du", "la", "le", "les", "un"),
        *("une", "mon", "ma", "mes", "pour", "qui", "que", "est", "cest", "ai", "suis"),
        *("veux", "voudrais", "voulais", "cherche", "habite", "vis", "age", "agé"),
        *("âgé", "âgée", "agée", "ans", "né", "née", "ne", "depuis", "avec", "sans", "dans", "a"),
        *("à", "au", "en", "sur", "comment", "quand", "où", "ou", "bonjour", "merci", "svp"),
        *("quel", "quelle", "quels", "quelles", "combien", "pourquoi", "mais", "donc", "puis"),
        *("nom", "prénom", "prenom", "i", "and", "from", "titulaire"),
        *("w", "ou", "wana", "ana", "rani", "men", "mn", "min", "bghit", "n7ab", "nhab", "7ab"),
        *("habit", "hab", "3andi", "3ndi", "andi", "nas9si", "nseqsi", "kayen", "kifach", "wach"),
        *("win", "wakt", "wa9tach", "ki", "fi", "f", "nhar", "nta3", "ta3", "3omri", "fomri"),
        *("omri", "sakn", "saken", "nskn", "neskon", "khdam", "chomeur", "chômeur", "étudiant"),
        *("etudiant", "étudiante", "etudiante", "salam", "slm", "baghi", "bgha", "nebghi"),
        *("و", "أنا", "انا", "وأنا", "وانا", "من", "في", "عمري", "وعمري", "أريد", "اريد", "واريد"),
        *("وأريد", "أسكن", "اسكن", "وأسكن", "واسكن", "نسكن", "ونسكن", "عندي", "وعندي", "راني"),
        *("حاب", "حابة", "نحب", "بغيت", "باغي", "هل", "كيف", "كيفاش", "واش", "متى", "أين", "وين"),
        *("لدي", "ولدي", "طالب", "طالبة", "بطال", "أود", "اود", "وأود", "سلام", "السلام", "شكرا"),
        *("خدام", "نخدم", "ساكن", "ساكنة", "سني", "وسني", "ابحث", "أبحث", "نسقسي", "حبيت", "لي"),
    }
)
#: A name has at most this many parts: given names and a family name.
_PARTS = 4
#: Marks where something was left out, until it is known in which letters to write.
_MARKS = {
    _NUMBER: "\ue000",
    _MAIL: "\ue001",
    _LINK: "\ue002",
    _SOMEONE: "\ue003",
    _DAY: "\ue004",
}
_ANY_MARK = re.compile("[\ue000-\ue004]")


def anonymous(text: str) -> str:
    """Return a text on one line with neutral words for numbers, addresses, birth dates and names.

    Empty when nothing else is left of it.
    """
    left = " ".join(_ANY_MARK.sub(" ", text).split())
    for pattern, word in _PATTERNS:
        left = _replace(pattern, left, _MARKS[word])
    left = _hide_long_numbers(left)
    left = _hide_names(left)
    if not re.search(r"[^\W\d_]", _ANY_MARK.sub("", left)):
        return ""
    arabic = len(re.findall(r"[\u0620-\u064a]", left)) > len(re.findall(r"[A-Za-zÀ-ɏ]", left))
    for word, mark in _MARKS.items():
        left = left.replace(mark, word.arabic if arabic else word.latin)
    return left


def _replace(pattern: re.Pattern[str], text: str, mark: str) -> str:
    """Return a text with what a pattern finds in it replaced, whatever its digits are."""
    kept, at = "", 0
    for found in pattern.finditer(latin_digits(text)):
        kept += text[at : found.start()] + mark
        at = found.end()
    return kept + text[at:]


def _hide_long_numbers(text: str) -> str:
    kept, at = "", 0
    read = latin_digits(text)
    for found in _DIGITS.finditer(read):
        if _is_harmless(found[0], read[found.end() :]):
            continue
        kept += text[at : found.start()] + _MARKS[_NUMBER]
        at = found.end()
    return kept + text[at:]


def _is_harmless(number: str, after: str) -> bool:
    """Whether digits tell nobody: few, years, or a sum of money."""
    groups = re.findall(r"\d+", number)
    left = sum(len(group) for group in groups if not _YEAR.fullmatch(group))
    if left < (_FEW if len(groups) == 1 else _FEW_IN_GROUPS):
        return True
    digits = "".join(groups)
    is_round = digits.endswith("000") and len(digits.rstrip("0")) <= 3
    is_sum = is_round or _MONEY.match(after) is not None
    return is_sum and not digits.startswith("0") and len(digits) <= 12


def _hide_names(text: str) -> str:
    """Return a text without what follows words that lead to a name."""
    return _hide_after(_WEAK, _hide_after(_LED, text, _is_any), _is_known)


def _hide_after(
    lead: re.Pattern[str], text: str, is_name: Callable[[re.Match[str], str], bool]
) -> str:
    kept, at = "", 0
    while found := lead.search(text, at):
        end = found.end()
        first = _PART.match(text, end)
        if first and is_name(found, first[0].strip()):
            end = _end_of_name(text, end, in_capitals=found["title"] is not None)
        kept += text[at : found.end()] + (_MARKS[_SOMEONE] if end > found.end() else "")
        at = end
    return kept + text[at:]


def _is_any(_lead: re.Match[str], _word: str) -> bool:
    return True


def _is_known(lead: re.Match[str], word: str) -> bool:
    """Whether a word is a common given name, or a name in capitals after a title."""
    return word.casefold() in GIVEN_NAMES or (lead["title"] is not None and word[0].isupper())


def _end_of_name(text: str, start: int, *, in_capitals: bool) -> int:
    """Return where the name that begins in a text ends: before a word that goes on with it."""
    end = start
    for _n in range(_PARTS):
        part = _PART.match(text, end)
        word = part[0].strip() if part else ""
        if part is None or word.casefold() in _NOT_A_NAME or _ELIDED.match(word):
            break
        if in_capitals and end > start and not word[0].isupper():
            break
        end = part.end()
    return end

"""Given and family names, in Arabic or Latin letters."""

from __future__ import annotations

import re
import unicodedata

from bot.forms.fields import Given, Reading, Wrong
from bot.questions import plain
from bot.text import _

SHORTEST, LONGEST = 2, 60
#: More words than this are a sentence, not a name.
MOST_WORDS = 6

_CUE = re.compile(
    r"(?:je m\W?appelle|mon nom(?: complet)? (?:est|c\W?est)|nom(?: et pr[ée]nom)?\s*:|moi c\W?est|"
    r"\bsmiti|\bsmiyti|\besmi|\bismi|اسمي(?: الكامل| هو)?|إسمي(?: هو)?|سميتي|الاسم(?: واللقب)?\s*:)"
    r"\s*:?\s*",
    re.IGNORECASE,
)
_END = re.compile(
    r"[,،;؛\n.!?؟\d]|\b(?:et j\W?|et je|je suis|j\W?ai|n[ée]e?|de la|de|du|habite|tel|mon|ma|men"
    r"|min|w|rani|3omri|3andi|من|عمري|عندي|راني|ولدت|مولودة?|ساكنة?|نسكن|أسكن|رقمي|بطالة?)\b",
    re.IGNORECASE,
)
#: Words that begin the second half of a compound given name, or a compound family name.
_GIVEN_HEADS = frozenset(
    plain(w)
    for w in [
        "عبد",
        "محمد",
        "فاطمة",
        "نور",
        "سيف",
        "شمس",
        "أبو",
        "أم",
        "بدر",
        "عز",
        "صلاح",
        "mohamed",
        "mohammed",
        "mohand",
        "abd",
        "abdel",
        "fatima",
        "nour",
        "noor",
        "seif",
        "chams",
        "salah",
        "badr",
        "lalla",
        "sidi",
    ]
)
_GIVEN_TAILS = frozenset(
    plain(w)
    for w in [
        "الدين",
        "الزهراء",
        "الرحمن",
        "القادر",
        "الله",
        "الهدى",
        "الإسلام",
        "eddine",
        "edine",
        "dine",
        "zohra",
        "zahra",
        "rahmane",
        "rahman",
        "kader",
        "allah",
        "islam",
        "houda",
        "elhouda",
    ]
)
_FAMILY_HEADS = frozenset(
    plain(w)
    for w in [
        "بن",
        "ابن",
        "بو",
        "ولد",
        "أولاد",
        "آيت",
        "ايت",
        "سي",
        "ben",
        "bent",
        "bou",
        "ould",
        "ait",
        "si",
        "el",
    ]
)

ONE_LETTER = _("One letter is not enough. Write your given name and family name: Amina Benali.")
TOO_LONG = _("That is too long for a name. Write only your given name and family name.")
DIGITS = _("A name has no digits. Write your given name and family name: Amina Benali.")
UNREAD = _("Write your given name, then your family name, for example: Amina Benali.")


def find(given: Given) -> Reading:
    """Return the name that a text states: after "je m'appelle", "اسمي"…, or standing apart.

    Words before a comma are taken for a name only where other facts follow them.
    """
    cue = _CUE.search(given.text)
    if cue:
        stated = _END.split(given.text[cue.end() :], maxsplit=1)[0]
    else:
        parts = re.split(r"[,،;\n]", given.text)
        named = {(e.start, e.end) for e in given.heard.entities if e.name != "phone"}
        if len(parts) < 3 or any(start < len(parts[0]) for start, _end in named):
            return None
        stated = parts[0]
        if not 2 <= len(stated.split()) <= 4:
            return None
    reading = split(stated)
    return None if isinstance(reading, Wrong) else reading


def read(given: Given) -> Reading:
    """Read a text as the answer to "what is your name?"."""
    cue = _CUE.search(given.text)
    return split(_END.split(given.text[cue.end() :], maxsplit=1)[0] if cue else given.text)


def read_family(given: Given) -> Reading:
    """Read a text as a family name alone."""
    name = clean(given.text)
    return name if isinstance(name, Wrong) else {"family_name": name}


def split(text: str) -> Reading:
    """Return a whole name as given name and family name; one word is a given name alone.

    The given name comes first; compounds such as عبد القادر or Ben Ali stay together. Which words
    belong to which can't be known for certain, so people are shown both before they send them.
    """
    name = clean(text)
    if isinstance(name, Wrong):
        return name
    words = name.split()
    if len(words) > MOST_WORDS:
        return None
    if len(words) == 1:
        return {"given_name": name}
    cut = _where_the_family_begins(words)
    return {"given_name": " ".join(words[:cut]), "family_name": " ".join(words[cut:])}


def clean(text: str) -> str | Wrong:
    """Return a name without what does not belong in one, or why it is none."""
    bare = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    if any(c.isnumeric() for c in bare):
        return Wrong(DIGITS)
    letters = "".join(
        c if c.isalpha() or unicodedata.combining(c) or c in " '’-" else " " for c in bare
    )
    name = " ".join(letters.split()).strip("'’- ")
    if len(name) > LONGEST:
        return Wrong(TOO_LONG)
    if sum(c.isalpha() for c in name) < SHORTEST:
        return Wrong(ONE_LETTER if name else UNREAD)
    return name if name.isupper() is False or re.search(r"[\u0600-\u06ff]", name) else name.title()


def _where_the_family_begins(words: list[str]) -> int:
    bare = [plain(word) for word in words]
    for index in range(1, len(words) - 1):
        if bare[index] in _FAMILY_HEADS and bare[index - 1] not in _GIVEN_HEADS:
            return index
    cut = 1
    while cut < len(words) - 1 and (bare[cut - 1] in _GIVEN_HEADS or bare[cut] in _GIVEN_TAILS):
        cut += 1
    if cut < len(words) - 1 and (bare[cut] in _GIVEN_TAILS or bare[cut - 1] in {"el", "al"}):
        cut += 1
    # Two given names are more usual here than two family names: Amina Nour Benali.
    return max(cut, len(words) - 1) if len(words) == 3 and cut == 1 else cut

"""One spelling out of many: Arabic, French, SMS French and Arabizi brought together.

`normalise` gives the words a classifier reads, `skeleton` the consonants a word keeps in both
scripts, so that كيفاش and kifach meet. Only the standard library is used.
"""

from __future__ import annotations

import re
import unicodedata

from nlu.components.remembered import Remembered
from nlu.components.short_forms import EMOJI, MARKED, SMS, UNITS

LONGEST = 600
"""Characters read at most: a longer message says the same things again."""

_LETTERS = str.maketrans(
    {
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ة": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ە": "ه",
        "ک": "ك",
        "گ": "ق",
        "ڨ": "ق",
        "ڭ": "ق",
        "ڤ": "ف",
        "پ": "ب",
        "چ": "ش",
        "ژ": "ج",
        "ء": None,
        "ـ": None,
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "ı": "i",
        "ø": "o",
        "ð": "d",
        "ε": "3",
    }
)
_EMOJI = str.maketrans({sign: f" {word} " for sign, word in EMOJI.items()})
_SMS = {word: full.split() for word, full in SMS.items()}

_BE = ("est", "etait", "ete")

_TOKEN = re.compile(r"[\w%]+")
_MARKED = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, MARKED))})(?!\w)")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_LATIN = re.compile(r"[a-z]")
_NUMBER_AND_UNIT = re.compile(rf"(\d+)({'|'.join(sorted(UNITS, key=len, reverse=True))})(\d*)")
_ARABIZI = {
    "2": "",
    "3": "3",
    "4": "gh",
    "5": "kh",
    "6": "t",
    "7": "h",
    "8": "gh",
    "9": "k",
}
_SOUNDS = (("sh", "ch"), ("dj", "j"), ("tch", "ch"), ("ph", "f"))

_SKELETON_ARABIC = {
    **dict.fromkeys("اوي3ع", ""),
    **dict.fromkeys("تطث", "t"),
    **dict.fromkeys("حه", "h"),
    **dict.fromkeys("دذضظ", "d"),
    **dict.fromkeys("سص", "s"),
    **dict.fromkeys("قك", "k"),
    **{"ب": "b", "ج": "j", "خ": "x", "ر": "r", "ز": "z", "ش": "c", "غ": "g", "ف": "f"},
    **{"ل": "l", "م": "m", "ن": "n"},
}
_SKELETON_LATIN = {
    **dict.fromkeys("aeiouwy", ""),
    **{"c": "k", "q": "k", "p": "b", "v": "f", "x": "ks"},
}
_SKELETON = str.maketrans({**_SKELETON_ARABIC, **_SKELETON_LATIN})
_SKELETON_PAIRS = (("ch", "ش"), ("kh", "خ"), ("gh", "غ"), ("th", "t"), ("ou", "w"))
_ARTICLE = re.compile(r"^(?:ال(?=.{3})|[ae]?l(?=[^aeiouywl\W].{2}))")
_SOFT_C = re.compile(r"c(?=[eiy])")
_DOUBLED = re.compile(r"(.)\1+")


def normalise(text: str) -> str:
    """Return `text` as lower-case words parted by single spaces, in one spelling a script.

    Digits come out as 0-9, Arabic loses its marks and its variants of alef, hamza, ya and ta
    marbuta, French its accents and SMS forms, Arabizi the digits that stand for letters.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_EMOJI).lower()
    text = _APOSTROPHE.sub(" ", text)
    text = _MARKED.sub(lambda found: MARKED[found[0]], text)
    words: list[str] = []
    for token in _TOKEN.findall(_without_marks(text)):
        if words[-2:] == _SMS["c"] and token in _BE:  # « c'est », not « c » for « c'est »
            words.pop()
        words += _WORDS[token]
    return " ".join(words)


def skeleton(text: str) -> str:
    """Return the consonants of each word of `text`, the same whichever script wrote them."""
    return skeleton_of(normalise(text))


def skeleton_of(normalised: str) -> str:
    """Return the skeleton of a text that is normalised already."""
    return " ".join(filter(None, map(_BONES.__getitem__, normalised.split())))


def _without_marks(text: str) -> str:
    """Drop accents, harakat, zero-width and directional marks; keep the letters beneath."""
    return unicodedata.normalize("NFD", text).translate(_PLAIN)


def _plain(code: int) -> str:
    """Return what the character with this code is read as."""
    character = chr(code)
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.digit(character))
    return "" if kind in ("Mn", "Me", "Cf") else character.translate(_LETTERS)


_PLAIN = Remembered(_plain)


def _words(token: str) -> list[str]:
    """Return the words one token stands for: its stretches, SMS forms and Arabizi undone."""
    token = _STRETCHED.sub(r"\1", token.replace("_", ""))
    if token in _SMS:
        return _SMS[token]
    if not _LATIN.search(token):
        return _split_number(token)
    # Before the digits: the h of "s7" is no part of an "sh".
    for one, other in _SOUNDS:
        token = token.replace(one, other)
    if any(c.isdigit() for c in token):
        if unit := _NUMBER_AND_UNIT.fullmatch(token):
            return [part for part in unit.groups() if part]
        if not re.search(r"\d\d\d", token):
            token = "".join(_ARABIZI.get(c, c) for c in token)
    return [token] if token else []


def _split_number(token: str) -> list[str]:
    """Part digits from Arabic letters stuck to them, as in ب25 or 30سنة."""
    return re.findall(r"\d+|[^\d%]+|%", token)


def _bones(word: str) -> str:
    """Return one word's consonants, an initial w or y included; digits stay as they are."""
    if word.isdigit():
        return word
    word = _ARTICLE.sub("", word)
    for pair, sound in _SKELETON_PAIRS:
        word = word.replace(pair, sound)
    word = _SOFT_C.sub("s", word)
    first = {"و": "w", "w": "w", "ي": "y", "y": "y"}.get(word[:1], "")
    bones = first + word[1 if first else 0 :].translate(_SKELETON)
    if len(bones) > 2 and bones.endswith("h"):
        bones = bones[:-1]
    return _DOUBLED.sub(r"\1", bones)


_WORDS = Remembered(_words)
_BONES = Remembered(_bones)

"""Corrections in words: "change ma wilaya", "baddel l'âge", "صحح الاسم"."""

from __future__ import annotations

import re

from bot.forms.fields import Field, Form
from bot.questions import plain

_VERBS = frozenset(
    plain(verb)
    for verb in (
        *("change", "changer", "changez", "changé", "changement", "modifie", "modifier", "modif"),
        *("modifiez", "corrige", "corriger", "corrigez", "rectifie", "rectifier", "remplace"),
        *("remplacer", "faux", "fausse", "erreur", "trompé", "trompe", "trompée", "refaire"),
        *("baddel", "badel", "bedel", "beddel", "nbadel", "nbeddel", "nbaddel", "bdel", "ghalet"),
        *("ghalta", "ghlat", "sahhah", "sahah", "sa7a7", "sahhih", "nsahah", "ghayar", "ghayer"),
        *("بدل", "نبدل", "بدلي", "بدلولي", "تبديل", "غير", "أغير", "نغير", "تغيير", "صحح"),
        *("نصحح", "أصحح", "صححلي", "تصحيح", "عدل", "نعدل", "أعدل", "تعديل", "غلط", "غلطت"),
        *("خطأ", "غالط", "غالطة"),
    )
)
#: What people call an age and a diploma, in whatever form asks for them.
AGE_NAMES = (*("âge", "age", "l'âge", "3omri", "3omor", "عمر", "العمر", "السن", "سني"),)
DIPLOMA_NAMES = (
    *("diplôme", "diplome", "qualification", "certificat", "niveau", "شهادة", "الشهادة", "مؤهل"),
    *("المؤهل", "ديبلوم", "chahada", "mouahil"),
)
#: A correction with its new value is hardly longer than this; a story that holds the words is.
MOST_WORDS = 14


#: What begins a correction without naming what it corrects: "non en fait…", "لا غلطت".
_BEGINNINGS = tuple(
    plain(words)
    for words in (
        "non en fait",
        "en fait",
        "non c est",
        "pardon",
        "je voulais dire",
        "لا غلطت",
        "لا قصدي",
    )
)
_BETWEEN = re.compile(r"^\s*(?::|=|en\s|est\s|c\W?est\s|à\s|a\s|par\s|إلى\s|الى\s|هو\s|هي\s|ب)?\s*")


def corrects(text: str) -> bool:
    """Whether a text says that an earlier answer was wrong."""
    said = plain(text)
    words = said.split()
    return said.startswith(_BEGINNINGS) or (
        len(words) <= MOST_WORDS and any(word in _VERBS for word in words)
    )


def value_given(field: Field, text: str) -> str:
    """Return what stands after a field's name: "change le prénom en Lina" gives "Lina"."""
    for name in sorted(field.names, key=len, reverse=True):
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
        if found:
            return _BETWEEN.sub("", text[found.end() :], count=1).strip()
    return ""


def field_to_correct(form: Form, text: str) -> Field | None:
    """Return the field a text wants to correct, if it holds a verb of correcting and its name.

    Arabic names are also known with the article or "my" glued to them.
    """
    words = plain(text).split()
    if len(words) > MOST_WORDS or not any(word in _VERBS for word in words):
        return None
    return field_named(form, text)


def field_named(form: Form, text: str) -> Field | None:
    """Return the field a text names, by the longest of its names that is there."""
    said = f" {' '.join(_bare(word) for word in plain(text).split())} "
    best: tuple[int, Field] | None = None
    for field in form.fields:
        for name in field.names:
            spelt = " ".join(_bare(word) for word in plain(name).split())
            if f" {spelt} " in said and (best is None or len(spelt) > best[0]):
                best = (len(spelt), field)
    return best[1] if best else None


def _bare(word: str) -> str:
    """Take the article and the possessive off a word, the same way on both sides."""
    for article in ("ال", "l", "el"):
        if word.startswith(article) and len(word) - len(article) >= 3:
            word = word.removeprefix(article)
            break
    if word.endswith("ي") and len(word) > 3:
        word = word.removesuffix("ي")
    return word

"""An index of names: exactly as known, as they sound, and with a bounded number of typing errors.

Typing errors are found by deletions on both sides, so that a look-up costs as many steps as the
word has letters (or pairs of letters), whatever the number of names; see W. Garbe, « Symmetric
Delete spelling correction », https://github.com/wolfgarbe/SymSpell. Errors are counted as optimal
string alignment, weighed: a vowel or a weak letter lost, added or changed, a letter taken for one
that sounds like it, or two neighbours exchanged count one; any other error counts two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from nlu.components.phrases import openings

_LEAST = 5
_MOST = 24
_VOWELS = frozenset("aeiouhاويه")
_ALIKE = frozenset(
    pair
    for letters in ("ckq", "sz", "cs", "bp", "mn", "td", "gj", "قكغ", "سصز", "تد", "هح")
    for one in letters
    for pair in (one + other for other in letters)
)
_SHORT_OPENERS = ("el", "in")
_SOUNDS = (
    ("tch", "ch"),
    ("sh", "ch"),
    ("dj", "j"),
    ("ph", "f"),
    ("ou", "u"),
    ("oo", "u"),
    ("w", "u"),
    ("y", "i"),
    ("9", "k"),
    ("q", "k"),
    ("3", "a"),
    ("7", "h"),
    ("5", "kh"),
    ("2", ""),
    ("ط", "ت"),
    ("ث", "ت"),
    ("ص", "س"),
    ("ض", "د"),
    ("ظ", "د"),
    ("ذ", "د"),
)
_HARD_C = re.compile(r"c(?![hei])")
_ENDS_IN_I = re.compile("[iي][aeuاه]?$")
_TWICE = re.compile(r"(.)\1+")


class Place(NamedTuple):
    """A wilaya's code, and the town's name when a town gave it."""

    code: str
    town: str = ""


def sound(name: str) -> str:
    """Return the folded `name` in one word, its letters merged that people exchange."""
    key = name.replace(" ", "")
    for written, heard in _SOUNDS:
        key = key.replace(written, heard)
    key = _TWICE.sub(r"\1", _HARD_C.sub("k", key))
    key = key[2:] if key.startswith("ال") and len(key) > _LEAST else key
    return key[:-1] + "ه" if key.endswith("ا") else key


class Names:
    """Names and the places they stand for: all are added, then `ready` is called, then asked."""

    def __init__(self) -> None:
        self.exact: dict[str, tuple[Place, ...]] = {}
        self.sounds: dict[str, tuple[Place, ...]] = {}
        self.typos: dict[str, set[str]] = {}
        self.openers: set[str] = set()
        self.opening: dict[str, int] = {}
        self._remembered = lru_cache(maxsize=8192)(self._nearest)

    def add(self, name: str, place: Place, *, typos: bool) -> None:
        """Add a folded name; `typos` says whether it is recognised with errors, if long enough."""
        for key in {name, name.replace(" ", "")}:
            known = self.exact.get(key, ())
            if all(place.code != other.code for other in known):
                self.exact[key] = (*known, place)
        key = sound(name)
        if not typos or not _LEAST <= len(key) <= _MOST:
            return
        known = self.sounds.get(key, ())
        if all(place.code != other.code for other in known):
            self.sounds[key] = (*known, place)
        opener = name.split(maxsplit=1)[0]
        if " " in name and (len(opener) > 2 or opener in _SHORT_OPENERS):
            self.openers.add(opener)
        for left in deletions(key, _raw(key)):
            self.typos.setdefault(left, set()).add(key)

    def ready(self) -> None:
        """Work out from the exact names which words open one, and of how many words at most."""
        self.opening = openings(self.exact)

    def near(self, written: str) -> tuple[Place, ...]:
        """Return the places whose name sounds like `written` or is nearest.

        Nothing is returned when two wilayas are equally near: such an error is not guessed at.
        """
        return self._remembered(written) if len(written) <= 2 * _MOST else ()

    def _nearest(self, written: str) -> tuple[Place, ...]:
        key = sound(written)
        if not _LEAST - 1 <= len(key) <= _MOST:
            return ()
        if key in self.sounds:
            return self.sounds[key]
        best: dict[tuple[Place, ...], int] = {}
        tried: set[str] = set()
        for left in deletions(key, 2 if len(key) > _LEAST else 1):
            for name in self.typos.get(left, ()):
                if name in tried or name[0] != key[0] or _is_nisba(key, name):
                    continue
                tried.add(name)
                errors = distance(name, key, _budget(name))
                if errors <= _budget(name):
                    places = self.sounds[name]
                    best[places] = min(errors, best.get(places, errors))
        if not best:
            return ()
        least = min(best.values())
        nearest = [places for places, errors in best.items() if errors == least]
        codes = {place.code for places in nearest for place in places}
        return nearest[0] if len(codes) == 1 else ()


def _is_nisba(key: str, name: str) -> bool:
    """Return whether `key` is a person of `name` (Wahrani), most often a surname, not the place."""
    return key[-1] in "iي" and (key.endswith("aui") or not _ENDS_IN_I.search(name))


def _budget(key: str) -> int:
    return 1 if len(key) < 7 else 2 if len(key) < 11 else 3


def _raw(key: str) -> int:
    return 1 if len(key) < 7 else 2


def deletions(key: str, most: int) -> Iterator[str]:
    """Yield `key` with 0 to `most` letters left out; `most` is 2 at most."""
    yield key
    for i in range(len(key)):
        once = key[:i] + key[i + 1 :]
        yield once
        if most > 1:
            for j in range(i, len(once)):
                yield once[:j] + once[j + 1 :]


def distance(one: str, other: str, most: int) -> int:
    """Return what the errors between two keys weigh, or more than `most` when they weigh more."""
    before: list[int] = []
    row = [0]
    for b in other:
        row.append(row[-1] + _weight(b))
    for i, a in enumerate(one, 1):
        current = [row[0] + _weight(a)]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + _weight(a), current[j - 1] + _weight(b), row[j - 1] + _swap(a, b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, row = row, current
    return row[-1]


def _weight(letter: str) -> int:
    return 1 if letter in _VOWELS else 2


def _swap(one: str, other: str) -> int:
    if one == other:
        return 0
    vowels = one in _VOWELS and other in _VOWELS
    return 1 if vowels or one + other in _ALIKE else 2


def spellings(name: str) -> Iterable[str]:
    """Yield a folded name and the ways its article is written or left out."""
    yield name
    first, _, rest = name.partition(" ")
    if first in ("el", "al", "es", "ech", "en", "er", "et") and rest:
        yield from (rest, f"el {rest}", f"al {rest}", f"l{rest}")
    elif first.startswith("ال") and len(first) > 4:
        yield from (name[2:], "ل" + name[2:])
    elif first in ("oued", "wad", "واد", "وادي") and rest:
        yield from (f"{other} {rest}" for other in ("oued", "wad", "wed", "واد", "وادي"))
    elif first == "ain" and rest:
        yield from (f"{other} {rest}" for other in ("3in", "3ain", "ein", "aine"))
    elif first == "bordj" and rest:
        yield f"borj {rest}"

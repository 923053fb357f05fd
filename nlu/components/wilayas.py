"""Wilayas named in a message: by name, by town, or by number.

Names come from the programme's two lists, with aliases; `nlu/lexicon/places.yml` says which of them
are also other words. Numbers count only alone, as `w31`, or after the word wilaya. Two numberings
of 59 to 69 circulate: that of décret présidentiel 26-206 of 25 May 2026, which is the code given
here, and that printed by the press in November 2025 (algerie-eco.com, 17/11/2025). Such numbers
are never taken at their word: both wilayas stand in `candidates`, for the person to choose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nlu.components.found import Found, settle
from nlu.components.names import Names, Place, sound, spellings
from nlu.components.phrases import stems
from nlu.components.spelling import Word, fold, fold_name, source_span, words

_PRESS_ORDER = ("59", "69", "63", "61", "60", "68", "62", "67", "64", "65", "66")
_PRESS = dict(enumerate(_PRESS_ORDER, start=59))
_ALONE = re.compile(r"\W*0?(\d{1,2})\W*")
_NUMBERED = re.compile(
    r"(?<![^\W_])(?:w|(?:[bfl]?(?:la |el |l)?(?:will?aya|wilaye?t|wilayat|wilaia|wileya|wliya)|"
    r"[وفبل]?(?:ال|ل)?ولايه?ت?ي?)[\s:,.#(-]{0,2}(?:(?:numero|num|no|n|nr|code|رقم|الرقم|رقمها)"
    r"[\s:.°º]{0,2})?)0?(\d{1,2})(?![^\W_]|[.,/]\d|%)"
)
_LAST = 69
_WINDOW = 4
_LEAST = 5
_NOTHING = Place("")


class Wilayas:
    """The gazetteer, ready to be asked."""

    def __init__(
        self,
        wilayas: Iterable[Mapping[str, str]],
        towns: Iterable[Mapping[str, str]],
        lexicon: Mapping[str, Any],
    ) -> None:
        self._words = {
            key: {fold_name(str(word)) for word in lexicon.get(key, ())}
            for key in (
                *("weak", "country", "country_before", "cues", "before", "not_before"),
                *("not_after", "fillers", "never"),
            )
        }
        self._ambiguous = {
            fold_name(str(name)): tuple(codes)
            for name, codes in lexicon.get("ambiguous", {}).items()
        }
        self.names = Names()
        for row in wilayas:
            for name in (row["fr"], row["ar"], *row["aliases"].split("|")):
                self._add(name, Place(row["code"]), typos=True)
        for code, more in lexicon.get("spellings", {}).items():
            for name in more:
                self._add(str(name), Place(str(code)), typos=False)
        own = dict(self.names.exact)
        for row in towns:
            place = Place(row["wilaya"], row["name"])
            for name in (row["name"], row["ar"], *row["aliases"].split("|")):
                official = name in (row["name"], row["ar"])
                for spelling in spellings(fold_name(name)):
                    if spelling and spelling not in own:
                        self._add(spelling, place, typos=official and len(sound(spelling)) > 7)
        for code, extra in lexicon.get("extra", {}).items():
            for name in extra:
                if fold_name(str(name)) not in self.names.exact:
                    self._add(str(name), Place(str(code), str(name).title()), typos=False)
        for phrase in lexicon.get("nothing", ()):
            key = fold_name(str(phrase))
            self.names.exact[key] = (_NOTHING,)
            self.names.longest = max(self.names.longest, key.count(" ") + 1)

    def _add(self, name: str, place: Place, *, typos: bool) -> None:
        folded = fold_name(name)
        if folded:
            weak = folded in self._words["weak"] or folded in self._ambiguous
            weak = weak or folded in self._words["country"] or folded in self._words["never"]
            self.names.add(folded, place, typos=typos and not weak)

    def find(self, text: str) -> list[Found]:
        """Return the wilayas named in `text`, by their official codes."""
        folded, offsets = fold(text)
        found = words(folded)
        numbered = _numbers(text, folded, offsets)
        if numbered and numbered[0].start == 0 and len(found) == 1:
            return numbered
        named = self._named(text, offsets, found)
        certain = {f.value for f in (*numbered, *named) if not f.candidates}
        return settle([*numbered, *(_narrowed(f, certain) for f in named)])

    def _named(self, text: str, offsets: Sequence[int], found: Sequence[Word]) -> list[Found]:
        taken = [False] * len(found)
        hits = []
        cued = any(word.text in self._words["cues"] for word in found)
        for _, index, after, cut, places in sorted(self._hits(found), key=_by_rank):
            if any(taken[index:after]):
                continue
            place = self._judge(found, index, after, cut, places, cued=cued)
            if place is None:
                continue
            taken[index:after] = [True] * (after - index)
            if place[0].code:
                span = source_span(text, offsets, found[index].start + cut, found[after - 1].end)
                hits.append(Found("wilaya", place[0].code, *span, place[1], place[0].town))
        return hits

    def _hits(
        self, found: Sequence[Word]
    ) -> Iterable[tuple[int, int, int, int, tuple[Place, ...]]]:
        """Yield (rank, index, after, letters cut, places) for each thing that may be a name."""
        names = self.names
        for index in range(len(found)):
            exact = False
            for stem, cut in stems(found[index].text):
                if cut and found[index].text in self._words["never"]:
                    break
                phrase = stem
                for after in range(index + 1, min(len(found), index + names.longest) + 1):
                    if after > index + 1:
                        phrase = f"{phrase} {found[after - 1].text}"
                    if phrase in names.exact or phrase in self._ambiguous:
                        exact = True
                        last = self._is_weak(phrase) or phrase in self._ambiguous
                        yield 2 if last else 0, index, after, cut, names.exact.get(phrase, ())
                if exact and not cut:
                    break
            if not exact or found[index].text in names.openers:
                yield from self._near(found, index)

    def _near(
        self, found: Sequence[Word], index: int
    ) -> Iterable[tuple[int, int, int, int, tuple[Place, ...]]]:
        first = found[index].text
        if any(stem in self._words["never"] for stem, _ in stems(first)):
            return
        article = 2 if first.startswith("ال") else 0
        window = _WINDOW if first in self.names.openers else 1
        for after in range(index + 1, min(len(found), index + window) + 1):
            written = " ".join(word.text for word in found[index:after])
            if len(written) - article < _LEAST or written[article:] in self._words["never"]:
                continue
            places = self.names.near(written)
            if places:
                yield 1, index, after, 0, places

    def _is_weak(self, phrase: str) -> bool:
        kinds = (self._words["weak"], self._words["country"])
        return any(phrase in kind for kind in kinds)

    def _judge(
        self,
        found: Sequence[Word],
        index: int,
        after: int,
        cut: int,
        places: tuple[Place, ...],
        *,
        cued: bool,
    ) -> tuple[Place, tuple[str, ...]] | None:
        """Return the place meant and the codes to ask about, or nothing when no place is meant."""
        phrase = " ".join(word.text for word in found[index:after])[cut:]
        if phrase in self._words["country"]:
            return self._capital(found, index, after, cut, cued=cued)
        if self._is_weak(phrase) and not self._is_place(found, index, after, cut, cued=cued):
            return None
        if phrase in self._ambiguous:
            codes = self._ambiguous[phrase]
            return Place(codes[0]), codes
        codes = tuple(place.code for place in places)
        return places[0], codes if len(codes) > 1 else ()

    def _capital(
        self, found: Sequence[Word], index: int, after: int, cut: int, *, cued: bool
    ) -> tuple[Place, tuple[str, ...]] | None:
        before = found[index - 1].text if index else ""
        glued = found[index].text[:cut]
        if before in self._words["country_before"] or glued[:1] in ("ف", "ب", "f", "b"):
            return None
        asked = cued or self._is_alone(found, index, after)
        return (Place("16"), ("16",)) if asked else None

    def _is_place(
        self, found: Sequence[Word], index: int, after: int, cut: int, *, cued: bool
    ) -> bool:
        before = found[index - 1].text if index else ""
        following = found[after].text if after < len(found) else ""
        if before in self._words["not_before"] or following in self._words["not_after"]:
            return self._is_alone(found, index, after) and before not in self._words["not_before"]
        return (
            cued
            or before in self._words["before"]
            or found[index].text[:cut] in ("ف", "ب", "ل", "وف", "f", "fi")
            or (index == 0 and found[index].text[:cut] in ("و", "وال", "w"))
            or self._is_alone(found, index, after)
        )

    def _is_alone(self, found: Sequence[Word], index: int, after: int) -> bool:
        rest = (*found[:index], *found[after:])
        return all(word.text in self._words["fillers"] for word in rest)


def _by_rank(hit: tuple[int, int, int, int, tuple[Place, ...]]) -> tuple[int, int, int]:
    rank, index, after, _, places = hit
    return (0 if places == (_NOTHING,) else rank, index - after, index)


def _narrowed(found: Found, certain: set[str | int]) -> Found:
    """Return `found` decided, when the message names one of its candidates without doubt."""
    agreed = [code for code in found.candidates if code in certain]
    if len(agreed) != 1 or len(found.candidates) == 1:
        return found
    return Found("wilaya", agreed[0], found.start, found.end, (), found.town)


def _numbers(text: str, folded: str, offsets: Sequence[int]) -> list[Found]:
    alone = _ALONE.fullmatch(folded)
    matches = [alone] if alone else list(_NUMBERED.finditer(folded))
    numbers = []
    for match in matches:
        number = int(match[1])
        if not 1 <= number <= _LAST:
            continue
        code = f"{number:02}"
        candidates = tuple(dict.fromkeys((code, _PRESS[number]))) if number in _PRESS else ()
        start = match.start(1) if alone else match.start()
        span = source_span(text, offsets, start, match.end(1))
        numbers.append(Found("wilaya", code, *span, candidates))
    return numbers

"""Wilayas named in a message: by name, by town, or by number.

Names come from the programme's two lists, with aliases; `nlu/lexicon/places.yml` says which of them
are also other words, and holds the communes the lists lack. A number counts alone, as `w31`, after
the word wilaya, or after where one comes from (je suis du 16, rani men 31). Two numberings of 59 to
69 circulate: that of décret présidentiel 26-206 of 25 May 2026, which is the code given here, and
that printed by the press in November 2025 (algerie-eco.com, 17/11/2025). Such numbers are never
taken at their word: both wilayas stand in `candidates`, for the person to choose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from nlu.components.found import Found, settle
from nlu.components.names import Names, Place, sound, spellings
from nlu.components.phrases import stems
from nlu.components.spelling import Word, fold, fold_name, source_span, words

_PRESS_ORDER = ("59", "69", "63", "61", "60", "68", "62", "67", "64", "65", "66")
_PRESS = dict(enumerate(_PRESS_ORDER, start=59))
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\s*([^\W_]+)")
_NUMBER = re.compile(r"0?(\d{1,2})")
_COUNTED = re.compile(r"[%٪+*=/<>€$]|\d[.,]\d|-\d")
_NUMBERED = re.compile(
    r"(?<![^\W_])(?:(?P<letter>w)(?P<apart>[\s.:°-]{1,2})?|"
    r"(?:[bfl]?(?:la |el |l)?(?:will?aya|wilaye?t|wilayat|wilaia|wileya|wliya)|"
    r"[وفبل]?(?:ال|ل)?ولايه?ت?ي?)[\s:,.#(-]{0,2}(?:de |ta3 )?"
    r"(?:(?:numero|num|no|n|nr|code|رقم|الرقم|رقمها)[\s:.°º]{0,2})?)0?(?P<number>\d{1,2})(?![^\W_]|[.,/]\d|\s?[%٪])"
)
_LAST = 69
_WINDOW = 4
_LEAST = 5
_LEAST_GLUED = 7
# In a message longer than this only names rightly spelt are found: a guess takes some 50 µs.
_MOST_GUESSES = 150
_NOTHING = Place("")
_OF = ("de", "d", "ta3", "تاع", "نتاع")
_AND = ("w", "et", "ou", "و", "wa", "ولا", "wala")
_WORDS = (
    *("weak", "country", "country_before", "cues", "before", "not_before", "not_after", "fillers"),
    *("never", "heads", "town_words", "inside", "from", "self", "living", "people"),
    *("around_number", "units"),
)
# « من » loses its nun and runs into the name: مالعاصمة, melblida.
_FROM = re.compile(r"(?:م(?=ال)|م(?!ن)|mel|ml|m)(?=.{4})")


class _Hit(NamedTuple):
    """Words that may be a name: from `first` to before `after`, `cut` letters taken off."""

    rank: int
    first: int
    after: int
    cut: int
    places: tuple[Place, ...]


class Wilayas:
    """The gazetteer, ready to be asked."""

    def __init__(
        self,
        wilayas: Iterable[Mapping[str, str]],
        towns: Iterable[Mapping[str, str]],
        lexicon: Mapping[str, Any],
    ) -> None:
        self._words = {
            key: frozenset(fold_name(str(word)) for word in lexicon.get(key, ())) for key in _WORDS
        }
        self._ambiguous = {
            fold_name(str(name)): tuple(codes)
            for name, codes in lexicon.get("ambiguous", {}).items()
        }
        going_on = "|".join(map(re.escape, map(fold_name, lexicon.get("goes_on", ()))))
        self._closed = re.compile(rf"\s*(?:$|[^\w\s%٪°/+-]|(?:{going_on})(?![^\W_]))")
        self._homely: set[str] = set()
        self.names = Names()
        self._read(wilayas, towns, lexicon)
        self.names.ready()

    def _read(
        self,
        wilayas: Iterable[Mapping[str, str]],
        towns: Iterable[Mapping[str, str]],
        lexicon: Mapping[str, Any],
    ) -> None:
        for row in wilayas:
            for name in (row["fr"], row["ar"], *row["aliases"].split("|")):
                self._add(name, Place(row["code"]), typos=True)
        for code, more in lexicon.get("spellings", {}).items():
            for name in more:
                self._add(str(name), Place(str(code)), typos=False)
        self._read_towns(towns)
        for code, extra in lexicon.get("extra", {}).items():
            for name in extra:
                if fold_name(str(name)) not in self.names.exact:
                    self._add(str(name), Place(str(code), str(name).title()), typos=False)
        self._read_communes(lexicon.get("communes", {}))
        for name, codes in self._ambiguous.items():
            self.names.exact.setdefault(name, tuple(map(Place, codes)))
        for phrase in lexicon.get("nothing", ()):
            self.names.exact[fold_name(str(phrase))] = (_NOTHING,)

    def _read_towns(self, towns: Iterable[Mapping[str, str]]) -> None:
        own = dict(self.names.exact)
        for row in towns:
            place = Place(row["wilaya"], row["name"])
            for name in (row["name"], row["ar"], *row["aliases"].split("|")):
                official = name in (row["name"], row["ar"])
                for spelling in spellings(fold_name(name)):
                    if spelling and spelling not in own:
                        self._add(spelling, place, typos=official and len(sound(spelling)) > 7)

    def _read_communes(self, communes: Mapping[str, Iterable[str]]) -> None:
        """Add the communes; those that are one word, or open with no word of place, are homely."""
        own = dict(self.names.exact)
        for code, some in communes.items():
            for name in some:
                folded = fold_name(str(name))
                plain = folded.partition(" ")[0] not in self._words["heads"] or " " not in folded
                for spelling in spellings(folded):
                    if spelling in own:
                        continue
                    self._add(spelling, Place(str(code), str(name)), typos=False)
                    if plain:
                        self._homely.update((spelling, spelling.replace(" ", "")))

    def _add(self, name: str, place: Place, *, typos: bool) -> None:
        folded = fold_name(name)
        if folded:
            kinds = (*map(self._words.get, ("weak", "country", "never")), self._ambiguous)
            weak = any(folded in kind for kind in kinds if kind)
            self.names.add(folded, place, typos=typos and not weak)

    def find(self, text: str) -> list[Found]:
        """Return the wilayas named in `text`, by their official codes."""
        folded, offsets = fold(text)
        found = words(folded)
        numbered = self._numbers(text, folded, offsets, found) if _DIGIT.search(folded) else []
        if numbered and len(found) == 1:
            return numbered
        named = self._named(text, offsets, found)
        if not named:
            return numbered
        certain = {f.value for f in (*numbered, *named) if not f.candidates}
        return settle([*numbered, *(_narrowed(f, certain) for f in named)])

    def _named(self, text: str, offsets: Sequence[int], found: Sequence[Word]) -> list[Found]:
        taken = [False] * len(found)
        hits = []
        cues = self._words["cues"]
        cued = any(stem in cues for word in found for stem, _ in stems(word.text))
        for hit in sorted(self._hits(found), key=_by_rank):
            if any(taken[hit.first : hit.after]):
                continue
            place = self._judge(found, hit, cued=cued)
            if place is None:
                continue
            taken[hit.first : hit.after] = [True] * (hit.after - hit.first)
            if place[0].code:
                start, end = found[hit.first].start + hit.cut, found[hit.after - 1].end
                span = source_span(text, offsets, start, end)
                hits.append(Found("wilaya", place[0].code, *span, place[1], place[0].town))
        return hits

    def _hits(self, found: Sequence[Word]) -> Iterable[_Hit]:
        names, never = self.names, self._words["never"]
        guesses = 0
        for index, word in enumerate(found):
            exact = 0
            all_stems = tuple(_stems(word.text))
            known = min((cut for stem, cut in all_stems if stem in never), default=len(word.text))
            for stem, cut in all_stems:
                most = names.opening.get(stem)
                if most is None or cut > known:
                    continue
                phrase = stem
                for after in range(index + 1, min(len(found), index + most) + 1):
                    if after > index + 1:
                        phrase = f"{phrase} {found[after - 1].text}"
                    if phrase in names.exact:
                        exact = max(exact, after - index)
                        rank = 2 if self._is_weak(phrase) else 0
                        yield _Hit(rank, index, after, cut, names.exact[phrase])
                if exact and not cut:
                    break
            opens = word.text in names.openers
            if guesses < _MOST_GUESSES and (not exact or (opens and exact == 1)):
                guesses += _WINDOW if opens else 1
                yield from self._near(found, index)

    def _near(self, found: Sequence[Word], index: int) -> Iterable[_Hit]:
        """Yield what is nearly a name."""
        never, first = self._words["never"], found[index].text
        single = len(first) >= _LEAST and not any(stem in never for stem, _ in stems(first))
        if single:
            for stem, cut in stems(first):
                least = _LEAST_GLUED if cut else _LEAST + 2 * first.startswith("ال")
                if len(stem) >= least and (places := self.names.near(stem)):
                    yield _Hit(1, index, index + 1, cut, places)
                    break
        if first not in self.names.openers:
            return
        written = first
        for after in range(index + 2, min(len(found), index + _WINDOW) + 1):
            written = f"{written} {found[after - 1].text}"
            if len(written) >= _LEAST and written not in never:
                places = self.names.near(written)
                if places:
                    yield _Hit(1, index, after, 0, places)

    def _is_weak(self, phrase: str) -> bool:
        weak = phrase in self._words["weak"] or phrase in self._words["country"]
        return weak or phrase in self._ambiguous or phrase in self._homely

    def _judge(
        self, found: Sequence[Word], hit: _Hit, *, cued: bool
    ) -> tuple[Place, tuple[str, ...]] | None:
        """Return the place meant and the codes to ask about, or nothing when no place is meant."""
        index, after, cut = hit.first, hit.after, hit.cut
        phrase = " ".join(word.text for word in found[index:after])[cut:]
        if phrase in self._words["country"]:
            return self._capital(found, index, after, cut, cued=cued)
        if phrase in self._homely and not self._is_home(found, index, after, cut):
            return None
        if phrase in self._words["weak"] and not self._is_place(
            found, index, after, cut, cued=cued
        ):
            return None
        if phrase in self._ambiguous:
            codes = self._ambiguous[phrase]
            return Place(codes[0]), codes
        codes = tuple(place.code for place in hit.places)
        return hit.places[0], codes if len(codes) > 1 else ()

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
            or (before in _AND and self._ends_a_name(found, index - 1))
            or found[index].text[:cut] in ("ف", "ب", "ل", "وف", "f", "fi")
            or (index == 0 and found[index].text[:cut] in ("و", "وال", "w"))
            or self._is_alone(found, index, after)
        )

    def _ends_a_name(self, found: Sequence[Word], end: int) -> bool:
        """Return whether nothing, or a name, stands before `end`: « Blida w Saida »."""
        said = [word.text for word in found[max(0, end - _WINDOW) : end]]
        return not said or any(
            " ".join(said[first:]) in self.names.exact for first in range(len(said))
        )

    def _is_home(self, found: Sequence[Word], index: int, after: int, cut: int) -> bool:
        """Return whether somebody says that they live in a place of this name, or are from there.

        A name of several words that stands alone is an answer to where one lives.
        """
        before = [word.text for word in found[max(0, index - 5) : index]]
        glued = found[index].text[:cut]
        of = bool(before) and before[-1] in _OF
        if not self._words["town_words"].isdisjoint(before[-2:] if of else before[-1:]):
            return True
        inside = bool(before) and before[-1] in self._words["inside"]
        if inside or glued[:1] in ("ف", "ب", "م", "f", "b", "m") or glued in ("ل", "l"):
            said = before[:-1] if inside and not glued else before
            return not self._words["living"].isdisjoint(said[-3:]) or (
                bool(said) and said[-1] in self._words["self"]
            )
        return after - index > 1 and cut == 0 and self._is_alone(found, index, after)

    def _is_alone(self, found: Sequence[Word], index: int, after: int) -> bool:
        fillers = self._words["fillers"]
        return all(word.text in fillers for at, word in enumerate(found) if not index <= at < after)

    def _numbers(
        self, text: str, folded: str, offsets: Sequence[int], found: Sequence[Word]
    ) -> list[Found]:
        alone = self._number_alone(folded, found)
        spans = [alone] if alone else self._numbers_said(text, folded, offsets, found)
        numbers = []
        for start, end, number in spans:
            if 1 <= number <= _LAST:
                code = f"{number:02}"
                both = tuple(dict.fromkeys((code, _PRESS[number]))) if number in _PRESS else ()
                numbers.append(Found("wilaya", code, *source_span(text, offsets, start, end), both))
        return numbers

    def _number_alone(self, folded: str, found: Sequence[Word]) -> tuple[int, int, int] | None:
        """Return the number of a message that says nothing else, courtesies apart."""
        others = [word for word in found if word.text not in self._words["around_number"]]
        if len(others) != 1 or _COUNTED.search(folded):
            return None
        number = _NUMBER.fullmatch(others[0].text)
        if number is None or self._unit_after(folded, others[0].end):
            return None
        return others[0].start, others[0].end, int(number[1])

    def _numbers_said(
        self, text: str, folded: str, offsets: Sequence[int], found: Sequence[Word]
    ) -> list[tuple[int, int, int]]:
        """Return the numbers that follow « wilaya », « w » or where one comes from."""
        spans = []
        for match in _NUMBERED.finditer(folded):
            end, number = match.end(), match["number"]
            if match["letter"]:
                # « w » is « and », too: « w 3 drari », « w25 sna ».
                capital = text[offsets[match.start()]] == "W" and not text.isupper()
                if match["apart"] and not capital:
                    continue
                closed = self._closed.match(folded, end)
                if not closed and (
                    match["apart"] or len(number) < 2 or self._unit_after(folded, end)
                ):
                    continue
            spans.append((match.start(), end, int(number)))
        taken = {end for _, end, _ in spans}
        spans += [
            (word.start, word.end, int(word.text))
            for index, word in enumerate(found)
            if index and word.end not in taken and self._is_origin(folded, found, index)
        ]
        return spans

    def _unit_after(self, folded: str, end: int) -> bool:
        following = _WORD.match(folded, end)
        return following is not None and following[1] in self._words["units"]

    def _is_origin(self, folded: str, found: Sequence[Word], index: int) -> bool:
        """Return whether the word at `index` is a number of two digits that one is from."""
        word, gap = found[index], folded[found[index - 1].end : found[index].start]
        if len(word.text) != 2 or not word.text.isdecimal() or gap.strip():
            return False
        if not self._closed.match(folded, word.end):
            return False
        said = [one.text for one in found[max(0, index - 3) : index]]
        if said[-1] == "la":
            said.pop()  # « je suis de la 16 »
        farther, before = ("", "", *said)[-2:]
        living = self._words["living"]
        return (
            before in self._words["people"]
            or (before in self._words["from"] and farther in self._words["self"] | living)
            or (before in self._words["inside"] and farther in living)
            or (before == "dans" and farther in self._words["self"])
        )


def _stems(text: str) -> Iterable[tuple[str, int]]:
    """Yield what `stems` does, and what is left when « from » runs into a name."""
    yield from stems(text)
    glued = _FROM.match(text)
    if glued:
        yield text[glued.end() :], glued.end()


def _by_rank(hit: _Hit) -> tuple[int, int, int]:
    first = 0 if hit.places == (_NOTHING,) else hit.rank
    return first, hit.first - hit.after, hit.first


def _narrowed(found: Found, certain: set[str | int]) -> Found:
    """Return `found` decided, when the message names one of its candidates without doubt."""
    agreed = [code for code in found.candidates if code in certain]
    if len(agreed) != 1 or len(found.candidates) == 1:
        return found
    return Found("wilaya", agreed[0], found.start, found.end, (), found.town)

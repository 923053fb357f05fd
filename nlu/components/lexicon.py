"""Things named in a message by phrases of a lexicon kept by hand, in `nlu/lexicon/`.

`trades.yml` holds trades; `facts.yml` what people say of themselves (jobless, no diploma…).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nlu.components.found import Found
from nlu.components.phrases import longest_at, openings
from nlu.components.spelling import fold, fold_name, source_span, words

NOTHING = "nothing"
_LEAST = 4


class Lexicon:
    """A lexicon, ready to be asked for entities of one kind."""

    def __init__(self, kind: str, lexicon: Mapping[str, Iterable[str]]) -> None:
        self._kind = kind
        self._keys: dict[str, str] = {}
        for key, names in lexicon.items():
            for name in names:
                self._add(fold_name(str(name)), key)
        self._opening = openings(self._keys)

    def _add(self, phrase: str, key: str) -> None:
        self._keys.setdefault(phrase, key)
        if phrase.startswith("ال") and len(phrase) > 2 + _LEAST:
            self._keys.setdefault(phrase[2:], key)
        if phrase.isascii() and len(phrase) >= _LEAST and phrase[-1] not in "sxz":
            self._keys.setdefault(phrase + "s", key)

    def find(self, text: str) -> list[Found]:
        """Return what `text` names, by its keys; what is said twice comes twice."""
        folded, offsets = fold(text)
        found = words(folded)
        named = []
        index = 0
        while index < len(found):
            hit = longest_at(found, index, self._keys, self._opening)
            if hit is None:
                index += 1
                continue
            key, cut, after = hit
            if key != NOTHING:
                start = found[index].start + cut
                span = source_span(text, offsets, start, found[after - 1].end)
                named.append(Found(self._kind, key, *span))
            index = after
        return named

"""Trades in a message, found in a lexicon kept by hand (`nlu/lexicon/trades.yml`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nlu.components.found import Found
from nlu.components.phrases import longest_at
from nlu.components.spelling import fold, fold_name, source_span, words

NOTHING = "nothing"
_LEAST = 4


class Trades:
    """The lexicon, ready to be asked."""

    def __init__(self, lexicon: Mapping[str, Iterable[str]]) -> None:
        self._keys: dict[str, str] = {}
        for key, names in lexicon.items():
            for name in names:
                self._add(fold_name(str(name)), key)
        self._longest = max((phrase.count(" ") + 1 for phrase in self._keys), default=1)

    def _add(self, phrase: str, key: str) -> None:
        self._keys.setdefault(phrase, key)
        if phrase.startswith("ال") and len(phrase) > 2 + _LEAST:
            self._keys.setdefault(phrase[2:], key)
        if phrase.isascii() and len(phrase) >= _LEAST and phrase[-1] not in "sxz":
            self._keys.setdefault(phrase + "s", key)

    def find(self, text: str) -> list[Found]:
        """Return the trades named in `text`, by their keys; a trade said twice comes twice."""
        folded, offsets = fold(text)
        found = words(folded)
        trades = []
        index = 0
        while index < len(found):
            hit = longest_at(found, index, self._keys, self._longest)
            if hit is None:
                index += 1
                continue
            key, cut, after = hit
            if key != NOTHING:
                start = found[index].start + cut
                span = source_span(text, offsets, start, found[after - 1].end)
                trades.append(Found("trade", key, *span))
            index = after
        return trades

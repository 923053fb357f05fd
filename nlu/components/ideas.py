"""Words of every language that say one thing, so that one language's examples teach the others.

The lexicon, `nlu/lexicon/ideas.yml`, is kept by hand: an idea, then its words. A word is looked
up as it stands, then without what Arabic and Arabizi glue to its front, then by its consonants.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from nlu.components.normalise import normalise, skeleton_of

_GLUED = re.compile(r"(?:[وفبلك]?(?:ال|لل)|[وفبلك]|(?:f|b|w)?(?:el|l)|[fbw])(?=\w{3})")
_LEAST_BONES = 3


class Ideas:
    """The lexicon, ready to be asked."""

    def __init__(self, lexicon: Mapping[str, str]) -> None:
        self.lexicon = dict(lexicon)
        self._words: dict[str, set[str]] = {}
        self._bones: dict[str, set[str]] = {}
        for idea, words in lexicon.items():
            for word in normalise_each(words):
                self._words.setdefault(word, set()).add(idea)
                if len(bones := skeleton_of(word)) >= _LEAST_BONES:
                    self._bones.setdefault(bones, set()).add(idea)
        self.of_word = lru_cache(maxsize=20_000)(self._of_word)

    def of(self, words: Sequence[str]) -> list[str]:
        """Return the ideas that normalised words name, each once, in the order of the alphabet."""
        return sorted({idea for word in words for idea in self.of_word(word)})

    def _of_word(self, word: str) -> frozenset[str]:
        found = self._words.get(word)
        if not found and (glued := _GLUED.match(word)):
            found = self._words.get(word[glued.end() :])
        return frozenset(found or self._bones.get(skeleton_of(word)) or ())


def normalise_each(words: str) -> list[str]:
    """Return the normalised words of a lexicon line; those that become several words go."""
    each = (normalise(word) for word in words.split())
    return [word for word in each if word and " " not in word]

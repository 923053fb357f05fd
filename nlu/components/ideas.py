"""Words of every language that say one thing, so that one language's examples teach the others.

The lexicon, `nlu/lexicon/ideas.yml`, is kept by hand: an idea, then its words; a phrase is its
words joined by underscores. A word is looked up as it stands, then without what Arabic and Arabizi
glue to its front, then by its consonants; a phrase as it stands, then by its consonants. `nothing`
holds frequent words that stand for no idea and are never compared by their consonants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from nlu.components.normalise import normalise, skeleton_of
from nlu.components.phrases import openings
from nlu.components.remembered import Remembered

_GLUED = re.compile(r"(?:[وفبلك]?(?:ال|لل)|[وفبلك]|(?:f|b|w)?(?:el|l)|[fbw])(?=\w{3})")
_LEAST_BONES = 3
_LEAST_PHRASE_BONES = 5
_MOST_BY_BONES = 2
"""Consonants that more ideas share say nothing."""
NOTHING = "nothing"


class Ideas:
    """The lexicon, ready to be asked."""

    def __init__(self, lexicon: Mapping[str, str]) -> None:
        self.lexicon = dict(lexicon)
        self._nothing = frozenset(normalise(word) for word in lexicon.get(NOTHING, "").split())
        self._words: dict[str, set[str]] = {}
        self._bones: dict[str, set[str]] = {}
        self._phrases: dict[str, set[str]] = {}
        self._phrase_bones: dict[str, set[str]] = {}
        for idea, entries in lexicon.items():
            for entry in entries.split() if idea != NOTHING else ():
                self._add(idea, normalise(entry.replace("_", " ")))
        self._opening = openings(self._phrases)
        self._bones_opening = openings(self._phrase_bones)
        self.of_word = Remembered(self._of_word).__getitem__

    def _add(self, idea: str, words: str) -> None:
        bones = skeleton_of(words)
        if " " in words:
            self._phrases.setdefault(words, set()).add(idea)
            if len(bones) > _LEAST_PHRASE_BONES and bones.count(" ") == words.count(" "):
                self._phrase_bones.setdefault(bones, set()).add(idea)
        elif words:
            self._words.setdefault(words, set()).add(idea)
            if len(bones) >= _LEAST_BONES:
                self._bones.setdefault(bones, set()).add(idea)

    def of(self, words: Sequence[str], bones: Sequence[str]) -> list[str]:
        """Return the ideas that words name, each once, in the order of the alphabet.

        `words` are normalised, `bones` their skeletons.
        """
        found = {idea for word in words for idea in self.of_word(word)}
        found.update(_in_phrases(words, self._phrases, self._opening))
        found.update(_in_phrases(bones, self._phrase_bones, self._bones_opening))
        return sorted(found)

    def _of_word(self, word: str) -> frozenset[str]:
        found = self._words.get(word)
        if not found and (glued := _GLUED.match(word)):
            found = self._words.get(word[glued.end() :])
        if not found and word not in self._nothing:
            found = self._bones.get(skeleton_of(word))
            if found and len(found) > _MOST_BY_BONES:
                return frozenset()
        return frozenset(found or ())


def _in_phrases(
    words: Sequence[str], phrases: Mapping[str, set[str]], opening: Mapping[str, int]
) -> Iterable[str]:
    """Yield the ideas of the phrases among `words`; `opening`: see `openings`."""
    for first, word in enumerate(words):
        for after in range(first + 2, min(first + opening.get(word, 1), len(words)) + 1):
            yield from phrases.get(" ".join(words[first:after]), ())

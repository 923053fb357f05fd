"""Looking up phrases of a list in the words of a message, the glued particles of Arabic apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from nlu.components.spelling import Word

# One of و ف and one of ب ل ك, then the article, which loses its alef after ل (لل).
_PARTICLES = frozenset(
    (
        *("و", "ف", "ب", "ل", "ك", "ال", "لل", "وال", "فال", "بال", "كال", "ولل", "فلل"),
        *("وب", "ول", "وف", "فل", "فب", "وك", "وبال", "وفال", "ه", "هال", "عال", "ع"),
    )
)
# « l'Oran », « f'Oran », « d'Oran » part by themselves; glued, they are these.
_LATIN = frozenset(("lel", "fel", "bel", "fl", "bl", "ll", "el", "al", "l", "f", "b", "w", "d"))
_MOST = 4
_LEAST = 3
_LEAST_LATIN = 4
# « وما » and « ولا » open a phrase as « ما » and « لا » do: "and" is glued to what denies, too.
_DENIED = ("وما", "ولا", "فما", "فلا")
_LONGEST = 32

Stems = tuple[tuple[str, int], ...]
"""What a word may stand for, each with the letters taken off its front; the word itself first."""


def stems(text: str) -> Stems:
    """Return `text` and what is left without glued particles, each with the letters taken off."""
    return _stems(text) if len(text) <= _LONGEST else ((text, 0),)


@lru_cache(maxsize=8192)
def _stems(text: str) -> Stems:
    found = [(text, 0)]
    arabic = "\u0600" <= text[:1] <= "\u06ff"
    particles, least = (_PARTICLES, _LEAST) if arabic else (_LATIN, _LEAST_LATIN)
    found += [
        (text[cut:], cut)
        for cut in range(min(_MOST, len(text) - least), 0, -1)
        if text[:cut] in particles
    ]
    if text in _DENIED:
        found.append((text[1:], 1))
    return tuple(found)


def openings(phrases: Iterable[str]) -> dict[str, int]:
    """Return the first words of `phrases`, each with the words of the longest it opens."""
    longest: dict[str, int] = {}
    for phrase in phrases:
        first = phrase.partition(" ")[0]
        longest[first] = max(longest.get(first, 1), phrase.count(" ") + 1)
    return longest


def longest_at(
    found: Sequence[Word], index: int, phrases: Mapping[str, str], opening: Mapping[str, int]
) -> tuple[str, int, int] | None:
    """Return the longest phrase at `index`: its key, the letters taken off, the index after it.

    `opening` is what `openings` makes of the phrases.
    """
    for phrase, cut in stems(found[index].text):
        if phrase not in opening:
            continue
        best = (phrases[phrase], cut, index + 1) if phrase in phrases else None
        longer = phrase
        for after in range(index + 1, min(len(found), index + opening[phrase])):
            longer = f"{longer} {found[after].text}"
            if longer in phrases:
                best = (phrases[longer], cut, after + 1)
        if best:
            return best
    return None

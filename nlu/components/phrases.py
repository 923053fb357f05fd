"""Looking up phrases of a list in the words of a message, the glued particles of Arabic apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nlu.components.spelling import Word

# One of و ف and one of ب ل ك, then the article, which loses its alef after ل (لل).
_PARTICLES = tuple(
    sorted(
        (
            *("و", "ف", "ب", "ل", "ك", "ال", "لل", "وال", "فال", "بال", "كال", "ولل", "فلل"),
            *("وب", "ول", "وف", "فل", "فب", "وك", "وبال", "وفال", "ه", "هال", "عال", "ع"),
        ),
        key=len,
        reverse=True,
    )
)
# « l'Oran », « f'Oran », « d'Oran » part by themselves; glued, they are these.
_LATIN = ("lel", "fel", "bel", "fl", "bl", "ll", "el", "al", "l", "f", "b", "w", "d")
_LEAST = 3
_LEAST_LATIN = 4
# « وما » and « ولا » open a phrase as « ما » and « لا » do: "and" is glued to what denies, too.
_DENIED = ("وما", "ولا", "فما", "فلا")


def stems(text: str) -> Iterator[tuple[str, int]]:
    """Return `text` and what is left without glued particles, each with the letters taken off."""
    yield text, 0
    arabic = "\u0600" <= text[:1] <= "\u06ff"
    for particle in _PARTICLES if arabic else _LATIN:
        cut = len(particle)
        if text.startswith(particle) and len(text) - cut >= (_LEAST if arabic else _LEAST_LATIN):
            yield text[cut:], cut
    if text in _DENIED:
        yield text[1:], 1


def longest_at(
    found: Sequence[Word], index: int, phrases: Mapping[str, str], longest: int
) -> tuple[str, int, int] | None:
    """Return the longest phrase at `index`: its key, the letters taken off, the index after it."""
    for cut_word, cut in stems(found[index].text):
        best: tuple[str, int, int] | None = None
        phrase = cut_word
        for after in range(index + 1, min(len(found), index + longest) + 1):
            if after > index + 1:
                phrase = f"{phrase} {found[after - 1].text}"
            if phrase in phrases:
                best = (phrases[phrase], cut, after)
        if best:
            return best
    return None

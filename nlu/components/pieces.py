"""What a message is cut into before it is counted: pieces of words, words, skeletons, ideas."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from nlu.components.ideas import Ideas
from nlu.components.normalise import normalise, skeleton_of

Blocks = dict[str, Sequence[str]]
"""The words each block of features cuts up."""

_NUMBER = re.compile(r"\d")


class Said(NamedTuple):
    """A message, and what `named` makes of the entities found in it."""

    text: str
    named: frozenset[str] = frozenset()


def named(entities: Iterable[tuple[str, object]]) -> frozenset[str]:
    """Return the kinds of the entities (name, value), facts by their value.

    Two things or more that people say of themselves are a kind too: that is how one asks about
    one's own case.
    """
    found = set(entities)
    kinds = {f"{name} {value}" if name == "fact" else name for name, value in found}
    if sum(name in ("age", "fact") for name, _ in found) > 1:
        kinds.add("several")
    return frozenset(kinds)


class Reader:
    """Reads a message for the intent classifier."""

    def __init__(self, ideas: Ideas) -> None:
        self.ideas = ideas

    def __call__(self, said: Said) -> Blocks:
        """Return the words, the skeletons and the ideas of a message; a number is its zeros."""
        normalised = normalise(said.text)
        words = _NUMBER.sub("0", normalised).split()
        bones = _NUMBER.sub("0", skeleton_of(normalised)).split()
        ideas = [*self.ideas.of(words), *sorted(f"@{name}" for name in said.named)]
        return {
            "letters": words,
            "words": words,
            "bones": bones,
            "bone_words": bones,
            "ideas": ideas,
        }


def letters(words: Sequence[str], shortest: int = 2, longest: int = 5) -> Iterable[str]:
    """Give the pieces of each word, its bounds included as spaces."""
    for word in words:
        bounded = f" {word} "
        for size in range(shortest, min(longest, len(bounded)) + 1):
            for start in range(len(bounded) - size + 1):
                yield bounded[start : start + size]


def short_letters(words: Sequence[str]) -> Iterable[str]:
    """Give the pieces of each skeleton, which holds fewer letters than its word."""
    return letters(words, 2, 4)


def neighbours(words: Sequence[str]) -> Iterable[str]:
    """Give each word, and each two neighbours; the message's ends count as neighbours."""
    yield from words
    for first, second in itertools.pairwise(["^", *words, "$"]):
        yield f"{first} {second}"


def together(ideas: Sequence[str]) -> Iterable[str]:
    """Give each idea, and each two that a message holds, however far apart."""
    yield from ideas
    for first, second in itertools.combinations(ideas, 2):
        yield f"{first} {second}"


PIECES: dict[str, Callable[[Sequence[str]], Iterable[str]]] = {
    "letters": letters,
    "words": neighbours,
    "bones": short_letters,
    "bone_words": neighbours,
    "ideas": together,
}
"""How each block cuts its words up."""

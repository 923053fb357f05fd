"""What a message is cut into before it is counted: pieces of words, words, skeletons, ideas."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
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

    @property
    def length(self) -> int:
        """Return how many words it has."""
        return len(self.text.split())


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
        """Return the words, skeletons, ideas and concepts of a message; a number is its zeros.

        Concepts are the words again, in their order, each by its idea or else by its skeleton.
        """
        words = _NUMBER.sub("0", normalise(said.text)).split()
        bones = [skeleton_of(word) for word in words]
        by_word = [self.ideas.of_word(word) for word in words]
        concepts = [
            f"@{min(ideas)}" if ideas else bone or word
            for ideas, bone, word in zip(by_word, bones, words, strict=True)
        ]
        ideas = [*self.ideas.of(words, bones), *sorted(f"@{name}" for name in said.named)]
        bones = [bone for bone in bones if bone]
        return {
            "letters": words,
            "words": words,
            "bones": bones,
            "ideas": ideas,
            "concepts": concepts,
        }


class Cut(NamedTuple):
    """How a block of words is cut up: into `units` that depend on their order, then each of those.

    A unit gives the same `pieces` wherever it stands, so that it is cut up once for many messages;
    without them it is one itself.
    """

    units: Callable[[Sequence[str]], Iterable[str]]
    pieces: Callable[[str], Sequence[str]] | None = None


def letters(word: str, longest: int = 5) -> tuple[str, ...]:
    """Return the pieces of a word, of two to `longest` letters, its bounds included as spaces."""
    bounded = f" {word} "
    return tuple(
        bounded[start : start + size]
        for size in range(2, min(longest, len(bounded)) + 1)
        for start in range(len(bounded) - size + 1)
    )


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


CUTS: dict[str, Cut] = {
    "letters": Cut(iter, letters),
    "words": Cut(neighbours),
    # A skeleton holds fewer letters than its word.
    "bones": Cut(iter, partial(letters, longest=4)),
    "ideas": Cut(together),
    "concepts": Cut(neighbours),
}
"""How each block is cut up."""

"""Whether each question of a message is heard, and where: on messages of one, two and three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from nlu.evaluation.examples import KINDS
from nlu.evaluation.judging import parses
from nlu.evaluation.measures import Share

NEAR = 1
"""Words by which a part may begin earlier or later and still be the right one."""


class Asking(NamedTuple):
    """A message of a kind of language and its questions in their order: intents and their text."""

    kind: str
    parts: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """Return the whole message."""
        return " ".join(text for _, text in self.parts)

    @property
    def intents(self) -> list[str]:
        """Return what is asked, in order."""
        return [intent for intent, _ in self.parts]

    @property
    def starts(self) -> list[int]:
        """Return how many words stand before each part."""
        lengths = [len(text.split()) for _, text in self.parts]
        return [sum(lengths[:place]) for place in range(len(lengths))]


class Heard(NamedTuple):
    """A message, and the intents that were found in it with the words before each."""

    asked: Asking
    intents: list[str]
    starts: list[int]

    @property
    def all_heard(self) -> bool:
        """Return whether what was found is just what is asked."""
        return self.intents == self.asked.intents

    @property
    def in_place(self) -> bool:
        """Return whether each question was also found where it stands."""
        return self.all_heard and all(
            abs(found - true) <= NEAR
            for found, true in zip(self.starts, self.asked.starts, strict=True)
        )


@dataclass(frozen=True)
class Figures:
    """Shares of messages with several questions: all `heard`, all `placed`, cut but `misheard`.

    `kinds` is `heard` for each kind; `cut`: of messages with one question, those in which several
    were found.
    """

    heard: Share
    placed: Share
    misheard: Share
    kinds: Mapping[str, Share]
    cut: Share


def read(path: Path) -> list[Asking]:
    """Return the messages of a file like `nlu/heldout_several.yml`."""
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return [Asking(_kind(e["metadata"]), _parts(e["parts"])) for e in entries]


def _kind(metadata: Mapping[str, str]) -> str:
    return metadata.get("style") or metadata["lang"]


def _parts(entries: Sequence[Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((intent, text) for entry in entries for intent, text in entry.items())


def by_model(model: Path, messages: Sequence[Asking]) -> list[Heard]:
    """Return what a model file hears in messages.

    Raises `UnreadableModelError` when the file is missing or can't be used by this code.
    """
    texts = [message.text for message in messages]
    return [
        _heard(message, parse)
        for message, parse in zip(messages, parses(model, texts), strict=True)
    ]


def _heard(message: Asking, parse: Mapping[str, Any]) -> Heard:
    found = parse.get("questions") or []
    starts = [len(message.text[: part["start"]].split()) for part in found]
    return Heard(message, [part["intent"] for part in found], starts)


def figures(heard: Sequence[Heard]) -> Figures:
    """Return the summary of what was heard."""
    several = [h for h in heard if len(h.asked.parts) > 1]
    single = [h for h in heard if len(h.asked.parts) == 1]
    return Figures(
        heard=Share.counted(h.all_heard for h in several),
        placed=Share.counted(h.in_place for h in several),
        misheard=Share.counted(len(h.intents) > 1 and not h.all_heard for h in several),
        kinds={k: Share.counted(h.all_heard for h in several if h.asked.kind == k) for k in KINDS},
        cut=Share.counted(len(h.intents) > 1 for h in single),
    )

"""Labelled messages, from Rasa's YAML: what was written, in which language, by whom."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.importer import read_messages
from nlu.components.language import carried, kind_of

KINDS: dict[str, str] = {
    "fr": "French",
    "sms": "French as it is texted",
    "ar": "written Arabic",
    "dz-ar": "Algerian in Arabic letters",
    "dz-latn": "Algerian in Latin letters",
    "mix": "languages mixed",
}
"""The six kinds messages are counted by, and what they are called on a page."""

_TEXTED = "sms"


class Example(NamedTuple):
    """A labelled message.

    `lang` is what the model has to find (fr, ar, dz-ar, dz-latn or mix); `kind` is the same but
    for texted French, which is a kind of its own. `hand` numbers who wrote the message; 0 stands
    for several people, or nobody knows whom.
    """

    text: str
    intent: str
    lang: str
    kind: str
    hand: int


def read(path: str) -> list[Example]:
    """Return the labelled messages of a file or a folder of Rasa's YAML, in its order.

    They are read as training reads them.
    """
    place, examples = Path(path), []
    files = sorted(place.rglob("*.yml")) if place.is_dir() else [place]
    for message in (m for file in files for m in read_messages(file)):
        if not message.get(TEXT):
            continue
        lang = kind_of(message)
        kind = _TEXTED if carried(message, "style") == _TEXTED else lang
        text, intent = message.get(TEXT), message.get(INTENT)
        examples.append(Example(text, intent, lang, kind, hand_of(message)))
    return examples


def hand_of(example: Message) -> int:
    """Return the number of who wrote a training message, 0 where that is not known."""
    hand = carried(example, "hand")
    return hand if isinstance(hand, int) else 0


def some(examples: Sequence[Example], most: int | None, seed: int = 1) -> list[Example]:
    """Return at most `most` of the examples, drawn at random and in their order; None is all."""
    if most is None or most >= len(examples):
        return list(examples)
    return [examples[i] for i in sorted(random.Random(seed).sample(range(len(examples)), most))]  # noqa: S311 - not a secret

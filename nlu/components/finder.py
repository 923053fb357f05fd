"""All the extractors over one message. Nothing here knows Rasa."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from nlu.components.ages import find_ages
from nlu.components.amounts import find_amounts
from nlu.components.dates import find_dates
from nlu.components.found import Found, beside, settle
from nlu.components.lexicon import Lexicon
from nlu.components.phones import find_phones
from nlu.components.wilayas import Wilayas

_LONGEST = 4096


class Finder:
    """The extractors with their lists (see `read_lists`) loaded."""

    def __init__(self, lists: Mapping[str, Any]) -> None:
        self.wilayas = Wilayas(lists["wilayas"], lists["towns"], lists["places"])
        self.trades = Lexicon("trade", lists["trades"])
        self.facts = Lexicon("fact", lists["facts"])

    def find(self, text: str) -> list[Found]:
        """Return the entities of `text`, none overlapping; its first 4,096 characters are read."""
        text = text[:_LONGEST]
        facts = self.facts.find(text)
        return settle(
            [
                *find_phones(text),
                *find_dates(text),
                *find_amounts(text),
                *find_ages(text),
                *self.wilayas.find(text),
                *beside(self.trades.find(text), facts, text),
                *facts,
            ]
        )


def read_lists(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows and words of the files that `config` names."""
    return {
        "wilayas": _rows(config["wilayas"]),
        "towns": _rows(config["towns"]),
        "places": _words(config["places"]),
        "trades": _words(config["trades"]),
        "facts": _words(config["facts"]),
    }


def _rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _words(path: str) -> dict[str, Any]:
    words = yaml.load(Path(path).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(words, dict):
        raise ValueError(f"{path} holds no lists of words.")
    return words

"""What the extractors hand over, and which of two overlapping findings stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

ORDER = ("phone", "date", "amount", "age", "wilaya", "fact", "trade")
_RANK = {name: rank for rank, name in enumerate(ORDER)}


@dataclass(frozen=True)
class Found:
    """A thing named in a message, with offsets into the message as it was written."""

    name: str
    value: str | int
    start: int
    end: int
    candidates: tuple[str, ...] = ()
    town: str = ""

    def entity(self) -> dict[str, Any]:
        """Return the entity as Rasa carries it."""
        entity: dict[str, Any] = {
            "entity": self.name,
            "value": self.value,
            "start": self.start,
            "end": self.end,
        }
        if self.candidates:
            entity["candidates"] = list(self.candidates)
        if self.town:
            entity["town"] = self.town
        return entity


def settle(found: Iterable[Found]) -> list[Found]:
    """Return the findings that stay, in the order of the text.

    Of two that overlap the kind named first in `ORDER` stays, then the longer, then the earlier.
    """
    taken: set[int] = set()
    kept: list[Found] = []
    ranked = sorted(found, key=lambda f: (_RANK[f.name], f.start - f.end, f.start))
    for one in ranked:
        span = range(one.start, one.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(one)
    return sorted(kept, key=lambda f: f.start)


def beside(found: Iterable[Found], others: Iterable[Found], text: str) -> list[Found]:
    """Return `found` with what opens as one of the shorter `others` cut to the words after it.

    « technicien en réseaux » says both a qualification and a trade: neither may hide the other.
    """
    ends = {other.start: other.end for other in others}
    cut = []
    for one in found:
        start = ends.get(one.start, one.start)
        while start < one.end and not text[start].isalnum():
            start += 1
        cut.append(replace(one, start=start) if one.start < start < one.end else one)
    return cut

"""What every answer is given: the facts, the day, and what was named in the question."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from actions.facts import Programme
from nlu.client import Entity


@dataclass(frozen=True)
class Asked:
    """A question about a subject; `today` is the day in Algiers."""

    programme: Programme
    today: dt.date
    entities: tuple[Entity, ...] = ()

    @property
    def age(self) -> int | None:
        """Return the age named in the question, in years."""
        return next((int(e.value) for e in self.entities if e.name == "age"), None)

    @property
    def trades(self) -> tuple[str, ...]:
        """Return the keys of the trades named in the question, each once."""
        return tuple(dict.fromkeys(str(e.value) for e in self.entities if e.name == "trade"))

    def states(self, *facts: str) -> bool:
        """Whether the person says one of these of themselves, such as `student`."""
        return any(e.name == "fact" and e.value in facts for e in self.entities)

"""What differs from one desk to the next, as the settings say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from actions.spending import Budget


@dataclass(frozen=True)
class DeskSettings:
    """The desk's own numbers.

    An open case that nobody touches for `patience` is given back to the assistant; no more than
    `topics_an_hour` cases are shown unasked in an hour, the others wait in the queue. `budget` is
    what may be sent by SMS, and what that costs.
    """

    patience: dt.timedelta = dt.timedelta(hours=24)
    topics_an_hour: int = 30
    budget: Budget = field(default_factory=Budget)

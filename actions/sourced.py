"""What a fact is: values with the sources they were read in, their date, and how sure they are."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import ValidationInfo, field_validator, model_validator

from actions.loading import Record

#: `read`: a stored page of the source states it. `secondary`: only a blog, a public repository or
#: a translation does. `inferred`: our own conclusion from what was read. `unconfirmed`: known from
#: nowhere that we could read; a person must check it.
Confidence = Literal["read", "secondary", "inferred", "unconfirmed"]


class Bilingual(Record):
    """A proper name, or what a thing is called, in both languages."""

    fr: str
    ar: str


class Source(Record):
    """Where facts were read: what a citizen calls it, and the reference to find it again."""

    title: Bilingual
    publisher: str
    reference: str
    date: dt.date | None = None


class Fact(Record):
    """Values, `sources` that state them (keys of sources.yml), and the day they were true.

    Loading fails without a source; only an unconfirmed fact may have a `note` that says where it
    comes from instead. Never print a fact that is not `certain` without saying that it is unsure.
    """

    sources: tuple[str, ...] = ()
    as_of: dt.date
    confidence: Confidence
    note: str = ""

    @property
    def certain(self) -> bool:
        """Whether it may be said without a reserve: its source states it."""
        return self.confidence == "read"

    @field_validator("sources")
    @classmethod
    def _known(cls, keys: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        context: dict[str, Any] = info.context or {}
        known = context.get("sources")
        for key in keys:
            if known is not None and key not in known:
                raise ValueError(f"“{key}” is not in sources.yml")
        return keys

    @model_validator(mode="after")
    def _sourced(self) -> Fact:
        if not self.sources and self.confidence != "unconfirmed":
            raise ValueError("a fact needs at least one source")
        if not self.sources and not self.note:
            raise ValueError("an unconfirmed fact without a source needs a note on its origin")
        return self


class Named(Fact):
    """Something that has a name."""

    name: Bilingual


class Amount(Fact):
    """A sum in whole dinars."""

    dinars: int


class Percent(Fact):
    """A share of a cost, in percent."""

    percent: int


class Duration(Fact):
    """A time, in the one unit that is given."""

    days: int | None = None
    weeks: int | None = None
    months: int | None = None
    years: int | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Duration:
        given = (self.days, self.weeks, self.months, self.years)
        if sum(value is not None for value in given) != 1:
            raise ValueError("give one of days, weeks, months and years")
        return self

    @property
    def length(self) -> int:
        """Return the number, whatever its unit."""
        return next(v for v in (self.days, self.weeks, self.months, self.years) if v is not None)

"""What `tours.yml` holds: the parts of the tour, their stops, and where the sources differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from actions.geography import Code, Geography, Latitude, Longitude
from actions.loading import ProgrammeError, Record, load_yaml

#: `announced`: printed beforehand. `reported`: printed as it happened. `inferred`: worked out by
#: us, kept for staff and never shown. `unknown`: nobody printed it, or what was printed can't be.
#: `cancelled`: the stop is not to be.
DateStatus = Literal["announced", "reported", "inferred", "unknown", "cancelled"]
Weekday = Literal["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]


@dataclass(frozen=True)
class Days:
    """Printed days of a stop, both included; without `last`, only the first was printed."""

    first: dt.date
    last: dt.date | None


class Sourced(Record):
    """Something read in sources, named by their keys in `sources.yml`."""

    sources: tuple[str, ...] = ()

    @field_validator("sources")
    @classmethod
    def _known(cls, keys: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        context: dict[str, Any] = info.context or {}
        for key in keys:
            if "sources" in context and key not in context["sources"]:
                raise ValueError(f"“{key}” is not in sources.yml")
        return keys


class Dated(Sourced):
    """Something with days, as far as they are known, and how they are known."""

    date_status: DateStatus
    first: dt.date | None = None
    last: dt.date | None = None
    #: Printed lengths of stay, in days; several when sources differ.
    days: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _possible(self) -> Dated:
        if not self._is_sourced:
            raise ValueError("it needs at least one source")
        if (self.first is None) != (self.date_status in ("unknown", "cancelled")):
            raise ValueError("a first day is given, unless date_status is unknown or cancelled")
        if self.last and (self.first is None or self.last < self.first):
            raise ValueError("the last day comes after the first")
        return self

    @property
    def _is_sourced(self) -> bool:
        return bool(self.sources)

    @property
    def certain_days(self) -> Days | None:
        """Return the days that may be shown: announced or reported ones; None for others."""
        if self.first is None or self.date_status not in ("announced", "reported"):
            return None
        return Days(self.first, self.last)


class Version(Sourced):
    """What some sources say where others differ: a place, days, a length, or a newspaper's day."""

    wilaya: Code | None = None
    weekday: Weekday | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    days: int | None = None
    #: A newspaper of this day told of the caravan in `wilaya`.
    mentioned: dt.date | None = None


class Conflict(Sourced):
    """Two versions or more that stand side by side; `sources` when none can be told apart."""

    about: Literal["launch", "date", "length"]
    versions: tuple[Version, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _sourced(self) -> Conflict:
        if not self.sources and not all(version.sources for version in self.versions):
            raise ValueError("every version needs a source")
        return self


class Place(Record):
    """Where in the town the caravan stands, as printed; `inferred` when only we think so.

    Coordinates are given only where somebody stated them, never a town's for its square.
    """

    fr: str
    ar: str
    status: Literal["reported", "inferred"] = "reported"
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class Stop(Dated):
    """One stop. `order` counts from 1 over the whole tour; None where no order was printed.

    `weekday` was printed without its date; `mentioned` is the day of a newspaper that told of the
    stop without its days; `listed` is false when only we think that the wilaya was to come.
    `announced_on` is the day on which staff announced or cancelled it: its status and its days are
    theirs, and `sources` are those of what they left as printed.
    """

    wilaya: Code
    order: int | None = None
    weekday: Weekday | None = None
    mentioned: dt.date | None = None
    place: Place | None = None
    opens: dt.time | None = None
    closes: dt.time | None = None
    listed: bool = True
    as_of: dt.date | None = None
    announced_on: dt.date | None = None
    conflicts: tuple[Conflict, ...] = ()

    @property
    def _is_sourced(self) -> bool:
        return bool(self.sources or self.announced_on)

    @property
    def is_cancelled(self) -> bool:
        """Whether it is not to be."""
        return self.date_status == "cancelled"


class Part(Dated):
    """A part of the tour with its stops; `days` are the lengths printed for its stops."""

    number: int
    stops: tuple[Stop, ...] = Field(min_length=1)
    conflicts: tuple[Conflict, ...] = ()


class Tour(Record):
    """A whole tour, as it was known on `as_of`; from `history_from` on it is over for certain.

    What staff announce may be out of the printed order, and after that day: see `timetable`.
    """

    as_of: dt.date
    history_from: dt.date
    parts: tuple[Part, ...] = Field(min_length=1)

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Return every stop; those with an order are in it."""
        return tuple(stop for part in self.parts for stop in part.stops)

    @property
    def year(self) -> int:
        """Return the year of the first certain day, or that before it all is history."""
        days = (days.first for stop in self.stops if (days := stop.certain_days))
        return min(days, default=self.history_from - dt.timedelta(days=1)).year

    @property
    def ordered(self) -> tuple[Stop, ...]:
        """Return the stops whose order is known, in it, without those cancelled."""
        return tuple(s for s in self.stops if s.order is not None and not s.is_cancelled)

    def at(self, wilaya: str) -> Stop | None:
        """Return the stop in a wilaya, past or not."""
        return next((stop for stop in self.stops if stop.wilaya == wilaya), None)

    def part_of(self, stop: Stop) -> Part:
        """Return the part of the tour that a stop belongs to."""
        return next(part for part in self.parts if stop in part.stops)

    @model_validator(mode="after")
    def _in_order(self) -> Tour:
        orders = [stop.order for stop in self.stops if stop.order is not None]
        placed = [stop.order for stop in self.stops[: len(orders)]]
        if orders != list(range(1, len(orders) + 1)) or placed != orders:
            raise ValueError("the stops stand in their order, counted from 1 without a gap")
        codes = [stop.wilaya for stop in self.stops]
        if len(codes) != len(set(codes)):
            raise ValueError("a wilaya has two stops")
        days = [days.first for stop in self.ordered if (days := stop.certain_days)]
        if not days or days != sorted(set(days)):
            raise ValueError("announced and reported days follow the order of the stops")
        return self


def load_tour(folder: Path, geography: Geography, sources: Collection[str]) -> Tour:
    """Read `tours.yml`; raise `ProgrammeError` for a mistake, an unknown source or wilaya in it."""
    path = folder / "tours.yml"
    tour = load_yaml(path, Tour, {"sources": sources})
    for code in _wilayas(tour.stops):
        if geography.wilaya(code) is None:
            raise ProgrammeError(f"{path.name}: there is no wilaya of number {code}.")
    return tour


def _wilayas(stops: Sequence[Stop]) -> Iterator[str]:
    for stop in stops:
        yield stop.wilaya
        for conflict in stop.conflicts:
            yield from (version.wilaya for version in conflict.versions if version.wilaya)

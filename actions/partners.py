"""Who stands behind the scheme: the agency, Algérie Télécom and their convention, the caravan."""

from __future__ import annotations

import datetime as dt

from pydantic import ValidationInfo, field_validator

from actions.loading import Record
from actions.scheme import Ages
from actions.sourced import Bilingual, Duration, Fact, Named


class Signature(Fact):
    """When something was signed."""

    day: dt.date


class Listed(Fact):
    """Things known by a key, with their names."""

    items: dict[str, Bilingual]


class Training(Record):
    """The free training that Algérie Télécom gives; sources disagree on its length."""

    shortest: Duration
    shortest_elsewhere: Duration
    longest: Duration
    free: Fact
    subjects: tuple[str, ...]


class ConventionFigures(Fact):
    """How many micro-enterprises and technicians the convention had made, by `as_of`."""

    micro_enterprises: int
    trained: int | None = None


class Goal(Fact):
    """How many micro-enterprises were aimed at."""

    per_wilaya: int
    in_all: int


class Convention(Record):
    """The agreement of Algérie Télécom and the agency; its own text was not found."""

    signed: Signature
    with_cnac: Fact
    gives: Fact
    annual_work: Named
    agency_first: Fact
    trades: Listed
    profiles: Listed
    training: Training
    figures: tuple[ConventionFigures, ...]
    goal: Goal

    @field_validator("training")
    @classmethod
    def _subjects_are_trades(cls, training: Training, info: ValidationInfo) -> Training:
        trades = info.data.get("trades")
        for key in training.subjects:
            if isinstance(trades, Listed) and key not in trades.items:
                raise ValueError(f"“{key}” is taught but is not among the trades")
        return training


class Organisers(Fact):
    """Who runs the caravan."""

    names: tuple[Bilingual, ...]


class CaravanFigures(Fact):
    """Visitors and applicants counted after a number of stops."""

    visitors: int | None = None
    applicants: int | None = None
    stops: int


class Caravan(Record):
    """The caravan, without its stops."""

    organisers: Organisers
    figures: tuple[CaravanFigures, ...]


class AgencyName(Fact):
    """What the agency is called since a day."""

    name: Bilingual
    full: Bilingual
    since: dt.date


class Between(Record):
    """A range in percent, both ends included."""

    least: int
    most: int


class RulesToday(Fact):
    """The rules printed since 2024, to be checked with the agency. Shares in percent."""

    ceiling: int
    contribution: Between
    agency_share: Between
    bank_share: int
    jobless_or_student_contribution: int
    without_a_bank_share: int
    training_centre: Bilingual


class Agency(Record):
    """The agency's names, and the rules that replaced those of 2015."""

    names: tuple[AgencyName, ...]
    ages_since_2022: Ages
    today: RulesToday
    online: Named

    def named_on(self, day: dt.date) -> AgencyName:
        """Return what the agency was called on a day, its first name before that."""
        return next((n for n in reversed(self.names) if n.since <= day), self.names[0])

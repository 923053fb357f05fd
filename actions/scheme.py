"""The scheme of 2015: who could benefit, what it paid, how one applied. Ages in years."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pydantic import model_validator

from actions.loading import Record
from actions.sourced import Amount, Bilingual, Duration, Fact, Named, Percent


class Decree(Fact):
    """The text whose rules are quoted."""

    name: Bilingual
    signed: dt.date


class Ages(Fact):
    """Both ages included."""

    youngest: int
    oldest: int


class ManagerAge(Fact):
    """How old the manager may be when the project creates `jobs` permanent jobs or more."""

    oldest: int
    jobs: int


class Required(Fact):
    """A condition that must be met."""

    required: bool


class Qualification(Required):
    """What one must be able to do; know-how may stand for a diploma."""

    know_how_counts: bool


class Allowed(Fact):
    """Something one may or may not have or do."""

    allowed: bool


class Studies(Allowed):
    """Whether one may be enrolled in studies or training when applying."""

    further_training_allowed: bool


class EarlierAid(Allowed):
    """Whether one may have had an aid before, and from which agencies it counts."""

    agencies: tuple[str, ...]


class Nationality(Fact):
    """Who one must be a citizen of."""

    algerian: bool


class OtherScheme(Ages):
    """A neighbouring scheme, and the ages it was for."""

    name: Bilingual
    with_algerie_telecom: bool


class Eligibility(Record):
    """The conditions: décret exécutif 15-156 of 16 June 2015, as newspapers print it."""

    decree: Decree
    age: Ages
    manager: ManagerAge
    anem: Required
    studies: Studies
    paid_job: Allowed
    qualification: Qualification
    earlier_aid: EarlierAid
    nationality: Nationality
    cnac: OtherScheme


class Level(Record):
    """The shares of a project that costs more than `over` and at most `up_to` dinars."""

    over: int
    up_to: int
    contribution: Percent
    agency_loan: Percent
    bank_loan: Percent

    @model_validator(mode="after")
    def _whole(self) -> Level:
        shares = (self.contribution, self.agency_loan, self.bank_loan)
        if sum(share.percent for share in shares) != 100:
            raise ValueError("the three shares must make 100 percent")
        return self


class WithoutABank(Record):
    """The form of financing that asks no bank, and what one would put in, by level."""

    exists: Fact
    contributions: tuple[Percent, ...]


@dataclass(frozen=True)
class Shares:
    """Who brings what to a project, in whole dinars."""

    cost: int
    contribution: int
    agency_loan: int
    bank_loan: int


class Financing(Record):
    """What a project may cost, and who pays for it."""

    ceiling: Amount
    levels: tuple[Level, ...]
    without_a_bank: WithoutABank
    examples: tuple[int, ...]

    def level(self, cost: int) -> Level:
        """Return the level of a project by its cost in dinars; `ValueError` outside of them."""
        for level in self.levels:
            if level.over < cost <= level.up_to:
                return level
        raise ValueError(f"no level for a project of {cost} dinars")

    def shares(self, cost: int) -> Shares:
        """Return who brings what to a project of `cost` dinars; `ValueError` outside the levels.

        The bank lends what the two others leave, so that the shares always make the cost.
        """
        level = self.level(cost)
        own = cost * level.contribution.percent // 100
        lent = cost * level.agency_loan.percent // 100
        return Shares(cost, own, lent, cost - own - lent)


class Interest(Record):
    """What the bank's loan costs, and when both loans are paid back."""

    paid_by_the_state: Percent
    principal_deferral: Duration
    interest_deferral: Duration
    bank_loan: Duration
    agency_loan: Duration
    guarantee_fund: Named
    guarantee_cover: Percent


class VehicleLoan(Amount):
    """A loan for a workshop vehicle, and the trades it is for."""

    trades: tuple[Bilingual, ...]


class ExtraLoans(Record):
    """Loans without interest on top of the project's."""

    workshop_vehicle: VehicleLoan
    premises: Amount
    grouped_practice: Amount


class Extension(Duration):
    """More time, for a number of open-ended hires."""

    jobs: int


class Taxes(Record):
    """What is not paid while setting up, and once the enterprise works."""

    equipment_without_vat: Fact
    without_transfer_duty: Percent
    without_registration_duty: Fact
    customs_duty: Percent
    exemption: Duration
    exemption_in_promoted_zones: Duration
    exemption_in_the_south: Duration
    extension: Extension
    single_tax_exemption: Duration
    reserved_public_orders: Percent


class Money(Record):
    """Everything counted in dinars or percent."""

    financing: Financing
    spoken_million: Amount
    interest: Interest
    extra_loans: ExtraLoans
    taxes: Taxes


class Step(Fact):
    """One step of applying; the sentence that tells it is the assistant's."""

    key: Literal["annexe", "form", "plan", "committee", "bank", "start"]


class Delays(Record):
    """How long each step takes, as officials said it."""

    committee: Duration
    file: Duration
    bank: Duration
    bank_often_longer: Fact
    caravan_answer: Duration


class Papers(Fact):
    """Papers asked for together."""

    items: tuple[Bilingual, ...]


class Files(Record):
    """The papers, by what they are for."""

    to_register: Papers
    person: Papers
    project: Papers
    social_security: Papers
    added_later: Papers


class Applying(Record):
    """How one applied."""

    steps: tuple[Step, ...]
    committee: Named
    delays: Delays
    papers: Files

"""Which conditions of the scheme a person meets: explained, not decreed.

Pure functions over `actions/programme/eligibility.yml`; the agency decides, not the program.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from actions.scheme import Ages, Eligibility
from actions.sourced import Fact

Condition = Literal["age", "manager", "employment", "anem", "studies", "qualification", "aid"]


@dataclass(frozen=True)
class Profile:
    """What a person says of themselves; None is what they did not say."""

    age: int | None = None
    employed: bool | None = None
    anem: bool | None = None
    student: bool | None = None
    qualified: bool | None = None
    aided: bool | None = None
    three_jobs: bool | None = None


@dataclass(frozen=True)
class Finding:
    """One condition, whether it is met, and the fact that states it."""

    condition: Condition
    met: bool
    fact: Fact


@dataclass(frozen=True)
class Assessment:
    """Every condition that could be judged, and whether CNAC's ages were theirs too."""

    findings: tuple[Finding, ...]
    cnac: bool

    @property
    def met(self) -> bool:
        """Whether no condition fails."""
        return all(finding.met for finding in self.findings)


#: Below this age nothing is taken without a parent's consent (loi 18-07, article 8; 18 years).
MAJORITY = 18

Standing = Literal["minor", "too_young", "open", "manager", "cnac", "too_old"]


def standing(age: int, rules: Eligibility, newer: Ages, today: dt.date) -> Standing:
    """Return what an age opens on a day: `newer` are the ages in force since their `as_of`.

    `manager` is open to the manager of a project that makes jobs; `cnac` is the other scheme's.
    """
    if age < MAJORITY:
        return "minor"
    if today >= newer.as_of:
        return "open" if newer.youngest <= age <= newer.oldest else "too_old"
    if age < rules.age.youngest:
        return "too_young"
    if age <= rules.age.oldest:
        return "open"
    if age <= rules.manager.oldest:
        return "manager"
    return "cnac" if age <= rules.cnac.oldest else "too_old"


def in_manager_ages(age: int, rules: Eligibility) -> bool:
    """Whether someone is too old for the rule and young enough for a manager's exception."""
    return rules.age.oldest < age <= rules.manager.oldest


def assess(profile: Profile, rules: Eligibility) -> Assessment:
    """Judge each condition that the profile speaks of, in the order people ask about them."""
    findings: list[Finding] = []
    if profile.age is not None:
        if in_manager_ages(profile.age, rules):
            findings.append(Finding("manager", bool(profile.three_jobs), rules.manager))
        else:
            within = rules.age.youngest <= profile.age <= rules.age.oldest
            findings.append(Finding("age", within, rules.age))
    if profile.employed is not None:
        findings.append(Finding("employment", not profile.employed, rules.paid_job))
    if profile.anem is not None and not profile.employed:
        findings.append(Finding("anem", profile.anem, rules.anem))
    if profile.student is not None:
        findings.append(Finding("studies", not profile.student, rules.studies))
    if profile.qualified is not None:
        findings.append(Finding("qualification", profile.qualified, rules.qualification))
    if profile.aided is not None:
        findings.append(Finding("aid", not profile.aided, rules.earlier_aid))
    cnac = profile.age is not None and (
        max(rules.cnac.youngest, rules.age.oldest + 1) <= profile.age <= rules.cnac.oldest
    )
    return Assessment(tuple(findings), cnac)

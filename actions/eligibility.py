"""Which conditions of the scheme a person meets: explained, not decreed.

Pure functions over the rules of `actions/programme/`; the agency decides, not the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Condition = Literal["age", "manager", "employment", "anem", "studies", "qualification", "aid"]


@dataclass(frozen=True)
class Rules:
    """The numbers of the scheme: ages in years, jobs counted with the associates'."""

    youngest: int
    oldest: int
    oldest_manager: int
    manager_jobs: int
    cnac_youngest: int
    cnac_oldest: int


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
    """One condition, and whether it is met."""

    condition: Condition
    met: bool


@dataclass(frozen=True)
class Assessment:
    """Every condition that could be judged, and whether CNAC's ages were theirs too."""

    findings: tuple[Finding, ...]
    cnac: bool

    @property
    def met(self) -> bool:
        """Whether no condition fails."""
        return all(finding.met for finding in self.findings)


def in_manager_ages(age: int, rules: Rules) -> bool:
    """Whether someone is too old for the rule and young enough for a manager's exception."""
    return rules.oldest < age <= rules.oldest_manager


def assess(profile: Profile, rules: Rules) -> Assessment:
    """Judge each condition that the profile speaks of, in the order of the decree."""
    findings: list[Finding] = []
    if profile.age is not None:
        if in_manager_ages(profile.age, rules):
            findings.append(Finding("manager", bool(profile.three_jobs)))
        else:
            findings.append(Finding("age", rules.youngest <= profile.age <= rules.oldest))
    if profile.employed is not None:
        findings.append(Finding("employment", not profile.employed))
    if profile.anem is not None and not profile.employed:
        findings.append(Finding("anem", profile.anem))
    if profile.student is not None:
        findings.append(Finding("studies", not profile.student))
    if profile.qualified is not None:
        findings.append(Finding("qualification", profile.qualified))
    if profile.aided is not None:
        findings.append(Finding("aid", not profile.aided))
    cnac = profile.age is not None and (
        max(rules.cnac_youngest, rules.oldest + 1) <= profile.age <= rules.cnac_oldest
    )
    return Assessment(tuple(findings), cnac)

"""The conditions of the scheme, judged one by one."""

from __future__ import annotations

import pytest

from actions.eligibility import Profile, assess
from actions.facts import load_programme
from bot.settings import load_settings

RULES = load_programme(load_settings().caravane_programme).eligibility


@pytest.mark.parametrize(
    ("profile", "met", "failing"),
    [
        (Profile(age=24, employed=False, anem=True, student=False, qualified=True), True, []),
        (Profile(age=19), True, []),
        (Profile(age=35), True, []),
        (Profile(age=18), False, ["age"]),
        (Profile(age=36), False, ["manager"]),
        (Profile(age=36, three_jobs=True), True, []),
        (Profile(age=40, three_jobs=True), True, []),
        (Profile(age=41, three_jobs=True), False, ["age"]),
        (Profile(age=24, employed=True, anem=False), False, ["employment"]),
        (Profile(age=24, employed=False, anem=False), False, ["anem"]),
        (Profile(age=24, student=True), False, ["studies"]),
        (Profile(age=22, qualified=False), False, ["qualification"]),
        (Profile(age=24, aided=True), False, ["aid"]),
        (Profile(), True, []),
    ],
)
def test_each_condition_is_judged_and_named(
    profile: Profile, met: bool, failing: list[str]
) -> None:
    assessment = assess(profile, RULES)
    assert assessment.met is met
    assert [f.condition for f in assessment.findings if not f.met] == failing


@pytest.mark.parametrize(
    ("age", "cnac"), [(29, False), (35, False), (36, True), (40, True), (50, True), (51, False)]
)
def test_thirty_six_to_fifty_are_told_of_cnac(age: int, cnac: bool) -> None:
    assert assess(Profile(age=age), RULES).cnac is cnac

"""What the answers and the eligibility check rely on in the programme's facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from actions.facts import Programme, load_programme
from actions.scheme import Shares
from actions.sourced import Fact

HOUSE = Path(__file__).parent.parent
#: Sites of the agency that answer nobody any more.
DEAD = ("ansej.org.dz", "promoteur.ansej", "nesda.dz", "anade.dz")


@pytest.fixture(scope="module")
def programme() -> Programme:
    return load_programme(HOUSE / "actions" / "programme")


def facts(part: object) -> Iterator[Fact]:
    """Give every fact of a part of the programme."""
    if isinstance(part, Fact):
        yield part
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from facts(getattr(part, name))
    elif isinstance(part, dict):
        for value in part.values():
            yield from facts(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from facts(value)


def test_the_conditions_of_2015_are_the_decrees(programme: Programme) -> None:
    rules = programme.eligibility
    assert (rules.age.youngest, rules.age.oldest) == (19, 35)
    assert (rules.manager.oldest, rules.manager.jobs) == (40, 3)
    assert (rules.cnac.youngest, rules.cnac.oldest) == (30, 50)
    assert rules.anem.required
    assert not rules.studies.allowed
    assert rules.studies.further_training_allowed
    assert not rules.paid_job.allowed
    assert rules.qualification.know_how_counts
    assert rules.earlier_aid.agencies == ("ANSEJ", "CNAC", "ANGEM")


@pytest.mark.parametrize(
    "shares",
    [
        Shares(4_000_000, 40_000, 1_160_000, 2_800_000),
        Shares(5_000_000, 50_000, 1_450_000, 3_500_000),
        Shares(5_000_001, 100_000, 1_400_000, 3_500_001),
        Shares(8_000_000, 160_000, 2_240_000, 5_600_000),
        Shares(10_000_000, 200_000, 2_800_000, 7_000_000),
    ],
)
def test_a_project_is_shared_by_its_level(programme: Programme, shares: Shares) -> None:
    assert programme.money.financing.shares(shares.cost) == shares
    assert shares.contribution + shares.agency_loan + shares.bank_loan == shares.cost


@pytest.mark.parametrize("cost", [0, -1, 10_000_001])
def test_no_shares_are_made_up_outside_the_levels(programme: Programme, cost: int) -> None:
    with pytest.raises(ValueError, match="no level"):
        programme.money.financing.shares(cost)


def test_the_levels_reach_the_ceiling_without_a_gap(programme: Programme) -> None:
    financing = programme.money.financing
    edges = [0, *(level.up_to for level in financing.levels)]
    assert [level.over for level in financing.levels] == edges[:-1]
    assert edges[-1] == financing.ceiling.dinars


def test_there_is_an_example_for_each_level(programme: Programme) -> None:
    financing = programme.money.financing
    assert [financing.level(cost) for cost in financing.examples] == list(financing.levels)


def test_a_million_is_said_of_ten_thousand_dinars(programme: Programme) -> None:
    assert programme.money.spoken_million.dinars * 100 == 1_000_000


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2015, 10, 5), "ANSEJ"),
        (dt.date(2020, 11, 29), "ANSEJ"),
        (dt.date(2021, 4, 10), "ANADE"),
        (dt.date(2024, 4, 26), "NESDA"),
        (dt.date(1990, 1, 1), "ANSEJ"),
    ],
)
def test_the_agency_has_the_name_of_its_day(programme: Programme, day: dt.date, name: str) -> None:
    assert programme.agency.named_on(day).name.fr == name


def test_only_what_was_read_is_certain(programme: Programme) -> None:
    grades = {fact.confidence: fact.certain for fact in facts(programme)}
    assert grades == {"read": True, "secondary": False, "inferred": False, "unconfirmed": False}


def test_what_no_source_states_is_not_certain(programme: Programme) -> None:
    """The grades of the facts that are easily taken for certain."""
    money = programme.money
    unsure = [
        *(level.agency_loan for level in money.financing.levels),
        *(level.bank_loan for level in money.financing.levels),
        *money.financing.without_a_bank.contributions,
        money.interest.guarantee_cover,
        money.taxes.customs_duty,
        money.taxes.exemption_in_the_south,
        programme.applying.papers.added_later,
    ]
    assert [fact for fact in unsure if fact.certain] == []


def test_a_fact_can_not_be_changed(programme: Programme) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        programme.eligibility.age.oldest = 99


def test_every_source_can_be_found_again_and_is_named_in_both_languages(
    programme: Programme,
) -> None:
    for key, source in programme.sources.items():
        assert source.reference, key
        assert source.title.fr, key
        assert source.title.ar, key


def test_no_dead_site_is_named(programme: Programme) -> None:
    shown = programme.model_dump_json(exclude={"sources"})
    assert [site for site in DEAD if site in shown] == []


def test_sources_are_cited_once_each(programme: Programme) -> None:
    rules = programme.eligibility
    cited = [s.title.fr for s in programme.cited(rules.decree, rules.anem, rules.qualification)]
    assert cited == ["Algérie 360, 2015", "Vitaminedz, 2015"]


def test_trades_have_the_keys_by_which_messages_name_them(programme: Programme) -> None:
    lexicon = yaml.safe_load((HOUSE / "nlu" / "lexicon" / "trades.yml").read_text("utf-8"))
    assert set(programme.convention.trades.items) <= set(lexicon)

"""The programme: every fact of `actions/programme/`, loaded once and frozen."""

from __future__ import annotations

from pathlib import Path

from actions.loading import Record, load_yaml
from actions.partners import Agency, Caravan, Convention
from actions.scheme import Applying, Eligibility, Money
from actions.sourced import Fact, Source


class Sources(Record):
    """The file of the sources, by the keys that facts name."""

    sources: dict[str, Source]


class Programme(Record):
    """Everything the assistant knows, but the stops of the tour and the wilayas."""

    sources: dict[str, Source]
    eligibility: Eligibility
    money: Money
    applying: Applying
    convention: Convention
    caravan: Caravan
    agency: Agency

    def cited(self, *facts: Fact) -> tuple[Source, ...]:
        """Return the sources of some facts, each title once, in the order they are named."""
        found = [self.sources[key] for fact in facts for key in fact.sources]
        return tuple({source.title.fr: source for source in found}.values())


def load_programme(folder: Path) -> Programme:
    """Return the programme of a folder; raise `ProgrammeError` for the first mistake in it."""
    sources = load_yaml(folder / "sources.yml", Sources).sources
    context = {"sources": sources.keys()}
    return Programme(
        sources=sources,
        eligibility=load_yaml(folder / "eligibility.yml", Eligibility, context),
        money=load_yaml(folder / "money.yml", Money, context),
        applying=load_yaml(folder / "applying.yml", Applying, context),
        convention=load_yaml(folder / "convention.yml", Convention, context),
        caravan=load_yaml(folder / "caravan.yml", Caravan, context),
        agency=load_yaml(folder / "agency.yml", Agency, context),
    )

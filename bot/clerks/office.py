"""What a clerk's command works with: the database, the facts, and one language."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import typer

from actions.loading import ProgrammeError
from actions.messages import Language
from actions.store import Store, StoreError
from actions.tables import Registration
from bot.clerks.asked import RefusedError
from bot.clerks.columns import Wording
from bot.clerks.telling import summaries
from bot.console import read_settings, stop
from bot.knowledge import Facts
from bot.text import CataloguesMissingError, Name, Text, _, render, require_catalogues


@dataclass(frozen=True)
class Office:
    """The database of the assistant that runs here, and how to speak of it."""

    store: Store
    facts: Facts
    language: Language

    @cached_property
    def wording(self) -> Wording:
        """Return what writes registrations out."""
        trades = self.facts.programme.convention.trades
        return Wording(self.facts.geography, trades, self.language)

    def words(self, text: Text | Name) -> str:
        """Return a sentence in the clerk's language."""
        return render(text, self.language, isolated=False)

    def say(self, text: Text | Name) -> None:
        """Write a sentence on the terminal."""
        self.write(self.words(text))

    def write(self, line: str) -> None:
        """Write a line on the terminal, without what people may have hidden in their words.

        Control characters there could move the cursor, and others turn a line around.
        """
        typer.echo("".join(c for c in line if unicodedata.category(c) not in {"Cc", "Cf"}))

    def describe(self, row: Registration) -> None:
        """Write on the terminal who a registration is of, and what they signed up with."""
        for text, _style in summaries(self.facts).summary(row):
            self.say(text)


@contextmanager
def open_office(language: Language) -> Iterator[Office]:
    """Give the office; whatever goes wrong in it ends the command with one sentence."""
    settings = read_settings()
    store = Store(settings.database())
    try:
        require_catalogues()
        store.migrate()
        facts = Facts.load(settings.caravane_programme)
        store.run(facts.refresh)
        yield Office(store, facts, language)
    except RefusedError as refused:
        stop(render(refused.sentence, language, isolated=False))
    except StoreError as failed:
        sentence = _("The database can't be used now: {reason}.", reason=str(failed))
        stop(render(sentence, language, isolated=False))
    except (ProgrammeError, CataloguesMissingError) as failed:
        stop(str(failed))
    finally:
        store.close()

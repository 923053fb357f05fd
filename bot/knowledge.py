"""The facts, and what the dialogue asks of them: loaded once, but for what staff change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from actions.facts import Programme, load_programme
from actions.geography import Geography, load_geography
from actions.stops import Tour, load_tour
from actions.store import Session
from actions.timetable import Timetable
from bot.answers import ANSWERS
from bot.answers.stop_lines import TourAsked
from bot.answers.stops import STOP_ANSWERS, location_answer
from bot.questions import OFF_TOPIC, plain
from bot.text import Say
from nlu.client import Entity


@dataclass(frozen=True)
class Facts:
    """The programme, the tour and the country."""

    programme: Programme
    geography: Geography
    timetable: Timetable
    _names: dict[str, str]

    @classmethod
    def load(cls, folder: Path) -> Facts:
        """Load every file of facts; raise `ProgrammeError` for the first mistake in one."""
        programme = load_programme(folder)
        geography = load_geography(folder)
        tour = load_tour(folder, geography, programme.sources)
        towns = {
            plain(name): town.wilaya
            for town in geography.towns
            for name in (town.name, town.ar, *town.aliases.split("|"))
        }
        wilayas = {
            plain(name): wilaya.code
            for wilaya in geography.wilayas.values()
            for name in (wilaya.code, wilaya.fr, wilaya.ar, *wilaya.aliases.split("|"))
        }
        names = towns | wilayas
        return cls(programme, geography, Timetable(tour), names)

    @property
    def tour(self) -> Tour:
        """Return the tour as it is now."""
        return self.timetable.tour

    def refresh(self, session: Session) -> None:
        """Take in what staff changed, before anything else is done in a transaction."""
        self.timetable.refresh(session)

    def answer(self, intent: str, entities: tuple[Entity, ...], today: dt.date) -> list[Say]:
        """Return the answer to an intent."""
        asked = self._asked(entities, today)
        if intent in STOP_ANSWERS:
            return STOP_ANSWERS[intent](asked)
        return [ANSWERS.get(intent, ANSWERS[OFF_TOPIC])(asked)]

    def near(self, latitude: float, longitude: float, today: dt.date) -> list[Say]:
        """Return the answer to someone who shared where they are, in degrees."""
        return location_answer(self._asked((), today), latitude, longitude)

    def wilaya_named(self, text: str) -> str | None:
        """Return the code of the one wilaya that a whole text names, without asking Rasa."""
        return self._names.get(plain(text))

    def _asked(self, entities: tuple[Entity, ...], today: dt.date) -> TourAsked:
        return TourAsked(
            programme=self.programme,
            today=today,
            entities=entities,
            tour=self.tour,
            geography=self.geography,
        )

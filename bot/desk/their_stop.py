"""Which stop a person is told of: the one they chose, else the one that serves where they live."""

from __future__ import annotations

import datetime as dt

from actions import registrations
from actions.store import Session
from actions.tables import Conversation
from bot.flows.registration.stops import Stops
from bot.text import Text


class TheirStop:
    """Finds the stop of a person and says when it is, as far as that is known."""

    def __init__(self, stops: Stops) -> None:
        self._stops = stops

    def __call__(self, session: Session, talk: Conversation, today: dt.date) -> Text | None:
        """Return the stop of the person of a conversation, if one is left for them on a day."""
        mine = registrations.of_conversation(session, talk.id)
        chosen = [code for row in mine for code in (row.stop, row.wilaya)]
        for code in (*chosen, str(talk.state.get("wilaya") or "")):
            stop = self._stops.of(code, today) if code else None
            if stop:
                return self._stops.told(stop.wilaya)
        return None

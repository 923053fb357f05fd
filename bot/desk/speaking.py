"""Which of the two languages somebody is written to in."""

from __future__ import annotations

from actions.messages import Language
from actions.tables import Conversation


def speaks(language: str) -> Language:
    """Return a language as one of those spoken here; French where it is none."""
    return "ar" if language == "ar" else "fr"


def spoken(talk: Conversation) -> Language:
    """Return the language someone is written to in: the one last spoken, or the chosen one."""
    return speaks(str(talk.state.get("spoken") or talk.language))

"""What a case is called: its reason, number, wilaya and language, in signs that need no words."""

from __future__ import annotations

from actions.store import Session
from actions.tables import Case, Conversation

SIGNS = {"asked": "🙋", "missed": "❓", "complaint": "⚠️", "staff": "✍️"}


def title(session: Session, case: Case) -> str:
    """Return the name of a case's topic, such as `🙋 #12 · 09 · ar`: no name of a person."""
    talk = session.get(Conversation, case.conversation_id)
    language = str(talk.state.get("spoken") or talk.language) if talk else ""
    return " · ".join(part for part in (named(case), case.wilaya, language) if part)


def named(case: Case) -> str:
    """Return what a case is called in a line, such as `🙋 #12`."""
    return f"{SIGNS.get(case.why, '')} #{case.id}".strip()

"""What a case is called: its reason, number, wilaya and language, in signs that need no words."""

from __future__ import annotations

from actions.messages import Address
from actions.store import Session
from actions.tables import Case, Conversation

#: What says that somebody has nothing but SMS.
BY_SMS = "📱 SMS"
SIGNS = {"asked": "🙋", "missed": "❓", "complaint": "⚠️", "staff": "✍️"}


def title(session: Session, case: Case) -> str:
    """Return the name of a case's topic, such as `🙋 #12 · 09 · ar`: no name of a person.

    Of someone who writes by SMS it says so: `🙋 #12 · 09 · ar · 📱 SMS`.
    """
    talk = session.get(Conversation, case.conversation_id)
    language = str(talk.state.get("spoken") or talk.language) if talk else ""
    by_sms = BY_SMS if talk and Address(talk.channel, talk.address).number else ""
    return " · ".join(part for part in (named(case), case.wilaya, language, by_sms) if part)


def named(case: Case) -> str:
    """Return what a case is called in a line, such as `🙋 #12`."""
    return f"{SIGNS.get(case.why, '')} #{case.id}".strip()

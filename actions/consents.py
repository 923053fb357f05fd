"""Express consents: given under a version of the notice, kept with their time, withdrawn.

Source: loi 18-07, articles 7 (express and prior consent, withdrawn at any time) and 32 (notice).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sqlalchemy.orm import Session

from actions.messages import Language
from actions.tables import Consent, Registration

Purpose = Literal["registration", "reminder"]
#: The version of the information notice; raise it with every change of the notice's meaning.
NOTICE_VERSION = "2026-11"


def give(
    session: Session,
    purpose: Purpose,
    language: Language,
    now: dt.datetime,
    *,
    conversation: int | None,
    on_paper: bool = False,
) -> Consent:
    """Keep a yes to the notice in force and return it."""
    consent = Consent(
        conversation_id=conversation,
        purpose=purpose,
        version=NOTICE_VERSION,
        language=language,
        on_paper=on_paper,
        given_at=now,
    )
    session.add(consent)
    session.flush()
    return consent


def by_id(session: Session, number: int) -> Consent:
    """Return a consent that is there for certain."""
    return session.get_one(Consent, number)


def replace(session: Session, row: Registration, number: int) -> None:
    """Let a registration rest on a newer consent, and remove the one it rested on."""
    old, row.consent_id = row.consent_id, number
    session.flush()
    if old and old != number:
        forget(session, old)


def forget(session: Session, number: int) -> None:
    """Remove a consent that came to nothing; one that is gone already is no matter."""
    consent = session.get(Consent, number)
    if consent is not None:
        session.delete(consent)

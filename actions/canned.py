"""Answers that staff keep ready, in both languages, each under a short name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.store import changed
from actions.tables import Action, Canned, Case

__all__ = ["Canned", "change", "get", "listed", "make", "named", "remove", "sending", "was_sent"]

#: What the record of staff's deeds calls an answer that was sent.
SENT = "canned_sent"


def listed(session: Session) -> Sequence[Canned]:
    """Return every answer, by its name."""
    return session.scalars(select(Canned).order_by(Canned.name)).all()


def get(session: Session, number: int) -> Canned | None:
    """Return an answer by its number."""
    return session.get(Canned, number)


def named(session: Session, name: str) -> Canned | None:
    """Return the answer of a name."""
    return session.scalars(select(Canned).where(Canned.name == name)).first()


def make(session: Session, name: str, fr: str, ar: str, now: dt.datetime) -> None:
    """Keep a new answer under a name that no other has."""
    session.add(Canned(name=name, fr=fr, ar=ar, changed_at=now))
    session.flush()


def change(answer: Canned, fr: str, ar: str, now: dt.datetime) -> None:
    """Give an answer other words."""
    answer.fr, answer.ar, answer.changed_at = fr, ar, now


def remove(session: Session, name: str) -> bool:
    """Remove the answer of a name; return whether there was one."""
    return changed(session, delete(Canned).where(Canned.name == name)) == 1


def sending(answer: Canned, preview: str) -> str:
    """Return what is recorded of sending an answer from its preview, a message in the group."""
    return f"{answer.name} {preview}"


def was_sent(session: Session, case: Case, answer: Canned, preview: str) -> bool:
    """Whether an answer was sent from this preview already."""
    found = select(Action.id).where(
        Action.case_id == case.id,
        Action.what == SENT,
        Action.details == sending(answer, preview),
    )
    return session.scalar(found.limit(1)) is not None

"""Notices: a few words that staff add to the answers about a subject, for some days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from actions.store import changed
from actions.tables import Notice

__all__ = ["Notice", "about", "add", "current", "get", "remove"]


def about(session: Session, subject: str, today: dt.date) -> Sequence[Notice]:
    """Return the notices that belong to the answers about a subject today, the oldest first."""
    of_it = Notice.subject.in_(("", subject))
    found = select(Notice).where(Notice.until >= today, of_it)
    return session.scalars(found.order_by(Notice.id)).all()


def current(session: Session, today: dt.date) -> Sequence[Notice]:
    """Return every notice that holds today or will, the oldest first."""
    return session.scalars(select(Notice).where(Notice.until >= today).order_by(Notice.id)).all()


def add(
    session: Session, subject: str, fr: str, ar: str, *, until: dt.date, now: dt.datetime
) -> None:
    """Add a notice to the answers about a subject, to every answer where that is empty."""
    session.add(Notice(subject=subject, fr=fr, ar=ar, until=until, made_at=now))
    session.flush()


def get(session: Session, number: int) -> Notice | None:
    """Return a notice by its number."""
    return session.get(Notice, number)


def remove(session: Session, number: int) -> bool:
    """Remove a notice; return whether it was there."""
    return changed(session, delete(Notice).where(Notice.id == number)) == 1

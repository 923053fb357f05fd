"""What staff did: a row for each deed, kept as long as the desk needs to answer for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.tables import Action, Case


def note(
    session: Session,
    who: str,
    what: str,
    now: dt.datetime,
    *,
    case: Case | None = None,
    details: str = "",
) -> None:
    """Write down that someone did something; `details` hold no words of people."""
    session.add(
        Action(at=now, who=who, what=what, case_id=case.id if case else None, details=details[:120])
    )


def listed(
    session: Session, *, since: dt.datetime | None = None, case: int | None = None, most: int
) -> Sequence[Action]:
    """Return the newest deeds, the oldest of them first."""
    found = select(Action).order_by(Action.id.desc()).limit(most)
    if since:
        found = found.where(Action.at >= since)
    if case is not None:
        found = found.where(Action.case_id == case)
    return list(reversed(session.scalars(found).all()))

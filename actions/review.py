"""Messages that were not understood, without what is personal in them, and what staff made of them.

Two people who look at the same one label it once: the first counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from actions.store import changed
from actions.tables import Misread

__all__ = ["Misread", "count", "get", "keep", "label", "labelled", "next_after", "waiting"]

#: No more than this wait: nobody would come to look at them, and looking for doubles takes longer.
MOST_WAITING = 1_000
#: Intents that are kept with each, the likeliest first.
_RANKED = 5


def waiting(session: Session) -> Sequence[str]:
    """Return the texts that nobody has looked at yet."""
    return session.scalars(select(Misread.text).where(Misread.status == "new")).all()


def keep(
    session: Session,
    conversation: int,
    text: str,
    *,
    language: str,
    ranking: Sequence[tuple[str, float]],
    now: dt.datetime,
) -> None:
    """Keep a text for staff to look at; it holds nothing personal."""
    likeliest = {intent: round(confidence, 3) for intent, confidence in ranking[:_RANKED]}
    session.add(
        Misread(
            conversation_id=conversation,
            at=now,
            text=text,
            language=language,
            ranking=likeliest,
        )
    )


def get(session: Session, number: int) -> Misread | None:
    """Return a message by its number, as it stands now."""
    return session.get(Misread, number, populate_existing=True)


def next_after(session: Session, number: int) -> Misread | None:
    """Return the oldest message that nobody has looked at, of those after a number."""
    found = select(Misread).where(Misread.status == "new", Misread.id > number)
    return session.scalars(found.order_by(Misread.id).limit(1)).first()


def count(session: Session) -> int:
    """Return how many messages nobody has looked at."""
    found = select(func.count()).select_from(Misread).where(Misread.status == "new")
    return session.scalar(found) or 0


def label(session: Session, number: int, intent: str, who: str, now: dt.datetime) -> bool:
    """Say what a message means, nothing at all where the intent is empty.

    Returns whether nobody had said so before.
    """
    of_new = update(Misread).where(Misread.id == number, Misread.status == "new")
    status = "labelled" if intent else "nonsense"
    said = of_new.values(status=status, label=intent, labelled_by=who, labelled_at=now)
    return changed(session, said.execution_options(synchronize_session=False)) == 1


def labelled(session: Session) -> Sequence[Misread]:
    """Return the messages that staff looked at, in the order in which they did."""
    found = select(Misread).where(Misread.status.in_(("labelled", "nonsense")))
    return session.scalars(found.order_by(Misread.labelled_at, Misread.id)).all()

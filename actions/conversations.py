"""Conversations: found or begun by address, kept as a row between two messages."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from actions.messages import Address
from actions.tables import Conversation, Event


def find(session: Session, address: Address) -> Conversation | None:
    """Return the conversation with this address, if they ever wrote."""
    return session.scalars(_at(address)).first()


def load(session: Session, address: Address, now: dt.datetime) -> Conversation:
    """Return the conversation with this address, begun now if they never wrote before.

    Until the transaction ends nobody else may change it: the desk waits for the assistant's turn,
    and the assistant for the desk's.
    """
    found = session.scalars(_at(address).with_for_update()).first()
    if found is None:
        found = Conversation(
            channel=address.channel, address=address.id, state={}, created_at=now, updated_at=now
        )
        session.add(found)
        session.flush()
    return found


def _at(address: Address) -> Select[tuple[Conversation]]:
    here = (Conversation.channel == address.channel, Conversation.address == address.id)
    return select(Conversation).where(*here)


def count_event(
    session: Session,
    kind: str,
    now: dt.datetime,
    *,
    intent: str = "",
    language: str = "",
    confidence: float | None = None,
) -> None:
    """Add one to the figures; nothing about the person is kept with it."""
    session.add(Event(at=now, kind=kind, intent=intent, language=language, confidence=confidence))

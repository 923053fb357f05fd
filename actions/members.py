"""The desk and who works at it: being in its group is the right to act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.messages import Address, Language, Sender
from actions.tables import Case, Desk, Member, Outbox

Role = Literal["agent", "administrator"]


def desk(session: Session, channel: str) -> Desk | None:
    """Return the desk of a channel, if one was opened."""
    return session.get(Desk, channel)


def only_desk(session: Session) -> Desk | None:
    """Return the desk that looks after people of every channel, if one was opened."""
    return session.scalars(select(Desk).limit(1)).first()


def open_desk(
    session: Session, group: Address, now: dt.datetime, *, topics: bool, language: Language
) -> Desk:
    """Make a group the desk of its channel, in place of any other before."""
    row = session.get(Desk, group.channel)
    if row is None:
        row = Desk(channel=group.channel, chat=group.id, language=language, opened_at=now)
        session.add(row)
    if row.chat != group.id:  # the topics of another group lead nowhere here
        session.execute(update(Case).values(thread=0))
    row.chat, row.topics, row.trouble = group.id, topics, ""
    session.flush()
    return row


def move(session: Session, row: Desk, chat: str) -> None:
    """Follow the desk's group to its new identifier, with what is on its way there."""
    old = Address(row.channel, row.chat).key
    new = Address(row.channel, chat).key
    waiting = update(Outbox).where(Outbox.key == old, Outbox.status == "queued")
    session.execute(waiting.values(key=new).execution_options(synchronize_session=False))
    row.chat = chat


def seen(session: Session, channel: str, sender: Sender, now: dt.datetime) -> Member:
    """Return the member who wrote, new or come back perhaps, under the name they have now."""
    row = find(session, channel, sender.id)
    if row is None:
        row = Member(channel=channel, user=sender.id, name=sender.name[:80], joined_at=now)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            row = find(session, channel, sender.id)
            assert row is not None  # noqa: S101 - another turn has just stored them
    row.name, row.username, row.left_at = sender.name[:80], sender.username[:40], None
    session.flush()
    return row


def find(session: Session, channel: str, user: str) -> Member | None:
    """Return someone by the channel's identifier, whether they still work here or not."""
    found = select(Member).where(Member.channel == channel, Member.user == user)
    return session.scalars(found).first()


def named(session: Session, channel: str, text: str) -> Sequence[Member]:
    """Return the members of a name, a username (with or without @) or an identifier."""
    wanted = text.strip().removeprefix("@").lower()
    return session.scalars(
        select(Member).where(
            Member.channel == channel,
            Member.left_at.is_(None),
            or_(
                func.lower(Member.username) == wanted,
                func.lower(Member.name) == wanted,
                Member.user == wanted,
            ),
        )
    ).all()


def listed(session: Session, channel: str, role: Role | None = None) -> Sequence[Member]:
    """Return who works here, administrators first, then by name."""
    found = select(Member).where(Member.channel == channel, Member.left_at.is_(None))
    if role:
        found = found.where(Member.role == role)
    return session.scalars(found.order_by(Member.role, Member.name)).all()


def leave(session: Session, row: Member, now: dt.datetime) -> None:
    """Note that a member has left the group: they can do nothing more."""
    row.left_at, row.role = now, "agent"
    session.flush()

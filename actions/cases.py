"""Cases: conversations that staff look after, one open at most for each.

A case and the owner of its conversation change together, in the transaction of whoever changes
them. Who takes, gives back or closes does so with a comparison: of two, one wins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions import persons
from actions.store import changed
from actions.tables import Case, Conversation, Member, Outbox

PREFIX = "case:"
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class OpenCase:
    """A case in the queue, its conversation, and the name of who has it, if somebody has."""

    case: Case
    talk: Conversation
    holder: str


def subject(case: Case | None) -> str:
    """Return what the messages of a case are found by."""
    return f"{PREFIX}{case.id}" if case else ""


def number_of(subject: str) -> int | None:
    """Return the number of the case that a message is about, if it is about one."""
    number = subject.removeprefix(PREFIX)
    return int(number) if subject.startswith(PREFIX) and number.isdigit() else None


def begin(
    session: Session,
    talk: Conversation,
    now: dt.datetime,
    *,
    why: str,
    patience: dt.timedelta,
    origin: str = "",
    wilaya: str = "",
    shown: bool = True,
) -> Case:
    """Open a case for a conversation, or return the one that is open already."""
    case = Case(
        conversation_id=talk.id,
        status="waiting",
        why=why,
        origin=origin,
        wilaya=wilaya,
        shown=shown,
        opened_at=now,
        touched_at=now,
        due_at=now + patience,
    )
    try:
        with session.begin_nested():
            session.add(case)
    except IntegrityError:
        found = of_conversation(session, talk.id)
        if found is None:
            raise
        return found
    return case


def of_conversation(session: Session, conversation: int) -> Case | None:
    """Return the open case of a conversation's person: one that somebody has before others."""
    chats = persons.conversations(session, conversation)
    found = select(Case).where(Case.conversation_id.in_(chats), Case.status != "closed")
    return session.scalars(found.order_by(Case.status, Case.id)).first()


def bring_owner(session: Session, talk: Conversation, mates: Sequence[Conversation]) -> None:
    """Let staff own a conversation when they own the one that its person's case is of."""
    if mates:
        case = of_conversation(session, talk.id)
        own = {t.id: t for t in (talk, *mates)}
        talk.owner = own[case.conversation_id].owner if case else "bot"


def leave_owner(session: Session, talk: Conversation, mates: Sequence[Conversation]) -> None:
    """Keep who owns a person's conversations in the one that their case is of, and only there."""
    if mates:
        case, owner = of_conversation(session, talk.id), talk.owner
        for one in (talk, *mates):
            here = case is not None and case.conversation_id == one.id
            one.owner = owner if here else "bot"


def get(session: Session, number: int) -> Case | None:
    """Return a case by its number, as it stands now."""
    return session.get(Case, number, populate_existing=True)


def in_thread(session: Session, thread: str) -> Case | None:
    """Return the newest case of a topic."""
    if not thread.isdigit():
        return None
    found = select(Case).where(Case.thread == int(thread)).order_by(Case.id.desc())
    return session.scalars(found).first()


def behind(session: Session, key: str, message: str) -> Case | None:
    """Return the case that a message sent to an address was about."""
    found = select(Outbox.subject).where(Outbox.key == key, Outbox.provider_id == message)
    number = number_of(session.scalar(found) or "")
    return get(session, number) if number is not None else None


def take(
    session: Session, case: Case, member: int, now: dt.datetime, patience: dt.timedelta
) -> bool:
    """Take a waiting case; return whether it was still to be had."""
    return _move(
        session,
        case,
        Case.status == "waiting",
        **_in_the_hands_of(member, now, patience),
    )


def transfer(
    session: Session, case: Case, member: int, now: dt.datetime, patience: dt.timedelta
) -> bool:
    """Give an open case to a member; return whether it was still open and as it was seen."""
    same = (Case.status == case.status) & (Case.taken_by.is_not_distinct_from(case.taken_by))
    return _move(
        session,
        case,
        (Case.status != "closed") & same,
        **_in_the_hands_of(member, now, patience),
    )


def give_back(session: Session, case: Case, now: dt.datetime, patience: dt.timedelta) -> bool:
    """Put an open case back into the queue; return whether it was still open."""
    return _move(
        session,
        case,
        Case.status != "closed",
        status="waiting",
        taken_by=None,
        taken_at=None,
        touched_at=now,
        due_at=now + patience,
    )


def close(session: Session, case: Case, now: dt.datetime, *, by: str, reason: str = "") -> bool:
    """Close a case; return whether it was still open."""
    return _move(
        session,
        case,
        Case.status != "closed",
        status="closed",
        closed_at=now,
        closed_by=by,
        reason=reason[:120],
    )


def touch(session: Session, case: Case, now: dt.datetime, patience: dt.timedelta) -> None:
    """Note that something was said in a case."""
    case.touched_at, case.due_at = now, now + patience


def shown_lately(session: Session, now: dt.datetime) -> int:
    """Return how many cases were shown to staff unasked in the last hour."""
    count = select(func.count()).select_from(Case)
    return session.scalar(count.where(Case.opened_at > now - HOUR, Case.shown)) or 0


def open_cases(session: Session, *, most: int) -> list[OpenCase]:
    """Return the open cases: those that wait first, and the oldest first."""
    found = (
        select(Case, Conversation, Member.name)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .outerjoin(Member, Member.id == Case.taken_by)
        .where(Case.status != "closed")
        .order_by(Case.status.desc(), Case.opened_at, Case.id)
        .limit(most)
    )
    return [OpenCase(case, talk, name or "") for case, talk, name in session.execute(found)]


def counts(session: Session) -> dict[str, int]:
    """Return how many cases wait and how many are taken."""
    found = select(Case.status, func.count()).where(Case.status != "closed").group_by(Case.status)
    return {row.status: row[1] for row in session.execute(found)}


def held_by(session: Session, member: int) -> Sequence[Case]:
    """Return the open cases of a member."""
    return session.scalars(
        select(Case).where(Case.taken_by == member, Case.status == "taken").order_by(Case.id)
    ).all()


def overdue(session: Session, now: dt.datetime, *, most: int) -> Sequence[Case]:
    """Return open cases that staff own and that nobody touched for too long."""
    owned = Conversation.owner == "staff"
    found = (
        select(Case)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(Case.status != "closed", Case.due_at <= now, owned)
        .order_by(Case.due_at)
        .limit(most)
        .with_for_update(skip_locked=True, of=Case)
    )
    return session.scalars(found).all()


def orphans(session: Session, *, most: int) -> Sequence[Conversation]:
    """Return conversations that belong to staff though they have no open case."""
    open_case = select(Case.id).where(
        Case.conversation_id == Conversation.id, Case.status != "closed"
    )
    found = (
        select(Conversation)
        .where(Conversation.owner == "staff", ~open_case.exists())
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(found).all()


def set_thread(session: Session, number: int, thread: int, *, was: int) -> bool:
    """Record the topic made for a case; return whether it still had the one it `was`."""
    of_case = update(Case).where(Case.id == number, Case.thread == was)
    return changed(session, of_case.values(thread=thread)) == 1


def thread_of(session: Session, number: int) -> int | None:
    """Return the topic of a case, 0 before there is one, or None when the case is no more."""
    return session.scalar(select(Case.thread).where(Case.id == number))


def _in_the_hands_of(member: int, now: dt.datetime, patience: dt.timedelta) -> dict[str, Any]:
    return {
        "status": "taken",
        "taken_by": member,
        "taken_at": now,
        "follows": True,
        "touched_at": now,
        "due_at": now + patience,
    }


def _move(session: Session, case: Case, still: ColumnElement[bool], **values: Any) -> bool:
    moved = changed(
        session,
        update(Case)
        .where(Case.id == case.id, still)
        .values(**values)
        .execution_options(synchronize_session=False),
    )
    session.refresh(case)
    return moved == 1

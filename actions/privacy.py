"""What is held about a person: shown, handed over, erased.

Sources: loi 18-07, articles 34 (access) and 35 (erasure).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, and_, cast, delete, or_, select, update
from sqlalchemy.orm import Session

from actions import cases, codes, members, outbox, parts, persons, registrations, reminders
from actions.messages import Address, Outbound
from actions.store import changed
from actions.tables import (
    Case,
    Change,
    Consent,
    Conversation,
    Destination,
    Inbox,
    Misread,
    Outbox,
    Pairing,
    Registration,
    Subscription,
)

#: What is counted when it is erased; `changes` are rows of a registration's history.
Thing = Literal["registrations", "changes", "consents", "reminders", "messages", "cases"]
_SENT = ("sent", "refused", "gone", "withdrawn")


@dataclass(frozen=True)
class Retention:
    """How long things are kept: texts and unfinished or withdrawn forms, and registrations."""

    texts: dt.timedelta
    registrations: dt.timedelta


def held(session: Session, conversation: Conversation) -> dict[str, Any]:
    """Return everything held about the person of a chat, as plain data with ISO 8601 dates.

    What they did in other chats of theirs is there too; those are listed below the chat itself.
    """
    others = persons.others(session, conversation)
    chats = [conversation, *others]
    here, keys = [chat.id for chat in chats], [_key(chat) for chat in chats]
    return {
        "chat": {**_chat(conversation), **({"also": [_chat(o) for o in others]} if others else {})},
        "registrations": [
            held_registration(session, row)
            for row in session.scalars(
                select(Registration)
                .where(Registration.conversation_id.in_(here))
                .order_by(Registration.id)
            )
        ],
        "consents": [
            _row(consent, "conversation_id")
            for consent in session.scalars(select(Consent).where(Consent.conversation_id.in_(here)))
        ],
        "reminders": [
            _row(wish, "conversation_id")
            for wish in session.scalars(
                select(Subscription).where(Subscription.conversation_id.in_(here))
            )
        ],
        "cases": [
            {
                "opened_at": _plain(case.opened_at),
                "why": case.why,
                "status": case.status,
                "closed_at": _plain(case.closed_at),
            }
            for case in cases_of(session, conversation.id)
        ],
        "numbers_shown": [
            {"at": _plain(shown.made_at), "number": shown.key.rpartition(":")[2]}
            for shown in session.scalars(
                select(Pairing).where(Pairing.asked_by.in_(here), Pairing.key != "")
            )
        ],
        "not_understood": [
            {"at": _plain(message.at), "text": message.text, "language": message.language}
            for message in session.scalars(
                select(Misread).where(Misread.conversation_id.in_(here)).order_by(Misread.id)
            )
        ],
        "messages_received": [
            {"at": _plain(row.received_at), **row.payload}
            for row in (
                *session.scalars(select(Inbox).where(Inbox.key.in_(keys)).order_by(Inbox.id)),
                *(row for chat in chats for row in _unreadable(session, chat)),
            )
        ],
        "messages_sent": [
            {"at": _plain(row.sent_at or row.due_at), "status": row.status, **_sent(row.payload)}
            for row in session.scalars(
                select(Outbox).where(Outbox.key.in_(keys)).order_by(Outbox.id)
            )
        ],
    }


def _key(chat: Conversation) -> str:
    return Address(chat.channel, chat.address).key


def _chat(chat: Conversation) -> dict[str, Any]:
    return {
        "channel": chat.channel,
        "identifier": chat.address,
        "language": chat.language,
        "since": _plain(chat.created_at),
        "memory": chat.state,
    }


def _sent(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a message sent; of a file only its name: it may hold an earlier answer to this."""
    document = payload.get("document")
    return {**payload, "document": {"name": document["name"]}} if document else payload


def held_registration(session: Session, row: Registration) -> dict[str, Any]:
    """Return one registration with its history, as plain data."""
    return {
        **_row(row, "conversation_id", "consent_id", "twin_of", "checked_in_by"),
        "history": [
            {**_row(change, "id", "registration_id"), "who": _role(change.who)}
            for change in registrations.history(session, row)
        ],
    }


def _role(who: str) -> str:
    """Return whether the person or a clerk did it: which clerk is the clerk's own data."""
    return who if who == registrations.PERSON else "clerk"


def held_by_code(session: Session, row: Registration) -> dict[str, Any]:
    """Return one registration with all that came with it, in the form of `held`."""
    consent = session.get(Consent, row.consent_id) if row.consent_id else None
    return {
        "registrations": [held_registration(session, row)],
        "consents": [_row(consent, "conversation_id")] if consent else [],
        "reminders": [_row(wish, "conversation_id") for wish in _wishes(session, row)],
    }


def cases_of(session: Session, conversation: int) -> Sequence[Case]:
    """Return every case of a conversation's person, closed ones too, the oldest first."""
    chats = persons.conversations(session, conversation)
    found = select(Case).where(Case.conversation_id.in_(chats)).order_by(Case.id)
    return session.scalars(found).all()


def sole_chat(session: Session, row: Registration) -> Conversation | None:
    """Return the chat a registration is managed from, if its person has no other registration."""
    if row.conversation_id is None:
        return None
    chats = persons.conversations(session, row.conversation_id)
    others = select(Registration.id).where(
        Registration.conversation_id.in_(chats), Registration.id != row.id
    )
    if session.scalar(others.limit(1)) is not None:
        return None
    return session.get(Conversation, row.conversation_id)


def erase(
    session: Session, conversation: Conversation, now: dt.datetime, *, answering: bool = True
) -> Counter[Thing]:
    """Erase everything about the person of a chat; return how much, which is all that stays.

    All chats of theirs are erased. Of the others nothing at all is left.

    `answering` says that this is the turn of a message of theirs. That message is emptied, not
    removed: its turn still has to be closed. One that came after it is answered as from someone
    new. What waits to be sent, such as the answer to this very wish, is removed once it has left,
    by `actions.retention`. Otherwise nothing at all is left, and a turn under way comes to nothing.

    The topics of their cases are removed from the staff's group as well.
    """
    erased: Counter[Thing] = Counter()
    chats = persons.hold(session, conversation.id)
    here = [chat.id for chat in chats]
    for row in session.scalars(
        select(Registration).where(Registration.conversation_id.in_(here))
    ).all():
        erased += erase_registration(session, row)
    for chat in chats:
        erased += _erase_cases(session, chat, now)
    for chat in chats:
        erased += _erase_chat(session, chat, now, answering=answering and chat is conversation)
    session.flush()
    return erased


def _erase_chat(
    session: Session, conversation: Conversation, now: dt.datetime, *, answering: bool
) -> Counter[Thing]:
    """Erase what is left of a chat when its registrations and cases are gone."""
    key, here = _key(conversation), conversation.id
    erased: Counter[Thing] = Counter()
    wishes = delete(Subscription).where(Subscription.conversation_id == here)
    erased["reminders"] += changed(session, wishes)
    given = delete(Consent).where(Consent.conversation_id == here)
    erased["consents"] += changed(session, given)
    erased["messages"] += parts.erase(session, key)
    session.execute(delete(Pairing).where(Pairing.key == key))
    for unread in _unreadable(session, conversation):
        session.delete(unread)
        erased["messages"] += 1
    if answering:
        erased["messages"] += _erase_what_is_over(session, key)
        destination = session.get(Destination, key) or Destination(key=key)
        destination.erased_at = now
        session.add(destination)
    else:
        for box in (Inbox, Outbox):
            erased["messages"] += changed(session, delete(box).where(box.key == key))
        session.execute(delete(Destination).where(Destination.key == key))
    session.delete(conversation)
    return erased


def _erase_cases(session: Session, conversation: Conversation, now: dt.datetime) -> Counter[Thing]:
    """Erase what the desk has of a chat; the chat's own messages are left to the caller."""
    erased: Counter[Thing] = Counter()
    found = select(Case).where(Case.conversation_id == conversation.id).order_by(Case.id)
    theirs = session.scalars(found).all()
    subjects = [cases.subject(case) for case in theirs]
    threads = sorted({case.thread for case in theirs if case.thread})
    desk = members.only_desk(session)
    group = Address(desk.channel, desk.chat) if desk else None
    if theirs and group:
        erased["messages"] += _empty_group(session, group.key, subjects, threads)
    about = delete(Outbox).where(Outbox.subject.in_(subjects), Outbox.key != _key(conversation))
    erased["messages"] += changed(session, about)
    misread = delete(Misread).where(Misread.conversation_id == conversation.id)
    erased["messages"] += changed(session, misread)
    erased["cases"] += changed(session, delete(Case).where(Case.conversation_id == conversation.id))
    for thread in threads if group else []:
        assert group is not None  # noqa: S101 - seen to above
        outbox.queue(session, group, Outbound(deed="delete", thread=str(thread)), now)
    return erased


def _empty_group(session: Session, key: str, subjects: list[str], threads: list[int]) -> int:
    """Empty what staff wrote in some cases: in their topics, or as answers to their messages.

    A message that still has its turn to come is left; it is no more about a case then.
    """
    sent = select(Outbox.provider_id).where(
        Outbox.key == key, Outbox.subject.in_(subjects), Outbox.provider_id != ""
    )
    in_topic = Inbox.payload["thread"].as_string().in_([str(thread) for thread in threads])
    answers = Inbox.payload["answers"].as_string().in_(sent)
    written = update(Inbox).where(Inbox.key == key, Inbox.status != "new", or_(in_topic, answers))
    emptied = written.values(payload={}).execution_options(synchronize_session=False)
    return changed(session, emptied)


def _erase_what_is_over(session: Session, key: str) -> int:
    """Erase messages but those on their way, and empty the one being answered; return how many."""
    erased = changed(session, delete(Inbox).where(Inbox.key == key, Inbox.status != "new"))
    answered = update(Inbox).where(Inbox.key == key, Inbox.leased_until.is_not(None))
    erased += changed(session, answered.values(payload={}))
    over = or_(Outbox.status.in_(_SENT), and_(Outbox.status == "queued", ~Outbox.reply))
    return erased + changed(session, delete(Outbox).where(Outbox.key == key, over))


def erase_registration(session: Session, row: Registration) -> Counter[Thing]:
    """Erase one registration, its history, its consents and its reminders; return how much."""
    erased: Counter[Thing] = Counter({"registrations": 1})
    consents = {row.consent_id}
    for wish in _wishes(session, row):
        consents.add(wish.consent_id)
        reminders.forget(session, wish)
        erased["reminders"] += 1
    session.execute(delete(Outbox).where(_shows(session, row)))
    gone = delete(Change).where(Change.registration_id == row.id)
    erased["changes"] += changed(session, gone)
    session.execute(update(Registration).where(Registration.twin_of == row.id).values(twin_of=None))
    session.delete(row)
    session.flush()
    given = delete(Consent).where(Consent.id.in_(consents - {None}))
    erased["consents"] += changed(session, given)
    return erased


def _shows(session: Session, row: Registration) -> ColumnElement[bool]:
    """Return which messages hold a registration that was shown to staff.

    Alone, found with others or in a case by its code, or in a sheet of many.
    """
    theirs = cases_of(session, row.conversation_id) if row.conversation_id else ()
    several = [registrations.FOUND, *map(cases.subject, theirs)]
    named = cast(Outbox.payload, String).contains(codes.shown(row.code))
    return or_(
        Outbox.subject == registrations.shown_to_clerks(row),
        and_(Outbox.subject.in_(several), named),
        Outbox.subject == registrations.SHEET,
    )


def _wishes(session: Session, row: Registration) -> Sequence[Subscription]:
    """Return every wish to be reminded that came with a registration, ended or not."""
    found = select(Subscription).where(Subscription.registration_id == row.id)
    return session.scalars(found.order_by(Subscription.id)).all()


def _unreadable(session: Session, conversation: Conversation) -> list[Inbox]:
    """Return what came from a chat that could not be read: it is kept raw, under no address."""
    address = conversation.address
    found = select(Inbox).where(
        Inbox.status == "unreadable",
        Inbox.channel == conversation.channel,
        cast(Inbox.payload, String).contains(address, autoescape=True),
    )
    return [row for row in session.scalars(found) if _holds(row.payload, address)]


def _holds(data: Any, address: str) -> bool:
    match data:
        case dict():
            return any(_holds(value, address) for value in data.values())
        case list():
            return any(_holds(value, address) for value in data)
        case _:
            return str(data) == address


def _row(row: Any, *hidden: str) -> dict[str, Any]:
    return {
        column.name: _plain(getattr(row, column.name))
        for column in row.__table__.columns
        if column.name not in hidden
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else value

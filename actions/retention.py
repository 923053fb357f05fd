"""What is forgotten with time, a little in each transaction, so that nobody waits behind it.

Source: loi 18-07, article 9 (kept no longer than needed).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    cast,
    delete,
    exists,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from actions import pairings, registrations
from actions.privacy import Retention, erase, erase_registration
from actions.store import changed
from actions.tables import (
    Action,
    Conversation,
    Destination,
    Inbox,
    Misread,
    Outbox,
    Pairing,
    Registration,
    Subscription,
)

#: Rows emptied of each kind, and people erased, in one transaction.
EMPTIED, ERASED = 200, 5


def sweep(session: Session, now: dt.datetime, keep: Retention) -> int:
    """Forget some of what is old, and of what erased people left on its way.

    Returns how many rows changed: 0 when nothing is left to forget. Emptied messages keep their
    number and time, so that one that comes again is still known. A form left open for as long as
    texts are kept is forgotten with them, and so is a message that staff did not label. What
    another process is at work on is left to it.
    """
    old = now - keep.texts
    return (
        _empty_messages(session, Inbox, Inbox.status != "new", Inbox.received_at, old)
        + _empty_messages(session, Outbox, Outbox.status != "queued", Outbox.created_at, old)
        + _empty_sheets(session)
        + _remove_codes(session, old)
        + _empty_memories(session, old)
        + _forget(session, Misread, Misread.status != "labelled", Misread.at, old)
        + _forget(session, Misread, true(), Misread.at, now - keep.registrations)
        + _forget(session, Action, true(), Action.at, now - keep.registrations)
        + _forget(session, Pairing, true(), Pairing.made_at, old)
        + _erase_registrations(session, now, keep)
        + _erase_conversations(session, now, keep)
        + _remove_remains(session)
    )


def _empty_messages(
    session: Session,
    box: type[Inbox] | type[Outbox],
    over: ColumnElement[bool],
    since: InstrumentedAttribute[dt.datetime],
    old: dt.datetime,
) -> int:
    some = (
        select(box.id)
        .where(over, since < old, _full(box.payload))
        .order_by(since)
        .limit(EMPTIED)
        .with_for_update(skip_locked=True)
    )
    emptied = update(box).where(box.id.in_(some)).values(payload={})
    return changed(session, emptied.execution_options(synchronize_session=False))


def _forget(
    session: Session,
    table: type[Misread] | type[Action] | type[Pairing],
    over: ColumnElement[bool],
    since: InstrumentedAttribute[dt.datetime],
    old: dt.datetime,
) -> int:
    some = select(table.id).where(over, since < old).order_by(since).limit(EMPTIED)
    rows = session.scalars(some.with_for_update(skip_locked=True)).all()
    return changed(session, delete(table).where(table.id.in_(rows))) if rows else 0


def _remove_codes(session: Session, old: dt.datetime) -> int:
    """Remove what was sent to numbers to join them: who never wrote has no chat to be erased."""
    of_codes = Outbox.subject.in_((pairings.SUBJECT, pairings.JOINED))
    over = and_(of_codes, Outbox.status != "queued", Outbox.created_at < old)
    return changed(session, delete(Outbox).where(over))


def _empty_sheets(session: Session) -> int:
    """Empty the sheets of registrations that staff have by now: they are of no use any more."""
    over = and_(Outbox.subject == registrations.SHEET, Outbox.status != "queued")
    emptied = update(Outbox).where(over, _full(Outbox.payload)).values(payload={})
    return changed(session, emptied.execution_options(synchronize_session=False))


def _empty_memories(session: Session, old: dt.datetime) -> int:
    silent = and_(Conversation.updated_at < old, _full(Conversation.state))
    some = (
        select(Conversation.id)
        .where(silent)
        .order_by(Conversation.updated_at)
        .limit(EMPTIED)
        .with_for_update(skip_locked=True)
    )
    emptied = (
        update(Conversation)
        .where(Conversation.id.in_(some), silent)
        .values(state={}, version=Conversation.version + 1)
    )
    return changed(session, emptied.execution_options(synchronize_session=False))


def _erase_registrations(session: Session, now: dt.datetime, keep: Retention) -> int:
    """Erase registrations untouched for long, and withdrawn ones as soon as texts are forgotten."""
    withdrawn = and_(Registration.status == "withdrawn", Registration.updated_at < now - keep.texts)
    untouched = and_(
        Registration.status == "active", Registration.updated_at < now - keep.registrations
    )
    some = select(Registration).where(or_(withdrawn, untouched)).limit(ERASED)
    rows = session.scalars(some.with_for_update(skip_locked=True)).all()
    for row in rows:
        erase_registration(session, row)
    return len(rows)


def _erase_conversations(session: Session, now: dt.datetime, keep: Retention) -> int:
    """Erase people silent for long who hold no registration and no wish to be reminded."""
    mate, old = aliased(Conversation), now - keep.registrations
    same = and_(mate.person == Conversation.person, mate.id != Conversation.id)
    over = (_is_over(Conversation, old), ~exists().where(same, ~_is_over(mate, old)))
    some = select(Conversation).where(*over).limit(ERASED)
    rows = session.scalars(some.with_for_update(skip_locked=True)).all()
    for row in rows:
        erase(session, row, now, answering=False)
    return len(rows)


def _is_over(chat: type[Conversation], old: dt.datetime) -> ColumnElement[bool]:
    """Return whether nobody wrote in a chat for long, and nothing is to come of it."""
    signed_up = exists().where(Registration.conversation_id == chat.id)
    waiting = exists().where(
        Subscription.conversation_id == chat.id, Subscription.ended_at.is_(None)
    )
    return and_(chat.updated_at < old, ~signed_up, ~waiting)


def _remove_remains(session: Session) -> int:
    """Remove what was still on its way to or from people when they were erased."""
    removed = 0
    some = select(Destination).where(Destination.erased_at.is_not(None))
    for erased in session.scalars(some.with_for_update(skip_locked=True)).all():
        then = erased.erased_at
        came = and_(Inbox.key == erased.key, Inbox.received_at <= then)
        left = and_(Outbox.key == erased.key, Outbox.created_at <= then)
        removed += changed(session, delete(Inbox).where(came, Inbox.status != "new"))
        removed += changed(session, delete(Outbox).where(left, Outbox.status != "queued"))
        waiting = select(Outbox.id).where(left, Outbox.status == "queued").limit(1)
        working = select(Inbox.id).where(came, Inbox.status == "new").limit(1)
        if session.scalar(waiting) is None and session.scalar(working) is None:
            session.delete(erased)
    return removed


def _full(content: InstrumentedAttribute[dict[str, object]]) -> ColumnElement[bool]:
    """Return whether something is left, in the very words of the index of such rows."""
    return cast(content, String) != literal_column("'{}'")

"""One-time codes that join a phone number and a chat: drawn, counted, used once.

A code goes to the number by SMS and is written in the chat: whoever writes it has both. One that a
chat asked for is for that chat alone; one that the phone asked for is for whichever chat writes it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from actions.store import changed
from actions.tables import Outbox, Pairing

#: A code has eight digits, and no nought in front; any chat may guess at one a phone asked for.
FIRST_CODE, CODES = 10_000_000, 90_000_000
GOOD_FOR = dt.timedelta(minutes=10)
#: Wrong codes after which one is dead, and codes for one number or one chat in a day.
TRIES, A_DAY = 3, 3
DAY = dt.timedelta(days=1)
#: What the outbox calls the messages that carry a code.
SUBJECT = "link"
JOINED = "linked"
#: Codes in a day, to all numbers together: a chat that has itself erased is counted as a new one.
IN_ALL = 200

Refusal = Literal["wrong", "dead", "expired", "used"]


@dataclass(frozen=True)
class Joined:
    """What a right code joins its chat with: the number's key, or the conversation that asked."""

    key: str
    asked_by: int


def ask(
    session: Session,
    asked_by: int,
    number: str,
    now: dt.datetime,
    draw: Callable[[int], int],
    *,
    by_phone: bool,
) -> str | None:
    """Return a new code to be sent to the address with the key `number`; None after many in a day.

    The conversation that asks is a chat's or, `by_phone`, the number's own. `draw(n)` gives a
    random whole number below n.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two chats that ask for the same number are counted one after the other.
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(number))))
    asked = _lately(now).where(Pairing.asked_by == asked_by, Pairing.digest != "")
    # Of a chat that was erased since, only what was sent to the number is left.
    sent = select(Outbox.id).where(
        Outbox.key == number, Outbox.subject == SUBJECT, Outbox.created_at > now - DAY
    )
    if max(len(session.scalars(one).all()) for one in (asked, sent)) >= A_DAY:
        return None
    in_all = select(func.count()).where(Outbox.subject == SUBJECT, Outbox.created_at > now - DAY)
    if (session.scalar(in_all) or 0) >= IN_ALL:
        return None
    code = str(FIRST_CODE + draw(CODES))
    row = Pairing(asked_by=asked_by, key="" if by_phone else number, digest="", made_at=now)
    session.add(row)
    session.flush()
    row.digest = _digest(row, code)
    return code


def use(session: Session, conversation: int, code: str, now: dt.datetime) -> Joined | Refusal:
    """Use a code in a chat, once; a wrong one counts against the newest code the chat asked for.

    Where it asked for none, wrong ones count in all: after some, no phone's code is heard any more.
    """
    guesses, mine = _guesses(session, conversation, now), Pairing.asked_by == conversation
    guessed_out = guesses is not None and guesses.tries >= TRIES
    heard = mine if guessed_out else or_(mine, Pairing.key == "")
    tried = _lately(now).where(Pairing.digest != "", heard)
    rows = session.scalars(tried.order_by(Pairing.id.desc())).all()
    meant = next((row for row in rows if hmac.compare_digest(row.digest, _digest(row, code))), None)
    if meant is None:
        own = [row for row in rows if row.asked_by == conversation and _is_live(row, now)]
        return _missed(session, own[0] if own else guesses, conversation, now)
    if meant.used_at is not None:
        return "used"
    if not _is_live(meant, now):
        return "dead" if meant.tries >= TRIES else "expired"
    free = update(Pairing).where(Pairing.id == meant.id, Pairing.used_at.is_(None))
    if changed(session, free.values(used_at=now)) != 1:
        return "used"
    return Joined(meant.key, meant.asked_by)


def vouch(session: Session, conversation: int, number: str, now: dt.datetime) -> None:
    """Remember that a chat showed a number to be its person's own, before it ever wrote."""
    shown = _vouched(number).where(Pairing.asked_by == conversation)
    if session.scalars(shown).first() is None:
        session.add(Pairing(asked_by=conversation, key=number, digest="", made_at=now))


def is_vouched(session: Session, number: str) -> bool:
    """Return whether some chat showed a number to be its person's own."""
    return session.scalars(_vouched(number).limit(1)).first() is not None


def _vouched(number: str) -> Select[tuple[Pairing]]:
    return select(Pairing).where(Pairing.key == number, Pairing.digest == "")


def _guesses(session: Session, conversation: int, now: dt.datetime) -> Pairing | None:
    """Return the row that counts the wrong codes of a chat that asked for none."""
    row = _lately(now).where(
        Pairing.asked_by == conversation, Pairing.key == "", Pairing.digest == ""
    )
    return session.scalars(row.limit(1)).first()


def _missed(
    session: Session, counted: Pairing | None, conversation: int, now: dt.datetime
) -> Refusal:
    if counted is None:
        counted = Pairing(asked_by=conversation, key="", digest="", tries=0, made_at=now)
        session.add(counted)
    counted.tries += 1
    return "dead" if counted.tries >= TRIES else "wrong"


def _is_live(row: Pairing, now: dt.datetime) -> bool:
    return row.used_at is None and row.tries < TRIES and now - row.made_at < GOOD_FOR


def _lately(now: dt.datetime) -> Select[tuple[Pairing]]:
    return select(Pairing).where(Pairing.made_at > now - DAY)


def _digest(row: Pairing, code: str) -> str:
    return hashlib.sha256(f"{row.id}:{code}".encode()).hexdigest()

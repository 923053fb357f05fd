"""One person in several conversations: on Telegram, and by SMS from their own number.

`Conversation.person` is the same number in all of them. What is theirs is seen from each; where
the dialogue stands is kept in the one they wrote in last. A number is one Telegram chat's at a
time: whoever proves last to have the phone has it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from actions import conversations as talks
from actions.messages import Address
from actions.tables import Conversation, Destination

#: What the dialogue keeps of one screen or one phone: it stays where it is.
_OF_THE_CHANNEL = frozenset(
    {"number", "read", "keyboard", "flooding", "options", "rest", "last_text", "repeats"}
)
#: The language last spoken holds wherever they write.
_SHARED = "spoken"
#: A question whose "yes" counts only where it was asked: an SMS may have a forged sender.
_ASKED_HERE = "data:"

_self, _known = aliased(Conversation), aliased(Conversation)
_HERE = and_(
    Conversation.channel == bindparam("channel"), Conversation.address == bindparam("address")
)
# Made once: it is asked for in every turn. Several rows are locked in the order of their numbers.
_GATHERED = (
    select(Conversation)
    .where(
        or_(
            _HERE,
            Conversation.person
            == select(_self.person)
            .where(_self.channel == bindparam("channel"), _self.address == bindparam("address"))
            .scalar_subquery(),
        )
    )
    .order_by(Conversation.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_BY_NUMBER = (
    select(Conversation)
    .where(
        or_(
            Conversation.id.in_(bindparam("numbers", expanding=True)),
            Conversation.person.in_(
                select(_known.person).where(
                    _known.id.in_(bindparam("numbers", expanding=True)),
                    _known.person.is_not(None),
                )
            ),
        )
    )
    .order_by(Conversation.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def conversations(session: Session, conversation: int) -> list[int]:
    """Return the numbers of all conversations of a person, the given one among them."""
    talk = session.get(Conversation, conversation)
    if talk is None or talk.person is None:
        return [conversation]
    theirs = select(Conversation.id).where(Conversation.person == talk.person)
    return list(session.scalars(theirs.order_by(Conversation.id))) or [conversation]


def keys(session: Session, talk: Conversation) -> list[str]:
    """Return every address of a person as the one string that names it in queues."""
    return [Address(row.channel, row.address).key for row in (talk, *others(session, talk))]


def are_one(session: Session, conversation: int, other: int | None) -> bool:
    """Return whether two conversations are the same person's."""
    return other is not None and other in conversations(session, conversation)


def gather(
    session: Session, address: Address, now: dt.datetime
) -> tuple[Conversation, list[Conversation]]:
    """Return the conversation with an address, begun now if needed, and the person's others.

    Until the transaction ends nobody else may change any of them.
    """
    given = {"channel": address.channel, "address": address.id}
    found = list(session.scalars(_GATHERED, given))
    talk = next((t for t in found if (t.channel, t.address) == (address.channel, address.id)), None)
    if talk is None:
        return talks.load(session, address, now), []
    if talk.person is not None and len(found) == 1:  # joined while we waited for it
        found = list(session.scalars(_GATHERED, given))
    return talk, [t for t in found if t is not talk and t.person == talk.person]


def hold(session: Session, conversation: int) -> list[Conversation]:
    """Return all conversations of a person; nobody else may change them until the end."""
    return _of_the_person(_locked(session, conversation), conversation)


def others(session: Session, talk: Conversation) -> list[Conversation]:
    """Return the other conversations of a person."""
    if talk.person is None:
        return []
    mates = select(Conversation).where(Conversation.person == talk.person)
    return list(session.scalars(mates.where(Conversation.id != talk.id).order_by(Conversation.id)))


def reach(session: Session, talk: Conversation) -> Conversation:
    """Return the conversation to write to: the one the person wrote in last, of those that can be.

    One that is gone, or from which STOP was said, is passed over while there is another.
    """
    every = [talk, *others(session, talk)]
    if len(every) == 1:
        return talk
    open_ones = [t for t in every if not _is_shut(session, t)] or every
    return max(open_ones, key=lambda t: (t.updated_at, _memory(t.state) != {}, t.id == talk.id))


def phone(session: Session, address: Address) -> Conversation | None:
    """Return where an address' person is reached by SMS, if they are and have not said STOP."""
    talk = talks.find(session, address)
    phones = [
        t
        for t in (others(session, talk) if talk else ())
        if Address(t.channel, t.address).number and not _is_shut(session, t)
    ]
    return max(phones, key=lambda t: t.updated_at, default=None)


def link(session: Session, chat: int, number: int) -> bool:
    """Make a chat and the conversation of a phone number one person's; return whether it is new.

    The number leaves the person it was of before, and with them what its dialogue remembers.
    """
    rows = _locked(session, chat, number)
    chatting, texting = (next(t for t in rows if t.id == n) for n in (chat, number))
    if chatting.person is not None and chatting.person == texting.person:
        return False
    if texting.person is not None:
        _leave(rows, texting)
    mates = [t for t in rows if t is chatting or _same(t, chatting)]
    for talk in (*mates, texting):
        talk.person = min(t.id for t in (*mates, texting))
    session.flush()
    return True


def part(session: Session, conversation: int) -> list[Conversation]:
    """Let a conversation be somebody's own again; return those it was joined with."""
    rows = hold(session, conversation)
    talk = next((t for t in rows if t.id == conversation), None)
    if talk is None or talk.person is None:
        return []
    _leave(rows, talk)
    session.flush()
    return [t for t in rows if t is not talk]


def take_over(talk: Conversation, mates: Sequence[Conversation]) -> bool:
    """Let a conversation go on where the person's others stand; return whether they wrote there.

    What they remember is taken from them. The number that tells an old button from a new one rises
    above theirs.
    """
    last = max(mates, key=lambda t: t.updated_at, default=None)
    if last is None:
        return False
    talk.language = talk.language or last.language
    mine = _memory(talk.state) != {}
    for other in sorted(mates, key=lambda t: t.updated_at):
        if not _memory(other.state):
            continue
        if not mine or other.updated_at >= talk.updated_at:
            talk.state = carried(talk.state, other.state, other.channel, talk.channel)
        other.state = emptied(other.state)
    return last.updated_at >= talk.updated_at


def share(talk: Conversation, mates: Sequence[Conversation]) -> None:
    """Let a person's other conversations know which language they spoke last."""
    spoken = talk.state.get(_SHARED)
    for other in mates:
        if spoken and other.state and other.state.get(_SHARED) != spoken:
            other.state = {**other.state, _SHARED: spoken}


def carried(
    mine: Mapping[str, Any], theirs: Mapping[str, Any], channel: str, to: str
) -> dict[str, Any]:
    """Return a dialogue's memory with all that another one, of a `channel`, remembers.

    Each channel numbers its messages for itself: away from its own, the one that opened a form is
    known as `channel number`.
    """
    taken = {k: v for k, v in theirs.items() if k not in _OF_THE_CHANNEL}
    if str(taken.get("pending") or "").startswith(_ASKED_HERE):
        taken["pending"] = ""
    for name in ("form", "waiting"):
        form = taken.get(name)
        if form:
            origin = _origin(form.get("origin") or "", channel, to)
            taken[name] = {**form, "origin": origin, "answered": ""}  # no text here answered it
    kept = {k: v for k, v in mine.items() if k in _OF_THE_CHANNEL}
    number = 1 + max(int(mine.get("number") or 0), int(theirs.get("number") or 0))
    return {**kept, **taken, "number": number}


def _origin(message: str, channel: str, to: str) -> str:
    whole = message if " " in message or not message else f"{channel} {message}"
    return whole.removeprefix(f"{to} ")


def emptied(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stays of a dialogue's memory once it has been carried elsewhere.

    Choices that were numbered lead nowhere any more.
    """
    kept = _OF_THE_CHANNEL - {"options", "rest"} | {_SHARED}
    return {k: v for k, v in state.items() if k in kept}


def _memory(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a dialogue remembers that is not of its channel."""
    return {k: v for k, v in state.items() if k not in _OF_THE_CHANNEL | {_SHARED} and v}


def _leave(rows: Sequence[Conversation], talk: Conversation) -> None:
    mates = [t for t in rows if t is not talk and _same(t, talk)]
    talk.person, talk.state = None, emptied(talk.state)
    for mate in mates:
        mate.person = min(t.id for t in mates) if len(mates) > 1 else None


def _locked(session: Session, *numbers: int) -> list[Conversation]:
    """Return some conversations with all those of the same people, locked in order."""
    return list(session.scalars(_BY_NUMBER, {"numbers": numbers}))


def _of_the_person(rows: Sequence[Conversation], conversation: int) -> list[Conversation]:
    talk = next((t for t in rows if t.id == conversation), None)
    return [t for t in rows if talk and (t is talk or _same(t, talk))]


def _same(one: Conversation, other: Conversation) -> bool:
    return one.person is not None and one.person == other.person


def _is_shut(session: Session, talk: Conversation) -> bool:
    found = session.get(Destination, Address(talk.channel, talk.address).key)
    return found is not None and (found.gone_at is not None or found.stopped_at is not None)

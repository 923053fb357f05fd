"""Texts as gateways bring them: repeated, or in parts that wait for each other.

A part says which text it is one of, or does not: then it is told by its length, and what follows
from the same number is the rest. What is joined comes into the inbox in the commit that empties its
parts; they are remembered for an hour, without words, so that none comes again. `now` is the
product's time, `wall` the machine's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from actions.messages import Inbound
from actions.redaction import hide_identity_numbers
from actions.repeats import Lately, Words, words
from actions.store import changed
from actions.tables import Cursor, Inbox, Part

#: How long a text with a part missing waits for it, after the last one that came.
PATIENCE = dt.timedelta(seconds=60)
#: How long a text that fills a part, and says nothing of others, waits for what follows.
HOLD = dt.timedelta(seconds=10)
#: How long a part that was joined is known as one that came.
REMEMBER = dt.timedelta(hours=1)
#: What stands where a part is missing.
GAP = " … "
#: The mark of a part that was joined begins so.
_JOINED = "joined:"
#: As long as a part's mark may name its text.
_REFERENCE = 12


# Made once: making a statement takes longer than carrying it out.
_LOCK = select(Cursor.name).where(Cursor.name == bindparam("channel")).with_for_update()
_PARTS = select(Part).where(Part.key.in_(bindparam("keys", expanding=True))).order_by(Part.id)


def _of(box: type[Inbox] | type[Part]) -> Select[tuple[str]]:
    """Find which of some messages are in a table."""
    ids = box.external_id.in_(bindparam("ids", expanding=True))
    return select(box.external_id).where(box.channel == bindparam("channel"), ids)


_CAME = union_all(_of(Inbox), _of(Part))


@dataclass(frozen=True)
class Label:
    """Says that a text is the `number`-th part, from 1 on, of the `total` that `reference` has."""

    reference: str
    number: int
    total: int


@dataclass(frozen=True)
class Arrival:
    """A message as a gateway brings it.

    Its `reference` is the second that the gateway gives for it, or empty. It is one part of several
    if there is a `label`; without one it may be if it is `full`: if it fills exactly one part. One
    that means something `alone`, such as STOP, is never the end of another.
    """

    message: Inbound
    label: Label | None = None
    full: bool = False
    alone: bool = False


def take(session: Session, arrivals: Sequence[Arrival], now: dt.datetime, wall: dt.datetime) -> int:
    """Store what came, in order, each message once; return how many more the inbox holds."""
    if not arrivals:
        return 0
    channel = arrivals[0].message.address.channel
    _one_at_a_time(session, channel)
    taking = _Taking(session, {a.message.address.key for a in arrivals}, now, wall)
    ids = [arrival.message.external_id for arrival in arrivals]
    known = set(session.execute(_CAME, {"channel": channel, "ids": ids}).scalars())
    for arrival in arrivals:
        if arrival.message.external_id not in known:
            known.add(arrival.message.external_id)
            taking.take(arrival)
    return taking.keep()


def join_waiting(session: Session, channel: str, now: dt.datetime, wall: dt.datetime) -> int:
    """Join what has waited long enough, whatever is missing; return how many texts.

    Parts joined long ago are forgotten.
    """
    last = func.max(Part.received_at)
    waiting = select(Part.key, Part.mark, last).where(
        Part.channel == channel, ~Part.mark.startswith(_JOINED)
    )
    joined = 0
    found = session.execute(waiting.group_by(Part.key, Part.mark)).all()
    late = {key for key, mark, at in found if _is_late(mark, at, wall)}
    if late:
        _one_at_a_time(session, channel)
        taking = _Taking(session, late, now, wall)
        taking.close_late()
        joined = taking.keep()
    old = (Part.received_at <= wall - REMEMBER, Part.mark.startswith(_JOINED))
    session.execute(delete(Part).where(Part.channel == channel, *old))
    return joined


def erase(session: Session, key: str) -> int:
    """Erase every part an address sent; return how many there were."""
    return changed(session, delete(Part).where(Part.key == key))


def legible(text: str) -> str:
    """Return a text as every database takes it.

    The halves of a character that two parts shared are put together, and left out where they have
    lost each other, as are NULs.
    """
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return paired.replace("\0", "")


class _Taking:
    """Puts what some addresses sent where it belongs, knowing what they sent before."""

    def __init__(
        self, session: Session, keys: Collection[str], now: dt.datetime, wall: dt.datetime
    ) -> None:
        self._session, self._now, self._wall = session, now, wall
        self._keys = list(keys)
        self._lately = Lately(session, self._keys, now, wall)
        self._waiting: dict[tuple[str, str], list[Part]] = {}
        self._whole: list[Inbound] = []
        for part in session.scalars(_PARTS, {"keys": self._keys}):
            self._lately.add(part.key, _words_of(part), part.received_at)
            if not part.mark.startswith(_JOINED):
                self._waiting.setdefault((part.key, part.mark), []).append(part)

    def take(self, arrival: Arrival) -> None:
        """Put a message that has not come before among those to keep, or those that wait."""
        message, label = arrival.message, arrival.label
        if message.kind != "text":
            self._whole.append(message)
            return
        key = message.address.key
        mark = _mark(label) if label else ""
        said = words(message.text, message.reference, _place(mark, label.number) if label else "")
        if self._lately.repeats(key, said):
            return
        if label:
            self._take_labelled(message, mark, label)
        else:
            self._take_unlabelled(message, full=arrival.full, alone=arrival.alone)
        self._lately.add(key, said)

    def close_late(self) -> None:
        """Join what has waited long enough."""
        late = [
            (key, mark)
            for (key, mark), parts in self._waiting.items()
            if _is_late(mark, max(part.received_at for part in parts), self._wall)
        ]
        for key, mark in late:
            self._close(key, mark)

    def keep(self) -> int:
        """Store the whole messages; return how many."""
        if not self._whole:
            return 0
        whole = (replace(message, text=legible(message.text)) for message in self._whole)
        self._session.execute(insert(Inbox), [_row(message, self._now) for message in whole])
        return len(self._whole)

    def _take_labelled(self, message: Inbound, mark: str, label: Label) -> None:
        key = message.address.key
        if any(part.number == label.number for part in self._waiting.get((key, mark), ())):
            self._close(key, mark)  # another text under the same reference
        self._wait(message, mark, label.number, label.total)
        if len(self._waiting[key, mark]) == label.total:
            self._close(key, mark)

    def _take_unlabelled(self, message: Inbound, *, full: bool, alone: bool) -> None:
        key = message.address.key
        held = self._waiting.get((key, ""), [])
        if held and (alone or _is_late("", held[-1].received_at, self._wall)):
            self._close(key, "")
            held = []
        if not held and not full:
            self._whole.append(message)
            return
        self._wait(message, "", len(held) + 1, 0)
        if not full:
            self._close(key, "")

    def _close(self, key: str, mark: str) -> None:
        """Join the parts of one text that are there."""
        parts = sorted(self._waiting.pop((key, mark)), key=lambda part: part.number)
        first = Inbound.from_json(parts[0].payload)
        text = joined({part.number: str(part.payload["text"]) for part in parts}, parts[0].total)
        for part in parts:
            was = _words_of(part)
            part.payload = {"digest": was.digest, "count": was.count, "second": was.second}
            part.mark = _JOINED + part.mark
        whole = words(text, first.reference)
        if len(parts) == 1 or not self._lately.repeats(key, whole):
            self._lately.add(key, whole)
            self._whole.append(replace(first, text=text))

    def _wait(self, message: Inbound, mark: str, number: int, total: int) -> None:
        key = message.address.key
        # Without NULs already: no database takes them.
        text = hide_identity_numbers(message.text.replace("\0", ""))
        part = Part(
            channel=message.address.channel,
            external_id=message.external_id,
            key=key,
            mark=mark,
            number=number,
            total=total,
            payload=asdict(replace(message, text=text)),
            received_at=self._wall,
        )
        self._session.add(part)
        self._waiting.setdefault((key, mark), []).append(part)


def joined(parts: dict[int, str], total: int) -> str:
    """Return the text of numbered parts, with a gap where some of them are missing.

    A `total` of 0 says that nobody knows how many there are: then none is missing.
    """
    numbers = range(1, total + 1) if total else sorted(parts)
    text, missing = "", False
    for number in numbers:
        if number in parts:
            text, missing = text + (GAP if missing else "") + parts[number], False
        else:
            missing = True
    return text + GAP if missing else text


def _row(message: Inbound, now: dt.datetime) -> dict[str, Any]:
    """Return a message as the inbox has it: what nobody else can be storing needs no savepoint."""
    payload = asdict(message) | {"text": hide_identity_numbers(message.text)}
    return {
        "channel": message.address.channel,
        "external_id": message.external_id,
        "key": message.address.key,
        "payload": payload,
        "status": "new",
        "received_at": now,
    }


def _one_at_a_time(session: Session, channel: str) -> None:
    """Let one process at a time store: another would not see what this one is about to keep."""
    if session.scalar(_LOCK, {"channel": channel}) is None:
        try:
            with session.begin_nested():
                session.add(Cursor(name=channel))
        except IntegrityError:  # another process made it first, and has stored by now
            session.scalar(_LOCK, {"channel": channel})


def _is_late(mark: str, last: dt.datetime, wall: dt.datetime) -> bool:
    return last <= wall - (PATIENCE if mark else HOLD)


def _mark(label: Label) -> str:
    """Return what the parts of one text share, no longer than its column takes."""
    reference = label.reference
    if len(reference) > _REFERENCE or not reference.isascii():
        raw = reference.encode("utf-8", "surrogatepass")
        reference = sha256(raw).hexdigest()[:_REFERENCE]
    return f"{reference}/{label.total}"


def _place(mark: str, number: int) -> str:
    return f"{mark}/{number}" if mark else ""


def _words_of(part: Part) -> Words:
    """Return what a part says, as it is compared: its text, or what is left of it."""
    place = _place(part.mark.removeprefix(_JOINED), part.number)
    payload = part.payload
    if "digest" in payload:
        return Words(payload["digest"], payload["count"], payload["second"], place)
    return words(payload["text"], payload["reference"], place)

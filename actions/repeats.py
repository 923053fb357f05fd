"""The same words twice: gateways send a text again, and some of them under another number.

Within a minute the same words from the same address count once. Few words, such as the "1" that
chooses from a menu, may well be meant twice: they count once only while nothing was sent in
between, or when the gateway gives both the same second. The same part of a text counts once for as
long as it is remembered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from actions.redaction import hide_identity_numbers
from actions.store import Utc
from actions.tables import Inbox, Outbox

#: Further apart, the same words are meant twice.
WITHIN = dt.timedelta(seconds=60)
#: Texts of up to so many words may answer two questions.
FEW_WORDS = 2


# Made once: making a statement takes longer than carrying it out.
_RECENT = (
    select(Inbox.key, Inbox.payload, Inbox.received_at)
    .where(
        Inbox.key.in_(bindparam("keys", expanding=True)),
        Inbox.received_at > bindparam("since", type_=Utc),
        Inbox.received_at <= bindparam("now", type_=Utc),
    )
    .order_by(Inbox.id)
)


@dataclass(frozen=True)
class Words:
    """What was written: the words, unreadable, and how many; when, in the gateway's own second.

    `place` tells parts of one text from each other; it is empty for a whole text.
    """

    digest: str
    count: int
    second: str = ""
    place: str = ""


def words(text: str, second: str = "", place: str = "") -> Words:
    """Return a text as it is compared: however it is spaced, identity numbers hidden."""
    said = hide_identity_numbers(text).split()
    digest = sha256(" ".join(said).encode("utf-8", "surrogatepass")).hexdigest()
    return Words(digest[:16], len(said), second, place)


class Lately:
    """What some addresses wrote in the last minute, and what is added while more is stored.

    `now` is the product's time, in which messages are kept; `wall` the machine's, in which what was
    sent is.
    """

    def __init__(
        self, session: Session, keys: Collection[str], now: dt.datetime, wall: dt.datetime
    ) -> None:
        self._session = session
        self._wall = wall
        self._said: dict[str, list[tuple[Words, dt.datetime]]] = {}
        # Not what the simulator's clock, set back, has in its future.
        these = {"keys": list(keys), "since": now - WITHIN, "now": now}
        for key, payload, received_at in session.execute(_RECENT, these):
            if payload.get("kind") == "text":
                said = words(payload["text"], payload.get("reference", ""))
                self.add(key, said, wall - (now - received_at))

    def add(self, key: str, said: Words, at: dt.datetime | None = None) -> None:
        """Remember what an address wrote, now or at a moment of the machine's time."""
        self._said.setdefault(key, []).append((said, at or self._wall))

    def repeats(self, key: str, said: Words) -> bool:
        """Whether an address wrote this already, and does not mean it twice."""
        before = [
            (earlier, at)
            for earlier, at in self._said.get(key, ())
            if (earlier.digest, earlier.place) == (said.digest, said.place)
            and (said.place or at > self._wall - WITHIN)
        ]
        if not before:
            return False
        if said.place or said.count > FEW_WORDS:
            return True
        if said.second and any(earlier.second == said.second for earlier, _at in before):
            return True
        if self._said[key][-1][0].digest != said.digest:
            return False  # something else was written since: STOP, START, STOP
        return not self._sent_since(key, max(at for _earlier, at in before))

    def _sent_since(self, key: str, moment: dt.datetime) -> bool:
        sent = select(Outbox.id).where(Outbox.key == key, Outbox.sent_at > moment).limit(1)
        return self._session.scalar(sent) is not None

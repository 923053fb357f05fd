"""The updates a bot has not confirmed yet."""

from __future__ import annotations

from collections import deque
from typing import Any

Update = dict[str, Any]

#: Kinds a bot gets only when it asks for them. Source: core.telegram.org/bots/api#getupdates
_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
_PAGE = 100
#: After a crash the numbers given since the last save are unknown; jump over them, because a bot
#: takes a number it has seen for a duplicate.
_GAP = 10_000


class UpdateQueue:
    """Holds updates in order until the bot asks for one behind them."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self.pending: deque[Update] = deque()
        self.allowed: list[str] = []

    def put(self, kind: str, body: dict[str, Any]) -> None:
        """Add an update, unless the bot asked not to get this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in _ON_REQUEST
        if wanted:
            self.put_raw({kind: body})

    def put_raw(self, update: Update) -> int:
        """Add an update as it is, whatever is in it; only its number is ours."""
        number = self.next_id
        self.next_id += 1
        self.pending.append({**update, "update_id": number})
        return number

    def confirm(self, offset: int) -> bool:
        """Forget what the bot has behind it, or all but the last with a negative offset."""
        before = len(self.pending)
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while offset > 0 and self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()
        return len(self.pending) != before

    def page(self, limit: int) -> list[Update]:
        """Return the oldest updates, which stay until confirmed."""
        size = limit if 1 <= limit <= _PAGE else _PAGE
        return [update for update, _ in zip(self.pending, range(size), strict=False)]

    def to_json(self) -> dict[str, Any]:
        """Return what a restart must know."""
        return {"next_id": self.next_id, "pending": list(self.pending), "allowed": self.allowed}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> UpdateQueue:
        """Rebuild the queue `to_json` wrote."""
        queue = cls(data["next_id"] + _GAP)
        queue.pending.extend(data["pending"])
        queue.allowed = data["allowed"]
        return queue

"""Faults on demand: the next calls of a method fail as the real network and Telegram do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.simulator.errors import BotApiError, ImpossibleError

#: `hang_up` closes the connection without an answer; `delay` answers late, as usual.
FaultKind = Literal["error", "hang_up", "delay"]

_DESCRIPTIONS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    429: "Too Many Requests: retry after {seconds}",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass
class Fault:
    """What happens to the next `count` calls of a method.

    `*` is every method but getUpdates. With `after`, the call is done first and only its answer
    is lost: the message arrived, and the bot does not know.
    """

    method: str
    kind: FaultKind = "error"
    count: int = 1
    chat_id: int | None = None
    error_code: int = 500
    description: str = ""
    seconds: int = 5
    after: bool = False

    def meets(self, method: str, chat_id: str) -> bool:
        """Return whether this call is one that fails."""
        wanted = self.method.lower()
        named = method != "getupdates" if wanted == "*" else method == wanted
        return named and (self.chat_id is None or str(self.chat_id) == chat_id)

    def error(self) -> BotApiError:
        """Return the answer of an `error`."""
        words = self.description or _DESCRIPTIONS[self.error_code].format(seconds=self.seconds)
        if self.error_code == 429:
            return BotApiError(429, words, retry_after=self.seconds)
        return BotApiError(self.error_code, words)

    def to_json(self) -> dict[str, Any]:
        """Return the fault as the page shows it."""
        return asdict(self)


def read_fault(data: dict[str, Any]) -> Fault:
    """Return the fault asked for, raising `ImpossibleError` when it makes no sense."""
    try:
        fault = Fault(**data)
        sound = (
            isinstance(fault.method, str)
            and 0 < len(fault.method) <= 64
            and fault.kind in {"error", "hang_up", "delay"}
            and 1 <= fault.count <= 10_000
            and fault.error_code in _DESCRIPTIONS
            and 0 <= fault.seconds <= 100_000
            and (fault.chat_id is None or isinstance(fault.chat_id, int))
            and isinstance(fault.description, str)
        )
    except TypeError:
        sound = False
    if not sound:
        raise ImpossibleError("bad_fault", status=400)
    return fault

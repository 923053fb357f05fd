"""The parameters of a Bot API call, whichever way they were sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.errors import BadRequestError


@dataclass(frozen=True)
class Upload:
    """A file sent with a call."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True)
class Params:
    """Reads parameters: forms send everything as text, JSON bodies send values."""

    values: Mapping[str, Any] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a text, empty when it is not there."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number; what is not one counts as the default, as on Telegram."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError, OverflowError):
            return default

    def number(self, name: str) -> float:
        """Return a number, refusing its absence."""
        if not self.text(name):
            raise BadRequestError(f"{name} is empty")
        try:
            return float(self.text(name))
        except ValueError:
            raise BadRequestError(f"can't parse {name}") from None

    def flag(self, name: str) -> bool:
        """Return whether a flag is set."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def json(self, name: str, what: str) -> Any:
        """Return a structured value, None when it is not there; `what` names it in the error."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise BadRequestError(f"can't parse {what} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """Return the file sent under this name or as `attach://…`."""
        value = self.text(name)
        return self.uploads.get(value.removeprefix("attach://") if value else name)

"""What the simulator answers when it will not do something."""

from __future__ import annotations


class BotApiError(Exception):
    """The Bot API refuses a call, in Telegram's own words."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


class BadRequestError(BotApiError):
    """The call is wrong: HTTP 400."""

    def __init__(self, reason: str) -> None:
        super().__init__(400, f"Bad Request: {reason}")


class ForbiddenError(BotApiError):
    """The bot may not write there: HTTP 403."""

    def __init__(self, reason: str) -> None:
        super().__init__(403, f"Forbidden: {reason}")


class ImpossibleError(Exception):
    """A person cannot do that with their phone; `code` names the reason for the page."""

    def __init__(self, code: str, *, status: int = 409) -> None:
        super().__init__(code)
        self.code = code
        self.status = status

"""What the simulator answers when it will not do something."""

from __future__ import annotations


class BotApiError(Exception):
    """The Bot API refuses a call, in Telegram's own words."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        """`parameters` go to the bot beside the words: `retry_after`, `migrate_to_chat_id`."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class BadRequestError(BotApiError):
    """The call is wrong: HTTP 400."""

    def __init__(self, reason: str) -> None:
        super().__init__(400, f"Bad Request: {reason}")


class ForbiddenError(BotApiError):
    """The bot may not write there: HTTP 403."""

    def __init__(self, reason: str) -> None:
        super().__init__(403, f"Forbidden: {reason}")


class TooManyError(BotApiError):
    """The bot wrote too much: HTTP 429, and when to try again, in seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class MovedError(BotApiError):
    """The group has become a supergroup and has another number: HTTP 400."""

    def __init__(self, chat_id: int) -> None:
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        super().__init__(400, words, migrate_to_chat_id=chat_id)


class ImpossibleError(Exception):
    """A person cannot do that with their phone; `code` names the reason for the page."""

    def __init__(self, code: str, *, status: int = 409) -> None:
        super().__init__(code)
        self.code = code
        self.status = status

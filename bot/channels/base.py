"""What a channel must do, and the only three ways in which sending may fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from actions.messages import Address, Attachment, Outbound


class SendError(Exception):
    """A message did not go out; `reason` is a short code without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(SendError):  # noqa: N818 - the three names read as the sender's decision
    """Not now: this address is to be left alone for `seconds`.

    With `asked` the channel itself named the time; otherwise it is a first guess that grows.
    """

    def __init__(self, seconds: float, reason: str, *, asked: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.asked = asked


class Refused(SendError):  # noqa: N818
    """The channel will never take this message."""


class Gone(SendError):  # noqa: N818
    """The person can't be reached any more."""


@dataclass(frozen=True)
class Standing:
    """What the assistant is and may in a group, and whether the group has topics.

    An `administrator` reads all that is written there, others only commands and replies to them.
    """

    topics: bool
    administrator: bool
    manages_topics: bool


class Channel(Protocol):
    """One way to reach people."""

    name: str

    def parts(self, message: Outbound) -> list[Outbound]:
        """Cut a message into pieces that the channel takes one by one."""
        ...

    async def send(self, address: Address, message: Outbound, number: int = 0) -> str:
        """Send one piece; return the channel's number for it, or raise one of the three.

        `number` is our own, by which the channel may report later what became of it.
        """
        ...

    async def open_topic(self, address: Address, title: str) -> int:
        """Make a topic in a group and return its number, or raise one of the three."""
        ...

    async def inspect(self, address: Address) -> Standing:
        """Return what the assistant is and may in a group, or raise one of the three."""
        ...

    async def download(self, file: Attachment) -> bytes:
        """Return what is in a file somebody sent, or raise one of the three."""
        ...

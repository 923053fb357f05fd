"""Reads Telegram's updates: stored first, and the offset moves in the commit that stores them."""

from __future__ import annotations

import asyncio
import os
import socket
from dataclasses import dataclass, field

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter

from actions import inbox
from actions.messages import Inbound
from actions.store import Session, StoreError
from bot.channels.telegram import TelegramChannel
from bot.clock import Clock, SystemClock
from bot.database import Database
from bot.logs import where

log = structlog.get_logger()

#: While another process reads the updates, how long to wait before offering to take over.
STAND_BY = 5.0


@dataclass
class Poller:
    """Reads updates for one bot; of several processes, one reads and the others stand by."""

    database: Database
    channel: TelegramChannel
    clock: Clock
    arrived: asyncio.Event
    holder: str = f"{socket.gethostname()}:{os.getpid()}"
    _offset: int | None = None
    _acknowledging: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Read for ever."""
        failures = 0
        try:
            while True:
                try:
                    pause = await self.poll_one()
                    failures = 0
                except Exception as failed:  # nothing may make us deaf for good
                    failures += 1
                    pause = _pause(failed, failures)
                    error = type(failed).__name__
                    log.warning("poll_failed", error=error, at=where(failed), pause=pause)
                if pause:
                    await asyncio.sleep(pause)
        finally:
            await self._release()

    async def poll_one(self) -> float:
        """Wait for updates once and store them; return how long to pause before the next time."""
        offset = self._offset
        if offset is None:
            offset = await self.database.run(
                lambda s: inbox.hold_cursor(
                    s, self.channel.stream, self.holder, SystemClock().now(), is_dead_neighbour
                )
            )
        if offset is None:
            return STAND_BY
        self._offset = None  # unless all goes well, ask the database again where we stand
        messages, after = await self.channel.fetch(offset)
        if messages:
            self._offset = await self.database.run(lambda s: self._keep(s, messages, after))
            self.arrived.set()
            for message in messages:
                if isinstance(message, Inbound) and message.tap:
                    task = asyncio.create_task(self.channel.acknowledge(message))
                    self._acknowledging.add(task)
                    task.add_done_callback(self._acknowledging.discard)
        return 0

    def _keep(
        self, session: Session, messages: list[Inbound | inbox.Unreadable], after: int
    ) -> int:
        """Store updates and the offset after them, in one commit; return that offset."""
        new = inbox.receive_all(session, messages, self.clock.now())
        inbox.move_cursor(session, self.channel.stream, self.holder, after, SystemClock().now())
        unreadable = sum(isinstance(m, inbox.Unreadable) for m in messages)
        log.info("received", updates=len(messages), new=new, unreadable=unreadable)
        return after

    async def _release(self) -> None:
        try:
            await self.database.run(
                lambda s: inbox.release_cursor(s, self.channel.stream, self.holder)
            )
        except StoreError as failed:
            log.warning("cursor_not_released", error=str(failed))


def is_dead_neighbour(holder: str) -> bool:
    """Whether a holder was a process of this machine that runs no more, killed perhaps."""
    host, _sep, process = holder.rpartition(":")
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _pause(failed: Exception, failures: int) -> float:
    """Return how long to leave Telegram or the database alone after a failure."""
    match failed:
        case RetryAfter():
            after = failed.retry_after
            return float(after) if isinstance(after, int | float) else after.total_seconds()
        case InvalidToken():
            return 60.0
        case Conflict():
            return STAND_BY
        case _:
            return min(2.0 ** (failures - 1), 30.0)

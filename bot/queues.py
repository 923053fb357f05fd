"""Working through a queue kept in the database: claimed one at a time, worked on side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from actions.store import StoreError
from bot.logs import where

log = structlog.get_logger()

T = TypeVar("T")

#: Rows worked on at the same time in one process.
SIDE_BY_SIDE = 4
#: How long to wait for a wake-up before looking again: rows become due, and others store some.
LOOK_AGAIN = 0.2
#: How long to leave a database alone that is locked, full or gone.
DATABASE_PAUSE = 1.0
#: How long a stop waits for what is being worked on, in seconds.
LAST_WORDS = 5.0


class Chime(asyncio.Event):
    """An event that sets others with it: each of those who wait clears one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._others: list[asyncio.Event] = []

    def one_more(self) -> asyncio.Event:
        """Return a new event that is set with this one."""
        self._others.append(asyncio.Event())
        return self._others[-1]

    def set(self) -> None:
        """Set this and the others."""
        super().set()
        for other in self._others:
            other.set()


async def drain(
    claim: Callable[[], Awaitable[T | None]],
    work: Callable[[T], Awaitable[bool]],
    wake: asyncio.Event,
    *,
    at: str,
) -> None:
    """Work for ever: claim what there is, and look again when woken.

    `work` returns whether something waited behind its row and may go now. One claimer a process
    finds each row once; several would all wake for the same one.
    """
    free = asyncio.Semaphore(SIDE_BY_SIDE)
    working: set[asyncio.Task[None]] = set()

    async def one(row: T) -> None:
        try:
            if await work(row):
                wake.set()
        except StoreError as failed:  # the lease runs out, and the row comes back
            log.error("database_failed", at=at, error=str(failed))
        except Exception as failed:  # asyncio's own report would print what people wrote
            log.error("work_failed", loop=at, error=type(failed).__name__, at=where(failed))
        finally:
            free.release()

    try:
        while True:
            await free.acquire()
            wake.clear()  # before looking, so that what is stored meanwhile wakes us
            try:
                row = await claim()
            except StoreError as failed:
                log.error("database_failed", at=at, error=str(failed))
                free.release()
                await asyncio.sleep(DATABASE_PAUSE)
                continue
            if row is not None:
                task = asyncio.create_task(one(row))
                working.add(task)
                task.add_done_callback(working.discard)
                continue
            free.release()
            try:
                async with asyncio.timeout(LOOK_AGAIN):
                    await wake.wait()
            except TimeoutError:
                pass
    finally:
        # A stop lets what has begun come to its end: sent and recorded, not sent and forgotten.
        if working:
            await asyncio.wait(working, timeout=LAST_WORDS)

"""Working through a queue kept in the database: claimed one at a time, worked on side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from actions.store import StoreError

log = structlog.get_logger()

T = TypeVar("T")

#: Rows worked on at the same time in one process.
SIDE_BY_SIDE = 4
#: How long to wait for a wake-up before looking again: rows become due, and others store some.
LOOK_AGAIN = 0.2
#: How long to leave a database alone that is locked, full or gone.
DATABASE_PAUSE = 1.0


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

    async def one(row: T) -> None:
        try:
            if await work(row):
                wake.set()
        except StoreError as failed:  # the lease runs out, and the row comes back
            log.error("database_failed", at=at, error=str(failed))
        finally:
            free.release()

    async with asyncio.TaskGroup() as group:
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
                group.create_task(one(row))
                continue
            free.release()
            try:
                async with asyncio.timeout(LOOK_AGAIN):
                    await wake.wait()
            except TimeoutError:
                pass

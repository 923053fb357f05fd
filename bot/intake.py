"""Keeps what a gateway brings: all that waits at one time goes into one commit.

Whoever brings something waits until it is kept, and only then says so to the gateway.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from actions import delivery, parts
from actions.delivery import Failed, Report
from actions.parts import Arrival
from actions.store import RefusedByStoreError, Session, StoreError
from bot.clock import Clock, SystemClock
from bot.database import Database
from bot.logs import where

log = structlog.get_logger()

#: So many are kept in one commit at most: a longer one would hold up the turns beside it.
AT_ONCE = 100
#: How often to look for parts that have waited long enough, in seconds.
LOOK = 1.0
#: What staff are told of a message that the gateway reports as failed.
UNDELIVERED = "undelivered"


class NotKeptError(Exception):
    """It was not kept: not now, or never where it is `refused` for what it holds."""

    def __init__(self, *, refused: bool) -> None:
        super().__init__("refused" if refused else "not now")
        self.refused = refused


@dataclass(frozen=True)
class _Kept:
    """What a commit came to: messages more in the inbox, words for staff on their way."""

    messages: int = 0
    words: int = 0


_Item = Arrival | Report
_Waiting = tuple[_Item, asyncio.Future[None]]


@dataclass
class Intake:
    """Stores messages and reports of one channel; any number of processes may run one each."""

    channel: str
    database: Database
    clock: Clock
    arrived: asyncio.Event
    queued: asyncio.Event
    failed: Failed | None = None
    _queue: asyncio.Queue[_Waiting | None] = field(default_factory=asyncio.Queue)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def open(self) -> None:
        """Begin to store, in the running loop."""
        self._tasks = [asyncio.create_task(self._write()), asyncio.create_task(self._join())]

    async def close(self) -> None:
        """Store what waits, then end."""
        if self._tasks:
            writing, joining = self._tasks
            self._queue.put_nowait(None)
            joining.cancel()
            await asyncio.wait([writing, joining])
            self._tasks = []

    async def keep(self, item: Arrival | Report) -> None:
        """Wait until something is kept; raise `NotKeptError` when it is not.

        Whoever stops waiting changes nothing: it is kept all the same.
        """
        if not self._tasks:
            raise NotKeptError(refused=False)
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((item, kept))
        await kept

    async def join_waiting(self) -> None:
        """Join the parts that have waited long enough for the others."""
        wall = SystemClock().now()
        joined = await self.database.run(
            lambda s: parts.join_waiting(s, self.channel, self.clock.now(), wall)
        )
        if joined:
            log.info("parts_joined", texts=joined)
            self.arrived.set()

    async def _join(self) -> None:
        while True:
            try:
                await self.join_waiting()
            except Exception as failed:  # one bad look must not be the last
                log.error("join_failed", error=type(failed).__name__, at=where(failed))
            await asyncio.sleep(LOOK)

    async def _write(self) -> None:
        open_ = True
        while open_:
            batch = [await self._queue.get()]
            while len(batch) < AT_ONCE and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            open_ = None not in batch
            waiting = [one for one in batch if one is not None]
            if waiting:
                await self._keep(waiting)

    async def _keep(self, batch: list[_Waiting]) -> None:
        """Store a batch; if that fails, one by one, so that one can't keep out the others."""
        try:
            kept = await self.database.run(lambda s: self._store(s, [item for item, _ in batch]))
        except Exception as failed:
            down = isinstance(failed, StoreError) and not isinstance(failed, RefusedByStoreError)
            if len(batch) > 1 and not down:
                for one in batch:
                    await self._keep([one])
                return
            log.error("not_kept", count=len(batch), error=type(failed).__name__, at=where(failed))
            for _item, waiter in batch:
                if not waiter.done():
                    waiter.set_exception(NotKeptError(refused=not down))
            return
        for _item, waiter in batch:
            if not waiter.done():
                waiter.set_result(None)
        if kept.messages:
            self.arrived.set()
        if kept.words:
            self.queued.set()

    def _store(self, session: Session, items: list[_Item]) -> _Kept:
        now, wall = self.clock.now(), SystemClock().now()
        arrivals = [item for item in items if isinstance(item, Arrival)]
        messages = parts.take(session, arrivals, now, wall)
        words = 0
        for report in (item for item in items if isinstance(item, Report)):
            post = delivery.record(session, self.channel, report)
            if post is not None:
                log.warning("undelivered", outbox=post.id)
                if self.failed is not None:
                    words += self.failed(session, post, UNDELIVERED, now)
        return _Kept(messages, words)

"""What happens by itself: reminders planned anew when a stop changes, old texts forgotten."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, field
from functools import partial

import structlog

from actions import outbox, retention
from actions.privacy import Retention
from actions.store import StoreError
from bot.clock import Clock, SystemClock, algiers_day
from bot.database import Database
from bot.logs import where
from bot.queues import DATABASE_PAUSE
from bot.reminders import BATCH, Reminders

log = structlog.get_logger()

#: How often to look after everything though nothing seems to call for it, in seconds.
INTERVAL = 60
#: How often to see whether something calls for it, in seconds.
LOOK_AGAIN = 1.0


@dataclass
class Housekeeper:
    """Keeps house; any number of processes may run one each.

    `wake` is set when someone's wishes or a stop changed.
    """

    database: Database
    clock: Clock
    reminders: Reminders
    keep: Retention
    wake: asyncio.Event
    _in_charge: bool = field(default=False, init=False)
    _day: dt.date = field(default=dt.date.min, init=False)

    async def run(self) -> None:
        """Keep house for ever."""
        while True:
            self.wake.clear()  # before looking, so that what changes meanwhile is seen
            try:
                await self.once()
            except StoreError as failed:
                log.error("database_failed", at="housekeeper", error=str(failed))
                await asyncio.sleep(DATABASE_PAUSE)
                continue
            except Exception as failed:  # asyncio's own report would print what people wrote
                log.error(
                    "work_failed", loop="housekeeper", error=type(failed).__name__, at=where(failed)
                )
            await self._rest()

    async def once(self) -> None:
        """Do all there is to do now; in a process just started, with the facts it has read."""
        now = self.clock.now()
        self._day = algiers_day(now)
        if not self._in_charge:
            await self.database.run(self.reminders.take_over)
            self._in_charge = True
        wall = SystemClock().now()
        stale = await self.database.run(partial(outbox.withdraw_stale, now=now, wall=wall))
        planned, forgotten = await self._plan(now), await self._forget(now)
        if stale or planned or forgotten:
            log.info("housekeeping", planned=planned, stale=stale, forgotten=forgotten)

    async def _plan(self, now: dt.datetime) -> int:
        """Plan every wish that is not as it should be; return how many were not."""
        planned, last, full = 0, 0, True
        while full:
            numbers = await self.database.run(partial(self.reminders.sync, now=now, last=last))
            planned += len(numbers)
            full = len(numbers) == BATCH
            last = numbers[-1] if numbers else last
        return planned

    async def _forget(self, now: dt.datetime) -> int:
        """Forget all that is old; return how many rows that were."""
        forgotten = 0
        while some := await self.database.run(partial(retention.sweep, now=now, keep=self.keep)):
            forgotten += some
        return forgotten

    async def _rest(self) -> None:
        """Wait until something changed, a day began (the simulator's may be any), or for long."""
        for _look in range(int(INTERVAL / LOOK_AGAIN)):
            await asyncio.sleep(LOOK_AGAIN)
            if self.wake.is_set() or algiers_day(self.clock.now()) != self._day:
                return

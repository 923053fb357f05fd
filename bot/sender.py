"""Sends queued messages: due rows, within the limits, each recorded as soon as it has gone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from actions import outbox
from actions.inbox import LeaseLostError
from actions.store import Store, StoreError
from bot.channels.base import Channel, Gone, Later, Refused
from bot.clock import Clock, SystemClock
from bot.waiting import wait

log = structlog.get_logger()

#: How long to wait for a wake-up before looking for rows that have become due in the meantime.
LOOK_AGAIN = 0.2
#: How long to leave a database alone that is locked, full or gone.
DATABASE_PAUSE = 1.0


@dataclass
class Sender:
    """Sends what is queued for one channel; several run side by side, in one process or many."""

    store: Store
    channel: Channel
    clock: Clock
    queued: asyncio.Event

    async def run(self) -> None:
        """Send for ever."""
        while True:
            self.queued.clear()  # before looking, so that what is queued meanwhile wakes us
            try:
                worked = await self.send_one()
            except StoreError as failed:
                log.error("database_failed", at="sender", error=str(failed))
                await asyncio.sleep(DATABASE_PAUSE)
                continue
            if not worked:
                await wait(self.queued, LOOK_AGAIN)

    async def send_one(self) -> bool:
        """Send the next message; return whether there was one.

        A crash between the sending and its record repeats that one message; the other order would
        lose it.
        """
        wall = SystemClock().now()
        post = await asyncio.to_thread(
            self.store.run,
            lambda s: outbox.claim(s, self.channel.name, self.clock.now(), wall),
        )
        if post is None:
            return False
        try:
            outcome = await self._send(post)
        except Exception as failed:  # a fault of ours must not stop the queue
            log.exception("send_failed", outbox=post.id, error=type(failed).__name__)
            outcome = Later(30, type(failed).__name__)
        try:
            await asyncio.to_thread(self._record, post, outcome)
        except LeaseLostError:
            log.info("lease_lost", outbox=post.id)
        return True

    async def _send(self, post: outbox.Post) -> str | Later | Refused | Gone:
        try:
            return await self.channel.send(post.address, post.message)
        except (Later, Refused, Gone) as failure:
            return failure

    def _record(self, post: outbox.Post, outcome: str | Later | Refused | Gone) -> None:
        wall = SystemClock().now()
        with self.store.begin() as session:
            match outcome:
                case str():
                    outbox.sent(session, post, outcome, wall)
                case Later():
                    seconds = outcome.seconds if outcome.asked else outcome.seconds * _growth(post)
                    again = outbox.later(session, post, seconds, wall, asked=outcome.asked)
                    log.warning("send_later", outbox=post.id, why=outcome.reason, again=again)
                case Refused():
                    outbox.refused(session, post, outcome.reason)
                    log.error("send_refused", outbox=post.id, why=outcome.reason)
                case Gone():
                    outbox.gone(session, post, outcome.reason, wall)
                    log.info("person_gone", outbox=post.id, why=outcome.reason)


def _growth(post: outbox.Post) -> float:
    """Wait longer each time, up to 64 times as long."""
    return float(2 ** min(post.attempts - 1, 6))

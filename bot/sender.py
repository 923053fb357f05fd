"""Sends queued messages: due rows, within the limits, each recorded as soon as it has gone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from actions import outbox
from actions.inbox import LeaseLostError
from actions.store import Session
from bot import rerouting
from bot.channels.base import Channel, Gone, Later, Refused
from bot.clock import Clock, SystemClock
from bot.database import Database
from bot.desk.delivery import Delivery
from bot.desk.topics import Topics
from bot.logs import where
from bot.queues import drain
from bot.texting.purse import Postponed, Purse, size

log = structlog.get_logger()

#: What became of a message: the channel's number for it, or why it did not go out.
Outcome = str | Later | Refused | Gone | Postponed


@dataclass
class Sender:
    """Sends what is queued for one channel; any number of processes may run one each.

    `by_sms` says that there is a gateway for what fails otherwise.
    """

    database: Database
    channel: Channel
    clock: Clock
    queued: asyncio.Event
    delivery: Delivery | None = None
    purse: Purse | None = None
    by_sms: bool = True
    in_a_group: int = outbox.PER_MINUTE_IN_A_GROUP

    async def run(self) -> None:
        """Send for ever."""
        await drain(self.claim, self.send, self.queued, at="sender")

    async def claim(self) -> outbox.Post | None:
        """Take the next message that may leave, if there is one."""
        wall = SystemClock().now()
        return await self.database.run(
            lambda s: outbox.claim(
                s, self.channel.name, self.clock.now(), wall, in_a_group=self.in_a_group
            )
        )

    async def send(self, post: outbox.Post) -> bool:
        """Send a message and record what became of it.

        A crash between the two repeats that one message; the other order would lose it. Returns
        False: the same chat's next message has to wait its second anyway.
        """
        try:
            outcome = await self._send(post)
        except Exception as failed:  # a fault of ours must not stop the queue
            error = type(failed).__name__
            log.error("send_failed", outbox=post.id, error=error, at=where(failed))
            outcome = Later(30, type(failed).__name__)
        try:
            told = await self.database.run(lambda s: self._record(s, post, outcome))
        except LeaseLostError:
            log.info("lease_lost", outbox=post.id)
            return False
        return told or post.address.is_group

    async def _send(self, post: outbox.Post) -> Outcome:
        message, topic = post.message, post.message.topic
        topics = Topics(self.database, self.channel)
        if self.purse and (too_much := await self._over_the_limit(self.purse, post)):
            return too_much
        try:
            if topic:
                message = await topics.place(post, topic)
            return await self.channel.send(post.address, message, post.id)
        except Refused as refused:
            if topic and message.thread and refused.reason == "no_topic":
                return await topics.lost(topic, message)
            return refused
        except (Later, Gone) as failure:
            return failure

    async def _over_the_limit(self, purse: Purse, post: outbox.Post) -> Postponed | Refused | None:
        now, wall = self.clock.now(), SystemClock().now()
        return await self.database.run(lambda s: purse.refuses(s, post, now, wall))

    def _record(self, session: Session, post: outbox.Post, outcome: Outcome) -> bool:
        """Record what became of a message; return whether staff are told of it."""
        wall = SystemClock().now()
        match outcome:
            case str():
                return self._sent(session, post, outcome)
            case Postponed():
                outbox.postpone(session, post, outcome.until)
                log.info("postponed", outbox=post.id)
            case Later() if outbox.has_left(session, post):
                return self._sent(session, post, "")
            case Later():
                seconds = outcome.seconds if outcome.asked else outcome.seconds * _growth(post)
                again = outbox.later(session, post, seconds, wall, asked=outcome.asked)
                note = log.warning if again else log.error
                note("send_later" if again else "given_up", outbox=post.id, why=outcome.reason)
                if again and self._by_sms(session, post, outcome):
                    return True
                return not again and self._tell_staff(session, post, outcome.reason)
            case Refused():
                if self._by_sms(session, post, outcome):
                    return True
                outbox.refused(session, post, outcome.reason)
                log.error("send_refused", outbox=post.id, why=outcome.reason)
                return self._tell_staff(session, post, outcome.reason)
            case Gone():
                by_sms = self._by_sms(session, post, outcome)
                outbox.gone(session, post, outcome.reason, wall)
                log.info("person_gone", outbox=post.id, why=outcome.reason)
                return by_sms or self._tell_staff(session, post, outcome.reason)
        return False

    def _sent(self, session: Session, post: outbox.Post, number: str) -> bool:
        """Record a message that went out, and what it cost; return whether staff are told."""
        wall, now = SystemClock().now(), self.clock.now()
        segments = size(post.message) if self.purse else 0
        outbox.sent(session, post, number, wall, segments=segments)
        warnings = self.purse.pays(session, post, now) if self.purse else []
        for address, message, about in warnings:
            outbox.queue(session, address, message, now, subject=about)
        return bool(warnings)

    def _by_sms(self, session: Session, post: outbox.Post, outcome: Later | Refused | Gone) -> bool:
        """Let a message go by SMS where it can; return whether it does."""
        if not self.by_sms:
            return False
        moved = rerouting.by_sms(session, post, outcome, self.clock.now())
        if moved:
            log.info("sent_by_sms", outbox=post.id, why=outcome.reason)
        return moved

    def _tell_staff(self, session: Session, post: outbox.Post, reason: str) -> bool:
        if self.delivery is None:
            return False
        return bool(self.delivery.failed(session, post, reason, self.clock.now()))


def _growth(post: outbox.Post) -> float:
    """Wait longer each time, up to 64 times as long."""
    return float(2 ** min(post.attempts - 1, 6))

"""Takes stored messages one by one: understand first, then one turn in one commit."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from actions import conversations, inbox, outbox
from actions.messages import Inbound, Outbound
from actions.store import Session, Store, StoreError
from bot.channels.base import Channel
from bot.clock import Clock, SystemClock
from bot.dialogue import Dialogue, known
from bot.text import render_message
from bot.turn import Heard
from bot.waiting import wait
from nlu.client import NluUnavailableError, Understanding

log = structlog.get_logger()

#: More than this from one address in a minute is not a conversation: one word about it, then
#: silence until they slow down.
FLOOD = 20
MINUTE = dt.timedelta(minutes=1)
#: How long to wait for a wake-up before looking again for rows that another process stored.
LOOK_AGAIN = 0.5
#: How long to leave a database alone that is locked, full or gone.
DATABASE_PAUSE = 1.0


@dataclass
class Worker:
    """Does turns; several run side by side, in one process or many."""

    store: Store
    dialogue: Dialogue
    understand: Callable[[str], Awaitable[Understanding]]
    channels: Mapping[str, Channel]
    clock: Clock
    arrived: asyncio.Event
    queued: asyncio.Event

    async def run(self) -> None:
        """Work for ever."""
        while True:
            self.arrived.clear()  # before looking, so that what is stored meanwhile wakes us
            try:
                worked = await self.work_one()
            except StoreError as failed:
                log.error("database_failed", at="worker", error=str(failed))
                await asyncio.sleep(DATABASE_PAUSE)
                continue
            if not worked:
                await wait(self.arrived, LOOK_AGAIN)

    async def work_one(self) -> bool:
        """Do the turn of the next message; return whether there was one."""
        claim = await asyncio.to_thread(
            self.store.run, lambda s: inbox.claim(s, SystemClock().now())
        )
        if claim is None:
            return False
        try:
            heard = await self._hear(claim.message)
            replies = await asyncio.to_thread(self._turn, claim, heard)
        except inbox.LeaseLostError:
            log.info("lease_lost", inbox=claim.id)
        except StoreError:
            raise
        except Exception as failed:  # one bad message never stops the rest
            log.exception("turn_failed", inbox=claim.id, error=type(failed).__name__)
            await asyncio.to_thread(self._put_back, claim)
        else:
            log.info("turn", inbox=claim.id, kind=claim.message.kind, replies=replies)
            if replies:
                self.queued.set()
        return True

    async def _hear(self, message: Inbound) -> Heard:
        """Ask Rasa about the questions in a free text; everything else needs no asking."""
        questions = self.dialogue.questions(message)
        if not questions:
            return Heard()
        try:
            answers = await asyncio.gather(*(self.understand(q) for q in questions))
        except NluUnavailableError as down:
            log.warning("nlu_unavailable", reason=str(down))
            return Heard(unavailable=True)
        return Heard(tuple(zip(questions, answers, strict=True)))

    def _turn(self, claim: inbox.Claim, heard: Heard) -> int:
        """Carry out one turn: state, replies, figures and "done" in a single commit."""
        now = self.clock.now()
        message = claim.message
        with self.store.begin() as session:
            if message.kind == "ignored":
                inbox.finish(session, claim, now)
                return 0
            before = inbox.came_before(session, claim, MINUTE)
            if before > FLOOD:
                conversations.count_event(session, "flood", now)
                inbox.finish(session, claim, now)
                return 0
            talk = conversations.load(session, message.address, now)
            turn = self.dialogue.turn(
                talk.state, talk.language, message, heard, now, flooding=before == FLOOD
            )
            talk.state, talk.language = turn.state.to_json(), turn.language or ""
            talk.updated_at = now
            replies = self._queue(session, message, turn.messages(), now)
            for happening in turn.happenings:
                conversations.count_event(session, happening.kind, now, **happening.details())
            inbox.finish(session, claim, now)
            return replies

    def _queue(
        self, session: Session, message: Inbound, replies: Sequence[Outbound], now: dt.datetime
    ) -> int:
        channel = self.channels[message.address.channel]
        parts = [part for reply in replies for part in channel.parts(reply)]
        for part in parts:
            outbox.queue(session, message.address, part, now)
        return len(parts)

    def _put_back(self, claim: inbox.Claim) -> None:
        """Try the message again later; when it failed too often, say so to the person."""
        now = self.clock.now()
        with self.store.begin() as session:
            if inbox.retry(session, claim, SystemClock().now()):
                return
            log.error("set_aside", inbox=claim.id)
            talk = conversations.load(session, claim.message.address, now)
            sorry = render_message(self.dialogue.set_aside(), known(talk.language) or "fr")
            self._queue(session, claim.message, [sorry], now)
        self.queued.set()

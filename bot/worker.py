"""Takes stored messages one by one: understand first, then one turn in one commit."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from actions import cases, conversations, inbox, outbox, persons, privacy, reminders
from actions.messages import Inbound, Outbound
from actions.store import RefusedByStoreError, Session, StoreError
from bot.channels.base import Channel, SendError
from bot.clock import Clock, SystemClock
from bot.database import Database
from bot.desk.board import Posting
from bot.desk.desk import Looked, StaffDesk
from bot.dialogue import Dialogue, known
from bot.logs import where
from bot.queues import drain
from bot.texting.texting import Texting
from bot.texting.writing import written_for
from bot.turn import Heard
from nlu.client import NluUnavailableError, Understanding

log = structlog.get_logger()

#: More than this from one address in a minute is not a conversation: one word about it, then
#: silence until they slow down.
FLOOD = 20
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Done:
    """What a turn came to: how many messages reply, and whether its conversation has more waiting.

    With `stops_changed` the reminders are to be looked at again.
    """

    replies: int
    more: bool
    stops_changed: bool = False


@dataclass
class Worker:
    """Does turns, several side by side; any number of processes may run one each."""

    database: Database
    dialogue: Dialogue
    understand: Callable[[str], Awaitable[Understanding]]
    channels: Mapping[str, Channel]
    clock: Clock
    arrived: asyncio.Event
    queued: asyncio.Event
    stops_changed: asyncio.Event
    desk: StaffDesk
    refresh: Callable[[Session], None]

    def __post_init__(self) -> None:
        self._texting = Texting(self.dialogue)

    async def run(self) -> None:
        """Work for ever."""
        await drain(self.claim, self.work, self.arrived, at="worker")

    async def claim(self) -> inbox.Claim | None:
        """Take the next message, if there is one."""
        return await self.database.run(lambda s: inbox.claim(s, SystemClock().now()))

    async def work(self, claim: inbox.Claim) -> bool:
        """Do the turn of a message; return whether the conversation has another one waiting."""
        more = False
        try:
            heard = await self._hear(claim.message)
            heard = await self._recall(claim.message, heard)
            looked = await self._look(claim.message)
            done = await self.database.run(lambda s: self._turn(s, claim, heard, looked))
        except inbox.LeaseLostError:
            log.info("lease_lost", inbox=claim.id)
        except StoreError as failed:
            if not isinstance(failed, RefusedByStoreError):
                raise
            await self._failed(claim, failed)
        except Exception as failed:  # one bad message never stops the rest
            await self._failed(claim, failed)
        else:
            log.info("turn", inbox=claim.id, kind=claim.message.kind, replies=done.replies)
            more = done.more
            if done.replies:
                self.queued.set()
            if done.stops_changed:
                self.stops_changed.set()
        return more

    async def _failed(self, claim: inbox.Claim, failed: Exception) -> None:
        """Put a message back for another try, or aside when it failed too often."""
        error = type(failed).__name__
        log.error("turn_failed", inbox=claim.id, error=error, at=where(failed))
        await self.database.run(lambda s: self._put_back(s, claim))
        self.queued.set()

    async def _hear(self, message: Inbound) -> Heard:
        """Ask Rasa about the questions in a free text; everything else needs no asking."""
        if message.address.is_group:
            return Heard()
        speaker = self._texting if message.address.number else self.dialogue
        questions = speaker.questions(message)
        if not questions:
            return Heard()
        try:
            answers = await asyncio.gather(*(self.understand(q) for q in questions))
            if len(questions) == 1 and answers[0].parts:
                # No question mark parts them, but Rasa heard several questions.
                text = questions[0]
                parts = [text[start:end].strip() for start, end in answers[0].parts]
                answers += await asyncio.gather(*(self.understand(part) for part in parts))
                questions = [text, *parts]
        except NluUnavailableError as down:
            log.warning("nlu_unavailable", reason=str(down))
            return Heard(unavailable=True)
        return Heard(tuple(zip(questions, answers, strict=True)))

    async def _recall(self, message: Inbound, heard: Heard) -> Heard:
        """Read the message that opened a form once more, when this one may be the consent to it."""
        if message.address.is_group or not self.dialogue.may_open_a_gate(message):
            return heard
        text = await self.database.run(lambda s: self._opened_by(s, message))
        if not text:
            return heard
        try:
            return replace(heard, recalled=(text, await self.understand(text)))
        except NluUnavailableError:
            return replace(heard, recalled=(text, Understanding(())))

    def _opened_by(self, session: Session, message: Inbound) -> str:
        talk = conversations.find(session, message.address)
        return self.dialogue.recalled(session, talk.state, message) if talk else ""

    async def _look(self, message: Inbound) -> Looked:
        """Fetch what a command in a group needs: the file with it, or the group's set-up."""
        file, group = self.desk.looks_at(message)
        channel = self.channels[message.address.channel]
        try:
            return Looked(
                content=await channel.download(message.file) if file and message.file else None,
                standing=await channel.inspect(message.address) if group else None,
            )
        except SendError as failed:
            log.warning("look_failed", why=failed.reason)
            return Looked()

    def _turn(self, session: Session, claim: inbox.Claim, heard: Heard, looked: Looked) -> Done:
        """Carry out one turn in a single commit: state, records, replies, figures and "done"."""
        now = self.clock.now()
        message = claim.message
        self.refresh(session)
        if message.address.is_group:
            turn = self.desk.turn(session, message, looked, now)
            sent = self._post(session, turn.outgoing, now)
            return Done(sent, inbox.finish(session, claim, now), turn.stops_changed)
        if message.kind in {"ignored", "standing"}:
            return Done(0, inbox.finish(session, claim, now))
        return self._answer(session, claim, heard, now)

    def _answer(self, session: Session, claim: inbox.Claim, heard: Heard, now: dt.datetime) -> Done:
        """Answer a person, and tell staff what is for them."""
        message = claim.message
        before = inbox.came_before(session, claim, MINUTE)
        talk, mates = persons.gather(session, message.address, now)
        listens = not message.address.number or self._texting.listens(session, message)
        moved = listens and persons.take_over(talk, mates)
        cases.bring_owner(session, talk, mates)
        flooding = before >= FLOOD
        if message.address.number:
            reply = self._texting.turn(session, talk, message, heard, now, flooding=flooding)
            turn, messages = reply.turn, reply.messages
        else:
            turn = self.dialogue.turn(session, talk, message, heard, now, flooding=flooding)
            messages = tuple(turn.messages())
        talk.state, talk.language = turn.state.to_json(), turn.language or ""
        talk.updated_at = now
        mates = persons.others(session, talk)  # the turn may have joined or parted them
        persons.share(talk, mates)
        cases.leave_owner(session, talk, mates)
        if moved:
            reminders.write_anew(session, talk.id)
        replies = self._queue(session, message, messages, now, subject=turn.subject)
        replies += self._post(session, turn.postings, now)
        for happening in turn.happenings:
            conversations.count_event(session, happening.kind, now, **happening.details())
        if turn.erased:
            privacy.erase(session, talk, now)
        return Done(replies, inbox.finish(session, claim, now), turn.stops_changed or moved)

    def _post(self, session: Session, postings: Sequence[Posting], now: dt.datetime) -> int:
        """Put what the desk writes on its way; return how many messages."""
        sent = 0
        for address, message, subject in postings:
            channel = self.channels.get(address.channel)  # without one it waits for one
            for part in channel.parts(message) if channel else [message]:
                outbox.queue(session, address, part, now, subject=subject)
                sent += 1
        return sent

    def _queue(
        self,
        session: Session,
        message: Inbound,
        replies: Sequence[Outbound],
        now: dt.datetime,
        *,
        subject: str = "",
    ) -> int:
        channel = self.channels[message.address.channel]
        parts = [part for reply in replies for part in channel.parts(reply)]
        for part in parts:
            outbox.queue(session, message.address, part, now, subject=subject)
        return len(parts)

    def _put_back(self, session: Session, claim: inbox.Claim) -> None:
        """Try the message again later; when it failed too often, say so to the person."""
        now = self.clock.now()
        if inbox.retry(session, claim, SystemClock().now()):
            return
        log.error("set_aside", inbox=claim.id)
        talk = conversations.load(session, claim.message.address, now)
        language = known(talk.language) or "fr"
        sorry = written_for(claim.message.address, self.dialogue.set_aside(), language)
        self._queue(session, claim.message, [sorry], now)

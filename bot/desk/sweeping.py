"""Cases that nobody touches are given back, and conversations that nobody owns are found."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, replace
from functools import partial

import structlog

from actions import audit, cases, members, outbox, persons
from actions.messages import Address
from actions.store import Session, StoreError
from actions.tables import Case, Conversation
from bot import menu
from bot.clock import Clock
from bot.database import Database
from bot.desk.board import Board
from bot.desk.settings import DeskSettings
from bot.desk.speaking import spoken
from bot.logs import where
from bot.text import _, say
from bot.texting.writing import written_for

log = structlog.get_logger()

#: How often to look, in seconds of the machine: the simulator's clock may jump.
INTERVAL = 5.0
#: Cases given back in one transaction.
BATCH = 10
WHO = "sweep"


@dataclass
class Sweeper:
    """Gives back what lies untouched; any number of processes may run one each."""

    database: Database
    clock: Clock
    board: Board
    settings: DeskSettings
    queued: asyncio.Event

    async def run(self) -> None:
        """Sweep for ever."""
        while True:
            try:
                while await self.once():
                    self.queued.set()
            except StoreError as failed:
                log.error("database_failed", at="sweeper", error=str(failed))
            except Exception as failed:  # asyncio's own report would print what people wrote
                log.error(
                    "work_failed", loop="sweeper", error=type(failed).__name__, at=where(failed)
                )
            await asyncio.sleep(INTERVAL)

    async def once(self) -> int:
        """Give back some of what is overdue; return how many conversations changed."""
        now = self.clock.now()
        return await self.database.run(partial(self.sweep, now=now))

    def sweep(self, session: Session, now: dt.datetime) -> int:
        """Give back overdue cases and orphaned conversations, in one transaction."""
        late = cases.overdue(session, now, most=BATCH)
        for case in late:
            self._give_back(session, case, now)
        lost = cases.orphans(session, most=BATCH)
        for talk in lost:
            talk.owner = "bot"
            log.warning("orphan_found", conversation=talk.id)
        return len(late) + len(lost)

    def _give_back(self, session: Session, case: Case, now: dt.datetime) -> None:
        talk = session.get_one(
            Conversation, case.conversation_id, populate_existing=True, with_for_update=True
        )
        talk.owner = "bot"
        cases.give_back(session, case, now, self.settings.patience)
        audit.note(session, WHO, "given_back", now, case=case)
        sorry = say(
            _("Nobody from the desk could answer you in time; I am sorry."),
            _("I am the assistant again, and your question stays with them."),
            choices=menu.MENU,
        )
        few = _(
            "Nobody from the desk could answer in time, sorry; they keep your question. I, the "
            "assistant, answer again."
        )
        talk = persons.reach(session, talk)
        to = Address(talk.channel, talk.address)
        said = written_for(to, replace(sorry, brief=(few,)), spoken(talk))
        # No reply to anything just written: it waits for the morning.
        outbox.queue(session, to, said, now, reply=False, subject=cases.subject(case))
        desk = members.only_desk(session)
        if desk:
            word = _(
                "⏳ Nobody touched this case for long: the assistant answers again, and the "
                "case waits in the queue."
            )
            for address, message, about in self.board.says(session, desk, case, word):
                outbox.queue(session, address, message, now, subject=about)

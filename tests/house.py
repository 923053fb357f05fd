"""A small tour, people who wish to be reminded of it, and the loops that run by themselves.

Only Telegram is stood in for, by a list.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import json
from typing import Any

from sqlalchemy import select, text

from actions import consents, conversations, registrations, reminders
from actions.geography import load_geography
from actions.hours import ALGIERS
from actions.messages import Address
from actions.privacy import Retention
from actions.registrations import Details
from actions.stops import Tour
from actions.store import Session, Store
from actions.tables import Outbox, Subscription
from actions.timetable import Timetable
from bot.database import Database
from bot.housekeeping import Housekeeper
from bot.reminders import Reminders
from bot.sender import Sender
from bot.settings import HOUSE
from bot.text import Name
from tests.conftest import FixedClock
from tests.talk import Wire

KEEP = Retention(dt.timedelta(days=90), dt.timedelta(days=365))
GEOGRAPHY = load_geography(HOUSE / "actions" / "programme")
PAPERS = (Name("pièce d'identité", "بطاقة التعريف"),)

Facts = dict[str, Any]
#: What is known of the stop in Sétif, from the 14th to the 15th of October.
ANNOUNCED: Facts = {"date_status": "announced", "first": "2015-10-14", "last": "2015-10-15"}
UNKNOWN: Facts = {"date_status": "unknown"}
PLACE: Facts = {"place": {"fr": "place de la poste", "ar": "ساحة البريد"}}


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Return a moment of October 2015 in Algiers."""
    return dt.datetime(2015, 10, day, hour, minute, tzinfo=ALGIERS)


def days(first: int, last: int | None = None) -> Facts:
    """Return announced days of October 2015."""
    until = {"last": dt.date(2015, 10, last)} if last else {}
    return {"date_status": "announced", "first": dt.date(2015, 10, first), **until}


def tour(setif: Facts | None) -> Tour:
    """Return a tour: Saïda on the 1st, Sétif as it is said, and Béjaïa some day."""
    stops: list[Facts] = [{"wilaya": "20", "date_status": "reported", "first": "2015-10-01"}]
    if setif:
        stops.append({"wilaya": "19", **setif})
    stops.append({"wilaya": "06", **UNKNOWN})
    numbered = [{"sources": ["X"], "order": n, **stop} for n, stop in enumerate(stops, start=1)]
    part = {"number": 1, "sources": ["X"], "date_status": "unknown", "stops": numbered}
    whole = {"as_of": "2015-10-01", "history_from": "2016-01-01", "parts": [part]}
    return Tour.model_validate_json(json.dumps(whole, default=str))


def details(name: str, stop: str) -> Details:
    return Details(
        given_name=name,
        family_name="Benali",
        birth_date=dt.date(1990, 1, 1),
        age=None,
        age_on=None,
        wilaya="19",
        commune="Sétif",
        phone="+213551234567",
        phone_checked=True,
        situation="jobless",
        qualification="none",
        qualification_trade="",
        trade="",
        trade_words="couture",
        stop=stop,
        interest=False,
    )


class House:
    """A database, the process that plans and sends, and what it has sent."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store = store
        self.clock = clock
        self.wire = Wire()
        self.left: dict[int, dt.datetime] = {}
        self.database = Database(store)
        self._codes = itertools.count(4_700_000)
        self.starts(ANNOUNCED)

    def starts(self, setif: Facts | None) -> Housekeeper:
        """Start a process that has read this of Sétif; it is the one that works from now on."""
        self.reminders = Reminders(Timetable(tour(setif)), GEOGRAPHY, PAPERS)
        self.housekeeper = Housekeeper(
            self.database, self.clock, self.reminders, KEEP, asyncio.Event()
        )
        return self.housekeeper

    def chat(self, number: str = "7", language: str = "fr", **state: Any) -> int:
        """Begin a chat, or set its language and state anew; return its number."""

        def begin(session: Session) -> int:
            talk = conversations.load(session, Address("telegram", number), self.clock.now())
            talk.language, talk.state = language, state
            return talk.id

        return self.store.run(begin)

    def wish(
        self,
        chat: int,
        registration: int | None = None,
        wilaya: str = "19",
        *,
        planned: bool = True,
    ) -> int:
        """Wish to be reminded; return the wish's number."""

        def subscribe(session: Session) -> int:
            now = self.clock.now()
            consent = consents.give(session, "reminder", "fr", now, conversation=chat)
            row = reminders.subscribe(
                session,
                chat,
                wilaya,
                self.reminders.told(wilaya),
                now,
                consent=consent.id,
                registration=registration,
            )
            if planned:
                self.reminders.begin(session, row, now)
            return row.id

        return self.store.run(subscribe)

    def register(self, chat: int, name: str = "Amine", stop: str = "19") -> int:
        """Sign someone up; return the registration's number."""

        def sign_up(session: Session) -> int:
            now = self.clock.now()
            return registrations.register(
                session,
                details(name, stop),
                now,
                lambda below: next(self._codes) % below,
                consent=consents.give(session, "registration", "fr", now, conversation=chat),
                conversation=chat,
                who="person",
            ).id

        return self.store.run(sign_up)

    def sender(self) -> Sender:
        """Return a process that sends."""
        # A second passes for the limit of one message a second, without waiting for it.
        self.store.run(lambda s: s.execute(text("UPDATE outbox SET sent_at = NULL")))
        return Sender(self.database, self.wire, self.clock, asyncio.Event())

    async def sends(self) -> list[str]:
        """Send all that may leave now; return the texts."""
        before = len(self.wire.sent)
        while post := await self.sender().claim():
            self.left[post.id] = self.clock.now()
            await self.sender().send(post)
        return self.texts()[before:]

    def texts(self) -> list[str]:
        """Return the texts sent so far."""
        return ["\n".join(line.text for line in said.lines) for _to, said in self.wire.sent]

    async def at(self, moment: dt.datetime) -> list[str]:
        """Let a moment come, do what happens by itself, and return what was sent."""
        self.clock.moment = moment
        await self.housekeeper.once()
        return await self.sends()

    def outbox(self, status: str = "queued") -> list[Outbox]:
        return self.store.run(
            lambda s: list(s.scalars(select(Outbox).where(Outbox.status == status)))
        )

    def wishes(self) -> list[Subscription]:
        """Return the open wishes."""
        return self.store.run(
            lambda s: list(s.scalars(select(Subscription).where(Subscription.ended_at.is_(None))))
        )

    def close(self) -> None:
        self.database.close()

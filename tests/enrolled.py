"""People in the records, put there as the product does it, without a chat."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace

from actions import consents, conversations, registrations
from actions.messages import Address
from actions.registrations import Details
from actions.store import Session
from actions.tables import Conversation, Registration
from tests.conftest import MONDAY

AMINA = Details(
    given_name="Amina",
    family_name="Benali",
    birth_date=dt.date(1991, 5, 14),
    age=None,
    age_on=None,
    wilaya="19",
    commune="El Eulma",
    phone="+213661234567",
    phone_checked=True,
    situation="jobless_anem",
    qualification="ts",
    qualification_trade="électricité",
    trade="fibre",
    trade_words="",
    stop="19",
    interest=False,
)


def chat(session: Session, number: str = "4711", now: dt.datetime = MONDAY) -> Conversation:
    """Return the conversation with someone on Telegram."""
    return conversations.load(session, Address("telegram", number), now)


def enrol(
    session: Session,
    now: dt.datetime = MONDAY,
    *,
    number: str = "4711",
    draw: Callable[[int], int] | None = None,
    **details: object,
) -> Registration:
    """Sign up Amina Benali, or someone with other details, from the chat of that number."""
    talk = chat(session, number, now)
    consent = consents.give(session, "registration", "fr", now, conversation=talk.id)
    return registrations.register(
        session,
        replace(AMINA, **details),  # type: ignore[arg-type]
        now,
        draw or random.Random(session.query(Registration).count()).randrange,
        consent=consent,
        conversation=talk.id,
        who="person",
    )

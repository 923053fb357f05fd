"""Figures of what happened, counted without anyone's name, and which of them may be published.

A count of a few people could tell who they are. It is published only as being one of a few, and a
total only as far as the counts published under it tell it already: nothing that is hidden can be
worked out from what is shown.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import ColumnElement, Select, and_, distinct, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from actions.tables import Case, Event, Inbox, Outbox, Registration, Subscription

#: Counts from 1 to this one are not published as they are.
FEW = 4
#: What is counted each time a question is answered: one in words, one by a button.
ANSWERED = ("answered", "button")
#: The channel whose messages are paid for.
SMS = "sms"


@dataclass(frozen=True)
class Waits:
    """The cases that people opened, and how long half of those answered had waited at most."""

    opened: int
    answered: int
    median: dt.timedelta | None


@dataclass(frozen=True)
class Texts:
    """SMS that came in some time, and what the network reported of those that left in it."""

    received: int
    delivered: int
    failed: int
    unreported: int


@dataclass(frozen=True)
class Between:
    """What is published of a count: that it lies between two numbers, which may be the same."""

    least: int
    most: int

    @property
    def is_exact(self) -> bool:
        """Whether the count itself is published."""
        return self.least == self.most


#: What is published of a count that could tell who it is of.
HIDDEN = Between(1, FEW)


@dataclass(frozen=True)
class Published:
    """Counts as they may be published, the largest first, and their total."""

    counts: Mapping[str, Between]
    total: Between


# -- what happened -------------------------------------------------------------------------------


def happened(session: Session, edges: Sequence[dt.datetime]) -> list[Counter[str]]:
    """Return how often each kind of thing happened between each moment and the next."""
    counted: list[Counter[str]] = [Counter() for _slot in pairwise(edges)]
    # A query a slot, sent as one: the databases share no way to compute a day in Algiers.
    slots = [
        select(literal(number), Event.kind, func.count())
        .where(_within(Event.at, slot))
        .group_by(Event.kind)
        for number, slot in enumerate(pairwise(edges))
    ]
    for number, kind, n in session.execute(union_all(*slots)):
        counted[number][kind] = n
    return counted


def received(session: Session, since: dt.datetime, until: dt.datetime) -> int:
    """Return how many messages and taps came from people; a group is staff at work."""
    people = and_(Inbox.key != "", Inbox.key.not_like("%:-%"))
    came = _within(Inbox.received_at, (since, until))
    return session.scalar(select(func.count()).select_from(Inbox).where(came, people)) or 0


def waits(session: Session, since: dt.datetime, until: dt.datetime) -> Waits:
    """Return how long people waited for the first answer of staff; in cases staff began none did.

    A case counts in the time in which it was opened.
    """
    found = select(Case.opened_at, Case.answered_at).where(
        _within(Case.opened_at, (since, until)), Case.why != "staff"
    )
    cases = session.execute(found).all()
    # Neither database has a median that the other one has too.
    lasted = [(answered - opened).total_seconds() for opened, answered in cases if answered]
    median = dt.timedelta(seconds=statistics.median(lasted)) if lasted else None
    return Waits(len(cases), len(lasted), median)


def registered(session: Session, since: dt.datetime, until: dt.datetime) -> Counter[str]:
    """Return how many signed up for each stop, by its wilaya, and are not withdrawn.

    Under an empty wilaya are those who have not chosen a stop.
    """
    found = select(Registration.stop, func.count()).where(
        _within(Registration.created_at, (since, until)), Registration.status == "active"
    )
    return _counter(session, found.group_by(Registration.stop))


def held(session: Session) -> Counter[int]:
    """Return how many open cases each member has, by the member's number."""
    found = select(Case.taken_by, func.count()).where(
        Case.status == "taken", Case.taken_by.is_not(None)
    )
    return Counter({row[0]: row[1] for row in session.execute(found.group_by(Case.taken_by))})


def texts(session: Session, since: dt.datetime, until: dt.datetime) -> Texts:
    """Return how many SMS came and went; one that the network only accepted is unreported yet."""
    came = select(func.count()).select_from(Inbox).where(Inbox.channel == SMS)
    went = select(Outbox.delivery, func.count()).where(
        Outbox.channel == SMS, Outbox.status == "sent", _within(Outbox.created_at, (since, until))
    )
    became = _counter(session, went.group_by(Outbox.delivery))
    return Texts(
        session.scalar(came.where(_within(Inbox.received_at, (since, until)))) or 0,
        became["delivered"],
        became["failed"],
        became[""] + became["accepted"],
    )


def _within(
    moment: InstrumentedAttribute[dt.datetime], times: tuple[dt.datetime, dt.datetime]
) -> ColumnElement[bool]:
    since, until = times
    return and_(moment >= since, moment < until)


def _counter(session: Session, found: Select[tuple[str, int]]) -> Counter[str]:
    return Counter({row[0]: row[1] for row in session.execute(found)})


# -- what may be published -----------------------------------------------------------------------


def first_counted(session: Session) -> dt.datetime | None:
    """Return since when things are counted."""
    return session.scalar(select(func.min(Event.at)))


def asked(session: Session, intents: Collection[str]) -> Counter[str]:
    """Return how often each of these subjects was asked about and answered, ever."""
    found = select(Event.intent, func.count()).where(
        Event.kind.in_(ANSWERED), Event.intent.in_(intents)
    )
    return _counter(session, found.group_by(Event.intent))


def signed_up(session: Session) -> Counter[str]:
    """Return how many people of each wilaya are signed up."""
    found = select(Registration.wilaya, func.count()).where(Registration.status == "active")
    return _counter(session, found.group_by(Registration.wilaya))


def waiting_for_news(session: Session) -> Counter[str]:
    """Return how many ever wished to be reminded of the stop in each wilaya."""
    people = func.count(distinct(Subscription.conversation_id))
    return _counter(session, select(Subscription.wilaya, people).group_by(Subscription.wilaya))


def handed_over(session: Session) -> Counter[str]:
    """Return how many cases people opened in each wilaya; an empty one is not known."""
    found = select(Case.wilaya, func.count()).where(Case.why != "staff")
    return _counter(session, found.group_by(Case.wilaya))


def publish(counts: Mapping[str, int]) -> Published:
    """Return counts as they may be published; what nobody did is left out.

    All of it, the order too, would be the same whatever the hidden counts are.
    """
    shown = {name: _published(n) for name, n in counts.items() if n}
    in_order = sorted(shown.items(), key=lambda cell: (-cell[1].least, cell[0]))
    total = Between(
        sum(cell.least for cell in shown.values()), sum(cell.most for cell in shown.values())
    )
    return Published(dict(in_order), total)


def _published(count: int) -> Between:
    return HIDDEN if 1 <= count <= FEW else Between(count, count)

"""What staff change of the tour while the assistant runs, and the tour as it then is.

A change counts from the moment it is confirmed; until then its row only says what is to be done.
The programme's tour stays the base, and the last change for a wilaya holds. Every process reads
the changes anew before it works, so all of them speak of the same tour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from actions.hours import ALGIERS
from actions.stops import Part, Place, Stop, Tour
from actions.tables import Edition, StopChange

#: Changes that hold, and those that wait for a yes; `dropped` ones got a no.
Status = Literal["announced", "cancelled", "to_announce", "to_cancel", "dropped"]
_IN_FORCE: dict[str, Status] = {"to_announce": "announced", "to_cancel": "cancelled"}
_EDITION = "tour"
#: Stands for the tour among PostgreSQL's advisory locks.
_LOCK = 2015


class Timetable:
    """The tour as it is now; safe to share between threads.

    `tour` never changes itself: whoever keeps it works with what was known then.
    """

    def __init__(self, base: Tour) -> None:
        self.base = base
        self.tour = base
        self._newest = 0
        self._lock = Lock()

    def refresh(self, session: Session) -> None:
        """Take in what staff changed; to be called before the transaction changes the tour."""
        with self._lock:  # so that a thread that read earlier does not put it back
            newest = newest_change(session)
            if newest != self._newest:
                self.tour = with_changes(self.base, in_force(session))
                self._newest = newest


# -- the tour ------------------------------------------------------------------------------------


def with_changes(tour: Tour, changes: Iterable[StopChange]) -> Tour:
    """Return a tour as changes make it, whether or not they are confirmed; the last one counts.

    A stop keeps its place in the printed order as long as its days agree with those of the other
    stops. Otherwise it has none: it says nothing of those that come before and after it there.
    """
    latest = {change.wilaya: change for change in changes}
    if not latest:
        return tour
    parts = [
        [_changed(stop, latest.pop(stop.wilaya, None)) for stop in part.stops]
        for part in tour.parts
    ]
    parts[-1] += [_changed(None, change) for change in latest.values()]
    moved = _out_of_order([stop for stops in parts for stop in stops])
    # Staff may announce what a file may not hold, so the tour is not checked like one.
    return tour.model_copy(
        update={
            "parts": tuple(
                _part(part, stops, moved) for part, stops in zip(tour.parts, parts, strict=True)
            )
        }
    )


def _part(part: Part, stops: list[Stop], moved: frozenset[str]) -> Part:
    placed = (s.model_copy(update={"order": None}) if s.wilaya in moved else s for s in stops)
    return part.model_copy(update={"stops": tuple(placed)})


def _changed(stop: Stop | None, change: StopChange | None) -> Stop:
    """Return a stop as staff announced or cancelled it; what they left out stays as printed."""
    if change is None:
        assert stop  # noqa: S101 - one of the two is given
        return stop
    day, order = change.made_at.astimezone(ALGIERS).date(), stop.order if stop else None
    if _IN_FORCE.get(change.status, change.status) == "cancelled":
        return Stop(wilaya=change.wilaya, order=order, date_status="cancelled", announced_on=day)
    given = Place(fr=change.place, ar=change.place) if change.place else None
    place, opens, closes = _printed(stop)
    as_printed = bool((place and not change.place) or (opens and not change.hours))
    if change.hours:
        opens, closes = hours_of(change.hours)
    return Stop(
        wilaya=change.wilaya,
        order=order,
        date_status="announced",
        first=change.first,
        last=change.last,
        place=given or place,
        opens=opens,
        closes=closes,
        sources=stop.sources if stop and as_printed else (),
        as_of=stop.as_of if stop and as_printed else None,
        announced_on=day,
    )


def _printed(stop: Stop | None) -> tuple[Place | None, dt.time | None, dt.time | None]:
    return (stop.place, stop.opens, stop.closes) if stop else (None, None, None)


def hours_of(written: str) -> tuple[dt.time, dt.time | None]:
    """Return the hours that a change holds as 09:00-16:00, or as 09:00 without their end."""
    opens, _dash, closes = written.partition("-")
    return dt.time.fromisoformat(opens), dt.time.fromisoformat(closes) if closes else None


def _out_of_order(stops: Sequence[Stop]) -> frozenset[str]:
    """Return the wilayas whose stop staff announced out of the printed order.

    The one that disagrees with most others goes first, until the rest agree.
    """
    line = [stop for stop in stops if stop.order is not None and not stop.is_cancelled]
    days = {n: day for n, stop in enumerate(line) if (day := _known_day(stop))}
    moved: set[int] = set()
    while True:
        against = {
            n: sum(not _agree(n, days[n], other, days[other]) for other in days)
            for n in days
            if line[n].announced_on
        }
        worst = max(against, key=lambda n: against[n], default=None)
        if worst is None or not against[worst]:
            return frozenset(line[n].wilaya for n in moved)
        moved.add(worst)
        del days[worst]


def _known_day(stop: Stop) -> dt.date | None:
    return stop.certain_days.first if stop.certain_days else stop.mentioned


def _agree(place: int, day: dt.date, other: int, others: dt.date) -> bool:
    """Whether one caravan can be at two places of the order on these days: a stop a day."""
    places, days = other - place, (others - day).days
    return days >= places if places >= 0 else days <= places


# -- the changes ---------------------------------------------------------------------------------


def in_force(session: Session) -> list[StopChange]:
    """Return the change that holds for each wilaya that has one."""
    confirmed = select(StopChange).where(StopChange.status.in_(_IN_FORCE.values()))
    rows = session.scalars(confirmed.order_by(StopChange.id))
    return list({row.wilaya: row for row in rows}.values())


def newest_change(session: Session) -> int:
    """Return the number of the last change that was confirmed, 0 when there is none."""
    newest = select(StopChange.id).where(StopChange.status.in_(_IN_FORCE.values()))
    return session.scalar(newest.order_by(StopChange.id.desc()).limit(1)) or 0


def propose(session: Session, changes: Sequence[StopChange]) -> tuple[int, int]:
    """Note what is to be done once somebody says yes; return its first and last number."""
    session.add_all(changes)
    session.flush()
    numbers = [change.id for change in changes]
    return min(numbers), max(numbers)


def proposed(session: Session, first: int, last: int) -> list[StopChange]:
    """Return what was proposed together, by its first and last number; empty for what was not."""
    lead = session.get(StopChange, first)
    if lead is None:
        return []
    rows = select(StopChange).where(
        StopChange.id.between(first, last),
        StopChange.made_by == lead.made_by,
        StopChange.status.in_((*_IN_FORCE, "dropped")),
    )
    return list(session.scalars(rows.order_by(StopChange.id)))


def overtaken(session: Session, proposals: Sequence[StopChange]) -> list[StopChange]:
    """Return the changes that were confirmed after some were proposed for the same wilayas."""
    since = {proposal.wilaya: proposal.id for proposal in proposals}
    return [row for row in in_force(session) if row.wilaya in since and row.id > since[row.wilaya]]


def confirm(
    session: Session, proposals: Sequence[StopChange], who: str, now: dt.datetime
) -> list[StopChange]:
    """Let what was proposed hold; return the changes made since, when there are some.

    Then nothing is changed: whoever said yes did not know of them.
    """
    hold(session, alone=True)
    since = overtaken(session, proposals)
    if not since:
        session.add_all(
            StopChange(
                wilaya=proposal.wilaya,
                status=_IN_FORCE[proposal.status],
                first=proposal.first,
                last=proposal.last,
                place=proposal.place,
                hours=proposal.hours,
                made_at=now,
                made_by=who,
            )
            for proposal in proposals
        )
        session.flush()
    return since


def drop(session: Session, proposals: Sequence[StopChange]) -> None:
    """Note that what was proposed is not wanted."""
    numbers = [proposal.id for proposal in proposals]
    session.execute(update(StopChange).where(StopChange.id.in_(numbers)).values(status="dropped"))


def does_the_same(one: StopChange, other: StopChange) -> bool:
    """Whether two changes, confirmed or not, come to the same."""
    return _outcome(one) == _outcome(other)


def _outcome(change: StopChange) -> tuple[object, ...]:
    status = _IN_FORCE.get(change.status, change.status)
    return change.wilaya, status, change.first, change.last, change.place, change.hours


# -- which base is in force ----------------------------------------------------------------------


def put_in_force(session: Session, mark: str) -> None:
    """Let the base tour of this mark be the one by which reminders are planned."""
    hold(session, alone=True)
    session.merge(Edition(name=_EDITION, mark=mark))


def hold(session: Session, *, alone: bool = False) -> str:
    """Keep the tour from being changed until the transaction ends; return its base's mark.

    Many may hold it at a time, unless one needs it `alone` to change it, whose turn comes after
    those who asked before: by a row's lock the many would keep that one waiting for ever. SQLite
    has one transaction at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        session.execute(select(lock(_LOCK)))
    return session.scalar(select(Edition.mark).where(Edition.name == _EDITION)) or ""

"""Reminders of a stop: wished for, kept true when the tour changes, ended by one tap."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property

import structlog

from actions import outbox, persons, planning, reminders, timetable
from actions.codes import shown as in_groups
from actions.geography import Geography
from actions.hours import ALGIERS, not_at_night
from actions.messages import Address, Language, Outbound
from actions.planning import Stops, Wish
from actions.reminders import Kind, due_at, fingerprint
from actions.stops import Stop, Tour
from actions.store import Session
from actions.tables import Conversation, Subscription
from actions.timetable import Timetable
from actions.tour import serving, timing
from bot.answers.stop_lines import printed_days, where_lines, wilaya_name
from bot.clock import algiers_day
from bot.flows.registration.stops import in_figures
from bot.forms.brief import clipped, shortened
from bot.logs import where
from bot.text import Choice, Line, Name, Say, Text, _
from bot.texting.writing import written_for

log = structlog.get_logger()

#: Wishes planned in one transaction: few enough for nobody to feel it.
BATCH = 10
DAY = dt.timedelta(days=1)
#: The letters of a first name and of a place in few words.
LONGEST_NAME, LONGEST_PLACE = 16, 66


@dataclass(frozen=True)
class _Outlook:
    """A tour as it was when the work began, and what is known of its stops on a day."""

    tour: Tour
    day: dt.date
    stops: Stops


class Reminders:
    """Plans the reminders of a tour; `papers` are what to bring."""

    def __init__(self, tour_now: Timetable, geography: Geography, papers: tuple[Name, ...]) -> None:
        self._timetable = tour_now
        self._geography = geography
        self._papers = papers
        self._known: _Outlook | None = None

    def stop(self, wilaya: str, today: dt.date) -> Stop | None:
        """Return the stop that serves a wilaya, if there is one still to come or under way."""
        return serving(self._timetable.tour, self._geography, wilaya, today)

    def told(self, wilaya: str) -> str:
        """Return what is known of a stop, as one string that changes when any of it does."""
        return fingerprint(self._stop_in(self._timetable.tour, wilaya))

    def take_over(self, session: Session) -> None:
        """Let this programme's tour count as the newest: only its processes tell of changes."""
        timetable.put_in_force(session, self._mark)

    def begin(self, session: Session, subscription: Subscription, now: dt.datetime) -> None:
        """Plan a wish just made, in the very commit that makes it."""
        wish = planning.planned(session, subscription)
        if wish is not None and wish.row.told == self.told(wish.row.wilaya):
            self._plan(session, wish, self._outlook(algiers_day(now)), now)

    def would_be_told(self, session: Session, tour: Tour, now: dt.datetime) -> int:
        """Return how many people would be told of what differs, were this the tour."""
        today, as_is = algiers_day(now), self._timetable.tour
        differ = {
            code
            for code in self._geography.wilayas
            if self._stop_in(as_is, code) != self._stop_in(tour, code)
        }
        return planning.to_be_told(session, self._stops_on(tour, today), differ, today)

    def sync(self, session: Session, now: dt.datetime, last: int = 0) -> list[int]:
        """Plan the next wishes that are not as they should be; return their numbers.

        Only those after number `last`; fewer than `BATCH` are the end. Staff change nothing
        meanwhile, so that no process tells of what another knows to be old.
        """
        news = timetable.hold(session) == self._mark
        self._timetable.refresh(session)
        outlook = self._outlook(algiers_day(now))
        wishes = planning.to_plan(session, outlook.stops, last, BATCH, news=news)
        numbers = [wish.row.id for wish in wishes]
        groups = [wishes]
        while groups:
            group = groups.pop()
            try:
                with session.begin_nested():
                    for wish in group:
                        self._plan(session, wish, outlook, now)
            except Exception as failed:  # one wish never stops the rest
                if len(group) > 1:
                    groups += [[wish] for wish in group]
                else:
                    error, number = type(failed).__name__, group[0].row.id
                    log.error("reminder_failed", wish=number, error=error, at=where(failed))
        return numbers

    def _plan(self, session: Session, wish: Wish, outlook: _Outlook, now: dt.datetime) -> None:
        """Make what waits to be sent for one wish what it should be now, and tell of changes."""
        if wish.registration is not None and wish.registration.status != "active":
            reminders.end(session, wish.row, now)
            return
        tour, stops = outlook.tour, outlook.stops
        wish = planning.follow(session, wish, stops.told, now)
        row, expected = wish.row, wish.row.reminder_for
        row.language = _language(wish.talk)
        news = planning.learn(session, wish, stops.told.get(row.wilaya, ""))
        stop, over = self._stop_in(tour, row.wilaya), row.wilaya in stops.over
        if over:
            # Whoever still expects it is told all the same; nobody else.
            news = news and expected is not None and expected >= algiers_day(now)
            reminders.end(session, row, now)
        if news:
            self._tell(session, wish, outlook, expected, now)
        if stop is not None and not over:
            self._remind(session, wish, tour, stop, now)

    def _tell(
        self,
        session: Session,
        wish: Wish,
        outlook: _Outlook,
        expected: dt.date | None,
        now: dt.datetime,
    ) -> None:
        """Queue the news of a stop: good until it ends, or until the day it was expected on."""
        ends = [_midnight_after(expected)] if expected else []
        stop = self._stop_in(outlook.tour, wish.row.wilaya)
        if stop is not None and stop.certain_days:
            ends.append(_end(outlook.tour, stop))
        _queue(
            session,
            wish,
            "change",
            self._news(wish, stop, over=wish.row.wilaya in outlook.stops.over),
            now,
            due_at=not_at_night(now),
            good_until=max(ends, default=None),
        )

    def _remind(
        self, session: Session, wish: Wish, tour: Tour, stop: Stop, now: dt.datetime
    ) -> None:
        """Queue the reminder of a stop once, or write the one that waits anew."""
        row, days = wish.row, stop.certain_days
        if days is None:
            return
        reminder = self._reminder(wish, stop)
        if row.reminder_for == days.first:
            if waiting := planning.waiting(wish):
                to, message = _written(session, wish, reminder)
                waiting.channel, waiting.key = to.channel, to.key
                waiting.payload = message.to_json()
            return
        row.reminder_for = days.first
        due = due_at(days.first, now)
        if due and not planning.reminded(wish, days.first):
            ends = _end(tour, stop)
            _queue(session, wish, "reminder", reminder, now, due_at=due, good_until=ends)

    @cached_property
    def _mark(self) -> str:
        return hashlib.sha256(self._timetable.base.model_dump_json().encode()).hexdigest()

    def _outlook(self, today: dt.date) -> _Outlook:
        """Return what is known now of the stops on a day, worked out once."""
        tour, known = self._timetable.tour, self._known  # several threads may ask
        if known is None or known.tour is not tour or known.day != today:
            known = self._known = _Outlook(tour, today, self._stops_on(tour, today))
        return known

    def _stops_on(self, tour: Tour, today: dt.date) -> Stops:
        found = {code: self._stop_in(tour, code) for code in self._geography.wilayas}
        told = {code: told for code, stop in found.items() if (told := fingerprint(stop))}
        dated = {code for code, stop in found.items() if stop and stop.certain_days}
        over = {code for code, stop in found.items() if _is_over(tour, stop, today)}
        return Stops(told, dated, over | ({""} if today >= tour.history_from else set()))

    def _stop_in(self, tour: Tour, wilaya: str) -> Stop | None:
        named = self._geography.wilaya(wilaya)
        then = self._geography.in_2015(named) if named else None
        return (tour.at(wilaya) or tour.at(then.code)) if then else None

    def _news(self, wish: Wish, stop: Stop | None, *, over: bool) -> Say:
        """Say that the stop was announced, moved, or is no longer certain."""
        row = wish.row
        wilaya = wilaya_name(self._geography.wilayas[row.wilaya])
        days = printed_days(stop) if stop else None
        if days is None:
            gone = (
                _("News of the caravan: the stop in {wilaya} is cancelled.", wilaya=wilaya)
                if stop and stop.is_cancelled
                else _(
                    "News of the caravan: the days announced for {wilaya} no longer hold.",
                    wilaya=wilaya,
                )
            )
            later: Line = (_("I write to you as soon as there are new ones."), "plain")
            lines = [] if over else [later]
            return _with_end(wish, (gone, "plain"), *lines, few=(gone,))
        line = (
            _(
                "News of the caravan: the stop in {wilaya} has changed. Now: {days}.",
                wilaya=wilaya,
                days=days,
            )
            if row.told_before
            else _("The caravan's days in {wilaya} are known: {days}.", wilaya=wilaya, days=days)
        )
        figures = _in_figures(stop)
        few = (
            _(
                "News: the caravan's days in {wilaya} have changed: {days}.",
                wilaya=wilaya,
                days=figures,
            )
            if row.told_before
            else _("The caravan's days in {wilaya} are known: {days}.", wilaya=wilaya, days=figures)
        )
        return _with_end(wish, (line, "plain"), *where_lines(stop), few=(few,))

    def _reminder(self, wish: Wish, stop: Stop) -> Say:
        wilaya = wilaya_name(self._geography.wilayas[stop.wilaya])
        days = printed_days(stop) or ""
        lines: list[Line] = [
            (
                _("Reminder: the caravan stops in {wilaya}, {days}.", wilaya=wilaya, days=days),
                "plain",
            ),
            *where_lines(stop),
            (_("Bring: {papers}.", papers=self._papers), "item"),
        ]
        few = [
            _(
                "Reminder: the caravan stops in {wilaya}, {days}.",
                wilaya=wilaya,
                days=_in_figures(stop),
            ),
            *_where_in_few_words(stop),
        ]
        if wish.registration:
            # Several people may share the phone.
            name, code = wish.registration.given_name, in_groups(wish.registration.code)
            lines.append((_("{name}, your code: {code}", name=name, code=code), "item"))
            short = clipped(name, LONGEST_NAME)
            few.append(_("{name}, your code: {code}", name=short, code=code))
        return _with_end(wish, *lines, few=tuple(few))


def _queue(
    session: Session,
    wish: Wish,
    kind: Kind,
    message: Say,
    now: dt.datetime,
    *,
    due_at: dt.datetime,
    good_until: dt.datetime | None,
) -> None:
    to, written = _written(session, wish, message)
    outbox.queue(
        session,
        to,
        written,
        now,
        due_at=due_at,
        good_until=good_until,
        reply=False,
        subject=reminders.subject(kind, wish.row),
    )


def _written(session: Session, wish: Wish, message: Say) -> tuple[Address, Outbound]:
    """Return where the person wrote last, and the message as it is read there."""
    talk = persons.reach(session, wish.talk)
    to = Address(talk.channel, talk.address)
    return to, written_for(to, message, _language(wish.talk))


def _with_end(wish: Wish, *lines: Line, few: tuple[Text, ...]) -> Say:
    """Return a message with the one tap, or the words, that end the reminders."""
    end = Choice(_("🔕 Stop the reminders"), f"remind:end:{wish.row.id}")
    return Say(lines, ((end,),), brief=(*few, _("To end them: STOP REMINDER")), more=True)


def _in_figures(stop: Stop | None) -> str:
    days = stop.certain_days if stop else None
    return in_figures(days.first, days.last) if days else ""


def _where_in_few_words(stop: Stop) -> tuple[Text, ...]:
    """Say where a stop stands, and from when, as far as that was printed."""
    place = stop.place
    where = Name(place.fr, place.ar) if place and place.status == "reported" else None
    if where and stop.opens:
        short = shortened(where, LONGEST_PLACE)
        return (_("Place: {place}, from {opens}.", place=short, opens=stop.opens),)
    return (_("Place: {place}.", place=shortened(where, LONGEST_PLACE)),) if where else ()


def _is_over(tour: Tour, stop: Stop | None, today: dt.date) -> bool:
    """Whether nobody is to be reminded of a stop any more: a cancelled one may come again."""
    if stop is None or stop.is_cancelled:
        return today >= tour.history_from
    return timing(tour, stop, today) == "past"


def _end(tour: Tour, stop: Stop) -> dt.datetime:
    """Return when a stop with certain days ends: its last sure day closes, or is over."""
    day = stop.certain_days.first if stop.certain_days else dt.date.min
    while timing(tour, stop, day + DAY) == "here":
        day += DAY
    closes = stop.closes
    return dt.datetime.combine(day, closes, ALGIERS) if closes else _midnight_after(day)


def _midnight_after(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + DAY, dt.time(), ALGIERS)


def _language(talk: Conversation) -> Language:
    """Return the language someone is written to in: the one last spoken, or the chosen one."""
    match talk.state.get("spoken") or talk.language:
        case "ar":
            return "ar"
        case _:
            return "fr"

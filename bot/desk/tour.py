"""`/stops` and `/stop`: the tour as staff see it, and how administrators change it.

Nothing changes before a yes under what it was and what it will be. What waits for the yes is in the
database, and is refused when the stop changed meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from actions import timetable
from actions.hours import is_quiet
from actions.stops import Stop, Tour
from actions.tables import StopChange
from actions.tour import is_left, timing
from bot.answers.stop_lines import printed_days, wilaya_name
from bot.desk.exchange import Command, DeskExchange
from bot.desk.stop_given import Given, UnclearError, stop_given, table_given
from bot.desk.uploads import UnreadableError, rows_of
from bot.knowledge import Facts
from bot.reminders import Reminders
from bot.text import Choice, Line, Name, Period, Say, Text, _, ngettext, say

#: Stops on one page of the list.
PAGE = 15
#: Letters of a place, as they are kept, and as they are shown where many stops are.
LONGEST_PLACE, SHORT_PLACE = 200, 60
#: A stop longer than this, or so far ahead, was mistyped.
LONGEST_STAY = dt.timedelta(days=31)
FARTHEST = dt.timedelta(days=730)
#: Mistakes of a file, and stops on the same days, that are told at once.
MOST_WRONG, MOST_CLASHES = 20, 5

EXAMPLE = "/stop 05 2015-10-12 2015-10-13 “place” 09:00-16:00"
#: What is known of a stop as its wilaya's line shows it.
_ANNOUNCED, _PRINTED, _UNDATED, _CANCELLED, _HERE = "✅", "📰", "▫️", "❌", "👉"
#: More digits than any row's number has.
_LONGEST_NUMBER = 18


class StopsCommand(Command):
    """Lists the stops for everyone; takes a whole tour from administrators, as a file."""

    name = "stops"
    summary = _("The stops of the tour; with a file, a new tour")
    usage = "(+ CSV / XLSX)"

    def __init__(self, facts: Facts, reminders: Reminders) -> None:
        self._facts = facts
        self._changes = _Changes(facts, reminders)

    def run(self, x: DeskExchange, words: str) -> None:
        """Show the first stops, or check the file that came with the command."""
        self._facts.refresh(x.session)
        if x.message.file is None:
            x.tell(self._page(x, 0))
        elif not x.is_administrator:
            x.tell(_("That needs an administrator. /staff shows who is one."))
        elif x.content is None:
            x.tell(_("I could not fetch the file. Send it again; it may hold up to a megabyte."))
        else:
            self._upload(x, x.content)

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Show another page."""
        self._facts.refresh(x.session)
        x.tell(self._page(x, int(what) if what.isdecimal() and len(what) < 4 else 0))

    def _page(self, x: DeskExchange, page: int) -> Say:
        tour = self._facts.tour
        stops = sorted(
            (s for s in tour.stops if s.is_cancelled or (s.listed and is_left(tour, s, x.today))),
            key=lambda stop: _soonest(tour, stop, x.today),
        )
        left = sum(not stop.is_cancelled for stop in stops)
        page = min(page, max(len(stops) - 1, 0) // PAGE)
        shown = stops[page * PAGE : (page + 1) * PAGE]
        lines: list[Line] = [
            (ngettext("{n} stop to come", "{n} stops to come", left), "title"),
            *((self._listed(stop, x.today), "item") for stop in shown),
        ]
        if shown:
            lines.append(
                (_("✅ announced here · 📰 printed in the press · ▫️ date not announced"), "note")
            )
        lines.append((_("To announce or change one: {example}", example=EXAMPLE), "note"))
        lines.append((_("A whole tour: send a CSV or Excel file with the words /stops."), "note"))
        turns = [
            *([Choice(_("⬅️ Before"), f"desk-stops:{page - 1}")] if page else []),
            *(
                [Choice(_("➡️ More"), f"desk-stops:{page + 1}")]
                if stops[(page + 1) * PAGE :]
                else []
            ),
        ]
        return Say(tuple(lines), (tuple(turns),) if turns else ())

    def _listed(self, stop: Stop, today: dt.date) -> Text:
        if stop.is_cancelled:
            mark = _CANCELLED
        elif timing(self._facts.tour, stop, today) in ("here", "perhaps_here"):
            mark = _HERE
        elif stop.certain_days is None:
            mark = _UNDATED
        else:
            mark = _ANNOUNCED if stop.announced_on else _PRINTED
        return _(
            "{mark} {code} {wilaya}: {stop}",
            mark=mark,
            code=stop.wilaya,
            wilaya=_wilaya(self._facts, stop.wilaya),
            stop=_when(stop),
        )

    def _upload(self, x: DeskExchange, content: bytes) -> None:
        """Check every line of a file, then ask for a yes; with one mistake nothing is kept."""
        try:
            table = table_given(self._facts, rows_of(content))
        except (UnreadableError, UnclearError) as refused:
            x.tell(say(refused.sentence, _nothing_changed()))
            return
        wrong, proposals = list(table.wrong), []
        held = self._changes.held(x)
        for number, given in table.stops:
            try:
                change = self._changes.change(x, given, held)
            except UnclearError as unclear:
                wrong.append((number, unclear.sentence))
            else:
                proposals += [change] if change else []
        if wrong:
            x.tell(_with_mistakes(sorted(wrong, key=lambda one: one[0])))
        elif not table.stops:
            x.tell(say(_("The file holds no stop."), _nothing_changed()))
        elif not proposals:
            x.tell(_("All of this is announced already: nothing to change."))
        else:
            same = len(table.stops) - len(proposals)
            x.tell(self._changes.ask(x, proposals, same=same, unread=table.unread))


class StopCommand(Command):
    """Shows one stop; announces, moves or cancels it once an administrator says yes."""

    name = "stop"
    summary = _("Announce, move or cancel a stop")
    usage = "05 2015-10-12 2015-10-13 “…” 09:00-16:00 | 05 cancel"
    everyone = False

    def __init__(self, facts: Facts, reminders: Reminders) -> None:
        self._facts = facts
        self._changes = _Changes(facts, reminders)

    def run(self, x: DeskExchange, words: str) -> None:
        """Show a stop, or what would change, and ask for a yes."""
        self._facts.refresh(x.session)
        if not words.strip():
            x.tell(say(_("Which stop? Begin with its wilaya."), *_how()))
            return
        try:
            given = stop_given(self._facts, words)
            if given.is_bare:
                x.tell(self._shown(given.wilaya))
                return
            change = self._changes.change(x, given, self._changes.held(x))
        except UnclearError as unclear:
            x.tell(say(unclear.sentence, *_how()))
            return
        if change is None:
            x.tell(say(_("That is so already: nothing to change."), self._now(given.wilaya)))
        else:
            x.tell(self._changes.ask(x, [change]))

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Take a yes or a no to what was proposed."""
        self._facts.refresh(x.session)
        said, _sep, numbers = what.partition(":")
        first, _dash, last = numbers.partition("-")
        known = all(n.isdecimal() and len(n) <= _LONGEST_NUMBER for n in (first, last))
        proposals = timetable.proposed(x.session, int(first), int(last)) if known else []
        if not proposals or said not in ("yes", "no"):
            x.tell(say(_("I no longer know what this button was about."), *_how()))
        elif not self._changes.stands(x, proposals):
            return
        elif said == "yes":
            self._changes.confirm(x, proposals)
        else:
            timetable.drop(x.session, proposals)
            x.tell(_("All right: nothing changes."))

    def _shown(self, wilaya: str) -> Say:
        return say(self._now(wilaya), *_how(wilaya))

    def _now(self, wilaya: str) -> Text:
        stop = self._facts.tour.at(wilaya)
        return _("{wilaya}: {stop}", wilaya=_wilaya(self._facts, wilaya), stop=_described(stop))


class _Changes:
    """Changes of stops, from what is given to what is done."""

    def __init__(self, facts: Facts, reminders: Reminders) -> None:
        self._facts = facts
        self._reminders = reminders

    def held(self, x: DeskExchange) -> dict[str, StopChange]:
        """Return the changes in force, by their wilaya."""
        return {change.wilaya: change for change in timetable.in_force(x.session)}

    def change(
        self, x: DeskExchange, given: Given, held: dict[str, StopChange]
    ) -> StopChange | None:
        """Return the change that staff ask for; None when it is so already.

        What was left out stays as it is. Raises `UnclearError` for what can't be.
        """
        stop, last = self._facts.tour.at(given.wilaya), held.get(given.wilaya)
        status: timetable.Status = "to_cancel" if given.cancel else "to_announce"
        change = StopChange(
            wilaya=given.wilaya,
            status=status,
            first=None,
            last=None,
            place="",
            hours="",
            made_at=x.now,
            made_by=x.member.user,
        )
        if given.cancel:
            if stop is None:
                raise UnclearError(
                    _(
                        "The tour has no stop in {wilaya}, so there is none to cancel.",
                        wilaya=_wilaya(self._facts, given.wilaya),
                    )
                )
        else:
            change.first, change.last = _days(given, stop, x.today)
            change.place, change.hours = given.place, given.hours
            if last and last.status == "announced":
                change.place, change.hours = given.place or last.place, given.hours or last.hours
            if len(change.place) > LONGEST_PLACE:
                raise UnclearError(
                    _("The place is too long: {n} letters at most.", n=LONGEST_PLACE)
                )
        return None if last and timetable.does_the_same(last, change) else change

    def ask(
        self,
        x: DeskExchange,
        proposals: Sequence[StopChange],
        *,
        same: int = 0,
        unread: Sequence[str] = (),
    ) -> Say:
        """Show what each stop is and would be, and how many people would be told; ask for a yes."""
        first, last = timetable.propose(x.session, proposals)
        tour = self._tour_with(x, proposals)
        lines: list[Line] = []
        if len(proposals) == 1:
            lines += self._one(proposals[0], tour)
        else:
            n = len(proposals)
            lines.append((ngettext("{n} stop would change", "{n} stops would change", n), "title"))
            lines += ((self._shortly(change, tour), "item") for change in proposals)
        if same:
            stays = ngettext("{n} stop stays as it is.", "{n} stops stay as they are.", same)
            lines.append((stays, "plain"))
        if unread:
            columns = _("Columns I do not read: {names}.", names=tuple(unread))
            lines.append((columns, "plain"))
        lines += ((line, "plain") for line in self._clashes(tour, proposals, x.today))
        lines += ((line, "plain") for line in self._people(x, tour))
        lines.append((_("Shall I do it?"), "plain"))
        yes = Choice(_("✅ Yes, do it"), f"desk-stop:yes:{first}-{last}")
        no = Choice(_("✖️ No, leave it"), f"desk-stop:no:{first}-{last}")
        return Say(tuple(lines), ((yes, no),))

    def stands(self, x: DeskExchange, proposals: Sequence[StopChange]) -> bool:
        """Whether what was proposed can still be done; says why when it can't."""
        names = tuple(_wilaya(self._facts, proposal.wilaya) for proposal in proposals)[:PAGE]
        since = {change.wilaya: change for change in timetable.overtaken(x.session, proposals)}
        if any(proposal.status == "dropped" for proposal in proposals):
            x.tell(say(_("This was not wanted, and nothing changed."), *_how()))
        elif since and all(
            proposal.wilaya in since and timetable.does_the_same(since[proposal.wilaya], proposal)
            for proposal in proposals
        ):
            x.tell(_("This is done already: {wilayas}.", wilayas=names))
        elif since:
            changed = tuple(_wilaya(self._facts, code) for code in since)[:PAGE]
            x.tell(
                say(
                    _("Something changed since I asked: {wilayas}.", wilayas=changed),
                    _("I did nothing. Look at it with /stop, then ask me again."),
                )
            )
        elif any(proposal.last and proposal.last < x.today for proposal in proposals):
            x.tell(say(_("These days are past by now, so I did nothing."), *_how()))
        else:
            return True
        return False

    def confirm(self, x: DeskExchange, proposals: Sequence[StopChange]) -> None:
        """Do what was proposed, and say how many people are told."""
        tour = self._tour_with(x, proposals)
        people = list(self._people(x, tour))
        if timetable.confirm(x.session, proposals, x.member.user, x.now):
            self.stands(x, proposals)  # someone else was quicker: says so
            return
        x.stops_changed = True
        for status, what in (("to_announce", "stop_announced"), ("to_cancel", "stop_cancelled")):
            codes = [change.wilaya for change in proposals if change.status == status]
            if codes:
                x.note(what, details=" ".join(codes))
        done = [
            _(
                "{wilaya}: {stop}",
                wilaya=_wilaya(self._facts, change.wilaya),
                stop=_described(tour.at(change.wilaya)),
            )
            for change in proposals[:1]
            if len(proposals) == 1
        ]
        x.tell(say(_("It is done."), *done, *people))

    def _tour_with(self, x: DeskExchange, proposals: Iterable[StopChange]) -> Tour:
        held = timetable.in_force(x.session)
        return timetable.with_changes(self._facts.timetable.base, [*held, *proposals])

    def _people(self, x: DeskExchange, tour: Tour) -> Iterator[Text]:
        n = self._reminders.would_be_told(x.session, tour, x.now)
        if not n:
            yield _("Nobody who waits for news of it has to be told.")
            return
        yield ngettext("{n} person is told of it.", "{n} people are told of it.", n)
        if is_quiet(x.now):
            yield _("Not at night: I write to them from 8:00 on.")

    def _one(self, change: StopChange, tour: Tour) -> Iterator[Line]:
        name = _wilaya(self._facts, change.wilaya)
        before, after = self._facts.tour.at(change.wilaya), tour.at(change.wilaya)
        if change.status == "to_cancel":
            yield _("Cancel the stop in {wilaya}", wilaya=name), "title"
        elif before and before.certain_days:
            yield _("Change the stop in {wilaya}", wilaya=name), "title"
        else:
            yield _("Announce the stop in {wilaya}", wilaya=name), "title"
        yield _("Before: {stop}", stop=_described(before)), "item"
        yield _("After: {stop}", stop=_described(after)), "item"

    def _shortly(self, change: StopChange, tour: Tour) -> Text:
        before, after = self._facts.tour.at(change.wilaya), tour.at(change.wilaya)
        return _(
            "{wilaya}: {before} → {after}",
            wilaya=_wilaya(self._facts, change.wilaya),
            before=_described(before, SHORT_PLACE),
            after=_described(after, SHORT_PLACE),
        )

    def _clashes(self, tour: Tour, proposals: Sequence[StopChange], today: dt.date) -> list[Text]:
        """Say which other stops have some of the same days: there is one caravan."""
        mine = [stop for change in proposals if (stop := tour.at(change.wilaya))]
        others = [stop for stop in tour.stops if is_left(tour, stop, today)]
        pairs = {
            frozenset((one.wilaya, other.wilaya))
            for one in mine
            for other in others
            if one.wilaya != other.wilaya and _meet(one, other)
        }
        return [
            _(
                "⚠️ On some of the same days: {wilayas}.",
                wilayas=tuple(_wilaya(self._facts, code) for code in sorted(pair)),
            )
            for pair in sorted(pairs, key=sorted)[:MOST_CLASHES]
        ]


def _days(given: Given, stop: Stop | None, today: dt.date) -> tuple[dt.date, dt.date | None]:
    """Return the days of a stop: those given, else those it has."""
    if given.first is None:
        known = stop.certain_days if stop else None
        if known is None:
            raise UnclearError(_("This stop has no day yet: give its first day as well."))
        first, last = known.first, known.last
    else:
        first, last = given.first, given.last or given.first
    end = last or first
    if end < first:
        raise UnclearError(_("The last day is before the first."))
    if end < today:
        raise UnclearError(_("{day} is past.", day=end))
    if end - first > LONGEST_STAY or first - today > FARTHEST:
        raise UnclearError(_("That is very long or very far: check the days, {days}.",
                             days=Period(first, end)))  # fmt: skip
    return first, last


def _soonest(tour: Tour, stop: Stop, today: dt.date) -> tuple[int, dt.date, int]:
    days = stop.certain_days
    match timing(tour, stop, today):
        case "here" | "perhaps_here":
            rank = 0
        case "cancelled":
            rank = 3
        case _:
            rank = 1 if days else 2
    return rank, days.first if days else dt.date.max, stop.order or len(tour.stops)


def _meet(one: Stop, other: Stop) -> bool:
    mine, theirs = one.certain_days, other.certain_days
    if mine is None or theirs is None:
        return False
    return mine.first <= (theirs.last or theirs.first) and theirs.first <= (mine.last or mine.first)


def _when(stop: Stop | None) -> Text | Period | dt.date:
    if stop is None:
        return _("no stop")
    if stop.is_cancelled:
        return _("cancelled")
    return printed_days(stop) or _("date not announced")


def _described(stop: Stop | None, longest: int = LONGEST_PLACE) -> Text | Period | dt.date:
    """Say the days, the place and the hours of a stop, as far as they are known."""
    said = _when(stop)
    if stop and stop.place:
        fr, ar = (_clipped(place, longest) for place in (stop.place.fr, stop.place.ar))
        said = _("{stop}, “{place}”", stop=said, place=Name(fr, ar))
    if stop and stop.opens and stop.closes:
        said = _("{stop}, {opens} to {closes}", stop=said, opens=stop.opens, closes=stop.closes)
    elif stop and stop.opens:
        said = _("{stop}, from {opens}", stop=said, opens=stop.opens)
    return said


def _clipped(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _with_mistakes(wrong: Sequence[tuple[int, Text]]) -> Say:
    n = len(wrong)
    lines: list[Line] = [
        (ngettext("{n} line is not right", "{n} lines are not right", n), "title"),
        *(
            (_("Line {n}: {problem}", n=number, problem=problem), "item")
            for number, problem in wrong[:MOST_WRONG]
        ),
    ]
    if n > MOST_WRONG:
        more = n - MOST_WRONG
        lines.append((ngettext("And {n} more.", "And {n} more.", more), "plain"))
    return Say((*lines, (_nothing_changed(), "plain")))


def _nothing_changed() -> Text:
    return _("Nothing was changed. Put it right and send the file again.")


def _how(wilaya: str = "05") -> tuple[Text, ...]:
    """Show how a stop is changed."""
    return (
        _("To announce or change one: {example}", example=EXAMPLE.replace("05", wilaya, 1)),
        _("To cancel one: {example}", example=f"/stop {wilaya} cancel"),
    )


def _wilaya(facts: Facts, code: str) -> Name:
    return wilaya_name(facts.geography.wilayas[code])

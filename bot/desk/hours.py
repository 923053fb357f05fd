"""`/hours`: when the desk is open, its days off, and how administrators change them."""

from __future__ import annotations

import datetime as dt
import re
from itertools import groupby

from actions import opening
from actions.digits import latin_digits
from actions.opening import Calendar, Hours
from bot.answers.stop_lines import WEEKDAYS
from bot.clock import ALGIERS, algiers_day
from bot.desk.exchange import Command, DeskExchange
from bot.desk.given import day_given
from bot.questions import plain
from bot.text import Line, Say, Text, _

#: Days off that are shown: those of about a year.
MOST_OFF = 15
LONGEST_NAME = 60

#: The days in the order in which a week of Algeria has them.
_WEEK = (6, 0, 1, 2, 3, 4, 5)
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPELLINGS = (
    "lundi lun monday mon الاثنين اثنين الإثنين",
    "mardi mar tuesday tue tues الثلاثاء ثلاثاء الثلاثا",
    "mercredi mer wednesday wed الأربعاء أربعاء الاربعا",
    "jeudi jeu thursday thu thur thurs الخميس خميس",
    "vendredi ven friday fri الجمعة جمعة",
    "samedi sam saturday sat السبت سبت",
    "dimanche dim sunday sun الأحد أحد",
)
_DAYS = {plain(word): day for day, words in enumerate(_SPELLINGS) for word in words.split()}
_UNTIL = frozenset(map(plain, ("a", "au", "to", "until", "till", "إلى", "حتى")))
_BESIDE = frozenset(map(plain, ("et", "and", "le", "les", "du", "de", "from", "و", "من")))
_OFF = frozenset(map(plain, ("off", "conge", "ferie", "عطلة")))
_ON = frozenset(map(plain, ("on", "normal", "عادي")))

_TIME = r"(\d{1,2})(?:\s*[:hH.]\s*(\d{2})?)?"
_HOURS = re.compile(rf"(.+?)\s+{_TIME}\s*(?:-|–|—|à|a|to|إلى|الى|حتى)\s*{_TIME}")
_CLOSED = re.compile(r"(.+?)\s+(?:closed|ferm[ée]e?s?|مغلقة?)")


class OpeningTimes(Command):
    """Shows when the desk is open to everyone; administrators change it."""

    name = "hours"
    summary = _("When the desk is open")
    usage = "[sun-thu 08:00-16:30 | fri closed | off 2015-11-01 … | on 2015-11-01]"

    def run(self, x: DeskExchange, words: str) -> None:
        """Show the hours, or change them."""
        if not words.strip():
            x.tell(_board(x))
        elif not x.is_administrator:
            x.tell(_("That needs an administrator. /staff shows who is one."))
        else:
            self._change(x, words)

    def _change(self, x: DeskExchange, words: str) -> None:
        first, *rest = words.split(maxsplit=2)
        if plain(first) in _OFF | _ON:
            day = day_given(rest[0]) if rest else None
            if day is None:
                x.tell(_wrong())
            elif plain(first) in _OFF:
                _close_on(x, day, " ".join(rest[1].split()) if len(rest) > 1 else "")
            else:
                _open_on(x, day)
            return
        change = hours_given(words)
        if change is None:
            x.tell(_wrong())
            return
        days, hours = change
        if not opening.set_hours(x.session, days, hours):
            x.tell(
                _("One day of the week at least stays open. For a while, use days off: /hours off")
            )
            return
        x.note("hours", details=_details(days, hours))
        x.tell(_board(x, _("The hours are changed.")))


def hours_given(words: str) -> tuple[tuple[int, ...], Hours | None] | None:
    """Return the days of the week that words are about, and their hours or that they are closed.

    None when the words can't be read, or when closing would not come after opening.
    """
    text = latin_digits(words).strip()
    closed = _CLOSED.fullmatch(text.casefold())
    if closed:
        days = _days(closed[1])
        return (days, None) if days else None
    found = _HOURS.fullmatch(text)
    days = _days(found[1]) if found else None
    if found is None or days is None:
        return None
    try:
        hours = Hours(
            dt.time(int(found[2]), int(found[3] or 0)), dt.time(int(found[4]), int(found[5] or 0))
        )
    except ValueError:
        return None
    return (days, hours) if hours.opens < hours.closes else None


def _days(words: str) -> tuple[int, ...] | None:
    """Return the days of the week that words name, ranges filled; None if a word is no day."""
    days: list[int] = []
    until = False
    for word in re.findall(r"[-–—]|[^\W\d_]+", words):
        bare = plain(word)
        if bare in _UNTIL or not bare:
            if until or not days:
                return None
            until = True
            continue
        if bare in _BESIDE:
            continue
        day = _DAYS.get(bare, _DAYS.get(bare.removeprefix("و")))
        if day is None:
            return None
        if until:
            days += [(days[-1] + n) % 7 for n in range(1, (day - days[-1]) % 7)]
            until = False
        days.append(day)
    return tuple(dict.fromkeys(days)) if days and not until else None


def when_open(calendar: Calendar, now: dt.datetime) -> Text:
    """Say until when the desk is open, or when it opens next."""
    closes = calendar.closes(now)
    if closes:
        return _("The desk is open until {time}.", time=closes.time())
    opens = calendar.next_opening(now)
    if opens is None:
        return _("The desk is closed for the moment.")
    local = opens.astimezone(ALGIERS)
    match (local.date() - algiers_day(now)).days:
        case 0:
            return _("The desk opens today at {time}.", time=local.time())
        case 1:
            return _("The desk opens tomorrow at {time}.", time=local.time())
        case _:
            return _("The desk opens on {day} at {time}.", day=local.date(), time=local.time())


def week_told(calendar: Calendar) -> tuple[Text, ...]:
    """Say the hours of the week, days that follow each other and are alike together."""
    told = []
    for hours, group in groupby(_WEEK, calendar.week.get):
        days = list(group)
        if hours is None:
            continue
        opens, closes = hours.opens, hours.closes
        first, last = _name(days[0]), _name(days[-1])
        if len(days) == 1:
            line = _("{day}, from {opens} to {closes}", day=first, opens=opens, closes=closes)
        else:
            line = _(
                "{first} to {last}, from {opens} to {closes}",
                first=first,
                last=last,
                opens=opens,
                closes=closes,
            )
        told.append(line)
    return tuple(told)


def _board(x: DeskExchange, *news: Text) -> Say:
    calendar = opening.load(x.session)
    lines: list[Line] = [(line, "plain") for line in news]
    lines.append((_("When the desk is open"), "title"))
    lines += [(line, "item") for line in week_told(calendar)]
    closed = tuple(_name(day) for day in _WEEK if day not in calendar.week)
    if closed:
        lines.append((_("Closed: {days}", days=closed), "item"))
    off = calendar.off_from(x.today)
    if off:
        lines.append((_("Days off:"), "plain"))
    for day, name in off[:MOST_OFF]:
        line = _("{day}: {name}", day=day, name=name) if name else _("{date}", date=day)
        lines.append((line, "item"))
    if len(off) > MOST_OFF:
        lines.append((_("More days off follow later."), "plain"))
    lines.append((when_open(calendar, x.now), "plain"))
    if x.is_administrator:
        lines.append((_("To change them: {examples}", examples=_EXAMPLES), "note"))
    return Say(tuple(lines))


_EXAMPLES = "/hours sun-thu 08:00-16:30 · /hours fri closed · /hours off 2015-11-01 · /hours on …"


def _close_on(x: DeskExchange, day: dt.date, name: str) -> None:
    if day < x.today:
        x.tell(_("{day} is past.", day=day))
    elif len(name) > LONGEST_NAME:
        x.tell(_("The name of a day off has at most {n} letters.", n=LONGEST_NAME))
    else:
        opening.add_day_off(x.session, day, name)
        x.note("day_off", details=day.isoformat())
        x.tell(_board(x, _("The desk is closed on {day}.", day=day)))


def _open_on(x: DeskExchange, day: dt.date) -> None:
    if not opening.remove_day_off(x.session, day):
        x.tell(_("{day} was no day off.", day=day))
        return
    x.note("day_on", details=day.isoformat())
    x.tell(_board(x, _("{day} is a day like any other again.", day=day)))


def _wrong() -> Text:
    return _("I can't read that. Write it like this: {examples}", examples=_EXAMPLES)


def _details(days: tuple[int, ...], hours: Hours | None) -> str:
    when = f"{hours.opens:%H:%M}-{hours.closes:%H:%M}" if hours else "closed"
    return f"{' '.join(_NAMES[day][:3] for day in days)} {when}"


def _name(day: int) -> Text:
    return WEEKDAYS[_NAMES[day]]

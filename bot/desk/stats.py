"""`/stats`: what happened in a day, a week or a month, in a few lines and one picture."""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions import cases, figures, spending
from actions.figures import Waits
from actions.geography import Geography
from actions.messages import Language
from actions.spending import Budget
from actions.store import Session
from bot.answers.stop_lines import wilaya_name
from bot.clock import ALGIERS
from bot.desk.board import waited
from bot.desk.by_sms import cost
from bot.desk.chart import Bar, Figures, Slot, draw
from bot.desk.exchange import Command, DeskExchange
from bot.desk.open_figures import published
from bot.questions import plain
from bot.text import Choice, Line, Name, Period, Say, Text, _, render, render_message

#: Days that a period has, the last of them today.
DAYS = {"day": 1, "week": 7, "month": 30}
#: Stops named in the answer, and in the picture.
STOPS, BARS = 4, 8

_SPELLINGS = {
    "day": "day jour journée today aujourd'hui يوم اليوم",
    "week": "week semaine hebdo أسبوع الأسبوع",
    "month": "month mois شهر الشهر",
    "open": "open ouvert ouverts publier مفتوحة مفتوح للنشر نشر",
}
_WANTED = {plain(word): name for name, words in _SPELLINGS.items() for word in words.split()}
_EXAMPLES = "/stats day · /stats week · /stats month · /stats open"
#: What became of a question: one of these.
ANSWERED, UNSURE, MISSED = _("Answered"), _("Asked what was meant"), _("Not understood")
NO_CASE, NO_ANSWER = _("no case yet"), _("no answer yet")
_NONE = (NO_CASE, NO_ANSWER)
_CHOICES = (
    (
        Choice(_("Day"), "desk-stats:day"),
        Choice(_("Week"), "desk-stats:week"),
        Choice(_("Month"), "desk-stats:month"),
    ),
    (Choice(_("For publishing"), "desk-stats:open"),),
)


@dataclass(frozen=True)
class Stretch:
    """Days that figures are of, cut into slots at `edges`; `labels` name the slots."""

    first: dt.date
    last: dt.date
    edges: tuple[dt.datetime, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """All that is told of a stretch of days; `kinds` are counted slot by slot."""

    received: int
    kinds: Sequence[Counter[str]]
    wait: Text
    stops: Counter[str]

    def n(self, *kinds: str) -> int:
        """Return how often these kinds of things happened in all."""
        return sum(slot[kind] for slot in self.kinds for kind in kinds)

    @property
    def busiest(self) -> list[tuple[str, int]]:
        """Return the stops with those who signed up for them, the most wanted first."""
        return sorted(self.stops.items(), key=lambda stop: (-stop[1], stop[0]))


class Stats(Command):
    """Answers with the figures of some days up to today, or with those to be published."""

    name = "stats"
    summary = _("Figures of a day, a week or a month")
    usage = "[day | week | month | open]"

    def __init__(self, geography: Geography, budget: Budget | None = None) -> None:
        """`budget` is what may be sent by SMS; by default that of the settings' defaults."""
        self._geography = geography
        self._budget = budget or Budget()

    def run(self, x: DeskExchange, words: str) -> None:
        """Tell the figures asked for; those of a week when nothing is."""
        wanted = period_given(words)
        if wanted is None:
            x.tell(_("I can't read that. Write it like this: {examples}", examples=_EXAMPLES))
        elif wanted == "open":
            x.tell(published(x.session, self._geography, x.today, x.language))
        else:
            self._tell(x, stretch(x.today, DAYS[wanted]))

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Tell the figures of a button."""
        self.run(x, what)

    def _tell(self, x: DeskExchange, days: Stretch) -> None:
        since, until = days.edges[0], days.edges[-1]
        counted = Counted(
            figures.received(x.session, since, until),
            figures.happened(x.session, days.edges),
            _wait(figures.waits(x.session, since, until), x.now),
            figures.registered(x.session, since, until),
        )
        sms = texts_told(x.session, self._budget, x.now)
        answer = replace(
            render_message(self._in_words(days, counted, sms), x.language),
            image=b64encode(draw(self._to_draw(days, counted, x.language))).decode(),
            thread=x.message.thread,
            answers=x.message.reference,
        )
        x.outgoing.append((x.group, answer, cases.subject(x.case)))

    def _in_words(self, days: Stretch, counted: Counted, sms: list[Line]) -> Say:
        lines: list[Line] = [(_title(days), "title")]
        lines += [(_told(label, value), "item") for label, value in _tiles(counted)]
        stops = counted.busiest
        if stops:
            lines.append((_("Signed up, by stop"), "title"))
        lines += [(_told(self._stop(code), n), "item") for code, n in stops[:STOPS]]
        others = sum(n for _code, n in stops[STOPS:])
        if others:
            lines.append((_told(_("Other stops"), others), "item"))
        return Say((*lines, *sms), _CHOICES)

    def _to_draw(self, days: Stretch, counted: Counted, language: Language) -> Figures:
        def words(text: Text | Name) -> str:
            return render(text, language, isolated=False)

        return Figures(
            title=words(_title(days)),
            tiles=tuple(
                # A tile has no room to say why there is no time in it; the words beside it do.
                (words(label), words(_("{text}", text="—" if value in _NONE else value)))
                for label, value in _tiles(counted)
            ),
            series=(words(ANSWERED), words(UNSURE), words(MISSED)),
            slots=tuple(
                Slot(
                    label,
                    (
                        sum(slot[kind] for kind in figures.ANSWERED),
                        slot["suggested"],
                        slot["missed"],
                    ),
                )
                for label, slot in zip(days.labels, counted.kinds, strict=True)
            ),
            bars_title=words(_("Signed up, by stop")),
            bars=tuple(Bar(words(self._stop(code)), n) for code, n in counted.busiest[:BARS]),
            right_to_left=language == "ar",
        )

    def _stop(self, code: str) -> Text | Name:
        found = self._geography.wilayas.get(code)
        return wilaya_name(found) if found else _("Not chosen yet")


def texts_told(session: Session, budget: Budget, now: dt.datetime) -> list[Line]:
    """Return what is told of SMS: those of this month, which are paid for; nothing without any."""
    first, following = (
        dt.datetime.combine(day, dt.time(), ALGIERS) for day in spending.month_of(now)
    )
    sent = spending.spent(session, now).month
    became = figures.texts(session, first, following)
    if not sent and not became.received:
        return []
    of_all = _("{sent} of {most} segments", sent=sent, most=budget.a_month)
    reports = _(
        "{delivered} delivered, {failed} failed, {unreported} without a report",
        delivered=became.delivered,
        failed=became.failed,
        unreported=became.unreported,
    )
    told = [_told(_("Sent"), of_all)]
    if budget.price:
        told.append(_told(_("Cost"), cost(sent, budget.price)))
    told += [_told(_("Received"), became.received), _told(_("Of those sent"), reports)]
    return [(_("SMS this month"), "title"), *((line, "item") for line in told)]


def period_given(words: str) -> str | None:
    """Return which figures words ask for: a key of `DAYS` or open; None if they can't be read."""
    return _WANTED.get(plain(words)) if words.strip() else "week"


def stretch(today: dt.date, days: int) -> Stretch:
    """Return some days up to today: one day in hours, more of them in days, as in Algiers."""
    first = today - dt.timedelta(days=days - 1)
    begins = dt.datetime.combine(first, dt.time(), ALGIERS)
    step = dt.timedelta(days=1) if days > 1 else dt.timedelta(hours=1)
    edges = tuple(begins + step * n for n in range(dt.timedelta(days=days) // step + 1))
    form = "%d/%m" if days > 1 else "%H"
    return Stretch(first, today, edges, tuple(f"{edge:{form}}" for edge in edges[:-1]))


def _tiles(counted: Counted) -> tuple[tuple[Text, Text | int], ...]:
    """Return each figure with its name, in the order in which a message goes its way."""
    return (
        (_("Messages received"), counted.received),
        (ANSWERED, counted.n(*figures.ANSWERED)),
        (UNSURE, counted.n("suggested")),
        (MISSED, counted.n("missed")),
        (_("Handed over"), counted.n("handed_over")),
        (_("Wait for the desk (median)"), counted.wait),
        (_("Signed up"), counted.stops.total()),
        (_("Came to the stand"), counted.n("checked_in")),
    )


def _wait(waits: Waits, now: dt.datetime) -> Text:
    if not waits.opened:
        return NO_CASE
    if waits.median is None:
        return NO_ANSWER
    return waited(now - waits.median, now)


def _title(days: Stretch) -> Text:
    return _("Figures: {period}", period=Period(days.first, days.last))


def _told(label: Text | Name, value: Text | Name | int) -> Text:
    return _("{label}: {value}", label=label, value=value)

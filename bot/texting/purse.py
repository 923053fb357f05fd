"""What SMS cost: nothing is sent beyond what may be spent, and staff are told before it ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from actions import members, outbox, spending
from actions.hours import ALGIERS, QUIET_UNTIL
from actions.messages import Address, Outbound
from actions.outbox import Post
from actions.spending import Budget
from actions.store import Session
from bot.channels.base import Refused
from bot.channels.sms import segments
from bot.desk.board import Posting
from bot.desk.speaking import speaks
from bot.text import Say, Text, _, render_message, say
from bot.texting.writing import written_for

#: Of what may be spent in a month, the hundredths at which staff are told.
ALL = 100
WARNINGS = (80, ALL)
_TOLD: dict[int, Text] = {
    80: _("⚠ SMS: {spent} of the {most} segments of this month are sent. {who}"),
    ALL: _(
        "⛔ SMS: {spent} of the {most} segments of this month are sent. No more leave until it "
        "ends, or until CARAVANE_SMS_SEGMENTS_A_MONTH is raised. {who}"
    ),
}


def size(message: Outbound) -> int:
    """Return the segments that a message takes."""
    return segments.segments("\n".join(line.text for line in message.lines))


#: What the word is about that says that a number has had all its SMS of the day.
ENOUGH = "enough"
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Postponed:
    """A message, and no other to its address, has to wait until a moment."""

    until: dt.datetime


class Purse:
    """Says what may be sent, and counts what was."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget

    def refuses(
        self, session: Session, post: Post, now: dt.datetime, wall: dt.datetime
    ) -> Postponed | Refused | None:
        """Return why a message may not be sent now, or at all, if so.

        News wait for another day; an answer that comes days later is none. The word that answers
        STOP is always sent. Where the month is used up, staff are told, once.
        """
        if post.subject in {outbox.STOPPED, ENOUGH}:
            return None
        limit = spending.limit_reached(
            session, self.budget, post.address.key, size(post.message), now=now, wall=wall
        )
        if limit is None or (limit == "person" and not post.reply):
            return None  # a reminder was promised
        if limit == "month":
            # The last few may be too few for a message: the end can come below the whole.
            for address, message, about in self._warn(session, ALL, now):
                outbox.queue(session, address, message, now, subject=about)
        if limit == "person" and not outbox.times_told(
            session, post.address.key, ENOUGH, now - DAY
        ):
            enough = written_for(post.address, _enough(), post.message.language)
            outbox.queue(session, post.address, enough, now, subject=ENOUGH)
        if limit == "month" or post.reply:
            return Refused(f"sms_limit_{limit}")
        return Postponed(_tomorrow(now))

    def pays(self, session: Session, post: Post, now: dt.datetime) -> list[Posting]:
        """Count a message that was sent; return what staff are told, once for each warning."""
        sent = spending.spend(session, size(post.message), now)
        reached = [percent for percent in WARNINGS if sent * ALL >= self.budget.a_month * percent]
        return self._warn(session, reached[-1], now) if reached else []

    def _warn(self, session: Session, percent: int, now: dt.datetime) -> list[Posting]:
        """Return what staff are told of a share that is sent, unless they were."""
        desk = members.only_desk(session)
        if desk is None or not spending.warns(session, self.budget, percent, now):
            return []
        names = " ".join(
            f"@{m.username}" if m.username else m.name
            for m in members.listed(session, desk.channel, "administrator")
        )
        sent = spending.spent(session, now).month
        text = _TOLD[percent]
        told = Text(text.msgid, {"spent": sent, "most": self.budget.a_month, "who": names})
        message = render_message(say(told), speaks(desk.language))
        return [(Address(desk.channel, desk.chat), message, "")]


def _tomorrow(now: dt.datetime) -> dt.datetime:
    day = now.astimezone(ALGIERS).date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, QUIET_UNTIL, ALGIERS)


def _enough() -> Say:
    """Say to somebody who has had all the SMS of a day that the next ones come tomorrow."""
    return say(_("You have had all the SMS of one day. Write to me again tomorrow."))

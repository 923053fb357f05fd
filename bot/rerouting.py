"""What Telegram can't deliver goes by SMS instead, to people who are known to have a number.

Ordinary answers don't: whoever asked on Telegram looks for the answer there.
"""

from __future__ import annotations

import datetime as dt

from actions import cases, conversations, members, outbox, persons, reminders, rerouting
from actions.messages import Address, Outbound
from actions.outbox import Post
from actions.store import Session
from bot.channels.base import Gone, Later, Refused
from bot.channels.sms import segments
from bot.channels.sms.segments import Coding
from bot.desk.board import in_case
from bot.desk.speaking import speaks
from bot.text import Text, _, render_message, say
from bot.texting import writing

#: Telegram may fail for so long, and so often, before a message leaves by SMS.
PATIENCE, TRIES = dt.timedelta(minutes=15), 3
#: The most segments of a message that was written for Telegram.
MOST: dict[Coding, int] = {"gsm": 4, "ucs2": 4}
#: What goes by SMS as well, by how its subject begins.
SUBJECTS = (cases.PREFIX, *(f"{kind}:" for kind in reminders.KINDS))

_SENT = _("📱 Telegram does not reach the person: sent by SMS instead.")
_CUT = _("📱 Telegram does not reach the person: sent by SMS instead, without its end: too long.")


def by_sms(session: Session, post: Post, outcome: Later | Refused | Gone, now: dt.datetime) -> bool:
    """Send by SMS what fails on Telegram; return whether the message itself goes that way.

    When its person is gone, all that waits for them goes with it; when Telegram fails for long, all
    that has waited for long. Where the message goes that way it is no more in the sender's hands.
    """
    if post.address.is_group or post.address.number:
        return False
    if isinstance(outcome, Later) and (outcome.asked or post.attempts < TRIES):
        return False
    phone = persons.phone(session, post.address)
    if phone is None:
        return False
    match outcome:
        case Later():
            rows = rerouting.waiting(session, post.address.key, now - PATIENCE)
        case Refused():
            rows = [rerouting.in_hand(session, post)]
        case Gone():
            waiting = rerouting.waiting(session, post.address.key)
            rows = [rerouting.in_hand(session, post), *waiting]
    moved = False
    for row in rows:
        message = Outbound.from_json(row.payload)
        text = writing.plain("\n".join(line.text for line in message.lines), message.language)
        if not row.subject.startswith(SUBJECTS) or not text:
            continue
        first, *rest = segments.cut(text, MOST)
        texted = writing.message(first, message.language)
        rerouting.move(row, Address(phone.channel, phone.address), texted)
        conversations.count_event(session, "rerouted", now)
        _tell_staff(session, row.subject, _CUT if rest else _SENT, now)
        moved |= row.id == post.id
    return moved


def _tell_staff(session: Session, subject: str, told: Text, now: dt.datetime) -> None:
    """Say in the case of a message, if it is of one, which way it went."""
    number, desk = cases.number_of(subject), members.only_desk(session)
    case = cases.get(session, number) if number is not None else None
    if case and desk:
        word = render_message(say(told), speaks(desk.language))
        for address, message, about in in_case(session, desk, case, word):
            outbox.queue(session, address, message, now, subject=about)

"""What could not be delivered is said in its case."""

from __future__ import annotations

import datetime as dt
from textwrap import shorten

from actions import cases, members, outbox
from actions.outbox import Post
from actions.store import Session
from bot.desk.board import Board
from bot.text import Text, _

#: Letters that say which message it was.
BEGINNING = 60
_REASONS: dict[str, Text] = {
    "blocked": _("⚠ Not delivered: the person has blocked the assistant."),
    "chat_not_found": _("⚠ Not delivered: the person's account is gone."),
    "sms_limit_month": _("⚠ Not sent: the SMS of this month are used up. Call the person."),
    "sms_limit_day": _(
        "⚠ Not sent: the SMS of this day are used up. Write again tomorrow, or call the person."
    ),
    "sms_limit_person": _(
        "⚠ Not sent: this number has had all the SMS it may get in a day. Write again tomorrow, or "
        "call the person."
    ),
    "number": _("⚠ Not delivered: no SMS can be sent to this number."),
    "undelivered": _(
        "⚠ Not delivered: the network could not bring this SMS to their phone. It may be switched "
        "off or full. Write again later, or call the person."
    ),
}
_OTHERWISE = _("⚠ Not delivered: the message was refused. Say it otherwise, or call the person.")
_NOT_SHOWN = _(
    "⚠ Something the person sent can't be shown here: a picture, a voice note or a file."
)


class Delivery:
    """Tells staff what became of a message that was given up."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def failed(self, session: Session, post: Post, reason: str, now: dt.datetime) -> int:
        """Say in the case of a message that it was not delivered; return how many words leave."""
        number = cases.number_of(post.subject)
        case = cases.get(session, number) if number is not None else None
        desk = members.only_desk(session)
        if case is None or desk is None:
            return 0
        if post.address.is_group:
            if post.message.copy is None:
                return 0  # a word about a word that staff can't be shown would come to nothing
            texts = [_NOT_SHOWN]
        else:
            texts = [_REASONS.get(reason, _OTHERWISE), *_which(post)]
        said = self._board.says(session, desk, case, *texts)
        for address, message, about in said:
            outbox.queue(session, address, message, now, subject=about)
        return len(said)


def _which(post: Post) -> list[Text]:
    """Say which SMS it was: what becomes of one can be told long after it was written."""
    words = " ".join(line.text for line in post.message.lines)
    if not post.address.number or not words:
        return []
    return [_("It began: “{words}”", words=shorten(words, BEGINNING, placeholder="…"))]

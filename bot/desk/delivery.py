"""What could not be delivered is said in its case."""

from __future__ import annotations

import datetime as dt

from actions import cases, members, outbox
from actions.outbox import Post
from actions.store import Session
from bot.desk.board import Board
from bot.text import Text, _

_REASONS: dict[str, Text] = {
    "blocked": _("⚠ Not delivered: the person has blocked the assistant."),
    "chat_not_found": _("⚠ Not delivered: the person's account is gone."),
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
            text = _NOT_SHOWN
        else:
            text = _REASONS.get(reason, _OTHERWISE)
        said = self._board.says(session, desk, case, text)
        for address, message, about in said:
            outbox.queue(session, address, message, now, subject=about)
        return len(said)

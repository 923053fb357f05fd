"""The information notice, shown before the first personal question.

It says what article 32 of loi 18-07 asks for: who is responsible, why, what, who receives it, that
it travels abroad, that one may say no, how long it is kept, and the rights. Its version is
`actions.consents.NOTICE_VERSION`: a change of meaning here is a new version there.
"""

from __future__ import annotations

from actions.privacy import Retention
from bot.text import Line, Name, Say, _, ngettext


def notice(responsible: tuple[Name, ...], keep: Retention) -> Say:
    """Return the notice; `responsible` are the bodies that answer for the data."""
    months = max(1, round(keep.registrations.days / 30.4))
    lines: list[Line] = [
        (_("Your data, before we begin"), "title"),
        (_("Responsible: {names}.", names=responsible), "item"),
        (
            _("Why: to prepare your visit at the caravan's stop and follow it up; nothing else."),
            "item",
        ),
        (
            _(
                "What: your name, birth, commune, phone, situation, qualification and project. "
                "Never your identity number."
            ),
            "item",
        ),
        (_("Who reads it: the caravan's clerks, from these bodies only."), "item"),
        (_("Telegram's servers are abroad, and what you write here goes through them."), "item"),
        (
            _(
                "How long: your registration {registration}, the messages of this chat {texts}.",
                registration=ngettext("{n} month", "{n} months", months),
                texts=ngettext("{n} day", "{n} days", keep.texts.days),
            ),
            "item",
        ),
        (
            _(
                "Your rights: see everything with /mesdonnees, correct it with /moi, take your "
                "agreement back and erase all with /supprimer, whenever you like."
            ),
            "item",
        ),
        (_("You may say no: I still answer all your questions."), "plain"),
    ]
    return Say(tuple(lines))

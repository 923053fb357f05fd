"""The information notice, shown before the first personal question.

It says what article 32 of loi 18-07 asks for: who is responsible, why, what, who receives it, that
it travels abroad, that one may say no, how long it is kept, and the rights. Its version is
`actions.consents.NOTICE_VERSION`: a change of meaning here is a new version there.
"""

from __future__ import annotations

from actions.privacy import Retention
from bot.text import Line, Name, Say, Text, _, ngettext

#: How many bodies the notice in few words names; the others are in the whole one.
NAMED = 2


def notice(responsible: tuple[Name, ...], keep: Retention, *, by_sms: bool = False) -> Say:
    """Return the notice; `responsible` are the bodies that answer for the data.

    `by_sms` says how the messages travel, and which words the rights are used with.
    """
    months = ngettext("{n} month", "{n} months", max(1, round(keep.registrations.days / 30.4)))
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
        (_by_sms() if by_sms else _by_telegram(), "item"),
        (
            _(
                "How long: your registration {registration}, the messages of this chat {texts}.",
                registration=months,
                texts=ngettext("{n} day", "{n} days", keep.texts.days),
            ),
            "item",
        ),
        (
            _rights_by_sms() if by_sms else _rights(),
            "item",
        ),
        (_("You may say no: I still answer all your questions."), "plain"),
    ]
    named: tuple[Name | Text, ...] = responsible[:NAMED]
    if len(named) < len(responsible):
        named = (*named, _("others"))
    few = (
        _(
            "Your data: held by {names}, only to prepare your visit to the caravan, for {months}. "
            "MYFILE: see it, ERASE: erase it. The whole notice: MORE.",
            names=named,
            months=months,
        ),
    )
    return Say(tuple(lines), brief=few, more=True)


def _by_telegram() -> Text:
    return _("Telegram's servers are abroad, and what you write here goes through them.")


def _by_sms() -> Text:
    return _("SMS go through your operator's network, and are not secret there.")


def _rights() -> Text:
    return _(
        "Your rights: see everything with /mesdonnees, correct it with /moi, take your "
        "agreement back and erase all with /supprimer, whenever you like."
    )


def _rights_by_sms() -> Text:
    return _(
        "Your rights: see what is held with DATA, correct it with MYFILE, take your agreement "
        "back and erase all with ERASE, whenever you like."
    )

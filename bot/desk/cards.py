"""A registration as staff read it in their group, and what the outbox calls such a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions import cases, members, registrations
from actions.codes import shown as in_groups
from actions.registrations import Registration
from actions.tables import Change
from bot.clerks.columns import CLERK, Wording
from bot.clerks.telling import summaries, was_here
from bot.desk.exchange import DeskExchange
from bot.knowledge import Facts
from bot.text import Choice, Line, Name, Say, Text, _, ngettext

#: Lines of a registration's history that are shown: the newest.
HISTORY = 5
NO_MORE = _("This registration is there no more.")


class Cards:
    """Writes registrations out for staff, with the names of who did what."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def show(self, x: DeskExchange, row: Registration) -> None:
        """Answer with a registration: whose it is, how it stands, what became of it."""
        self._facts.refresh(x.session)
        history = registrations.history(x.session, row)
        wording = self._wording(x, row, history)
        title = _("Code {code}", code=in_groups(row.code))
        lines: list[Line] = [(title, "title"), *summaries(self._facts).summary(row)]
        lines += [(line, "plain") for line in self._standing(row, wording)]
        lines.append((_("What became of it"), "note"))
        earlier = len(history) - HISTORY
        if earlier > 0:
            more = ngettext("{n} earlier change", "{n} earlier changes", earlier)
            lines.append((more, "note"))
        lines += [(_as_it_is(wording.happened(row, one)), "note") for one in history[-HISTORY:]]
        here = Choice(_("✅ Is here"), f"desk-checkin:{row.code}")
        free = row.status == "active" and row.checked_in_at is None
        tell_about(x, subject(x, row), Say(tuple(lines), ((here,),) * free))

    def came(self, x: DeskExchange, row: Registration) -> Text:
        """Say when the person of a registration first came, and who noted it."""
        wording = self._wording(x, row, ())
        assert row.checked_in_at is not None  # noqa: S101 - the callers' business
        return was_here(row.checked_in_at, str(wording.cell(row, "checked_in_by")))

    def _standing(self, row: Registration, wording: Wording) -> list[Text]:
        if row.status == "withdrawn":
            return [_("⚠ This registration was withdrawn: nothing is noted.")]
        if row.checked_in_at:
            return [was_here(row.checked_in_at, str(wording.cell(row, "checked_in_by")))]
        return []

    def _wording(self, x: DeskExchange, row: Registration, history: Sequence[Change]) -> Wording:
        clerks = {
            who.removeprefix(CLERK)
            for who in (row.checked_in_by, *(change.who for change in history))
            if who.startswith(CLERK)
        }
        found = (members.find(x.session, x.desk.channel, number) for number in clerks)
        names = {member.user: member.name for member in found if member}
        trades = self._facts.programme.convention.trades
        return Wording(self._facts.geography, trades, x.language, names)


def subject(x: DeskExchange, row: Registration) -> str:
    """Return what a message with a registration's code is about, for it to be found by that.

    In the case of its own person it belongs to the case: who replies to it answers them.
    """
    if x.case and x.case.conversation_id == row.conversation_id:
        return cases.subject(x.case)
    return registrations.shown_to_clerks(row)


def tell_about(x: DeskExchange, about: str, *says: Say | Text, apart: bool = False) -> None:
    """Answer with something that is found by `about` when it is to be erased.

    What is told `apart` is written outside the case it is said in: that one is to be no more.
    """
    before = len(x.outgoing)
    x.tell(*says)
    for at, (to, message, _subject) in enumerate(x.outgoing[before:], start=before):
        here = replace(message, thread="", answers="") if apart else message
        x.outgoing[at] = (to, here, about)


def _as_it_is(line: str) -> Text:
    return _("{line}", line=Name(line, line))

"""The stand: a clerk scans a person's code, sees who it is, and notes that they came."""

from __future__ import annotations

import datetime as dt

from actions import registrations
from actions.codes import read_code
from actions.codes import shown as in_groups
from actions.registrations import Registration
from bot.clock import ALGIERS
from bot.exchange import Exchange, Service
from bot.flows.registration.receipt import Receipts
from bot.text import Choice, Line, Say, _, say

_WITHDRAWN: Line = (_("⚠ This registration was withdrawn: nothing is noted."), "plain")


class CheckIn(Service):
    """Serves the clerks, and nobody else."""

    prefix = "checkin"
    start = "c"
    commands = frozenset({"checkin"})

    def __init__(self, receipts: Receipts, clerks: frozenset[str]) -> None:
        self._receipts = receipts
        self._clerks = clerks

    def started(self, x: Exchange, what: str) -> bool:
        """Follow the link behind a QR code."""
        self._look_up(x, what)
        return True

    def commanded(self, x: Exchange, command: str, text: str) -> None:
        """Look up the code given with the command."""
        self._look_up(x, text)

    def pressed(self, x: Exchange, what: str) -> None:
        """Note that the person came."""
        row = self._row(x, what)
        if row is None:
            return
        first = registrations.check_in(x.session, row, x.now, who=f"clerk:{x.talk.address}")
        if first is None:
            x.say(Say((_WITHDRAWN,)))
        elif first == x.now:
            x.count("checked_in")
            x.say(say(_("Noted: {name} is here.", name=f"{row.given_name} {row.family_name}")))
        else:
            x.say(Say((_came(first),)))

    def _look_up(self, x: Exchange, text: str) -> None:
        """Say whose code it is, with a button to check the person in."""
        row = self._row(x, text)
        if row is None:
            return
        title = _("Code {code}", code=in_groups(row.code))
        lines: list[Line] = [(title, "title"), *self._receipts.summary(row)]
        choices: tuple[tuple[Choice, ...], ...] = ()
        if row.status == "withdrawn":
            lines.append(_WITHDRAWN)
        elif row.checked_in_at:
            lines.append(_came(row.checked_in_at))
        else:
            choices = ((Choice(_("✅ Is here"), f"checkin:{row.code}"),),)
        x.say(Say(tuple(lines), choices))

    def _row(self, x: Exchange, text: str) -> Registration | None:
        """Return the registration of a code; says why when there is none to be shown."""
        if x.talk.address not in self._clerks:
            self._to_others(x, read_code(text))
            return None
        code = read_code(text)
        row = registrations.by_code(x.session, code) if code else None
        if row is None:
            x.say(say(_("I know no registration with this code. Check its eight digits.")))
        else:
            x.turn.subject = registrations.shown_to_clerks(row)
        return row

    def _to_others(self, x: Exchange, code: str | None) -> None:
        """Show people their own registration; of anyone else's, say nothing."""
        mine = registrations.of_conversation(x.session, x.talk.id)
        row = next((row for row in mine if row.code == code), None)
        lines = self._receipts.summary(row) if row else []
        note = _("This code is for the clerks at the stand: show it to them there.")
        x.say(Say((*lines, (note, "plain"))))


def _came(moment: dt.datetime) -> Line:
    local = moment.astimezone(ALGIERS)
    came = _("Was here already: {day}, {time}.", day=local.date(), time=local.time())
    return came, "plain"

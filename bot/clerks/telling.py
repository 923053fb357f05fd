"""What the terminal and the staff's group both say of registrations."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from actions.privacy import Thing
from bot.clock import ALGIERS
from bot.flows.registration.places import Places
from bot.flows.registration.receipt import Receipts
from bot.flows.registration.situations import Trades
from bot.flows.registration.stops import Stops
from bot.knowledge import Facts
from bot.text import Text, _, ngettext

WITHDRAWN = _("This registration was withdrawn: nothing is noted.")


def summaries(facts: Facts) -> Receipts:
    """Return what writes out whose a registration is, and what they signed up with."""
    return Receipts(
        Places(facts.geography),
        Trades(facts.programme.convention.trades),
        Stops(facts.timetable, facts.geography),
        papers=(),
    )


def is_here(name: str) -> Text:
    """Say that it is noted that somebody came now."""
    return _("Noted: {name} is here.", name=name)


def was_here(first: dt.datetime, who: str) -> Text:
    """Say when somebody first came, and who noted it."""
    local = first.astimezone(ALGIERS)
    return _(
        "Was here already: {day}, {time}, noted by {who}.",
        day=local.date(),
        time=local.time(),
        who=who,
    )


def told_erased(erased: Counter[Thing]) -> Text:
    """Say how much was erased; of cases only where there were some."""
    counts: tuple[Text, ...] = (
        ngettext("{n} registration", "{n} registrations", erased["registrations"]),
        ngettext("{n} line of history", "{n} lines of history", erased["changes"]),
        ngettext("{n} agreement", "{n} agreements", erased["consents"]),
        ngettext("{n} reminder", "{n} reminders", erased["reminders"]),
        ngettext("{n} message", "{n} messages", erased["messages"]),
    )
    if erased["cases"]:
        counts += (ngettext("{n} case", "{n} cases", erased["cases"]),)
    return _("Erased: {things}.", things=counts)

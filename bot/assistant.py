"""The assistant as people meet it: the dialogue with every form and service of the product."""

from __future__ import annotations

from collections.abc import Callable

from actions.privacy import Retention
from bot.dialogue import Dialogue
from bot.flows.eligibility import EligibilityFlow
from bot.flows.registration.flow import RegistrationFlow
from bot.knowledge import Facts
from bot.reminders import Reminders
from bot.services.checkin import CheckIn
from bot.services.data import OwnData
from bot.services.registrations import OwnRegistrations
from bot.services.reminding import Reminding
from bot.text import Name


def make_dialogue(
    facts: Facts, keep: Retention, clerks: frozenset[str], draw: Callable[[int], int]
) -> Dialogue:
    """Return the dialogue over these facts, with every form and service of the product.

    `clerks` are the addresses of people who may check others in; `draw(n)` gives a random whole
    number below n.
    """
    signing_up = RegistrationFlow(facts.programme, facts.geography, facts.tour, keep, draw)
    flows = {
        "check_my_eligibility": EligibilityFlow(facts.programme),
        "preregister": signing_up,
    }
    services = (
        OwnRegistrations(signing_up),
        OwnData(facts.programme, keep),
        Reminding(make_reminders(facts), facts.geography),
        CheckIn(signing_up.receipts, clerks),
    )
    return Dialogue(facts, flows, services)


def make_reminders(facts: Facts) -> Reminders:
    """Return what plans and words the reminders of the tour."""
    papers = facts.programme.applying.papers.to_register.items
    return Reminders(facts.tour, facts.geography, tuple(Name(p.fr, p.ar) for p in papers))

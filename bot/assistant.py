"""The assistant as people meet it: the dialogue with every form and service of the product."""

from __future__ import annotations

from collections.abc import Callable

from actions.privacy import Retention
from bot.desk.board import Board
from bot.desk.canned import CannedAnswers
from bot.desk.casework import Back, Close, Note, Queue, Take, Transfer
from bot.desk.desk import StaffDesk
from bot.desk.erasing import Erase
from bot.desk.exchange import Command
from bot.desk.exporting import Export
from bot.desk.handover import HandOver
from bot.desk.hours import OpeningTimes
from bot.desk.languages import MemberLanguage, MemberLanguageAsWell
from bot.desk.notices import Notices
from bot.desk.people import CheckInHere, Find, Who
from bot.desk.registering import Register
from bot.desk.review import Review
from bot.desk.settings import DeskSettings
from bot.desk.staff import Staff
from bot.desk.stats import Stats
from bot.desk.their_stop import TheirStop
from bot.desk.tour import StopCommand, StopsCommand
from bot.dialogue import Dialogue
from bot.exchange import Flow
from bot.flows.eligibility import EligibilityFlow
from bot.flows.registration.flow import RegistrationFlow
from bot.flows.registration.stops import Stops
from bot.forms.fields import Form
from bot.knowledge import Facts
from bot.reminders import Reminders
from bot.services.checkin import CheckIn
from bot.services.data import OwnData
from bot.services.linking import Linking
from bot.services.registrations import OwnRegistrations
from bot.services.reminding import Reminding
from bot.text import Name

#: The intents that open a form.
FORMS = frozenset({"check_my_eligibility", "preregister"})
#: What staff type in their group and nowhere else.
STAFF_COMMANDS = frozenset(
    {
        *("desk", "queue", "take", "note", "transfer", "close", "back", "canned", "who", "find"),
        *("register", "export", "erase", "hours", "stats", "staff", "stops", "review"),
        "notice",
    }
)


def make_dialogue(
    facts: Facts,
    keep: Retention,
    clerks: frozenset[str],
    draw: Callable[[int], int],
    desk: DeskSettings | None = None,
    *,
    sms: bool = True,
) -> Dialogue:
    """Return the dialogue over these facts, with every form and service of the product.

    `clerks` are the addresses of people who may check others in; `draw(n)` gives a random whole
    number below n. Without `sms` nobody is offered to join their number.
    """
    signing_up = RegistrationFlow(facts.programme, facts.geography, facts.timetable, keep, draw)
    flows = make_flows(facts, signing_up)
    board = Board(facts.geography)
    services = (
        OwnRegistrations(signing_up),
        OwnData(facts.programme, keep, draw),
        Reminding(make_reminders(facts), facts.geography),
        CheckIn(signing_up.receipts, clerks),
        *([Linking(board, draw)] if sms else []),
        HandOver(board, desk or DeskSettings(), STAFF_COMMANDS),
    )
    return Dialogue(facts, flows, services)


def make_flows(facts: Facts, signing_up: RegistrationFlow) -> dict[str, Flow]:
    """Return the forms of the product, by the intent that opens each."""
    return {"check_my_eligibility": EligibilityFlow(facts.programme), "preregister": signing_up}


def make_forms(facts: Facts, keep: Retention) -> list[Form]:
    """Return what the product's forms ask, for whoever only reads it."""
    signing_up = RegistrationFlow(
        facts.programme, facts.geography, facts.timetable, keep, lambda below: 0
    )
    return [flow.form for flow in make_flows(facts, signing_up).values()]


def make_reminders(facts: Facts) -> Reminders:
    """Return what plans and words the reminders of the tour."""
    papers = facts.programme.applying.papers.to_register.items
    return Reminders(facts.timetable, facts.geography, tuple(Name(p.fr, p.ar) for p in papers))


def make_desk(
    facts: Facts,
    keep: Retention,
    settings: DeskSettings,
    draw: Callable[[int], int],
    administrators: Callable[[str], bool],
    *,
    anyone_may_open: bool = False,
) -> StaffDesk:
    """Return the staff desk with every command of the product.

    `draw(n)` gives a random whole number below n. `administrators` tells who is one whatever the
    group says; with `anyone_may_open` so is whoever opens the first desk.
    """
    signing_up = RegistrationFlow(facts.programme, facts.geography, facts.timetable, keep, draw)
    board = Board(facts.geography)
    stops, reminders = Stops(facts.timetable, facts.geography), make_reminders(facts)
    commands: list[Command] = [
        *(Queue(board), Take(board), Note(), Transfer(), Close(), Back()),
        CannedAnswers(TheirStop(stops), settings.budget.price),
        *(Who(facts), Find(facts), CheckInHere(facts), Register(facts, signing_up, draw)),
        *(Export(facts), Erase()),
        OpeningTimes(),
        Review(),
        Notices(FORMS),
        StopsCommand(facts, reminders),
        StopCommand(facts, reminders),
        Stats(facts.geography, settings.budget),
        Staff(administrators),
        MemberLanguage(),
        MemberLanguageAsWell(),
    ]
    return StaffDesk(
        commands,
        administrators=administrators,
        patience=settings.patience,
        anyone_may_open=anyone_may_open,
        sms_price=settings.budget.price,
    )

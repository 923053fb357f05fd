"""Applying: the steps, the papers, the delays, the agency."""

from __future__ import annotations

from actions.scheme import Step
from bot.answers.asked import Asked
from bot.answers.notes import (
    agency_today,
    answer,
    listed,
    name,
    newer_online,
    newer_online_briefly,
    read_note,
    source_note,
    time,
    years,
)
from bot.menu import choice
from bot.text import Say, Text, _

#: The steps in a few words each, by their keys.
_BRIEF_STEPS: dict[str, Text] = {
    "annexe": _("go to the agency's annexe or to a caravan stop"),
    "form": _("fill in the form"),
    "plan": _("prepare the project with an adviser"),
    "committee": _("present it to the committee"),
    "bank": _("the bank"),
    "start": _("start"),
}


def ask_how_to_apply(asked: Asked) -> Say:
    """Tell the steps in order; what no source states with certainty is left to the annexe."""
    applying = asked.programme.applying
    certain = [step for step in applying.steps if step.certain]
    unsure = [step for step in applying.steps if not step.certain and step.key == "bank"]
    return answer(
        *(
            _("{n}. {step}", n=n, step=_step(asked, step))
            for n, step in enumerate(certain, start=1)
        ),
        *(_step(asked, step) for step in unsure),
        _("After that (company, money, start), the annexe tells you what to do."),
        notes=[*newer_online(asked), source_note(asked.programme, *certain)],
        choices=(
            (choice("ask_documents"), choice("ask_delays")),
            (choice("preregister"), choice("check_my_eligibility")),
        ),
        brief=[
            _(
                "In order: {steps} ({rules}).",
                steps=tuple(_BRIEF_STEPS[step.key] for step in certain),
                rules=years(*certain),
            ),
            *newer_online_briefly(asked),
        ],
    )


def _step(asked: Asked, step: Step) -> Text:
    applying = asked.programme.applying
    match step.key:
        case "annexe":
            return _("Go to the agency's annexe nearest to your home, or to a caravan stop.")
        case "form":
            return _("Fill in the registration form: one page.")
        case "plan":
            return _("Prepare your project with an adviser: equipment, place, market, costs.")
        case "committee":
            return _(
                "Present it to the committee ({committee}). If it says yes, bring your file within "
                "{time}.",
                committee=name(applying.committee.name),
                time=time(applying.delays.file),
            )
        case "bank":
            return _("Then the agency takes your file to the bank (to be confirmed).")
        case _:
            return _("Then the enterprise starts (to be confirmed).")


def ask_documents(asked: Asked) -> Say:
    """List the papers by what they are for, and say that they change."""
    papers = asked.programme.applying.papers
    return answer(
        _("To register, only this: {papers}.", papers=listed(papers.to_register.items)),
        _("Later, for the file:"),
        items=(
            _("You: {papers}.", papers=listed(papers.person.items)),
            _("The project: {papers}.", papers=listed(papers.project.items)),
            _("Social security: {papers}.", papers=listed(papers.social_security.items)),
            _(
                "Perhaps also (to be confirmed): {papers}.",
                papers=listed(papers.added_later.items),
            ),
        ),
        notes=[
            _("The papers have changed several times: confirm the list with your annexe."),
            source_note(asked.programme, papers.person),
        ],
        choices=((choice("ask_how_to_apply"), choice("ask_delays")),),
        brief=[
            _("To register, only: {papers}.", papers=listed(papers.to_register.items)),
            _(
                "For the file ({year}, to be confirmed): {papers}…",
                year=papers.person.as_of.year,
                papers=listed(papers.person.items),
            ),
        ],
    )


def ask_delays(asked: Asked) -> Say:
    """Say what officials announced, and that the bank is often slower."""
    delays = asked.programme.applying.delays
    return answer(
        _("What was announced:"),
        items=(
            _(
                "A request left at the caravan: an answer within {time}.",
                time=time(delays.caravan_answer),
            ),
            _("From the form to the committee: {time} at most.", time=time(delays.committee)),
            _("The bank: {time} at most, in practice often more.", time=time(delays.bank)),
        ),
        notes=[
            _("For the money itself, no delay was published."),
            source_note(asked.programme, delays.caravan_answer, delays.committee, delays.bank),
        ],
        choices=((choice("ask_how_to_apply"), choice("registration_status")),),
        brief=[
            _(
                "Announced: an answer within {answer} after the caravan, the committee {committee}"
                " at most, the bank {bank}, often more ({rules}). For the money: no delay known.",
                answer=time(delays.caravan_answer),
                committee=time(delays.committee),
                bank=time(delays.bank),
                rules=years(delays.caravan_answer, delays.committee, delays.bank),
            )
        ],
    )


def ask_agency(asked: Asked) -> Say:
    """Say which office to go to and what it is called; no address is known for certain."""
    agency = asked.programme.agency
    first, now = agency.names[0], agency.named_on(asked.today)
    renamed = _(
        "The agency was called {old}; today it is {new}, {full}.",
        old=name(first.name),
        new=agency_today(asked),
        full=name(now.full),
    )
    return answer(
        _("Go to the agency's annexe nearest to your home: an adviser receives you there."),
        _(
            "I have no sure list of addresses, phones and hours, so I give none. At the "
            "caravan's stop, you meet the agency too."
        ),
        renamed
        if now is not first
        else _("Its full name: {full} ({short}).", full=name(now.full), short=name(now.name)),
        notes=[read_note(asked.programme, now)],
        choices=(
            (choice("ask_next_stop"), choice("ask_stop_in_wilaya")),
            (choice("ask_how_to_apply"), choice("ask_documents")),
        ),
        brief=[
            _(
                "Go to the annexe of the agency ({agency}) nearest to you, or to the caravan's "
                "stop. I have no sure address or phone number.",
                agency=agency_today(asked),
            )
        ],
    )

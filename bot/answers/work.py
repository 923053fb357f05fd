"""The work: trades, Algérie Télécom's convention, the training."""

from __future__ import annotations

from bot.answers.asked import Asked
from bot.answers.notes import answer, in_force, listed, name, names, read_note, time
from bot.menu import choice
from bot.text import Say, Text, _

#: Trades named in a question that a short answer names again.
MOST_NAMED = 3


def ask_trades(asked: Asked) -> Say:
    """Say the trades of the convention, and whether the ones named are among them."""
    convention = asked.programme.convention
    vehicle = asked.programme.money.extra_loans.workshop_vehicle
    return answer(
        *_named_trades(asked),
        _(
            "Algérie Télécom's works: {trades}.",
            trades=listed(convention.trades.items.values()),
        ),
        _(
            "The agency also helps other trades, outside this convention, such as: {trades}. Ask "
            "the annexe.",
            trades=listed(vehicle.trades),
        ),
        notes=[read_note(asked.programme, convention.trades, vehicle)],
        choices=(
            (choice("ask_algerie_telecom_contract"), choice("ask_training")),
            (choice("ask_diploma"), choice("check_my_eligibility")),
        ),
        brief=_named_trades(asked, most=MOST_NAMED)
        or [
            _(
                "Algérie Télécom's works: {trades}. For other trades, ask the annexe.",
                trades=listed(convention.trades.items.values()),
            )
        ],
    )


def _named_trades(asked: Asked, most: int | None = None) -> list[Text]:
    """Say which of the trades named are in the convention, the first `most` of each kind."""
    trades = asked.programme.convention.trades.items
    profiles = asked.programme.convention.profiles.items
    accepted = [trades[key] for key in asked.trades if key in trades]
    called_for = [profiles[key] for key in asked.trades if key in profiles and key not in trades]
    lines = []
    if accepted:
        lines.append(_("Yes, it is one of them: {trades}.", trades=names(accepted[:most])))
    if called_for:
        lines.append(_("Your field is called for: {fields}.", fields=names(called_for[:most])))
    if asked.trades and not lines:
        lines.append(_("This trade is not among those of the convention with Algérie Télécom."))
    return lines


def ask_algerie_telecom_contract(asked: Asked) -> Say:
    """Say what the convention gives, in which order, and what is not published."""
    convention = asked.programme.convention
    known = [figures for figures in convention.figures if in_force(asked, figures)]
    return answer(
        _(
            "Algérie Télécom and the agency signed a convention on {day}. It gives a free "
            "training, a test site, a certificate, then work by the year ({plan}).",
            day=convention.signed.day,
            plan=name(convention.annual_work.name),
        ),
        _("The agency studies your file first, then hands it to Algérie Télécom."),
        *(
            _(
                "Micro-enterprises created with it by {year}: {enterprises}. The goal: at least "
                "{goal} in each wilaya.",
                year=newest.as_of.year,
                enterprises=newest.micro_enterprises,
                goal=convention.goal.per_wilaya,
            )
            for newest in known[-1:]
        ),
        _("How much, how it is paid, for how many years: I read that nowhere. Ask at the stop."),
        notes=[read_note(asked.programme, convention.signed, convention.gives)],
        choices=(
            (choice("ask_training"), choice("ask_trades")),
            (choice("ask_next_stop"), choice("ask_how_to_apply")),
        ),
        brief=[
            _(
                "A convention signed in {year}: free training, a test site, a certificate, then "
                "work by the year. How much and for how long: I read it nowhere, ask at the stop.",
                year=convention.signed.day.year,
            )
        ],
    )


def ask_training(asked: Asked) -> Say:
    """Say how long it is, what it teaches, and what comes after."""
    training, trades = asked.programme.convention.training, asked.programme.convention.trades.items
    return answer(
        _(
            "It is free and lasts {time}, up to {longest} by the subject.",
            time=time(training.shortest),
            longest=time(training.longest),
        ),
        _(
            "You learn: {subjects}.",
            subjects=names(trades[subject] for subject in training.subjects),
        ),
        _("Then comes a test site, and a qualification certificate."),
        _(
            "One newspaper says it may be shorter: {time}. Where and when: to be asked at the stop "
            "or at the agency.",
            time=time(training.shortest_elsewhere),
        ),
        notes=[read_note(asked.programme, training.shortest, training.longest)],
        choices=(
            (choice("ask_algerie_telecom_contract"), choice("ask_diploma")),
            (choice("ask_next_stop"), choice("ask_how_to_apply")),
        ),
        brief=[
            _(
                "Free, {time}, up to {longest} by the subject (one newspaper: {shorter}), then a "
                "certificate. Where and when: ask at the stop or at the agency.",
                time=time(training.shortest),
                longest=time(training.longest),
                shorter=time(training.shortest_elsewhere),
            )
        ],
    )

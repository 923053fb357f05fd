"""The money: who pays what, what one puts in, interest and repayment, taxes."""

from __future__ import annotations

from bot.answers.asked import Asked
from bot.answers.notes import (
    agency_today,
    answer,
    in_force,
    name,
    newer_shares,
    newer_shares_briefly,
    source_note,
    time,
    years,
)
from bot.menu import choice
from bot.text import Centimes, Dinars, Say, Text, _


def ask_financing(asked: Asked) -> Say:
    """Say the ceiling, who pays what in two examples, and what people call a million."""
    money = asked.programme.money
    first, second = money.financing.examples
    extra, spoken = money.extra_loans, money.spoken_million.dinars
    return answer(
        _(
            "A project may cost up to {ceiling}, that is {spoken}. You pay a small share, the "
            "agency lends without interest, a bank lends the rest.",
            ceiling=Dinars(money.financing.ceiling.dinars),
            spoken=Centimes(money.financing.ceiling.dinars),
        ),
        items=(
            _example(asked, first),
            _example(asked, second),
            _(
                "More loans without interest exist: {vehicle} for a workshop vehicle, {premises} "
                "to rent premises, {practice} to open a practice together.",
                vehicle=Dinars(extra.workshop_vehicle.dinars),
                premises=Dinars(extra.premises.dinars),
                practice=Dinars(extra.grouped_practice.dinars),
            ),
        ),
        notes=[
            _(
                "When people say “a million”, they mean {million}; “a milliard” is {milliard}.",
                million=Dinars(spoken),
                milliard=Dinars(spoken * 1000),
            ),
            *newer_shares(asked),
            source_note(
                asked.programme, money.financing.ceiling, money.financing.levels[0].contribution
            ),
        ],
        choices=(
            (choice("ask_personal_contribution"), choice("ask_loan_interest")),
            (choice("check_my_eligibility"), choice("ask_how_to_apply")),
        ),
        brief=[
            _(
                "Up to {ceiling}, {spoken} ({rules}): you pay a small share, the agency lends "
                "without interest, a bank lends the rest. For {cost}, you {own}.",
                ceiling=Dinars(money.financing.ceiling.dinars),
                spoken=Centimes(money.financing.ceiling.dinars),
                rules=years(money.financing.ceiling, money.financing.levels[0].contribution),
                cost=Dinars(first),
                own=Dinars(money.financing.shares(first).contribution),
            ),
            *newer_shares_briefly(asked),
        ],
    )


def _split_is_certain(asked: Asked) -> bool:
    levels = asked.programme.money.financing.levels
    return all(level.agency_loan.certain and level.bank_loan.certain for level in levels)


def _example(asked: Asked, cost: int) -> Text:
    shares = asked.programme.money.financing.shares(cost)
    values = {
        "cost": Dinars(cost),
        "own": Dinars(shares.contribution),
        "agency": Dinars(shares.agency_loan),
        "bank": Dinars(shares.bank_loan),
    }
    if _split_is_certain(asked):
        return _("Project of {cost}: you {own}, the agency {agency}, the bank {bank}.", **values)
    return _(
        "Project of {cost}: you {own}; then about {agency} from the agency and {bank} from the "
        "bank (to be confirmed).",
        **values,
    )


def ask_personal_contribution(asked: Asked) -> Say:
    """Say one's own share by level, in percent and in dinars."""
    financing = asked.programme.money.financing
    items, shares = [], []
    for level, cost in zip(financing.levels, financing.examples, strict=True):
        own = financing.shares(cost).contribution
        items.append(
            _(
                "{percent} percent up to {most}. For {cost}: {own}, that is {spoken}.",
                percent=level.contribution.percent,
                most=Dinars(level.up_to),
                cost=Dinars(cost),
                own=Dinars(own),
                spoken=Centimes(own),
            )
        )
        shares.append(
            _(
                "{percent} percent up to {most}",
                percent=level.contribution.percent,
                most=Dinars(level.up_to),
            )
        )
    first = financing.examples[0]
    return answer(
        _("With a bank, your own share is small. It depends on the cost of the project:"),
        items=items,
        notes=[
            _("Without a bank, the share is another: to be confirmed with the agency."),
            *newer_shares(asked),
            source_note(asked.programme, *(level.contribution for level in financing.levels)),
        ],
        choices=((choice("ask_financing"), choice("ask_loan_interest")),),
        brief=[
            _(
                "With a bank, you put in {shares} ({rules}). For {cost}: {own}.",
                shares=tuple(shares),
                rules=years(*(level.contribution for level in financing.levels)),
                cost=Dinars(first),
                own=Dinars(financing.shares(first).contribution),
            ),
            *newer_shares_briefly(asked),
        ],
    )


def ask_loan_interest(asked: Asked) -> Say:
    """Say who pays the interest, whether we judge it, when to pay back, and what if one can't."""
    interest = asked.programme.money.interest
    return answer(
        _(
            "The State pays {percent} percent of the bank's interest, and the agency's loan has "
            "none.",
            percent=interest.paid_by_the_state.percent,
        ),
        _(
            "Is it riba? The bank remains a bank, even when the State pays the interest. I give no "
            "religious opinion: ask someone whose knowledge you trust."
        ),
        _(
            "To pay back: the bank over {bank}, its principal only after {deferral}; the agency "
            "over {agency}.",
            bank=time(interest.bank_loan),
            deferral=time(interest.principal_deferral),
            agency=time(interest.agency_loan),
        ),
        _(
            "These are loans, to be paid back. If it gets hard, see the agency early. A guarantee "
            "fund exists ({fund}); ask what it covers.",
            fund=name(interest.guarantee_fund.name),
        ),
        notes=[
            *_newer_without_a_bank(asked),
            source_note(asked.programme, interest.paid_by_the_state, interest.bank_loan),
        ],
        choices=((choice("ask_financing"), choice("ask_personal_contribution")),),
        brief=[
            _(
                "The State pays {percent} percent of the bank's interest; the agency's loan has "
                "none ({rules}). Riba? Ask someone whose knowledge you trust.",
                percent=interest.paid_by_the_state.percent,
                rules=years(interest.paid_by_the_state),
            ),
            _(
                "To pay back: bank {bank}, agency {agency} ({rules}).",
                bank=time(interest.bank_loan),
                agency=time(interest.agency_loan),
                rules=years(interest.bank_loan, interest.agency_loan),
            ),
        ],
    )


def _newer_without_a_bank(asked: Asked) -> list[Text]:
    rules = asked.programme.agency.today
    if not in_force(asked, rules):
        return []
    return [
        _(
            "Printed since {year}: a form without a bank, half you ({percent} percent), half the "
            "agency. To be checked with {agency}.",
            year=rules.as_of.year,
            percent=rules.without_a_bank_share,
            agency=agency_today(asked),
        )
    ]


def ask_taxes(asked: Asked) -> Say:
    """Say what is not paid at the start, and for how long afterwards."""
    taxes = asked.programme.money.taxes
    return answer(
        _("Yes, there are exemptions:"),
        items=(
            _(
                "At the start: no VAT on equipment and services of the project, no registration "
                "duty on the company's deeds, no {percent} percent transfer duty on premises "
                "bought for an industrial activity.",
                percent=taxes.without_transfer_duty.percent,
            ),
            _(
                "Then {time} without income or company tax (IRG, IBS) nor property tax; {longer} "
                "in zones to be promoted.",
                time=time(taxes.exemption),
                longer=time(taxes.exemption_in_promoted_zones),
            ),
            _(
                "{time} more if you hire on open-ended contracts, at least {jobs} people.",
                time=time(taxes.extension),
                jobs=taxes.extension.jobs,
            ),
            _(
                "The single tax (IFU): {time} without it as well.",
                time=time(taxes.single_tax_exemption),
            ),
        ),
        notes=[
            _("For customs, and for the South: to be confirmed with the tax office."),
            source_note(
                asked.programme, taxes.extension, taxes.single_tax_exemption, taxes.exemption
            ),
        ],
        choices=((choice("ask_financing"), choice("ask_how_to_apply")),),
        brief=[
            _(
                "Yes: at the start no VAT on equipment, then {time} without income or company "
                "tax, {longer} in zones to be promoted ({rules}).",
                time=time(taxes.exemption),
                longer=time(taxes.exemption_in_promoted_zones),
                rules=years(
                    taxes.equipment_without_vat,
                    taxes.exemption,
                    taxes.exemption_in_promoted_zones,
                ),
            )
        ],
    )

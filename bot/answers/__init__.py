"""The answers, one function an intent. The stops' answers are in the tour's own module."""

from __future__ import annotations

from collections.abc import Callable

from bot.answers import applying, caravan, eligibility, money, talk, work
from bot.answers.asked import Asked
from bot.text import Say

ANSWERS: dict[str, Callable[[Asked], Say]] = {
    function.__name__: function
    for function in (
        talk.greet,
        talk.goodbye,
        talk.thank,
        talk.affirm,
        talk.deny,
        talk.bot_challenge,
        talk.ask_help,
        talk.out_of_scope,
        talk.talk_to_human,
        talk.complaint,
        caravan.ask_caravan_info,
        eligibility.ask_eligibility,
        eligibility.ask_age,
        eligibility.ask_employment_status,
        eligibility.ask_diploma,
        eligibility.ask_previous_beneficiary,
        money.ask_financing,
        money.ask_personal_contribution,
        money.ask_loan_interest,
        money.ask_taxes,
        work.ask_trades,
        work.ask_algerie_telecom_contract,
        work.ask_training,
        applying.ask_how_to_apply,
        applying.ask_documents,
        applying.ask_delays,
        applying.ask_agency,
    )
}

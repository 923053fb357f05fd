"""Who could benefit: the conditions of 2015, and a person's own case when they state it."""

from __future__ import annotations

from bot.answers.asked import Asked
from bot.answers.notes import (
    agency_today,
    answer,
    decree_note,
    in_force,
    listed,
    name,
    newer_ages,
    newer_ages_briefly,
    years,
)
from bot.menu import choice
from bot.text import Say, Text, _

_CHECK = (choice("check_my_eligibility"), choice("ask_how_to_apply"))


def ask_eligibility(asked: Asked) -> Say:
    """List every condition."""
    rules = asked.programme.eligibility
    return answer(
        _("You can ask for it if you meet all of this:"),
        items=(
            _(
                "Be {youngest} to {oldest} years old; the manager may be {manager} if the project "
                "creates at least {jobs} lasting jobs.",
                youngest=rules.age.youngest,
                oldest=rules.age.oldest,
                manager=rules.manager.oldest,
                jobs=rules.manager.jobs,
            ),
            _("Be Algerian, without a paid job, registered with ANEM as a job-seeker."),
            _("Not be studying or in training at the moment of applying."),
            _("Have a diploma, a qualification or recognised know-how."),
            _(
                "Never have had a creation aid ({agencies}).",
                agencies=rules.earlier_aid.agencies,
            ),
            _("Put in a small share of your own."),
        ),
        notes=[*newer_ages(asked), decree_note(asked.programme)],
        choices=(_CHECK, (choice("ask_personal_contribution"), choice("ask_documents"))),
        brief=[
            _(
                "In {year}: {youngest} to {oldest} years old (manager {manager}), Algerian, no "
                "paid job, registered with ANEM, not studying, diploma or know-how, no earlier "
                "aid, a small share.",
                year=rules.decree.as_of.year,
                youngest=rules.age.youngest,
                oldest=rules.age.oldest,
                manager=rules.manager.oldest,
            ),
            *newer_ages_briefly(asked),
        ],
    )


def ask_age(asked: Asked) -> Say:
    """Say the age limits, or what they mean at the age the person gives."""
    rules = asked.programme.eligibility
    return answer(
        *_age_lines(asked),
        notes=[
            *newer_ages(asked),
            decree_note(asked.programme, rules.decree, rules.age, rules.manager),
        ],
        choices=(_CHECK,),
        brief=[_age_briefly(asked), *newer_ages_briefly(asked)],
    )


def _age_briefly(asked: Asked) -> Text:
    rules, age = asked.programme.eligibility, asked.age
    youngest, oldest, manager = rules.age.youngest, rules.age.oldest, rules.manager.oldest
    of_year = years(rules.decree)
    if age is None:
        return _(
            "The age: {youngest} to {oldest}; {manager} for a manager, with at least {jobs} "
            "lasting jobs ({rules}).",
            youngest=youngest,
            oldest=oldest,
            manager=manager,
            jobs=rules.manager.jobs,
            rules=of_year,
        )
    if age < youngest:
        return _(
            "At {age}, it is too early: it opens at {youngest} ({rules}).",
            age=age,
            youngest=youngest,
            rules=of_year,
        )
    if age <= oldest:
        return _(
            "Yes: {age} is between {youngest} and {oldest} ({rules}). The other conditions count "
            "too.",
            age=age,
            youngest=youngest,
            oldest=oldest,
            rules=of_year,
        )
    if age <= manager:
        return _(
            "At {age}: only as the manager, with at least {jobs} lasting jobs ({rules}).",
            age=age,
            jobs=rules.manager.jobs,
            rules=of_year,
        )
    return _(
        "At {age}, no: the limit is {oldest}, {manager} for a manager ({rules}).",
        age=age,
        oldest=oldest,
        manager=manager,
        rules=of_year,
    )


def _age_lines(asked: Asked) -> list[Text]:
    rules, age = asked.programme.eligibility, asked.age
    if age is None:
        return [
            _(
                "The age: {youngest} to {oldest}.",
                youngest=rules.age.youngest,
                oldest=rules.age.oldest,
            ),
            _(
                "The manager may be up to {manager}, if the project creates at least {jobs} "
                "lasting jobs, associates included.",
                manager=rules.manager.oldest,
                jobs=rules.manager.jobs,
            ),
        ]
    if age < rules.age.youngest:
        return [
            _(
                "At {age}, it is a little early: it opens at {youngest}.",
                age=age,
                youngest=rules.age.youngest,
            ),
            _("Until then, a training or a trade learnt will count for your file."),
        ]
    if age <= rules.age.oldest:
        return [
            _(
                "Yes: at {age}, you are within the ages, {youngest} to {oldest}.",
                age=age,
                youngest=rules.age.youngest,
                oldest=rules.age.oldest,
            ),
            _("The other conditions count too: I can look at them with you."),
        ]
    if age <= rules.manager.oldest:
        return [
            _(
                "At {age}, it is possible if you are the manager and the project creates at least "
                "{jobs} lasting jobs, associates included.",
                age=age,
                jobs=rules.manager.jobs,
            ),
            *_cnac_lines(asked, age),
        ]
    return [
        _(
            "At {age}, not with this scheme: the limit is {oldest}, and {manager} for a manager.",
            age=age,
            oldest=rules.age.oldest,
            manager=rules.manager.oldest,
        ),
        *_cnac_lines(asked, age),
    ]


def _cnac_lines(asked: Asked, age: int) -> list[Text]:
    """Name the scheme that was open at their age in 2015, which had signed as well."""
    other = asked.programme.eligibility.cnac
    if not other.youngest <= age <= other.oldest:
        return []
    return [
        _(
            "In {year}, jobless people of {youngest} to {oldest} had another scheme, {scheme}, "
            "which had also signed with Algérie Télécom.",
            year=asked.programme.eligibility.decree.as_of.year,
            scheme=name(other.name),
            youngest=other.youngest,
            oldest=other.oldest,
        )
    ]


def ask_employment_status(asked: Asked) -> Say:
    """Say what a job, studies and ANEM change."""
    rules, today = asked.programme.eligibility, asked.programme.agency.today
    job = _("It is for people without a paid job: while you are employed, you can't ask for it.")
    anem = _("You must be registered with ANEM as a job-seeker.")
    studies = _(
        "While you study or train, not yet: you can ask once it is over. Further training in your "
        "own trade is allowed."
    )
    if asked.states("student"):
        lines = [studies, anem]
    elif asked.states("employed"):
        lines = [job, anem]
    elif asked.states("not_anem"):
        lines = [_("First register with ANEM as a job-seeker: it is a condition."), job]
    elif asked.states("jobless", "anem"):
        lines = [_("Good: being without work and registered with ANEM is what is asked."), studies]
    else:
        lines = [job, anem, studies]
    newer = _(
        "The rules printed since {year} also speak of students: to be checked with {agency}.",
        year=today.as_of.year,
        agency=agency_today(asked),
    )
    return answer(
        *lines,
        notes=[
            *([newer] if in_force(asked, today) else []),
            decree_note(asked.programme, rules.anem, rules.studies, rules.paid_job),
        ],
        choices=(_CHECK,),
        brief=[
            _employment_briefly(asked),
            *(
                [
                    _(
                        "Since {year} the rules also speak of students: check with {agency}.",
                        year=today.as_of.year,
                        agency=agency_today(asked),
                    )
                ]
                if in_force(asked, today)
                else []
            ),
        ],
    )


def _employment_briefly(asked: Asked) -> Text:
    rules = years(asked.programme.eligibility.decree)
    if asked.states("student"):
        return _(
            "While you study or train, not yet: ask once it is over, registered with ANEM "
            "({rules}).",
            rules=rules,
        )
    if asked.states("employed"):
        return _(
            "Not while you are employed: it is for those without a paid job, registered with ANEM "
            "({rules}).",
            rules=rules,
        )
    if asked.states("not_anem"):
        return _("First register with ANEM as a job-seeker: it is a condition ({rules}).",
                 rules=rules)  # fmt: skip
    if asked.states("jobless", "anem"):
        return _(
            "Good: without work and registered with ANEM is what is asked ({rules}). While you "
            "study, not yet.",
            rules=rules,
        )
    return _(
        "For people without a paid job, registered with ANEM as job-seekers ({rules}). While you "
        "study or train, not yet.",
        rules=rules,
    )


def ask_diploma(asked: Asked) -> Say:
    """Say that know-how may stand for a diploma, and which profiles the works call for."""
    rules, profiles = asked.programme.eligibility, asked.programme.convention.profiles
    of_year = years(rules.decree)
    if asked.states("unqualified"):
        first = _("Without a diploma it is possible too: recognised know-how counts.")
        brief = _("Without a diploma it is possible: recognised know-how counts ({rules}).",
                  rules=of_year)  # fmt: skip
    else:
        first = _("You need a diploma, a qualification or recognised know-how: one is enough.")
        brief = _("A diploma, a qualification or recognised know-how: one is enough ({rules}).",
                  rules=of_year)  # fmt: skip
    return answer(
        first,
        _(
            "For Algérie Télécom's works, these fields are called for: {fields}.",
            fields=listed(profiles.items.values()),
        ),
        _("How know-how is proved: the annexe of the agency tells you."),
        notes=[decree_note(asked.programme, rules.qualification, profiles)],
        choices=(_CHECK, (choice("ask_training"), choice("ask_trades"))),
        brief=[brief, _("How to prove it: ask the annexe of the agency.")],
    )


def ask_previous_beneficiary(asked: Asked) -> Say:
    """Say that a creation aid is given once."""
    rules = asked.programme.eligibility
    agencies = rules.earlier_aid.agencies
    if asked.states("never_aided"):
        first = _("Good: never having had a creation aid is one of the conditions.")
        brief = _("Good: never having had a creation aid is a condition ({rules}).",
                  rules=years(rules.decree))  # fmt: skip
    else:
        first = _(
            "No: whoever has had a creation aid ({agencies}) can't have another.",
            agencies=agencies,
        )
        brief = _(
            "No: after a creation aid ({agencies}) there is no other ({rules}). A special case: "
            "ask the annexe.",
            agencies=agencies,
            rules=years(rules.decree),
        )
    return answer(
        first,
        _("For an old loan that is paid off, or a special case, ask the annexe of the agency."),
        notes=[decree_note(asked.programme, rules.earlier_aid)],
        choices=((choice("ask_eligibility"), choice("ask_agency")),),
        brief=[brief],
    )

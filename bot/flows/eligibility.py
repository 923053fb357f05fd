"""The eligibility check: asks only what is missing, and explains each condition, met or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from actions.eligibility import Assessment, Finding, Profile, assess, in_manager_ages
from actions.facts import Programme
from bot import menu
from bot.exchange import Exchange, Flow
from bot.forms.correcting import AGE_NAMES, DIPLOMA_NAMES
from bot.forms.fields import YES_NO, Field, Form, Given, Reading, Slots
from bot.state import Slot
from bot.text import Line, Name, Say, Text, _

OLDEST_BELIEVED = 120
_YES_OR_NO = _("Please tap “Yes” or “No”, or write it.")
_YES_OR_NO_BRIEF = _("Answer 1 for yes or 2 for no.")
_AGE_WRONG = _("I need your age in years, for example: 24.")


class EligibilityFlow(Flow):
    """The form and its outcome, under the rules given."""

    may_be_left_open = True

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self._rules = rules = programme.eligibility
        self.form = Form(
            "eligibility",
            _("I look at the conditions with you: a few short questions, nothing is decided here."),
            (
                Field(
                    "age",
                    _("How old are you?"),
                    _AGE_WRONG,
                    _age,
                    _bare_age,
                    about="ask_age",
                    names=AGE_NAMES,
                ),
                _yes_or_no(
                    "employed",
                    _("Do you have a paid job at the moment?"),
                    "ask_employment_status",
                    names=("travail", "emploi", "خدمة", "khedma", "عمل"),
                    states={"employed": True, "jobless": False, "anem": False},
                ),
                _yes_or_no(
                    "anem",
                    _("Are you registered with ANEM as a job-seeker?"),
                    "ask_employment_status",
                    names=("anem", "لانام", "lanem"),
                    states={"anem": True, "not_anem": False},
                    needed=lambda slots: slots.get("employed") is False,
                ),
                _yes_or_no(
                    "student",
                    _("Are you studying or in training at the moment?"),
                    "ask_employment_status",
                    names=("études", "etudes", "الدراسة", "قراية", "9raya"),
                    states={"student": True, "not_student": False},
                ),
                _yes_or_no(
                    "qualified",
                    _("Do you have a diploma, a certificate or a trade you know well?"),
                    "ask_diploma",
                    names=DIPLOMA_NAMES,
                    states={"qualified": True, "unqualified": False},
                ),
                _yes_or_no(
                    "aided",
                    _("Have you ever had an aid from ANSEJ, CNAC or ANGEM?"),
                    "ask_previous_beneficiary",
                    names=("aide", "استفادة", "stifada"),
                    states={"aided": True, "never_aided": False},
                ),
                _yes_or_no(
                    "three_jobs",
                    _(
                        "Would your project create at least {jobs} lasting jobs, associates "
                        "included, with you as manager?",
                        jobs=rules.manager.jobs,
                    ),
                    needed=lambda slots: in_manager_ages(int(slots.get("age") or 0), rules),
                ),
            ),
        )

    def finish(self, x: Exchange) -> None:
        """Explain every condition, and keep what was said for a registration to come."""
        slots = x.state.form.slots if x.state.form else {}
        x.close_form()
        x.say(self._outcome(slots))
        x.state.said = _for_a_registration(slots)

    def _outcome(self, slots: Slots) -> Say:
        """Explain every condition, what would change it, and who decides."""
        known: dict[str, Any] = {name: slots.get(name) for name in Profile.__dataclass_fields__}
        assessment = assess(Profile(**known), self._rules)
        lines: list[Line] = [(self._headline(assessment), "title")]
        lines += [(self._with_source(f, known), "item") for f in assessment.findings]
        if any(known.get(name) is None for name in slots):
            lines.append((_("❔ What you left open, ask the agency about it."), "item"))
        if assessment.cnac:
            lines.append(
                (
                    _(
                        "From {youngest} to {oldest}, jobless people then had another scheme: "
                        "CNAC, which had also signed with Algérie Télécom. Ask about it there.",
                        youngest=self._rules.cnac.youngest,
                        oldest=self._rules.cnac.oldest,
                    ),
                    "plain",
                )
            )
        lines.append((_("This is only a first idea: the agency decides on your file."), "plain"))
        decree = self._rules.decree
        lines.append(
            (
                _(
                    "Rules of {year} ({decree}), as the press printed them.",
                    year=decree.signed.year,
                    decree=Name(decree.name.fr, decree.name.ar),
                ),
                "note",
            )
        )
        choices = (
            (menu.choice("preregister"), menu.choice("ask_documents")),
            (menu.choice("ask_how_to_apply"), menu.choice("ask_next_stop")),
            (menu.MENU_BUTTON,),
        )
        return Say(tuple(lines), choices, brief=_in_few_words(assessment), more=True)

    def _headline(self, assessment: Assessment) -> Text:
        if assessment.met:
            return _("From what you say, you meet the conditions.")
        return _("From what you say, not every condition is met yet.")

    def _with_source(self, finding: Finding, known: Mapping[str, Any]) -> Text:
        source = self._programme.cited(finding.fact)[0]
        return _(
            "{finding} ({source})",
            finding=self._explain(finding, known),
            source=Name(source.title.fr, source.title.ar),
        )

    def _explain(self, finding: Finding, known: Mapping[str, Any]) -> Text:
        rules, age = self._rules, known.get("age") or 0
        match finding.condition, finding.met:
            case "age", True:
                return _(
                    "✅ Age: {age} is within {youngest} to {oldest}.",
                    age=age,
                    youngest=rules.age.youngest,
                    oldest=rules.age.oldest,
                )
            case "age", False if age < rules.age.youngest:
                return _(
                    "❌ Age: it is open from {youngest}. You can prepare your papers and your "
                    "trade until then.",
                    youngest=rules.age.youngest,
                )
            case "age", False:
                return _(
                    "❌ Age: the limit is {oldest}, and {manager} for a manager.",
                    oldest=rules.age.oldest,
                    manager=rules.manager.oldest,
                )
            case "manager", True:
                return _(
                    "✅ Age: at {age}, you can be the manager of a project that creates at least "
                    "{jobs} lasting jobs.",
                    age=age,
                    jobs=rules.manager.jobs,
                )
            case "manager", False:
                return _(
                    "❌ Age: after {oldest} and up to {manager}, it takes a project that creates "
                    "at least {jobs} lasting jobs, with you as manager.",
                    oldest=rules.age.oldest,
                    manager=rules.manager.oldest,
                    jobs=rules.manager.jobs,
                )
            case condition, met:
                return (_MET if met else _NOT_MET)[condition]


def _in_few_words(assessment: Assessment) -> tuple[Text, ...]:
    """Name what is not met yet; why is in the whole answer."""
    unmet = tuple(_NAMES[finding.condition] for finding in assessment.findings if not finding.met)
    first = (
        _("Not met yet: {conditions}.", conditions=unmet)
        if unmet
        else _("From what you say, you meet the conditions.")
    )
    cnac = (_("Ask about CNAC too."),) if assessment.cnac else ()
    return (first, *cnac, _("The agency decides. Why: MORE."))


_NAMES: dict[str, Text] = {
    "age": _("age"),
    "manager": _("age"),
    "employment": _("paid job"),
    "anem": _("ANEM"),
    "studies": _("studies"),
    "qualification": _("qualification"),
    "aid": _("earlier aid"),
}
_MET: dict[str, Text] = {
    "employment": _("✅ Job: you have none, as required."),
    "anem": _("✅ ANEM: you are registered."),
    "studies": _("✅ Studies: you are not studying at the moment."),
    "qualification": _("✅ Qualification: a diploma, a certificate or a known trade counts."),
    "aid": _("✅ Earlier aid: you have had none."),
}
_NOT_MET: dict[str, Text] = {
    "employment": _("❌ Job: the scheme is for people without a paid job."),
    "anem": _("❌ ANEM: register there as a job-seeker; that is enough to meet this condition."),
    "studies": _(
        "❌ Studies: it opens when they end; further training in your own trade is allowed."
    ),
    "qualification": _(
        "❌ Qualification: a training certificate or recognised know-how would change this."
    ),
    "aid": _("❌ Earlier aid: one creation aid in a lifetime, whichever agency gave it."),
}


def _yes_or_no(
    name: str,
    question: Text,
    about: str = "",
    *,
    names: tuple[str, ...] = (),
    states: Mapping[str, bool] | None = None,
    needed: Callable[[Slots], bool] = lambda slots: True,
) -> Field:
    """Return a field for a yes or a no; `states` are the facts that people state of it."""
    values = states or {}

    def read(given: Given) -> Reading:
        stated = [str(e.value) for e in given.heard.entities if e.name == "fact"]
        value = next((values[fact] for fact in stated if fact in values), None)
        return None if value is None else {name: value}

    return Field(
        name,
        question,
        _YES_OR_NO,
        read,
        answers=lambda slots: YES_NO,
        about=about,
        names=names,
        needed=needed,
        wrong_brief=_YES_OR_NO_BRIEF,
    )


def _age(given: Given) -> Reading:
    age = next((int(e.value) for e in given.heard.entities if e.name == "age"), None)
    return None if age is None else {"age": age}


def _bare_age(given: Given) -> Reading:
    """Read an age that stands alone, in any digits."""
    number = re.fullmatch(r"\D*(\d{1,3})\D*", given.text)
    if number and int(number[1]) <= OLDEST_BELIEVED:
        return {"age": int(number[1])}
    return _age(given)


def _for_a_registration(slots: Slots) -> dict[str, Slot]:
    """Return what an eligibility check tells a registration, in its fields' names."""
    said: dict[str, Slot] = {"born": slots["age"]} if slots.get("age") else {}
    if slots.get("student"):
        said["situation"] = "student"
    elif slots.get("employed"):
        said["situation"] = "employed"
    elif slots.get("anem") is not None:
        said["situation"] = "jobless_anem" if slots["anem"] else "jobless"
    return said

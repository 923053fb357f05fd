"""The eligibility check: asks only what is missing, and explains each condition, met or not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from actions.eligibility import Assessment, Finding, Profile, assess, in_manager_ages
from actions.facts import Programme
from actions.messages import Style
from bot import menu
from bot.forms import Answer, Field, Form
from bot.state import Slot
from bot.text import Name, Say, Text, _
from nlu.client import Understanding

YES_NO = (Answer(True, _("Yes"), ("affirm",)), Answer(False, _("No"), ("deny",)))
OLDEST_BELIEVED = 120


class EligibilityFlow:
    """The form and its outcome, under the rules given."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self._rules = rules = programme.eligibility
        self.form = Form(
            "eligibility",
            _("I look at the conditions with you: a few short questions, nothing is decided here."),
            (
                Field("age", _("How old are you?"), _AGE_WRONG, _age, _bare_age, about="ask_age"),
                Field(
                    "employed",
                    _("Do you have a paid job at the moment?"),
                    _yes_or_no(),
                    _fact(employed=True, jobless=False, anem=False),
                    answers=YES_NO,
                    about="ask_employment_status",
                ),
                Field(
                    "anem",
                    _("Are you registered with ANEM as a job-seeker?"),
                    _yes_or_no(),
                    _fact(anem=True, not_anem=False),
                    answers=YES_NO,
                    about="ask_employment_status",
                    needed=lambda slots: slots.get("employed") is False,
                ),
                Field(
                    "student",
                    _("Are you studying or in training at the moment?"),
                    _yes_or_no(),
                    _fact(student=True, not_student=False),
                    answers=YES_NO,
                    about="ask_employment_status",
                ),
                Field(
                    "qualified",
                    _("Do you have a diploma, a certificate or a trade you know well?"),
                    _yes_or_no(),
                    _fact(qualified=True, unqualified=False),
                    answers=YES_NO,
                    about="ask_diploma",
                ),
                Field(
                    "aided",
                    _("Have you ever had an aid from ANSEJ, CNAC or ANGEM?"),
                    _yes_or_no(),
                    _fact(aided=True, never_aided=False),
                    answers=YES_NO,
                    about="ask_previous_beneficiary",
                ),
                Field(
                    "three_jobs",
                    _(
                        "Would your project create at least {jobs} lasting jobs, associates "
                        "included, with you as manager?",
                        jobs=rules.manager.jobs,
                    ),
                    _yes_or_no(),
                    lambda text, heard: None,
                    answers=YES_NO,
                    needed=lambda slots: in_manager_ages(int(slots.get("age") or 0), rules),
                ),
            ),
        )

    def outcome(self, slots: Mapping[str, Any], today: dt.date) -> list[Say]:
        """Explain every condition, what would change it, and who decides."""
        known = {name: slots.get(name) for name in Profile.__dataclass_fields__}
        assessment = assess(Profile(**known), self._rules)
        lines: list[tuple[Text, Style]] = [(self._headline(assessment), "title")]
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
            (menu.choice("ask_how_to_apply"), menu.choice("ask_documents")),
            (menu.choice("ask_next_stop"), menu.MENU_BUTTON),
        )
        return [Say(tuple(lines), choices)]

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
_AGE_WRONG = _("I need your age in years, for example: 24.")


def _yes_or_no() -> Text:
    return _("Please tap “Yes” or “No”, or write it.")


def _age(text: str, heard: Understanding) -> Slot | None:
    return next((int(e.value) for e in heard.entities if e.name == "age"), None)


def _bare_age(text: str, heard: Understanding) -> Slot | None:
    """Read an age that stands alone, in any digits."""
    number = re.fullmatch(r"\D*(\d{1,3})\D*", text)
    if number and int(number[1]) <= OLDEST_BELIEVED:
        return int(number[1])
    return _age(text, heard)


def _fact(**values: Slot) -> Any:
    """Return a reader that looks for facts people state of themselves."""

    def read(text: str, heard: Understanding) -> Slot | None:
        stated = [str(e.value) for e in heard.entities if e.name == "fact"]
        return next((values[fact] for fact in stated if fact in values), None)

    return read

"""What is said to people whose age is not the scheme's: kindly, and with what is open to them."""

from __future__ import annotations

from dataclasses import replace

from actions.eligibility import Standing
from actions.scheme import Eligibility
from bot import menu
from bot.text import Say, Text, _, say


def about_age(place: Standing, rules: Eligibility) -> Say | None:
    """Return what someone of an age learns before they go on, if there is something to learn."""
    told = _told(place, rules)
    return replace(told, brief=(_in_few_words(place, rules),)) if told else None


def _in_few_words(place: Standing, rules: Eligibility) -> Text:
    match place:
        case "minor":
            return _(
                "Signing up is for adults: I keep nothing of it. The scheme opens at {age}.",
                age=rules.age.youngest,
            )
        case "too_young":
            return _(
                "The scheme opens at {age}; you can leave your name already.",
                age=rules.age.youngest,
            )
        case "manager":
            return _(
                "From {age} on, it takes a project of at least {jobs} jobs with you as manager. "
                "Ask at the stop.",
                age=rules.age.oldest + 1,
                jobs=rules.manager.jobs,
            )
        case "cnac":
            return _(
                "At your age this scheme is closed; CNAC had one from {youngest} to {oldest}. You "
                "can leave your name.",
                youngest=rules.cnac.youngest,
                oldest=rules.cnac.oldest,
            )
        case _:
            return _(
                "At your age no scheme of this caravan is open: I keep nothing of it. Ask the "
                "clerks or the agency."
            )


def _told(place: Standing, rules: Eligibility) -> Say | None:
    match place:
        case "minor":
            return say(
                _(
                    "Signing up is for adults, so I stop here and keep nothing of it. The scheme "
                    "opens at {age}; until then I answer all your questions.",
                    age=rules.age.youngest,
                ),
                choices=menu.MENU,
            )
        case "too_young":
            return say(
                _(
                    "The scheme opens at {age}. You can leave your name all the same, and "
                    "prepare your papers and your trade until then.",
                    age=rules.age.youngest,
                )
            )
        case "manager":
            return say(
                _(
                    "From {age} on, it takes a project of at least {jobs} lasting jobs with you as "
                    "manager. Tell the clerks about it at the stop.",
                    age=rules.age.oldest + 1,
                    jobs=rules.manager.jobs,
                )
            )
        case "cnac":
            return say(
                _(
                    "At your age this scheme is closed, but CNAC had one for jobless people from "
                    "{youngest} to {oldest}, with Algérie Télécom too. You can leave your name "
                    "here and ask about it at the stop.",
                    youngest=rules.cnac.youngest,
                    oldest=rules.cnac.oldest,
                )
            )
        case "too_old":
            return say(
                _(
                    "At your age, I know of no scheme of this caravan that is open, so I stop here "
                    "and keep nothing of it. The clerks at the stop or the agency may know another."
                ),
                choices=menu.MENU,
            )
        case _:
            return None

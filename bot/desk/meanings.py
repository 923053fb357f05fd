"""What a message can mean, as staff call it: the subjects, and the talk around them."""

from __future__ import annotations

from bot import menu
from bot.text import Text, _

#: Every intent by its name for staff, in the order in which they are listed.
MEANINGS: dict[str, Text] = menu.SUBJECTS | {
    "greet": _("A greeting"),
    "goodbye": _("A goodbye"),
    "thank": _("Thanks"),
    "affirm": _("A yes"),
    "deny": _("A no"),
    "ask_help": _("How the assistant works"),
    "bot_challenge": _("Is it a robot?"),
    "change_language": _("Change the language"),
    "out_of_scope": _("Not our subject"),
}
#: The kinds of language that messages are told apart by.
KINDS: dict[str, Text] = {
    "fr": _("French"),
    "ar": _("Arabic"),
    "dz-ar": _("Darija in Arabic letters"),
    "dz-latn": _("Darija in Latin letters"),
    "mix": _("French and Arabic mixed"),
}

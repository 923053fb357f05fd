"""What Telegram shows before anyone writes: the bot's descriptions and its commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.messages import LANGUAGES, Language
from bot.text import Text, _, render

#: What an unknown language gets: French, and the line in Arabic below it.
COMMANDS: tuple[tuple[str, Text], ...] = (
    ("menu", _("See the subjects")),
    ("help", _("How to use the assistant")),
    ("moi", _("See or change my registration")),
    ("rappel", _("Be reminded of a stop")),
    ("mesdonnees", _("See what is held about me")),
    ("supprimer", _("Erase what is held about me")),
    ("confidentialite", _("How my data is treated")),
    ("sms", _("Go on by SMS")),
    ("langue", _("Change the language")),
    ("start", _("Start again from the beginning")),
)
SHORT = _("The micro-enterprise caravan: where it stops, who can benefit, how to apply.")
LONG = _(
    "I am an automatic assistant. Ask me about the caravan of Algérie Télécom and the "
    "youth-employment agency: the next stop, the conditions, the money, the papers, how to apply."
)


@dataclass(frozen=True)
class Introduction:
    """A bot's short description, its description, and its commands, in one language."""

    short: str
    long: str
    commands: Sequence[tuple[str, str]]


def introduction(code: str) -> Introduction:
    """Return the introduction for a language code; '' is for every other language."""
    spoken: list[Language] = [lang for lang in LANGUAGES if lang == code] or list(LANGUAGES)
    return Introduction(
        short=_both(SHORT, spoken[:1]),
        long=_both(LONG, spoken),
        commands=[(name, _both(about, spoken[:1])) for name, about in COMMANDS],
    )


def _both(text: Text, languages: Sequence[Language]) -> str:
    return "\n\n".join(render(text, language) for language in languages)

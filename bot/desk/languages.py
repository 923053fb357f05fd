"""`/langue`: the language in which the desk answers a member."""

from __future__ import annotations

from actions.messages import Language
from bot.desk.exchange import Command, DeskExchange
from bot.questions import plain
from bot.text import Choice, _, say

_SPELLINGS: dict[Language, str] = {
    "fr": "fr français francais french فرنسية الفرنسية",
    "ar": "ar arabe arabic عربي عربية العربية بالعربية",
}
_LANGUAGES = {plain(word): known for known, words in _SPELLINGS.items() for word in words.split()}
_CHOICES = (
    (
        Choice(_("Français"), "desk-langue:fr"),
        Choice(_("العربية"), "desk-langue:ar"),
    ),
)


class MemberLanguage(Command):
    """Sets the language of whoever asks; the others' stays."""

    name = "langue"
    summary = _("The language in which I answer you")
    usage = "[fr | ar]"

    def run(self, x: DeskExchange, words: str) -> None:
        """Set the language, or ask for one by a tap."""
        language = _LANGUAGES.get(plain(words))
        if language is None:
            x.tell(say(_("Which language do you prefer?"), choices=_CHOICES))
            return
        if x.member.language != language:
            x.member.language = language
            x.note("language", details=language)
        x.tell(_("Good: we speak English."))

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Set the language of whoever taps."""
        self.run(x, what)


class MemberLanguageAsWell(MemberLanguage):
    """The same under its English name, as people's own command has both."""

    name = "language"
    hidden = True

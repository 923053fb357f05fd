"""Sentences: marked, then translated, then filled in, and rendered once in the reader's language.

`_("We open at {time}", time=t)` builds a `Text`; nothing is translated until `render`. Values keep
their type until then, so that a date, an amount or a place is written as its reader writes it.
"""

from __future__ import annotations

import datetime as dt
import functools
import gettext
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from actions import messages
from actions.messages import (
    LANGUAGES,
    Button,
    Document,
    Language,
    Outbound,
    Picture,
    Style,
    Venue,
)

LOCALES = Path(__file__).parent.parent / "locales"
DOMAIN = "caravane"
#: Algerian Arabic has its own month names; plain `ar` would print others.
REGION: dict[Language, str] = {"fr": "fr_DZ", "ar": "ar_DZ"}


class CataloguesMissingError(RuntimeError):
    """The compiled catalogues are not there; `make catalogues` builds them."""


@dataclass(frozen=True)
class Name:
    """A proper name written in both languages, such as a wilaya's."""

    fr: str
    ar: str


@dataclass(frozen=True)
class Place(Name):
    """The name of a wilaya or a town: the one kind that everyone knows without its accents."""


@dataclass(frozen=True)
class Dinars:
    """An amount in whole Algerian dinars."""

    amount: int


@dataclass(frozen=True)
class Centimes:
    """The same amount as people say it aloud: one million is 10,000 dinars."""

    amount: int


@dataclass(frozen=True)
class Day:
    """A day told without its weekday, such as a birth date."""

    date: dt.date


@dataclass(frozen=True)
class Period:
    """Days that follow each other, first and last included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Text:
    """A sentence to translate and the values to put into it."""

    msgid: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str = ""
    count: int = 0


Value = (
    Text
    | Name
    | Dinars
    | Centimes
    | Day
    | Period
    | dt.date
    | dt.time
    | int
    | str
    | tuple["Text | Name | str", ...]
)


def _(msgid: str, **values: Value) -> Text:
    """Mark a sentence for translation; `{name}` in it is filled with `values[name]`."""
    return Text(msgid, values)


def ngettext(singular: str, plural: str, count: int, **values: Value) -> Text:
    """Mark a sentence that depends on a number, given to it as `{n}`."""
    return Text(singular, {"n": count, **values}, plural, count)


#: A sentence and how it looks, as a part of a message.
Line = tuple[Text, Style]


@dataclass(frozen=True)
class Choice:
    """A button not yet written in anyone's language; `brief` is its label where room is dear."""

    label: Text | Name
    data: str
    brief: Text | Name | None = None


@dataclass(frozen=True)
class Say:
    """One message not yet written in anyone's language: what flows return.

    `brief` is the same in few words, for where each of them is paid for; with `more` the lines say
    enough beyond it to be worth asking for.
    """

    lines: tuple[Line, ...] = ()
    choices: tuple[tuple[Choice, ...], ...] = ()
    venue: tuple[Text, Text, float, float] | None = None
    ask_location: Text | None = None
    ask_contact: Text | None = None
    close_keyboard: bool = False
    picture: Picture | None = None
    document: Document | None = None
    brief: tuple[Text, ...] = ()
    more: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether it is lines alone, with nothing beside or under them."""
        beside = (self.venue, self.ask_location, self.ask_contact, self.picture, self.document)
        return not self.choices and not any(beside)


def say(*lines: Text, choices: tuple[tuple[Choice, ...], ...] = ()) -> Say:
    """Return a message of plain paragraphs."""
    return Say(tuple((line, "plain") for line in lines), choices)


@functools.cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    try:
        return gettext.translation(DOMAIN, LOCALES, [language])
    except OSError as missing:
        raise CataloguesMissingError(
            f"The {language} catalogue is not compiled: run `make catalogues`."
        ) from missing


def require_catalogues() -> None:
    """Load every catalogue, raising `CataloguesMissingError` for one that is not compiled."""
    for language in LANGUAGES:
        _catalogue(language)


#: A stretch in Latin letters or digits, with the signs that may stand inside it.
_LATIN_RUN = re.compile(
    r"[A-Za-zÀ-ɏ0-9@/+«]*[A-Za-zÀ-ɏ0-9](?:[\s.,:;/@%°'’+_\-–&]*[A-Za-zÀ-ɏ0-9%+])*"
)
_ARABIC_RUN = re.compile(r"[\u0600-\u06ff](?:[\s\d.,:،'’\-–]*[\u0600-\u06ff])*")
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


def isolate(text: str, language: Language) -> str:
    """Wrap each run of the other script in U+2068 … U+2069, so that lines never flip.

    Source: Unicode Standard Annex 9, explicit directional isolates.
    """
    run = _LATIN_RUN if language == "ar" else _ARABIC_RUN
    return run.sub(lambda m: f"{FIRST_STRONG_ISOLATE}{m.group()}{POP_ISOLATE}", text)


def render(
    text: Text | Name, language: Language, *, isolated: bool = True, unmarked: bool = False
) -> str:
    """Return the sentence in the reader's language, its values filled in.

    `unmarked` writes the names of places without accents, as phones with few letters do.
    """
    written = _fill(text, language, unmarked=unmarked)
    return isolate(written, language) if isolated else written


def render_brief(message: Say, language: Language) -> Outbound:
    """Return the message in the few words it has for where each is paid for, and nothing else."""
    texts = message.brief or tuple(text for text, _style in message.lines)
    lines = (render(text, language, isolated=False, unmarked=True) for text in texts)
    return Outbound(lines=tuple(messages.Line(line) for line in lines), language=language)


def render_message(message: Say, language: Language) -> Outbound:
    """Return the message as it will be sent, every sentence in the reader's language."""
    venue = None
    if message.venue:
        title, address, latitude, longitude = message.venue
        venue = Venue(render(title, language), render(address, language), latitude, longitude)
    return Outbound(
        lines=tuple(messages.Line(render(text, language), style) for text, style in message.lines),
        buttons=tuple(
            tuple(Button(render(choice.label, language), choice.data) for choice in row)
            for row in message.choices
        ),
        venue=venue,
        ask_location=render(message.ask_location, language) if message.ask_location else "",
        ask_contact=render(message.ask_contact, language) if message.ask_contact else "",
        close_keyboard=message.close_keyboard,
        picture=message.picture,
        document=message.document,
        language=language,
    )


def _fill(value: Value, language: Language, *, unmarked: bool = False) -> str:
    locale = REGION[language]
    match value:
        case Text():
            catalogue = _catalogue(language)
            sentence = (
                catalogue.ngettext(value.msgid, value.plural, value.count)
                if value.plural
                else catalogue.gettext(value.msgid)
            )
            if not value.values:
                return sentence
            values = value.values.items()
            return sentence.format(**{k: _fill(v, language, unmarked=unmarked) for k, v in values})
        case Name():
            return _name(value, language, unmarked=unmarked)
        case Dinars():
            amount = format_decimal(value.amount, locale="fr_DZ").replace("\u202f", "\u00a0")
            return f"{amount}\u00a0{'دج' if language == 'ar' else 'DA'}"
        case Centimes():
            return _fill(_centimes(value.amount), language)
        case Day():
            return format_date(value.date, "long", locale=locale)
        case Period():
            return _fill(_period(value, language), language)
        case dt.date():
            return format_date(value, "full", locale=locale)
        case dt.time():
            return value.strftime("%H:%M")
        case tuple():
            return format_list(
                [_fill(item, language, unmarked=unmarked) for item in value], locale=locale
            )
        case int() if value >= 10_000:
            return format_decimal(value, locale="fr_DZ").replace("\u202f", "\u00a0")
        case _:
            return str(value)


def _name(name: Name, language: Language, *, unmarked: bool) -> str:
    if language == "ar":
        return name.ar
    if not (unmarked and isinstance(name, Place)):
        return name.fr
    apart = unicodedata.normalize("NFD", name.fr)
    return "".join(c for c in apart if not unicodedata.combining(c))


def _centimes(dinars: int) -> Text:
    """Say an amount as people do, in millions or milliards of centimes."""
    millions, rest = divmod(dinars * 100, 1_000_000)
    if rest or millions == 0:
        return _("{n} centimes", n=dinars * 100)
    milliards, rest = divmod(millions, 1000)
    if milliards and not rest:
        return ngettext("{n} milliard of centimes", "{n} milliards of centimes", milliards)
    return ngettext("{n} million centimes", "{n} million centimes", millions)


def _period(period: Period, language: Language) -> Text | dt.date:
    first, last = period.first, period.last
    if first == last:
        return first
    short = format_date(first, "EEEE d MMMM", locale=REGION[language])
    return _("from {first} to {last}", first=short, last=last)

"""What answers share: names and times as values, and the lines on sources and on what is newer."""

from __future__ import annotations

from collections.abc import Iterable

from actions.facts import Programme
from actions.messages import Style
from actions.sourced import Bilingual, Duration, Fact
from bot.answers.asked import Asked
from bot.text import Choice, Name, Say, Text, _, ngettext

#: A line reads aloud well with two sources at most; the others stay in the programme's files.
MOST_SOURCES = 2

AnswerLine = tuple[Text, Style]
Rows = tuple[tuple[Choice, ...], ...]


def answer(
    *lines: Text,
    items: Iterable[Text] = (),
    notes: Iterable[Text],
    choices: Rows,
    brief: Iterable[Text],
) -> Say:
    """Return an answer: its lines, a list if any, then the notes on sources and validity.

    `brief` is what it comes to, in few words; the lines say more than that.
    """
    written: list[AnswerLine] = [(line, "plain") for line in lines]
    written += [(item, "item") for item in items]
    written += [(note, "note") for note in notes]
    return Say(tuple(written), choices, brief=tuple(brief), more=True)


def name(written: Bilingual) -> Name:
    """Return a name of the programme as a value of a sentence."""
    return Name(written.fr, written.ar)


def names(written: Iterable[Bilingual]) -> tuple[Name, ...]:
    """Return names of the programme as a list in a sentence."""
    return tuple(name(one) for one in written)


def listed(written: Iterable[Bilingual]) -> Text | Name:
    """Return names as a list with commas alone: clearer than “and” when the names are long."""
    first, *others = names(written)
    whole: Text | Name = first
    for other in others:
        whole = _("{list}, {next}", list=whole, next=other)
    return whole


def time(duration: Duration) -> Text:
    """Return a time in words, in the unit of the fact."""
    n = duration.length
    if duration.days is not None:
        return ngettext("{n} day", "{n} days", n)
    if duration.weeks is not None:
        return ngettext("{n} week", "{n} weeks", n)
    if duration.months is not None:
        return ngettext("{n} month", "{n} months", n)
    return ngettext("{n} year", "{n} years", n)


def sources(programme: Programme, *facts: Fact) -> tuple[Name, ...]:
    """Return the titles of the first sources of some facts."""
    return names(source.title for source in programme.cited(*facts)[:MOST_SOURCES])


def read_note(programme: Programme, *facts: Fact) -> Text:
    """Say where facts were read, when they are no rules of a year."""
    return _("Source: {sources}.", sources=sources(programme, *facts))


def source_note(programme: Programme, *facts: Fact) -> Text:
    """Say where rules were read, and of which year they are, or of which years."""
    years = [fact.as_of.year for fact in facts]
    if min(years) == max(years):
        return _(
            "Rules of {year}. Source: {sources}.",
            year=years[0],
            sources=sources(programme, *facts),
        )
    return _(
        "Rules of {first} to {last}. Source: {sources}.",
        first=min(years),
        last=max(years),
        sources=sources(programme, *facts),
    )


def decree_note(programme: Programme, *facts: Fact) -> Text:
    """Say that the conditions are the decree's, and where it was read."""
    decree = programme.eligibility.decree
    return _(
        "Rules of {year}: {decree}. Source: {sources}.",
        year=decree.as_of.year,
        decree=name(decree.name),
        sources=sources(programme, *(facts or (decree,))),
    )


def years(*facts: Fact) -> Text:
    """Return of which year rules are, or of which years, in two words."""
    first, last = min(fact.as_of.year for fact in facts), max(fact.as_of.year for fact in facts)
    if first == last:
        return _("rules of {year}", year=first)
    return _("rules of {first}-{last}", first=first, last=last)


def in_force(asked: Asked, fact: Fact) -> bool:
    """Whether a newer fact already holds on the day of the question, and may be told."""
    return fact.as_of <= asked.today


def agency_today(asked: Asked) -> Name:
    """Return the agency's short name on the day of the question."""
    return name(asked.programme.agency.named_on(asked.today).name)


def newer_ages(asked: Asked) -> list[Text]:
    """Say the ages that replaced those of 2015, once they have."""
    ages = asked.programme.agency.ages_since_2022
    if not in_force(asked, ages):
        return []
    return [
        _(
            "Since {year}, the press gives {youngest} to {oldest}: to be checked with {agency}.",
            year=ages.as_of.year,
            youngest=ages.youngest,
            oldest=ages.oldest,
            agency=agency_today(asked),
        )
    ]


def newer_ages_briefly(asked: Asked) -> list[Text]:
    """Say in few words the ages that replaced those of 2015, once they have."""
    ages = asked.programme.agency.ages_since_2022
    if not in_force(asked, ages):
        return []
    return [
        _(
            "Since {year}, the press says {youngest} to {oldest}: check with {agency}.",
            year=ages.as_of.year,
            youngest=ages.youngest,
            oldest=ages.oldest,
            agency=agency_today(asked),
        )
    ]


def newer_shares(asked: Asked) -> list[Text]:
    """Say the shares printed since 2024, once they are."""
    rules = asked.programme.agency.today
    if not in_force(asked, rules):
        return []
    return [
        _(
            "Printed since {year}: in percent, you {own_least} to {own_most}, the agency "
            "{agency_least} to {agency_most}, the bank {bank}. To be checked with {agency}.",
            year=rules.as_of.year,
            own_least=rules.contribution.least,
            own_most=rules.contribution.most,
            agency_least=rules.agency_share.least,
            agency_most=rules.agency_share.most,
            bank=rules.bank_share,
            agency=agency_today(asked),
        )
    ]


def newer_shares_briefly(asked: Asked) -> list[Text]:
    """Say in few words one's own share as it is printed since 2024, once it is."""
    rules = asked.programme.agency.today
    if not in_force(asked, rules):
        return []
    return [
        _(
            "Since {year}, it says {least} to {most} percent: check with {agency}.",
            year=rules.as_of.year,
            least=rules.contribution.least,
            most=rules.contribution.most,
            agency=agency_today(asked),
        )
    ]


def newer_online(asked: Asked) -> list[Text]:
    """Name the platform on which one applies since 2025, once it is there."""
    online = asked.programme.agency.online
    if not in_force(asked, online):
        return []
    return [
        _(
            "Today, {agency} is said to take applications online, on {platform}: to be checked "
            "with it.",
            agency=agency_today(asked),
            platform=name(online.name),
        )
    ]


def newer_online_briefly(asked: Asked) -> list[Text]:
    """Name in few words the platform on which one applies since 2025, once it is there."""
    online = asked.programme.agency.online
    if not in_force(asked, online):
        return []
    return [
        _(
            "Today online, it is said, on {platform}: check with {agency}.",
            platform=name(online.name),
            agency=agency_today(asked),
        )
    ]

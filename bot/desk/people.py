"""`/who`, `/find` and `/checkin`: who somebody is, for staff."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions import cases, conversations, privacy, registrations
from actions.codes import read_code
from actions.codes import shown as in_groups
from actions.digits import latin_digits
from actions.phones import mobile_in
from actions.registrations import FOUND, Registration
from actions.tables import Case
from bot.answers.stop_lines import wilaya_name
from bot.clerks.asked import RefusedError, registration_given
from bot.clerks.telling import WITHDRAWN, is_here
from bot.clock import algiers_day
from bot.desk.board import LANGUAGES, REASONS
from bot.desk.cards import NO_MORE, Cards, tell_about
from bot.desk.exchange import Command, DeskExchange, spoken
from bot.desk.titles import named
from bot.knowledge import Facts
from bot.questions import plain
from bot.text import Choice, Line, Name, Say, Text, _, ngettext, say

#: People that a search shows, and their buttons beside each other.
MOST_FOUND, IN_A_ROW = 10, 5
#: Earlier cases of a person that are shown: the newest.
MOST_CASES = 5
#: A part of a name is searched for from this many letters on.
FEWEST_LETTERS = 3

#: A case's number, which has fewer digits than a code.
_CASE = re.compile(r"#?\s*(\d{1,7})")
#: Letters that a name has however it is spelt: no accents, no hamza, no other form of them.
_STEADY = re.compile(r"[bdfghjklmpqrtvwxبتثجحخدذرزسشصضطظعغفكلمن]")
#: More digits than any row's number has.
_LONGEST_NUMBER = 18
_CLOSED: dict[str, Text] = {
    "staff": _("ended by the desk"),
    "back": _("given back to the assistant"),
    "person": _("ended by the person"),
}


class Who(Command):
    """Shows who a case is about, or whose a code is."""

    name = "who"
    summary = _("Who somebody is: in a case, or by code")
    usage = "[4715 2084 | 12]"

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._cards = Cards(facts)

    def run(self, x: DeskExchange, words: str) -> None:
        """Show the person of the case, of the case named, or of the code."""
        number = _CASE.fullmatch(latin_digits(words).strip())
        if number:
            case = cases.get(x.session, int(number[1]))
            if case:
                self._person(x, case)
            else:
                x.tell(_("There is no case {n}.", n=number[1]))
        elif words.strip():
            try:
                self._cards.show(x, registration_given(x.session, words))
            except RefusedError as refused:
                x.tell(say(refused.sentence, _how_to_find()))
        elif x.case:
            self._person(x, x.case)
        else:
            x.tell(
                _(
                    "Who? Write it in a case, or with a code or a case's number: {examples}",
                    examples="/who 4715 2084 · /who 12",
                )
            )

    def _person(self, x: DeskExchange, case: Case) -> None:
        talk = x.talk(case)
        language = LANGUAGES[spoken(talk)]
        lines: list[Line] = [
            (_("{case}: {why}", case=named(case), why=REASONS[case.why]), "title"),
            (_("Language: {language}", language=language), "item"),
        ]
        wilaya = self._facts.geography.wilaya(case.wilaya)
        if wilaya:
            lines.append((_("Wilaya: {wilaya}", wilaya=wilaya_name(wilaya)), "item"))
        since = _("Writes to the assistant since {day}", day=algiers_day(talk.created_at))
        lines.append((since, "item"))
        lines += _other_cases(privacy.cases_of(x.session, talk.id), case)
        rows = registrations.of_conversation(x.session, talk.id, withdrawn=True)
        if not rows:
            lines.append((_("Nobody signed up from this chat."), "plain"))
        tell_about(x, cases.subject(case), Say(tuple(lines)))
        for row in rows:
            self._cards.show(x, row)


def _other_cases(every: Sequence[Case], this: Case) -> list[Line]:
    others = [case for case in every if case.id != this.id]
    lines: list[Line] = []
    for case in others[-MOST_CASES:]:
        how = _CLOSED.get(case.closed_by, _("closed")) if case.closed_at else _("still open")
        line = _(
            "Other case: {case}, {day}, {why}, {how}",
            case=named(case),
            day=algiers_day(case.opened_at),
            why=REASONS[case.why],
            how=how,
        )
        lines.append((line, "item"))
    more = len(others) - MOST_CASES
    if more > 0:
        lines.append((ngettext("and {n} more", "and {n} more", more), "note"))
    return lines


class Find(Command):
    """Finds registrations by code, phone number, or a part of the name."""

    name = "find"
    summary = _("Find somebody by code, phone or name")
    usage = "…"

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._cards = Cards(facts)

    def run(self, x: DeskExchange, words: str) -> None:
        """Show the one who is found, or a list to choose from."""
        code, phone = read_code(words), mobile_in(words)
        if code:
            row = registrations.by_code(x.session, code)
            found = [row] if row else []
        elif phone:
            found = registrations.by_phone(x.session, phone)
        else:
            wanted = plain(words).split()
            if max(map(len, wanted), default=0) < FEWEST_LETTERS:
                x.tell(_how_to_find())
                return
            found = self._named(x, wanted)
        if len(found) == 1:
            self._cards.show(x, found[0])
        elif found:
            self._list(x, found)
        else:
            x.tell(say(_("I found nobody."), _how_to_find()))

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Show one of those found."""
        known = what.isdecimal() and len(what) <= _LONGEST_NUMBER
        row = registrations.get(x.session, int(what)) if known else None
        if row:
            self._cards.show(x, row)
        else:
            x.tell(NO_MORE)

    def _named(self, x: DeskExchange, wanted: list[str]) -> list[Registration]:
        """Return whose name holds every word, those who are called just so first."""
        orders = ["".join(_STEADY.findall(word)) for word in wanted]
        ranked = []
        for number, whole in registrations.names_with(x.session, list(filter(None, orders))):
            name = plain(whole)
            if all(word in name for word in wanted):
                ranked.append((not set(wanted) <= set(name.split()), number))
        rows = (registrations.get(x.session, n) for _whole, n in sorted(ranked))
        return [row for row in rows if row]

    def _list(self, x: DeskExchange, found: list[Registration]) -> None:
        shown, more = found[:MOST_FOUND], len(found) - MOST_FOUND
        count = ngettext("{n} registration", "{n} registrations", len(found))
        lines: list[Line] = [(count, "title")]
        lines += [(self._line(n, row), "plain") for n, row in enumerate(shown, start=1)]
        if more > 0:
            lines.append((ngettext("and {n} more", "and {n} more", more), "note"))
            lines.append((_("Write more of the name to find fewer."), "note"))
        buttons = [
            Choice(Name(str(n), str(n)), f"desk-find:{row.id}")
            for n, row in enumerate(shown, start=1)
        ]
        rows = tuple(tuple(buttons[at : at + IN_A_ROW]) for at in range(0, len(buttons), IN_A_ROW))
        tell_about(x, FOUND, Say(tuple(lines), rows))

    def _line(self, n: int, row: Registration) -> Text:
        name = f"{row.given_name} {row.family_name}"
        wilaya = wilaya_name(self._facts.geography.wilayas[row.wilaya])
        line = _(
            "{n}. {name} · {wilaya} · {code}",
            n=n,
            name=Name(name, name),
            wilaya=wilaya,
            code=in_groups(row.code),
        )
        return _("{line} (withdrawn)", line=line) if row.status == "withdrawn" else line


class CheckInHere(Command):
    """Notes in the group that somebody came to the stand."""

    name = "checkin"
    summary = _("Note that somebody came to the stand")
    usage = "4715 2084"

    def __init__(self, facts: Facts) -> None:
        self._cards = Cards(facts)

    def run(self, x: DeskExchange, words: str) -> None:
        """Show whose code it is, with a button to note that they came.

        In a case it may be left out where one person signed up.
        """
        if not words.strip():
            rows = (
                registrations.of_conversation(x.session, x.case.conversation_id) if x.case else []
            )
            if len(rows) == 1:
                self._cards.show(x, rows[0])
            else:
                example = "/checkin 4715 2084"
                x.tell(_("Whose code? Write it like this: {example}", example=example))
            return
        try:
            self._cards.show(x, registration_given(x.session, words))
        except RefusedError as refused:
            x.tell(say(refused.sentence, _how_to_find()))

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Note that the person came; a second time says when they first did, and who noted it."""
        row = registrations.by_code(x.session, what)
        if row is None:
            x.tell(NO_MORE)
            return
        first = registrations.check_in(x.session, row, x.now, who=f"clerk:{x.member.user}")
        name = f"{row.given_name} {row.family_name}"
        if first is None:
            said = WITHDRAWN
        elif first == x.now:
            conversations.count_event(x.session, "checked_in", x.now)
            x.note("checkin", x.case)
            said = is_here(name)
        else:
            said = self._cards.came(x, row)
        tell_about(x, registrations.shown_to_clerks(row), say(said))


def _how_to_find() -> Text:
    return _(
        "Search by code, by phone, or by three letters of a name or more: {examples}",
        examples="/find 4715 2084 · /find 0661 23 45 67 · /find benali",
    )

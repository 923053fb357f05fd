"""Working on cases: the queue, taking, noting, handing on, ending."""

from __future__ import annotations

import re

from actions import cases
from actions.digits import latin_digits
from actions.tables import Case
from bot.desk.board import Board, waited
from bot.desk.exchange import Command, DeskExchange
from bot.desk.replying import colleague, finish, take, take_over, tell_taken
from bot.desk.speaking import spoken
from bot.desk.titles import named
from bot.text import Choice, Line, Name, Say, Text, _, ngettext

#: Cases shown in one answer: a phone's screen holds no more.
SHOWN = 20
#: Of those that wait, so many get a button.
BUTTONS = 6
_NUMBER = re.compile(r"#?(\d{1,12})\b")


class Queue(Command):
    """Who waits, and who is looked after."""

    name = "queue"
    summary = _("Who waits, the longest first")

    def __init__(self, board: Board) -> None:
        self._board = board

    def run(self, x: DeskExchange, words: str) -> None:
        """Show the open cases, those that wait first, the oldest first."""
        found = cases.open_cases(x.session, most=SHOWN)
        if not found:
            x.tell(_("Nobody waits. 👌"))
            return
        counts = cases.counts(x.session)
        waiting, taken = counts.get("waiting", 0), counts.get("taken", 0)
        head = _(
            "{waiting} · {taken}",
            waiting=ngettext("{n} case waits", "{n} cases wait", waiting),
            taken=ngettext("{n} is taken", "{n} are taken", taken),
        )
        lines: list[Line] = [(head, "title"), *((self._line(x, row), "item") for row in found)]
        left = waiting + taken - len(found)
        if left > 0:
            lines.append((ngettext("and {n} more", "and {n} more", left), "note"))
        free = [row.case for row in found if row.case.status == "waiting"][:BUTTONS]
        buttons = [
            Choice(Name(f"✋ #{case.id}", f"✋ #{case.id}"), f"desk-take:{case.id}")
            for case in free
        ]
        rows = tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))
        x.tell(Say(tuple(lines), rows))

    def _line(self, x: DeskExchange, row: cases.OpenCase) -> Text:
        case = row.case
        wilaya = self._board.wilaya(case.wilaya)
        return _(
            "{case} · {time} · {place} · {language} · {who}",
            case=named(case),
            time=waited(case.opened_at, x.now),
            place=wilaya or "—",
            language=spoken(row.talk),
            who=row.holder or _("waits"),
        )


class CaseCommand(Command):
    """A command about one case: the one it is written in, or the one of the number given."""

    usage = "[12]"

    def run(self, x: DeskExchange, words: str) -> None:
        """Find the case, then do it."""
        number = _NUMBER.match(latin_digits(words))
        if number:
            case = cases.get(x.session, int(number[1]))
            if case is None:
                x.tell(_("There is no case {n}. /queue shows those that are open.", n=number[1]))
                return
            words = words[number.end() :].strip()
        elif x.case:
            case = x.case
        else:
            x.tell(
                _(
                    "Which case? Write it in the case, or with its number: /{name} 12",
                    name=self.name,
                )
            )
            return
        self.on(x, case, words)

    def on(self, x: DeskExchange, case: Case, words: str) -> None:
        """Do it to a case."""
        raise NotImplementedError

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Do it to the case of a button."""
        case = cases.get(x.session, int(what)) if what.isdigit() else None
        if case is None:
            x.tell(_("This case is no more: the person had it erased."))
        else:
            self.on(x, case, "")


class Take(CaseCommand):
    """One member takes a case; of two, one gets it."""

    name = "take"
    summary = _("Take a case")

    def __init__(self, board: Board) -> None:
        self._board = board

    def on(self, x: DeskExchange, case: Case, words: str) -> None:
        """Take a waiting case, or open a closed one again."""
        if case.status == "closed":
            self._again(x, case)
            return
        shown = case.shown
        if not take(x, case) or shown:
            return
        self._show(x, case)

    def _again(self, x: DeskExchange, old: Case) -> None:
        """Open a new case for the person of a closed one."""
        talk = x.talk(old)
        case = cases.begin(
            x.session,
            talk,
            x.now,
            why="staff",
            patience=x.patience,
            wilaya=old.wilaya,
            shown=False,
        )
        if case.status == "taken":
            tell_taken(x, case)
        elif take(x, case):
            self._show(x, case)

    def _show(self, x: DeskExchange, case: Case) -> None:
        """Show a case that had no place of its own yet."""
        case.shown = True
        x.session.flush()
        x.outgoing += self._board.opening(x.session, x.desk, case)
        x.tell_case(case, _("✋ {name} has this case.", name=x.member.name))


class Note(CaseCommand):
    """A word among staff, which never reaches the person."""

    name = "note"
    usage = "…"
    summary = _("A word among us: never sent to the person")

    def run(self, x: DeskExchange, words: str) -> None:
        """Note it: the group keeps the words, we keep that there are some."""
        if x.case is None:
            x.tell(_("Write the note in its case."))
        elif not words:
            x.tell(_("Write the note after the command: /note call back on Sunday"))
        else:
            x.note("note", x.case)
            x.tell(_("📝 Noted among us; the person does not see it."))


class Transfer(CaseCommand):
    """A case goes to a colleague."""

    name = "transfer"
    usage = "[12] @…"
    summary = _("Hand a case to a colleague")

    def on(self, x: DeskExchange, case: Case, words: str) -> None:
        """Hand it to the member named."""
        if not words:
            x.tell(_("To whom? Write their name: /transfer @karim"))
            return
        member = colleague(x, words)
        if member is None:
            return
        if case.status == "taken" and case.taken_by == member.id:
            x.tell(_("{name} has this case.", name=member.name))
        elif take_over(x, case, member) and not case.shown:
            x.tell(_("{name} finds it with /take {n}.", name=member.name, n=str(case.id)))

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Take over a case that a colleague has."""
        case = cases.get(x.session, int(what)) if what.isdigit() else None
        if case is None or case.status == "closed":
            x.tell(_("This case is closed already."))
        elif case.taken_by == x.member.id:
            x.tell(_("You have this case already."))
        else:
            take_over(x, case, x.member)


class Close(CaseCommand):
    """A case ends, and the assistant speaks again."""

    name = "close"
    usage = "[…]"
    summary = _("End a case, with a reason if you like")

    def on(self, x: DeskExchange, case: Case, words: str) -> None:
        """Close it; the reason is for the figures of the desk only."""
        finish(x, case, by="staff", reason=words)


class Back(CaseCommand):
    """A case goes back to the assistant."""

    name = "back"
    summary = _("Give the person back to the assistant")

    def on(self, x: DeskExchange, case: Case, words: str) -> None:
        """End it, unsolved perhaps."""
        finish(x, case, by="back")

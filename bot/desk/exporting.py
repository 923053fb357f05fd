"""`/export`: the sheet of registrations, as a file in the group."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from collections.abc import Iterator

from actions import registrations
from actions.messages import Document
from actions.registrations import SHEET, Filter
from actions.store import Session
from bot.clerks.asked import RefusedError, read_filter
from bot.clerks.columns import LEADING, Wording
from bot.clerks.sheets import WRITERS, Cell, Table
from bot.desk.cards import tell_about
from bot.desk.exchange import Command, DeskExchange
from bot.knowledge import Facts
from bot.questions import plain
from bot.text import Line, Say, _, ngettext, render, say

PAGE = 500
#: Rows of a sheet that is made in a turn: everybody waits while it is. So many take some seconds,
#: and a few megabytes of the twenty that are sent.
MOST_ROWS = {".xlsx": 4_000, ".csv": 16_000}
EXAMPLES = "/export · /export 19 · /export csv since 2015-10-01 · /export wilaya 05"

_KINDS = {"csv": ".csv", "xlsx": ".xlsx", "excel": ".xlsx"}
_WORDS = {
    plain(word): part
    for part, words in {
        "stop": "stop étape arrêt المحطة محطة",
        "wilaya": "wilaya ولاية الولاية",
        "since": "since depuis منذ",
    }.items()
    for word in words.split()
}
_DAY = re.compile(r"\d+[-/.]\d+[-/.]\d+")


class Export(Command):
    """Hands over the registrations as a sheet that Excel opens."""

    name = "export"
    summary = _("The registrations as a sheet")
    usage = "[19] [csv | xlsx] [wilaya 05] [since 2015-10-01]"
    everyone = False

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def run(self, x: DeskExchange, words: str) -> None:
        """Send the sheet of the registrations wanted, all of them without words."""
        self._facts.refresh(x.session)
        kind, asked = _asked(words)
        try:
            wanted = read_filter(
                self._facts,
                stop=asked["stop"],
                wilaya=asked["wilaya"],
                since=asked["since"],
                until="",
                status="",
            )
        except RefusedError as refused:
            x.tell(say(refused.sentence, _("For example: {examples}", examples=EXAMPLES)))
            return
        total = registrations.count(x.session, wanted)
        if total == 0:
            x.tell(_("Nobody has signed up there yet."))
        elif total > MOST_ROWS[kind]:
            self._too_many(x, kind, total)
        else:
            self._send(x, kind, wanted, total)

    def _too_many(self, x: DeskExchange, kind: str, total: int) -> None:
        lines = [
            ngettext("{n} registration", "{n} registrations", total),
            _("A sheet sent here holds {n} at most.", n=MOST_ROWS[kind]),
        ]
        if total <= MOST_ROWS[".csv"]:
            lines.append(_("As CSV it is possible: {example}", example="/export csv"))
        lines.append(_("Ask for one stop or for the last days: {examples}", examples=EXAMPLES))
        lines.append(
            _("For all of them, on the server: {command}", command="caravane registrations export")
        )
        x.tell(say(*lines))

    def _send(self, x: DeskExchange, kind: str, wanted: Filter, total: int) -> None:
        trades = self._facts.programme.convention.trades
        wording = Wording(self._facts.geography, trades, x.language)
        title = render(_("Registrations"), x.language, isolated=False)
        rows = _rows(x.session, wording, wanted)
        table = Table(
            title, wording.columns, rows, right_to_left=x.language == "ar", leading=LEADING
        )
        file = io.BytesIO()
        WRITERS[kind](table, file)
        content = b64encode(file.getvalue()).decode()
        x.note("export", details=f"{total} {kind} {wanted.stop} {wanted.wilaya}".strip())
        lines: tuple[Line, ...] = (
            (ngettext("{n} registration", "{n} registrations", total), "plain"),
            (_("These are people's data: give the file to nobody else."), "note"),
        )
        name = f"caravane-{x.today.isoformat()}{kind}"
        tell_about(x, SHEET, Say(lines, document=Document(name, content, encoded=True)))


def _rows(session: Session, wording: Wording, wanted: Filter) -> Iterator[list[Cell]]:
    """Give the rows of a sheet, read in pages that are let go again."""
    after = 0
    while page := registrations.listed(session, wanted, after=after, most=PAGE):
        for row in page:
            yield wording.cells(row)
        after = page[-1].id


def _asked(words: str) -> tuple[str, dict[str, str]]:
    """Return the kind of file that words ask for, and which registrations."""
    kind, part = ".xlsx", "stop"
    asked: dict[str, list[str]] = {"stop": [], "wilaya": [], "since": []}
    for word in words.split():
        if plain(word) in _KINDS:
            kind = _KINDS[plain(word)]
        elif plain(word) in _WORDS:
            part = _WORDS[plain(word)]
        elif _DAY.fullmatch(word):
            asked["since"].append(word)
        else:
            asked[part].append(word)
    return kind, {name: " ".join(given) for name, given in asked.items()}

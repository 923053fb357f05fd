"""Figures that anyone may read: what people ask about, and where, with small counts hidden."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator

from actions import figures
from actions.figures import FEW, Between, Published
from actions.geography import Geography
from actions.messages import Document, Language
from actions.store import Session
from bot import menu
from bot.answers.stop_lines import wilaya_name
from bot.clerks.sheets import Cell, Column, Table, write_csv
from bot.clock import algiers_day
from bot.text import Line, Name, Period, Say, Text, _, render

#: Subjects and wilayas named in the answer; the file holds them all.
MOST = 5
#: What each count is of, in the order in which they are told.
TITLES: dict[str, Text] = {
    "questions": _("Questions answered"),
    "registrations": _("People signed up"),
    "reminders": _("People who want a reminder"),
    "cases": _("Questions for the desk"),
}


class OpenFigures:
    """The figures to be published, with the names of what they are of."""

    def __init__(self, session: Session, geography: Geography) -> None:
        self._geography = geography
        self.by_title: dict[str, Published] = {
            "questions": figures.publish(figures.asked(session, menu.SUBJECTS)),
            "registrations": figures.publish(figures.signed_up(session)),
            "reminders": figures.publish(figures.waiting_for_news(session)),
            "cases": figures.publish(figures.handed_over(session)),
        }

    def name(self, code: str) -> Text | Name:
        """Return the name of a subject or a wilaya."""
        if code in menu.SUBJECTS:
            return menu.SUBJECTS[code]
        found = self._geography.wilayas.get(code)
        return wilaya_name(found) if found else _("Wilaya not known")

    def rows(self, language: Language) -> Iterator[list[Cell]]:
        """Give a row for each count: what is counted, of what, how many."""
        for key, title in TITLES.items():
            what = render(title, language, isolated=False)
            for code, count in self.by_title[key].counts.items():
                yield [what, code, render(self.name(code), language, isolated=False), cell(count)]
            total = render(_("In all"), language, isolated=False)
            yield [what, "", total, cell(self.by_title[key].total)]


def published(session: Session, geography: Geography, today: dt.date, language: Language) -> Say:
    """Return the figures of all days up to today, as a few lines and a CSV file."""
    found = OpenFigures(session, geography)
    begin = figures.first_counted(session)
    first = algiers_day(begin) if begin else today
    lines: list[Line] = [(_("For publishing: {period}", period=Period(first, today)), "title")]
    lines += [(_told(TITLES[key], found.by_title[key].total), "item") for key in TITLES]
    for title, key in (
        (_("What people ask about most"), "questions"),
        (_("Where most of them live"), "registrations"),
    ):
        counts = list(found.by_title[key].counts.items())[:MOST]
        if counts:
            lines.append((title, "title"))
        lines += [(_told(found.name(code), count), "item") for code, count in counts]
    hidden = _(
        "Counts below {n} are hidden, since they could tell who it was; a total says no more than "
        "its counts do. The wilaya of a question is not kept.",
        n=FEW + 1,
    )
    lines.append((hidden, "note"))
    return Say(tuple(lines), document=_file(found, today, language))


def cell(count: Between) -> str:
    """Return a count as it is written in a file: 12, <5, or 12–15 for a total of hidden ones."""
    if count.is_exact:
        return str(count.least)
    return f"<{FEW + 1}" if count == figures.HIDDEN else f"{count.least}–{count.most}"


def _told(label: Text | Name, count: Between) -> Text:
    value: Text | str = cell(count)
    if count == figures.HIDDEN:
        value = _("fewer than {n}", n=FEW + 1)
    return _("{label}: {value}", label=label, value=value)


def _file(found: OpenFigures, today: dt.date, language: Language) -> Document:
    titles = (_("Counted"), _("Code"), _("Of"), _("How many"))
    columns = tuple(Column(render(title, language, isolated=False), width=20) for title in titles)
    written = io.BytesIO()
    write_csv(Table("", columns, found.rows(language), right_to_left=language == "ar"), written)
    return Document(f"caravane-{today}.csv", written.getvalue().decode())

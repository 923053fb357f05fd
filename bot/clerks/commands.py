"""The clerks' commands: `caravane registrations list|show|export` and `caravane checkin`."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from actions import conversations, registrations
from actions.messages import Language
from actions.registrations import Filter
from actions.tables import Conversation, Registration
from bot.clerks import audit, listing, paper
from bot.clerks.asked import (
    RefusedError,
    Status,
    path_given,
    read_filter,
    registration_given,
    unwritable,
)
from bot.clerks.columns import COLUMNS, LEADING, written
from bot.clerks.office import Office, open_office
from bot.clerks.sheets import WRITERS, Cell, Table, replacing
from bot.clerks.telling import WITHDRAWN, is_here, was_here
from bot.clock import SystemClock
from bot.text import Text, _, ngettext

PAGE = 500

InLanguage = Annotated[Language, typer.Option("--language", help="The language: fr or ar.")]
Code = Annotated[str, typer.Argument(metavar="CODE", help="The eight digits, however spaced.")]
AtStop = Annotated[str, typer.Option(help="Only this stop: a wilaya's number or name.")]
OfWilaya = Annotated[str, typer.Option(help="Only who lives in this wilaya: number or name.")]
Since = Annotated[str, typer.Option(help="Signed up on this day or later, as 2015-10-01.")]
Until = Annotated[str, typer.Option(help="Signed up on this day or before, as 2015-10-31.")]
OfStatus = Annotated[
    Status | None,
    typer.Option(help="Only active (not withdrawn), only withdrawn, or only who came."),
]

app = typer.Typer()
of_registrations = typer.Typer(
    help="See who signed up: a list, one registration, or a sheet for Excel.",
    no_args_is_help=True,
)
app.add_typer(of_registrations, name="registrations")
app.command()(paper.erase)
app.command("export-person")(paper.export_person)
app.command()(audit.audit)


@of_registrations.command("list")
def list_registrations(
    *,
    stop: AtStop = "",
    wilaya: OfWilaya = "",
    since: Since = "",
    until: Until = "",
    status: OfStatus = None,
    most: Annotated[int, typer.Option(min=1, help="Print no more lines than this.")] = 100,
    language: InLanguage = "fr",
) -> None:
    """Print the registrations, the oldest first. Days are days in Algiers, both included."""
    with open_office(language) as office:
        wanted = read_filter(
            office.facts, stop=stop, wilaya=wilaya, since=since, until=until, status=status or ""
        )
        total = office.store.run(lambda s: registrations.count(s, wanted))
        found = office.store.run(lambda s: registrations.listed(s, wanted, most=most))
        titles = {name: office.words(title) for name, title, _width in COLUMNS}
        rows = [
            [written(office.wording.cell(row, name)) for name in listing.SHOWN] for row in found
        ]
        for line in listing.lines([titles[name] for name in listing.SHOWN], rows):
            office.write(line)
        office.write("")
        office.say(ngettext("{n} registration", "{n} registrations", total))
        if total > len(found):
            office.say(_("Only the first {n} are printed; --most prints more.", n=len(found)))


@of_registrations.command()
def show(code: Code, language: InLanguage = "fr") -> None:
    """Print one registration and its history: who did what to it, and when."""
    with open_office(language) as office:
        with office.store.begin() as session:
            row = registration_given(session, code)
            history = registrations.history(session, row)
            talk = session.get(Conversation, row.conversation_id) if row.conversation_id else None
        for name, title, _width in COLUMNS[:2]:
            value = written(office.wording.cell(row, name))
            office.say(_("{label}: {value}", label=title, value=value))
        office.describe(row)
        if talk:
            office.say(_("Chat: {id}", id=talk.address))
        office.write("")
        for change in history:
            office.write(office.wording.happened(row, change))


@of_registrations.command()
def export(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="FILE.xlsx or FILE.csv.")],
    stop: AtStop = "",
    wilaya: OfWilaya = "",
    since: Since = "",
    until: Until = "",
    status: OfStatus = None,
    language: InLanguage = "fr",
) -> None:
    """Write the registrations to a sheet that Excel opens; a file of that name is replaced."""
    with open_office(language) as office:
        write = WRITERS[path_given(file, tuple(WRITERS)).suffix.lower()]
        wanted = read_filter(
            office.facts, stop=stop, wilaya=wilaya, since=since, until=until, status=status or ""
        )
        total = office.store.run(lambda s: registrations.count(s, wanted))
        name, columns = office.words(_("Registrations")), office.wording.columns
        with typer.progressbar(length=total, hidden=not sys.stdout.isatty()) as bar:
            rows = _rows(office, wanted, bar.update)
            table = Table(name, columns, rows, right_to_left=language == "ar", leading=LEADING)
            try:
                with replacing(file) as opened:
                    write(table, opened)
            except OSError:
                raise unwritable(file) from None
        office.say(
            ngettext(
                "{n} registration is in {file}.",
                "{n} registrations are in {file}.",
                total,
                file=str(file),
            )
        )


@app.command()
def checkin(
    code: Code,
    by: Annotated[str, typer.Option(help="Who notes it; the login name if not given.")] = "",
    language: InLanguage = "fr",
) -> None:
    """Note that the person of a code has come to the stand, and print who they are."""
    with open_office(language) as office:
        now, who = SystemClock().now(), by.strip() or _login()
        with office.store.begin() as session:
            row = registration_given(session, code)
            first = registrations.check_in(session, row, now, who=who)
            if first == now:
                conversations.count_event(session, "checked_in", now)
        office.describe(row)
        office.write("")
        office.say(_came(office, row, first, now))


def _came(office: Office, row: Registration, first: dt.datetime | None, now: dt.datetime) -> Text:
    """Say that somebody came now, or when they first did; refuse who has withdrawn."""
    if first is None:
        raise RefusedError(WITHDRAWN)
    if first == now:
        return is_here(f"{row.given_name} {row.family_name}")
    return was_here(first, written(office.wording.cell(row, "checked_in_by")))


def _rows(office: Office, wanted: Filter, read: Callable[[int], None]) -> Iterator[list[Cell]]:
    """Give the rows of a sheet, read in pages; `read` is told how many have come."""
    after = 0
    while page := office.store.run(
        partial(registrations.listed, wanted=wanted, after=after, most=PAGE)
    ):
        for row in page:
            yield office.wording.cells(row)
        after = page[-1].id
        read(len(page))


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        raise RefusedError(_("Say who you are: --by NAME.")) from None

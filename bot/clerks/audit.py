"""`caravane audit`: who at the desk did what, and when."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Annotated

import typer

from actions import members
from actions.audit import listed
from actions.messages import Language
from actions.store import Session
from bot.clerks.asked import RefusedError
from bot.clerks.columns import written
from bot.clerks.office import open_office
from bot.clock import ALGIERS
from bot.desk.given import day_given
from bot.text import _

#: The job that gives back what nobody touches, as it signs what it does.
_SWEEPER = "sweep"


def audit(
    *,
    since: Annotated[str, typer.Option(help="On this day or later, as 2015-10-01.")] = "",
    case: Annotated[
        int | None, typer.Option(min=1, help="Only what was done to this case.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, help="Print no more lines than this.")] = 100,
    language: Annotated[
        Language, typer.Option("--language", help="The language: fr or ar.")
    ] = "fr",
) -> None:
    """Print what the staff of the desk did, the newest last. Days are days in Algiers."""
    from bot.clerks.deeds import Deeds  # noqa: PLC0415 - other commands start without the desk

    with open_office(language) as office:
        first = _midnight(since) if since else None
        with office.store.begin() as session:
            name_of = functools.cache(functools.partial(_name, session))
            deeds = Deeds(office.facts.geography, name_of)
            found = listed(session, since=first, case=case, most=most + 1)
            told = [
                _(
                    "{when}, {who}: {what}",
                    when=written(deed.at.astimezone(ALGIERS).replace(tzinfo=None)),
                    who=_("the assistant") if deed.who == _SWEEPER else name_of(deed.who),
                    what=deeds.told(deed),
                )
                for deed in found[-most:]
            ]
        for line in told:
            office.say(line)
        if not told:
            office.say(_("Nothing was noted."))
        elif len(found) > most:
            office.say(_("Only the last {n} are printed; --most prints more.", n=most))


def _name(session: Session, user: str) -> str:
    """Return the name of a member by the channel's identifier, or that where there is none."""
    desk = members.only_desk(session)
    member = members.find(session, desk.channel, user) if desk else None
    return member.name if member else user


def _midnight(text: str) -> dt.datetime:
    """Return when a day begins in Algiers."""
    day = day_given(text)
    if day is None:
        raise RefusedError(_("“{text}” is no day. Write it like this: 2015-10-31.", text=text))
    return dt.datetime.combine(day, dt.time(), ALGIERS)

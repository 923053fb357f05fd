"""For a request made on paper: erase what is held about a person, or hand it over."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from actions import conversations, privacy
from actions.codes import shown as in_groups
from actions.digits import latin_digits
from actions.messages import Address, Language
from actions.privacy import Thing
from actions.store import Session
from actions.tables import Conversation, Registration
from bot.clerks.asked import RefusedError, path_given, registration_given, unwritable
from bot.clerks.office import Office, open_office
from bot.clerks.sheets import replacing
from bot.clerks.telling import told_erased
from bot.clock import SystemClock
from bot.questions import plain
from bot.text import Text, _

_YES = frozenset(plain(word) for word in ("o", "oui", "y", "yes", "نعم", "ن"))

MaybeCode = Annotated[str, typer.Argument(metavar="CODE", help="The eight digits of a code.")]
Chat = Annotated[str, typer.Option("--chat", metavar="ID", help="A chat by its Telegram number.")]
Everything = Annotated[
    bool,
    typer.Option(
        "--everything",
        help="With a code: its whole chat too, unless others signed up in that chat.",
    ),
]
InLanguage = Annotated[Language, typer.Option("--language", help="The language: fr or ar.")]


def erase(
    code: MaybeCode = "",
    chat: Chat = "",
    everything: Everything = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    language: InLanguage = "fr",
) -> None:
    """Erase a registration, or everything about the person of a chat, for good.

    With a code: the registration, its history, its reminders and its agreement. The messages of
    its chat stay until they are old; --everything erases the chat too. With --chat: everything.
    """
    with open_office(language) as office:
        with office.store.begin() as session:
            question = _question(_meant(office, session, code, chat, everything=everything))
        if not yes and plain(typer.prompt(office.words(question), prompt_suffix=" ")) not in _YES:
            office.say(_("All right, I erase nothing."))
            return
        with office.store.begin() as session:
            meant = _meant(office, session, code, chat, everything=everything)
            now = SystemClock().now()
            erased = _erase(session, meant, now)
            conversations.count_event(session, "erased", now)
        office.say(told_erased(erased))
        _tell_of_the_chat(office, meant, everything=everything)


def export_person(
    code: MaybeCode = "",
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE.json", help="Where to write it.")
    ] = None,
    chat: Chat = "",
    everything: Everything = False,
    language: InLanguage = "fr",
) -> None:
    """Write all that is held about a person to a file, as JSON.

    With a code: the registration, its history, its reminders and its agreement; with --everything
    its chat too. With --chat: everything about the person of the chat.
    """
    with open_office(language) as office:
        if chat and file is None:  # the one argument left is the file
            code, file = "", Path(code)
        target = path_given(file or Path("FILE"), (".json",))
        with office.store.begin() as session:
            meant = _meant(office, session, code, chat, everything=everything)
            held = _held(session, meant)
        try:
            with replacing(target) as opened:
                opened.write(json.dumps(held, ensure_ascii=False, indent=2).encode())
        except OSError:
            raise unwritable(target) from None
        office.say(_("All that is held is in {file}.", file=str(target)))
        _tell_of_the_chat(office, meant, everything=everything)


def _meant(
    office: Office, session: Session, code: str, chat: str, *, everything: bool
) -> Registration | Conversation:
    """Return the registration, or the whole chat, that a clerk means."""
    if bool(code) == bool(chat):
        raise RefusedError(_("Give one of the two: a code, or a chat with --chat."))
    if chat:
        from bot.channels.telegram import NAME  # noqa: PLC0415 - slow, and only needed here

        number = latin_digits(chat).strip()
        talk = conversations.find(session, Address(NAME, number))
        if talk is None:
            raise RefusedError(_("I hold nothing about the chat {id}.", id=chat))
        return talk
    row = registration_given(session, code)
    return (privacy.sole_chat(session, row) if everything else None) or row


def _tell_of_the_chat(
    office: Office, meant: Registration | Conversation, *, everything: bool
) -> None:
    """Say that a chat was left out though everything was asked for."""
    if everything and isinstance(meant, Registration) and meant.conversation_id:
        office.say(_("The chat was left out: others signed up in it too."))


def _question(meant: Registration | Conversation) -> Text:
    if isinstance(meant, Conversation):
        return _(
            "Erase everything about the person of the chat {id}: registrations, messages, "
            "reminders? It can't be undone. Yes or no:",
            id=meant.address,
        )
    return _(
        "Erase the registration {code} of {name}? Its chat stays. It can't be undone. Yes or no:",
        code=in_groups(meant.code),
        name=f"{meant.given_name} {meant.family_name}",
    )


def _erase(
    session: Session, meant: Registration | Conversation, now: dt.datetime
) -> Counter[Thing]:
    if isinstance(meant, Conversation):
        return privacy.erase(session, meant, now, answering=False)
    return privacy.erase_registration(session, meant)


def _held(session: Session, meant: Registration | Conversation) -> dict[str, Any]:
    if isinstance(meant, Conversation):
        return privacy.held(session, meant)
    return privacy.held_by_code(session, meant)

"""One question from the terminal: how it is understood, and the answer it gets."""

from __future__ import annotations

import asyncio
import secrets
import tempfile

import typer

from actions import conversations
from actions.loading import ProgrammeError
from actions.messages import Address, Inbound
from actions.store import Store, StoreError
from bot.assistant import make_dialogue
from bot.clock import SystemClock
from bot.console import stop
from bot.dialogue import Dialogue
from bot.knowledge import Facts
from bot.menu import OFFERED
from bot.questions import decide
from bot.rasa import RasaAddress, RasaServer, running, wait_until_ready
from bot.settings import Settings, SettingsError
from bot.text import CataloguesMissingError, require_catalogues
from bot.turn import Heard
from nlu.client import NluClient, NluUnavailableError, Understanding


def ask(settings: Settings, text: str) -> None:
    """Print what Rasa makes of a message and what its writer would read."""
    try:
        require_catalogues()
        facts = Facts.load(settings.caravane_programme)
        _catch_up(settings, facts)
        heard = asyncio.run(_understand(settings, text))
    except (NluUnavailableError, ProgrammeError, CataloguesMissingError, SettingsError) as failed:
        stop(str(failed))
    except StoreError as failed:
        stop(f"The database can't be used now: {failed}.")
    typer.echo(f"intent      {heard.intent} ({heard.confidence:.2f})")
    for name, confidence in heard.ranking[1:3]:
        typer.echo(f"            {name} ({confidence:.2f})")
    typer.echo(f"decision    {decide(heard, offered=OFFERED).verdict}")
    for entity in heard.entities:
        town = f" ({entity.town})" if entity.town else ""
        typer.echo(f"entity      {entity.name} = {entity.value or entity.candidates}{town}")
    typer.echo(f"language    {heard.language}")
    typer.echo("")
    dialogue = make_dialogue(facts, settings.retention, frozenset(), secrets.randbelow)
    typer.echo(_answer(dialogue, text, heard))


def _catch_up(settings: Settings, facts: Facts) -> None:
    """Take in what staff changed in the database of the assistant that runs here."""
    store = Store(settings.database())
    try:
        store.migrate()
        store.run(facts.refresh)
    finally:
        store.close()


async def _understand(settings: Settings, text: str) -> Understanding:
    """Ask the Rasa server that runs already, or one started for this question."""
    address = running(settings)
    if address:
        try:
            return await _parse(address, text, ready_within=0)
        except NluUnavailableError:
            if settings.rasa_url:
                raise
    server = RasaServer(settings)
    server.check()
    typer.echo("Starting Rasa for this one question takes some seconds…", err=True)
    serving = asyncio.create_task(server.run())
    try:
        return await _parse(server.address, text, ready_within=120)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def _parse(address: RasaAddress, text: str, *, ready_within: float) -> Understanding:
    client = NluClient(address.url, address.token, seconds=10)
    try:
        await wait_until_ready(client, ready_within)
        return await client.understand(text)
    finally:
        await client.close()


def _answer(dialogue: Dialogue, text: str, heard: Understanding) -> str:
    """Return what someone whose language is French, unless they write in Arabic, would read."""
    message, now = Inbound("0", Address("terminal", "0"), "text", text), SystemClock().now()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/question.db")
        store.migrate()
        with store.begin() as session:
            talk = conversations.load(session, message.address, now)
            talk.language = "fr"
            turn = dialogue.turn(session, talk, message, Heard(((text, heard),)), now)
        store.close()
    return "\n\n".join(line.text for said in turn.messages() for line in said.lines)

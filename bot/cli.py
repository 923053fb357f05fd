"""The command line: `caravane run`, `simulate`, `train`, `ask`, `check`, and the clerks' own."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import secrets
import subprocess
import tempfile
from collections.abc import Callable
from typing import Annotated

import typer

from actions import conversations, outbox
from actions.loading import ProgrammeError
from actions.messages import Address, Inbound
from actions.store import Store, StoreError
from bot.clerks.commands import app as for_clerks
from bot.clock import SystemClock
from bot.console import read_settings, stop
from bot.dialogue import Dialogue
from bot.knowledge import Facts, make_dialogue
from bot.menu import OFFERED
from bot.questions import decide
from bot.rasa import ENVIRONMENT, PYTHON, RasaAddress, RasaServer, running, wait_until_ready
from bot.settings import HOUSE, Settings, SettingsError
from bot.text import CataloguesMissingError, require_catalogues
from bot.turn import Heard
from nlu.client import NluClient, NluUnavailableError, Understanding

DAY = dt.timedelta(days=1)

app = typer.Typer(
    help="Caravane: the assistant about the micro-enterprise caravan, on Telegram.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(for_clerks)


@app.command()
def run() -> None:
    """Start the assistant: the real bot with TELEGRAM_BOT_TOKEN, the simulator without it."""
    settings = read_settings()
    _serve(settings, simulate=settings.simulated)


@app.command()
def simulate() -> None:
    """Start the assistant with the simulator, whatever token and database are set."""
    settings = read_settings(telegram_bot_token=None)
    _serve(settings, simulate=True)


@app.command()
def train() -> None:
    """Train the Rasa model from config.yml and nlu/data (the same as `make train`)."""
    settings = read_settings()
    model = settings.caravane_model
    if not PYTHON.exists():
        stop("Rasa is not installed: run `make setup`.")
    typer.echo("Training takes about a minute.")
    ended = subprocess.run(  # noqa: S603 - our own interpreter and files
        [
            *(PYTHON, "-m", "rasa", "train", "nlu", "--nlu", "nlu/data", "--config", "config.yml"),
            *("--out", model.parent, "--fixed-model-name", model.name.removesuffix(".tar.gz")),
        ],
        cwd=HOUSE,
        env={**os.environ, **ENVIRONMENT},
        check=False,
    )
    raise typer.Exit(ended.returncode)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="the message, as a person would write it")],
) -> None:
    """Print how a message is understood and the answer it gets."""
    settings = read_settings()
    try:
        require_catalogues()
        facts = Facts.load(settings.caravane_programme)
        heard = asyncio.run(_understand(settings, text))
    except (NluUnavailableError, ProgrammeError, CataloguesMissingError, SettingsError) as failed:
        stop(str(failed))
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


@app.command()
def check() -> None:
    """Check the configuration, the facts, the catalogues, the database, the token and Rasa."""
    from telegram.error import TelegramError  # noqa: PLC0415 - the clerks' commands need none of it

    settings = read_settings()
    checks: list[tuple[str, Callable[[], str]]] = [
        ("configuration", lambda: "read from the environment"),
        ("catalogues", _check_catalogues),
        ("facts", lambda: _check_facts(settings)),
        ("database", lambda: _check_database(settings)),
        ("telegram", lambda: asyncio.run(_check_token(settings))),
        ("rasa", lambda: asyncio.run(_check_rasa(settings))),
    ]
    failures = 0
    for name, look in checks:
        try:
            typer.echo(f"ok      {name}: {look()}")
        except (
            *(CataloguesMissingError, ProgrammeError, StoreError, SettingsError),
            *(NluUnavailableError, TelegramError, OSError),
        ) as failed:
            failures += 1
            typer.echo(f"wrong   {name}: {failed}", err=True)
    raise typer.Exit(1 if failures else 0)


def _check_catalogues() -> str:
    require_catalogues()
    return "French and Arabic are compiled"


def _check_facts(settings: Settings) -> str:
    Facts.load(settings.caravane_programme)
    return "every fact has its source and date"


def _check_database(settings: Settings) -> str:
    store = Store(settings.database())
    store.migrate()
    given_up = store.run(lambda s: outbox.undelivered(s, SystemClock().now() - DAY))
    store.close()
    return f"{store.url.get_backend_name()} can be written; {given_up} messages given up in a day"


async def _check_token(settings: Settings) -> str:
    if settings.telegram_bot_token is None:
        return "no token, so `caravane run` starts the simulator"
    from telegram.error import InvalidToken  # noqa: PLC0415

    from bot.channels.telegram import make_bot  # noqa: PLC0415

    bot = make_bot(settings.telegram_bot_token.get_secret_value(), str(settings.telegram_api_url))
    try:
        me = await bot.get_me()
    except InvalidToken:
        raise SettingsError(
            "Telegram refuses TELEGRAM_BOT_TOKEN: set it to a valid token."
        ) from None
    finally:
        await bot.shutdown()
    return f"the token is @{me.username}'s"


async def _check_rasa(settings: Settings) -> str:
    address = running(settings)
    if address is None:
        RasaServer(settings).check()
        return "installed and trained; `caravane run` starts it"
    client = NluClient(address.url, address.token)
    try:
        await client.ready()
    finally:
        await client.close()
    return "answers and holds a model"


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


def _serve(settings: Settings, *, simulate: bool) -> None:
    from bot.app import serve  # noqa: PLC0415 - `caravane --help` needs none of it

    def announce(address: str) -> None:
        typer.echo(f"\n  The simulator is open at  {address}\n\n  Ctrl-C stops everything.\n")

    try:
        asyncio.run(serve(settings, simulate=simulate, announce=announce))
    except (SettingsError, ProgrammeError, CataloguesMissingError) as wrong:
        stop(str(wrong))
    except asyncio.CancelledError:
        typer.echo("Stopped.", err=True)

"""The command line: `caravane run`, `simulate`, `train`, `ask`, `check`, `sms`, the clerks' own.

Each command imports what it needs when it is called: a clerk's list should not wait for Telegram.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

import os
import subprocess
from typing import Annotated

import typer

from bot.clerks.commands import app as for_clerks
from bot.console import read_settings, stop
from bot.exporting import app as for_training
from bot.settings import HOUSE, Settings, SettingsError
from bot.texting.commands import app as for_sms

app = typer.Typer(
    help="Caravane: the assistant about the caravan, on Telegram and by SMS.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(for_clerks)
app.add_typer(for_training, name="nlu")
app.add_typer(for_sms, name="sms")


@app.command()
def run() -> None:
    """Start the assistant: the real bot with TELEGRAM_BOT_TOKEN, the simulator without it."""
    settings = _logging_settings()
    _serve(settings, simulate=settings.simulated)


@app.command()
def simulate() -> None:
    """Start the assistant with the simulator, whatever token and database are set."""
    settings = _logging_settings(telegram_bot_token=None)
    _serve(settings, simulate=True)


@app.command()
def train() -> None:
    """Train the Rasa model from config.yml and nlu/data (the same as `make train`)."""
    from bot.rasa import ENVIRONMENT, PYTHON

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
    from bot import asking

    asking.ask(_logging_settings(), text)


@app.command()
def check() -> None:
    """Check the configuration, the facts, the catalogues, the database, the token and Rasa."""
    from bot import checks

    raise typer.Exit(0 if checks.check(_logging_settings()) else 1)


def _logging_settings(**overrides: object) -> Settings:
    """Return the settings, with what happens from now on written to standard error."""
    from bot.logs import configure_logs

    settings = read_settings(**overrides)
    configure_logs(settings.log_level)
    return settings


def _serve(settings: Settings, *, simulate: bool) -> None:
    import asyncio

    from actions.loading import ProgrammeError
    from bot.app import serve
    from bot.text import CataloguesMissingError

    def announce(address: str) -> None:
        typer.echo(f"\n  The simulator is open at  {address}\n\n  Ctrl-C stops everything.\n")

    try:
        asyncio.run(serve(settings, simulate=simulate, announce=announce))
    except (SettingsError, ProgrammeError, CataloguesMissingError) as wrong:
        stop(str(wrong))
    except asyncio.CancelledError:
        typer.echo("Stopped.", err=True)

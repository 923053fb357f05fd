"""The command line: `caravane run`, `simulate`, `train`, `nlu`, `ask`, `check`, `sms`, the clerks'.

Each command imports what it needs when it is called: a clerk's list should not wait for Telegram.
"""

# ruff: noqa: PLC0415

from __future__ import annotations

from typing import Annotated

import typer

from bot.clerks.commands import app as for_clerks
from bot.console import read_settings, stop
from bot.exporting import app as for_training
from bot.learning import train, use
from bot.settings import Settings, SettingsError
from bot.texting.commands import app as for_sms

app = typer.Typer(
    help="Caravane: the assistant about the caravan, on Telegram and by SMS.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(train)
for_training.command()(use)
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

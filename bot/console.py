"""What every command shares: its settings, and an end in one sentence."""

from __future__ import annotations

from typing import NoReturn

import typer

from bot.settings import Settings, SettingsError, load_settings


def read_settings(**overrides: object) -> Settings:
    """Return the settings, or end the command with what is wrong about them."""
    try:
        return load_settings(**overrides)
    except SettingsError as wrong:
        stop(str(wrong))


def stop(sentence: str) -> NoReturn:
    """End the command as failed, saying why."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)

"""`caravane train` and `caravane nlu use`: a new model, judged and put in service."""

# ruff: noqa: PLC0415 - each command imports what it needs when it is called

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.console import read_settings, stop

#: A model was trained or offered, and the gate refused it.
REFUSED = 3

Force = Annotated[
    str,
    typer.Option("--force", metavar="REASON", help="Put it in service whatever it loses, and why."),
]


def train(*, force: Force = "") -> None:
    """Train a model, and put it in service if it understands no less (as `make train`).

    A running assistant answers with it at once. Ends with 3 when the model was refused.
    """
    from bot.models import ModelError, Models, RefusedError, put_in_service
    from bot.models import train as train_candidate

    settings = read_settings()
    models = Models.of(settings)
    try:
        with models.locked():
            typer.echo("Training takes a minute or two.")
            train_candidate(models)
            if models.in_service.exists():
                typer.echo("Comparing it with the model in service takes about half a minute.")
            typer.echo(put_in_service(models, models.candidate, settings, force.strip()))
    except RefusedError as refused:
        _refused(
            f'{refused}\nThe model before stays in service; `make train FORCE="why"` trains and '
            'puts it in service anyway, `.venv/bin/caravane nlu use --force "why"` does not train '
            "again."
        )
    except ModelError as failed:
        stop(str(failed))


def use(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="A model; the one refused last if not given."),
    ] = None,
    *,
    force: Force = "",
) -> None:
    """Put a model in service, such as models/previous.tar.gz, if it understands no less.

    A running assistant answers with it at once. Ends with 3 when the model was refused.
    """
    from bot.models import ModelError, Models, RefusedError, put_in_service

    settings = read_settings()
    models = Models.of(settings)
    try:
        with models.locked():
            typer.echo(put_in_service(models, file or models.candidate, settings, force.strip()))
    except RefusedError as refused:
        _refused(f'{refused}\nThe model before stays in service; --force "why" changes it anyway.')
    except ModelError as failed:
        stop(str(failed))


def _refused(sentences: str) -> NoReturn:
    typer.echo(sentences, err=True)
    raise typer.Exit(REFUSED)

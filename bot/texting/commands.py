"""`caravane sms`: every text that is sent by SMS and what it costs, and Kannel's configuration."""

# ruff: noqa: PLC0415

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from actions.messages import Language
from bot.console import read_settings, stop
from bot.settings import HOUSE

app = typer.Typer(help="The texts that are sent by SMS, and their gateway.", no_args_is_help=True)


@app.command()
def texts(
    language: Annotated[
        Language, typer.Option("--language", help="The language of the table: fr or ar.")
    ] = "fr",
) -> None:
    """Print every text that people get by SMS, with its segments and cost at CARAVANE_SMS_PRICE."""
    from actions.loading import ProgrammeError
    from bot.assistant import make_forms
    from bot.clock import SystemClock, algiers_day
    from bot.knowledge import Facts
    from bot.text import CataloguesMissingError, require_catalogues
    from bot.texting.listing import rows, table

    settings = read_settings()
    try:
        require_catalogues()
        facts = Facts.load(settings.caravane_programme)
    except (ProgrammeError, CataloguesMissingError) as wrong:
        stop(str(wrong))
    today = algiers_day(SystemClock().now())
    listed = rows(facts, make_forms(facts, settings.retention), today, settings.caravane_sms_price)
    for line in table(listed, language):
        typer.echo(line)


@app.command("kannel-conf")
def kannel_conf() -> None:
    """Print a configuration for Kannel on this machine; it holds secrets."""
    from bot.channels.sms.kannel_conf import KannelConfError
    from bot.channels.sms.kannel_conf import kannel_conf as filled

    settings = read_settings()
    if settings.sms is None:
        stop("CARAVANE_SMS_SECRET is missing: set it to a secret that the SMS gateway shares.")
    template = (HOUSE / "deploy" / "kannel.conf").read_text()
    try:
        conf = filled(
            template,
            settings.sms,
            admin=secrets.token_urlsafe(12),
            status=secrets.token_urlsafe(12),
        )
    except KannelConfError as wrong:
        stop(str(wrong))
    typer.echo(conf, nl=False)

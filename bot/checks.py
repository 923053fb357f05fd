"""What `caravane check` looks at, one line each: what works, and what is wrong."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

import httpx
import typer
from telegram.error import InvalidToken, TelegramError

from actions import outbox
from actions.loading import ProgrammeError
from actions.store import Store, StoreError
from bot.channels.telegram import make_bot
from bot.clock import SystemClock
from bot.knowledge import Facts
from bot.rasa import RasaServer, running
from bot.settings import Settings, SettingsError
from bot.text import CataloguesMissingError, require_catalogues
from nlu.client import NluClient, NluUnavailableError

DAY = dt.timedelta(days=1)


def check(settings: Settings) -> bool:
    """Print what works and what does not; return whether all does."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("configuration", lambda: "read from the environment"),
        ("catalogues", _check_catalogues),
        ("facts", lambda: _check_facts(settings)),
        ("database", lambda: _check_database(settings)),
        ("telegram", lambda: asyncio.run(_check_token(settings))),
        ("sms", lambda: _check_sms(settings)),
        ("rasa", lambda: asyncio.run(_check_rasa(settings))),
    ]
    failures = 0
    for name, look in checks:
        try:
            typer.echo(f"ok      {name}: {look()}")
        except (
            *(CataloguesMissingError, ProgrammeError, StoreError, SettingsError),
            *(NluUnavailableError, TelegramError, OSError, httpx.HTTPError),
        ) as failed:
            failures += 1
            typer.echo(f"wrong   {name}: {failed}", err=True)
    return failures == 0


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


def _check_sms(settings: Settings) -> str:
    if settings.sms is None:
        return "no gateway is set"
    url = settings.sms.kannel.url if settings.sms.kannel else settings.sms.relay_url
    if not url:
        return "the simulator is the gateway"
    # Whatever it answers to an empty request, it is there.
    with httpx.Client(trust_env=False, timeout=5) as client:
        client.get(url)
    return f"the gateway at {httpx.URL(url).netloc.decode()} answers"


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

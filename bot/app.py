"""Builds everything, starts it in order, and stops it in reverse. Nobody imports this file
but the command line.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Callable

import structlog
from telegram.error import InvalidToken, TelegramError

from actions.messages import LANGUAGES
from actions.store import Store, StoreError
from bot.assistant import make_desk, make_dialogue, make_reminders
from bot.channels.telegram import NAME, TelegramChannel, make_bot
from bot.clock import Clock, SettableClock, SystemClock
from bot.database import Database
from bot.desk.board import Board
from bot.desk.delivery import Delivery
from bot.desk.sweeping import Sweeper
from bot.housekeeping import Housekeeper
from bot.introduction import introduction
from bot.knowledge import Facts
from bot.poller import Poller
from bot.rasa import RasaServer, running
from bot.sender import Sender
from bot.settings import Settings, SettingsError
from bot.simulator.server import OPENING, Simulator
from bot.text import require_catalogues
from bot.worker import Worker
from nlu.client import NluClient

log = structlog.get_logger()

#: How long a thread may keep the others waiting, in seconds: the loop hands work to the database's
#: thread and back several times a message, and Python's usual 5 ms would be felt each time.
SWITCH_INTERVAL = 0.0005
#: The simulated bot's token is a secret of nobody: its server listens on loopback only.
SIMULATED_TOKEN = "4242424242:caravane-simulated-bot-token"  # noqa: S105


async def serve(settings: Settings, *, simulate: bool, announce: Callable[[str], None]) -> None:
    """Run the assistant until it is stopped; `announce` is told the address to open, if any.

    Raises `SettingsError` or the loaders' errors, each one sentence, when it can't start.
    """
    _end_on_signals()
    sys.setswitchinterval(SWITCH_INTERVAL)
    require_catalogues()
    facts = Facts.load(settings.caravane_programme)
    dialogue = make_dialogue(
        facts, settings.retention, settings.caravane_clerks, secrets.randbelow, settings.desk
    )
    named = settings.caravane_administrators
    desk = make_desk(
        facts,
        settings.retention,
        settings.desk,
        secrets.randbelow,
        named.__contains__,
        anyone_may_open=simulate and not named,
    )
    board = Board(facts.geography)
    async with contextlib.AsyncExitStack() as stack:
        clock: Clock = SystemClock()
        token, api_url = "", str(settings.telegram_api_url)
        if simulate:
            simulated_clock = SettableClock(OPENING)
            clock, token = simulated_clock, SIMULATED_TOKEN
            api_url = await stack.enter_async_context(
                _simulator(settings, simulated_clock, announce)
            )
        elif settings.telegram_bot_token:
            token = settings.telegram_bot_token.get_secret_value()
        store = await asyncio.to_thread(_open_store, settings)
        stack.callback(store.close)
        database = Database(store)
        stack.callback(database.close)
        rasa = None if settings.rasa_url else RasaServer(settings)
        if rasa:
            rasa.check()
        address = rasa.address if rasa else running(settings)
        if address is None:
            raise SettingsError("RASA_URL is missing: set it to the Rasa server's address.")
        nlu = NluClient(address.url, address.token)
        stack.push_async_callback(nlu.close)
        bot = make_bot(token, api_url)
        stack.push_async_callback(bot.request.shutdown)
        channel = TelegramChannel(bot)
        await _greet_telegram(channel)
        arrived, queued, stops_changed = asyncio.Event(), asyncio.Event(), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            if rasa:
                group.create_task(rasa.run(), name="rasa")
            group.create_task(Poller(database, channel, clock, arrived).run(), name="poller")
            worker = Worker(
                database,
                dialogue,
                nlu.understand,
                {NAME: channel},
                clock,
                arrived,
                queued,
                stops_changed,
                desk,
                facts.refresh,
            )
            group.create_task(worker.run(), name="worker")
            sender = Sender(
                database,
                channel,
                clock,
                queued,
                Delivery(board),
                in_a_group=settings.caravane_group_messages_a_minute,
            )
            group.create_task(sender.run(), name="sender")
            sweeper = Sweeper(database, clock, board, settings.desk, queued)
            group.create_task(sweeper.run(), name="sweeper")
            housekeeper = Housekeeper(
                database, clock, make_reminders(facts), settings.retention, stops_changed
            )
            group.create_task(housekeeper.run(), name="housekeeper")
            log.info("started", simulated=simulate)


@contextlib.asynccontextmanager
async def _simulator(
    settings: Settings, clock: SettableClock, announce: Callable[[str], None]
) -> AsyncIterator[str]:
    """Run the simulator beside the assistant; gives the address of its Bot API server."""
    simulator = Simulator(
        token=SIMULATED_TOKEN,
        clock=clock,
        key=secrets.token_urlsafe(12),
        store=settings.caravane_data / "simulator.json",
    )
    try:
        base = await simulator.start(settings.caravane_port)
    except OSError:
        raise SettingsError(
            f"Port {settings.caravane_port} is taken: set CARAVANE_PORT to another, or to 0."
        ) from None
    announce(simulator.page_address(base))
    try:
        yield base
    finally:
        await simulator.stop()


def _open_store(settings: Settings) -> Store:
    try:
        store = Store(settings.database())
        store.migrate()
    except (StoreError, OSError) as failed:
        raise SettingsError(
            "The database can't be opened: set DATABASE_URL to one that can be reached and "
            f"written ({failed})."
        ) from None
    return store


async def _greet_telegram(channel: TelegramChannel) -> None:
    """Find out whether the token is right, and set what people see before they write."""
    try:
        await channel.listen()
        await channel.introduce({code: introduction(code) for code in ("", *LANGUAGES)})
    except InvalidToken:
        raise SettingsError(
            "Telegram refuses TELEGRAM_BOT_TOKEN: set it to the token @BotFather gave."
        ) from None
    except TelegramError as failed:
        log.warning("introduction_failed", error=type(failed).__name__)


def _end_on_signals() -> None:
    """Let Ctrl-C and a supervisor's SIGTERM end the run in order, however it was started.

    A shell starts background commands with Ctrl-C ignored, and Python would keep it so.
    """
    task = asyncio.current_task()
    if task is not None:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)

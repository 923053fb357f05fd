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
from functools import partial
from ipaddress import ip_network

import structlog
from telegram.error import InvalidToken, TelegramError

from actions.messages import LANGUAGES
from actions.store import Store, StoreError
from bot.assistant import make_desk, make_dialogue, make_reminders
from bot.changing import under_way
from bot.channels.base import Channel
from bot.channels.sms.channel import SmsChannel, make_channel
from bot.channels.sms.gateway import Gateway
from bot.channels.sms.settings import KannelLogin, SmsSettings
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
from bot.queues import Chime
from bot.rasa import RasaServer, running
from bot.sender import Sender
from bot.settings import Settings, SettingsError
from bot.simulator.server import OPENING, Simulator
from bot.text import require_catalogues
from bot.texting.purse import Purse
from bot.worker import Worker
from nlu.client import NluClient

log = structlog.get_logger()

#: How long a thread may keep the others waiting, in seconds: the loop hands work to the database's
#: thread and back several times a message, and Python's usual 5 ms would be felt each time.
SWITCH_INTERVAL = 0.0005
#: The simulated bot's token is a secret of nobody: its server listens on loopback only.
SIMULATED_TOKEN = "4242424242:caravane-simulated-bot-token"  # noqa: S105
#: What the simulator's feature phones write to.
SIMULATED_NUMBER = "1234"


async def serve(settings: Settings, *, simulate: bool, announce: Callable[[str], None]) -> None:
    """Run the assistant until it is stopped; `announce` is told the address to open, if any.

    Raises `SettingsError` or the loaders' errors, each one sentence, when it can't start.
    """
    _end_on_signals()
    sys.setswitchinterval(SWITCH_INTERVAL)
    require_catalogues()
    facts = Facts.load(settings.caravane_programme)
    dialogue = make_dialogue(
        facts,
        settings.retention,
        settings.caravane_clerks,
        secrets.randbelow,
        settings.desk,
        sms=simulate or settings.sms is not None,
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
        simulator: Simulator | None = None
        sms = settings.sms
        if simulate:
            simulated_clock = SettableClock(OPENING)
            clock, token = simulated_clock, SIMULATED_TOKEN
            password = secrets.token_urlsafe(12)
            simulator, api_url = await stack.enter_async_context(
                _simulator(settings, simulated_clock, password, announce)
            )
            sms = sms if sms and sms.kannel else _simulated_gateway(api_url, password)
        elif settings.telegram_bot_token:
            token = settings.telegram_bot_token.get_secret_value()
        database = await _open_database(stack, settings)
        rasa = None if settings.rasa_url else RasaServer(settings)
        if rasa:
            rasa.check()
        address = rasa.address if rasa else running(settings)
        if address is None:
            raise SettingsError("RASA_URL is missing: set it to the Rasa server's address.")
        nlu = NluClient(
            address.url, address.token, changing=partial(under_way, settings.caravane_data)
        )
        stack.push_async_callback(nlu.close)
        bot = make_bot(token, api_url)
        stack.push_async_callback(bot.request.shutdown)
        channel = TelegramChannel(bot)
        await _greet_telegram(channel)
        arrived, queued, stops_changed = asyncio.Event(), Chime(), asyncio.Event()
        channels: dict[str, Channel] = {NAME: channel}
        delivery = Delivery(board)
        if sms:
            gateway = Gateway(sms, database, clock, arrived, queued, failed=delivery.failed)
            base, texts = await _listen_for_sms(stack, gateway, sms)
            channels[texts.name] = texts
            if simulator and sms.number == SIMULATED_NUMBER:
                simulator.connect_sms(base, sms.secret, sms.number)
        worker = Worker(
            database,
            dialogue,
            nlu.understand,
            channels,
            clock,
            arrived,
            queued,
            stops_changed,
            desk,
            facts.refresh,
        )
        loops = {
            "rasa": rasa,
            "poller": Poller(database, channel, clock, arrived),
            "worker": worker,
            "sweeper": Sweeper(database, clock, board, settings.desk, queued),
            "housekeeper": Housekeeper(
                database, clock, make_reminders(facts), settings.retention, stops_changed
            ),
        } | {
            f"sender of {name}": Sender(
                database,
                wire,
                clock,
                queued.one_more(),
                delivery,
                purse=Purse(settings.budget) if wire is not channel else None,
                by_sms=sms is not None,
                in_a_group=settings.caravane_group_messages_a_minute,
            )
            for name, wire in channels.items()
        }
        async with asyncio.TaskGroup() as group:
            for name, loop in loops.items():
                if loop:
                    group.create_task(loop.run(), name=name)
            log.info("started", simulated=simulate, sms=sms is not None)


@contextlib.asynccontextmanager
async def _simulator(
    settings: Settings, clock: SettableClock, password: str, announce: Callable[[str], None]
) -> AsyncIterator[tuple[Simulator, str]]:
    """Run the simulator beside the assistant; gives the address of its servers as well.

    `password` is what its SMS gateway is sent messages by.
    """
    simulator = Simulator(
        token=SIMULATED_TOKEN,
        clock=clock,
        key=secrets.token_urlsafe(12),
        store=settings.caravane_data / "simulator.json",
        sms_password=password,
    )
    try:
        base = await simulator.start(settings.caravane_port)
    except OSError:
        raise SettingsError(
            f"Port {settings.caravane_port} is taken: set CARAVANE_PORT to another, or to 0."
        ) from None
    announce(simulator.page_address(base))
    try:
        yield simulator, base
    finally:
        await simulator.stop()


def _simulated_gateway(base_url: str, password: str) -> SmsSettings:
    """Return how SMS come and go over the simulator's gateway."""
    return SmsSettings(
        secret=secrets.token_urlsafe(24),
        number=SIMULATED_NUMBER,
        port=0,
        allowed=(ip_network("127.0.0.0/8"),),
        kannel=KannelLogin(f"{base_url}/cgi-bin/sendsms", "caravane", password),
    )


async def _listen_for_sms(
    stack: contextlib.AsyncExitStack, gateway: Gateway, settings: SmsSettings
) -> tuple[str, SmsChannel]:
    """Let the SMS gateway call; return where, and the channel that answers through it."""
    try:
        base = await gateway.start()
    except OSError:
        raise SettingsError(
            f"Port {settings.port} of {settings.host} can't be used: set CARAVANE_SMS_PORT and "
            "CARAVANE_SMS_HOST to where the SMS gateway calls."
        ) from None
    stack.push_async_callback(gateway.stop)
    channel = make_channel(settings, base)
    stack.push_async_callback(channel.close)
    return base, channel


async def _open_database(stack: contextlib.AsyncExitStack, settings: Settings) -> Database:
    store = await asyncio.to_thread(_open_store, settings)
    stack.callback(store.close)
    database = Database(store)
    stack.callback(database.close)
    return database


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

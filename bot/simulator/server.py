"""The simulator as one web application, and the way to run it next to the assistant."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import html
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.clock import ALGIERS, SettableClock
from bot.serving import Serving
from bot.simulator import store as files
from bot.simulator.answers import as_json
from bot.simulator.bell import Bell
from bot.simulator.bodies import TooLargeError, UnreadableError
from bot.simulator.botapi import BotApi
from bot.simulator.errors import ImpossibleError
from bot.simulator.guard import KeyRequired, LoopbackOnly
from bot.simulator.people import add_user
from bot.simulator.phone import Phones
from bot.simulator.sms.courier import Courier, Gateway
from bot.simulator.sms.network import Network
from bot.simulator.sms.phones import FeaturePhones
from bot.simulator.sms.smsbox import SmsBox
from bot.simulator.texts import both
from bot.simulator.world import World

STATIC = Path(__file__).parent / "static"
#: The caravan of 2015 was at its second stop of the autumn tour, on a Monday morning.
OPENING = dt.datetime(2015, 10, 5, 9, 0, tzinfo=ALGIERS)
_FORMAT = 1


class Simulator:
    """A Bot API server and an SMS gateway, people with phones, and the page that shows them."""

    def __init__(
        self,
        *,
        token: str,
        clock: SettableClock,
        key: str,
        store: Path | None = None,
        sms_password: str = "",
    ) -> None:
        """`sms_password` opens the gateway's `sendsms`; without one nobody can send an SMS."""
        self.key = key
        self._clock = clock
        self._bell = Bell()
        saved = files.load(store)
        self.world = self._world(token, saved)
        self.sms = _network(self.world, saved)
        self._courier = Courier(self.sms, self._bell)
        self._store = files.Store(store, self._snapshot)
        self.world.on_change = self._changed
        botapi = BotApi(world=self.world, token=token, bell=self._bell)
        phones = Phones(world=self.world, clock=clock, bell=self._bell)
        feature_phones = FeaturePhones(world=self.world, network=self.sms)
        smsbox = SmsBox(
            network=self.sms, courier=self._courier, bell=self._bell, password=sms_password
        )
        key_required = Middleware(KeyRequired, key=key)
        self.app = Starlette(
            routes=[
                Route("/", _page),
                *botapi.routes(),
                *smsbox.routes(),
                Mount("/_sim/sms", routes=feature_phones.routes(), middleware=[key_required]),
                Mount("/_sim", routes=phones.routes(), middleware=[key_required]),
                Mount("/static", StaticFiles(directory=STATIC)),
            ],
            middleware=[Middleware(LoopbackOnly)],
            exception_handlers={
                ImpossibleError: _impossible,
                ValidationError: _bad_request,
                UnreadableError: _bad_request,
                TooLargeError: _too_large,
            },
            lifespan=self._lifespan,
        )
        self._serving = Serving(self.app)

    async def start(self, port: int = 0) -> str:
        """Serve on loopback in the running loop; returns the address bots use."""
        base = self._serving.bind("127.0.0.1", port)
        self._open()
        await self._serving.start()
        return base

    def connect_sms(self, url: str, key: str, number: str) -> None:
        """Give the assistant every SMS written to its `number` from now on.

        It takes them at `url` + `/sms/kannel`, by its `key`. Until then no phone can write one.
        """
        self._courier.connect(Gateway(url, key, number))

    async def stop(self) -> None:
        """End every wait and call, the server and the saving, in this order."""
        self._bell.close()
        await self._courier.close()
        await self._serving.stop()
        await self._store.close()

    def page_address(self, base_url: str) -> str:
        """Return the address to open in a browser, with the key in it."""
        return f"{base_url}/?key={self.key}"

    @contextlib.asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._open()
        try:
            yield
        finally:
            await self.stop()

    def _open(self) -> None:
        self._bell.open()
        self._courier.open()
        self._store.touch()

    def _changed(self) -> None:
        self._bell.ring()
        self._store.touch()

    def _world(self, token: str, saved: dict[str, Any] | None) -> World:
        if saved is not None and saved.get("format") == _FORMAT:
            self._clock.set(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=saved["clock_ahead"]))
            return World.from_json(saved["world"], clock=self._clock)
        number = token.partition(":")[0]
        bot = {
            "id": int(number) if number.isdecimal() else 1,
            "is_bot": True,
            "first_name": "Caravane",
            "username": "caravane_bot",
        }
        # A new world numbers its updates from the real time on: a bot that remembers an earlier
        # one, and waits behind its last number, still gets them.
        world = World(bot=bot, clock=self._clock, first_update_id=int(time.time()))
        add_user(world, "Amine", "fr")
        add_user(world, "ياسمين", "ar")
        return world

    def _snapshot(self) -> dict[str, Any]:
        """Return all there is, and how far the clock is ahead: it goes on while we are off."""
        ahead = (self._clock.now() - dt.datetime.now(dt.UTC)).total_seconds()
        return {
            "format": _FORMAT,
            "clock_ahead": ahead,
            "world": self.world.to_json(),
            "sms": self.sms.to_json(),
        }


def _network(world: World, saved: dict[str, Any] | None) -> Network:
    if saved is not None and saved.get("format") == _FORMAT and "sms" in saved:
        return Network.from_json(saved["sms"], world)
    return Network(world)


async def _page(_request: Request) -> Response:
    page = _template()
    for name in ("error_key", "error_away"):
        page = page.replace(f"{{{name}}}", html.escape(both(name)))
    return HTMLResponse(page)


@functools.cache
def _template() -> str:
    return (STATIC / "index.html").read_text()


async def _impossible(_request: Request, error: Exception) -> Response:
    code, status = (
        (error.code, error.status) if isinstance(error, ImpossibleError) else ("error", 500)
    )
    return as_json({"error": code}, status)


async def _bad_request(_request: Request, _error: Exception) -> Response:
    return as_json({"error": "bad_request"}, 400)


async def _too_large(_request: Request, _error: Exception) -> Response:
    return as_json({"error": "too_large"}, 413)

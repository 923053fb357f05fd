"""A running simulator with an unmodified python-telegram-bot and the phones at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from telegram import (
    Bot,
    Update,
)

from bot.clock import SettableClock
from bot.simulator.guard import KEY_HEADER
from bot.simulator.server import OPENING, Simulator

TOKEN, KEY = "4711:test-token", "the-key"
AMINE, YASMINE = 7_000_000_001, 7_000_000_002
BOT = 4711


class Trial:
    """A running simulator, its address, a bot, and the phones."""

    def __init__(self, simulator: Simulator, base: str, bot: Bot, http: httpx.AsyncClient) -> None:
        self.simulator, self.base, self.bot, self.http = simulator, base, bot, http

    async def do(self, chat: int, deed: str, status: int = 200, **body: Any) -> Any:
        answer = await self.http.post(f"/_sim/chats/{chat}/{deed}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def shown(self, chat: int) -> Any:
        return (await self.http.get(f"/_sim/chats/{chat}")).json()

    async def group(self, title: str = "Bureau", *, bot: str = "administrator", **body: Any) -> int:
        """Make a group of Amine, its creator, and Yasmine; `bot` is administrator, member or none.

        The bot has read what it was told of that.
        """
        new = {"title": title, "creator_id": AMINE, "people": [YASMINE], "supergroup": True}
        answer = await self.http.post("/_sim/groups", json=new | body)
        assert answer.status_code == 201, answer.text
        chat = int(answer.json()["chat"]["id"])
        if bot != "none":
            await self.do(chat, "add", member_id=BOT)
        if bot == "administrator":
            await self.do(chat, "promote", member_id=BOT)
        await self.updates()
        return chat

    async def fault(self, **body: Any) -> None:
        assert (await self.http.post("/_sim/faults", json=body)).status_code == 200

    async def updates(self) -> list[Update]:
        """Return what waits, and confirm it."""
        found = await self.bot.get_updates(timeout=0)
        if found:
            await self.bot.get_updates(offset=found[-1].update_id + 1, timeout=0)
        return list(found)


class Running:
    """Starts the simulator, a bot and the phones, and stops them."""

    def __init__(self, store: Path | None = None) -> None:
        self.simulator = Simulator(token=TOKEN, clock=SettableClock(OPENING), key=KEY, store=store)

    async def __aenter__(self) -> Trial:
        base = await self.simulator.start()
        self.http = httpx.AsyncClient(base_url=base, headers={KEY_HEADER: KEY}, trust_env=False)
        self.bot = Bot(TOKEN, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot")
        await self.bot.initialize()
        return Trial(self.simulator, base, self.bot, self.http)

    async def __aexit__(self, *_: object) -> None:
        await self.bot.shutdown()
        await self.http.aclose()
        await self.simulator.stop()


async def started(trial: Trial, chat: int = AMINE) -> None:
    await trial.do(chat, "text", text="/start")
    await trial.updates()

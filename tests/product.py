"""The product as people get it: the real command in a process of its own, and their phones."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

import httpx

from bot.rasa import wait_until_ready
from bot.simulator.guard import KEY_HEADER
from nlu.client import NluClient

HOUSE = Path(__file__).parent.parent
PATIENCE = 60.0


class Product:
    """`caravane simulate`, running; killed and started again at will."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self._environment = {"CARAVANE_DATA": str(folder), "CARAVANE_PORT": "0"} | environment
        self._process: subprocess.Popen[str] | None = None
        self.log: list[str] = []
        self._announced, self._rasa_started = threading.Event(), threading.Event()
        self._phones: list[httpx.Client] = []
        self.address = ""
        self.key = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Start, and wait until the simulator's address is printed."""
        self._announced.clear()
        self._rasa_started.clear()
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "bot", "simulate"],
            cwd=HOUSE,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self._environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        assert self._announced.wait(PATIENCE), self.log

    def _read(self) -> None:
        """Keep what the process prints, until it ends."""
        assert self.process.stdout
        with self.process.stdout as stream:
            for line in stream:
                self.log.append(line)
                found = re.search(r"(http://127\.0\.0\.1:\d+)/\?key=(\S+)", line)
                if found:
                    self.address, self.key = found[1], found[2]
                    self._announced.set()
                if "event=rasa_started" in line:
                    self._rasa_started.set()

    def kill(self) -> None:
        """Kill the process as a power cut would."""
        self.process.kill()
        self._ended()

    def kill_rasa(self) -> None:
        """Kill the Rasa server that the product started."""
        started = next(line for line in reversed(self.log) if "event=rasa_started" in line)
        found = re.search(r"process=(\d+)", started)
        assert found
        self._rasa_started.clear()
        os.kill(int(found[1]), signal.SIGKILL)

    def stop(self) -> int:
        """Press Ctrl-C and wait for the end; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self._ended()

    def _ended(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join()
        while self._phones:
            self._phones.pop().close()
        return code

    def connect(self) -> httpx.Client:
        """Return a connection to the phones, closed with the product."""
        http = httpx.Client(
            base_url=self.address,
            headers={KEY_HEADER: self.key},
            timeout=PATIENCE,
            trust_env=False,
        )
        self._phones.append(http)
        return http

    def rasa(self) -> tuple[str, str]:
        """Return where the product's Rasa server is, and its token."""
        assert self._rasa_started.wait(PATIENCE), self.log
        note = json.loads((self.folder / "rasa.json").read_text())
        return note["url"], note["token"]

    def rasa_is_ready(self) -> None:
        """Wait until free text is understood."""

        async def ask() -> None:
            client = NluClient(*self.rasa())
            await wait_until_ready(client, PATIENCE)
            await client.close()

        asyncio.run(ask())


class Phone:
    """One person's phone in the simulator."""

    def __init__(self, product: Product, chat: int) -> None:
        self._http = product.connect()
        self.chat = chat

    @classmethod
    def new(cls, product: Product, language: str = "fr") -> Phone:
        """Give someone new a phone."""
        phone = cls(product, 0)
        person = phone._post("users", first_name="Nadia", language_code=language)
        phone.chat = person["chat_id"]
        return phone

    def _post(self, path: str, **body: Any) -> Any:
        answer = self._http.post(f"/_sim/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def messages(self) -> list[dict[str, Any]]:
        """Return what the chat shows."""
        shown: list[dict[str, Any]] = self._http.get(f"/_sim/chats/{self.chat}").json()["messages"]
        return shown

    def do(self, deed: str, *, until: str = "", **body: Any) -> str:
        """Do something, and wait for the assistant's next message that holds `until`."""
        before = self._http.get("/_sim/state").json()["seq"]
        self._post(f"chats/{self.chat}/{deed}", **body)
        return self._wait(before, until)

    def _wait(self, after: int, until: str) -> str:
        begun = time.monotonic()
        while True:
            told = self._http.get("/_sim/changes", params={"after": after, "timeout": 25}).json()
            assert time.monotonic() - begun < PATIENCE, "the assistant stayed silent"
            for change in told["changes"]:
                message = change.get("message") or {}
                mine = change.get("chat_id") == self.chat and change["kind"] == "message"
                if mine and message.get("from", {}).get("is_bot"):
                    text = str(message.get("text") or message.get("caption") or "")
                    if until in text:
                        return text
            after = told["seq"]

    def sends(self, text: str) -> None:
        """Write something without waiting for the answer."""
        self._post(f"chats/{self.chat}/text", text=text)

    def says(self, text: str, until: str = "") -> str:
        return self.do("text", text=text, until=until)

    def taps(self, label: str, until: str = "") -> str:
        """Tap the newest button of that label, and wait as `do` does."""
        for message in reversed(self.messages()):
            keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in (b for row in keyboard for b in row):
                if label in button["text"]:
                    return self.do(
                        "press",
                        until=until,
                        message_id=message["message_id"],
                        data=button["callback_data"],
                    )
        raise AssertionError(f"no button {label!r}")

    def waits_for(self, until: str) -> str:
        """Wait for a message that holds some words, or find it among those that came."""
        after = self._http.get("/_sim/state").json()["seq"]
        for message in reversed(self.messages()):
            text = str(message.get("text") or message.get("caption") or "")
            if until in text and message["from"]["is_bot"]:
                return text
        return self._wait(after, until)

    def fails_next(self, **fault: Any) -> None:
        """Make the assistant's next call to the Bot API about this chat fail."""
        self._post("faults", **{"method": "sendMessage", "chat_id": self.chat} | fault)

    def receives(self, update: dict[str, Any]) -> None:
        """Give the assistant an update just as it is."""
        self._post("updates", **update)

    def blocks(self, blocked: bool) -> None:
        """Block the assistant, or let it write again."""
        self._post(f"chats/{self.chat}/block", blocked=blocked)

    def clock(self, moment: str) -> None:
        """Set the simulated clock, in Algerian time."""
        self._post("clock", now=moment)

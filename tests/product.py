"""The product as people get it: the real command in a process of its own, and their phones."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

import httpx

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
        self._rasa_started = threading.Event()
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
        self._rasa_started.clear()
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "bot", "simulate"],
            cwd=HOUSE,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self._environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr
        threading.Thread(target=self._keep, args=(self.process.stderr,), daemon=True).start()
        assert self.process.stdout
        for line in self.process.stdout:
            found = re.search(r"(http://127\.0\.0\.1:\d+)/\?key=(\S+)", line)
            if found:
                self.address, self.key = found[1], found[2]
                return
        raise AssertionError(f"no address was printed; the log says {self.log}")

    def _keep(self, stream: Any) -> None:
        for line in stream:
            self.log.append(line)
            if "event=rasa_started" in line:
                self._rasa_started.set()

    def kill(self) -> None:
        """Kill the process as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Press Ctrl-C and wait for the end; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def rasa(self) -> tuple[str, str]:
        """Return where the product's Rasa server is, and its token."""
        assert self._rasa_started.wait(PATIENCE), self.log
        note = json.loads((self.folder / "rasa.json").read_text())
        return note["url"], note["token"]

    async def rasa_is_ready(self) -> None:
        from bot.rasa import wait_until_ready  # noqa: PLC0415

        client = NluClient(*self.rasa())
        await wait_until_ready(client, PATIENCE)
        await client.close()


class Phone:
    """One person's phone in the simulator."""

    def __init__(self, product: Product, chat: int) -> None:
        self._http = httpx.Client(
            base_url=product.address,
            headers={KEY_HEADER: product.key},
            timeout=PATIENCE,
            trust_env=False,
        )
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

    def do(self, deed: str, **body: Any) -> str:
        """Do something, and wait for the assistant's next message; returns its text."""
        before = self._http.get("/_sim/state").json()["seq"]
        self._post(f"chats/{self.chat}/{deed}", **body)
        return self.wait(before)

    def wait(self, after: int) -> str:
        """Wait for a message of the assistant after a change's number."""
        while True:
            told = self._http.get("/_sim/changes", params={"after": after, "timeout": 25}).json()
            assert told["changes"], "the assistant stayed silent"
            for change in told["changes"]:
                message = change.get("message") or {}
                mine = change.get("chat_id") == self.chat and change["kind"] == "message"
                if mine and message.get("from", {}).get("is_bot"):
                    return str(message.get("text", ""))
            after = told["seq"]

    def says(self, text: str) -> str:
        return self.do("text", text=text)

    def taps(self, label: str) -> str:
        """Tap the newest button of that label."""
        for message in reversed(self.messages()):
            keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in (b for row in keyboard for b in row):
                if label in button["text"]:
                    return self.do(
                        "press", message_id=message["message_id"], data=button["callback_data"]
                    )
        raise AssertionError(f"no button {label!r}")

    def clock(self, moment: str) -> None:
        """Set the simulated clock, in Algerian time."""
        self._post("clock", now=moment)

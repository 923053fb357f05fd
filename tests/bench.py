"""The figures of `make bench`: a start, a parse, a turn, memory, the clerks' lists, with targets.

These are measured on whatever machine runs them, so they are printed, never asserted.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import httpx
import yaml

from actions.store import Store
from bot.clock import SettableClock
from bot.rasa import wait_until_ready
from bot.simulator.guard import KEY_HEADER
from bot.simulator.people import add_user
from bot.simulator.server import OPENING, Simulator
from nlu.client import NluClient
from tests.bench_desk import bench_desk
from tests.bench_sms import bench_sms_on_each
from tests.enrolled import enrol
from tests.product import HOUSE, Phone, Product

PARSES = 300
REGISTRATIONS = 10_000
RATE = 30
SECONDS = 20
#: How many people sign up side by side, and how many of their messages come in a second: each of
#: them answers once in four seconds.
SIGNING, SIGNING_RATE = 40, 10
SIGNING_UP = (
    *(
        "je veux m'inscrire",
        "oui",
        "14/05/1991",
        "Amina Benali",
        "El Eulma, Sétif",
        "0661{chat:06}",
    ),
    *("inscrite à l'ANEM", "TS en électricité", "fibre optique", "envoyer"),
)
TOKEN, KEY = "4242424242:bench-token-of-no-real-bot", "bench"


def row(name: str, measured: float, target: float, unit: str) -> None:
    """Print one figure, and how it stands to its target."""
    print(  # noqa: T201
        f"{name:52} {measured:9.1f} {unit:3} target {target:7.1f}   ratio {measured / target:5.2f}"
    )


def questions() -> list[str]:
    """Return real messages: the training examples, one a subject in turn."""
    texts = []
    for path in sorted((HOUSE / "nlu" / "data").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text())["nlu"]:
            texts += [line.removeprefix("- ") for line in entry["examples"].splitlines()[:6]]
    return texts


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values stay under."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def resident_megabytes(process: int) -> float:
    """Return how much memory a process holds now."""
    status = Path(f"/proc/{process}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024


def bench_start(folder: Path) -> None:
    """Start as `make run` does the second time; time the menu, then the first answer."""
    with Product(folder):
        pass
    begun = time.monotonic()
    with Product(folder) as product:
        phone = Phone.new(product)
        phone.says("/menu")
        row("second start to a working menu", time.monotonic() - begun, 2, "s")
        while "phrases" in phone.says("quels papiers pour le dossier"):
            pass
        row("second start to the first answer of free text", time.monotonic() - begun, 15, "s")


def sign_up(store: Store, how_many: int) -> None:
    """Put that many people into the records, in turn in every wilaya of 2015."""
    names = (("Amina", "Benali"), ("عبد القادر", "بن علي"), ("Nour El Houda", "Aït Ahmed"))
    with store.begin() as session:
        for n in range(how_many):
            given, family = names[n % 3]
            wilaya = f"{n % 48 + 1:02}"
            enrol(
                session,
                OPENING + n * dt.timedelta(minutes=4),
                number=str(n),
                draw=secrets.randbelow,
                given_name=given,
                family_name=family,
                phone=f"+2136{n:08}",
                wilaya=wilaya,
                stop=wilaya,
            )


def bench_clerks(folder: Path) -> None:
    """Type the clerks' commands over many registrations; time each from its start to its end."""
    store = Store(f"sqlite:///{folder}/simulator.db")
    store.migrate()
    sign_up(store, REGISTRATIONS)
    store.close()

    def type_in(*words: str) -> float:
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "bot", "registrations", *words],
            cwd=HOUSE,
            env={**os.environ, "CARAVANE_DATA": str(folder)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return time.perf_counter() - begun

    type_in("list")  # so that Python has compiled what it imports
    n = f"{REGISTRATIONS:,} registrations"
    row(f"list with a filter, of {n}", type_in("list", "--wilaya", "19"), 1, "s")
    row(f"export of {n} to XLSX", type_in("export", str(folder / "list.xlsx")), 5, "s")
    row(f"export of {n} to CSV", type_in("export", str(folder / "list.csv")), 5, "s")


async def bench_parse(client: NluClient, texts: Sequence[str]) -> None:
    """Parse messages one after the other over HTTP."""
    spent = []
    for n in range(PARSES):
        begun = time.perf_counter()
        await client.understand(texts[n % len(texts)])
        spent.append((time.perf_counter() - begun) * 1000)
    row("one parse over HTTP, median", statistics.median(spent), 8, "ms")
    row("one parse over HTTP, 99 in 100 under", percentile(spent, 0.99), 8, "ms")


class Crowd:
    """Many phones in one simulator; times each message from its update to its reply."""

    def __init__(self, simulator: Simulator, phones: httpx.AsyncClient, people: int) -> None:
        self.chats = [add_user(simulator.world, f"P{n}", "fr").data["id"] for n in range(people)]
        self.spent: list[float] = []
        self._phones = phones
        self._world = simulator.world
        self._changed = simulator.world.on_change
        self._asked: dict[int, float] = {}
        self._answered = asyncio.Event()
        simulator.world.on_change = self._watch

    def _watch(self) -> None:
        self._changed()
        change = self._world.changes[-1]
        by_bot = (change.get("message") or {}).get("from", {}).get("is_bot")
        if by_bot and change["kind"] == "message" and change["chat_id"] in self._asked:
            begun = self._asked.pop(change["chat_id"])
            self.spent.append((time.perf_counter() - begun) * 1000)
            self._answered.set()

    async def say(self, chat: int, text: str) -> None:
        """Write something without waiting for the answer."""
        self._asked[chat] = time.perf_counter()
        await self._phones.post(f"/_sim/chats/{chat}/text", json={"text": text})

    async def all_answered(self) -> None:
        """Wait until everyone who wrote was answered."""
        async with asyncio.timeout(30):
            while self._asked:
                self._answered.clear()
                await self._answered.wait()

    async def write(self, messages: Iterable[tuple[int, str]], rate: float) -> list[float]:
        """Write messages at a steady rate a second; return the milliseconds each took."""
        self.spent.clear()
        begun = time.perf_counter()
        for n, (chat, text) in enumerate(messages):
            await asyncio.sleep(max(0, begun + n / rate - time.perf_counter()))
            await self.say(chat, text)
        await self.all_answered()
        return list(self.spent)


async def bench_turns(folder: Path, rasa: tuple[str, str], texts: Sequence[str]) -> None:
    """Send messages from many chats at a steady rate; time each from update to reply."""
    simulator = Simulator(token=TOKEN, clock=SettableClock(OPENING), key=KEY)
    base = await simulator.start()
    environment = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": base,
        "RASA_URL": rasa[0],
        "RASA_TOKEN": rasa[1],
        "CARAVANE_DATA": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/turns.db",
    }
    assistant = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=HOUSE,
        env=environment,
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with httpx.AsyncClient(
        base_url=base, headers={KEY_HEADER: KEY}, trust_env=False
    ) as phones:
        crowd = Crowd(simulator, phones, people=90)
        for n, chat in enumerate(crowd.chats):  # first contacts are longer; they are not timed
            await crowd.say(chat, texts[n])
            await crowd.all_answered()
        await asyncio.sleep(2)
        mixed = [
            (crowd.chats[n % len(crowd.chats)], texts[(n * 7) % len(texts)])
            for n in range(RATE * SECONDS)
        ]
        spent = await crowd.write(mixed, RATE)
        signing = Crowd(simulator, phones, people=SIGNING)
        one_by_one = [
            (chat, words.format(chat=chat % 1_000_000))
            for words in SIGNING_UP
            for chat in signing.chats
        ]
        in_the_form = await signing.write(one_by_one, SIGNING_RATE)
    row(f"update to reply at {RATE} messages/s, median", statistics.median(spent), 40, "ms")
    row(
        f"update to reply at {RATE} messages/s, 99 in 100 under", percentile(spent, 0.99), 150, "ms"
    )
    row("a turn of the pre-registration, median", statistics.median(in_the_form), 40, "ms")
    row("the assistant's resident memory", resident_megabytes(assistant.pid), 150, "MB")
    assistant.terminate()
    await assistant.wait()
    await simulator.stop()


async def bench_running(folder: Path) -> None:
    """Measure parses and turns against one Rasa server."""
    with Product(folder) as product:
        rasa = product.rasa()
        client = NluClient(*rasa, seconds=30)
        await wait_until_ready(client)
        texts = questions()
        await bench_parse(client, texts)
        await client.close()
        await bench_turns(folder, rasa, texts)


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as name:
        bench_clerks(Path(name))
    with tempfile.TemporaryDirectory() as name:
        store = Store(f"sqlite:///{name}/desk.db")
        store.migrate()
        asyncio.run(bench_desk(store, row))
        store.close()
    bench_sms_on_each(row)
    with tempfile.TemporaryDirectory() as name:
        bench_start(Path(name))
        asyncio.run(bench_running(Path(name)))


if __name__ == "__main__":
    main()

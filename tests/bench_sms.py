"""The speed of the SMS gateway's door: messages over HTTP until they are kept, one in 20 twice."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import func, select

from actions.store import Store
from actions.tables import Inbox
from bot.app import SWITCH_INTERVAL
from tests.product import HOUSE

SECONDS = 15
#: A gateway keeps so many connections open.
CONNECTIONS = 20
#: Of so many messages one comes again.
REPEATED = 20
CODE = (
    f"import sys; sys.setswitchinterval({SWITCH_INTERVAL}); "
    "from tests.test_sms_gateway import run_gateway; run_gateway(sys.argv[1])"
)
SECRET = "a secret of the tests"

Row = Callable[[str, float, float, str], None]


@contextmanager
def _gateway(url: str) -> Iterator[tuple[str, int]]:
    """Run the door in a process of its own; gives its host and port."""
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, url], cwd=HOUSE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    host, port = process.stdout.readline().strip().removeprefix("http://").split(":")
    try:
        yield host, int(port)
    finally:
        process.kill()
        process.wait()


def _request(n: int) -> bytes:
    """Return the n-th message of a crowd in which nobody writes more than a few a minute."""
    text = quote(f"Quels papiers pour la demande numéro {n} ?")
    return (
        f"GET /sms/kannel?key={quote(SECRET)}&from=%2B21366{n % 1000:07}&to=3048&ts={n}&smsc=OP1"
        f"&id=0980a4dd-b193-4e59-9db4-{n:012}&coding=0&charset=UTF-8&udh=&text={text} HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\nUser-Agent: Kannel/1.4.5\r\nConnection: keep-alive\r\n\r\n"
    ).encode()


async def _bring(host: str, port: int, requests: list[bytes], rate: float) -> list[float]:
    """Send requests at a steady rate; return the milliseconds from when each was due."""
    spent: list[float] = []
    due: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        while (one := await due.get()) is not None:
            at, raw = one
            writer.write(raw)
            status = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1]
            assert status == b"200", status
            spent.append((time.perf_counter() - at) * 1000)
        writer.close()

    lines = [asyncio.create_task(connection()) for _n in range(CONNECTIONS)]
    begun = time.perf_counter()
    for n, raw in enumerate(requests):
        at = begun + n / rate
        await asyncio.sleep(max(0, at - time.perf_counter()))
        due.put_nowait((at, raw))
    for _line in lines:
        due.put_nowait(None)
    await asyncio.gather(*lines)
    return spent


async def bench_sms(url: str, name: str, rate: int, row: Row) -> None:
    """Print how long messages at a rate take until they are kept, on one database."""
    store = Store(url)
    store.migrate()
    numbers = list(range(rate * SECONDS))
    again = [n - rate if n % REPEATED == 0 and n >= rate else n for n in numbers]
    requests = [_request(n) for n in again]
    with _gateway(url) as (host, port):
        await _bring(host, port, [_request(10_000_000 + n) for n in range(100)], 50)  # warm
        begun = time.perf_counter()
        spent = await _bring(host, port, requests, rate)
        lasted = time.perf_counter() - begun
    kept = store.run(lambda s: s.scalar(select(func.count()).select_from(Inbox))) or 0
    assert kept == 100 + len(set(again)), kept
    store.close()
    row(f"SMS kept in a second, {name}", len(spent) / lasted, rate, "/s")
    row(f"SMS until it is kept at {rate}/s, {name}, median", statistics.median(spent), 20, "ms")
    last = sorted(spent)[min(int(len(spent) * 0.99), len(spent) - 1)]
    row(f"SMS until it is kept at {rate}/s, {name}, 99 in 100", last, 50, "ms")


def bench_sms_on_each(row: Row) -> None:
    """Print the figures on SQLite, then on PostgreSQL at twice the rate."""
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(bench_sms(f"sqlite:///{name}/sms.db", "SQLite", 100, row))
        os.environ["XDG_RUNTIME_DIR"] = name
        import pgserver  # noqa: PLC0415 - it looks for the folder above when it is imported

        server = pgserver.postgres_server.get_server(Path(name) / "data", cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        asyncio.run(bench_sms(url, "PostgreSQL", 200, row))
        server.cleanup()

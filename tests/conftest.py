"""What every test may ask for: databases, time, and no way out of this machine."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import text

from actions.store import Store
from bot.clock import ALGIERS
from bot.rasa import RasaServer, wait_until_ready
from bot.settings import load_settings
from nlu.client import NluClient, Understanding

T = TypeVar("T")

# How long an example takes says how busy the machine is, not whether it is right.
hypothesis.settings.register_profile("caravane", deadline=None)
hypothesis.settings.load_profile("caravane")

MONDAY = dt.datetime(2015, 10, 5, 9, 0, tzinfo=ALGIERS)


class FixedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, moment: dt.datetime = MONDAY) -> None:
        self.moment = moment

    def now(self) -> dt.datetime:
        return self.moment.astimezone(dt.UTC)


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail whatever tries to reach another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in os.environ:
        if name.startswith(("TELEGRAM_", "DATABASE_", "RASA_", "CARAVANE_", "LOG_LEVEL")):
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def understand(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Understanding]]:
    """Ask a real Rasa server with the trained model; the same text is asked once."""
    server = RasaServer(load_settings(caravane_data=tmp_path_factory.mktemp("rasa")))
    server.address = replace(server.address, token=f"-{server.address.token}")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def await_(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    serving = asyncio.run_coroutine_threadsafe(server.run(), loop)
    client = NluClient(server.address.url, server.address.token, seconds=30)
    await_(wait_until_ready(client))
    yield functools.cache(lambda text: await_(client.understand(text)))
    await_(client.close())
    serving.cancel()
    await_(_others_ended())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _others_ended() -> None:
    """Wait until every other task of this loop has ended."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A real PostgreSQL server, brought by a package; gives the address of its first database."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", folder)
        import pgserver  # noqa: PLC0415 - it looks for the folder above when it is imported

        server = pgserver.postgres_server.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the product's tables: copying it is quicker than making them for each test."""
    path = tmp_path_factory.mktemp("template") / "test.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> str:
    """The name of a PostgreSQL database with the product's tables, to make others from."""
    main = Store(postgresql)
    with main.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE template_of_tests"))
    main.close()
    _migrated(postgresql.replace("/postgres?", "/template_of_tests?"))
    return "template_of_tests"


def _migrated(url: str) -> None:
    store = Store(url)
    store.migrate()
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind in turn, with the product's tables and nothing in them."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    template: str = request.getfixturevalue("postgresql_template")
    server: str = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    main = Store(server)
    with main.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.replace("/postgres?", f"/{name}?")
    with main.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    main.close()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A database with the product's tables, on SQLite and on PostgreSQL."""
    opened = Store(database_url)
    opened.migrate()
    yield opened
    opened.close()

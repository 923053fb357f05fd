"""The database: one engine for SQLite and PostgreSQL, sessions, and a UTC column type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import (
    CursorResult,
    DateTime,
    Delete,
    Dialect,
    Engine,
    Update,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

__all__ = [
    "RefusedByStoreError",
    "Session",
    "Store",
    "StoreError",
    "Utc",
    "changed",
    "database_known",
]

MIGRATIONS = Path(__file__).parent / "migrations"
#: How long a writer waits for another before the database counts as locked, in milliseconds.
BUSY_MS = 5_000

T = TypeVar("T")


class StoreError(Exception):
    """The database can't be reached or written now."""


class RefusedByStoreError(StoreError):
    """The database can be reached, and refuses this one thing: a value it can't hold."""


class Utc(TypeDecorator[dt.datetime]):
    """Aware moments only, kept in UTC.

    SQLite would give back `09:00` for `09:00+01:00`, the offset lost.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """Refuse naive moments and turn the rest to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone can't be stored")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """Give the moment back aware."""
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def database_known(url: str) -> bool:
    """Return whether an address names a kind of database that `Store` can open."""
    try:
        made = make_url(url)
    except ArgumentError:
        return False
    # SQLite without a file would give each thread a database of its own.
    return made.drivername == "postgresql+psycopg" or bool(
        made.drivername == "sqlite" and made.database
    )


def changed(session: Session, statement: Update | Delete) -> int:
    """Carry out an update or a deletion and return how many rows it changed."""
    return cast(CursorResult[Any], session.execute(statement)).rowcount


class Store:
    """Opens transactions on one database; safe to share between threads."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine = _engine(url, sqlite=self.is_sqlite)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Give a session whose work is committed at the end, or not at all on an error.

        Raises `StoreError` when the database itself fails (gone, full, locked).
        """
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        except SQLAlchemyError as failed:
            # Only the kind of failure: the statement's values are what people wrote.
            cause = getattr(failed, "orig", None) or failed
            refused = isinstance(failed, DataError | IntegrityError)
            kind = RefusedByStoreError if refused else StoreError
            raise kind(f"{type(failed).__name__}: {type(cause).__name__}") from None

    def run(self, work: Callable[[Session], T]) -> T:
        """Return what `work` returns, done in one transaction."""
        with self.begin() as session:
            return work(session)

    def migrate(self) -> None:
        """Bring the tables to their newest form; raise `StoreError` when that can't be done."""
        if self._is_newest():
            return
        from alembic import command  # noqa: PLC0415 - a third of a second the fast paths spare
        from alembic.config import Config  # noqa: PLC0415
        from alembic.util import CommandError  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        try:
            with self.engine.begin() as connection:
                if not self.is_sqlite:
                    # Several processes may start at once; one migrates, the others wait.
                    connection.execute(text("SELECT pg_advisory_xact_lock(20151005)"))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        except CommandError as failed:
            raise StoreError("its tables are of a newer version of Caravane") from failed
        except SQLAlchemyError as failed:
            raise StoreError(f"{type(failed).__name__}") from failed

    def _is_newest(self) -> bool:
        """Whether the newest migration was done: at most starts, Alembic need not be loaded."""
        newest = max(path.stem.partition("_")[0] for path in MIGRATIONS.glob("versions/*.py"))
        try:
            with self.engine.connect() as connection:
                if not inspect(connection).has_table("alembic_version"):
                    return False
                done = connection.scalar(text("SELECT version_num FROM alembic_version"))
        except SQLAlchemyError as failed:
            raise StoreError(f"{type(failed).__name__}") from failed
        return bool(done == newest)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: str, *, sqlite: bool) -> Engine:
    if not sqlite:
        return create_engine(url, pool_pre_ping=True, pool_size=10)
    engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # The driver would begin deferred transactions by itself, which can deadlock on upgrade.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # What is erased is overwritten, not only forgotten by the index.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine

"""The database itself: migrations, moments in time, and failures that say little."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from actions.store import Store, StoreError
from actions.tables import Base, Event


def test_migrations_make_exactly_the_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.migrate()


def test_a_moment_keeps_its_offset(store: Store) -> None:
    algiers = dt.timezone(dt.timedelta(hours=1))
    moment = dt.datetime(2015, 10, 4, 9, 0, tzinfo=algiers)
    store.run(lambda s: s.add(Event(at=moment, kind="test")))
    assert store.run(lambda s: s.query(Event).one().at) == moment


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    naive = dt.datetime(2015, 10, 4, 9, 0)  # noqa: DTZ001
    with pytest.raises(StoreError):
        store.run(lambda s: s.add(Event(at=naive, kind="test")))


def test_an_error_undoes_the_whole_transaction(store: Store) -> None:
    def work(session: object) -> None:
        session.add(Event(at=dt.datetime.now(dt.UTC), kind="test"))  # type: ignore[attr-defined]
        raise KeyError("in the middle")

    with pytest.raises(KeyError):
        store.run(work)
    assert store.run(lambda s: s.query(Event).count()) == 0


def test_a_database_error_does_not_tell_what_people_wrote(store: Store) -> None:
    with pytest.raises(StoreError) as failed:
        store.run(lambda s: s.execute(text("SELECT 'mon numéro' FROM nowhere")))
    assert "numéro" not in str(failed.value)


def test_a_full_disk_is_a_store_error(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/small.db")
    store.migrate()
    with store.begin() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()

    def fill(session: object) -> None:
        session.execute(text(f"PRAGMA max_page_count = {pages}"))  # type: ignore[attr-defined]
        for _n in range(200):
            session.add(Event(at=dt.datetime.now(dt.UTC), kind="x" * 24))  # type: ignore[attr-defined]

    with pytest.raises(StoreError):
        store.run(fill)
    store.close()


def test_a_locked_database_is_a_store_error_and_works_again_when_it_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.store.BUSY_MS", 20)
    path = tmp_path / "locked.db"
    store = Store(f"sqlite:///{path}")
    store.migrate()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError):
        store.run(lambda s: s.query(Event).count())
    other.execute("ROLLBACK")
    other.close()
    assert store.run(lambda s: s.query(Event).count()) == 0
    store.close()

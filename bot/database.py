"""The store, asked from the event loop: each transaction runs in a thread made for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from actions.store import Session, Store

T = TypeVar("T")

#: PostgreSQL takes several writers at a time.
CONNECTIONS = 6


class Database:
    """Runs transactions one after the other on SQLite, which takes one writer, else side by side.

    No transaction stays open across an await: the work is a plain function.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(
            1 if store.is_sqlite else CONNECTIONS, thread_name_prefix="database"
        )

    async def run(self, work: Callable[[Session], T]) -> T:
        """Return what `work` returns, done in one transaction; raise `StoreError` as it does."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._store.run, work)

    def close(self) -> None:
        """Wait for what is running, and end the threads."""
        self._threads.shutdown()

"""Keeping the phones over a restart: one file, replaced whole, never at every change."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

_PAUSE = 0.3  # seconds of changes saved at once


class Store:
    """Saves a snapshot soon after a change, and spends at most a tenth of the time on it."""

    def __init__(self, path: Path | None, snapshot: Callable[[], dict[str, Any]]) -> None:
        self._path = path
        self._snapshot = snapshot
        self._changed = False
        self._pause = _PAUSE
        self._timer: asyncio.TimerHandle | None = None
        self._saving: asyncio.Task[None] | None = None

    def touch(self) -> None:
        """Say that something changed; outside a running loop it is saved by the next one."""
        self._changed = True
        if self._path is None or self._timer is not None or self._saving is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._timer = loop.call_later(self._pause, self._begin)

    async def close(self) -> None:
        """Save what is not saved yet."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._saving is not None:
            await self._saving
        if self._timer is not None:  # set again by the save just awaited
            self._timer.cancel()
            self._timer = None
        if self._changed and self._path is not None:
            await self._save()

    def _begin(self) -> None:
        self._timer = None
        self._saving = asyncio.get_running_loop().create_task(self._save_then_rest())

    async def _save_then_rest(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            await self._save()
        except OSError:
            logger.exception("The simulator's phones could not be saved")
        self._pause = max(_PAUSE, 9 * (loop.time() - began))
        self._saving = None
        if self._changed:
            self.touch()

    async def _save(self) -> None:
        assert self._path is not None  # noqa: S101
        self._changed = False
        await asyncio.to_thread(_replace, self._path, json.dumps(self._snapshot()))


def load(path: Path | None) -> dict[str, Any] | None:
    """Return what was saved; a file that cannot be read is set aside, not overwritten."""
    if path is None or not path.exists():
        return None
    try:
        data = json.loads(path.read_text())
    except ValueError:
        data = None
    if isinstance(data, dict):
        return data
    aside = path.with_suffix(f"{path.suffix}.unreadable")
    path.replace(aside)
    logger.warning("The simulator's phones could not be read; they are in %s", aside)
    return None


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f"{path.suffix}.new")
    draft.write_text(text)
    draft.replace(path)

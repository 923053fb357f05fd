"""Waking the requests that wait for news."""

from __future__ import annotations

import asyncio


class Bell:
    """Wakes everyone who waits, at each ring and for good when closed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self.closed = False

    def ring(self) -> None:
        """Wake everyone waiting now."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    def close(self) -> None:
        """Wake everyone, and let nobody wait any more."""
        self.closed = True
        self.ring()

    def open(self) -> None:
        """Let people wait again after a close."""
        self.closed = False

    async def pass_time(self, seconds: float) -> None:
        """Return when `seconds` have passed, or at once when closed."""
        ends = asyncio.get_running_loop().time() + seconds
        while not self.closed and (left := ends - asyncio.get_running_loop().time()) > 0:
            await self.wait(left)

    async def wait(self, seconds: float) -> None:
        """Return at the next ring, or when `seconds` have passed."""
        if self.closed or seconds <= 0:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await asyncio.wait([waiter], timeout=seconds)
        finally:
            self._waiting.discard(waiter)

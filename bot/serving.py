"""Serving a web application beside everything else, in the running loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from ipaddress import ip_address

import uvicorn
from starlette.types import ASGIApp


class Serving:
    """A web application on one port of this machine: bound, then served until it is stopped."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._listener: socket.socket | None = None
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    def bind(self, host: str, port: int) -> str:
        """Take a port at an IP address, any free one for 0; return the base address.

        Raises `OSError` when the port is taken or the address is not this machine's.
        """
        address = ip_address(host)
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        # Named as TCP, so that asyncio turns off Nagle's wait of 40 ms on what it accepts.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen()
        except OSError:
            listener.close()
            raise
        self._listener = listener
        if address.is_unspecified:  # every address of this machine: name the nearest
            host = "127.0.0.1" if address.version == 4 else "::1"
        name = f"[{host}]" if ":" in host else host
        return f"http://{name}:{listener.getsockname()[1]}"

    async def start(self) -> None:
        """Answer at the port taken before, from now on."""
        if self._listener is None:
            raise RuntimeError("nothing is bound")
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        await self._server.ready.wait()

    async def stop(self) -> None:
        """Answer what is asked already, then end."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
            self._server = self._task = self._listener = None


class _Server(uvicorn.Server):
    """Uvicorn that says when it listens and leaves the signals to the program around it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

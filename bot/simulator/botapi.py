"""The Bot API over HTTP: `/bot{token}/{method}`, long polling, and its faults on demand."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.simulator import filing
from bot.simulator.answers import as_json
from bot.simulator.bell import Bell
from bot.simulator.bodies import TooLargeError, UnreadableError, read_params
from bot.simulator.errors import BadRequestError, BotApiError
from bot.simulator.faults import Fault
from bot.simulator.methods import METHODS
from bot.simulator.params import Params
from bot.simulator.world import World

_LONGEST_POLL = 50


class HangUp(Response):
    """An answer that never comes: the connection closes in the middle of it."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Promise a body and leave; the server then closes the connection."""
        headers = [(b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


class BotApi:
    """Answers a bot that knows the token."""

    def __init__(self, *, world: World, token: str, bell: Bell) -> None:
        self._world = world
        self._token = token
        self._bell = bell
        self._poller: object | None = None

    def routes(self) -> list[Route]:
        """Return the routes of the Bot API."""
        return [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.file),
        ]

    async def file(self, request: Request) -> Response:
        """Give the bot a file at the path that `getFile` told."""
        try:
            self._require_token(request.path_params["token"])
        except BotApiError as error:
            return _refusal(error)
        content = filing.at(self._world, request.path_params["path"])
        if content is None:
            return _refusal(BotApiError(404, "Not Found"))
        return Response(content, media_type="application/octet-stream")

    async def call(self, request: Request) -> Response:
        """Answer one call, with a result or an error in Telegram's shape."""
        method = request.path_params["method"]
        try:
            self._require_token(request.path_params["token"])
            params = await read_params(request)
            return await self._answer(method.lower(), params)
        except BotApiError as error:
            return _refusal(error)
        except TooLargeError:
            return _refusal(BotApiError(413, "Request Entity Too Large"))
        except UnreadableError:
            return _refusal(BadRequestError("can't parse the request body"))

    def _require_token(self, token: str) -> None:
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            raise BotApiError(401, "Unauthorized")

    async def _answer(self, method: str, params: Params) -> Response:
        fault = self._world.take_fault(method, params.text("chat_id"))
        if fault is None:
            return _result(await self._do(method, params))
        if fault.kind == "delay":
            await self._bell.pass_time(fault.seconds)
            return _result(await self._do(method, params))
        if fault.after:
            await self._do(method, params)
        return _failed(fault)

    async def _do(self, method: str, params: Params) -> Any:
        if method == "getupdates":
            return await self._get_updates(params)
        if method not in METHODS:
            raise BotApiError(404, "Not Found: method not found")
        return METHODS[method](self._world, params)

    async def _get_updates(self, params: Params) -> list[dict[str, Any]]:
        """Wait for updates; a newer call of the same bot ends the wait of an older one."""
        mine = self._poller = object()
        self._bell.ring()
        updates = self._world.updates
        allowed = params.json("allowed_updates", "allowed updates")
        if isinstance(allowed, list):
            updates.allowed = [str(kind) for kind in allowed]
        if updates.confirm(params.integer("offset")):
            self._world.tell("updates")
        clock = asyncio.get_running_loop().time
        ends = clock() + min(max(params.integer("timeout"), 0), _LONGEST_POLL)
        try:
            while not updates.pending and not self._bell.closed and (left := ends - clock()) > 0:
                await self._bell.wait(left)
                self._require_only(mine)
            return updates.page(params.integer("limit", 100))
        finally:
            if self._poller is mine:
                self._poller = None

    def _require_only(self, mine: object) -> None:
        if self._poller is not mine:
            raise BotApiError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )


def _failed(fault: Fault) -> Response:
    return HangUp() if fault.kind == "hang_up" else _refusal(fault.error())


def _result(result: Any) -> Response:
    return as_json({"ok": True, "result": result})


def _refusal(error: BotApiError) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    headers = {}
    if error.parameters:
        body["parameters"] = error.parameters
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return as_json(body, error.code, **headers)

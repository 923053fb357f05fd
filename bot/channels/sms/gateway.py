"""Listens to the SMS gateway: messages and reports, answered once they are kept.

Every answer is empty: what an answer holds, Kannel would send to the person.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from actions.delivery import Failed, Report
from bot.channels.sms import reading
from bot.channels.sms.guarding import Guard, Limit
from bot.channels.sms.reading import NAME, Incoming, UnreadableError
from bot.channels.sms.settings import SmsSettings
from bot.clock import Clock
from bot.database import Database
from bot.intake import Intake, NotKeptError
from bot.logs import where
from bot.serving import Serving

log = structlog.get_logger()

#: The longest query or body that is read, in bytes.
LARGEST = 16 * 1024
#: Requests a second in all, and messages a minute from one number: more is no conversation.
IN_ALL, FROM_ONE = 300, 120
KANNEL, KANNEL_REPORT = "/sms/kannel", "/sms/kannel/report"
#: The kinds of bodies that are read, for a text and for JSON; some gateways name none.
_PLAIN = {"", "text/plain", "application/octet-stream"}
_JSON = {"", "application/json"}


class _TurnedAwayError(Exception):
    """A request is answered with a status other than 200."""

    def __init__(self, status: int, *, wait: float = 0) -> None:
        super().__init__(status)
        self.status = status
        self.headers = {"retry-after": str(math.ceil(wait))} if wait else {}


class Gateway:
    """The address that the SMS gateway calls.

    `failed` tells staff of a message that could not be delivered, in the report's own commit.
    """

    def __init__(
        self,
        settings: SmsSettings,
        database: Database,
        clock: Clock,
        arrived: asyncio.Event,
        queued: asyncio.Event,
        *,
        failed: Failed | None = None,
    ) -> None:
        self._settings, self._clock = settings, clock
        self.intake = Intake(NAME, database, clock, arrived, queued, failed)
        self._own = reading.mobile_or_none(settings.number)
        self._guard = Guard(settings)
        self._in_all = Limit(IN_ALL, IN_ALL)
        self._from_one = Limit(FROM_ONE / 60, FROM_ONE)
        self.app = Starlette(
            routes=[
                Route(KANNEL, _answered(self._kannel), methods=["GET", "POST"]),
                Route(KANNEL_REPORT, _answered(self._kannel_report), methods=["GET"]),
                Route("/sms/messages", _answered(self._message), methods=["POST"]),
                Route("/sms/reports", _answered(self._report), methods=["POST"]),
            ]
        )
        self.app.router.redirect_slashes = False
        self._serving = Serving(self.app)

    async def start(self) -> str:
        """Listen from now on; return the base address. Raises `OSError` when the port is taken."""
        base = self._serving.bind(self._settings.host, self._settings.port)
        self.intake.open()
        await self._serving.start()
        return base

    async def stop(self) -> None:
        """Answer what has come, keep what waits, then end."""
        await self._serving.stop()
        await self.intake.close()

    async def run(self) -> None:
        """Listen for ever."""
        await self.start()
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    async def _kannel(self, request: Request) -> None:
        query = self._query_of_kannel(request)
        posted = request.method == "POST"
        body = await _body(request, _PLAIN) if posted else None
        await self._receive(reading.from_kannel(query, request.headers, body))

    async def _kannel_report(self, request: Request) -> None:
        await self._record(reading.report_from_kannel(self._query_of_kannel(request)))

    async def _message(self, request: Request) -> None:
        await self._receive(reading.from_json(await self._proved_body(request)))

    async def _report(self, request: Request) -> None:
        await self._record(reading.report_from_json(await self._proved_body(request)))

    def _query_of_kannel(self, request: Request) -> dict[str, bytes]:
        """Return the parameters of a request that has the key among them."""
        self._admit(request)
        raw: bytes = request.scope["query_string"]
        if len(raw) > LARGEST:
            raise _TurnedAwayError(413)
        query = reading.parameters(raw)
        if "key" not in query:
            raise _TurnedAwayError(401)
        if not self._guard.knows(query["key"]):
            raise _TurnedAwayError(403)
        self._slow_down(self._in_all, "")
        return query

    async def _proved_body(self, request: Request) -> bytes:
        """Return the body of a request that proves that the gateway sent it."""
        self._admit(request)
        body = await _body(request, _JSON)
        headers = request.headers
        if "authorization" not in headers and "x-signature" not in headers:
            raise _TurnedAwayError(401)
        if not self._guard.proves(headers, body):
            raise _TurnedAwayError(403)
        self._slow_down(self._in_all, "")
        return body

    def _admit(self, request: Request) -> None:
        if request.method == "HEAD":  # Starlette takes it for a GET, and it must change nothing
            raise _TurnedAwayError(405)
        if not self._guard.allows(request.client.host if request.client else None):
            raise _TurnedAwayError(403)

    def _slow_down(self, limit: Limit, who: str) -> None:
        wait = limit.wait(who, time.monotonic())
        if wait:
            log.warning("sms_too_many", from_one=bool(who))
            raise _TurnedAwayError(429, wait=wait)

    async def _receive(self, incoming: Incoming) -> None:
        arrival = reading.arrival(incoming, self._own, self._clock.now())
        self._slow_down(self._from_one, incoming.sender)
        await self.intake.keep(arrival)

    async def _record(self, report: Report | None) -> None:
        if report is not None:
            await self.intake.keep(report)


def _answered(
    handle: Callable[[Request], Awaitable[None]],
) -> Callable[[Request], Awaitable[Response]]:
    """Answer 200 when a request was handled, and never a fault of its own for what is sent."""

    async def endpoint(request: Request) -> Response:
        try:
            await handle(request)
        except _TurnedAwayError as turned_away:
            return Response(status_code=turned_away.status, headers=turned_away.headers)
        except (UnreadableError, ClientDisconnect):
            log.warning("sms_unreadable", path=request.scope["path"])
            return Response(status_code=400)
        except NotKeptError as lost:
            return Response(status_code=400 if lost.refused else 503)
        except Exception as failed:  # asyncio's own report would print what people wrote
            log.error("sms_failed", error=type(failed).__name__, at=where(failed))
            return Response(status_code=400)
        return Response()

    return endpoint


async def _body(request: Request, kinds: set[str]) -> bytes:
    """Return the whole body, of one of some kinds and no longer than is read."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in kinds:
        raise _TurnedAwayError(415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise _TurnedAwayError(413)
    return bytes(body)

"""What the gateway calls by itself: the assistant, with messages and with delivery reports.

As with Kannel, a call that is not answered with 200 or 202 is made again some seconds later, with
the same id, up to a hundred times; the messages of one phone are given one by one, in order; and
words in the answer are sent to the phone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes, quote_plus, urlencode

import httpx

from bot.channels.sms.segments import Coding
from bot.simulator.bell import Bell
from bot.simulator.sms.handsets import Call, Sms
from bot.simulator.sms.network import Network
from bot.simulator.sms.reports import Report
from bot.simulator.sms.wire import arrives

logger = logging.getLogger(__name__)

RETRY_SECONDS = 3.0
_MOST_TRIES = 100
_TIMEOUT = 10.0
_LONGEST_WAIT = 60.0
_TAKEN = {200, 202}
_ESCAPE = re.compile(r"%([dAFTpP])")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")


@dataclass(frozen=True)
class Gateway:
    """Where the assistant takes messages, by which key, and the number it has."""

    url: str
    key: str = field(repr=False)
    number: str


class Courier:
    """Makes the calls that wait in the network, each phone's in a task of its own."""

    def __init__(self, network: Network, bell: Bell) -> None:
        self._network = network
        self._bell = bell
        self._gateway: Gateway | None = None
        self._http: httpx.AsyncClient | None = None
        self._running: asyncio.Task[None] | None = None
        self._busy: set[str | int] = set()

    def connect(self, gateway: Gateway) -> None:
        """Say where the assistant is."""
        self._gateway = gateway
        self._network.connect(gateway.number)

    def open(self) -> None:
        """Begin, in the running loop."""
        self._http = httpx.AsyncClient(
            timeout=_TIMEOUT, trust_env=False, headers={"user-agent": "Kannel/1.4.5"}
        )
        self._running = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """Stop; what was not taken waits for the next time."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._running = None
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def report_now(self, sms: Sms) -> None:
        """Give the reports of a message to the assistant before anything else happens."""
        while (report := self._network.reports.next(sms.id)) is not None:
            if not await self._reported(report):
                return

    async def _run(self) -> None:
        network = self._network
        async with asyncio.TaskGroup() as tasks:
            while not self._bell.closed:
                for number in {call.number for call in network.calls} - self._busy:
                    if network.next_call(number) is not None:
                        self._busy.add(number)
                        tasks.create_task(self._call(number))
                for sms in {r.sms for r in network.reports.waiting if not r.held} - self._busy:
                    self._busy.add(sms)
                    tasks.create_task(self._report(sms))
                await self._bell.wait(_LONGEST_WAIT)

    async def _call(self, number: str) -> None:
        while (call := self._network.next_call(number)) is not None:
            if not await self._called(call):
                await asyncio.sleep(RETRY_SECONDS)
        self._busy.discard(number)

    async def _called(self, call: Call) -> bool:
        assert self._gateway is not None  # noqa: S101
        answer = await self._get(_message_url(self._gateway, call))
        taken = answer is not None
        call.tries += 1
        if taken or call.tries >= _MOST_TRIES:
            self._network.called(call, taken=taken)
        if answer is not None and answer.content:
            way: Coding = "ucs2" if answer.headers.get("x-kannel-coding") == "2" else "gsm"
            text = arrives(answer.text.encode(), way, "utf-8")
            self._network.send(call.number, text, way, sender="")
        return taken

    async def _report(self, sms: int) -> None:
        while (report := self._network.reports.next(sms)) is not None:
            await asyncio.sleep(max(0, report.due - time.time()))
            if not await self._reported(report):
                await asyncio.sleep(RETRY_SECONDS)
        self._busy.discard(sms)

    async def _reported(self, report: Report) -> bool:
        taken = await self._get(_report_url(report)) is not None
        report.tries += 1
        if taken or report.tries >= _MOST_TRIES:
            self._network.reported(report, taken=taken)
        return taken

    async def _get(self, url: str) -> httpx.Response | None:
        """Return the answer of one that took what it was called with."""
        if self._http is None:  # closed meanwhile
            return None
        try:
            answer = await self._http.get(url)
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            logger.info("The assistant could not be called: %s", type(failed).__name__)
            return None
        if answer.status_code in _TAKEN:
            return answer
        logger.info("The assistant answered %s", answer.status_code)
        return None


def _message_url(gateway: Gateway, call: Call) -> str:
    query = urlencode(
        {
            "key": gateway.key,
            "from": call.number,
            "to": gateway.number,
            "ts": call.date,
            "id": call.id,
            # What a handset wrote in UCS-2 is recoded before: that leaves its coding at 0.
            "coding": 0,
            "charset": "UTF-8",
        }
    )
    text = urlencode({"smsc": "SIM", "text": _SPACES.sub(" ", call.text).strip(" ")})
    header = quote_from_bytes(bytes.fromhex(call.header))
    return f"{gateway.url.rstrip('/')}/sms/kannel?{query}&udh={header}&{text}"


def _report_url(report: Report) -> str:
    values = {
        "d": str(report.type),
        "A": report.answer,
        "F": str(report.sms),
        "T": str(report.date),
        "p": report.other,
        "P": report.number,
    }
    return _ESCAPE.sub(lambda found: quote_plus(values[found[1]]), report.url)

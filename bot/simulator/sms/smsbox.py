"""The gateway's `sendsms` over HTTP, answering as Kannel's smsbox does.

By GET everything is in the query: `username`, `password`, `to` (several, with spaces between),
`from`, `text`, `coding` (2: UCS-2), `charset`, `dlr-mask`, `dlr-url`. By POST the text is the
body, and the rest stands in headers, `X-Kannel-Username` and so on.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.sms.segments import Coding
from bot.simulator.bell import Bell
from bot.simulator.bodies import read_body
from bot.simulator.botapi import HangUp
from bot.simulator.sms.courier import Courier
from bot.simulator.sms.faults import ANSWERS, REQUESTS, SmsFault
from bot.simulator.sms.handsets import mobile
from bot.simulator.sms.network import Network
from bot.simulator.sms.wire import UnreadableTextError, arrives

PATH = "/cgi-bin/sendsms"
USER = "caravane"
_RECEIVER = re.compile(r"\+?[0-9]+")


class _RefusedError(Exception):
    """Kannel refuses the request, in its own words."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.words, self.status = words, status


@dataclass(frozen=True)
class _Asked:
    """A request, whichever way it was made."""

    user: str
    password: str
    to: str
    sender: str
    way: Coding
    charset: str
    text: bytes
    report_mask: int
    report_url: str


class SmsBox:
    """Takes messages from who knows the password, for any number."""

    def __init__(self, *, network: Network, courier: Courier, bell: Bell, password: str) -> None:
        self._network = network
        self._courier = courier
        self._bell = bell
        self._password = password

    def routes(self) -> list[Route]:
        """Return the route of `sendsms`."""
        return [Route(PATH, self.send, methods=["GET", "POST"])]

    async def send(self, request: Request) -> Response:
        """Take a message, or refuse it."""
        try:
            asked = await _read(request)
            self._require_login(asked)
            numbers = _receivers(asked.to)
            fault = self._network.take_fault(REQUESTS, numbers[0])
            if fault is not None and fault.kind in ANSWERS:
                return _refusal(fault)
            if fault is not None and fault.kind == "lost":
                return HangUp()
            if fault is not None and fault.kind == "slow":
                await self._bell.pass_time(fault.seconds)
            answer = await self._take(asked, numbers)
        except _RefusedError as refused:
            return PlainTextResponse(refused.words, refused.status)
        return HangUp() if fault is not None and fault.kind == "done" else answer

    def _require_login(self, asked: _Asked) -> None:
        right = secrets.compare_digest(asked.password.encode(), self._password.encode())
        if asked.user != USER or not right or not self._password:
            raise _RefusedError("Authorization failed for sendsms", 403)

    async def _take(self, asked: _Asked, numbers: list[str]) -> Response:
        try:
            text = arrives(asked.text, asked.way, asked.charset)
        except UnreadableTextError:
            raise _RefusedError("Charset or body misformed, rejected") from None
        for number in numbers:
            sms = self._network.send(
                number,
                text,
                asked.way,
                sender=asked.sender,
                report_url=asked.report_url,
                report_mask=asked.report_mask,
            )
            if sms.fate == "report_early":
                await self._courier.report_now(sms)
                self._network.answered(sms)
        up = self._network.link_up
        return PlainTextResponse(
            "0: Accepted for delivery" if up else "3: Queued for later delivery", 202
        )


async def _read(request: Request) -> _Asked:
    if request.method == "POST":
        kind = Message()
        kind["content-type"] = request.headers.get("content-type", "")
        if kind.get_content_type() not in {"text/plain", "application/octet-stream"}:
            raise _RefusedError("Invalid content-type")
        given = {
            name.removeprefix("x-kannel-"): value
            for name, value in request.headers.items()
            if name.startswith("x-kannel-")
        }
        return _asked(given, await read_body(request), str(kind.get_content_charset() or ""))
    # Bytes, because the text may be in a charset of its own.
    pairs = dict(parse_qsl(request.url.query, keep_blank_values=True, encoding="latin-1"))
    text = pairs.pop("text", "").encode("latin-1")
    given = {
        name: value.encode("latin-1").decode(errors="replace") for name, value in pairs.items()
    }
    return _asked(given, text, given.get("charset", ""))


def _asked(given: dict[str, str], text: bytes, charset: str) -> _Asked:
    mask = given.get("dlr-mask", "")
    return _Asked(
        user=given.get("username", ""),
        password=given.get("password", ""),
        to=given.get("to", ""),
        sender=given.get("from", ""),
        way="ucs2" if given.get("coding") == "2" else "gsm",
        charset=charset,
        text=text,
        report_mask=int(mask) if mask.isdecimal() else 0,
        report_url=given.get("dlr-url", ""),
    )


def _receivers(to: str) -> list[str]:
    """Return the numbers as E.164 where they are Algerian mobiles, each of them once."""
    if not to.strip():
        raise _RefusedError("Empty receiver number not allowed, rejected")
    numbers = [number for number in to.split() if _RECEIVER.fullmatch(number)]
    if not numbers:
        raise _RefusedError("Number(s) has/have been denied by white- and/or black-lists.")
    return list(dict.fromkeys(mobile(number) or number for number in numbers))


def _refusal(fault: SmsFault) -> Response:
    status, words = ANSWERS[fault.kind]
    headers = {"Retry-After": str(fault.seconds)} if status == 429 else {}
    return PlainTextResponse(words, status, headers)

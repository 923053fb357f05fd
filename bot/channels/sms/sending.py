"""The two kinds of gateways that take what is to be sent: Kannel, and a relay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from urllib.parse import quote, urlsplit

import httpx
import structlog

from bot.channels.base import Later, Refused
from bot.channels.sms import segments
from bot.channels.sms.gateway import KANNEL_REPORT
from bot.channels.sms.guarding import sign
from bot.channels.sms.settings import KannelLogin, SmsSettings

log = structlog.get_logger()

#: Every report Kannel has: delivered, failed, buffered, accepted, refused.
_ALL_REPORTS = "31"
#: How long a gateway may take, in seconds.
_CONNECTING, _ANSWERING = 3.0, 10.0
#: How long to leave a gateway alone that can't be reached, and one that does not let us in.
_DOWN, _NOT_LET_IN = 5.0, 60.0
#: The longest wait a gateway may ask for, in seconds.
_LONGEST_WAIT = 3600.0
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
#: How Kannel names what is wrong with the receiver.
_OF_THE_NUMBER = re.compile(r"receiver|number|'to'", re.IGNORECASE)


class GatewaySender(Protocol):
    """Hands one SMS to a gateway."""

    async def send(self, to: str, text: str, number: int) -> str:
        """Send a text to an E.164 number; return the gateway's number for it, or nothing.

        `number` is ours, by which it is reported on, or 0. Raises `Later` or `Refused`.
        """
        ...

    async def close(self) -> None:
        """End every connection."""
        ...


class KannelSender:
    """Kannel's sendsms, by POST.

    `base_url` is the address at which Kannel reports to us.
    """

    def __init__(self, settings: SmsSettings, login: KannelLogin, base_url: str) -> None:
        self._login, self._from = login, settings.number
        # A percent sign begins an escape of Kannel's, `%d`, and two of them stand for one.
        key = quote(settings.secret, safe="").replace("%", "%%")
        self._report = f"{base_url}{KANNEL_REPORT}?key={key}"
        self._client = _client(login.url)

    async def send(self, to: str, text: str, number: int) -> str:
        """Send a text; return the number Kannel gives it, if it gives one."""
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": self._login.user,
            "X-Kannel-Password": self._login.password,
            "X-Kannel-To": to,
            "X-Kannel-Coding": "0" if segments.coding(text) == "gsm" else "2",
        }
        if self._from:
            headers["X-Kannel-From"] = self._from
        if number:
            headers["X-Kannel-DLR-Mask"] = _ALL_REPORTS
            headers["X-Kannel-DLR-Url"] = f"{self._report}&id={number}&type=%d&answer=%A"
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        with _reaching():
            answer = await self._client.post(self._login.url, content=text.encode(), headers=raw)
        if answer.status_code == httpx.codes.ACCEPTED:
            found = _UUID.search(answer.text)
            return found[0] if found else ""
        if answer.status_code == httpx.codes.BAD_REQUEST:
            raise Refused("number" if _OF_THE_NUMBER.search(answer.text) else "bad_request")
        # Another 2xx is no sendsms: what is sent to a wrong address must not be lost.
        raise _later(answer)

    async def close(self) -> None:
        """End every connection."""
        await self._client.aclose()


class RelaySender:
    """Any other gateway: a small JSON document, signed."""

    def __init__(self, settings: SmsSettings) -> None:
        self._url, self._from = settings.relay_url, settings.number
        self._secret = settings.secret
        self._client = _client(self._url)

    async def send(self, to: str, text: str, number: int) -> str:
        """Send a text; return the id the relay gives it, if it gives one."""
        told = {
            "id": str(number) if number else "",
            "to": to,
            "from": self._from,
            "text": text,
            "segments": segments.segments(text),
        }
        body = json.dumps(told).encode()
        secret = self._secret.encode()
        headers = [
            (b"Content-Type", b"application/json"),
            (b"Authorization", b"Bearer " + secret),
            (b"X-Signature", sign(secret, body).encode()),
        ]
        with _reaching():
            answer = await self._client.post(self._url, content=body, headers=headers)
        if answer.is_success:
            return _id_in(answer)
        kept_out = answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}
        missing = answer.status_code == httpx.codes.NOT_FOUND
        slower = answer.status_code == httpx.codes.TOO_MANY_REQUESTS
        if answer.is_client_error and not (kept_out or missing or slower):
            raise Refused(f"relay_{answer.status_code}")
        raise _later(answer)

    async def close(self) -> None:
        """End every connection."""
        await self._client.aclose()


def _client(url: str) -> httpx.AsyncClient:
    host = urlsplit(url).hostname or ""
    near = host in {"localhost", "::1"} or host.startswith("127.")
    return httpx.AsyncClient(
        timeout=httpx.Timeout(_ANSWERING, connect=_CONNECTING),
        trust_env=not near,  # a proxy named in the environment is not asked for loopback
        verify=url.startswith("https"),  # loading certificates nobody asks for takes time
    )


@contextmanager
def _reaching() -> Iterator[None]:
    """Turn a gateway that can't be reached into a wait.

    When the time runs out after the request went out, the gateway may have taken it: the message
    may then come twice, which is better than never.
    """
    try:
        yield
    except (httpx.TransportError, httpx.DecodingError):
        raise Later(_DOWN, "gateway_down") from None


def _later(answer: httpx.Response) -> Later:
    """Return how long to wait for a gateway that does not take a message now."""
    status = answer.status_code
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        log.error("gateway_refuses_us", status=status)
        return Later(_NOT_LET_IN, "gateway_refuses_us", asked=True)
    after = answer.headers.get("retry-after", "")
    busy = status in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}
    if busy and re.fullmatch(r"\d{1,9}", after, re.ASCII):
        return Later(min(max(float(after), 1), _LONGEST_WAIT), "gateway_busy", asked=True)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Later(_DOWN, "gateway_busy", asked=True)
    if not answer.is_server_error:
        log.error("gateway_strange", status=status)
    return Later(_DOWN, "gateway_down")


def _id_in(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        return ""
    name = told.get("id") if isinstance(told, dict) else None
    return str(name)[:64] if isinstance(name, str | int) else ""

"""What is sent by SMS: real HTTP to a gateway of the tests, which answers as it is told."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actions import outbox
from actions.messages import Address, Attachment, Button, Line, Outbound, Venue
from actions.store import Store
from actions.tables import Outbox
from bot.channels.base import Channel, Later, Refused
from bot.channels.sms import segments, sending
from bot.channels.sms.channel import LONGEST, SmsChannel, make_channel
from bot.channels.sms.settings import KannelLogin, SmsSettings
from bot.serving import Serving
from tests.conftest import FixedClock
from tests.test_sms_gateway import called, settings

SECRET = "a secret of the tests"
AMINA = Address("sms", "+213550123456")
FRENCH = "Bonjour ! Répondez 1 pour vous inscrire."
ARABIC = "مرحبا، أجب بـ 1 للتسجيل."


@dataclass
class FakeGateway:
    """A gateway that notes what it is asked, and answers as it was told."""

    status: int = 202
    body: str = "0: Accepted for delivery"
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def take(self, request: Request) -> Response:
        self.asked.append((dict(request.headers), await request.body()))
        if self.silent:
            await asyncio.Event().wait()
        return Response(self.body, self.status, self.headers)


@asynccontextmanager
async def running(gateway: FakeGateway) -> AsyncIterator[FakeGateway]:
    serving = Serving(Starlette(routes=[Route("/send", gateway.take, methods=["POST"])]))
    gateway.url = f"{serving.bind('127.0.0.1', 0)}/send"
    await serving.start()
    try:
        yield gateway
    finally:
        await serving.stop()


def kannel(sendsms: str, **changed: str) -> SmsSettings:
    login = KannelLogin(sendsms, "caravane", "motdepasse")
    return settings(kannel=login, number="3048", **changed)


def relay(url: str) -> SmsSettings:
    return settings(relay_url=url, number="3048")


async def sent(
    to: SmsSettings, text: str = FRENCH, number: int = 7, base: str = "http://127.0.0.1:8016"
) -> str:
    channel = make_channel(to, base)
    try:
        return await channel.send(AMINA, Outbound((Line(text),)), number)
    finally:
        await channel.close()


# Kannel -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "coding"), [(FRENCH, "0"), (ARABIC, "2"), ("Prix : 5 €", "0")])
async def test_kannel_gets_the_text_in_the_coding_that_a_phone_can_show(
    text: str, coding: str
) -> None:
    async with running(FakeGateway()) as gateway:
        assert await sent(kannel(gateway.url), text) == ""
    ((headers, body),) = gateway.asked
    assert body.decode() == text
    assert headers["content-type"] == "text/plain; charset=UTF-8"
    told = {name: value for name, value in headers.items() if name.startswith("x-kannel-")}
    assert told == {
        "x-kannel-username": "caravane",
        "x-kannel-password": "motdepasse",
        "x-kannel-to": "+213550123456",
        "x-kannel-from": "3048",
        "x-kannel-coding": coding,
        "x-kannel-dlr-mask": "31",
        "x-kannel-dlr-url": "http://127.0.0.1:8016/sms/kannel/report"
        f"?key={quote(SECRET).replace('%', '%%')}&id=7&type=%d&answer=%A",
    }


async def test_nothing_is_reported_on_a_message_that_has_no_number() -> None:
    async with running(FakeGateway()) as gateway:
        await sent(kannel(gateway.url), number=0)
    assert not any(name.startswith("x-kannel-dlr") for name in gateway.asked[0][0])


async def test_kannel_reports_where_it_is_told_to_when_it_sees_us_at_another_address() -> None:
    async with running(FakeGateway()) as gateway:
        await sent(kannel(gateway.url, url="https://caravane.example"))
    assert gateway.asked[0][0]["x-kannel-dlr-url"].startswith("https://caravane.example/sms/")


@pytest.mark.parametrize("secret", [SECRET, "100% d'été & plus + %d %A", "clé-secrète-à-nous"])
async def test_the_report_that_kannel_sends_to_our_address_is_heard(
    store: Store, clock: FixedClock, secret: str
) -> None:
    def queue_one() -> int:
        with store.begin() as session:
            outbox.queue(session, AMINA, Outbound((Line(FRENCH),)), clock.now())
            session.flush()
            return session.query(Outbox).one().id

    number = queue_one()
    async with called(store, clock, secret=secret) as caller, running(FakeGateway()) as gateway:
        base = str(caller.http.base_url).rstrip("/")
        await sent(kannel(gateway.url, secret=secret), number=number, base=base)
        url = gateway.asked[0][0]["x-kannel-dlr-url"]
        escapes = {"%%": "%", "%d": "1", "%A": "id%3A1001+stat%3ADELIVRD"}
        url = re.sub("%[a-zA-Z%]", lambda found: escapes[found[0]], url)  # as Kannel does
        assert (await caller.http.get(url)).status_code == 200
    with store.begin() as session:
        assert session.query(Outbox).one().delivery == "delivered"


@pytest.mark.parametrize("body", ["0: Accepted for delivery", "3: Queued for later delivery"])
async def test_what_kannel_takes_is_sent_also_when_its_link_is_down(body: str) -> None:
    async with running(FakeGateway(body=body)) as gateway:
        assert await sent(kannel(gateway.url)) == ""


async def test_the_number_that_kannel_gives_a_message_is_kept() -> None:
    number = "0980a4dd-b193-4e59-9db4-2bc7fb145dc9"
    async with running(FakeGateway(body=f"0: Accepted for delivery: {number}")) as gateway:
        assert await sent(kannel(gateway.url)) == number


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, "Empty receiver number not allowed, rejected", "number"),
        (400, "Number(s) has/have been denied by white- and/or black-lists.", "number"),
        (400, "Sender missing and no global set, rejected", "bad_request"),
    ],
)
async def test_what_kannel_will_never_take_is_refused(status: int, body: str, reason: str) -> None:
    async with running(FakeGateway(status, body)) as gateway:
        with pytest.raises(Refused) as refused:
            await sent(kannel(gateway.url))
    assert refused.value.reason == reason


WAITS = [
    (403, {}, Later(60, "gateway_refuses_us", asked=True)),
    (401, {}, Later(60, "gateway_refuses_us", asked=True)),
    (404, {}, Later(5, "gateway_down")),
    (302, {"location": "/elsewhere"}, Later(5, "gateway_down")),
    (500, {}, Later(5, "gateway_down")),
    (503, {}, Later(5, "gateway_down")),
    (503, {"retry-after": "120"}, Later(120, "gateway_busy", asked=True)),
    (503, {"retry-after": "99999"}, Later(3600, "gateway_busy", asked=True)),
    (503, {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, Later(5, "gateway_down")),
    (429, {"retry-after": "7"}, Later(7, "gateway_busy", asked=True)),
    (429, {}, Later(5, "gateway_busy", asked=True)),
]


@pytest.mark.parametrize(("status", "headers", "expected"), WAITS)
@pytest.mark.parametrize("kind", [kannel, relay])
async def test_a_gateway_that_does_not_take_it_now_gets_it_later(
    kind: Callable[[str], SmsSettings], status: int, headers: dict[str, str], expected: Later
) -> None:
    async with running(FakeGateway(status, "no", headers)) as gateway:
        with pytest.raises(Later) as later:
            await sent(kind(gateway.url))
    found = later.value
    assert (found.seconds, found.reason, found.asked) == (
        expected.seconds,
        expected.reason,
        expected.asked,
    )


async def test_a_page_that_only_says_yes_has_not_taken_a_message() -> None:
    async with running(FakeGateway(200, "<html>It works!</html>")) as gateway:
        with pytest.raises(Later):
            await sent(kannel(gateway.url))


@pytest.mark.parametrize("to", [kannel("http://127.0.0.1:1/send"), relay("http://127.0.0.1:1/")])
async def test_a_gateway_that_is_away_gets_it_later(to: SmsSettings) -> None:
    with pytest.raises(Later) as later:
        await sent(to)
    assert (later.value.seconds, later.value.reason) == (5, "gateway_down")


async def test_a_gateway_that_takes_too_long_gets_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "_ANSWERING", 0.1)
    async with running(FakeGateway(silent=True)) as gateway:
        with pytest.raises(Later) as later:
            await sent(kannel(gateway.url))
        assert len(gateway.asked) == 1
    assert later.value.reason == "gateway_down"


async def test_a_proxy_is_not_asked_for_a_gateway_of_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with running(FakeGateway()) as gateway:
        await sent(kannel(gateway.url))
    assert len(gateway.asked) == 1


async def test_neither_the_password_nor_the_number_is_in_the_log(
    capfd: pytest.CaptureFixture[str],
) -> None:
    async with running(FakeGateway(403, "Authorization failed for sendsms")) as gateway:
        to = kannel(gateway.url)
        with pytest.raises(Later):
            await sent(to)
    written = "".join(capfd.readouterr())
    assert "gateway_refuses_us" in written
    for secret in ("motdepasse", SECRET, AMINA.id, "550123456", FRENCH):
        assert secret not in written + repr(to)


# A relay ----------------------------------------------------------------------------------------


async def test_a_relay_gets_a_signed_document() -> None:
    async with running(FakeGateway(200, '{"id": "r-1"}')) as gateway:
        assert await sent(relay(gateway.url), ARABIC * 4) == "r-1"
    ((headers, body),) = gateway.asked
    assert json.loads(body) == {
        "id": "7",
        "to": "+213550123456",
        "from": "3048",
        "text": ARABIC * 4,
        "segments": 2,
    }
    assert headers["authorization"] == f"Bearer {SECRET}"
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-signature"] == f"sha256={signature}"


@pytest.mark.parametrize("body", ["", "ok", "[]", '{"id": null}', "\xff"])
async def test_a_relay_need_not_say_anything(body: str) -> None:
    async with running(FakeGateway(204 if not body else 201, body)) as gateway:
        assert await sent(relay(gateway.url)) == ""


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_what_a_relay_will_never_take_is_refused(status: int) -> None:
    async with running(FakeGateway(status, "no")) as gateway:
        with pytest.raises(Refused) as refused:
            await sent(relay(gateway.url))
    assert refused.value.reason == f"relay_{status}"


def test_no_gateway_is_no_channel() -> None:
    with pytest.raises(ValueError, match="no gateway"):
        make_channel(settings(), "http://127.0.0.1:8016")


# Messages ---------------------------------------------------------------------------------------


class Nowhere:
    """A sender that is not to be asked."""

    async def send(self, to: str, text: str, number: int) -> str:
        raise AssertionError(text)

    async def close(self) -> None:
        return


CHANNEL: Channel = SmsChannel(Nowhere())


def lines_of(message: Outbound) -> str:
    return "\n".join(line.text for line in message.lines)


def test_a_message_is_its_lines_whatever_else_it_has() -> None:
    message = Outbound(
        (Line("Centre de Sétif", "title"), Line("1 Oui 2 Non")),
        buttons=((Button("Oui", "yes"),),),
        language="fr",
    )
    assert CHANNEL.parts(message) == [message]


@pytest.mark.parametrize(
    "message", [Outbound(), Outbound((Line("  "),)), Outbound(venue=Venue("a", "b", 1, 2))]
)
async def test_a_message_without_words_is_not_sent_and_not_paid_for(message: Outbound) -> None:
    assert CHANNEL.parts(message) == []
    with pytest.raises(Refused):
        await CHANNEL.send(AMINA, message)


@given(st.text(st.sampled_from("aé€ س\n.😀"), min_size=1, max_size=6_000))
def test_a_message_that_kannel_would_cut_off_is_cut_before_and_nothing_is_lost(text: str) -> None:
    parts = CHANNEL.parts(Outbound((Line(text),)))
    assert all(segments.segments(lines_of(part)) <= LONGEST for part in parts)
    assert "".join("".join(map(lines_of, parts)).split()) == "".join(text.split())


async def test_there_are_no_groups_and_no_files_by_sms() -> None:
    for asked in (
        CHANNEL.open_topic(AMINA, "1"),
        CHANNEL.inspect(AMINA),
        CHANNEL.download(Attachment("1", "a.pdf", 1)),
    ):
        with pytest.raises(Refused):
            await asked

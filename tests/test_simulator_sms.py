"""The simulator's SMS gateway and its feature phones, over the HTTP that Kannel speaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.sms.segments import coding, segments
from bot.clock import SettableClock
from bot.serving import Serving
from bot.simulator.guard import KEY_HEADER
from bot.simulator.server import OPENING, Simulator
from bot.simulator.sms import courier, wire
from tests.feature_phone import FeaturePhone

KEY, PASSWORD = "the-key", "gateway-password"
SECRET, SERVICE = "the-secret", "3048"
MERIEM, RABAH = "0550123456", "0661987654"
LONG = "Salut, je voudrais venir avec lui. " * 6


class Assistant:
    """Takes what a gateway calls it with; it refuses as often as asked."""

    def __init__(self) -> None:
        self.texts: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self.reports: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self.raw: list[str] = []
        self.failures = 0
        self.deaf_to = ""
        self.words = ""
        routes = [
            Route("/sms/kannel", self._text),
            Route("/sms/kannel/report", self._report),
        ]
        self._serving = Serving(Starlette(routes=routes))
        self.url = self._serving.bind("127.0.0.1", 0)

    async def __aenter__(self) -> Assistant:
        await self._serving.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._serving.stop()

    async def _text(self, request: Request) -> Response:
        self.raw.append(request.url.query)
        if request.query_params["from"] == self.deaf_to:
            return Response(status_code=503)
        if self.failures:
            self.failures -= 1
            return Response(status_code=503)
        await self.texts.put(dict(request.query_params))
        return PlainTextResponse(self.words, headers={"X-Kannel-Coding": "2"})

    async def _report(self, request: Request) -> Response:
        if self.failures:
            self.failures -= 1
            return Response(status_code=503)
        await self.reports.put(dict(request.query_params))
        return Response()

    async def types(self, count: int) -> list[int]:
        """Return the types of the next reports."""
        return [int((await self.report())["type"]) for _ in range(count)]

    async def report(self) -> dict[str, str]:
        return await self._soon(self.reports)

    async def text(self) -> dict[str, str]:
        return await self._soon(self.texts)

    async def _soon(self, queue: asyncio.Queue[dict[str, str]]) -> dict[str, str]:
        return await asyncio.wait_for(queue.get(), 20)


class World:
    """The simulator, the assistant behind its gateway, and the calls between them."""

    def __init__(self, simulator: Simulator, base: str, assistant: Assistant) -> None:
        self.simulator, self.base, self.assistant = simulator, base, assistant
        self.http = httpx.AsyncClient(base_url=base, headers={KEY_HEADER: KEY}, trust_env=False)
        self.connections: list[httpx.Client] = []

    def connect(self) -> httpx.Client:
        """Return a connection to the phones, as the product gives its tests."""
        http = httpx.Client(
            base_url=self.base, headers={KEY_HEADER: KEY}, timeout=30, trust_env=False
        )
        self.connections.append(http)
        return http

    async def send(self, text: str, to: str = MERIEM, **headers: str) -> httpx.Response:
        """Send as the assistant does: the text in the body, the rest in headers."""
        given = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": "caravane",
            "X-Kannel-Password": PASSWORD,
            "X-Kannel-To": to,
            "X-Kannel-From": SERVICE,
            "X-Kannel-Coding": "0" if coding(text) == "gsm" else "2",
            "X-Kannel-DLR-Mask": "31",
            "X-Kannel-DLR-Url": f"{self.assistant.url}/sms/kannel/report"
            "?id=7&type=%d&answer=%A&smsc=%F&at=%T&from=%p&to=%P",
        }
        return await self.http.post(
            "/cgi-bin/sendsms", content=text.encode(), headers=given | headers
        )

    async def get(self, **query: str) -> httpx.Response:
        """Send by GET, the text in the query."""
        given = {"username": "caravane", "password": PASSWORD, "to": MERIEM, "from": SERVICE}
        return await self.http.get("/cgi-bin/sendsms", params=given | query)

    async def do(self, path: str, status: int = 200, **body: Any) -> Any:
        answer = await self.http.post(f"/_sim/sms/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def fault(self, kind: str, **fault: Any) -> None:
        await self.do("faults", kind=kind, **fault)

    async def phone(self, number: str = MERIEM) -> Any:
        return (await self.http.get(f"/_sim/sms/phones/{number}")).json()

    async def texts(self, number: str = MERIEM) -> list[str]:
        return [message["text"] for message in (await self.phone(number))["messages"]]


class Running:
    """A simulator that runs; `connected` is whether the assistant is behind its gateway."""

    def __init__(self, store: Path | None = None, *, connected: bool = True) -> None:
        self._connected = connected
        self._simulator = Simulator(
            token="4711:test-token",
            clock=SettableClock(OPENING),
            key=KEY,
            store=store,
            sms_password=PASSWORD,
        )
        self._assistant = Assistant()

    async def __aenter__(self) -> World:
        await self._assistant.__aenter__()
        base = await self._simulator.start()
        if self._connected:
            self._simulator.connect_sms(self._assistant.url, SECRET, SERVICE)
        self._world = World(self._simulator, base, self._assistant)
        return self._world

    async def __aexit__(self, *_: object) -> None:
        await self._world.http.aclose()
        for connection in self._world.connections:
            connection.close()
        await self._simulator.stop()
        await self._assistant.__aexit__()


@pytest.fixture
async def world(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(courier, "RETRY_SECONDS", 0.05)
    async with Running() as found:
        yield found


async def test_a_text_reaches_the_assistant_as_kannel_gives_it(world: World) -> None:
    written = await world.do(f"phones/{MERIEM}/text", text="وقتاش  تجي القافلة؟")
    assert (written["coding"], written["segments"], written["state"]) == ("ucs2", 1, "waiting")
    asked = await world.assistant.text()
    query = parse_qs(world.assistant.raw[0], keep_blank_values=True)
    names = ["key", "from", "to", "ts", "id", "coding", "charset", "udh", "smsc", "text"]
    assert list(query) == names
    assert query["from"] == ["+213550123456"] and query["to"] == [SERVICE]
    assert (asked["key"], asked["coding"], asked["charset"]) == (SECRET, "0", "UTF-8")
    assert (asked["udh"], asked["smsc"], asked["text"]) == ("", "SIM", "وقتاش تجي القافلة؟")
    assert len(asked["id"]) == 36 and int(asked["ts"]) == pytest.approx(OPENING.timestamp(), abs=60)
    assert [m["text"] for m in (await world.phone())["messages"]] == ["وقتاش  تجي القافلة؟"]


async def test_a_text_is_given_again_until_it_is_taken_and_keeps_its_place(world: World) -> None:
    world.assistant.failures = 2
    for text in ("1", "2", "3"):
        await world.do(f"phones/{MERIEM}/text", text=text)
    assert [(await world.assistant.text())["text"] for _ in range(3)] == ["1", "2", "3"]
    ids = [dict(parse_qsl(query))["id"] for query in world.assistant.raw]
    assert len(ids) == 5 and len(set(ids[:3])) == 1 and len(set(ids)) == 3


async def test_one_phone_does_not_hold_up_another(world: World) -> None:
    world.assistant.deaf_to = "+213550123456"
    await world.do(f"phones/{MERIEM}/text", text="a")
    await world.do(f"phones/{RABAH}/text", text="b")
    assert (await world.assistant.text())["text"] == "b"
    assert (await world.http.get("/_sim/sms/state")).json()["waiting"] == 1
    world.assistant.deaf_to = ""
    assert (await world.assistant.text())["text"] == "a"


async def test_while_the_link_is_down_no_text_comes(world: World) -> None:
    await world.do("link", up=False)
    await world.do(f"phones/{MERIEM}/text", text="a")
    assert world.simulator.sms.next_call("+213550123456") is None
    assert world.assistant.raw == []
    await world.do("link", up=True)
    assert (await world.assistant.text())["text"] == "a"


async def test_words_in_the_answer_are_sent_to_the_phone(world: World) -> None:
    world.assistant.words = "عذرا"
    phone = await asyncio.to_thread(FeaturePhone, world, MERIEM)
    assert await asyncio.to_thread(phone.says, "salam") == "عذرا"


@pytest.mark.parametrize("text", ["Réponse : 25 000 DA", "القافلة يوم الأربعاء"])
async def test_a_sent_text_arrives_and_is_reported(world: World, text: str) -> None:
    answer = await world.send(text)
    assert (answer.status_code, answer.text) == (202, "0: Accepted for delivery")
    accepted = await world.assistant.report()
    delivered = await world.assistant.report()
    assert (accepted["id"], accepted["type"], accepted["answer"]) == ("7", "8", "ACK/")
    assert delivered["type"] == "1" and "stat:DELIVRD" in delivered["answer"]
    assert (delivered["from"], delivered["to"]) == (SERVICE, "+213550123456")
    (message,) = (await world.phone())["messages"]
    assert (message["text"], message["state"], message["mine"]) == (text, "delivered", False)
    assert message["other"] == SERVICE


async def test_by_get_the_same_is_in_the_query(world: World) -> None:
    answer = await world.get(text="سلام", coding="2", charset="UTF-8")
    assert (answer.status_code, answer.text) == (202, "0: Accepted for delivery")
    await world.get(text="مرحبا")
    await world.get(text="œuf ç é €")
    await world.get(text="ab", coding="2")  # UTF-8 bytes taken for UTF-16
    assert await world.texts() == ["سلام", "?????", "?uf Ç é €", "慢"]


async def test_what_the_gateway_refuses(world: World) -> None:
    wrong = "Authorization failed for sendsms"
    for headers in ({"X-Kannel-Password": "wrong"}, {"X-Kannel-Username": "other"}):
        answer = await world.send("a", **headers)
        assert (answer.status_code, answer.text) == (403, wrong)
    for to in ("", " "):
        answer = await world.get(text="a", to=to)
        assert answer.text == "Empty receiver number not allowed, rejected"
    for to in ("abc", "05501234;6"):
        answer = await world.send("a", to=to)
        assert answer.status_code == 400
        assert answer.text == "Number(s) has/have been denied by white- and/or black-lists."
    answer = await world.send("a", **{"Content-Type": "application/json"})
    assert (answer.status_code, answer.text) == (400, "Invalid content-type")
    answer = await world.send("a", **{"Content-Type": "text/plain; charset=nonsense"})
    assert (answer.status_code, answer.text) == (400, "Charset or body misformed, rejected")
    assert await world.texts() == []


async def test_several_receivers_and_an_empty_text(world: World) -> None:
    assert (await world.send("", to=f"{MERIEM} +213661987654")).status_code == 202
    assert await world.texts() == await world.texts(RABAH) == [""]


async def test_what_is_longer_than_ten_parts_is_cut(world: World) -> None:
    await world.send("a" * 1600)
    assert [len(text) for text in await world.texts()] == [1530]


async def test_nobody_sends_without_a_password() -> None:
    simulator = Simulator(token="1:a", clock=SettableClock(OPENING), key=KEY)
    base = await simulator.start()
    async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
        query = {"username": "caravane", "password": "", "to": MERIEM, "text": "a"}
        assert (await http.get("/cgi-bin/sendsms", params=query)).status_code == 403
    await simulator.stop()


async def test_a_phone_that_is_off_gets_its_messages_later(world: World) -> None:
    await world.do(f"phones/{MERIEM}/power", on=False)
    assert (await world.do(f"phones/{MERIEM}/text", 409, text="a"))["error"] == "phone_off"
    await world.send("1")
    await world.send("2")
    assert await world.assistant.types(2) == [8, 8]
    shown = await world.phone()
    assert (shown["messages"], shown["waiting"]) == ([], 2)
    await world.do(f"phones/{MERIEM}/power", on=True)
    assert await world.assistant.types(2) == [1, 1]
    assert await world.texts() == ["1", "2"]


async def test_a_number_out_of_service_fails(world: World) -> None:
    await world.do(f"phones/{MERIEM}/service", in_service=False)
    error = (await world.do(f"phones/{MERIEM}/text", 409, text="a"))["error"]
    assert error == "out_of_service"
    await world.send("1")
    assert await world.assistant.types(2) == [8, 2]
    await world.send("1", to="+213770000000")  # nobody's
    assert await world.assistant.types(2) == [8, 2]
    shown = await world.phone()
    assert (shown["messages"], [m["text"] for m in shown["missed"]]) == ([], ["1"])


async def test_messages_wait_for_a_link_that_is_down(world: World) -> None:
    await world.do("link", up=False)
    answer = await world.send("1")
    assert (answer.status_code, answer.text) == (202, "3: Queued for later delivery")
    assert (await world.phone())["waiting"] == 1
    await world.do("link", up=True)
    assert await world.assistant.types(2) == [8, 1]
    assert await world.texts() == ["1"]


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("down", 503, "Temporal failure, try again later."),
        ("refused", 403, "Authorization failed for sendsms"),
        ("unroutable", 403, "Not routable. Do not try again."),
        ("throttled", 429, "Too many requests"),
    ],
)
async def test_sending_fails_as_often_as_asked(
    world: World, kind: str, status: int, words: str
) -> None:
    await world.fault(kind, count=2, seconds=7, number=MERIEM)
    for _ in range(2):
        answer = await world.send("1")
        assert (answer.status_code, answer.text) == (status, words)
        assert answer.headers.get("retry-after") == ("7" if status == 429 else None)
        assert (await world.send("2", to=RABAH)).status_code == 202
    assert (await world.send("3")).status_code == 202
    assert await world.texts() == ["3"]
    assert (await world.http.get("/_sim/sms/faults")).json() == []


async def test_an_answer_may_be_late_or_never_come(world: World) -> None:
    await world.fault("slow", seconds=0)
    assert (await world.send("slow")).status_code == 202
    for kind in ("lost", "done"):
        await world.fault(kind)
        with pytest.raises(httpx.RemoteProtocolError):
            await world.send(kind)
    assert await world.texts() == ["slow", "done"]


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        ("report_late", [8, 1]),
        ("report_twice", [8, 1, 1]),
        ("report_never", []),
        ("report_failed", [8, 34]),
        ("report_rejected", [16]),
    ],
)
async def test_reports_go_wrong_as_asked(world: World, kind: str, types: list[int]) -> None:
    await world.fault(kind, seconds=0)
    await world.send("1")
    assert await world.assistant.types(len(types)) == types
    await world.send("2")
    assert await world.assistant.types(2) == [8, 1], "and nothing more before them"
    gone = kind in {"report_failed", "report_rejected"}
    assert await world.texts() == (["2"] if gone else ["1", "2"])


async def test_an_early_report_comes_before_the_answer(world: World) -> None:
    await world.fault("report_early")
    await world.send("1")
    assert world.assistant.reports.qsize() == 2
    world.assistant.failures = 1
    await world.fault("report_early")
    await world.send("2")
    assert await world.assistant.types(4) == [8, 1, 8, 1], "what was not taken is told again"


async def test_only_reports_that_were_asked_for_are_told(world: World) -> None:
    await world.send("1", **{"X-Kannel-DLR-Mask": "1"})
    await world.send("2", **{"X-Kannel-DLR-Mask": "8"})
    await world.send("3", **{"X-Kannel-DLR-Url": "http://192.0.2.1/report?type=%d"})
    await world.send("4", **{"X-Kannel-DLR-Mask": "1"})
    assert sorted(await world.assistant.types(3)) == [1, 1, 8]
    assert await world.texts() == ["1", "2", "3", "4"]
    assert world.simulator.sms.reports.waiting == []


@pytest.mark.parametrize("kind", ["text_twice", "text_again"])
async def test_a_text_comes_twice(world: World, kind: str) -> None:
    await world.fault(kind)
    await world.do(f"phones/{MERIEM}/text", text="salam")
    first, second = await world.assistant.text(), await world.assistant.text()
    assert (first["id"] == second["id"]) == (kind == "text_twice")
    assert first["text"] == second["text"] == "salam"


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [("parts", [1, 2]), ("parts_reversed", [2, 1]), ("part_missing", [1])],
)
async def test_a_long_text_comes_in_parts(world: World, kind: str, numbers: list[int]) -> None:
    await world.fault(kind)
    await world.do(f"phones/{MERIEM}/text", text="court")
    assert (await world.assistant.text())["text"] == "court"
    await world.do(f"phones/{MERIEM}/text", text=LONG)
    texts = {}
    for number in numbers:
        text = (await world.assistant.text())["text"]
        query = parse_qs(world.assistant.raw.pop(), encoding="latin-1")
        header = query["udh"][0].encode("latin-1")
        assert header[:3] == b"\x05\x00\x03" and list(header[4:]) == [2, number]
        texts[number] = (header[3], text)
    assert len({reference for reference, _ in texts.values()}) == 1
    await world.do(f"phones/{MERIEM}/text", text="fin")
    assert (await world.assistant.text())["text"] == "fin"
    if len(texts) == 2:
        assert texts[1][1] + texts[2][1] == LONG.strip()


async def test_texts_are_measured_as_they_are_sent(world: World) -> None:
    measured = await world.do("measure", text="a" * 142)
    assert measured == {"coding": "gsm", "length": 142, "room": 160, "segments": 1}
    measured = await world.do("measure", text="س" * 71)
    assert measured == {"coding": "ucs2", "length": 71, "room": 134, "segments": 2}
    for text in ("", "€" * 77, "a" * 152 + "€" + "a" * 9, "س" * 66 + "😀" * 40, LONG):
        assert len(wire.parts(text, coding(text))) == segments(text)
        assert "".join(wire.parts(text, coding(text))) == text


async def test_people_are_given_phones_with_algerian_mobile_numbers(world: World) -> None:
    new = await world.do("phones", 201, number="07 70 11 22 33", name="Lina")
    assert (new["number"], new["name"]) == ("+213770112233", "Lina")
    assert (await world.do("phones", 409, number="٠٧٧٠١١٢٢٣٣"))["error"] == "number_taken"
    for number in ("021 63 00 00", "0550", "+33612345678", "0550 12 34 5x"):
        assert (await world.do("phones", 400, number=number))["error"] == "bad_number"
    state = (await world.http.get("/_sim/sms/state")).json()
    assert [phone["name"] for phone in state["phones"]] == ["Meriem", "رابح", "Lina"]
    missing = await world.http.get("/_sim/sms/phones/0799000000")
    assert (missing.status_code, missing.json()["error"]) == (404, "no_such_phone")
    refused = await world.http.get("/_sim/sms/state", headers={KEY_HEADER: "wrong"})
    assert refused.status_code == 403
    for body in ({"kind": "nonsense"}, {"kind": "down", "number": "5"}, {"count": 1}):
        answer = await world.http.post("/_sim/sms/faults", json=body)
        assert (answer.status_code, answer.json()["error"]) == (400, "bad_fault")


async def test_changes_are_told(world: World) -> None:
    seq = (await world.http.get("/_sim/state")).json()["seq"]
    await world.send("1", **{"X-Kannel-DLR-Mask": "0"})
    news = (await world.http.get(f"/_sim/changes?after={seq}&timeout=20")).json()
    assert [change["kind"] for change in news["changes"]] == ["sms"]
    assert news["changes"][0]["number"] == "+213550123456"
    assert news["changes"][0]["message"]["text"] == "1"


async def test_without_an_assistant_no_sms_can_be_written() -> None:
    async with Running(connected=False) as world:
        state = (await world.http.get("/_sim/sms/state")).json()
        assert state["gateway"] is None and len(state["phones"]) == 2
        assert (await world.do(f"phones/{MERIEM}/text", 409, text="a"))["error"] == "no_gateway"
        world.simulator.connect_sms(world.assistant.url, SECRET, SERVICE)
        await world.do(f"phones/{MERIEM}/text", text="a")
        assert (await world.assistant.text())["text"] == "a"


async def test_a_restart_keeps_what_was_on_its_way(tmp_path: Path) -> None:
    store = tmp_path / "phones.json"
    async with Running(store) as world:
        await world.do("phones", 201, number="0770112233", name="Lina")
        await world.do(f"phones/{RABAH}/power", on=False)
        await world.send("éteint", to=RABAH)
        assert await world.assistant.types(1) == [8]
        await world.fault("down", count=3)
        await world.do("link", up=False)
        await world.do(f"phones/{MERIEM}/text", text="un")
        await world.do(f"phones/{MERIEM}/text", text="deux")
    async with Running(store, connected=False) as world:
        state = (await world.http.get("/_sim/sms/state")).json()
        assert (state["waiting"], len(state["phones"]), state["link_up"]) == (2, 3, False)
        assert state["faults"][0]["count"] == 3
        world.simulator.connect_sms(world.assistant.url, SECRET, SERVICE)
        await world.do("link", up=True)
        assert [(await world.assistant.text())["text"] for _ in range(2)] == ["un", "deux"]
        await world.do(f"phones/{RABAH}/power", on=True)
        assert await world.texts(RABAH) == ["éteint"]


async def test_a_phone_is_driven_by_a_test(world: World) -> None:
    await world.send("déjà lu")
    phone = await asyncio.to_thread(FeaturePhone, world, MERIEM)
    await asyncio.to_thread(phone.send, "1")
    assert (await world.assistant.text())["text"] == "1"
    waiting = asyncio.create_task(asyncio.to_thread(phone.next))
    await world.send("un")
    assert (await waiting)["text"] == "un"
    for text in ("deux", "trois", "quatre"):
        await world.send(text)
    found = await asyncio.to_thread(phone.wait, lambda m: m["text"].startswith("t"))
    assert found["text"] == "trois"
    assert (await asyncio.to_thread(phone.next))["text"] == "quatre"
    assert len(await asyncio.to_thread(phone.messages)) == 6
    lina = await asyncio.to_thread(FeaturePhone.new, world, "0770 11 22 33", "Lina")
    assert await asyncio.to_thread(lina.messages) == []
    await asyncio.to_thread(lambda: lina.switch(on=False))
    await asyncio.to_thread(lambda: lina.fails_next("down"))
    assert (await world.send("x", to="0770112233")).status_code == 503

"""Whatever is sent to the SMS gateway's door: no fault of ours, and what it says is read right."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.types import Message

from actions.messages import Inbound
from actions.parts import joined, legible
from actions.store import Store
from actions.tables import Inbox
from bot.channels.sms import gateway as wire
from bot.channels.sms import reading
from bot.channels.sms.gateway import Gateway
from bot.channels.sms.guarding import sign
from bot.channels.sms.reading import UnreadableError
from bot.database import Database
from tests.conftest import FixedClock
from tests.test_sms_gateway import SECRET, settings, udh

#: How many requests each database sees; PostgreSQL is slower, and takes less of what is odd.
REQUESTS = {"sqlite": 80_000, "postgresql": 20_000}
SIDE_BY_SIDE = 200


@dataclass(frozen=True)
class Sent:
    """A request as its bytes."""

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    cut_off: bool = False


BEARER = (b"authorization", f"Bearer {SECRET}".encode())
JSON = (b"content-type", b"application/json")


def kannel(**told: str | bytes) -> bytes:
    return urlencode(
        {"key": SECRET, "from": "+213550123456", "id": "5f0c-1", "ts": "1444028400"} | told
    ).encode()


def document(**told: object) -> bytes:
    return json.dumps(told).encode()


#: Requests as gateways send them.
CORPUS = (
    Sent(
        "GET", "/sms/kannel", kannel(to="3048", coding="0", charset="UTF-8", text="Quels papiers ?")
    ),
    Sent(
        "GET",
        "/sms/kannel",
        kannel(coding="2", charset="UTF-16BE", text="موعد 😀".encode("utf-16-be")),
    ),
    Sent("GET", "/sms/kannel", kannel(udh=udh(2), text="et la suite.")),
    Sent("GET", "/sms/kannel", kannel(udh=udh(1, 2, wide=True), text="a" * 153)),
    Sent("GET", "/sms/kannel", kannel(text="س" * 67)),
    Sent(
        "POST",
        "/sms/kannel",
        urlencode({"key": SECRET, "id": "5f0c-2"}).encode(),
        (
            (b"content-type", b'text/plain; charset="UTF-8"'),
            (b"x-kannel-from", b"0661987654"),
            (b"x-kannel-udh", udh(1).hex().encode()),
            (b"x-kannel-time", b"2015-10-05 08:00:00"),
        ),
        "متى تأتي القافلة؟".encode(),
    ),
    Sent("GET", "/sms/kannel/report", kannel(id="1", type="8", answer="ACK/")),
    Sent("GET", "/sms/kannel/report", kannel(id="2", type="34", answer="stat:EXPIRED")),
    Sent(
        "POST",
        "/sms/messages",
        b"",
        (BEARER, JSON),
        document(**{"from": "+213770112233"}, id="7", text="STOP", at="2015-10-05T09:00:00Z"),
    ),
    Sent(
        "POST",
        "/sms/messages",
        b"",
        (BEARER, JSON),
        document(**{"from": "0550123456"}, id=8, text="\ud83d", ref="r", part=1, parts=2, at=1.5),
    ),
    Sent("POST", "/sms/reports", b"", (BEARER, JSON), document(id="1", status="delivered")),
)
#: What programs that read bytes stumble over.
ODD = (
    *(
        b"",
        b"\0",
        b"%00",
        b"%",
        b"%zz",
        b"%C3",
        b"\xff\xfe",
        b"\xed\xa0\xbd",
        b"+",
        b"&",
        b"=",
        b";",
    ),
    *(b"\\ud800", b"\\u0000", b'"', b"{", b"[" * 500, b"null", b"NaN", b"1e999", b"-1", b"0"),
    *(b"9" * 30, b"9" * 5000, b"x" * 20_000, b"\r\n", b"../..", b"'; DROP TABLE inbox; --"),
    *(b"050003a70301", b"0608", b"UTF-16BE", b"idna", b"hex", b"2015-10-05T09:00:00+25:00"),
    "٢٥\u202e\u2068😀".encode(),
)
PATHS = (
    *{sent.path for sent in CORPUS},
    "/",
    "/sms",
    "/sms/kannel/",
    "/sms//kannel",
    "/\0",
    "/sms/é",
)
METHODS = ("GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "TRACE", "BREW", "")


def mangled(raw: bytes, random: Random) -> bytes:
    """Return bytes with a little wrong."""
    at, end = random.randrange(len(raw) + 1), random.randrange(len(raw) + 1)
    match random.randrange(5):
        case 0:
            return raw[:at] + random.choice(ODD) + raw[at:]
        case 1:
            return raw[:at] + random.choice(ODD) + raw[max(at, end) :]
        case 2:
            return raw[:at] + raw[end:]
        case 3:
            return raw[:at] + bytes([random.randrange(256)]) + raw[at + 1 :]
        case _:
            return raw[:at] + random.randbytes(random.randrange(1, 12)) + raw[at:]


def varied(sent: Sent, random: Random) -> Sent:
    """Return a request that a gateway might send on a bad day, or someone who means harm."""
    for _time in range(random.randrange(4)):
        match random.randrange(8):
            case 0 | 1 | 2:
                sent = replace(sent, query=mangled(sent.query, random))
            case 3 | 4 | 5:
                sent = replace(sent, body=mangled(sent.body, random))
            case 6:
                headers = [list(header) for header in sent.headers]
                if headers:
                    header = random.choice(headers)
                    header[random.randrange(2)] = mangled(header[1], random)
                sent = replace(
                    sent, headers=tuple((name.lower(), value) for name, value in headers)
                )
            case _:
                path, method = random.choice(PATHS), random.choice(METHODS)
                sent = (
                    replace(sent, path=path)
                    if random.random() < 0.5
                    else replace(sent, method=method)
                )
    if sent.body and random.random() < 0.3:  # whatever became of it, it is signed
        signature = (b"x-signature", sign(SECRET.encode(), sent.body).encode())
        sent = replace(sent, headers=(*sent.headers, signature))
    return replace(sent, cut_off=random.random() < 0.02)


async def asked(app: Callable[..., Any], sent: Sent) -> tuple[int, bytes]:
    """Put a request to an application without a wire between; return its status and body."""
    answers: list[Message] = []
    chunks: list[Message] = [
        {"type": "http.request", "body": sent.body[:7], "more_body": True},
        {"type": "http.disconnect"}
        if sent.cut_off
        else {"type": "http.request", "body": sent.body[7:], "more_body": False},
    ]

    async def receive() -> Message:
        return chunks.pop(0) if chunks else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": "http",
        "path": sent.path,
        "raw_path": sent.path.encode(),
        "root_path": "",
        "query_string": sent.query,
        "headers": list(sent.headers),
        "client": ("127.0.0.1", 4711),
        "server": ("127.0.0.1", 8016),
    }
    await app(scope, receive, send)
    return answers[0]["status"], b"".join(answer.get("body", b"") for answer in answers)


async def test_a_hundred_thousand_odd_requests_find_no_fault_of_ours(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "IN_ALL", 10**9)
    monkeypatch.setattr(wire, "FROM_ONE", 10**9)
    database = Database(store)
    listening = Gateway(settings(), database, clock, asyncio.Event(), asyncio.Event())
    listening.intake.open()
    random = Random(20151005)
    statuses: dict[int, int] = {}
    with structlog.testing.capture_logs() as logged:
        for n in range(0, REQUESTS[store.url.get_backend_name()], SIDE_BY_SIDE):
            clock.moment += dt.timedelta(seconds=10)  # so that words can be said again
            group = [varied(random.choice(CORPUS), random) for _one in range(SIDE_BY_SIDE)]
            if n % 1_000 == 0:
                own = {"from": "+213770998877", "id": f"whole-{n}", "text": f"le message {n}"}
                group[0] = replace(CORPUS[0], query=kannel(**own))
            answers = await asyncio.gather(*(asked(listening.app, one) for one in group))
            for one, (status, body) in zip(group, answers, strict=True):
                statuses[status] = statuses.get(status, 0) + 1
                assert status < 500, one
                assert len(body) < 40, one
    await listening.intake.close()
    database.close()
    faults = [line for line in logged if line["event"] in {"sms_failed", "not_kept", "join_failed"}]
    assert faults == []
    assert statuses.keys() == {200, 400, 401, 403, 404, 405, 413, 415}
    assert statuses[200] > sum(statuses.values()) / 5
    kept = store.run(lambda s: list(s.scalars(select(Inbox))))
    assert len(kept) > REQUESTS[store.url.get_backend_name()] / 100
    whole = {row.external_id for row in kept if row.external_id.startswith("whole-")}
    assert len(whole) == REQUESTS[store.url.get_backend_name()] / 1_000
    for row in kept:
        assert Inbound.from_json(row.payload).address.key == row.key


# What is read -----------------------------------------------------------------------------------

ANYTHING = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=300)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["content-type", "x-kannel-from", "x-kannel-coding", "x-kannel-udh", "x-kannel-time"]
    ),
    st.text(st.characters(max_codepoint=255)),
)
QUERY = st.dictionaries(
    st.sampled_from(["from", "text", "id", "ts", "coding", "charset", "udh", "type", "status"]),
    st.binary(max_size=40) | st.sampled_from(ODD),
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
) | st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("id", "from", "text", "at", "ref", "part", "parts", "status"), SCALARS),
)


def said(incoming: reading.Incoming, clock: FixedClock) -> None:
    """Make of it what is kept, and look whether it can be."""
    arrival = reading.arrival(incoming, None, clock.now())
    assert 0 < len(arrival.message.external_id) <= 64
    assert len(arrival.message.address.key) <= 96
    assert not arrival.message.address.is_group
    legible(arrival.message.text).encode()


@given(QUERY, HEADERS, st.none() | st.binary())
def test_reading_kannel_raises_nothing_else(
    query: dict[str, bytes], headers: dict[str, str], body: bytes | None
) -> None:
    try:
        said(reading.from_kannel(query, headers, body), FixedClock())
    except UnreadableError:
        assert ("from" not in query) and ("x-kannel-from" not in headers)


@given(st.binary() | DOCUMENTS.map(lambda told: json.dumps(told).encode()))
def test_reading_json_raises_nothing_else(body: bytes) -> None:
    for read in (reading.from_json, reading.report_from_json):
        try:
            found = read(body)
        except UnreadableError:
            continue
        if isinstance(found, reading.Incoming):
            said(found, FixedClock())


@given(st.binary())
def test_reading_a_query_raises_nothing(query: bytes) -> None:
    reading.parameters(query)


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.binary()))
def test_a_query_says_what_was_put_into_it(told: dict[str, bytes]) -> None:
    assert reading.parameters(urlencode(told).encode()) == (told or {"": b""})


@given(ANYTHING, st.data())
def test_parts_in_any_order_are_the_text_again(text: str, data: st.DataObject) -> None:
    raw = text.encode("utf-16-be")
    units = len(raw) // 2
    cuts = sorted(data.draw(st.sets(st.integers(0, units), max_size=5)) | {0, units})
    pieces = [raw[2 * a : 2 * b] for a, b in pairwise(cuts)] or [raw]
    numbered = data.draw(st.permutations(list(enumerate(pieces, 1))))
    found = {}
    for number, piece in numbered:
        header = udh(number, len(pieces), wide=len(text) % 2 == 1)
        query = f"from=1&coding=2&text={quote_from_bytes(piece)}&udh={quote_from_bytes(header)}"
        incoming = reading.from_kannel(reading.parameters(query.encode()), {}, None)
        place = incoming.label.number if incoming.label else 1
        assert (incoming.label is None) == (len(pieces) == 1)
        found[place] = incoming.text
    assert legible(joined(found, len(pieces))) == text


@given(st.sets(st.integers(1, 8), min_size=1), st.integers(8, 9))
def test_a_gap_stands_where_parts_are_missing(numbers: set[int], total: int) -> None:
    text = joined({n: f"<{n}>" for n in numbers}, total)
    assert text.replace(" … ", "") == "".join(f"<{n}>" for n in sorted(numbers))
    runs = sum(n not in numbers and (n == 1 or n - 1 in numbers) for n in range(1, total + 1))
    assert text.count(" … ") == runs


@given(st.text(st.characters()))
def test_what_is_kept_is_a_text_that_every_database_takes(text: str) -> None:
    kept = legible(text)
    assert "\0" not in kept
    assert kept.encode().decode() == kept
    assert legible(kept) == kept

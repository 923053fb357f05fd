"""Rasa down, slow, without a model, or refusing us: each is told from "not understood"."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from nlu.client import Entity, NluClient, NluUnavailableError, parse_answer

PARSED = {
    "text": "x",
    "intent": {"name": "ask_age", "confidence": 0.9},
    "intent_ranking": [
        {"name": "ask_age", "confidence": 0.9},
        {"name": "greet", "confidence": 0.1},
    ],
    "entities": [
        {"entity": "age", "value": 25, "start": 0, "end": 2, "extractor": "X"},
        {
            "entity": "wilaya",
            "value": "44",
            "start": 3,
            "end": 6,
            "candidates": ["44", "46"],
            "town": "Ain",
        },
    ],
    "language": "fr",
}
Answer = Callable[[Request], Awaitable[Response]]


class StandIn:
    """A server that answers as Rasa's does (rasa/server.py, 3.6.21), or fails as it may."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answer: Response | None = JSONResponse(PARSED)
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()
        self.url = ""

    async def parse(self, request: Request) -> Response:
        self.asked.append((request.query_params["token"], json.loads(await request.body())))
        self.reached.set()
        if self.answer is None:
            await self.go_on.wait()
            return JSONResponse(PARSED)
        return self.answer

    async def status(self, _request: Request) -> Response:
        return JSONResponse({"model_file": "nlu.tar.gz"})


@pytest.fixture
async def rasa() -> AsyncIterator[StandIn]:
    stand_in = StandIn()
    app = Starlette(
        routes=[
            Route("/model/parse", stand_in.parse, methods=["POST"]),
            Route("/status", stand_in.status),
        ]
    )
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stand_in.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield stand_in
    stand_in.go_on.set()
    server.should_exit = True
    await serving


@pytest.fixture
async def client(rasa: StandIn) -> AsyncIterator[NluClient]:
    made = NluClient(rasa.url, "secret", seconds=1.0)
    yield made
    await made.close()


async def test_the_token_goes_where_rasa_reads_it(rasa: StandIn, client: NluClient) -> None:
    await client.understand("salam")
    assert rasa.asked == [("secret", {"text": "salam"})]


async def test_an_answer_becomes_an_understanding(client: NluClient) -> None:
    heard = await client.understand("25 ans à Aïn")
    assert (heard.intent, heard.confidence, heard.language) == ("ask_age", 0.9, "fr")
    assert heard.entities == (
        Entity("age", 25, 0, 2),
        Entity("wilaya", "44", 3, 6, ("44", "46"), "Ain"),
    )


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (PlainTextResponse("no model", 409), "409"),
        (PlainTextResponse("not authenticated", 401), "401"),
        (PlainTextResponse("parsing failed", 500), "500"),
        (PlainTextResponse("<html>", 200), "shape"),
        (JSONResponse({"intent": None}), "shape"),
        (JSONResponse([1, 2]), "shape"),
    ],
)
async def test_each_failure_is_named(
    rasa: StandIn, client: NluClient, answer: Response, reason: str
) -> None:
    rasa.answer = answer
    with pytest.raises(NluUnavailableError, match=reason):
        await client.understand("salam")


async def test_a_slow_server_is_not_waited_for(rasa: StandIn) -> None:
    rasa.answer = None
    impatient = NluClient(rasa.url, "secret", seconds=0.1)
    with pytest.raises(NluUnavailableError, match="no answer"):
        await impatient.understand("salam")
    await impatient.close()


async def test_questions_that_pile_up_are_refused_not_kept(rasa: StandIn) -> None:
    rasa.answer = None
    busy = NluClient(rasa.url, "secret", seconds=5, at_once=1, waiting=2)
    waiting = [asyncio.create_task(busy.understand("salam")) for _n in range(2)]
    await rasa.reached.wait()
    with pytest.raises(NluUnavailableError, match="too many"):
        await busy.understand("salam")
    rasa.go_on.set()
    assert [heard.intent for heard in await asyncio.gather(*waiting)] == ["ask_age", "ask_age"]
    await busy.close()


async def test_a_server_that_is_not_there_is_told() -> None:
    nobody = NluClient("http://127.0.0.1:9", "secret")
    with pytest.raises(NluUnavailableError, match="ConnectError"):
        await nobody.understand("salam")
    with pytest.raises(NluUnavailableError):
        await nobody.ready()
    await nobody.close()


def test_an_answer_without_a_language_has_none() -> None:
    assert parse_answer({**PARSED, "language": None}).language == ""

"""The assistant's HTTP client of the Rasa server: text in, an `Understanding` out.

The server answers 200 with a parse, 401 for a wrong token, 409 when it has no model and 400 or 500
when it can't parse (rasa/server.py, 3.6.21). It reads its token from the query string only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

#: How long a change of the model is waited for, in seconds. With one more answer to wait for, it
#: stays below the 20 seconds that a worker holds a message (actions/inbox.py).
PATIENCE = 15.0
#: How long before a question is asked again, in seconds.
AGAIN_AFTER = 0.1


class NluUnavailableError(Exception):
    """Rasa can't be asked now: down, slow, without a model, or refusing our token.

    This is not "the message was not understood": people then get the words that always work.
    """


@dataclass(frozen=True)
class Entity:
    """A normalised thing named in a message; `value` is a code, an integer or an ISO date.

    `name` is one of wilaya, age, date, phone, amount, trade, fact; `start` and `end` are offsets
    into the text. An amount is in dinars; one that may be in centimes has both readings as
    `candidates`. A date may be an ISO 8601 interval.
    `candidates` holds the codes an ambiguous name may mean, when the person must be asked back.
    `town` is the name of the town that gave the wilaya, if one did.
    """

    name: str
    value: str | int
    start: int
    end: int
    candidates: tuple[str, ...] = ()
    town: str = ""


@dataclass(frozen=True)
class Understanding:
    """What Rasa made of one message: intents with confidences 0..1, best first.

    `parts` holds where each question stands, `(start, end)`, when a message asks several.
    """

    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Entity, ...] = ()
    language: str = ""
    parts: tuple[tuple[int, int], ...] = ()

    @property
    def intent(self) -> str:
        """Return the likeliest intent, or '' when there is none."""
        return self.ranking[0][0] if self.ranking else ""

    @property
    def confidence(self) -> float:
        """Return the likeliest intent's confidence."""
        return self.ranking[0][1] if self.ranking else 0.0


class NluClient:
    """Asks one Rasa server (or a load balancer before several), a few questions at a time.

    An answer is waited for `seconds` at most. `changing` says whether the server is being given
    another model right now: it is then silent for a while without being down, and a question that
    got no answer is asked again, for `patience` seconds.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        seconds: float = 3.0,
        at_once: int = 4,
        waiting: int = 64,
        changing: Callable[[], bool] = lambda: False,
        patience: float = PATIENCE,
    ) -> None:
        import httpx  # noqa: PLC0415 - a third of a second that commands without Rasa spare

        self._http: httpx.AsyncClient = httpx.AsyncClient(
            base_url=url,
            params={"token": token},
            timeout=seconds,
            trust_env=False,
            verify=url.startswith("https"),
        )
        self._seconds = seconds
        self._changing = changing
        self._patience = patience
        self._slots = asyncio.Semaphore(at_once)
        self._waiting = waiting
        self._open = 0

    async def understand(self, text: str) -> Understanding:
        """Return what Rasa makes of `text`; raise `NluUnavailableError` when it can't say."""
        if self._open >= self._waiting:
            raise NluUnavailableError("too many questions are waiting for Rasa")
        self._open += 1
        end = asyncio.get_running_loop().time() + self._patience
        try:
            while True:
                try:
                    return await self._ask(text)
                except NluUnavailableError:
                    if asyncio.get_running_loop().time() >= end or not self._changing():
                        raise
                await asyncio.sleep(AGAIN_AFTER)
        finally:
            self._open -= 1

    async def _ask(self, text: str) -> Understanding:
        """Ask once; the server understands each text by itself, so asking again does no harm."""
        import httpx  # noqa: PLC0415 - loaded already by the line that made the client

        try:
            async with asyncio.timeout(self._seconds), self._slots:
                answer = await self._http.post("/model/parse", json={"text": text})
                answer.raise_for_status()
                return parse_answer(answer.json())
        except httpx.HTTPStatusError as refused:
            raise NluUnavailableError(f"Rasa answered {refused.response.status_code}") from None
        except (TimeoutError, httpx.HTTPError) as failed:
            raise NluUnavailableError(f"Rasa gave no answer: {type(failed).__name__}") from None
        except (KeyError, TypeError, ValueError) as odd:
            raise NluUnavailableError(
                f"Rasa's answer has no known shape: {type(odd).__name__}"
            ) from None

    async def ready(self) -> None:
        """Return when the server holds a model; raise `NluUnavailableError` otherwise."""
        import httpx  # noqa: PLC0415 - as above

        try:
            answer = await self._http.get("/status")
            answer.raise_for_status()
            if not answer.json().get("model_file"):
                raise NluUnavailableError("Rasa has no model loaded")
        except httpx.HTTPStatusError as refused:
            raise NluUnavailableError(f"Rasa answered {refused.response.status_code}") from None
        except httpx.HTTPError as failed:
            raise NluUnavailableError(f"Rasa gave no answer: {type(failed).__name__}") from None

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def parse_answer(body: dict[str, Any]) -> Understanding:
    """Return the understanding in the body of a `/model/parse` answer."""
    ranking = tuple((i["name"], float(i["confidence"])) for i in body["intent_ranking"])
    entities = tuple(
        Entity(
            name=e["entity"],
            value=e["value"],
            start=e["start"],
            end=e["end"],
            candidates=tuple(e.get("candidates", ())),
            town=e.get("town", ""),
        )
        for e in body["entities"]
    )
    parts = tuple((q["start"], q["end"]) for q in body.get("questions", ()))
    several = parts if len(parts) > 1 else ()
    return Understanding(ranking, entities, body.get("language") or "", several)

"""The feature phones over HTTP, under `/_sim/sms`: what the page and the tests do with them.

`GET state` tells all but the messages; `POST phones` gives somebody a phone; `GET phones/{number}`
shows one with its messages; `POST phones/{number}/text`, `/power` and `/service` write on it,
switch it on or off, and take its number out of service. `POST link` cuts or restores the
gateway's link to the operator, `faults` are as in `faults`, and `POST measure` tells what a text
would be sent as. Changes are told by `/_sim/changes`: `sms`, `sms_phone` and `sms_gateway`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.sms.segments import coding, room
from bot.simulator.answers import as_json
from bot.simulator.bodies import read_object
from bot.simulator.errors import ImpossibleError
from bot.simulator.sms import wire
from bot.simulator.sms.faults import read_sms_fault
from bot.simulator.sms.handsets import Handset, Json, mobile
from bot.simulator.sms.network import Network
from bot.simulator.world import World

_MOST_PHONES = 100
_MOST_FAULTS = 100
_MOST_CALLS = 10_000


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewPhone(_Body):
    """Somebody with a feature phone."""

    name: Annotated[str, Field(max_length=64)] = ""
    number: Annotated[str, Field(max_length=40)]


class Words(_Body):
    """A text, sent or only measured; none is longer than ten SMS in one alphabet."""

    text: Annotated[str, Field(max_length=1530)]


class Power(_Body):
    """Whether the phone is on."""

    on: bool


class Service(_Body):
    """Whether the number is in service."""

    in_service: bool


class Link(_Body):
    """Whether the gateway's link to the operator is up."""

    up: bool


class FeaturePhones:
    """Answers the page."""

    def __init__(self, *, world: World, network: Network) -> None:
        self._world = world
        self._network = network

    def routes(self) -> list[Route]:
        """Return the routes, to be mounted at `/_sim/sms`."""
        return [
            Route("/state", self.state),
            Route("/phones", self.add, methods=["POST"]),
            Route("/phones/{number}", self.phone),
            Route("/phones/{number}/text", self.write, methods=["POST"]),
            Route("/phones/{number}/power", self.power, methods=["POST"]),
            Route("/phones/{number}/service", self.service, methods=["POST"]),
            Route("/link", self.link, methods=["POST"]),
            Route("/faults", self.faults, methods=["GET", "POST", "DELETE"]),
            Route("/measure", self.measure, methods=["POST"]),
        ]

    async def state(self, _request: Request) -> Response:
        """Return who is there, and how the gateway is."""
        return as_json(self._state())

    def _state(self) -> Json:
        network = self._network
        return {
            "gateway": {"number": network.service} if network.service else None,
            "link_up": network.link_up,
            "phones": [self._view(handset) for handset in network.handsets.values()],
            "faults": [fault.to_json() for fault in network.faults],
            "waiting": len(network.calls),
            "seq": self._world.last_change,
        }

    async def add(self, request: Request) -> Response:
        """Give somebody a phone with an Algerian mobile number."""
        new = NewPhone.model_validate(await read_object(request))
        number = mobile(new.number)
        if not number:
            raise ImpossibleError("bad_number", status=400)
        if len(self._network.handsets) >= _MOST_PHONES:
            raise ImpossibleError("too_many_phones")
        return as_json(self._view(self._network.add(number, new.name.strip())), 201)

    async def phone(self, request: Request) -> Response:
        """Return a phone and what is on it."""
        handset = self._handset(request)
        messages = [sms.shown() for sms in handset.messages]
        missed = [sms.shown() for sms in handset.missed]
        view = {**self._view(handset), "messages": messages, "missed": missed}
        return as_json({**view, "seq": self._world.last_change})

    async def write(self, request: Request) -> Response:
        """Send a text from a phone."""
        handset = self._handset(request)
        text = Words.model_validate(await read_object(request)).text.strip()
        if not text or len(wire.parts(text, coding(text))) > wire.MOST_PARTS:
            raise ImpossibleError("bad_text", status=400)
        if len(self._network.calls) >= _MOST_CALLS:
            raise ImpossibleError("gateway_asleep", status=507)
        return as_json(self._network.write(handset, text).shown())

    async def power(self, request: Request) -> Response:
        """Switch a phone on or off."""
        on = Power.model_validate(await read_object(request)).on
        handset = self._handset(request)
        self._network.set_power(handset, on)
        return as_json(self._view(handset))

    async def service(self, request: Request) -> Response:
        """Take a number out of service, or put it back."""
        in_service = Service.model_validate(await read_object(request)).in_service
        handset = self._handset(request)
        self._network.set_service(handset, in_service)
        return as_json(self._view(handset))

    async def link(self, request: Request) -> Response:
        """Cut or restore the gateway's link to the operator."""
        self._network.set_link(Link.model_validate(await read_object(request)).up)
        return as_json(self._state())

    async def faults(self, request: Request) -> Response:
        """Return the faults to come; add one, or take all away."""
        network = self._network
        if request.method == "POST":
            fault = read_sms_fault(await read_object(request))
            if len(network.faults) >= _MOST_FAULTS:
                raise ImpossibleError("too_many_faults")
            network.faults.append(fault)
        elif request.method == "DELETE":
            network.faults.clear()
        if request.method != "GET":
            network.tell()
        return as_json([fault.to_json() for fault in network.faults])

    async def measure(self, request: Request) -> Response:
        """Return what a text would be sent as, and the room its segments have in all."""
        text = Words.model_validate(await read_object(request)).text
        way = coding(text)
        segments = len(wire.parts(text, way))
        return as_json(
            {
                "coding": way,
                "length": wire.units(text, way),
                "room": room(segments, way),
                "segments": segments,
            }
        )

    def _handset(self, request: Request) -> Handset:
        return self._network.handset(mobile(request.path_params["number"]))

    def _view(self, handset: Handset) -> Json:
        underway = [sms for sms in self._network.underway if sms.number == handset.number]
        last = handset.messages[-1] if handset.messages else None
        return {
            "number": handset.number,
            "name": handset.name,
            "on": handset.on,
            "in_service": handset.in_service,
            "waiting": len(underway),
            "failed": len(handset.missed),
            "last_message": last.shown() if last else None,
        }

"""A feature phone in the simulator: somebody writes SMS on it, and reads what arrives."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol, Self

import httpx

from tests.product import PATIENCE

Sms = dict[str, Any]


class Connects(Protocol):
    """The running product, or anything else with the simulator's phones in it."""

    def connect(self) -> httpx.Client:
        """Return a connection to the phones."""
        ...


class FeaturePhone:
    """One person's phone; what it shows is read in order, each message once."""

    def __init__(self, product: Connects, number: str) -> None:
        """Take a phone that is there, such as 0550123456; what it shows counts as read."""
        self._http = product.connect()
        self.number = number
        self._read = {m["id"] for m in self.messages()}

    @classmethod
    def new(cls, product: Connects, number: str, name: str = "Nadia") -> Self:
        """Give somebody new a phone."""
        answer = product.connect().post("/_sim/sms/phones", json={"number": number, "name": name})
        assert answer.is_success, answer.text
        return cls(product, number)

    def messages(self) -> list[Sms]:
        """Return what the phone shows, oldest first, its own messages too."""
        shown: list[Sms] = self.view()["messages"]
        return shown

    def view(self) -> dict[str, Any]:
        """Return the phone: `on`, `in_service`, `waiting`, `messages`, `missed`."""
        view: dict[str, Any] = self._get(f"sms/phones/{self.number}")
        return view

    def send(self, text: str) -> Sms:
        """Write an SMS to the assistant, once it is behind the gateway."""
        self.until(lambda: self._get("sms/state")["gateway"] is not None, "no gateway")
        sms: Sms = self._post(f"sms/phones/{self.number}/text", text=text)
        return sms

    def says(self, text: str) -> str:
        """Write an SMS, and return the text of the next one that comes."""
        self.send(text)
        return str(self.next()["text"])

    def next(self) -> Sms:
        """Wait for the next message that comes."""
        return self.wait(lambda _: True)

    def wait(self, wanted: Callable[[Sms], bool]) -> Sms:
        """Wait for a message that comes and is `wanted`, reading those before it as well."""
        found: list[Sms] = []

        def look() -> bool:
            for message in self.messages():
                if message["mine"] or message["id"] in self._read:
                    continue
                self._read.add(message["id"])
                if wanted(message):
                    found.append(message)
                    return True
            return False

        self.until(look, "the assistant stayed silent")
        return found[0]

    def until(self, holds: Callable[[], bool], complaint: str) -> None:
        """Wait until something holds, looking again at every change in the simulator."""
        begun = time.monotonic()
        while True:
            seq = self._get("state")["seq"]
            if holds():
                return
            assert time.monotonic() - begun < PATIENCE, f"{complaint}: {self.messages()}"
            self._get(f"changes?after={seq}&timeout=25")

    def switch(self, *, on: bool) -> None:
        """Switch the phone on or off."""
        self._post(f"sms/phones/{self.number}/power", on=on)

    def service(self, *, in_service: bool) -> None:
        """Take the number out of service, or put it back."""
        self._post(f"sms/phones/{self.number}/service", in_service=in_service)

    def link(self, *, up: bool) -> None:
        """Cut the gateway's link to the operator, or restore it."""
        self._post("sms/link", up=up)

    def fails_next(self, kind: str, **fault: Any) -> None:
        """Make a fault happen to this number's next message; the kinds are the simulator's."""
        self._post("sms/faults", kind=kind, number=self.number, **fault)

    def _get(self, path: str) -> Any:
        answer = self._http.get(f"/_sim/{path}")
        assert answer.is_success, answer.text
        return answer.json()

    def _post(self, path: str, **body: Any) -> Any:
        answer = self._http.post(f"/_sim/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

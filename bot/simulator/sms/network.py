"""The SMS world: handsets, the messages between them and the assistant, and reports. No I/O."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import asdict

from bot.channels.sms.segments import Coding, coding
from bot.simulator.errors import ImpossibleError
from bot.simulator.sms import wire
from bot.simulator.sms.faults import PARTS, REPEATS, REPORTS, SmsFault, read_sms_fault
from bot.simulator.sms.handsets import Call, Handset, Json, Sms, State
from bot.simulator.sms.reports import (
    ACCEPTED,
    DELIVERED,
    EXPIRED,
    FAILED,
    REJECTED,
    Report,
    Reports,
)
from bot.simulator.world import World

_FIRST = (("+213550123456", "Meriem"), ("+213661987654", "رابح"))
_GAP = 1000


class Network:
    """Everything of the SMS world; `service` is the assistant's number, empty when it has none."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.service = ""
        self.link_up = True
        self.handsets = {number: Handset(number, name) for number, name in _FIRST}
        self.underway: list[Sms] = []
        self.calls: list[Call] = []
        self.reports = Reports(self._new_id, world.now)
        self.faults: list[SmsFault] = []
        self.last_id = 0

    def handset(self, number: str) -> Handset:
        """Return somebody's phone."""
        if number not in self.handsets:
            raise ImpossibleError("no_such_phone", status=404)
        return self.handsets[number]

    def add(self, number: str, name: str) -> Handset:
        """Give somebody a phone."""
        if number in self.handsets:
            raise ImpossibleError("number_taken")
        self.handsets[number] = Handset(number, name)
        self._tell_of(number)
        return self.handsets[number]

    def connect(self, number: str) -> None:
        """Say that the assistant can be given messages, and the number it has."""
        self.service = number
        self.tell()

    def tell(self) -> None:
        """Announce that the gateway changed: its faults, its link, who is behind it."""
        self._world.tell("sms_gateway")

    # --- from a handset -------------------------------------------------------------------------

    def write(self, handset: Handset, text: str) -> Sms:
        """Send a text from a handset; the assistant is called with it as soon as it can be."""
        self._require_service(handset)
        sms = self._sms(handset.number, text, coding(text), mine=True, other=self.service)
        handset.keep(sms)
        self.calls += self._calls(sms)
        self._tell(sms)
        return sms

    def _require_service(self, handset: Handset) -> None:
        if not self.service:
            raise ImpossibleError("no_gateway")
        if not handset.on:
            raise ImpossibleError("phone_off")
        if not handset.in_service:
            raise ImpossibleError("out_of_service")

    def _calls(self, sms: Sms) -> list[Call]:
        """Return the calls that give a message to the assistant: one, unless a fault wants more."""
        call = Call(str(uuid.uuid4()), sms.id, sms.number, sms.text, sms.date)
        texts = wire.parts(sms.text, sms.coding)
        fault = self.take_fault(REPEATS | (PARTS if len(texts) > 1 else frozenset()), sms.number)
        if fault is None:
            return [call]
        if fault.kind == "text_twice":
            return [call, call]
        if fault.kind == "text_again":
            return [call, Call(**asdict(call) | {"id": str(uuid.uuid4())})]
        # References above 127 are no text in any charset: half of them are.
        reference = 100 + 37 * sms.id
        parts = [
            Call.part(call, str(uuid.uuid4()), text, wire.header(reference, len(texts), which))
            for which, text in enumerate(texts, start=1)
        ]
        if fault.kind == "parts_reversed":
            return parts[::-1]
        return parts if fault.kind == "parts" else parts[:1] + parts[2:]

    def next_call(self, number: str) -> Call | None:
        """Return what the assistant is to be given of a handset now: its messages keep order."""
        if not self.service or not self.link_up:
            return None
        return next((call for call in self.calls if call.number == number), None)

    def called(self, call: Call, *, taken: bool) -> None:
        """Note that a call is over: the assistant took it, or will never be asked again."""
        self.calls.remove(call)
        if any(other.sms == call.sms for other in self.calls):
            return
        sms = self.handsets[call.number].with_id(call.sms)
        if sms is not None:
            sms.state = "sent" if taken else "failed"
            self._tell(sms)

    # --- to a handset ---------------------------------------------------------------------------

    def send(
        self,
        number: str,
        text: str,
        way: Coding,
        *,
        sender: str,
        report_url: str = "",
        report_mask: int = 0,
    ) -> Sms:
        """Take a message for a number; it arrives at once if the link and the phone allow it."""
        sms = self._sms(number, text, way, mine=False, other=sender or self.service)
        sms.report_url, sms.report_mask = report_url, report_mask
        fault = self.take_fault(REPORTS, number)
        if fault is not None:
            sms.fate, sms.seconds = fault.kind, fault.seconds
        self.underway.append(sms)
        if self.link_up:
            self._accept(sms)
        else:
            self._tell_of(number)
        return sms

    def _accept(self, sms: Sms) -> None:
        if sms.fate == "report_rejected":
            self._fail(sms, REJECTED)
            return
        self.reports.file(sms, ACCEPTED)
        self._forward(sms)

    def _forward(self, sms: Sms) -> None:
        handset = self.handsets.get(sms.number)
        if handset is None or not handset.in_service:
            self._fail(sms, FAILED)
        elif sms.fate == "report_failed":
            self._fail(sms, EXPIRED)
        elif handset.on:
            self.underway.remove(sms)
            sms.state, sms.date = "delivered", self._world.now()
            handset.keep(sms)
            self.reports.file(sms, DELIVERED)
            self._tell(sms)
        else:
            sms.state = "buffered"
            self._tell_of(sms.number)

    def _fail(self, sms: Sms, kind: int) -> None:
        self.underway.remove(sms)
        sms.state = "failed"
        if sms.number in self.handsets:
            self.handsets[sms.number].keep(sms)
        self.reports.file(sms, kind)
        self._tell_of(sms.number)

    def set_power(self, handset: Handset, on: bool) -> None:
        """Switch a phone on or off; what waited for it arrives."""
        handset.on = on
        self._tell_of(handset.number)
        self._move("buffered", handset.number)

    def set_service(self, handset: Handset, in_service: bool) -> None:
        """Take a number out of service, or put it back; what waited for it fails."""
        handset.in_service = in_service
        self._tell_of(handset.number)
        if not in_service:
            self._move("buffered", handset.number)

    def set_link(self, up: bool) -> None:
        """Cut or restore the gateway's link to the operator; what waited for it goes on."""
        self.link_up = up
        self.tell()
        if up:
            for sms in [sms for sms in self.underway if sms.state == "queued"]:
                self._accept(sms)

    def reported(self, report: Report, *, taken: bool) -> None:
        """Note that a report is over: the assistant took it, or will never be asked again."""
        self.reports.waiting.remove(report)
        handset = self.handsets.get(report.number)
        sms = handset.with_id(report.sms) if handset else None
        if taken and sms is not None:
            sms.reports.append(report.type)
            if sms.state == "delivered":
                self._tell(sms)
            else:  # nothing of it is on the phone
                self._tell_of(sms.number)

    def answered(self, sms: Sms) -> None:
        """Note that sendsms is about to be answered: from now on no report is early."""
        self.reports.release(sms)
        self.tell()

    def _move(self, state: str, number: str) -> None:
        for sms in [s for s in self.underway if s.state == state and s.number == number]:
            self._forward(sms)

    # --- the rest -------------------------------------------------------------------------------

    def take_fault(self, kinds: Collection[str], number: str) -> SmsFault | None:
        """Return the fault of one of these kinds that something meets, counting it down."""
        met = (f for f in self.faults if f.kind in kinds and f.number in {"", number})
        fault = next(met, None)
        if fault is not None:
            fault.count -= 1
            if fault.count == 0:
                self.faults.remove(fault)
            self.tell()
        return fault

    def _sms(self, number: str, text: str, way: Coding, *, mine: bool, other: str) -> Sms:
        state: State = "waiting" if mine else "queued"
        return Sms(self._new_id(), number, mine, other, text, way, state, self._world.now())

    def _new_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def _tell(self, sms: Sms) -> None:
        self._world.tell("sms", number=sms.number, message=sms.shown())

    def _tell_of(self, number: str) -> None:
        self._world.tell("sms_phone", number=number)

    def to_json(self) -> Json:
        """Return all that a restart must know."""
        return {
            "link_up": self.link_up,
            "handsets": [asdict(handset) for handset in self.handsets.values()],
            "underway": [asdict(sms) for sms in self.underway],
            "calls": [asdict(call) for call in self.calls],
            "reports": self.reports.to_json(),
            "faults": [fault.to_json() for fault in self.faults],
            "last_id": self.last_id,
        }

    @classmethod
    def from_json(cls, data: Json, world: World) -> Network:
        """Rebuild the network `to_json` wrote."""
        network = cls(world)
        network.link_up = data["link_up"]
        handsets = (Handset.from_json(kept) for kept in data["handsets"])
        network.handsets = {handset.number: handset for handset in handsets}
        network.underway = [Sms(**sms) for sms in data["underway"]]
        network.calls = [Call(**call) for call in data["calls"]]
        network.reports.restore(data["reports"])
        network.faults = [read_sms_fault(fault) for fault in data["faults"]]
        network.last_id = data["last_id"] + _GAP  # those given after the last save are unknown
        return network

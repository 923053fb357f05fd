"""Delivery reports: what the gateway tells the assistant of the messages it took."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from bot.simulator.sms.handsets import Json, Sms

DELIVERED, FAILED, ACCEPTED, REJECTED = 1, 2, 8, 16
#: A report's type is a mask: this is how Kannel says that a message failed because it expired.
EXPIRED = 32 | FAILED
_ANSWERS = {
    ACCEPTED: "ACK/",
    REJECTED: "NACK/0x0000000b/Invalid Destination Address",
    DELIVERED: "id:{id} sub:001 dlvrd:001 stat:DELIVRD err:000 text:",
    FAILED: "id:{id} sub:001 dlvrd:000 stat:UNDELIV err:001 text:",
    EXPIRED: "id:{id} sub:001 dlvrd:000 stat:EXPIRED err:001 text:",
}
_HERE = {"127.0.0.1", "localhost", "::1"}


@dataclass
class Report:
    """A report that the assistant is to be given, not before `due` (epoch seconds).

    `type` is a mask of those above. One that is `held` goes out before its message is even
    answered for.
    """

    id: int
    sms: int
    number: str
    other: str
    url: str
    type: int
    answer: str
    date: int
    due: float = 0
    held: bool = False
    tries: int = 0


class Reports:
    """The reports not given yet; those of one message keep their order."""

    def __init__(self, new_id: Callable[[], int], now: Callable[[], int]) -> None:
        self._new_id = new_id
        self._now = now
        self.waiting: list[Report] = []

    def file(self, sms: Sms, kind: int) -> None:
        """Add a report if it was asked for, as the message's fault wants it.

        None ever goes to another machine.
        """
        here = urlsplit(sms.report_url).hostname in _HERE
        if not here or not kind & sms.report_mask or sms.fate == "report_never":
            return
        last = kind != ACCEPTED
        late = last and sms.fate == "report_late"
        for _time in range(2 if last and sms.fate == "report_twice" else 1):
            report = Report(
                id=self._new_id(),
                sms=sms.id,
                number=sms.number,
                other=sms.other,
                url=sms.report_url,
                type=kind,
                answer=_ANSWERS[kind].format(id=sms.id),
                date=self._now(),
                due=time.time() + sms.seconds if late else 0,
                held=sms.fate == "report_early",
            )
            self.waiting.append(report)

    def next(self, sms_id: int) -> Report | None:
        """Return the report of a message that the assistant is to be given next."""
        return next((report for report in self.waiting if report.sms == sms_id), None)

    def release(self, sms: Sms) -> None:
        """Let the reports of a message go out as usual: sendsms is about to be answered."""
        if sms.fate == "report_early":
            sms.fate = ""
        for report in self.waiting:
            if report.sms == sms.id:
                report.held = False

    def to_json(self) -> list[Json]:
        """Return all that a restart must know."""
        return [asdict(report) for report in self.waiting]

    def restore(self, kept: list[Json]) -> None:
        """Take back what `to_json` gave."""
        self.waiting = [Report(**report | {"held": False}) for report in kept]

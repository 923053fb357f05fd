"""SMS faults on demand: what goes wrong between the assistant, the gateway and the phones.

They happen to the next calls of `sendsms`: `down` (503), `throttled` (429, try again in `seconds`),
`refused` (403, the login), `unroutable` (403, the number), `slow` (answered after `seconds`),
`lost` (no answer, not done) and `done` (no answer, but done).

To the delivery reports of the next messages: `report_early` (before sendsms is answered),
`report_late` (the last one `seconds` later), `report_twice`, `report_never`, `report_failed` (it
expired, and the phone gets nothing) and `report_rejected` (the operator refuses it at once).

To the next messages written on a phone: `text_twice` (given to the assistant twice by the same
id), `text_again` (by another id), and for those longer than one SMS `parts` (given unjoined),
`parts_reversed` (the last one first) and `part_missing` (the second one never comes).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bot.simulator.errors import ImpossibleError
from bot.simulator.sms.handsets import mobile

#: The answers of Kannel's smsbox; it knows no 429, which a proxy or an aggregator gives.
ANSWERS = {
    "down": (503, "Temporal failure, try again later."),
    "throttled": (429, "Too many requests"),
    "refused": (403, "Authorization failed for sendsms"),
    "unroutable": (403, "Not routable. Do not try again."),
}
REQUESTS = frozenset({*ANSWERS, "slow", "lost", "done"})
REPORTS = frozenset(
    {
        "report_early",
        "report_late",
        "report_twice",
        "report_never",
        "report_failed",
        "report_rejected",
    }
)
REPEATS = frozenset({"text_twice", "text_again"})
PARTS = frozenset({"parts", "parts_reversed", "part_missing"})


@dataclass
class SmsFault:
    """What happens the next `count` times, to one number or to any."""

    kind: str
    count: int = 1
    number: str = ""
    seconds: int = 5

    def to_json(self) -> dict[str, Any]:
        """Return the fault as the page shows it."""
        return asdict(self)


def read_sms_fault(data: dict[str, Any]) -> SmsFault:
    """Return the fault asked for, raising `ImpossibleError` when it makes no sense."""
    try:
        fault = SmsFault(**data)
        sound = (
            fault.kind in REQUESTS | REPORTS | REPEATS | PARTS
            and 1 <= fault.count <= 10_000
            and 0 <= fault.seconds <= 100_000
            and (fault.number == "" or mobile(fault.number) != "")
        )
    except TypeError:
        sound = False
    if not sound:
        raise ImpossibleError("bad_fault", status=400)
    fault.number = mobile(fault.number)
    return fault

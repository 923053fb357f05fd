"""What the SMS wire needs to know of its gateway."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network


@dataclass(frozen=True)
class KannelLogin:
    """Where Kannel takes messages to send, and as whom."""

    url: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class SmsSettings:
    """How SMS come and go.

    The gateway calls `host`:`port` here, from one of the networks `allowed`, and proves by `secret`
    that it is the one; `url` is how it reaches us, where that is another address. `number` is what
    people send their SMS to. What is sent goes to `kannel`, or to a relay at `relay_url`.
    """

    secret: str = field(repr=False)
    number: str = ""
    host: str = "127.0.0.1"
    port: int = 8016
    url: str = ""
    allowed: tuple[IPv4Network | IPv6Network, ...] = ()
    kannel: KannelLogin | None = None
    relay_url: str = ""

"""Who may bring messages, how they prove it, and how fast they may."""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address

from bot.channels.sms.settings import SmsSettings

#: So many addresses are remembered by a limit; the one not heard of for longest is forgotten.
_MOST_KEPT = 10_000
_BEARER, _SIGNED = "Bearer ", "sha256="


class Guard:
    """Knows the gateway: by where it calls from, and by the secret it shares."""

    def __init__(self, settings: SmsSettings) -> None:
        self._allowed = settings.allowed
        self._secret = settings.secret.encode()

    def allows(self, host: str | None) -> bool:
        """Whether something may call from an address; a proxy's word for another is not heard."""
        try:
            address: IPv4Address | IPv6Address = ip_address(host or "")
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._allowed)

    def knows(self, key: bytes) -> bool:
        """Whether a key is the secret; it takes the same time however much of it is right."""
        return hmac.compare_digest(key, self._secret)

    def proves(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether headers hold the secret, or the body's signature under it."""
        bearer = headers.get("authorization", "")
        if bearer.startswith(_BEARER) and self.knows(_raw(bearer.removeprefix(_BEARER))):
            return True
        signature = headers.get("x-signature", "").lower()
        return hmac.compare_digest(_raw(signature), sign(self._secret, body).encode())


def sign(secret: bytes, body: bytes) -> str:
    """Return the signature of a body, as the header `X-Signature` has it."""
    return _SIGNED + hmac.new(secret, body, hashlib.sha256).hexdigest()


class Limit:
    """A rate for each of many: `burst` at once, and `rate` a second from then on."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, float(burst)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, who: str, at: float) -> float:
        """Count one at a moment in seconds; return how long it should have waited, 0 if it may."""
        left, since = self._left.pop(who, (self._burst, at))
        left = min(self._burst, left + max(0.0, at - since) * self._rate)
        allowed = left >= 1
        self._left[who] = (left - 1 if allowed else left, at)
        if len(self._left) > _MOST_KEPT:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate

    def __len__(self) -> int:
        return len(self._left)


def _raw(header: str) -> bytes:
    """Return a header's bytes; servers read them as Latin-1."""
    return header.encode("latin-1", "replace")

"""The SMS wire outwards: plain text, one outbox row one message."""

from __future__ import annotations

from dataclasses import replace

from actions.messages import Address, Attachment, Line, Outbound
from bot.channels.base import Refused, Standing
from bot.channels.sms import segments
from bot.channels.sms.reading import NAME
from bot.channels.sms.sending import GatewaySender, KannelSender, RelaySender
from bot.channels.sms.settings import SmsSettings

#: Kannel cuts off, without a word, what is longer than its max-messages.
LONGEST = 10


class SmsChannel:
    """Sends SMS through one gateway."""

    name = NAME

    def __init__(self, sender: GatewaySender) -> None:
        self._sender = sender

    def parts(self, message: Outbound) -> list[Outbound]:
        """Return a message as it is; cut if it is longer than gateways take, none if empty."""
        pieces = segments.cut(_text(message), {"gsm": LONGEST, "ucs2": LONGEST})
        if len(pieces) == 1:
            return [message]
        return [replace(message, lines=(Line(piece),)) for piece in pieces]

    async def send(self, address: Address, message: Outbound, number: int = 0) -> str:
        """Send one message; return the gateway's number for it, if it gives one.

        `number` is the outbox row's, by which the gateway reports on it; 0 asks for no report.
        """
        text = _text(message)
        if not text:
            raise Refused("empty")  # the gateway would send, and charge, an empty SMS
        return await self._sender.send(address.id, text, number)

    async def open_topic(self, address: Address, title: str) -> int:
        """Refuse: there are no groups here."""
        raise Refused("no_groups")

    async def inspect(self, address: Address) -> Standing:
        """Refuse: there are no groups here."""
        raise Refused("no_groups")

    async def download(self, file: Attachment) -> bytes:
        """Refuse: no files come by SMS."""
        raise Refused("no_files")

    async def close(self) -> None:
        """End every connection to the gateway."""
        await self._sender.close()


def make_channel(settings: SmsSettings, base_url: str) -> SmsChannel:
    """Return the channel of the gateway that is set, Kannel or a relay.

    `base_url` is where we listen; Kannel reports to it unless another address is set.
    """
    if settings.kannel is not None:
        return SmsChannel(KannelSender(settings, settings.kannel, settings.url or base_url))
    if not settings.relay_url:
        raise ValueError("no gateway is set")
    return SmsChannel(RelaySender(settings))


def _text(message: Outbound) -> str:
    return "\n".join(line.text for line in message.lines).strip()

"""An operator's message centre (SMSC) that Kannel binds to over SMPP 3.4, and everybody's phones.

It knows what Kannel uses of SMPP: one transceiver at a time, submit_sm, deliver_sm, enquire_link.
Source: SMPP Protocol Specification v3.4, section 4.
"""

from __future__ import annotations

import itertools
import socket
import struct
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from bot.channels.sms.segments import coding
from tests.kannel import NUMBER, Sms
from tests.product import PATIENCE

_BIND, _SUBMIT, _DELIVER, _UNBIND, _ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
_RESPONSE = 0x80000000
_INVALID_DESTINATION = 0x0B
_UDH, _RECEIPT, _GSM, _UCS2 = 0x40, 0x04, 0x00, 0x08
_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@dataclass(frozen=True)
class Submitted:
    """A message that was taken, and whether a report on it was asked for."""

    id: int
    reported: bool


class Smsc:
    """The network behind an operator's account, on a port of this machine."""

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._changed = threading.Condition()
        self._bound: socket.socket | None = None
        self._shown: dict[str, deque[Sms]] = defaultdict(deque)
        self._parts: dict[tuple[str, int], dict[int, bytes]] = defaultdict(dict)
        self._numbers, self._references = itertools.count(1000), itertools.count(1)
        self._refused: set[str] = set()
        #: What was submitted for each phone, part by part.
        self.submitted: dict[str, list[Submitted]] = defaultdict(list)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        if self._bound:
            with suppress(OSError):
                self._bound.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def wait_until_bound(self) -> None:
        """Wait until Kannel has logged in."""
        self._wait(lambda: self._bound is not None)

    def wait_until_gone(self) -> None:
        """Wait until Kannel's connection has ended."""
        self._wait(lambda: self._bound is None)

    def refuse(self, number: str) -> None:
        """Take nothing for a phone from now on."""
        self._refused.add(number)

    def send(self, number: str, text: str) -> None:
        """Send a text from a phone, its parts in the wrong order."""
        gsm = coding(text) == "gsm"
        body = bytes(map(_ALPHABET.index, text)) if gsm else text.encode("utf-16-be")
        alone, room, kind = (160, 153, _GSM) if gsm else (140, 134, _UCS2)
        if len(body) <= alone:
            self._deliver(number, body, kind)
            return
        pieces = [body[at : at + room] for at in range(0, len(body), room)]
        reference = next(self._references)
        for at, piece in reversed([*enumerate(pieces, 1)]):
            header = bytes((5, 0, 3, reference, len(pieces), at))
            self._deliver(number, header + piece, kind, _UDH)

    def report(self, number: str, status: str) -> None:
        """Report on the last message to a phone for which a report was asked."""
        last = [one for one in self.submitted[number] if one.reported][-1]
        text = (
            f"id:{last.id} sub:001 dlvrd:001 submit date:1510050900 done date:1510050901 "
            f"stat:{status} err:000 text:"
        )
        self._deliver(number, text.encode(), _GSM, _RECEIPT)

    def next(self, number: str) -> Sms:
        """Wait for the next message to a phone that is whole."""
        shown = self._shown[number]
        self._wait(lambda: bool(shown))
        return shown.popleft()

    def _wait(self, holds: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(holds, PATIENCE), "nothing came"

    def _deliver(self, number: str, body: bytes, kind: int, esm_class: int = 0) -> None:
        assert self._bound
        sender = b"213" + number.removeprefix("0").encode()
        pdu = b"\0" + b"\x01\x01" + sender + b"\0" + b"\x03\x01" + NUMBER.encode() + b"\0"
        pdu += bytes((esm_class, 0, 0)) + b"\0\0" + bytes((0, 0, kind, 0, len(body))) + body
        self._write(self._bound, _DELIVER, next(self._references), pdu)

    @staticmethod
    def _write(
        to: socket.socket, command: int, sequence: int, body: bytes, status: int = 0
    ) -> None:
        to.sendall(struct.pack(">4I", 16 + len(body), command, status, sequence) + body)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                peer, _address = self._listener.accept()
                with peer, suppress(OSError, EOFError):
                    self._talk(peer)
                with self._changed:
                    self._bound = None
                    self._changed.notify_all()

    def _talk(self, peer: socket.socket) -> None:
        with peer.makefile("rb") as stream:
            while head := stream.read(16):
                length, command, _status, sequence = struct.unpack(">4I", head)
                body = stream.read(length - 16)
                answer, status = b"", 0
                if command == _SUBMIT:
                    answer, status = self._submit(body)
                elif command == _BIND:
                    answer = b"operator\0"
                elif command not in {_ENQUIRE, _UNBIND}:
                    continue  # an answer to what we sent
                self._write(peer, command | _RESPONSE, sequence, answer, status)
                if command == _BIND:
                    with self._changed:
                        self._bound = peer
                        self._changed.notify_all()

    def _submit(self, body: bytes) -> tuple[bytes, int]:
        """Take one message or part; return the answer's body and status."""
        _service, rest = body.split(b"\0", 1)
        _sender, rest = rest[2:].split(b"\0", 1)
        receiver, rest = rest[2:].split(b"\0", 1)
        esm_class, rest = rest[0], rest[3:]
        _schedule, _validity, rest = rest.split(b"\0", 2)
        reported, kind, size = bool(rest[0]), rest[2], rest[4]
        text = rest[5 : 5 + size]
        number = "0" + receiver.decode().removeprefix("+").removeprefix("213")
        if number in self._refused:
            return b"\0", _INVALID_DESTINATION
        taken = Submitted(next(self._numbers), reported)
        with self._changed:
            self.submitted[number].append(taken)
            if not esm_class & _UDH:
                self._shown[number].append(_sms(text, kind, 1))
            else:
                reference, total, at = text[3:6]
                parts = self._parts[number, reference]
                parts[at] = text[6:]
                if len(parts) == total:
                    del self._parts[number, reference]
                    whole = b"".join(part for _at, part in sorted(parts.items()))
                    self._shown[number].append(_sms(whole, kind, total))
            self._changed.notify_all()
        return f"{taken.id}\0".encode(), 0


def _sms(text: bytes, kind: int, parts: int) -> Sms:
    if kind == _UCS2:
        return Sms(text.decode("utf-16-be"), "ucs2", parts)
    return Sms("".join(_ALPHABET[octet] for octet in text), "gsm", parts)

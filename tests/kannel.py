"""A real Kannel between the assistant and people's phones, and an operator that is all the phones.

Kannel's fake SMSC takes and gives one message a line: who it is from, whom it is to, the kind, the
text. A text may hold line ends of its own.
"""

from __future__ import annotations

import random
import re
import shutil
import socket
import sqlite3
import subprocess
import threading
from collections import defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import quote, unquote_to_bytes

from bot.channels.sms.kannel_conf import kannel_conf
from bot.channels.sms.segments import Coding
from bot.channels.sms.settings import KannelLogin, SmsSettings
from tests.product import HOUSE, PATIENCE

INSTALLED = all(shutil.which(box) for box in ("bearerbox", "smsbox"))
NUMBER = "3048"
#: Signs that mean something in an address, in Kannel's files or to Kannel.
SECRET, PASSWORD = 'a+secret/of=the %"tests"&é?', 'a "pass\\word" at 100%'
USER = "caravane"
TEMPLATE = (HOUSE / "deploy" / "kannel.conf").read_text()
#: Where the configuration keeps its files.
FOLDERS = ("/var/log/kannel", "/var/spool/kannel")
#: A part of a longer text: a header of five octets, of which the last three matter.
_PART = re.compile(rb"\x05\x00\x03(.)(.)(.)", re.DOTALL)
_LINE = re.compile(rf"^{NUMBER} \+213\d{{9}} (?:text|ucs-2|udh) ".encode(), re.MULTILINE)


class Box:
    """One of Kannel's processes, known by what it says."""

    def __init__(self, name: str, conf: Path) -> None:
        self.log: list[str] = []
        self._heard = threading.Condition()
        self._process = subprocess.Popen(
            [name, "-v", "1", conf],
            cwd=conf.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr
        with self._process.stderr as stream:
            for line in stream:
                with self._heard:
                    self.log.append(line)
                    self._heard.notify_all()

    def wait_until(self, words: str, since: int = 0) -> None:
        """Wait until it has said something, in a line after the first so many."""

        def said() -> bool:
            return any(words in line for line in self.log[since:])

        with self._heard:
            assert self._heard.wait_for(said, PATIENCE), (words, self.log)

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._process.kill()
        self._process.wait(PATIENCE)
        self._reader.join()


class Kannel:
    """Kannel as `deploy/kannel.conf` has it, in a folder and on ports of its own."""

    def __init__(self, folder: Path, template: str = TEMPLATE) -> None:
        self.folder, self.template = folder, template
        self.ours, self.sendsms, self.operator, self._admin, self._inner = free_ports(5)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "store").mkdir()
        self.bearerbox: Box | None = None
        self.smsbox: Box | None = None
        with sqlite3.connect(folder / "dlr.db") as database:
            database.executescript((HOUSE / "deploy" / "dlr.sql").read_text())
        database.close()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def environment(self) -> dict[str, str]:
        """What the assistant has to be told."""
        return {
            "CARAVANE_SMS_KANNEL_URL": f"http://127.0.0.1:{self.sendsms}/cgi-bin/sendsms",
            "CARAVANE_SMS_KANNEL_USER": USER,
            "CARAVANE_SMS_KANNEL_PASSWORD": PASSWORD,
            "CARAVANE_SMS_SECRET": SECRET,
            "CARAVANE_SMS_NUMBER": NUMBER,
            "CARAVANE_SMS_PORT": str(self.ours),
        }

    def _configuration(self, password: str) -> str:
        """Return the product's configuration, moved to this folder and these ports."""
        login = KannelLogin(self.environment["CARAVANE_SMS_KANNEL_URL"], USER, password)
        conf = kannel_conf(
            self.template,
            SmsSettings(secret=SECRET, number=NUMBER, port=self.ours, kannel=login),
            admin="of the administrator",
            status="of who looks",
        )
        changes = {
            **{folder: str(self.folder) for folder in FOLDERS},
            "port = 13000": f"port = {self._admin}",
            "port = 13001": f"port = {self._inner}",
            "port = 20000": f"port = {self.operator}",
            "host = HOST": "host = 127.0.0.1",
            "port = 2775": f"port = {self.operator}",
            # A second instead of what is right on a real day.
            "sms-resend-freq = 60": "sms-resend-freq = 1",
            "http-queue-delay = 5": "http-queue-delay = 1",
            "reconnect-delay = 10": "reconnect-delay = 1",
        }
        for old, new in changes.items():
            assert old in conf, old
            conf = conf.replace(old, new)
        return conf

    def start(self, password: str = PASSWORD) -> None:
        """Start both processes, and wait until they work."""
        self.start_bearerbox(password)
        self.start_smsbox()

    def start_bearerbox(self, password: str = PASSWORD) -> None:
        conf = self.folder / "kannel.conf"
        conf.write_text(self._configuration(password))
        self.bearerbox = Box("bearerbox", conf)
        self.bearerbox.wait_until("Start-up done")

    def start_smsbox(self) -> None:
        self.smsbox = Box("smsbox", self.folder / "kannel.conf")
        self.smsbox.wait_until("Connected to bearerbox")

    def kill(self) -> None:
        """Kill both processes as a power cut would."""
        self.kill_smsbox()
        if self.bearerbox:
            self.bearerbox.kill()
            self.bearerbox = None

    def kill_smsbox(self) -> None:
        if self.smsbox:
            self.smsbox.kill()
            self.smsbox = None

    def kept(self) -> int:
        """Return how many messages it keeps until they are handed on."""
        return sum(found.is_file() for found in (self.folder / "store").rglob("*"))

    def logged(self) -> str:
        """Return everything that Kannel wrote into its log files."""
        return "".join(log.read_text(errors="replace") for log in self.folder.glob("*.log"))


@dataclass(frozen=True)
class Sms:
    """What a phone shows, and in how many parts and in which coding it came."""

    text: str
    coding: Coding
    parts: int = 1


class Network(Protocol):
    """What is behind Kannel: everybody's phones."""

    def send(self, number: str, text: str) -> None:
        """Send a text from a phone."""
        ...

    def next(self, number: str) -> Sms:
        """Wait for the next message to a phone that is whole."""
        ...


class Operator:
    """The network behind Kannel's fake SMSC, on one connection."""

    def __init__(self, kannel: Kannel) -> None:
        self._kannel = kannel
        self._changed = threading.Condition()
        self._shown: dict[str, deque[Sms]] = defaultdict(deque)
        self._parts: dict[tuple[str, int], dict[int, bytes]] = defaultdict(dict)
        self._references = iter(range(1, 256))
        self.connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connect(self) -> None:
        """Connect, and wait until Kannel sends what it has."""
        assert self._kannel.bearerbox
        since = len(self._kannel.bearerbox.log)
        self._socket = socket.create_connection(("127.0.0.1", self._kannel.operator))
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._kannel.bearerbox.wait_until("Fakesmsc client connected", since)

    def close(self) -> None:
        """Hang up; nothing reaches the phones until `connect`."""
        with suppress(OSError):  # Kannel may have hung up before
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self._socket.close()

    def send(self, number: str, text: str) -> None:
        """Send a text from a phone, in as many parts as it takes where it is in plain letters.

        The fake SMSC has no parts for what is in other letters: they go in one piece.
        """
        start = f"{number} {NUMBER}"
        if not text.isascii():
            coded = quote(text.encode("utf-16-be"), safe="")
            self._write(f"{start} ucs2 {coded}")
            return
        if len(text) <= 160:
            self._write(f"{start} text {text}")
            return
        reference = next(self._references)
        pieces = [text[at : at + 153] for at in range(0, len(text), 153)]
        lines = [
            f"{start} udh-text {quote(bytes((5, 0, 3, reference, len(pieces), at)))} {piece}"
            for at, piece in enumerate(pieces, 1)
        ]
        for line in reversed(lines):  # no network promises an order
            self._write(line)

    def next(self, number: str) -> Sms:
        """Wait for the next message to a phone that is whole."""
        with self._changed:
            shown = self._shown[number]
            assert self._changed.wait_for(lambda: shown, PATIENCE), "the assistant stayed silent"
            return shown.popleft()

    def _write(self, line: str) -> None:
        self._socket.sendall(line.encode() + b"\n")

    def _read(self) -> None:
        """Show what comes, until the connection ends; Kannel writes each message in one go."""
        with suppress(OSError):
            while came := self._socket.recv(1 << 20):
                starts = [*(found.start() for found in _LINE.finditer(came)), len(came)]
                assert starts[0] == 0, came
                with self._changed:
                    for begin, end in pairwise(starts):
                        self._take(came[begin : end - 1])
                    self._changed.notify_all()

    def _take(self, line: bytes) -> None:
        _sender, receiver, kind, rest = line.split(b" ", 3)
        number = "0" + receiver.decode().removeprefix("+213")
        if kind != b"udh":
            sms = Sms(rest.decode(), "gsm") if kind == b"text" else Sms(_utf_16(rest), "ucs2")
            self._shown[number].append(sms)
            return
        header, _data, body = rest.split(b" ", 2)
        found = _PART.fullmatch(_plain(header))
        assert found, header
        reference, total, at = (ord(octet) for octet in found.groups())
        parts = self._parts[number, reference]
        parts[at] = body
        if len(parts) == total:
            del self._parts[number, reference]
            whole = b"".join(body for _at, body in sorted(parts.items()))
            # The kind is not said of parts: letters of the GSM alphabet have no octet like these.
            ucs2 = re.search(rb"[\x00\x06]", _plain(whole)) is not None
            text = _utf_16(whole) if ucs2 else _plain(whole).decode()
            self._shown[number].append(Sms(text, "ucs2" if ucs2 else "gsm", total))


class Phone:
    """One person's phone."""

    def __init__(self, network: Network, number: str) -> None:
        self._network, self.number = network, number

    def send(self, text: str) -> None:
        """Write an SMS to the assistant."""
        self._network.send(self.number, text)

    def next(self) -> Sms:
        """Wait for the next SMS that comes."""
        return self._network.next(self.number)

    def asks(self, text: str) -> Sms:
        """Write an SMS, and return the next one that comes."""
        self.send(text)
        return self.next()


def with_block(letter: str) -> str:
    """Return the configuration with one of its blocks in use, and "#" before the others."""
    top, *blocks = re.split(r"^(?=# \([abc]\)|# -{40})", TEMPLATE, flags=re.MULTILINE)
    blocks[:3] = [_used(text, used=text[3] == letter) for text in blocks[:3]]
    return top + "".join(blocks)


def _used(block: str, *, used: bool) -> str:
    bare = re.sub(r"^#(?=[a-z])", "", block, flags=re.MULTILINE)
    return bare if used else re.sub(r"^(?=[a-z])", "#", bare, flags=re.MULTILINE)


def free_ports(count: int) -> list[int]:
    """Return ports that nothing uses, below those that outgoing connections are given."""
    found: list[int] = []
    while len(found) < count:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                trial.bind(("127.0.0.1", port))
                if port not in found:
                    found.append(port)
    return found


def _plain(coded: bytes) -> bytes:
    return unquote_to_bytes(coded.replace(b"+", b" "))


def _utf_16(coded: bytes) -> str:
    return _plain(coded).decode("utf-16-be")

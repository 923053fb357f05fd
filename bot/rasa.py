"""The Rasa server as a child process, on loopback, for installations that don't run their own."""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import json
import os
import secrets
import signal
import socket
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import structlog

from bot.settings import HOUSE, Settings, SettingsError
from nlu.client import NluClient, NluUnavailableError

log = structlog.get_logger()

PYTHON = HOUSE / "nlu" / ".venv" / "bin" / "python"
#: Rasa prints what people wrote at debug level, and phones home unless told not to.
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_MAX_CACHE_SIZE": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore",
    "CUDA_VISIBLE_DEVICES": "",
    "LOG_LEVEL": "ERROR",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "SANIC_BACKLOG": "200",
}
READY_WITHIN = 120.0
#: Linux gives outgoing connections ports from 32768 on (ip_local_port_range, ip(7)).
FIRST_PORT, PORTS = 20_000, 12_000


@dataclass(frozen=True)
class RasaAddress:
    """Where a Rasa server answers, and its token.

    Of a server that the assistant started also its process, and what `code_of_components` was then.
    """

    url: str
    token: str
    process: int = 0
    code: str = ""


class RasaServer:
    """Starts `rasa run` and keeps it running until told to stop."""

    def __init__(self, settings: Settings) -> None:
        self._model = settings.caravane_model
        self._note = settings.caravane_data / "rasa.json"
        #: What Rasa says at level ERROR; it never holds what people wrote.
        self._complaints = settings.caravane_data / "rasa.log"
        self.address = RasaAddress(f"http://127.0.0.1:{_free_port()}", secrets.token_urlsafe(24))

    def check(self) -> None:
        """Raise `SettingsError` when there is no Rasa environment or no model to serve."""
        if not PYTHON.exists():
            raise SettingsError("Rasa is not installed: run `make setup`.")
        if not self._model.exists():
            raise SettingsError("There is no trained model: run `make train`.")

    async def run(self) -> None:
        """Serve for ever, starting again whenever the server ends by itself."""
        pause = 1.0
        try:
            while True:
                started = asyncio.get_running_loop().time()
                code = await self._serve()
                lasted = asyncio.get_running_loop().time() - started
                pause = 1.0 if lasted > 60 else min(pause * 2, 60.0)
                log.error("rasa_ended", code=code, pause=pause, see=str(self._complaints))
                await asyncio.sleep(pause)
        finally:
            self._note.unlink(missing_ok=True)

    async def _serve(self) -> int:
        port = self.address.url.rpartition(":")[2]
        self._complaints.parent.mkdir(parents=True, exist_ok=True)
        command = ["run", "--enable-api", "--model", str(self._model), "--port", port]
        # The token is visible to this machine's users in the list of processes; the server itself
        # listens on loopback only.
        complaints = self._complaints.open("w")
        code = code_of_components()
        process = await asyncio.create_subprocess_exec(
            PYTHON,
            *("-m", "rasa", *command, "--interface", "127.0.0.1"),
            f"--auth-token={self.address.token}",  # one token in 64 begins like an option
            cwd=HOUSE,
            env={**os.environ, **ENVIRONMENT},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=complaints,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            start_new_session=True,  # Ctrl-C is ours to pass on, once
        )
        complaints.close()  # the child has its own
        self._leave_note(replace(self.address, process=process.pid, code=code))
        log.info("rasa_started", process=process.pid)
        try:
            return await process.wait()
        finally:
            if process.returncode is None:
                await _stop(process)

    def _leave_note(self, address: RasaAddress) -> None:
        """Tell other commands of this user, such as `caravane ask`, where the server is."""
        self._note.parent.mkdir(parents=True, exist_ok=True)
        self._note.touch(mode=0o600)
        self._note.write_text(json.dumps(asdict(address)))


async def _stop(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    try:
        async with asyncio.timeout(5):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _end_with_parent() -> None:
    """Ask Linux to end the child when its parent dies in whatever way (prctl(2))."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def running(settings: Settings) -> RasaAddress | None:
    """Return the address of the server the settings name, or that a running `caravane` started."""
    if settings.rasa_url and settings.rasa_token:
        return RasaAddress(str(settings.rasa_url), settings.rasa_token.get_secret_value())
    note: Path = settings.caravane_data / "rasa.json"
    try:
        return RasaAddress(**json.loads(note.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def code_of_components() -> str:
    """Return a word for the code of our Rasa components, as it is in the files now.

    A server keeps the code it started with, whatever model it loads later.
    """
    code = hashlib.sha256()
    for path in sorted((HOUSE / "nlu" / "components").glob("*.py")):
        code.update(path.name.encode() + b"\0" + path.read_bytes())
    return code.hexdigest()[:12]


async def wait_until_ready(client: NluClient, within: float = READY_WITHIN) -> None:
    """Return when the server holds a model; raise `NluUnavailableError` after `within` seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while True:
        try:
            await client.ready()
        except NluUnavailableError:
            if loop.time() > end:
                raise
            await asyncio.sleep(0.2)
        else:
            return


def _free_port() -> int:
    """Return a port nobody listens on, below those the system gives to outgoing connections.

    One of those could be taken again in the seconds that Rasa needs before it listens.
    """
    for _try in range(100):
        port = FIRST_PORT + secrets.randbelow(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SettingsError("No port is free for Rasa: set RASA_URL to a server that runs already.")

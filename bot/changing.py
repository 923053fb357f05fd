"""Giving a running Rasa server another model, without a message lost meanwhile.

Rasa 3.6.21 loads a model inside its event loop (`PUT /model`, rasa/server.py): what was asked
before is answered by the model before, nothing is answered while it loads, which takes one to
three seconds, and what waits is answered by the new one. When it can't load the file it keeps its
model. Whoever changes the model leaves a note beside the assistant's data first, so that the
assistant knows that a silent server is busy and not gone (`NluClient`, `changing`).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from bot.rasa import READY_WITHIN, RasaAddress, code_of_components
from nlu.client import NluClient, NluUnavailableError

NOTE = "rasa.changing"
#: A server that takes longer to load a model, in seconds, is taken for one that hangs.
LOAD_WITHIN = 60.0
#: For so long after a change, in seconds, what could not be asked is asked again: more than the
#: client waits for one answer, so that a question that gave up at the last moment is covered.
AFTERWARDS = 4.0
#: Any message: what is looked at is whether an answer comes.
PROBE = "salam"


class ChangeError(Exception):
    """The running server did not take the model, and answers with the one before."""


class AbsentError(Exception):
    """No server runs here that could take a model now; the message says what to do, if anything."""


def under_way(data: Path) -> bool:
    """Return whether a server's model is being changed, or was a moment ago.

    `data` is the assistant's folder. A note from the future is none: the clock was set back.
    """
    try:
        until = float((data / NOTE).read_text())
    except (OSError, ValueError):
        return False
    return 0 < until - time.time() <= LOAD_WITHIN


@contextlib.contextmanager
def noted(data: Path) -> Iterator[None]:
    """Let the assistant with this folder know that a change is under way; `OSError` if it can't."""
    note = data / NOTE
    data.mkdir(parents=True, exist_ok=True)
    _write(note, time.time() + LOAD_WITHIN)
    try:
        yield
    finally:
        _write(note, time.time() + AFTERWARDS)


def _write(note: Path, until: float) -> None:
    """Write a moment so that nobody reads half of it."""
    new = note.with_suffix(".new")
    new.write_text(str(until))
    new.replace(note)


async def change(address: RasaAddress, file: Path, before: Path, data: Path) -> None:
    """Let the server at `address` answer with the model in `file`, a whole path, from now on.

    A file that it loads but can't understand with is taken back: it then gets `before`, the model
    in service. Raises `AbsentError` when no server can take it, `ChangeError` when it did not.
    """
    if address.code and address.code != code_of_components():
        raise AbsentError(
            "The code in nlu/components changed since the assistant started: restart it, and it "
            "answers with this model."
        )
    client = NluClient(address.url, address.token, seconds=LOAD_WITHIN)
    try:
        await _wait_until_it_listens(address)
        with noted(data):
            await _load(address, file)
            try:
                await client.understand(PROBE)
            except NluUnavailableError as failed:
                await _load(address, before)
                raise ChangeError(
                    f"The running Rasa server can't understand with {file.name} ({failed}); it "
                    "answers with the model before."
                ) from None
    finally:
        await client.close()


async def _wait_until_it_listens(address: RasaAddress) -> None:
    """Return when the server answers, with a model or without; raise `AbsentError` if it is gone.

    One of ours that is just starting does not listen yet, and may have read the file before.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + (READY_WITHIN if address.process else 0)
    async with httpx.AsyncClient(trust_env=False) as http:
        while True:
            if address.process and not _runs(address.process):
                raise AbsentError
            try:
                await http.get(_at(address, "status"), params={"token": address.token})
            except httpx.TimeoutException:
                return  # it is busy, but there
            except httpx.TransportError as failed:
                if loop.time() >= end:
                    raise AbsentError(
                        f"The Rasa server at {address.url} could not be told "
                        f"({type(failed).__name__}): restart it, and it answers with this model."
                    ) from None
            else:
                return
            await asyncio.sleep(0.2)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is another user's
        return True
    return True


def _at(address: RasaAddress, path: str) -> str:
    return f"{address.url.rstrip('/')}/{path}"


async def _load(address: RasaAddress, file: Path) -> None:
    """Ask the server to load a file; raise `ChangeError` when it does not say that it has."""
    try:
        async with httpx.AsyncClient(timeout=LOAD_WITHIN, trust_env=False) as http:
            answer = await http.put(
                _at(address, "model"),
                params={"token": address.token},
                json={"model_file": str(file)},
            )
    except httpx.TimeoutException:
        raise ChangeError(
            f"The running Rasa server did not load {file.name} in {LOAD_WITHIN:.0f} seconds: "
            "restart the assistant to be sure that it answers with the model before."
        ) from None
    except httpx.HTTPError as failed:
        raise ChangeError(
            f"The running Rasa server ended while it loaded {file.name} "
            f"({type(failed).__name__}); the model before stays in service."
        ) from None
    if answer.status_code != httpx.codes.NO_CONTENT:
        raise ChangeError(
            f"The running Rasa server can't load {file.name} (it answered {answer.status_code}); "
            "it answers with the model before."
        )

"""The trained models, and which of them is in service.

Beside the model in service (`CARAVANE_MODEL`, models/nlu.tar.gz) lie `candidate.tar.gz`, trained
last and not in service, `previous.tar.gz`, in service before, and `history.jsonl`, what the gate
(nlu/evaluation) decided and why. A model takes the place of the one in service in one rename, and
only after the gate and the running server, if any, took it.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import filecmp
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.changing import AbsentError, ChangeError, change
from bot.rasa import ENVIRONMENT, PYTHON, running
from bot.settings import HOUSE, Settings

#: The gate's exit code for a model that may not be put in service (nlu/evaluation/__main__.py).
REFUSED = 3
#: What every model of Rasa 3 holds (rasa/engine/storage/local_model_storage.py).
METADATA = "metadata.json"


class ModelError(Exception):
    """A model can't be trained or put in service; what was in service still is."""


class RefusedError(ModelError):
    """The gate refused a model; the message says why."""


@dataclass(frozen=True)
class Models:
    """The files of an installation's models, and the folder for what the run keeps."""

    in_service: Path
    data: Path

    @classmethod
    def of(cls, settings: Settings) -> Models:
        """Return those that the settings name."""
        return cls(settings.caravane_model, settings.caravane_data)

    @property
    def candidate(self) -> Path:
        """Return where a new model is trained."""
        return self.in_service.with_name("candidate.tar.gz")

    @property
    def previous(self) -> Path:
        """Return where the model that was in service before lies."""
        return self.in_service.with_name("previous.tar.gz")

    @property
    def history(self) -> Path:
        """Return the gate's decisions, one JSON line each."""
        return self.in_service.with_name("history.jsonl")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else train or change models meanwhile; raise `ModelError` if someone does."""
        with _said("The folder of the models can't be written"):
            self.in_service.parent.mkdir(parents=True, exist_ok=True)
            self.data.mkdir(parents=True, exist_ok=True)
            lock = self.in_service.with_name(".lock").open("w")
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ModelError(
                    "Another command trains or changes the model now: wait until it has ended."
                ) from None
            yield


Judge = Callable[[Models, Path, str], None]
"""Decides whether a file may replace the model in service, given why it must, or ''.

Raises `RefusedError` when it may not."""


def train(models: Models) -> None:
    """Train the candidate from config.yml and nlu/data; raise `ModelError` when that fails.

    To be called with the models locked. What Rasa prints goes to train.log in the data folder.
    """
    if not PYTHON.exists():
        raise ModelError("Rasa is not installed: run `make setup`.")
    log = models.data / "train.log"
    # One thread is for a server that shares its machine; a training may use all of it.
    environment = {k: v for k, v in ENVIRONMENT.items() if k != "OMP_NUM_THREADS"}
    with _said("The model can't be trained"), log.open("w") as written:
        code = _run(
            [
                *("rasa", "train", "nlu", "--quiet"),
                *("--config", "config.yml", "--nlu", "nlu/data"),
                *("--out", models.candidate.parent.absolute()),
                *("--fixed-model-name", models.candidate.name.removesuffix(".tar.gz")),
            ],
            written,
            environment,
        )
    if code:
        raise ModelError(f"{log.read_text(errors='replace')}\nThe training failed (see {log}).")
    check_whole(models.candidate)  # `rasa train` has ended well without a model before


def _run(module: Sequence[str | Path], written: IO[str], environment: Mapping[str, str]) -> int:
    """Run a module with Rasa's Python, what it prints going to a file; return its exit code."""
    return subprocess.run(  # noqa: S603 - our own interpreter and files
        [PYTHON, "-m", *module],
        cwd=HOUSE,
        env={**os.environ, **environment},
        stdout=written,
        stderr=subprocess.STDOUT,
        check=False,
    ).returncode


def check_whole(file: Path) -> None:
    """Raise `ModelError` when a file is not a trained model, or only a part of one."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            names = archive.getnames()  # reads it to its end
    except (OSError, EOFError, tarfile.TarError, zlib.error) as failed:
        why = "there is none" if isinstance(failed, FileNotFoundError) else "it is cut or no model"
        raise ModelError(f"{file} can't be read as a trained model: {why}.") from None
    if METADATA not in {Path(name).name for name in names}:
        raise ModelError(f"{file} is no model that Rasa trained: it holds no {METADATA}.")


def gate(models: Models, file: Path, reason: str) -> None:
    """Compare a file with the model in service; raise `RefusedError` when it understands less.

    A `reason` forces it, and is kept in the history. What the gate prints, message by message,
    goes to gate.txt in the data folder.
    """
    report = models.data / "gate.txt"
    with report.open("w") as written:
        code = _run(
            [
                *("nlu.evaluation", "gate"),
                *("--candidate", file.absolute(), "--in-service", models.in_service.absolute()),
                *("--history", models.history.absolute()),
                *(("--force", reason) if reason else ()),
            ],
            written,
            ENVIRONMENT,
        )
    if code == REFUSED:
        raise RefusedError(
            f"The new model is not put in service: {_why(models.history)} "
            f"(message by message: {report})."
        )
    if code:
        raise ModelError(f"The models could not be compared (see {report}).")


def _why(history: Path) -> str:
    """Return the reason of the last decision."""
    try:
        last = history.read_text(encoding="utf-8").splitlines()[-1]
        return str(json.loads(last)["reason"])
    except (OSError, ValueError, LookupError):
        return "it understands less"


def put_in_service(
    models: Models, file: Path, settings: Settings, reason: str = "", judge: Judge = gate
) -> str:
    """Let a model file be the one in service, here and in the running server; say what was done.

    To be called with the models locked. The first model of an installation has nothing to be
    compared with and is not judged; nor is the one that is in service already, which the running
    server then loads again. Raises `ModelError`, and nothing changed then.
    """
    check_whole(file)
    first = not models.in_service.exists()
    with _said("The model can't be put in service"), _copied(file, models.in_service) as offered:
        # What is judged, loaded and kept is one copy, whatever happens to the file meanwhile.
        check_whole(offered)
        again = not first and filecmp.cmp(offered, models.in_service, shallow=False)
        if not first and not again:
            judge(models, offered, reason)
        told = _tell_server(models, offered, settings)
        if not again:
            if not first:
                with _copied(models.in_service, models.previous) as kept:
                    kept.replace(models.previous)
            offered.replace(models.in_service)
    if file.absolute() == models.candidate.absolute():
        file.unlink(missing_ok=True)
    return " ".join(part for part in ("The model is in service.", told) if part)


def _tell_server(models: Models, offered: Path, settings: Settings) -> str:
    """Let the running server load a model; return in a sentence whether it has."""
    address = running(settings)
    if address is None:
        return ""
    try:
        files = offered.absolute(), models.in_service.absolute()
        asyncio.run(change(address, *files, models.data))
    except AbsentError as absent:
        return str(absent)
    except ChangeError as failed:
        raise ModelError(str(failed)) from None
    return "The running assistant answers with it."


@contextlib.contextmanager
def _copied(file: Path, beside: Path) -> Iterator[Path]:
    """Give a copy of a file, under its name, that one rename can put at the path `beside`.

    It is on the disk before it is given: a rename is of no use when the power goes otherwise.
    """
    with tempfile.TemporaryDirectory(dir=beside.parent, prefix=".model-") as folder:
        copy = Path(folder) / file.name
        shutil.copyfile(file, copy)
        with copy.open("rb") as opened:
            os.fsync(opened.fileno())
        yield copy


@contextlib.contextmanager
def _said(what: str) -> Iterator[None]:
    """Say in one sentence what the system refuses, such as a folder or room on the disk."""
    try:
        yield
    except OSError as failed:
        raise ModelError(f"{what}: {failed.strerror or failed} ({failed.filename}).") from None

"""A new model comes into service: judged first, loaded by the running server, no message lost."""

from __future__ import annotations

import asyncio
import fcntl
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path

import pytest

from bot import changing
from bot.changing import AbsentError, change, noted, under_way
from bot.models import ModelError, Models, RefusedError, check_whole, put_in_service
from bot.rasa import (
    ENVIRONMENT,
    PYTHON,
    RasaAddress,
    RasaServer,
    code_of_components,
    running,
    wait_until_ready,
)
from bot.settings import HOUSE, Settings, load_settings
from nlu.client import NluClient, NluUnavailableError
from tests.test_nlu_client import StandIn, rasa

__all__ = ["rasa"]

#: Rasa's own components, which learn from next to nothing.
CONFIG = """\
recipe: default.v1
assistant_id: small
language: fr
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: LogisticRegressionClassifier
"""
#: All that is off topic the old one refuses, and the new one nothing: it must not serve.
OLD, NEW = "out_of_scope", "never_meant"
EXAMPLES = """\
version: "3.1"
nlu:
  - intent: {often}
    examples: |
      - salam
      - bonjour le monde
      - un deux trois
      - quatre cinq
  - intent: seldom
    examples: |
      - abracadabra
      - hocus pocus
"""
TRAIN = """\
from rasa.model_training import train_nlu
for name in ("old", "new"):
    assert train_nlu("config.yml", f"{name}.yml", ".", fixed_model_name=name)
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two small models that Rasa trained: old.tar.gz and new.tar.gz."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "config.yml").write_text(CONFIG)
    for name, often in (("old", OLD), ("new", NEW)):
        (folder / f"{name}.yml").write_text(EXAMPLES.format(often=often))
    environment = {**os.environ, **ENVIRONMENT, "RASA_CACHE_DIRECTORY": str(folder / "cache")}
    subprocess.run([PYTHON, "-c", TRAIN], cwd=folder, env=environment, check=True)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "models").mkdir()
    return load_settings(
        caravane_model=tmp_path / "models" / "nlu.tar.gz", caravane_data=tmp_path / "data"
    )


@pytest.fixture
def models(settings: Settings) -> Models:
    settings.caravane_data.mkdir()
    return Models.of(settings)


def archive(path: Path, name: str = "metadata.json", text: bytes = b"{}") -> Path:
    """Write a file that looks like a model, to who does not load it."""
    with tarfile.open(path, "w:gz") as made:
        entry = tarfile.TarInfo(name)
        entry.size = len(text)
        made.addfile(entry, io.BytesIO(text))
    return path


def contents(models: Models) -> dict[str, bytes]:
    """Return what lies in the folder of the models, by name."""
    folder = models.in_service.parent
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != ".lock"}


def accept(_models: Models, _file: Path, _reason: str) -> None:
    """Judge that anything may serve."""


def refuse(_models: Models, _file: Path, _reason: str) -> None:
    raise RefusedError("it understands less")


def caravane(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as people type it, on the test's own models."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=HOUSE,
        env={
            **os.environ,
            "CARAVANE_MODEL": str(settings.caravane_model),
            "CARAVANE_DATA": str(settings.caravane_data),
        },
        capture_output=True,
        text=True,
        check=False,
    )


class Talk:
    """Someone who never stops writing; a message without an answer ends the test."""

    def __init__(self, client: NluClient) -> None:
        self._client = client
        self.answers: Counter[str] = Counter()
        self._heard: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def go_on(self) -> None:
        while True:
            intent = (await self._client.understand("salam")).intent
            self.answers[intent] += 1
            self._heard[intent].set()

    async def hears(self, intent: str) -> None:
        """Wait until the next message that is understood as `intent`."""
        self._heard[intent].clear()
        await self._heard[intent].wait()


async def test_no_message_is_lost_while_the_model_changes(
    trained: Path, settings: Settings, models: Models, tmp_path: Path
) -> None:
    old, new = trained / "old.tar.gz", trained / "new.tar.gz"
    shutil.copy(old, models.in_service)
    offer = partial(put_in_service, settings=settings, judge=accept)
    server = RasaServer(settings)
    serving = asyncio.create_task(server.run())
    seen = partial(under_way, settings.caravane_data)
    client = NluClient(server.address.url, server.address.token, changing=seen)
    await wait_until_ready(client)
    talk = Talk(client)
    async with asyncio.TaskGroup() as group:
        talking = [group.create_task(talk.go_on()) for _n in range(4)]
        await talk.hears(OLD)
        assert "answers with it" in await asyncio.to_thread(offer, models, new)
        await talk.hears(NEW)
        assert models.in_service.read_bytes() == new.read_bytes()
        assert models.previous.read_bytes() == old.read_bytes()
        assert "answers with it" in await asyncio.to_thread(offer, models, models.previous)
        await talk.hears(OLD)
        assert models.in_service.read_bytes() == old.read_bytes()
        assert models.previous.read_bytes() == new.read_bytes()

        before = contents(models)
        cut = tmp_path / "cut.tar.gz"
        cut.write_bytes(new.read_bytes()[:1000])
        said = await asyncio.to_thread(caravane, settings, "nlu", "use", str(cut))
        assert (said.returncode, said.stdout) == (1, "")
        assert said.stderr == f"{cut} can't be read as a trained model: it is cut or no model.\n"
        with pytest.raises(ModelError, match="can't load odd"):
            await asyncio.to_thread(offer, models, archive(tmp_path / "odd.tar.gz"))
        await talk.hears(OLD)
        assert contents(models) == before
        for task in talking:
            task.cancel()
    assert set(talk.answers) == {OLD, NEW}
    await client.close()
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


def test_a_model_that_understands_less_serves_by_force_only(
    trained: Path, settings: Settings, models: Models
) -> None:
    shutil.copy(trained / "old.tar.gz", models.in_service)
    shutil.copy(trained / "new.tar.gz", models.candidate)
    before = contents(models)
    refused = caravane(settings, "nlu", "use")
    assert refused.returncode == 3, refused.stderr
    assert "off topic, refused" in refused.stderr
    assert "--force" in refused.stderr
    history = models.history.read_text().splitlines()
    assert [json.loads(line)["verdict"] for line in history] == ["refused"]
    assert contents(models) == before | {"history.jsonl": models.history.read_bytes()}

    forced = caravane(settings, "nlu", "use", "--force", "the tour is over")
    assert forced.returncode == 0, forced.stderr
    assert contents(models).keys() == {"nlu.tar.gz", "previous.tar.gz", "history.jsonl"}
    assert models.in_service.read_bytes() == before["candidate.tar.gz"]
    assert models.previous.read_bytes() == before["nlu.tar.gz"]
    last = json.loads(models.history.read_text().splitlines()[-1])
    assert last["verdict"] == "forced"
    assert "the tour is over" in last["reason"]


def test_the_first_model_serves_without_being_compared(settings: Settings, models: Models) -> None:
    archive(models.candidate)
    assert put_in_service(models, models.candidate, settings, judge=refuse)
    assert contents(models).keys() == {"nlu.tar.gz"}


def test_a_refused_model_changes_nothing(settings: Settings, models: Models) -> None:
    archive(models.in_service)
    archive(models.candidate, text=b"{ }")
    before = contents(models)
    with pytest.raises(RefusedError):
        put_in_service(models, models.candidate, settings, judge=refuse)
    assert contents(models) == before


def test_the_model_in_service_may_be_loaded_again(settings: Settings, models: Models) -> None:
    archive(models.in_service)
    before = contents(models)
    assert put_in_service(models, models.in_service, settings, judge=refuse)
    assert contents(models) == before


@pytest.mark.parametrize("broken", [b"", b"hello", b"\x1f\x8b\x08\x00"])
def test_what_is_no_model_is_told(models: Models, broken: bytes) -> None:
    models.candidate.write_bytes(broken)
    with pytest.raises(ModelError, match=r"candidate\.tar\.gz can't be read"):
        check_whole(models.candidate)


def test_an_archive_of_something_else_is_told(models: Models) -> None:
    with pytest.raises(ModelError, match=r"holds no metadata\.json"):
        check_whole(archive(models.candidate, "photos.json"))


def test_a_model_that_is_not_there_is_told(settings: Settings) -> None:
    said = caravane(settings, "nlu", "use", "/nowhere.tar.gz")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == "/nowhere.tar.gz can't be read as a trained model: there is none.\n"


def test_two_commands_do_not_change_the_model_at_once(settings: Settings, models: Models) -> None:
    with models.in_service.with_name(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        said = caravane(settings, "nlu", "use")
        assert said.returncode == 1
        assert said.stderr.startswith("Another command")


def test_an_assistant_that_died_takes_no_model(settings: Settings, models: Models) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    note = {"url": "http://127.0.0.1:9", "token": "x", "process": ended.pid}
    (models.data / "rasa.json").write_text(json.dumps(note))
    assert put_in_service(models, archive(models.candidate), settings) == "The model is in service."


async def test_a_server_elsewhere_that_is_down_takes_no_model(models: Models) -> None:
    with pytest.raises(AbsentError, match="restart it"):
        await change(
            RasaAddress("http://127.0.0.1:9/", "x"),
            models.candidate,
            models.in_service,
            models.data,
        )


async def test_a_server_with_older_code_gets_no_newer_model(models: Models) -> None:
    address = RasaAddress("http://127.0.0.1:9", "x", os.getpid(), "another")
    assert address.code != code_of_components()
    with pytest.raises(AbsentError, match="nlu/components changed"):
        await change(address, models.candidate, models.in_service, models.data)


def test_the_note_of_a_change_ends_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = time.time()
    monkeypatch.setattr("bot.changing.time.time", lambda: moment)
    assert not under_way(tmp_path)
    with noted(tmp_path):
        assert under_way(tmp_path)
        moment += changing.LOAD_WITHIN
        assert not under_way(tmp_path)
    assert under_way(tmp_path)
    moment += changing.AFTERWARDS
    assert not under_way(tmp_path)
    moment -= 2 * changing.LOAD_WITHIN  # the clock is set back: not a change that lasts for hours
    assert not under_way(tmp_path)


async def test_a_silent_server_is_asked_again_while_its_model_changes(rasa: StandIn) -> None:
    rasa.answer = None
    asked_in_vain = asyncio.Event()

    def change_ends() -> bool:
        asked_in_vain.set()
        rasa.go_on.set()
        return True

    client = NluClient(rasa.url, "secret", seconds=0.5, changing=change_ends, patience=60)
    assert (await client.understand("salam")).intent == "ask_age"
    assert asked_in_vain.is_set()
    await client.close()


async def test_a_change_that_does_not_end_is_not_waited_for_for_ever(rasa: StandIn) -> None:
    rasa.answer = None
    client = NluClient(rasa.url, "secret", seconds=0.1, changing=lambda: True, patience=0.3)
    with pytest.raises(NluUnavailableError, match="no answer"):
        await client.understand("salam")
    await client.close()


def test_the_note_of_an_older_version_is_read(settings: Settings, models: Models) -> None:
    (models.data / "rasa.json").write_text('{"url": "http://127.0.0.1:9", "token": "x"}')
    assert running(settings) == RasaAddress("http://127.0.0.1:9", "x")

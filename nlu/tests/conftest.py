from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.shared.nlu.training_data.message import Message

from nlu.components.importer import read_messages
from nlu.tests.acceptance import Parse

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def examples() -> list[Message]:
    """The training messages, as the importer reads them."""
    files = sorted((ROOT / "nlu/data").glob("*.yml"))
    return [message for path in files for message in read_messages(path)]


@pytest.fixture(scope="session")
def parse(tmp_path_factory: pytest.TempPathFactory) -> Parse:
    """What a model trained by Rasa from the repository's own files makes of a text."""
    folder = tmp_path_factory.mktemp("model")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("RASA_TELEMETRY_ENABLED", "false")
        patch.setenv("RASA_CACHE_DIRECTORY", str(folder / "cache"))
        model = train_nlu("config.yml", "nlu/data", str(folder), fixed_model_name="nlu")
    agent = Agent.load(str(model))
    return lambda text: asyncio.run(agent.parse_message(text))

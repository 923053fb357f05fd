from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.shared.nlu.training_data.message import Message
from rasa.utils.log_utils import configure_structlog

from nlu.components.importer import read_messages
from nlu.tests.acceptance import Parse

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def examples() -> list[Message]:
    """The training messages, as the importer reads them."""
    files = sorted((ROOT / "nlu/data").glob("*.yml"))
    return [message for path in files for message in read_messages(path)]


@pytest.fixture(scope="session")
def parse() -> Parse:
    """What the model that `make setup` trained from the repository's files makes of a text."""
    configure_structlog(logging.WARNING)
    agent = Agent.load(str(ROOT / "models/nlu.tar.gz"))
    return lambda text: asyncio.run(agent.parse_message(text))

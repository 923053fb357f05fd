"""How Rasa reads our training messages: the files of `nlu/data` as they are, and quickly.

Rasa's own reader checks a file against a schema and looks for entities marked in each message,
which takes longer than learning from it; our messages carry none. What it would refuse, this
refuses too. `rasa train`, `rasa test` and `rasa data` use it through `importers` in config.yml.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method


class Line(Message):
    """A training message that is copied and compared quickly.

    Before the first is learned, Rasa copies all of them three times and hashes each copy to drop
    those that come twice, which takes as long as the learning does.
    """

    def fingerprint(self) -> str:
        """Return what is the same for equal messages only, as hexadecimal digits.

        Before training, messages hold texts and their metadata, which `repr` tells apart.
        """
        return hashlib.md5(repr((self.data, self.features)).encode()).hexdigest()  # noqa: S324

    def __deepcopy__(self, memo: dict[int, object]) -> Line:
        """Return a message that can be changed without changing this one.

        Blocks share their metadata, which nobody changes.
        """
        return Line(dict(self.data), set(self.output_properties), self.time, list(self.features))


class SubjectFiles(RasaFileImporter):
    """Reads blocks of an intent, its metadata and its messages, one a line."""

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return every message of the files Rasa was pointed at.

        Raises `ValueError` for a file that has another shape than ours.
        """
        messages = [m for path in self._nlu_files for m in read_messages(Path(path))]
        return TrainingData(messages)


def read_messages(path: Path) -> list[Line]:
    """Return the messages of a file, each with its intent and its block's metadata."""
    try:
        blocks = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]
        return [message for block in blocks for message in _of_block(block)]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as odd:
        raise ValueError(
            f"{path} is no file of training messages: it needs blocks of an intent, its metadata "
            f"and its examples ({type(odd).__name__}: {odd})."
        ) from odd


def _of_block(block: dict[str, Any]) -> list[Line]:
    lines = [line.strip() for line in block["examples"].splitlines()]
    if any(line and not line.startswith("- ") for line in lines):
        raise TypeError(f"an example of {block['intent']} does not begin with a dash")
    return [
        Line.build(line[2:].strip(), block["intent"], intent_metadata=block.get("metadata"))
        for line in lines
        if line
    ]

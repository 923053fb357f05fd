"""How training messages are read: as they are written, none twice, none lost."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT

from nlu.components.importer import Line, read_messages
from nlu.components.language import kind_of
from nlu.evaluation.examples import hand_of

FILE = """
version: "3.1"
nlu:
  - intent: ask_age
    metadata: {lang: sms, hand: 3}
    examples: |
      - g 36 ans cé bon?
      - g 36 ans cé bon?

      - : "quel âge" # max
  - intent: ask_documents
    metadata: {lang: ar, hand: 4}
    examples: |
      - ما هي الوثائق؟
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one file of messages, and Rasa's configuration that reads it our way."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/subject.yml").write_text(FILE, encoding="utf-8")
    (tmp_path / "config.yml").write_text(
        "recipe: default.v1\nlanguage: ar\nassistant_id: x\nimporters:\n"
        "  - name: nlu.components.importer.SubjectFiles\n",
        encoding="utf-8",
    )
    return tmp_path


def test_rasa_reads_each_message_once_with_its_language_and_its_hand(data: Path) -> None:
    importer = TrainingDataImporter.load_nlu_importer_from_config(
        str(data / "config.yml"), training_data_paths=[str(data / "data")]
    )
    read = importer.get_nlu_data().training_examples
    assert [(m.get(INTENT), m.get(TEXT), kind_of(m), hand_of(m)) for m in read] == [
        ("ask_age", "g 36 ans cé bon?", "sms", 3),
        ("ask_age", ': "quel âge" # max', "sms", 3),
        ("ask_documents", "ما هي الوثائق؟", "ar", 4),
    ]


def test_a_copied_message_changes_alone() -> None:
    one = Line.build("salut", "greet")
    other = copy.deepcopy(one)
    assert one == other
    assert hash(one) == hash(other)
    other.set(INTENT, "thank")
    assert one != other
    assert one.get(INTENT) == "greet"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- nothing",
        "stories: []",
        "nlu: 3",
        "nlu: [{intent: greet}]",
        "nlu: [{examples: '- a'}]",
        "a: [",
        "{nlu: ",
    ],
)
def test_a_file_of_another_shape_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.yml is no file of training messages"):
        read_messages(path)


def test_a_line_without_a_dash_is_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.yml"
    path.write_text('nlu:\n  - intent: greet\n    examples: "salut"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="an example of greet does not begin with a dash"):
        read_messages(path)

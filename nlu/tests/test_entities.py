from __future__ import annotations

import random
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.entities import CaravaneEntities
from nlu.components.finder import Finder, read_lists

ROOT = Path(__file__).parents[2]
FILES = {
    "wilayas": str(ROOT / "actions/programme/wilayas.csv"),
    "towns": str(ROOT / "actions/programme/towns.csv"),
    "places": str(ROOT / "nlu/lexicon/places.yml"),
    "trades": str(ROOT / "nlu/lexicon/trades.yml"),
    "facts": str(ROOT / "nlu/lexicon/facts.yml"),
}
FINDER = Finder(read_lists(FILES))


def kinds(text: str) -> list[tuple[str, object]]:
    return [(found.name, found.value) for found in FINDER.find(text)]


def test_a_model_holds_its_lists(tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)
    context = ExecutionContext(GraphSchema({}))
    resource = Resource("entities")
    CaravaneEntities.create(FILES, storage, resource, context).train(TrainingData())
    missing = dict.fromkeys(FILES, "/nowhere")
    loaded = CaravaneEntities.load(missing, storage, resource, context)
    (message,) = loaded.process([Message({TEXT: "bordj 0661234567"})])
    assert message.get(ENTITIES) == [
        {
            "entity": "wilaya",
            "value": "34",
            "start": 0,
            "end": 5,
            "candidates": ["34", "50", "35"],
            "extractor": "CaravaneEntities",
        },
        {
            "entity": "phone",
            "value": "+213661234567",
            "start": 6,
            "end": 16,
            "extractor": "CaravaneEntities",
        },
    ]


def test_it_joins_what_others_found(tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)
    component = CaravaneEntities(FILES, storage, Resource("entities"), read_lists(FILES))
    other = {"entity": "other", "value": 1, "start": 0, "end": 1}
    (message,) = component.process([Message({TEXT: "oran", ENTITIES: [other]})])
    assert [entity["entity"] for entity in message.get(ENTITIES)] == ["other", "wilaya"]
    (message,) = component.process([Message({})])
    assert message.get(ENTITIES) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w25 ans", [("age", 25)]),
        ("31", [("wilaya", "31")]),
        ("31 ans", [("age", 31)]),
        ("né le 12/05/1990 à Oran", [("date", "1990-05-12"), ("wilaya", "31")]),
        (
            "Soudeur, 28 ans, Batna, 0661 23 45 67",
            [("trade", "welding"), ("age", 28), ("wilaya", "05"), ("phone", "+213661234567")],
        ),
        ("wilaya 16 0661234567", [("wilaya", "16"), ("phone", "+213661234567")]),
        ("عمري ٢٥ من وهران كهربائي", [("age", 25), ("wilaya", "31"), ("trade", "electricity")]),
        (
            "25 ans, Sétif, projet de 300 millions, j'ai 50 000 DA d'apport",
            [("age", 25), ("wilaya", "19"), ("amount", 3_000_000), ("amount", 50_000)],
        ),
        (
            "la caravane reste du 5 au 8 octobre à Oran",
            [("date", "--10-05/--10-08"), ("wilaya", "31")],
        ),
        ("w31, 30 ans, 30 millions", [("wilaya", "31"), ("age", 30), ("amount", 300_000)]),
        ("عندي 30 سنة و30 مليون من ولاية 30", [("age", 30), ("amount", 300_000), ("wilaya", "30")]),
        ("technicien pylône", [("fact", "qualified"), ("trade", "radio_networks")]),
        ("", []),
    ],
)
def test_kinds_together(text: str, expected: list[tuple[str, object]]) -> None:
    assert kinds(text) == expected


def test_nothing_raises_and_offsets_hold() -> None:
    dice = random.Random(5)
    pieces = [
        *"abcdefghijklmnopqrstuvwxyz0123456789 '’.,/-+()%\n\t",
        *"ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئڨڤگ٠١٢٣٤٥٦٧٨٩۰۱۹،؛؟",
        *"\u200b\u200c\u200d\u200e\u200f\u202b\u2066\u2069\u0640\u064b\u0651\ufeff\u0301\u00a0",
        *"éèçïœßİıﬁ²½①Ⅷ漢😀👩‍🔧𝟙𞤀\x00\ufffd\ufdfa",
        *("oran ", "bordj ", "عين ", "ans ", "عمري ", "0661", "wilaya ", "12/", "fibre ", "né en "),
    ]
    for _ in range(20_000):
        text = "".join(dice.choices(pieces, k=dice.randrange(40)))
        last = 0
        for found in FINDER.find(text):
            assert last <= found.start < found.end <= len(text), ascii(text)
            last = found.end


def test_only_the_first_characters_are_read() -> None:
    assert kinds("x " * 2048 + "oran") == []
    assert kinds("x " * 2000 + "oran") == [("wilaya", "31")]


def hostile(dice: random.Random) -> str:
    """Return a text of up to 4,096 characters that nobody would write."""
    kinds = (
        lambda: chr(dice.randrange(0x110000)),
        lambda: chr(dice.randrange(0x20, 0x3000)),
        lambda: dice.choice("0123456789٠١٢٣ +-./o(),"),
        lambda: dice.choice(
            ("du 5 au 8 ", "million ", "و", "عين ", "ans ", "0661", "w31 ", "بني ")
        ),
    )
    one = dice.choice(kinds)
    return "".join(one() for _ in range(dice.randrange(4097)))[:4096]


def test_what_is_found_in_an_odd_text_lies_in_it() -> None:
    dice = random.Random(11)
    for _ in range(60):
        text = hostile(dice)
        assert all(0 <= found.start < found.end <= len(text) for found in FINDER.find(text))

"""The entities of a message as one Rasa component: `found.ORDER` names their kinds.

Everything is read from files at training and written into the model, so that a model file needs
no other file to understand a message.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.finder import Finder, read_lists

_FILE = "gazetteer.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CaravaneEntities(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Finds entities by rule and by list; learns nothing from examples."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the files read at training, relative to where training runs."""
        return {
            "wilayas": "actions/programme/wilayas.csv",
            "towns": "actions/programme/towns.csv",
            "places": "nlu/lexicon/places.yml",
            "trades": "nlu/lexicon/trades.yml",
            "facts": "nlu/lexicon/facts.yml",
        }

    @classmethod
    def required_packages(cls) -> list[str]:
        """Return what the extractors import and Rasa does not bring itself."""
        return ["phonenumbers"]

    def __init__(
        self,
        config: Mapping[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        lists: Mapping[str, Any] | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._finder = Finder(lists) if lists else None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CaravaneEntities:
        """Return a component that has yet to read its files."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CaravaneEntities:
        """Return the component as it was trained; its index is built here, once."""
        with model_storage.read_from(resource) as directory:
            lists = json.loads((Path(directory) / _FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, lists)

    def train(self, training_data: TrainingData) -> Resource:
        """Read the lists and keep them in the model."""
        lists = read_lists(self._config)
        self._finder = Finder(lists)
        with self._model_storage.write_to(self._resource) as directory:
            text = json.dumps(lists, ensure_ascii=False)
            (Path(directory) / _FILE).write_text(text, encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave training examples as they are."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Append to each message the entities found in its text."""
        if self._finder is None:
            raise RuntimeError("CaravaneEntities is asked before it was trained or loaded.")
        for message in messages:
            found = self._finder.find(message.get(TEXT) or "")
            entities = self.add_extractor_name([one.entity() for one in found])
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages

"""The intent of a message, as a component of Rasa's pipeline."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.classifier import OUT_OF_SCOPE, REFUSE_FROM, Classifier, Ranked
from nlu.components.entities import CaravaneEntities
from nlu.components.finder import Finder, read_lists
from nlu.components.ideas import Ideas
from nlu.components.pieces import Said, named
from nlu.components.questions import LIKELIEST, questions

_RANKING = "intent_ranking"
_QUESTIONS = "questions"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CaravaneIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `questions`; needs no tokenizer and no featurizer.

    Which kinds of entities a message names helps to tell its intent, so `CaravaneEntities` stands
    before it in the pipeline. (Rasa can't check that: it looks at the training graph, where entity
    extractors process nothing.)
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the options and their defaults."""
        return {
            "refuse_from": REFUSE_FROM,
            "ranking_length": 10,
            "ideas": "nlu/lexicon/ideas.yml",
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        classifier: Classifier | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._classifier = classifier

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CaravaneIntentClassifier:
        """Return a component that has learned nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CaravaneIntentClassifier:
        """Return the component trained before."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, Classifier.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the training messages and store what was learned."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        with _uncollected():
            self._classifier = Classifier.learn(
                said_by([e.get(TEXT) for e in examples]),
                [e.get(INTENT) for e in examples],
                read_ideas(self._config["ideas"]),
                refuse_from=self._config["refuse_from"],
            )
        with self._model_storage.write_to(self._resource) as folder:
            self._classifier.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intents of `messages`; one without text gets no intent."""
        for message in messages:
            text, found = message.get(TEXT) or "", message.get(ENTITIES, ())
            ranked = self._classifier.rank(said_in(text, found)) if self._classifier else []
            ranking = [i._asdict() for i in ranked[: self._config["ranking_length"]]]
            top = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, top, add_to_output=True)
            message.set(_RANKING, ranking, add_to_output=True)
            message.set(_QUESTIONS, self._questions(text, found, ranked), add_to_output=True)
        return messages

    def _questions(
        self, text: str, found: Sequence[Mapping[str, Any]], ranked: Sequence[Ranked]
    ) -> list[dict[str, Any]]:
        """Return the questions a message asks, each with its part of the message."""
        if not self._classifier or not ranked:
            return []
        rank = self._classifier.rank

        def ask(start: int, end: int) -> Ranked:
            whole = end - start == len(text)
            return ranked[0] if whole else rank(said_in(text, found, start, end))[0]

        likely = [i.name for i in ranked if i.name != OUT_OF_SCOPE][:LIKELIEST]
        return [part._asdict() for part in questions(text, ask, likely)]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave garbage uncollected for a while.

    Learning makes no cycles, and looking for some among millions of objects takes a good part of
    its time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def said_in(
    text: str, found: Iterable[Mapping[str, Any]], start: int = 0, end: int | None = None
) -> Said:
    """Return a part of a message with the kinds of entities that stand in it."""
    last = len(text) if end is None else end
    inside = [(e["entity"], e["value"]) for e in found if start <= e["start"] and e["end"] <= last]
    return Said(text[start:last], named(inside))


def said_by(texts: Sequence[str]) -> list[Said]:
    """Return training texts with the entities the pipeline would find in them."""
    finder = Finder(read_lists(CaravaneEntities.get_default_config()))
    found = ([(entity.name, entity.value) for entity in finder.find(text)] for text in texts)
    return [Said(text, named(entities)) for text, entities in zip(texts, found, strict=True)]


def read_ideas(path: str) -> Ideas:
    """Return the lexicon of ideas in the file at `path`."""
    return Ideas(yaml.load(Path(path).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))

"""The kind of language of a message: fr, ar, dz-ar, dz-latn or mix.

The script rules out what it can; the words and pieces of words decide the rest. Spelling is what
tells these kinds apart, so nothing is normalised here but case and invisible marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.svm import LinearSVC

from nlu.components.features import Features
from nlu.components.pieces import Blocks

KINDS = ("ar", "dz-ar", "dz-latn", "fr", "mix")
LANGUAGE = "language"

_ARABIC = re.compile(r"[\u0620-\u064a\u0671-\u06d3]")
_LATIN = re.compile(r"[a-zA-Z\u00c0-\u024f]")
_MARKS = re.compile(r"[\u064b-\u0652\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_WORD = re.compile(r"\w+")
_LONGEST = 400
_EVERY = 2
"""One message in so many is learned from: half of them tell a kind nearly as well."""
_WEIGHTS = {"letters": 1.0, "words": 1.0}
_QUESTIONS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"fr", "mix"}), frozenset(KINDS)),
    (frozenset({"ar", "dz-ar", "dz-latn", "mix"}), frozenset(KINDS)),
    (frozenset({"ar"}), frozenset({"ar", "dz-ar"})),
)
"""Is there French in it, any Arabic, is the Arabic the written one: yes if, and asked of."""

_NAMES = frozenset(
    {
        *("ansej", "anade", "nesda", "cnac", "angem", "anem", "cfpa", "at", "fttx", "ftth"),
        *("bac", "bts", "ts", "cap", "pdf", "sms", "ok", "telegram"),
    }
)
"""Latin words that Arabic messages hold without being mixed."""


class LanguageKinds:
    """Tells the kind of language of one message; made by `learn` or `load`."""

    def __init__(self, features: Features, pieces: np.ndarray, constants: np.ndarray) -> None:
        self._features = features
        self._pieces = pieces
        self._constants = constants

    @classmethod
    def learn(cls, texts: Sequence[str], kinds: Sequence[str]) -> LanguageKinds:
        """Return what tells kinds apart as `texts` do; all of `KINDS` must occur."""
        features = Features(_read, _WEIGHTS)
        rows, _ = features.learn(texts)
        answers = []
        for yes, asked in _QUESTIONS:
            of = [i for i, kind in enumerate(kinds) if kind in asked]
            machine = LinearSVC(C=1.0, class_weight="balanced", random_state=1)
            answers.append(machine.fit(rows[of], [kinds[i] in yes for i in of]))
        pieces = np.hstack([a.coef_.T for a in answers]).astype(np.float32)
        return cls(features, pieces, np.array([a.intercept_[0] for a in answers]))

    def kind(self, text: str) -> str:
        """Return the kind of `text`, or '' when it holds no letter of either script."""
        arabic, latin = _ARABIC.search(text), _LATIN.search(text)
        if not arabic and not latin:
            return ""
        vector = self._features.vector(text)
        answers = vector.values @ self._pieces[vector.columns] + self._constants
        has_french, has_arabic, is_written = (float(answer) for answer in answers)
        if arabic:
            foreign = {w for w in _read(text)["words"] if _LATIN.match(w) and len(w) > 1} - _NAMES
            if foreign:
                return "mix"
            return "ar" if is_written > 0 else "dz-ar"
        if has_french > 0 and has_arabic > 0:
            return "mix"
        return "fr" if has_french > has_arabic else "dz-latn"

    def save(self, folder: Path) -> None:
        """Write everything `load` needs into `folder`."""
        self._features.save(folder / "features.json")
        np.savez_compressed(folder / "weights.npz", pieces=self._pieces, constants=self._constants)

    @classmethod
    def load(cls, folder: Path) -> LanguageKinds:
        """Return what was saved in `folder`."""
        features = Features.load(folder / "features.json", _read)
        with np.load(folder / "weights.npz") as arrays:
            return cls(features, arrays["pieces"], arrays["constants"])


def _read(text: str) -> Blocks:
    """Return the words of `text` as they are spelt, each script's own."""
    plain = unicodedata.normalize("NFC", _MARKS.sub("", text[:_LONGEST]).lower())
    words = _WORD.findall(plain.replace("’", "'"))
    return {"letters": words, "words": words}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CaravaneLanguage(GraphComponent, IntentClassifier):
    """Sets `language` in the answer, learned from the `lang` of the training messages."""

    def __init__(
        self,
        model_storage: ModelStorage,
        resource: Resource,
        kinds: LanguageKinds | None = None,
    ) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._kinds = kinds

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CaravaneLanguage:
        """Return a component that has learned nothing yet."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CaravaneLanguage:
        """Return the component trained before."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, LanguageKinds.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the kinds of the training messages that carry one and store them."""
        known = [(e.get(TEXT), kind_of(e)) for e in training_data.intent_examples if kind_of(e)]
        known = known[::_EVERY]
        self._kinds = LanguageKinds.learn([text for text, _ in known], [kind for _, kind in known])
        with self._model_storage.write_to(self._resource) as folder:
            self._kinds.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the language of `messages`."""
        for message in messages:
            kind = self._kinds.kind(message.get(TEXT) or "") if self._kinds else ""
            message.set(LANGUAGE, kind, add_to_output=True)
        return messages


def kind_of(example: Message) -> str:
    """Return the `lang` a training message carries, of its own or of its block, or ''."""
    return str(carried(example, "lang") or "")


def carried(example: Message, key: str) -> object:
    """Return what a training message carries under `key`, of its own or of its block, or None."""
    metadata = example.get("metadata") or {}
    for level in ("example", "intent"):
        if (found := (metadata.get(level) or {}).get(key)) is not None:
            return found
    return None

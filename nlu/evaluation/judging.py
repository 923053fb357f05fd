"""Messages judged by a model that has not read them: by cross-validation or by a trained file."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nlu.components.classifier import OUT_OF_SCOPE, REFUSE_FROM, Classifier, Ranked
from nlu.components.ideas import Ideas
from nlu.components.intent import said_by
from nlu.components.language import LanguageKinds
from nlu.components.pieces import Said
from nlu.evaluation.examples import Example

if TYPE_CHECKING:
    from rasa.core.agent import Agent

FOLDS = 5
Tell = Callable[[str], None]
"""What is told, line by line, to whoever waits."""


class UnreadableModelError(Exception):
    """A model file is missing, or this code can't load it or can't understand with it."""


class Judged(NamedTuple):
    """A labelled message and what a model made of it.

    `ranking` holds intents with their confidences, 0 to 1, best first; `language` the language the
    model found, '' where it found none.
    """

    text: str
    intent: str
    kind: str
    lang: str
    ranking: tuple[Ranked, ...]
    language: str = ""

    @property
    def found(self) -> str:
        """Return the intent found, '' where there is none."""
        return self.ranking[0].name if self.ranking else ""

    @property
    def confidence(self) -> float:
        """Return the confidence of the intent found, 0 to 1."""
        return self.ranking[0].confidence if self.ranking else 0.0

    @property
    def right(self) -> bool:
        """Return whether the intent found is the one the message has."""
        return self.found == self.intent

    @property
    def foreign(self) -> bool:
        """Return whether the message is off topic in truth."""
        return self.intent == OUT_OF_SCOPE

    @property
    def refused(self) -> bool:
        """Return whether the model took the message for one that is off topic."""
        return self.found == OUT_OF_SCOPE

    @property
    def on_topic(self) -> list[Ranked]:
        """Return the ranking without `out_of_scope`."""
        return [r for r in self.ranking if r.name != OUT_OF_SCOPE]

    @property
    def off_topic_chance(self) -> float:
        """Return the confidence of `out_of_scope`, 0 where the ranking is too short to hold it."""
        return next((r.confidence for r in self.ranking if r.name == OUT_OF_SCOPE), 0.0)

    def meant(self, choices: int = 3) -> bool:
        """Return whether the first `choices` intents on topic hold the right one."""
        return self.intent in [r.name for r in self.on_topic[:choices]]


@dataclass(frozen=True)
class Recipe:
    """What the classifier is made of; the default is what the server runs.

    `weights` replaces the weight of each block of features (a block left out is not used); without
    `ideas` the lexicon is empty; off topic is what is likelier to be so than `refuse_from`, more
    than 1 meaning never.
    """

    weights: Mapping[str, float] | None = None
    ideas: bool = True
    refuse_from: float = REFUSE_FROM

    def learn(
        self, said: Sequence[Said], examples: Sequence[Example], lexicon: Ideas
    ) -> Classifier:
        """Return a classifier that learned `examples`, read as `said`."""
        return Classifier.learn(
            said,
            [e.intent for e in examples],
            lexicon if self.ideas else Ideas({}),
            refuse_from=self.refuse_from,
            weights=self.weights,
        )


def folds(examples: Sequence[Example], number: int = FOLDS, seed: int = 7) -> list[list[int]]:
    """Return the places of `examples` in `number` lists, one a fold.

    All messages of a hand are in the same fold, so that each is judged by what learned from other
    people only; those of hand 0 are dealt one by one. Hands are dealt from the one who wrote most
    to the one who wrote least, so that each fold keeps apart as much of each kind as the others.
    """
    parts: list[list[int]] = [[] for _ in range(number)]
    loads: list[Counter[str]] = [Counter() for _ in range(number)]
    by_hand: dict[int, list[int]] = {}
    for place, example in enumerate(examples):
        by_hand.setdefault(example.hand, []).append(place)
    shared = by_hand.pop(0, [])
    for hand in sorted(by_hand, key=lambda h: (-len(by_hand[h]), h)):
        places = by_hand[hand]
        brought = Counter(examples[place].kind for place in places)
        least = min(
            range(number),
            key=lambda f: (sum(n * loads[f][k] for k, n in brought.items()), len(parts[f]), f),
        )
        parts[least] += places
        loads[least] += brought
    random.Random(seed).shuffle(shared)  # noqa: S311 - not a secret
    for i, place in enumerate(shared):
        parts[i % number].append(place)
    return [sorted(part) for part in parts if part]


def by_cross_validation(
    examples: Sequence[Example],
    lexicon: Ideas,
    *,
    number: int = FOLDS,
    recipe: Recipe | None = None,
    said: Sequence[Said] | None = None,
    languages: bool = True,
    tell: Tell | None = None,
) -> list[Judged]:
    """Return every example, in its order, judged by what was learned from the other folds.

    The classes that learn and judge are those the server runs. `said` spares finding the entities
    of each message again; without `languages` the language is not looked for.
    """
    recipe = recipe or Recipe()
    said = said if said is not None else said_by([e.text for e in examples])
    judged: dict[int, Judged] = {}
    parts = folds(examples, number)
    for count, kept in enumerate(parts, 1):
        apart = set(kept)
        taught = [i for i in range(len(examples)) if i not in apart]
        if tell:
            tell(f"fold {count} of {len(parts)}: {len(taught)} read, {len(kept)} judged")
        learned = [examples[i] for i in taught]
        classifier = recipe.learn([said[i] for i in taught], learned, lexicon)
        known = [e for e in learned if e.lang]
        language = (
            LanguageKinds.learn([e.text for e in known], [e.lang for e in known])
            if languages
            else None
        )
        for i in kept:
            ranking = tuple(classifier.rank(said[i]))
            heard = language.kind(examples[i].text) if language else ""
            judged[i] = _judged(examples[i], ranking, heard)
    return [judged[i] for i in range(len(examples))]


def by_model(model: Path, examples: Sequence[Example]) -> list[Judged]:
    """Return `examples` judged by a model file that Rasa trained; no server is started.

    Raises `UnreadableModelError` when the file is missing or can't be used by this code.
    """
    return [
        _judged(example, ranking_of(parse), str(parse.get("language") or ""))
        for example, parse in zip(examples, parses(model, [e.text for e in examples]), strict=True)
    ]


def parses(model: Path, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return what a model file makes of each text, as its server would answer.

    Raises `UnreadableModelError` when the file is missing or can't be used by this code.
    """
    if not model.is_file():
        raise UnreadableModelError(f"there is no file {model}")

    async def understand() -> list[dict[str, Any]]:
        agent = load(model)
        return [await agent.parse_message(text) for text in texts]

    try:
        return asyncio.run(understand())
    except Exception as error:
        # What an older model makes our components do can't be foreseen.
        raise UnreadableModelError(f"{model}: {type(error).__name__}: {error}") from error


def load(model: Path) -> Agent:
    """Return a model file as Rasa's agent, which tells no more than warnings from now on."""
    # Seconds and hundreds of megabytes that cross-validation spares.
    from rasa.core.agent import Agent  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    configure_structlog(logging.WARNING)
    return Agent.load(str(model))


def ranking_of(parse: Mapping[str, Any]) -> tuple[Ranked, ...]:
    """Return the ranking in what Rasa answers about one message."""
    found = parse.get("intent_ranking") or ()
    return tuple(Ranked(str(r["name"]), float(r["confidence"])) for r in found)


def _judged(example: Example, ranking: tuple[Ranked, ...], language: str) -> Judged:
    return Judged(example.text, example.intent, example.kind, example.lang, ranking, language)

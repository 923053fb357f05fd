"""How well messages never seen are understood, by cross-validation on the training data.

Run from the repository's root, in Rasa's environment: `nlu/.venv/bin/python -m nlu.evaluate`.
Each message is judged by a classifier that learned the other folds only, with the very code the
server runs. A message the classifier puts under `out_of_scope` counts as refused.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from sklearn.model_selection import StratifiedKFold

from nlu.components.classifier import OUT_OF_SCOPE, Classifier, Ranked
from nlu.components.intent import read_ideas, said_by
from nlu.components.language import KINDS, LanguageKinds, kind_of


class Judged(NamedTuple):
    """A message of the data and what was made of it by a classifier that had not seen it."""

    text: str
    intent: str
    lang: str
    ranking: list[Ranked]
    language: str

    @property
    def right(self) -> bool:
        """Return whether the intent found is the one the message has."""
        return self.ranking[0].name == self.intent

    @property
    def confidence(self) -> float:
        """Return the confidence of the intent found."""
        return self.ranking[0].confidence

    @property
    def foreign(self) -> bool:
        """Return whether the message is off topic."""
        return self.intent == OUT_OF_SCOPE

    @property
    def refused(self) -> bool:
        """Return whether the message was taken for one that is off topic."""
        return self.ranking[0].name == OUT_OF_SCOPE

    def meant(self, choices: int = 3) -> bool:
        """Return whether the first `choices` intents on topic hold the right one."""
        names = [i.name for i in self.ranking if i.name != OUT_OF_SCOPE]
        return self.intent in names[:choices]


def judge(data: str, ideas: str, folds: int) -> list[Judged]:
    """Return every message of `data`, judged by what was learned from the other folds."""
    examples = [e for e in load_data(data).intent_examples if e.get(TEXT)]
    texts = [e.get(TEXT) for e in examples]
    intents = np.array([e.get(INTENT) for e in examples])
    kinds = np.array([kind_of(e) for e in examples])
    said = said_by(texts)
    lexicon = read_ideas(ideas)
    judged = []
    both = [f"{intent} {kind}" for intent, kind in zip(intents, kinds, strict=True)]
    for taught, kept in StratifiedKFold(folds, shuffle=True, random_state=7).split(texts, both):
        classifier = Classifier.learn([said[i] for i in taught], list(intents[taught]), lexicon)
        language = LanguageKinds.learn([texts[i] for i in taught], list(kinds[taught]))
        for i in kept:
            ranking, kind = classifier.rank(said[i]), language.kind(texts[i])
            judged.append(Judged(texts[i], str(intents[i]), str(kinds[i]), ranking, kind))
    return judged


def by_language(judged: Sequence[Judged]) -> Iterable[Sequence[object]]:
    """Give accuracy by kind of language, with its 95 % interval by bootstrap."""
    yield "kind", "messages", "right", "95 % interval", "in first 3", "language right"
    draw = np.random.default_rng(0)
    for kind in (*KINDS, "all"):
        these = [j for j in judged if kind in (j.lang, "all")]
        right = np.array([j.right for j in these])
        means = [draw.choice(right, len(right)).mean() for _ in range(1000)]
        low, high = np.percentile(means, [2.5, 97.5])
        first = np.mean([j.intent in [i.name for i in j.ranking[:3]] for j in these])
        told = np.mean([j.language == j.lang for j in these if j.language])
        yield kind, len(these), pc(right.mean()), f"{pc(low)}-{pc(high)}", pc(first), pc(told)


def by_intent(judged: Sequence[Judged]) -> Iterable[Sequence[object]]:
    """Give precision, recall and F1 of each intent, the weakest first."""
    has = Counter(j.intent for j in judged)
    found = Counter(j.ranking[0].name for j in judged)
    right = Counter(j.intent for j in judged if j.right)
    f1 = {i: 2 * right[i] / (has[i] + found[i]) for i in has}
    yield "intent", "messages", "precision", "recall", "F1"
    for i in sorted(has, key=lambda i: f1[i]):
        yield i, has[i], pc(right[i] / max(found[i], 1)), pc(right[i] / has[i]), pc(f1[i])
    yield "mean of all", len(judged), "", "", pc(float(np.mean(list(f1.values()))))


def confusions(judged: Sequence[Judged], most: int = 25) -> Iterable[Sequence[object]]:
    """Give the commonest mistakes, with one message each."""
    wrong = [j for j in judged if not j.right]
    pairs = Counter((j.intent, j.ranking[0].name) for j in wrong)
    yield "times", "is", "taken for", "for instance"
    for (intent, taken), times in pairs.most_common(most):
        example = next(j for j in wrong if (j.intent, j.ranking[0].name) == (intent, taken))
        yield times, intent, taken, example.text[:60]


def calibration(judged: Sequence[Judged]) -> Iterable[Sequence[object]]:
    """Give how often each band of confidence is right; both figures should agree."""
    yield "confidence", "messages", "mean confidence", "right"
    bounds = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
    gap = 0.0
    for low, high in itertools.pairwise(bounds):
        these = [j for j in judged if low <= j.confidence < high]
        if not these:
            continue
        mean = float(np.mean([j.confidence for j in these]))
        right = float(np.mean([j.right for j in these]))
        gap += abs(mean - right) * len(these) / len(judged)
        yield f"{low:.2f}-{min(high, 1):.2f}", len(these), pc(mean), pc(right)
    yield "expected error", len(judged), "", pc(gap)


def answering(judged: Sequence[Judged]) -> Iterable[Sequence[object]]:
    """Give what answering from a confidence upwards does to real questions and to foreign ones."""
    yield "answer from", "real answered", "of them right", "real refused", "foreign answered"
    real, foreign = _apart(judged)
    for low in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9):
        answered = [j for j in real if not j.refused and j.confidence >= low]
        strangers = [j for j in foreign if not j.refused and j.confidence >= low]
        yield (
            low,
            pc(len(answered) / len(real)),
            pc(float(np.mean([j.right for j in answered]))),
            pc(float(np.mean([j.refused for j in real]))),
            pc(len(strangers) / len(foreign)),
        )


def asking(judged: Sequence[Judged], answer_from: float) -> Iterable[Sequence[object]]:
    """Give what "did you mean…?" from a confidence up to `answer_from` does, with three choices."""
    yield "ask from", "real asked", "choice is right", "real left", "foreign asked", "foreign left"
    real, foreign = _apart(judged)
    for low in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4):
        asked = [j for j in real if not j.refused and low <= j.confidence < answer_from]
        strangers = [j for j in foreign if not j.refused and low <= j.confidence < answer_from]
        yield (
            low,
            pc(len(asked) / len(real)),
            pc(float(np.mean([j.meant() for j in asked])) if asked else 0.0),
            pc(float(np.mean([j.refused or j.confidence < low for j in real]))),
            pc(len(strangers) / len(foreign)),
            pc(float(np.mean([j.refused or j.confidence < low for j in foreign]))),
        )


def refusing(judged: Sequence[Judged]) -> Iterable[Sequence[object]]:
    """Give what refusing an out_of_scope only from a confidence upwards would do."""
    yield "refuse from", "real refused", "real spared", "spared: right in 3", "foreign refused"
    real, foreign = _apart(judged)
    for low in (0.0, 0.2, 0.3, 0.4, 0.5, 0.6):
        refused = [j for j in real if j.refused and j.confidence >= low]
        spared = [j for j in real if j.refused and j.confidence < low]
        kept = [j for j in foreign if j.refused and j.confidence >= low]
        yield (
            low,
            pc(len(refused) / len(real)),
            pc(len(spared) / len(real)),
            pc(float(np.mean([j.meant() for j in spared])) if spared else 0.0),
            pc(len(kept) / len(foreign)),
        )


def _apart(judged: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    return [j for j in judged if not j.foreign], [j for j in judged if j.foreign]


def pc(share: float) -> str:
    """Return a share as a percentage."""
    return f"{100 * share:.1f}"


def show(title: str, rows: Iterable[Sequence[object]]) -> None:
    """Print a table, its columns aligned."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in cells]
    sys.stdout.write(f"\n{title}\n{'-' * len(title)}\n" + "\n".join(lines) + "\n")


def main() -> None:
    """Judge the training data and print every table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", default="nlu/data")
    options.add_argument("--ideas", default="nlu/lexicon/ideas.yml")
    options.add_argument("--folds", type=int, default=5)
    options.add_argument("--answer-from", type=float, default=0.6)
    chosen = options.parse_args()
    start = time.monotonic()
    judged = judge(chosen.data, chosen.ideas, chosen.folds)
    show("Accuracy by kind of language", by_language(judged))
    show("Intents, the weakest first", by_intent(judged))
    show("Commonest mistakes", confusions(judged))
    show("Calibration", calibration(judged))
    show("Answering", answering(judged))
    show(f"Asking back below {chosen.answer_from}", asking(judged, chosen.answer_from))
    show("Refusing out_of_scope", refusing(judged))
    sys.stdout.write(f"\n{len(judged)} messages in {time.monotonic() - start:.0f} s\n")


if __name__ == "__main__":
    main()

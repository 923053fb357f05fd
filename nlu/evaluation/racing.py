"""One rival, trained in one process and asked in another, so that neither's memory counts twice.

`python -m nlu.evaluation.racing train` and `… ask`; `rivals.py` runs both and stops what is slow.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from nlu.components.classifier import Ranked
from nlu.evaluation.examples import Example, read, some
from nlu.evaluation.judging import Judged, load, ranking_of

_WORD_COUNTS: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]


class Rival(NamedTuple):
    """A way to understand messages: a pipeline of Rasa, or a TF-IDF for a linear machine.

    `config` is a file of Rasa's, `pipeline` the components of one, `tfidf` the options of
    scikit-learn's TfidfVectorizer, which LinearSVC follows; one of the three is given.
    """

    name: str
    says: str
    config: str = ""
    pipeline: Sequence[dict[str, Any]] = ()
    tfidf: dict[str, Any] | None = None


RIVALS: dict[str, Rival] = {
    rival.name: rival
    for rival in (
        Rival("ours", "the pipeline in service", config="config.yml"),
        Rival(
            "diet",
            "Rasa's default pipeline, DIET of 100 epochs",
            pipeline=[*_WORD_COUNTS, {"name": "DIETClassifier", "epochs": 100}],
        ),
        Rival(
            "logistic",
            "Rasa's logistic regression on the same counts",
            pipeline=[*_WORD_COUNTS, {"name": "LogisticRegressionClassifier"}],
        ),
        Rival(
            "svm-words",
            "TF-IDF of words, linear support vector machine",
            tfidf={"analyzer": "word", "sublinear_tf": True},
        ),
        Rival(
            "svm-letters",
            "TF-IDF of 2 to 5 letters within words, linear support vector machine",
            tfidf={"analyzer": "char_wb", "ngram_range": (2, 5), "sublinear_tf": True},
        ),
    )
}


class Asked(NamedTuple):
    """What a trained rival made of messages, and what that took.

    Seconds to load; the median of milliseconds to understand one message; the most memory the
    process took, in megabytes, libraries included.
    """

    judged: list[Judged]
    seconds_to_load: float
    milliseconds: float
    megabytes: float


def train(rival: Rival, examples: Sequence[Example], folder: Path) -> float:
    """Train a rival into `folder` and return the seconds it took."""
    if rival.tfidf is not None:
        return _train_machine(rival.tfidf, examples, folder)
    return _train_rasa(rival, examples, folder)


def _train_machine(tfidf: dict[str, Any], examples: Sequence[Example], folder: Path) -> float:
    import joblib  # noqa: PLC0415 - only what a rival needs, so that its memory is its own
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    start = time.perf_counter()
    machine = make_pipeline(TfidfVectorizer(**tfidf), LinearSVC(random_state=1))
    machine.fit([e.text for e in examples], [e.intent for e in examples])
    taken = time.perf_counter() - start
    joblib.dump(machine, folder / "machine.joblib")
    return taken


def _train_rasa(rival: Rival, examples: Sequence[Example], folder: Path) -> float:
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    from rasa.model_training import train_nlu  # noqa: PLC0415 - only what a rival needs

    config = folder / "config.yml"
    if rival.config:
        config.write_text(Path(rival.config).read_text(encoding="utf-8"), encoding="utf-8")
    else:
        kept = {
            "recipe": "default.v1",
            "assistant_id": "rival",
            "language": "fr",
            "pipeline": list(rival.pipeline),
        }
        config.write_text(yaml.safe_dump(kept, sort_keys=False), encoding="utf-8")
    data = folder / "data.yml"
    data.write_text(as_yaml(examples), encoding="utf-8")
    start = time.perf_counter()
    train_nlu(str(config), str(data), str(folder), fixed_model_name="model")
    return time.perf_counter() - start


def as_yaml(examples: Sequence[Example]) -> str:
    """Return examples as training data: a block an intent, a kind of language and a hand."""
    blocks: dict[tuple[str, str, str, int], list[str]] = {}
    for e in examples:
        blocks.setdefault((e.intent, e.lang, e.kind, e.hand), []).append(" ".join(e.text.split()))
    lines = ['version: "3.1"', "nlu:"]
    for (intent, lang, kind, hand), texts in blocks.items():
        style = ", style: sms" if kind == "sms" else ""
        lines += [
            f"  - intent: {intent}",
            f"    metadata: {{lang: {lang}{style}, hand: {hand}}}",
            "    examples: |",
            *(f"      - {text}" for text in texts),
        ]
    return "\n".join(lines) + "\n"


def ask(rival: Rival, examples: Sequence[Example], folder: Path) -> Asked:
    """Return what the rival trained into `folder` makes of `examples`, one message at a time."""
    texts = [e.text for e in examples]
    rankings, seconds, each = (
        _ask_machine(texts, folder) if rival.tfidf is not None else _ask_rasa(texts, folder)
    )
    judged = [
        Judged(e.text, e.intent, e.kind, e.lang, ranking)
        for e, ranking in zip(examples, rankings, strict=True)
    ]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Asked(judged, seconds, 1000 * float(np.median(each)), memory)


_Rankings = tuple[list[tuple[Ranked, ...]], float, list[float]]


def _ask_machine(texts: Sequence[str], folder: Path) -> _Rankings:
    start = time.perf_counter()
    import joblib  # noqa: PLC0415 - a part of what loading takes

    machine = joblib.load(folder / "machine.joblib")
    taken = time.perf_counter() - start
    rankings, each = [], []
    for text in texts:
        start = time.perf_counter()
        scores = machine.decision_function([text])[0]
        each.append(time.perf_counter() - start)
        shares = np.exp(scores - scores.max())
        order = np.argsort(-shares)
        names = machine.classes_
        whole = shares.sum()
        rankings.append(tuple(Ranked(str(names[i]), float(shares[i] / whole)) for i in order))
    return rankings, taken, each


def _ask_rasa(texts: Sequence[str], folder: Path) -> _Rankings:
    start = time.perf_counter()

    async def understand() -> _Rankings:
        agent = load(folder / "model.tar.gz")
        taken = time.perf_counter() - start
        rankings, each = [], []
        for text in texts:
            before = time.perf_counter()
            parse = await agent.parse_message(text)
            each.append(time.perf_counter() - before)
            rankings.append(ranking_of(parse))
        return rankings, taken, each

    return asyncio.run(understand())


def main() -> None:
    """Train a rival, or ask a trained one, and write the outcome as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", choices=("train", "ask"))
    options.add_argument("rival", choices=tuple(RIVALS))
    options.add_argument("--data", required=True, help="training messages, or those asked about")
    options.add_argument("--messages", type=int, default=None, help="at most so many of them")
    options.add_argument("--folder", type=Path, required=True, help="of the trained rival")
    options.add_argument("--out", type=Path, required=True, help="file to write")
    chosen = options.parse_args()
    rival, examples = RIVALS[chosen.rival], some(read(chosen.data), chosen.messages)
    if chosen.what == "train":
        kept: dict[str, Any] = {
            "seconds_to_train": train(rival, examples, chosen.folder),
            "messages": len(examples),
        }
    else:
        kept = ask(rival, examples, chosen.folder)._asdict()
    chosen.out.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Other ways to understand the same messages, and ours with a part taken away.

Rivals learn the training messages and are judged on those held out; each runs alone and is stopped
when it takes too long. Ablations are judged by cross-validation. Outcomes are kept in a file of
JSON as soon as they are known, so that a page can be made again without running anything.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nlu.components.classifier import WEIGHTS, Ranked
from nlu.components.ideas import Ideas
from nlu.components.pieces import Said
from nlu.evaluation.examples import Example
from nlu.evaluation.judging import Judged, Recipe, Tell, by_cross_validation
from nlu.evaluation.measures import figures

LIMIT = 3600
"""Seconds a rival may take to train, and to answer."""
WHOLE = "ours, whole"
Kept = dict[str, list[dict[str, Any]]]


class TooSlowError(Exception):
    """A rival took longer than it may."""


def ablations() -> dict[str, Recipe]:
    """Return our classifier whole, then with one part taken away, by what is taken away."""
    return {
        WHOLE: Recipe(),
        **{
            f"without the block “{block}”": Recipe(
                weights={name: weight for name, weight in WEIGHTS.items() if name != block}
            )
            for block in WEIGHTS
        },
        "without the lexicon of ideas": Recipe(ideas=False),
        "without judging what is off topic": Recipe(refuse_from=2.0),
    }


def read(path: Path) -> Kept:
    """Return what is kept at `path`: lists of outcomes, under `rivals` and `ablations`."""
    if not path.is_file():
        return {"rivals": [], "ablations": []}
    kept = json.loads(path.read_text(encoding="utf-8"))
    return {"rivals": kept.get("rivals", []), "ablations": kept.get("ablations", [])}


def keep(path: Path, under: str, outcome: Mapping[str, Any]) -> None:
    """Put an outcome among those of `under`, in the place of the one of the same name."""
    kept = read(path)
    names = [o["name"] for o in kept[under]]
    if outcome["name"] in names:
        kept[under][names.index(outcome["name"])] = dict(outcome)
    else:
        kept[under].append(dict(outcome))
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def outcome_of(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the figures that rivals and ablations are compared by; shares are 0 to 1."""
    found = figures(judged)
    return {
        "accuracy": round(found.accuracy.value, 4),
        "kinds": {kind: round(share.value, 4) for kind, share in found.kinds.items()},
        "foreign_refused": round(found.foreign_refused.value, 4),
        "real_refused": round(found.real_refused.value, 4),
    }


def ablate(
    examples: Sequence[Example],
    lexicon: Ideas,
    said: Sequence[Said],
    done: Callable[[dict[str, Any]], None],
    *,
    tell: Tell | None = None,
) -> None:
    """Judge ours whole and without each part by cross-validation, giving `done` each outcome."""
    for name, recipe in ablations().items():
        if tell:
            tell(name)
        judged = by_cross_validation(
            examples, lexicon, recipe=recipe, said=said, languages=False, tell=tell
        )
        done({"name": name, "messages": len(examples), **outcome_of(judged)})


def race(
    name: str,
    says: str,
    data: str,
    held_out: str,
    *,
    messages: int | None = None,
    limit: float = LIMIT,
) -> dict[str, Any]:
    """Train one rival and ask it about the held-out messages; return its outcome.

    A rival that takes more than `limit` seconds, or fails, has `stopped` say so and no figures. One
    that learns at most so many `messages` is kept beside the one that learns them all.
    """
    kept_as = name if messages is None else f"{name}, {messages} messages"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        try:
            few = [] if messages is None else ["--messages", str(messages)]
            trained = _run("train", name, ["--data", data, *few], folder, limit)
            asked = _run("ask", name, ["--data", held_out], folder, limit)
        except TooSlowError as slow:
            return {"name": kept_as, "says": says, "stopped": str(slow)}
        except subprocess.CalledProcessError as error:
            return {"name": kept_as, "says": says, "stopped": f"failed: {_why(error)}"}
    judged = [
        Judged(text, intent, kind, lang, tuple(Ranked(*r) for r in ranking), language)
        for text, intent, kind, lang, ranking, language in asked["judged"]
    ]
    return {
        "name": kept_as,
        "says": says,
        "stopped": "",
        "messages": trained["messages"],
        **outcome_of(judged),
        "seconds_to_train": round(trained["seconds_to_train"], 1),
        "seconds_to_load": round(asked["seconds_to_load"], 2),
        "milliseconds": round(asked["milliseconds"], 2),
        "megabytes": round(asked["megabytes"]),
    }


def _why(error: subprocess.CalledProcessError) -> str:
    """Return the last line in which the process names an error, else how it ended."""
    said = [line.strip() for line in str(error.stderr or "").splitlines()]
    named = [line for line in said if re.match(r"[\w.]+(?:Error|Exception|Interrupt)\b", line)]
    if named:
        return named[-1]
    if error.returncode < 0:
        return f"ended by signal {-error.returncode}"
    return f"exit code {error.returncode}"


def _run(what: str, name: str, more: Sequence[str], folder: Path, limit: float) -> dict[str, Any]:
    out = folder / f"{what}.json"
    command = [sys.executable, "-m", "nlu.evaluation.racing", what, name]
    command += ["--folder", str(folder), "--out", str(out), *more]
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false"}
    try:
        subprocess.run(  # noqa: S603 - our own module
            command,
            check=True,
            timeout=limit,
            capture_output=True,
            text=True,
            env={**os.environ, **quiet, "PYTHONWARNINGS": "ignore"},
        )
    except subprocess.TimeoutExpired:
        verb = "train" if what == "train" else "answer"
        raise TooSlowError(f"stopped: more than {limit:.0f} seconds to {verb}") from None
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found

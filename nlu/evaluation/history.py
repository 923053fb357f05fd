"""The models that were judged, one line of JSON each, the oldest first."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nlu.evaluation.measures import Figures

_SHORT = 12


@dataclass(frozen=True)
class Line:
    """A judged model; shares are 0 to 1, as rounded figures.

    `time` is ISO 8601; `model` the first letters of the file's SHA-256; `messages` how many it
    was trained on; `verdict` one of accepted, refused and forced; `reason` says why.
    """

    time: str
    model: str
    messages: int
    accuracy: float
    kinds: Mapping[str, float]
    foreign_refused: float
    real_refused: float
    verdict: str
    reason: str = ""


def line(
    time: str, model: str, messages: int, found: Figures | None, *, verdict: str, reason: str
) -> Line:
    """Return the line of a model with these figures; None stands for a model that can't be read."""
    return Line(
        time=time,
        model=model,
        messages=messages,
        accuracy=round(found.accuracy.value, 4) if found else 0.0,
        kinds={k: round(s.value, 4) for k, s in found.kinds.items()} if found else {},
        foreign_refused=round(found.foreign_refused.value, 4) if found else 0.0,
        real_refused=round(found.real_refused.value, 4) if found else 0.0,
        verdict=verdict,
        reason=reason,
    )


def shortened(model: Path) -> str:
    """Return the first letters of the SHA-256 of a file, '' where there is none."""
    if not model.is_file():
        return ""
    digest = hashlib.sha256()
    with model.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:_SHORT]


def append(path: Path, new: Line) -> None:
    """Add a line at the end of the file, in one write; after a broken line a new one begins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(new), ensure_ascii=False, sort_keys=True) + "\n"
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        end = os.lseek(file, 0, os.SEEK_END)
        broken = end > 0 and os.pread(file, 1, end - 1) != b"\n"
        os.write(file, (("\n" if broken else "") + text).encode("utf-8"))
        os.fsync(file)
    finally:
        os.close(file)


def read(path: Path) -> list[Line]:
    """Return the lines of the file; what is broken, as a write cut short leaves it, is skipped."""
    if not path.is_file():
        return []
    lines = []
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            kept: dict[str, Any] = json.loads(text)
            lines.append(Line(**kept))
        except (ValueError, TypeError):
            continue
    return lines

"""Reads the programme's YAML and CSV files; a mistake is told with its file, line and cause."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)


class ProgrammeError(Exception):
    """A file of the programme can't be used; the message is one sentence with its file and line."""

    @classmethod
    def at(cls, path: Path, line: int, problem: str) -> ProgrammeError:
        """Return the error for a problem on a line, counted from 1."""
        return cls(f"{path.name}, line {line}: {problem.rstrip('.')}.")


class Record(BaseModel):
    """What every model of the programme is: frozen, strict, without fields nobody asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


def load_yaml(path: Path, model: type[M], context: dict[str, Any] | None = None) -> M:
    """Return the file as a model; raise `ProgrammeError` for the first mistake in it.

    `context` is handed to the model's validators, for what they check against other files.
    """
    data, lines = read_yaml(path)
    try:
        # In JSON's strict mode a list may fill a tuple and an ISO day a date; nothing else bends.
        return model.model_validate_json(json.dumps(data, default=_iso), context=context)
    except ValidationError as failed:
        first = failed.errors(include_url=False)[0]
        raise ProgrammeError.at(path, lines.of(first["loc"]), explain(first)) from None


def load_csv(path: Path, model: type[M]) -> list[M]:
    """Return the rows as models; raise `ProgrammeError` for the first mistake in them.

    The first row names the fields. An empty cell is a value left out.
    """
    rows: list[M] = []
    reader = csv.reader(io.StringIO(_read(path)), strict=True)
    try:
        header = next(reader, [])
        _check_header(path, header, model)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise ProgrammeError.at(
                    path,
                    reader.line_num,
                    f"the row has {len(cells)} cells where the first row names {len(header)}",
                )
            filled = {name: cell for name, cell in zip(header, cells, strict=True) if cell}
            try:
                rows.append(model.model_validate_strings(filled))
            except ValidationError as failed:
                problem = explain(failed.errors(include_url=False)[0])
                raise ProgrammeError.at(path, reader.line_num, problem) from None
    except csv.Error as broken:
        raise ProgrammeError.at(path, reader.line_num, str(broken)) from None
    return rows


class Lines:
    """Where each part of a YAML file stands."""

    def __init__(self, root: yaml.Node | None) -> None:
        self._root = root

    def of(self, location: Sequence[str | int]) -> int:
        """Return the line of the deepest part of `location` that the file has."""
        node, line = self._root, 1
        if node is not None:
            line = node.start_mark.line + 1
        for step in location:
            key, value = _child(node, step)
            if value is None:
                continue  # a step of pydantic's own, such as the branch of a union
            node, line = value, (key or value).start_mark.line + 1
        return line


def read_yaml(path: Path) -> tuple[object, Lines]:
    """Return a YAML file's plain values, and the lines they stand on."""
    loader = yaml.CSafeLoader(_read(path))
    try:
        root = loader.get_single_node()
        if root is None:
            raise ProgrammeError.at(path, 1, "the file is empty")
        for key in _repeated(root):
            raise ProgrammeError.at(
                path, key.start_mark.line + 1, f"“{key.value}” is written twice"
            )
        return loader.construct_document(root), Lines(root)
    except yaml.MarkedYAMLError as broken:
        mark = broken.problem_mark or broken.context_mark
        what = " ".join(part for part in (broken.context, broken.problem) if part)
        raise ProgrammeError.at(
            path, mark.line + 1 if mark else 1, f"this is not YAML: {what}"
        ) from None
    except (yaml.YAMLError, ValueError) as broken:
        raise ProgrammeError.at(path, 1, f"this is not YAML: {broken}") from None
    except RecursionError:
        raise ProgrammeError.at(path, 1, "a part of the file contains itself") from None
    finally:
        loader.dispose()


def explain(error: ErrorDetails) -> str:
    """Return a pydantic error as words for whoever edits the file."""
    where = ".".join(str(step) for step in error["loc"])
    match error["type"]:
        case "missing":
            return f"“{where}” is missing"
        case "extra_forbidden":
            return f"“{where}” is not a known field"
        case "value_error":
            said = str(error["ctx"]["error"])
        case _:
            said = error["msg"][0].lower() + error["msg"][1:]
    return f"“{where}”: {said}" if where else said


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ProgrammeError(f"{path}: the file is missing.") from None
    except (OSError, UnicodeDecodeError) as failed:
        raise ProgrammeError(f"{path}: the file can't be read ({failed}).") from None


def _check_header(path: Path, header: list[str], model: type[BaseModel]) -> None:
    if not header:
        raise ProgrammeError.at(path, 1, "the first row names no field")
    for name in header:
        if name not in model.model_fields:
            raise ProgrammeError.at(path, 1, f"“{name}” is not a known field")
        if header.count(name) > 1:
            raise ProgrammeError.at(path, 1, f"“{name}” is written twice")


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, yaml.Node | None]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None, None


def _repeated(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Yield the keys that a mapping anywhere below holds twice; YAML would keep the last."""
    seen: set[Hashable] = set()
    for item in node.value if isinstance(node, yaml.CollectionNode) else ():
        parts = item if isinstance(node, yaml.MappingNode) else (item,)
        if isinstance(node, yaml.MappingNode):
            key = item[0]
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield key
                seen.add(key.value)
        for part in parts:
            yield from _repeated(part)


def _iso(value: object) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise ValueError(f"{value!r} has no place in a programme file")

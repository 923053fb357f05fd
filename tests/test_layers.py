"""The arrows between the rooms: bot → actions, bot → nlu.client, never back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
OURS = {"actions", "bot", "nlu", "tests", "scripts"}


def imports(path: Path) -> Iterator[str]:
    """Give every module a file imports, at whatever depth it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def files(room: str) -> list[Path]:
    found = [p for p in (HOUSE / room).rglob("*.py") if ".venv" not in p.parts]
    assert found, f"{room} holds no Python"
    return found


def offenders(paths: list[Path], *forbidden: str) -> list[str]:
    return sorted(
        {
            f"{path.relative_to(HOUSE)} imports {name}"
            for path in paths
            for name in imports(path)
            if any(name == f or name.startswith(f"{f}.") for f in forbidden)
        }
    )


def but(paths: list[Path], *names: str) -> list[Path]:
    kept = [p for p in paths if str(p.relative_to(HOUSE)) not in names]
    assert len(kept) + len(names) == len(paths), f"one of {names} is no longer there"
    return kept


def test_actions_import_nothing_of_ours_outside_themselves() -> None:
    assert offenders(files("actions"), *(OURS - {"actions"})) == []


def test_nlu_imports_nothing_of_ours_outside_itself() -> None:
    assert offenders(files("nlu"), *(OURS - {"nlu"})) == []


def test_bot_knows_nothing_of_nlu_but_its_client() -> None:
    assert offenders(files("bot"), "nlu.components", "rasa", "tests", "scripts") == []


def test_only_actions_import_sqlalchemy() -> None:
    assert offenders(files("bot") + files("nlu"), "sqlalchemy", "alembic") == []


def test_only_the_channel_and_what_runs_it_know_telegram() -> None:
    wire = (
        "bot/channels/telegram.py",
        "bot/poller.py",
        "bot/app.py",
        "bot/cli.py",
        "bot/checks.py",
    )
    assert offenders(but(files("bot") + files("actions"), *wire), "telegram") == []


def test_nobody_imports_the_file_that_wires_but_the_command_line() -> None:
    assert offenders(but(files("bot"), "bot/cli.py"), "bot.app") == []


@pytest.mark.parametrize("room", ["bot/flows", "bot/answers"])
def test_flows_and_answers_know_no_channel_and_no_store(room: str) -> None:
    channels = ("bot.channels", "actions.store", "actions.tables", "actions.inbox")
    assert offenders(files(room), *channels, "actions.outbox", "telegram", "httpx") == []


def test_channels_know_no_store() -> None:
    found = offenders(files("bot/channels"), "actions.store", "actions.tables", "bot.dialogue")
    assert found == []


def test_the_assistant_knows_nothing_of_the_simulator_but_to_start_it() -> None:
    outside = [p for p in files("bot") if "simulator" not in p.parts]
    assert offenders(but(outside, "bot/app.py"), "bot.simulator") == []

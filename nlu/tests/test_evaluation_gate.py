from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlu.components.classifier import OUT_OF_SCOPE, Ranked
from nlu.evaluation import __main__ as commands
from nlu.evaluation import gate, history
from nlu.evaluation.examples import KINDS, Example
from nlu.evaluation.judging import Judged, UnreadableModelError

FOREIGN = 100
EACH = 1000


def judged(
    right: dict[str, int] | None = None, *, refused: int = 0, foreign_refused: int = 90
) -> list[Judged]:
    """A thousand messages of each kind, 800 right unless `right` says else, and a hundred others.

    `refused` of the French ones that are wrong were taken for off topic.
    """
    messages = []
    for kind in KINDS:
        good = (right or {}).get(kind, 800)
        for i in range(EACH):
            found = "greet" if i < good else "thank"
            if kind == "fr" and i >= EACH - refused:
                found = OUT_OF_SCOPE
            messages.append(Judged(f"{kind} {i}", "greet", kind, kind, (Ranked(found, 0.9),)))
    for i in range(FOREIGN):
        found = OUT_OF_SCOPE if i < foreign_refused else "greet"
        messages.append(Judged(f"off {i}", OUT_OF_SCOPE, "fr", "fr", (Ranked(found, 0.9),)))
    return messages


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_that_loses_more_than_a_point_on_a_kind_is_refused(kind: str) -> None:
    verdict = gate.compare(judged({kind: 789, **dict.fromkeys(set(KINDS) - {kind}, 950)}), judged())
    assert (verdict.word, verdict.may_serve) == ("refused", False)
    assert verdict.reasons == (f"{KINDS[kind]}: 1.1 points of accuracy lost (80.0% to 78.9%)",)


def test_a_model_may_lose_a_point() -> None:
    verdict = gate.compare(judged(dict.fromkeys(KINDS, 790)), judged())
    assert (verdict.word, verdict.reasons) == ("accepted", ())


def test_a_model_that_gains_is_accepted_and_its_changes_are_named() -> None:
    verdict = gate.compare(judged({"ar": 803, "mix": 799}), judged())
    assert verdict.word == "accepted"
    assert [new.text for _, new in verdict.better] == ["ar 800", "ar 801", "ar 802"]
    assert [(old.found, new.found) for old, new in verdict.worse] == [("greet", "thank")]
    told = "\n".join(gate.told(verdict))
    assert "Better: 3" in told
    assert "mix 799  (greet: greet 0.90, now thank 0.90)" in told
    assert told.endswith("Verdict: accepted")


@pytest.mark.parametrize(
    ("foreign_refused", "refused", "word"),
    [(88, 0, "accepted"), (87, 0, "refused"), (90, 120, "accepted"), (99, 121, "refused")],
)
def test_refusal_may_worsen_by_two_points(foreign_refused: int, refused: int, word: str) -> None:
    new = judged(refused=refused, foreign_refused=foreign_refused)
    assert gate.compare(new, judged()).word == word


def test_force_puts_a_model_in_service_and_keeps_the_reason() -> None:
    verdict = gate.compare(judged({"fr": 700}), judged(), forced="the programme changed")
    assert (verdict.word, verdict.may_serve) == ("forced", True)
    assert verdict.reason.startswith("forced: the programme changed; French: 10.0 points")
    assert gate.compare(judged(), judged(), forced="in a hurry").word == "accepted"


def test_without_a_model_in_service_one_that_understands_is_accepted() -> None:
    assert gate.compare(judged(), None, note="there is no file x").word == "accepted"
    poor = gate.compare(judged(dict.fromkeys(KINDS, 100)), None)
    assert poor.word == "refused"
    assert poor.reasons == ("it understands 10.0% only of the messages on topic",)


def test_a_model_that_cannot_be_read_is_refused_even_by_force() -> None:
    verdict = gate.unreadable("there is no file x", forced="now")
    assert not verdict.may_serve
    assert "there is no file x" in gate.told(verdict)[-2]


@pytest.fixture
def readable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, list[Judged]]:
    """Model files, by name, and what they make of the held-out messages."""
    models: dict[str, list[Judged]] = {}

    def by_model(model: Path, examples: list[Example]) -> list[Judged]:
        if model.name not in models:
            raise UnreadableModelError(f"there is no file {model}")
        return models[model.name]

    monkeypatch.setattr(commands, "by_model", by_model)
    monkeypatch.setattr(commands, "read", lambda _path: [])
    return models


def run(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *more: str
) -> tuple[int, list[history.Line]]:
    """What `gate` exits with, and the history afterwards."""
    kept = folder / "history.jsonl"
    command = ["nlu.evaluation", "gate", "--candidate", str(folder / "new"), "--in-service"]
    command += [str(folder / "old"), "--history", str(kept), *more]
    monkeypatch.setattr("sys.argv", command)
    return commands.main(), history.read(kept)


def test_the_gate_exits_with_0_or_3_and_writes_history(
    readable: dict[str, list[Judged]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, tmp_path)[0] == commands.REFUSED == 3
    readable["new"] = judged()
    code, lines = run(monkeypatch, tmp_path)
    assert (code, lines[-1].verdict) == (0, "accepted")
    assert "nothing to compare with: there is no file" in lines[-1].reason
    readable["old"] = judged({"ar": 900})
    code, lines = run(monkeypatch, tmp_path)
    assert (code, lines[-1].verdict) == (3, "refused")
    code, lines = run(monkeypatch, tmp_path, "--force", "new questions")
    assert (code, lines[-1].verdict) == (0, "forced")
    assert lines[-1].reason.startswith("forced: new questions; written Arabic: 10.0 points")
    assert lines[-1].kinds["ar"] == 0.8
    assert [line.verdict for line in lines] == ["refused", "accepted", "refused", "forced"]
    assert "Verdict: forced" in capsys.readouterr().out


def test_force_needs_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, tmp_path, "--force", " ")


LINE = history.Line("2026-01-02", "abc", 3, 0.9, {"fr": 0.9}, 0.8, 0.01, "accepted", "why « é »")


def test_history_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "models" / "history.jsonl"
    assert history.read(path) == []
    history.append(path, LINE)
    history.append(path, LINE)
    assert history.read(path) == [LINE, LINE]
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("broken", ['{"time": "2026', "null", '{"time": "x"}', "\udcff"])
def test_a_broken_last_line_is_skipped_and_not_written_on(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "history.jsonl"
    history.append(path, LINE)
    with path.open("ab") as file:
        file.write(broken.encode("utf-8", "surrogateescape"))
    assert history.read(path) == [LINE]
    history.append(path, LINE)
    assert history.read(path) == [LINE, LINE]
    assert json.loads(path.read_text(encoding="utf-8", errors="replace").splitlines()[-1])


def test_a_model_is_named_by_its_content(tmp_path: Path) -> None:
    model = tmp_path / "nlu.tar.gz"
    assert history.shortened(model) == ""
    model.write_bytes(b"abc")
    assert history.shortened(model) == "ba7816bf8f01"

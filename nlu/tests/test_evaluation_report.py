from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nlu.components.classifier import OUT_OF_SCOPE, WEIGHTS, Ranked
from nlu.evaluation import curve, gate, history, rivals
from nlu.evaluation.curve import Point
from nlu.evaluation.examples import KINDS
from nlu.evaluation.judging import Judged
from nlu.evaluation.markup import Words, table
from nlu.evaluation.pictures import inline
from nlu.evaluation.report import Findings, write
from nlu.evaluation.several import Asking, Heard
from nlu.evaluation.thresholds import Thresholds

ATTACK = '<script>alert("1")</script>'
ARABIC = "وقتاش تجي القافلة؟"
VOID = frozenset({"meta", "br", "path", "use", "image", "line", "rect", "circle"})


class Page(HTMLParser):
    """Reads a page: its tags, identifiers, links, and tags that were never closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.outside: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        self._look(dict(attributes))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._look(dict(attributes))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def _look(self, attributes: dict[str, str | None]) -> None:
        self.ids += [attributes["id"] or ""] if "id" in attributes else []
        for name in ("href", "xlink:href", "src"):
            link = attributes.get(name) or ""
            if link.startswith("#"):
                self.links.append(link[1:])
            elif link and not link.startswith("data:"):
                self.outside.append(link)


def message(text: str, intent: str, found: str, kind: str, sure: float = 0.9) -> Judged:
    ranking = (Ranked(found, sure), Ranked("complaint", 0.05))
    lang = "fr" if kind == "sms" else kind
    return Judged(text, intent, kind, lang, ranking, lang)


def judged(wrong: Sequence[str] = (ATTACK, ARABIC)) -> list[Judged]:
    return [
        *(
            message(f"{kind} {i}", "greet", "greet", kind, i / 10)
            for kind in KINDS
            for i in range(10)
        ),
        *(message(text, "thank", "greet", "dz-ar") for text in wrong),
        message("météo", OUT_OF_SCOPE, OUT_OF_SCOPE, "fr"),
        message("\x00\ud800 chorba", OUT_OF_SCOPE, "greet", "fr"),
    ]


ASKING = Asking("fr", (("greet", "bien le"), ("thank", ATTACK)))
OUTCOME = {
    **rivals.outcome_of(judged()),
    **{"messages": 10, "seconds_to_train": 1.0, "seconds_to_load": 1.0},
    **{"milliseconds": 1.5, "megabytes": 300},
}


def findings(*, full: bool = True) -> Findings:
    old = [j._replace(ranking=(Ranked("thank", 0.8),)) for j in judged()]
    point = Point(10, 0.8, 0.7, dict.fromkeys(KINDS, 5), dict.fromkeys(KINDS, 0.8))
    line = history.line("2026-01-02", "abc", 3, None, verdict="refused", reason=ATTACK)
    return Findings(
        time="2026-01-02 10:00",
        model="ba7816bf8f01",
        messages=25_000,
        held_out=judged(),
        cross=judged() if full else [],
        heard=[Heard(ASKING, ["greet", "thank"], [0, 3])] if full else [],
        in_use=Thresholds(0.6, 0.3, 0.6),
        verdict=gate.compare(judged(), old) if full else None,
        rivals={
            "rivals": [
                {"name": "ours", "says": "the pipeline in service", **OUTCOME},
                {"name": "diet", "says": "DIET", "stopped": "stopped: more than 60 seconds"},
            ],
            "ablations": [{"name": rivals.WHOLE, **OUTCOME}, {"name": "less", **OUTCOME}],
        }
        if full
        else {"rivals": [], "ablations": []},
        curve=[point, point._replace(messages=20)] if full else [],
        history=[line] if full else [],
    )


@pytest.fixture(scope="module")
def page() -> str:
    return write(findings())


def test_what_people_write_is_escaped(page: str) -> None:
    assert "<script" not in page
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in page
    assert "\x00" not in page
    page.encode("utf-8")


def test_messages_keep_their_own_direction(page: str) -> None:
    assert f'<td dir="auto" class="words">{ARABIC}</td>' in page


def test_the_page_is_well_formed_and_needs_no_other_file(page: str) -> None:
    read = Page(page)
    assert read.open == []
    assert read.outside == []
    assert len(set(read.ids)) == len(read.ids)
    assert set(read.links) <= set(read.ids)
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(read.ids)
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert 'name="viewport"' in page


def test_each_table_has_a_caption_and_each_picture_a_title(page: str) -> None:
    read = Page(page)
    assert read.tags.count("table") == read.tags.count("caption") >= 12
    assert read.tags.count("svg") == read.tags.count("figcaption") == 4
    assert page.count('role="img"') == 4


def test_the_page_names_what_was_found(page: str) -> None:
    for text in (
        *(*KINDS.values(), "ba7816bf8f01", "25,000", "more than 60 seconds", "less"),
        "several questions: all of them heard",
    ):
        assert text in page, text


def test_what_was_not_measured_is_left_out() -> None:
    read = Page(write(findings(full=False)))
    assert {"summary", "kinds", "confusion", "worst"} <= set(read.ids)
    left_out = {"thresholds", "several", "learning", "rivals", "ablations", "changes", "history"}
    assert not left_out & set(read.ids)


def test_a_table_escapes_everything_it_is_given() -> None:
    made = table("a < b", ["<i>"], [["<b>"], [Words("<u>")]])
    assert not re.search(r"<[ibu]>|a < b", made)


def test_identifiers_of_a_picture_are_its_own() -> None:
    svg = (
        '<?xml?><svg width="72pt" height="72pt"><g id="a"/><use xlink:href="#a" x="url(#a)"/></svg>'
    )
    made = inline(svg, "one", "A & B")
    assert 'id="one-a"' in made
    assert 'href="#one-a"' in made
    assert "url(#one-a)" in made
    assert "<title>A &amp; B</title>" in made
    assert "max-width:96px" in made


def test_outcomes_of_rivals_are_kept_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "understanding" / "rivals.json"
    assert rivals.read(path) == {"rivals": [], "ablations": []}
    for name in ("a", "b", "a"):
        rivals.keep(path, "rivals", {"name": name, "accuracy": 0.5})
    rivals.keep(path, "ablations", {"name": "c"})
    kept = rivals.read(path)
    assert [o["name"] for o in kept["rivals"]] == ["a", "b"]
    assert [p.name for p in path.parent.iterdir()] == ["rivals.json"]


def test_each_block_is_taken_away_once() -> None:
    left = [set(r.weights) for r in rivals.ablations().values() if r.weights is not None]
    assert left == [set(WEIGHTS) - {block} for block in WEIGHTS]


def test_a_rival_that_is_too_slow_is_said_so(tmp_path: Path) -> None:
    slow = rivals.race("svm-words", "words", str(tmp_path), str(tmp_path), limit=0.001)
    assert slow["stopped"] == "stopped: more than 0 seconds to train"
    assert slow["name"] == "svm-words"
    few = rivals.race("svm-words", "words", str(tmp_path), str(tmp_path), messages=9, limit=0.001)
    assert few["name"] == "svm-words, 9 messages"


@pytest.mark.parametrize(
    ("code", "said", "why"),
    [
        (1, "a\nValueError: no data\nEpochs: 44%\n", "failed: ValueError: no data"),
        (-9, "Epochs: 44%", "failed: ended by signal 9"),
        (4, "", "failed: exit code 4"),
    ],
)
def test_why_a_rival_failed_is_said(
    monkeypatch: pytest.MonkeyPatch, code: int, said: str, why: str
) -> None:
    def run(*_: object) -> dict[str, object]:
        raise subprocess.CalledProcessError(code, "x", stderr=said)

    monkeypatch.setattr(rivals, "_run", run)
    assert rivals.race("diet", "d", "a", "b")["stopped"] == why


def test_points_of_the_learning_curve_are_read_as_they_were_written(tmp_path: Path) -> None:
    point = Point(10, 0.8, 0.7, {"fr": 5}, {"fr": 0.8})
    assert curve.load(tmp_path / "curve.json") == []
    curve.save(tmp_path / "curve.json", [point])
    assert curve.load(tmp_path / "curve.json") == [point]
    assert json.loads((tmp_path / "curve.json").read_text())[0]["messages"] == 10

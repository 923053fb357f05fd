"""Broken files of the programme: each mistake is told with its file, its line and its cause."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from actions.facts import load_programme
from actions.loading import ProgrammeError, Record, load_csv, load_yaml

PROGRAMME = Path(__file__).parent.parent / "actions" / "programme"


class Stall(Record):
    code: str
    seats: int
    opened: dt.date | None = None
    names: tuple[str, ...] = ()


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_file_becomes_its_model(tmp_path: Path) -> None:
    path = written(tmp_path, "a.yml", 'code: "05"\nseats: 3\nopened: 2015-10-05\nnames: [a, b]\n')
    assert load_yaml(path, Stall) == Stall(
        code="05", seats=3, opened=dt.date(2015, 10, 5), names=("a", "b")
    )


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("code: a\nseats: [1, 2\nopened: x\n", 3, "this is not YAML"),
        ("code: a\n\tseats: 1\n", 2, "this is not YAML"),
        ("", 1, "the file is empty"),
        ("code: a\nseats: 1\nchairs: 2\n", 3, "“chairs” is not a known field"),
        ("# a comment\ncode: a\n", 2, "“seats” is missing"),
        ("code: a\nseats: many\n", 2, "“seats”: input should be a valid integer"),
        ('code: a\nseats: "3"\n', 2, "“seats”: input should be a valid integer"),
        ("code: 05\nseats: 3\n", 1, "“code”: input should be a valid string"),
        ("code: a\nseats: 1\nopened: soon\n", 3, "“opened”"),
        ("code: a\nseats: 1\nopened: 2015-13-01\n", 1, "month must be in 1..12"),
        ("code: a\nseats: 1\nnames:\n  - a\n  - 7\n", 5, "“names.1”"),
        ("code: a\nseats: 1\ncode: b\n", 3, "“code” is written twice"),
        ("code: a\nseats: 1\n---\ncode: b\n", 3, "this is not YAML"),
        ("code: a\nseats: &s [*s]\n", 1, "a part of the file contains itself"),
    ],
)
def test_a_broken_yaml_file_is_explained(tmp_path: Path, text: str, line: int, cause: str) -> None:
    path = written(tmp_path, "broken.yml", text)
    with pytest.raises(ProgrammeError) as raised:
        load_yaml(path, Stall)
    said = str(raised.value)
    assert said.startswith(f"broken.yml, line {line}: ")
    assert cause in said
    assert "\n" not in said


def test_sound_rows_become_models_and_an_empty_cell_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", 'code,seats,opened\n01,3,2015-10-05\n\n"a, b",4,\n')
    assert load_csv(path, Stall) == [
        Stall(code="01", seats=3, opened=dt.date(2015, 10, 5)),
        Stall(code="a, b", seats=4),
    ]


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("code,seats\n01,3\n02,many\n", 3, "“seats”: input should be a valid integer"),
        ("code,seats\n01,3\n,4\n", 3, "“code” is missing"),
        ("code,seats\n01,3,4\n", 2, "the row has 3 cells where the first row names 2"),
        ("code,chairs\n01,3\n", 1, "“chairs” is not a known field"),
        ("code,seats,code\n01,3,02\n", 1, "“code” is written twice"),
        ('code,seats\n"01,3\n', 2, "unexpected end of data"),
        ("", 1, "the first row names no field"),
    ],
)
def test_a_broken_csv_file_is_explained(tmp_path: Path, text: str, line: int, cause: str) -> None:
    path = written(tmp_path, "broken.csv", text)
    with pytest.raises(ProgrammeError) as raised:
        load_csv(path, Stall)
    assert str(raised.value).startswith(f"broken.csv, line {line}: ")
    assert cause in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError, match=r"gone\.yml: the file is missing"):
        load_yaml(tmp_path / "gone.yml", Stall)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("code,seats\nSétif,3\n".encode("latin-1"))
    with pytest.raises(ProgrammeError, match=r"latin\.csv: the file can't be read"):
        load_csv(path, Stall)


# -- the programme's own files, each broken in one place ------------------------------------------


@pytest.mark.parametrize(
    ("file", "sound", "broken", "cause"),
    [
        (
            "eligibility.yml",
            "sources: [MAISON, LEXP-AGE]",
            "sources: []",
            "a fact needs at least one source",
        ),
        (
            "eligibility.yml",
            "sources: [MAISON, LEXP-AGE]",
            "sources: [MAISON, NOWHERE]",
            "“NOWHERE” is not in sources.yml",
        ),
        ("eligibility.yml", "youngest: 19", "youngest: nineteen", "“age.youngest”"),
        ("eligibility.yml", "oldest: 35", "eldest: 35", "“age.oldest” is missing"),
        ("eligibility.yml", "confidence: read", "confidence: sure", "confidence"),
        ("money.yml", "note: From memory.}", "}", "needs a note"),
        ("money.yml", "percent: 29", "percent: 30", "the three shares must make 100 percent"),
        ("applying.yml", "{weeks: 3, ", "{weeks: 3, days: 2, ", "give one of days, weeks"),
        ("convention.yml", "subjects: [fibre,", "subjects: [knitting,", "“knitting” is taught"),
    ],
)
def test_a_mistake_in_the_programme_is_told_with_its_line(
    tmp_path: Path, file: str, sound: str, broken: str, cause: str
) -> None:
    folder = tmp_path / "programme"
    shutil.copytree(PROGRAMME, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert sound in text
    (folder / file).write_text(text.replace(sound, broken, 1), encoding="utf-8")
    with pytest.raises(ProgrammeError) as raised:
        load_programme(folder)
    said = str(raised.value)
    assert said.startswith(f"{file}, line ")
    assert cause in said
    line = int(said.split("line ", 1)[1].split(":", 1)[0])
    changed = text[: text.index(sound)].count("\n") + 1
    assert abs(line - changed) <= 12, f"line {line} is far from the mistake in line {changed}"

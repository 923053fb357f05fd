"""Sheets as a spreadsheet reads them: text that stays text, real dates, Arabic from the right."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clerks.sheets import Cell, Column, Table, replacing, write_csv, write_xlsx

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DANGEROUS = (
    '=HYPERLINK("http://evil.example","gagnez")',
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tTab",
    "\rReturn",
    "\nLine",
    " =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "=cmd|' /C calc'!A0",
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def table(*rows: list[Cell], right_to_left: bool = False, figures: bool = False) -> Table:
    columns = [Column(f"Column {n}", 12, figures) for n in range(len(rows[0]) if rows else 2)]
    return Table("Inscriptions", columns, rows, right_to_left)


class Workbook:
    """What a spreadsheet finds in a workbook."""

    def __init__(self, written: Table) -> None:
        file = io.BytesIO()
        write_xlsx(written, file)
        with zipfile.ZipFile(file) as parts:
            self.sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
            self.styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
            self.names = parts.namelist()

    def cells(self) -> list[list[tuple[str, str]]]:
        """Return the rows below the titles: each cell's type and what it holds."""
        rows = self.sheet.iter(f"{MAIN}row")
        return [[self._cell(cell) for cell in row.iter(f"{MAIN}c")] for row in rows][1:]

    def _cell(self, cell: ElementTree.Element) -> tuple[str, str]:
        held = "".join(cell.itertext())
        escaped = re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), held)
        return cell.get("t", "n"), escaped

    def format_of(self, row: int, column: int) -> dict[str, Any]:
        """Return how a cell is shown: its number format, and its alignment."""
        rows = list(self.sheet.iter(f"{MAIN}row"))
        style = int(list(rows[row].iter(f"{MAIN}c"))[column].get("s", "0"))
        formats = self.styles.find(f"{MAIN}cellXfs")
        assert formats is not None
        form = formats[style]
        codes = {f.get("numFmtId"): f.get("formatCode") for f in self.styles.iter(f"{MAIN}numFmt")}
        alignment = form.find(f"{MAIN}alignment")
        return {
            "number": codes.get(form.get("numFmtId"), form.get("numFmtId")),
            **(alignment.attrib if alignment is not None else {}),
        }

    def has(self, name: str) -> bool:
        return next(self.sheet.iter(f"{MAIN}{name}"), None) is not None


def read_csv(written: Table) -> list[list[str]]:
    file = io.BytesIO()
    write_csv(written, file)
    text = file.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_name_becomes_a_formula(text: str) -> None:
    book = Workbook(table([text, "Benali"]))
    assert book.cells() == [[("inlineStr", text), ("inlineStr", "Benali")]]
    assert not book.has("f")
    assert not book.has("hyperlink")
    assert read_csv(table([text, "Benali"])) == [[f"'{text}", "Benali"]]


@pytest.mark.parametrize("text", ["Benali", "بن علي", "D'Oran", "a=b", "Aït-Ahmed", "2 - 3", ""])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert read_csv(table([text])) == ([[text]] if text else [[""]])


@given(st.lists(st.tuples(texts, texts), max_size=4))
def test_any_text_comes_out_of_a_csv_as_it_went_in(rows: list[tuple[str, str]]) -> None:
    cells: list[list[Cell]] = [list(row) for row in rows]
    found = read_csv(table(*cells))
    assert len(found) == len(rows)
    for written, read in zip(rows, found, strict=True):
        for text, cell in zip(written, read, strict=True):
            assert cell in {text, f"'{text}"}
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.lists(texts, min_size=1, max_size=4))
def test_any_text_makes_a_workbook_that_opens(row: list[str]) -> None:
    book = Workbook(table(list(row)))
    assert {kind for cells in book.cells() for kind, _held in cells} <= {"inlineStr"}
    assert not book.has("f")


def test_days_and_moments_are_dates_and_ages_are_numbers() -> None:
    born, came = dt.date(1991, 5, 14), dt.datetime(2015, 10, 14, 9, 30)  # noqa: DTZ001 - a sheet's
    book = Workbook(table([born, came, 24, None, "text"]))
    assert book.cells() == [
        [("n", "33372"), ("n", "42291.39583333334"), ("n", "24"), ("inlineStr", "text")]
    ]
    assert book.format_of(1, 0)["number"] == "dd/mm/yyyy"
    assert book.format_of(1, 1)["number"] == "dd/mm/yyyy hh:mm"
    assert read_csv(table([born, came, 24, None])) == [["1991-05-14", "2015-10-14 09:30", "24", ""]]


def test_codes_and_phones_keep_their_zeros_and_read_from_the_left() -> None:
    written = table(["0471 2085", "0661 23 45 67"], figures=True, right_to_left=True)
    book = Workbook(written)
    assert book.cells() == [[("inlineStr", "0471 2085"), ("inlineStr", "0661 23 45 67")]]
    assert book.format_of(1, 0)["readingOrder"] == "1"
    assert book.format_of(1, 1)["number"] == "@"  # text


def test_digits_that_excel_would_take_for_a_number_are_marked_as_text_in_a_csv() -> None:
    ((code, phone),) = read_csv(table(["0471 2085", "0661 23 45 67"], figures=True))
    assert code == "\u200e0471 2085"
    assert phone == "0661 23 45 67"


def test_an_arabic_sheet_runs_from_the_right_and_each_name_in_its_own_direction() -> None:
    book = Workbook(table(["بن علي", "Benali"], right_to_left=True))
    view = next(book.sheet.iter(f"{MAIN}sheetView"))
    assert view.get("rightToLeft") == "1"
    arabic, latin = book.format_of(1, 0), book.format_of(1, 1)
    assert (arabic["readingOrder"], arabic["horizontal"]) == ("2", "right")
    assert (latin["readingOrder"], latin["horizontal"]) == ("1", "right")
    french = Workbook(table(["بن علي", "Benali"]))
    assert next(french.sheet.iter(f"{MAIN}sheetView")).get("rightToLeft") is None
    assert french.format_of(1, 0)["horizontal"] == "left"


def test_the_titles_stay_in_sight_and_filter_every_row() -> None:
    book = Workbook(table(["Amina", "Benali"], ["Karim", "Haddad"]))
    pane = next(book.sheet.iter(f"{MAIN}pane"))
    assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")
    assert next(book.sheet.iter(f"{MAIN}autoFilter")).get("ref") == "A1:B3"


def test_a_long_value_gets_the_lines_it_needs() -> None:
    book = Workbook(table(["Mohammed El Amine Abderrahmane", "x"], ["Amina", "x"]))
    heights = [row.get("ht") for row in book.sheet.iter(f"{MAIN}row")]
    assert heights[1:] == ["45", None]


def test_a_csv_is_what_french_excel_expects() -> None:
    file = io.BytesIO()
    write_csv(table(["بن علي", "a;b"]), file)
    assert file.getvalue() == 'Column 0;Column 1\r\nبن علي;"a;b"\r\n'.encode("utf-8-sig")


def test_an_empty_table_still_has_its_titles() -> None:
    book = Workbook(table())
    assert book.cells() == []
    assert read_csv(table()) == []


def test_a_file_takes_its_place_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"yesterday's")
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write(b"half of today's")
        raise ZeroDivisionError
    assert path.read_bytes() == b"yesterday's"
    with replacing(path) as file:
        file.write(b"today's")
    assert path.read_bytes() == b"today's"
    assert path.stat().st_mode & 0o077 == 0  # it holds people's data
    assert list(tmp_path.iterdir()) == [path]

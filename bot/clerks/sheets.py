"""Tables as files that Excel opens: XLSX, and CSV in the form French and Algerian Excel expects.

Whatever people wrote stays text: a cell that began like a formula would be one, and run, in the
spreadsheet of whoever opens it. Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

Cell = str | int | dt.date | dt.datetime | None

#: What a formula begins with, to some spreadsheet or other, wide forms included.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
#: Stands unseen before digits, which then are no number that would lose its zeros.
_LEFT_TO_RIGHT_MARK = "\u200e"
_LETTER = re.compile(r"[^\W\d_]")
_A4 = 9
#: The height of a line of text, in points.
LINE = 15


@dataclass(frozen=True)
class Column:
    """One column: its title, its width in letters, and whether it holds figures.

    Figures are codes and phone numbers: text that reads left to right in every language.
    """

    title: str
    width: int
    figures: bool = False


@dataclass(frozen=True)
class Table:
    """What a sheet holds: its name, its columns, and the rows, which are read once.

    The first `leading` columns say what a row is about.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    right_to_left: bool
    leading: int = 1


def write_xlsx(table: Table, file: BinaryIO) -> None:
    """Write a table as an Excel workbook of one sheet, row by row and so in little memory."""
    import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415 - no other command needs it

    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(table.name[:31])  # Excel takes no longer name
    styles = {name: book.add_format(style) for name, style in _styles(table).items()}
    _lay_out(sheet, table)
    for x, column in enumerate(table.columns):
        sheet.set_column(x, x, column.width)
        sheet.write_string(0, x, column.title, styles["title"])
    last = 0
    for last, cells in enumerate(table.rows, start=1):
        lines = _lines(table.columns, cells)
        if lines > 1:  # not every spreadsheet finds the height by itself
            sheet.set_row(last, LINE * lines)
        for x, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
            _write_cell(sheet, last, x, cell, styles, figures=column.figures)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)
    book.close()


def write_csv(table: Table, file: BinaryIO) -> None:
    """Write a table as CSV: UTF-8 with its mark, semicolons, days as 2015-10-05."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.title for column in table.columns)
    for cells in table.rows:
        writer.writerow(
            _figures(str(cell)) if column.figures and cell else _plain(cell)
            for column, cell in zip(table.columns, cells, strict=True)
        )
    text.flush()
    text.detach()  # the file is closed by whoever opened it


#: How a table is written, by the ending of the file's name.
WRITERS: dict[str, Callable[[Table, BinaryIO], None]] = {".xlsx": write_xlsx, ".csv": write_csv}


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a new file that only its owner reads and that takes the path's place when it is whole.

    Raises `OSError` when it can't be written; what was at the path stays then.
    """
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    try:
        with os.fdopen(number, "wb") as file:
            yield file
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise


def _styles(table: Table) -> dict[str, dict[str, object]]:
    """Return how each kind of cell looks: on one side, but read in its own direction."""
    side: dict[str, object] = {"align": "right" if table.right_to_left else "left", "valign": "top"}
    text = {**side, "num_format": "@", "text_wrap": True}
    middle: dict[str, object] = {"align": "center", "valign": "top"}
    to_right, to_left = {"reading_order": 1}, {"reading_order": 2}
    title = {"bold": True, "bg_color": "#DDEBF7", "bottom": 1, "valign": "vcenter"}
    return {
        "title": {**text, **title, **(to_left if table.right_to_left else to_right)},
        "latin": {**text, **to_right},
        "arabic": {**text, **to_left},
        "figures": {**side, **to_right, "num_format": "@"},
        "number": middle,
        "day": {**middle, "num_format": "dd/mm/yyyy"},
        "moment": {**middle, "num_format": "dd/mm/yyyy hh:mm"},
    }


def _lay_out(sheet: Worksheet, table: Table) -> None:
    """Keep the titles in sight, and print on two pages side by side, each with who it is about."""
    if table.right_to_left:
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 3 * LINE)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.5)
    sheet.fit_to_pages(2, 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, table.leading - 1)
    sheet.set_footer("&P / &N")
    sheet.hide_gridlines(0)  # printed too


def _lines(columns: Sequence[Column], cells: Sequence[Cell]) -> int:
    """Return how many lines the longest value of a row takes in its column."""
    texts = ((cell, column.width) for column, cell in zip(columns, cells, strict=True))
    return max(
        (
            len(textwrap.wrap(text, width))
            for text, width in texts
            if isinstance(text, str) and len(text) > width
        ),
        default=1,
    )


def _write_cell(
    sheet: Worksheet, y: int, x: int, cell: Cell, styles: dict[str, Format], *, figures: bool
) -> None:
    match cell:
        case None | "":
            return
        case dt.datetime():
            sheet.write_datetime(y, x, cell, styles["moment"])
        case dt.date():
            sheet.write_datetime(y, x, cell, styles["day"])
        case int():
            sheet.write_number(y, x, cell, styles["number"])
        case _:
            # Never `write`, which would make formulas, links and numbers of it.
            sheet.write_string(y, x, cell, styles["figures" if figures else _script(cell)])


def _script(text: str) -> str:
    """Return the script of a text's first letter."""
    first = _LETTER.search(text)
    return "arabic" if first and "\u0600" <= first[0] <= "\u06ff" else "latin"


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case dt.datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case dt.date():
            return cell.isoformat()
        case str() if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA):
            return f"'{cell}"
        case _:
            return str(cell)


def _figures(cell: str) -> str:
    """Mark figures in groups that would be taken for thousands; pairs, as phones have, are not."""
    grouped = all(len(group) > 2 for group in cell.split()[1:])
    return f"{_LEFT_TO_RIGHT_MARK}{cell}" if grouped else cell

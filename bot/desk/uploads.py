"""A table that staff upload, as rows of cells: CSV as spreadsheets write it, or XLSX.

Nothing is unpacked or parsed before its size is known to be small.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator

from openpyxl import load_workbook

from bot.text import Text, _

#: How much is read, in bytes: a whole tour is a few thousand.
MOST_BYTES = 1_000_000
MOST_UNPACKED = 10_000_000
MOST_PARTS = 200
#: Lines after the one that names the columns, and columns.
MOST_LINES = 500
MOST_COLUMNS = 20
#: Rows looked through for them: sheets often have empty ones between or below.
MOST_ROWS = 5_000

Cell = str | int | float | dt.date | dt.datetime | dt.time | None
#: Its number in the file, counted from 1, and its cells.
Row = tuple[int, tuple[Cell, ...]]

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ";,\t"


class UnreadableError(Exception):
    """A file is no table that can be read; `sentence` says why."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.msgid)
        self.sentence = sentence


def rows_of(content: bytes) -> list[Row]:
    """Return the rows of a table that hold something; raise `UnreadableError` for what is none."""
    if len(content) > MOST_BYTES:
        raise _too_large()
    if content.startswith(_OLD_EXCEL):
        raise UnreadableError(
            _("This is an old Excel file: save it as an Excel workbook (.xlsx) or as CSV.")
        )
    return _workbook(content) if content.startswith(_ZIP) else _csv(content)


def _filled(read: Iterator[Row]) -> list[Row]:
    rows: list[Row] = []
    for seen, (number, cells) in enumerate(read):
        if any(cell not in (None, "") for cell in cells):
            rows.append((number, cells))
        if len(rows) > MOST_LINES + 1 or seen > MOST_ROWS:
            raise UnreadableError(
                _("The file has more than {n} lines: send fewer at a time.", n=MOST_LINES)
            )
    return rows


def _too_large() -> UnreadableError:
    return UnreadableError(_("The file is too large: a tour takes less than a megabyte."))


def _workbook(content: bytes) -> list[Row]:
    """Read the first sheet, row after row: a reader that loads it whole could fill the memory."""
    try:
        _unpacked(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what a sheet may hold beside its cells
            book = load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            read = book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True)
            rows = (tuple(map(_cell, row)) for row in read)
            return _filled(enumerate(rows, start=1))
    except UnreadableError:
        raise
    except Exception as broken:  # whatever a reader makes of bytes that only look like a workbook
        raise UnreadableError(_("This is no Excel workbook that I can read.")) from broken


def _unpacked(content: bytes) -> None:
    """Unpack every part once, no more than is allowed: the size a part tells may be a lie."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts, total = packed.infolist(), 0
        for part in parts:
            total += part.file_size
            if len(parts) > MOST_PARTS or total > MOST_UNPACKED:
                raise _too_large()
            packed.read(part)  # stops at the size it says, and fails when that is not the end


def _cell(value: object) -> Cell:
    match value:
        case None | str() | int() | float() | dt.date() | dt.time():
            return value.strip() if isinstance(value, str) else value
        case _:
            return str(value)


def _csv(content: bytes) -> list[Row]:
    text = _decoded(content)
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return _filled(_numbered(reader))
    except csv.Error:
        line = reader.line_num
        raise UnreadableError(_("Line {n} of the file can't be read.", n=line)) from None


def _numbered(reader: Iterator[list[str]]) -> Iterator[Row]:
    """Give each row with the line it begins on: a cell in quotes may hold several lines."""
    lines = 0
    for cells in reader:
        yield lines + 1, tuple(cell.strip() for cell in cells[:MOST_COLUMNS])
        lines = getattr(reader, "line_num", lines + 1)


def _decoded(content: bytes) -> str:
    """Return a text as spreadsheets write it: in Unicode, else in the Windows of Algeria."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1256"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableError(_("This is no table that I can read: send a CSV or an Excel file."))

"""Reads and writes CSV as spreadsheets do, with bounds: hostile bytes get a sentence, never an exception."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overt.shared.errors import BadInput

MAX_BYTES = 1_000_000
MAX_ROWS = 2_000
MAX_CELL = 1_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BadFile(BadInput):
    """The file as a whole cannot be read; the text says what to do."""

    code = "bad-file"
    field = "file"


@dataclass(frozen=True, slots=True)
class Line:
    """A row by its column names, and its number in the file (the first row below the heading is 2)."""

    number: int
    cells: dict[str, str]


def read(content: bytes, columns: Sequence[str], required: Iterable[str]) -> list[Line]:
    """The rows below the heading. Raises BadFile for anything that is no CSV with these columns."""
    if len(content) > MAX_BYTES:
        raise BadFile("The file is larger than 1 MB. Import it in parts.")
    text = _text(content)
    rows = _rows(text)
    heading = [cell.strip().lower() for cell in rows[0]] if rows else []
    _check_heading(heading, columns, required)
    body = [(i + 2, row) for i, row in enumerate(rows[1:]) if any(cell.strip() for cell in row)]
    if not body:
        raise BadFile("The file has a heading and no cameras below it.")
    if len(body) > MAX_ROWS:
        raise BadFile(f"The file has {len(body)} cameras; at most {MAX_ROWS} are taken at once.")
    return [_line(number, heading, row) for number, row in body]


def write(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV text that no spreadsheet takes for formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue()


def safe_cell(text: str) -> str:
    """A leading apostrophe for what a spreadsheet would run; numbers such as -0.33 are left as they are."""
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text


def _text(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]  # what Excel writes where it does not write UTF-8
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadFile("This is not a text file. Save the sheet as CSV (UTF-8) and upload that.")


def _rows(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadFile(f"The file cannot be read as CSV: {error}.") from None


def _check_heading(heading: Sequence[str], columns: Sequence[str], required: Iterable[str]) -> None:
    known = ", ".join(columns)
    missing = [name for name in required if name not in heading]
    if missing:
        raise BadFile(f"The first row must name the columns; missing: {', '.join(missing)}. Known columns: {known}.")
    unknown = [name for name in heading if name and name not in columns]
    if unknown:
        raise BadFile(f"Unknown column {unknown[0][:40]!r}. Known columns: {known}.")
    if len(set(heading)) != len(heading):
        raise BadFile("A column stands twice in the first row.")


def _line(number: int, heading: Sequence[str], row: Sequence[str]) -> Line:
    if len(row) > len(heading) and any(cell.strip() for cell in row[len(heading) :]):
        return Line(number, {"": "This row has more cells than the heading."})
    cells = dict(zip(heading, (_cell(cell) for cell in row), strict=False))
    if any(len(cell) > MAX_CELL for cell in cells.values()):
        return Line(number, {"": f"A cell is longer than {MAX_CELL} characters."})
    return Line(number, cells)


def _cell(text: str) -> str:
    """Without blanks around it, and without the apostrophe that `safe_cell` put in front."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text

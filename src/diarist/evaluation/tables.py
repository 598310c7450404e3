"""Tables as text, Markdown and CSV."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from diarist.errors import printable

UNDEFINED = "–"


@dataclass(frozen=True)
class Table:
    """Cells in rows, the first column to the left and the others to the right.

    Attributes:
        title: one line over it.
        header: of the columns.
        rows: of as many cells each.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """Aligned, for a terminal; control characters in names are shown as escapes."""
        cells = [[printable(cell) for cell in row] for row in (self.header, *self.rows)]
        widths = [max(_width(row[column]) for row in cells) for column in range(len(self.header))]
        lines = ["  ".join(_padded(row, widths)).rstrip() for row in cells]
        return "\n".join([printable(self.title), *lines]) + "\n"

    def markdown(self) -> str:
        """As GitHub shows it."""
        rule = ("---", *["---:"] * (len(self.header) - 1))
        lines = ["| " + " | ".join(map(_markdown, row)) + " |" for row in (self.header, rule, *self.rows)]
        return "\n".join([_markdown(self.title), "", *lines]) + "\n"


def text_document(heading: str, tables: Iterable[Table]) -> str:
    """A line, and tables as text below it."""
    return "\n\n".join([heading, *(table.text().rstrip() for table in tables)]) + "\n"


def markdown_document(heading: str, tables: Iterable[Table]) -> str:
    """The same as Markdown."""
    return "\n\n".join([heading, *(table.markdown().rstrip() for table in tables)]) + "\n"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Comma-separated values (RFC 4180); ``None`` is an empty cell."""
    content = io.StringIO(newline="")
    writer = csv.writer(content, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return content.getvalue()


def percent(rate: float | None, decimals: int = 2) -> str:
    """``0.2242`` as ``22.42``."""
    return UNDEFINED if rate is None else f"{100 * rate:.{decimals}f}"


def decimal(value: float | None, decimals: int = 3) -> str:
    """A number with so many decimals."""
    return UNDEFINED if value is None else f"{value:.{decimals}f}"


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    gaps = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
    return [row[0] + gaps[0], *(gap + cell for cell, gap in zip(row[1:], gaps[1:], strict=True))]


def _width(text: str) -> int:
    """Columns of a terminal that a text takes: two for East Asian characters, none for combining ones."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _markdown(cell: str) -> str:
    """A cell in which nothing is markup."""
    shown = printable(cell).replace("\\", "\\\\")
    for character in "|*_`<[":
        shown = shown.replace(character, f"\\{character}")
    return shown

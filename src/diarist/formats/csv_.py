"""CSV: a table with one turn a row, for spreadsheets and data frames.

RFC 4180: rows end in CRLF, a field that holds a comma, a quote or a line's end stands in double
quotes, and quotes in it are doubled. The first row names the columns ::

    recording_id,start,end,speaker,confidence,text

Read by their names, in any order: ``start``, ``end`` and ``speaker`` must be there, columns with
other names are ignored, and without ``recording_id`` all rows are of one recording. A seventh
column, ``channel``, is written only where a diarization has one.

Labels and texts are written as they are. A spreadsheet takes a cell that begins with ``=``, ``+``,
``-`` or ``@`` for a formula: import the columns as text where the labels are somebody else's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from diarist.errors import ParseError
from diarist.formats.common import at_line, by_recording, decimal_seconds, number, turn_at, written
from diarist.formats.rttm import parse_channel
from diarist.types import Diarization, Turn

NAME = "csv"
SUFFIXES = (".csv",)

COLUMNS = ("recording_id", "start", "end", "speaker", "confidence", "text")
REQUIRED = ("start", "end", "speaker")
CHANNEL = "channel"


def parse(text: str, *, recording_id: str) -> list[Diarization]:
    """One diarization a recording and channel, in the order of their first rows.

    Args:
        text: the file's.
        recording_id: the recording's name where there is no column for it, or no row.

    Raises:
        ParseError: if a row breaks the rules above.
    """
    turns = [_turn(row, line, recording_id) for line, row in _rows(text)]
    return by_recording(turns, source=NAME, otherwise=recording_id)


def serialise(diarizations: Sequence[Diarization]) -> str:
    """The header, and a row a turn; times with three decimals."""
    channels = any(diarization.channel is not None for diarization in diarizations)
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow([*COLUMNS, CHANNEL] if channels else COLUMNS)
    for diarization in diarizations:
        last = [diarization.channel or ""] if channels else []
        writer.writerows([*_row(diarization, turn), *last] for turn in diarization.turns)
    return table.getvalue()


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] | None = None
    try:
        for row in reader:
            if not any(row):
                continue
            if columns is None:
                columns = [name.strip().lower() for name in row]
                _check(columns, reader.line_num)
            elif len(row) < len(columns) or any(row[len(columns) :]):
                raise at_line(reader.line_num, f"{len(row)} fields instead of {len(columns)}.")
            else:
                yield reader.line_num, dict(zip(columns, row, strict=False))
    except csv.Error as error:
        raise at_line(reader.line_num, f"no CSV ({error}).") from None
    if columns is None:
        raise ParseError("There is no header row.", f"Begin with: {','.join(COLUMNS)}")


def _check(columns: Sequence[str], line: int) -> None:
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise ParseError(f"Line {line}: no column {', '.join(missing)}.", f"Begin with: {','.join(COLUMNS)}")


def _turn(row: Mapping[str, str], line: int, recording_id: str) -> tuple[str, int | None, Turn]:
    confidence = row.get("confidence", "").strip()
    channel = row.get(CHANNEL, "").strip()
    turn = turn_at(
        line,
        number(row["start"].strip(), line, "start"),
        number(row["end"].strip(), line, "end"),
        row["speaker"],
        number(confidence, line, "confidence") if confidence else None,
        row.get("text"),
    )
    return row.get("recording_id") or recording_id, parse_channel(channel, line) if channel else None, turn


def _row(diarization: Diarization, turn: Turn) -> list[str]:
    start, end = written(turn)
    confidence = "" if turn.confidence is None else repr(turn.confidence)
    return [
        diarization.recording_id,
        decimal_seconds(start),
        decimal_seconds(end),
        turn.speaker,
        confidence,
        turn.text or "",
    ]

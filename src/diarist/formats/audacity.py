"""Audacity labels: the text file that Audacity imports and exports for a label track.

Audacity's manual, "Importing and Exporting Labels": start, end and label, separated by tabs, times
in seconds with a point and six decimals; a label with a frequency range has a second line that
begins with a backslash ::

    12.340000<TAB>15.000000<TAB>SPEAKER_00
    \\<TAB>100.000000<TAB>8000.000000

Our convention for the label: the speaker's name alone, or ``[SPEAKER_00] text`` where there is a
text (or where the name begins with ``[``), with ``]`` and the backslash in a name after a backslash.
Any other label is a speaker's name as it is; an empty one is :data:`diarist.types.UNKNOWN`.

Frequency ranges are ignored. Labels at a point (start and end the same) mark an instant and no
turn: they are left out, and a note says how many. White space in labels, tabs and line breaks
included, is written as single spaces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from diarist.formats.common import (
    at_line,
    decimal_seconds,
    number,
    one_line,
    only_one,
    split_lines,
    turn_at,
    written,
)
from diarist.formats.srt import bracketed, split_brackets
from diarist.types import UNKNOWN, Diarization, Turn

NAME = "audacity"
SUFFIXES = (".txt", ".labels")

_LINE = re.compile(r"\s*[0-9.]+\t\s*[0-9.]+(?:\t.*)?")


def looks_like(text: str) -> bool:
    """Whether the first line that is not blank is a label, and not a line of our transcripts."""
    first = next((line for line in split_lines(text[:100_000]) if line.strip()), "")
    return _LINE.fullmatch(first) is not None


def parse(text: str, *, recording_id: str) -> list[Diarization]:
    """One diarization.

    Args:
        text: the file's.
        recording_id: the recording's name, which the format does not hold.

    Raises:
        ParseError: if a line is no label.
    """
    turns: list[Turn] = []
    points = 0
    for line, content in enumerate(split_lines(text), start=1):
        if not content.strip() or content.startswith("\\"):
            continue
        fields = content.split("\t", 2)
        if len(fields) < 2:
            raise at_line(line, "no tab between start and end.")
        start = number(fields[0].strip(), line, "start")
        end = number(fields[1].strip(), line, "end")
        if start == end:
            points += 1
        else:
            speaker, said = _split(one_line(fields[2]) if len(fields) > 2 else "")
            turns.append(turn_at(line, start, end, speaker, None, said))
    notes = (f"Labels at a point, which are no turns and were left out: {points}.",) if points else ()
    return [Diarization(recording_id, tuple(turns), source=NAME, notes=notes)]


def serialise(diarizations: Sequence[Diarization]) -> str:
    """One label a turn.

    Raises:
        FormatError: if there is not exactly one diarization.
    """
    return "".join(_line(turn) for turn in only_one(diarizations, NAME).turns)


def _split(label: str) -> tuple[str, str]:
    return split_brackets(label) or (label if label.strip() else UNKNOWN, "")


def _line(turn: Turn) -> str:
    start, end = written(turn)
    text, speaker = one_line(turn.text or ""), one_line(turn.speaker)
    label = bracketed(speaker, text) if text or speaker.startswith("[") else speaker
    return f"{decimal_seconds(start)}000\t{decimal_seconds(end)}000\t{label}\n"

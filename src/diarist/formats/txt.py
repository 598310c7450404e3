"""TXT: a transcript for people, which reads back.

Our own; there is no specification but this. One turn a line, blank lines are ignored ::

    [00:00:12.340 --> 00:00:15.000] SPEAKER_00 (0.93): What was said.

The confidence in brackets and the text may be absent; the colon may not. ``\\\\``, ``\\n`` and
``\\r`` stand for a backslash and the two ends of a line, and in a speaker's label ``\\:`` and
``\\(`` for a colon and a bracket.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from diarist.formats.common import (
    at_line,
    clock_time,
    confidence_3,
    number,
    only_one,
    parse_clock,
    split_lines,
    turn_at,
    written,
)
from diarist.types import Diarization, Turn

NAME = "txt"
SUFFIXES = (".txt",)

_LINE = re.compile(
    r"\[(?P<start>[0-9:.]+) --> (?P<end>[0-9:.]+)\] "
    r"(?P<speaker>(?:[^\\:(]|\\.)+?)(?: \((?P<confidence>[^()]*)\))?:(?: (?P<text>.*))?"
)
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_LABEL_ESCAPES = {**_ESCAPES, ":": "\\:", "(": "\\("}
_ESCAPED = re.compile(r"\\(.)")


def parse(text: str, *, recording_id: str) -> list[Diarization]:
    """One diarization.

    Args:
        text: the file's.
        recording_id: the recording's name, which the format does not hold.

    Raises:
        ParseError: if a line is none of ours.
    """
    turns = tuple(
        _turn(content, line) for line, content in enumerate(split_lines(text), start=1) if content.strip()
    )
    return [Diarization(recording_id, turns, source=NAME)]


def serialise(diarizations: Sequence[Diarization]) -> str:
    """One line a turn.

    Raises:
        FormatError: if there is not exactly one diarization.
    """
    return "".join(_line(turn) for turn in only_one(diarizations, NAME).turns)


def _turn(content: str, line: int) -> Turn:
    match = _LINE.fullmatch(content)
    start = parse_clock(match["start"]) if match else None
    end = parse_clock(match["end"]) if match else None
    if match is None or start is None or end is None:
        raise at_line(line, "not of the form '[00:00:12.340 --> 00:00:15.000] SPEAKER: text'.")
    confidence = number(match["confidence"], line, "confidence") if match["confidence"] is not None else None
    return turn_at(line, start, end, _unescape(match["speaker"]), confidence, _unescape(match["text"] or ""))


def _line(turn: Turn) -> str:
    start, end = written(turn)
    confidence = "" if turn.confidence is None else f" ({confidence_3(turn.confidence)})"
    text = f" {_escape(turn.text, _ESCAPES)}" if turn.text else ""
    speaker = _escape(turn.speaker, _LABEL_ESCAPES)
    return f"[{clock_time(start)} --> {clock_time(end)}] {speaker}{confidence}:{text}\n"


def _escape(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda match: {"n": "\n", "r": "\r"}.get(match[1], match[1]), text)

"""SRT: subtitles, SubRip's, with the speaker before the text.

There is no specification; what players agree on is a number, a line of times with a comma before
the milliseconds, text, and a blank line ::

    1
    00:00:12,340 --> 00:00:15,000
    [SPEAKER_00] What was said.

No field names a speaker. ``[SPEAKER_00] text`` is written, and ``[SPEAKER_00]`` alone where there
is no text; ``]`` and the backslash in a label get a backslash before them. Read are also
``[SPEAKER_00]: text``, which WhisperX writes, and ``Speaker: text`` where the name has at most
four words and 40 characters and no full stop; a cue with neither is :data:`diarist.types.UNKNOWN`'s.

Files in the wild leave out numbers, write a point for the comma, put coordinates after the times
and blank lines inside a text: all that is read. Tags such as ``<i>`` stay in the text. White
space, line breaks included, is written and read as single spaces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from diarist.errors import ParseError
from diarist.formats.common import at_line, clock_time, one_line, only_one, split_lines, written
from diarist.formats.cues import ARROW, Cue, cue_at, timing, turns_of
from diarist.types import UNKNOWN, Diarization, Turn

NAME = "srt"
SUFFIXES = (".srt",)

_BRACKETS = re.compile(r"\[((?:[^\]\\]|\\.)+)\]:?(?: (.*))?")
_PREFIX = re.compile(r"([^\s:.,!?][^:.!?]{0,39}):(?: (.*))?")
_ESCAPED = re.compile(r"\\([\]\\])")
MAX_WORDS = 4


def parse(text: str, *, recording_id: str) -> list[Diarization]:
    """One diarization; its notes say which cues had impossible times.

    Args:
        text: the file's.
        recording_id: the recording's name, which the format does not hold.

    Raises:
        ParseError: if a line of times cannot be read.
    """
    turns: list[Turn] = []
    notes: list[str] = []
    for cue in _cues(split_lines(text)):
        payload = one_line(cue.payload)
        if payload:
            own, note = turns_of(cue, [split_label(payload)])
            turns += own
            notes += [note] * bool(note)
    return [Diarization(recording_id, tuple(turns), source=NAME, notes=tuple(notes))]


def serialise(diarizations: Sequence[Diarization]) -> str:
    """One cue a turn.

    Raises:
        FormatError: if there is not exactly one diarization.
    """
    return "\n".join(
        _cue(index, turn) for index, turn in enumerate(only_one(diarizations, NAME).turns, start=1)
    )


def bracketed(speaker: str, text: str | None) -> str:
    """``[speaker] text`` on one line."""
    label = re.sub(r"([\]\\])", r"\\\1", one_line(speaker))
    return f"[{label}] {one_line(text or '')}".strip(" ")


def split_brackets(payload: str) -> tuple[str, str] | None:
    """Speaker and text of ``[speaker] text``; ``None`` where it is not of that form."""
    match = _BRACKETS.fullmatch(payload)
    label = _ESCAPED.sub(r"\1", match[1]) if match else ""
    return (label, match[2] or "") if match and label.strip() else None


def split_label(payload: str) -> tuple[str, str]:
    """Speaker and text of one line, by the rules above."""
    found = split_brackets(payload)
    if found:
        return found
    match = _PREFIX.fullmatch(payload)
    if match and len(match[1].split()) <= MAX_WORDS and not match[1].isdigit() and match[1].strip():
        return match[1].strip(), match[2] or ""
    return UNKNOWN, payload


def _cues(lines: Sequence[str]) -> list[Cue]:
    """Every line of times begins a cue, and what follows up to the next is its text."""
    starts = [index for index, content in enumerate(lines) if _begins(lines, index, content)]
    if not starts and any(content.strip() for content in lines):
        raise ParseError(
            "There is no line of times such as '00:00:12,340 --> 00:00:15,000'.", "Check the file's format."
        )
    ends = [_without_number(lines, start) for start in starts[1:]] + [len(lines)]
    return [
        cue_at(start + 1, lines[start], lines[start + 1 : end])
        for start, end in zip(starts, ends, strict=False)
    ]


def _begins(lines: Sequence[str], index: int, content: str) -> bool:
    if ARROW not in content:
        return False
    if timing(content) is not None:
        return True
    before = lines[index - 1].strip() if index else ""
    if not before or before.isdigit():
        raise at_line(index + 1, f"{content.strip()[:60]!r} holds no two times.")
    return False  # an arrow in somebody's text


def _without_number(lines: Sequence[str], start: int) -> int:
    """Where the text before the cue at ``start`` ends: before the cue's number, if it has one."""
    return start - 1 if lines[start - 1].strip().isdigit() else start


def _cue(index: int, turn: Turn) -> str:
    start, end = written(turn)
    times = f"{clock_time(start, ',')} {ARROW} {clock_time(end, ',')}"
    return f"{index}\n{times}\n{bracketed(turn.speaker, turn.text)}\n"

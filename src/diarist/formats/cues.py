"""What the two subtitle formats share: timing lines, and cues with times that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from diarist.formats.common import at_line, parse_clock, turn_at
from diarist.types import Turn

ARROW = "-->"
SHORTEST = 0.001  # seconds; what a cue of no length is given

_TIMING = re.compile(r"\s*([0-9:.,]+)\s*-->\s*([0-9:.,]+)(?:\s.*)?")

Voices = Sequence[tuple[str, str]]  # speaker and text; a cue of WebVTT may hold several


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of time and what is shown in it.

    Attributes:
        line: of its times, counted from 1.
        start, end: seconds as written, in whichever order.
        payload: the lines below its times, joined by spaces.
    """

    line: int
    start: float
    end: float
    payload: str


def timing(content: str) -> tuple[float, float] | None:
    """The two times of a timing line; ``None`` where it is none."""
    match = _TIMING.fullmatch(content)
    start = parse_clock(match[1]) if match else None
    end = parse_clock(match[2]) if match else None
    return None if start is None or end is None else (start, end)


def cue_at(line: int, content: str, payload: Iterable[str]) -> Cue:
    """The cue whose timing line is ``content``.

    Raises:
        ParseError: if that holds no two times.
    """
    times = timing(content)
    if times is None:
        raise at_line(line, f"{content.strip()[:60]!r} holds no two times.")
    return Cue(line, *times, " ".join(part for part in payload if part.strip()))


def turns_of(cue: Cue, voices: Voices) -> tuple[list[Turn], str]:
    """The turns of a cue, and a note where its times had to be changed.

    What is said in a cue that ends before it starts was said all the same: its times are swapped.
    A cue of no length gets a millisecond.
    """
    start, end = sorted((cue.start, cue.end))
    note = ""
    if cue.end < cue.start:
        note = f"The cue in line {cue.line} ends before it starts: its times were swapped."
    elif start == end:
        end += SHORTEST
        note = f"The cue in line {cue.line} has no length: it was given a millisecond."
    return [turn_at(cue.line, start, end, speaker, None, text) for speaker, text in voices], note

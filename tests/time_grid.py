"""The brute-force reference for intervals: a grid of milliseconds."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from diarist.intervals import Segment
from diarist.types import Turn

GRID = 60  # milliseconds of the brute-force reference


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    start = draw(st.integers(0, GRID - 1))
    return Segment(start / 1000, draw(st.integers(start + 1, GRID)) / 1000)


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    segment = draw(segments())
    confidence = draw(st.none() | st.integers(0, 10).map(lambda tenths: tenths / 10))
    return Turn(segment.start, segment.end, draw(st.sampled_from("ABC")), confidence)


def cells(parts: Iterable[Segment | Turn]) -> set[int]:
    """The milliseconds that lie in ``parts``."""
    return {ms for part in parts for ms in range(round(part.start * 1000), round(part.end * 1000))}


def runs(members: set[int]) -> list[tuple[int, int]]:
    """Maximal runs of milliseconds."""
    found: list[tuple[int, int]] = []
    for ms in sorted(members):
        if found and found[-1][1] == ms:
            found[-1] = (found[-1][0], ms + 1)
        else:
            found.append((ms, ms + 1))
    return found


def as_runs(parts: Iterable[Segment]) -> list[tuple[int, int]]:
    return [(round(part.start * 1000), round(part.end * 1000)) for part in parts]


many_segments = st.lists(segments(), max_size=12)
many_turns = st.lists(turns(), max_size=14)

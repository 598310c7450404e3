"""Intervals against a grid of milliseconds."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarist.errors import IntervalError
from diarist.intervals import Segment, difference, intersection, union
from diarist.transcript import Word
from diarist.types import Turn
from time_grid import as_runs, cells, many_segments, runs


@pytest.mark.parametrize(
    ("start", "end"),
    [(1, 1), (2, 1), (-1, 1), (math.nan, 1), (0, math.nan), (0, math.inf), (-math.inf, 0), (-0.5, -0.1)],
)
def test_impossible_intervals(start: float, end: float) -> None:
    with pytest.raises(IntervalError):
        Segment(start, end)
    with pytest.raises(IntervalError):
        Turn(start, end, "A")
    if start != end:  # a word of no length is allowed
        with pytest.raises(IntervalError):
            Word("w", start, end)


def test_segment_arithmetic() -> None:
    left, right = Segment(1, 4), Segment(3, 6)
    assert left.length == 3
    assert left.overlap(right) == 1
    assert left.intersection(right) == Segment(3, 4)
    assert left.overlap(Segment(4, 5)) == 0
    assert left.intersection(Segment(4, 5)) is None


def test_union_closes_gaps_of_at_most() -> None:
    parts = [Segment(1.3, 2), Segment(0.5, 1.0), Segment(2.31, 3)]
    # 1.3 - 1.0 is 0.30000000000000004 in floating point, and a gap of 0.3 all the same.
    assert union(parts, gap=0.3) == (Segment(0.5, 2), Segment(2.31, 3))
    assert union(parts) == (Segment(0.5, 1.0), Segment(1.3, 2), Segment(2.31, 3))


@settings(max_examples=60, deadline=None)
@given(many_segments, st.integers(0, 8))
def test_union_is_that_of_the_grid(parts: list[Segment], gap: int) -> None:
    expected: list[tuple[int, int]] = []
    for start, end in runs(cells(parts)):
        if expected and start - expected[-1][1] <= gap:
            expected[-1] = (expected[-1][0], end)
        else:
            expected.append((start, end))
    assert as_runs(union(parts, gap=gap / 1000)) == expected


@settings(max_examples=60, deadline=None)
@given(many_segments, many_segments)
def test_intersection_and_difference_are_those_of_the_grid(left: list[Segment], right: list[Segment]) -> None:
    assert as_runs(intersection(left, right)) == runs(cells(left) & cells(right))
    assert as_runs(difference(left, right)) == runs(cells(left) - cells(right))

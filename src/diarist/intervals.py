"""Stretches of time, and the algebra of sets of them.

Times are seconds as ``float``; intervals are half-open ``[start, end)``, never empty, never
negative.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from diarist.errors import IntervalError

SAME_INSTANT = 1e-9  # seconds; 1.3 - 1.0 is a little more than 0.3 in floating point


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A half-open stretch of time ``[start, end)`` in seconds.

    Raises:
        IntervalError: if it is empty, negative or not finite.
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        check_interval(self.start, self.end)
        as_floats(self, "start", "end")

    @property
    def length(self) -> float:
        """Seconds from start to end."""
        return self.end - self.start

    def overlap(self, other: Segment) -> float:
        """Seconds that both share; 0 where they are apart."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def intersection(self, other: Segment) -> Segment | None:
        """The stretch both share, or ``None``."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Segment(start, end) if start < end else None


def segment_order(segment: Segment) -> tuple[float, float]:
    """What to sort by; much faster than comparing dataclasses."""
    return (segment.start, segment.end)


def union(segments: Iterable[Segment], *, gap: float = 0.0) -> tuple[Segment, ...]:
    """The segments merged where they overlap, touch, or are at most ``gap`` seconds apart."""
    merged: list[Segment] = []
    start = end = -math.inf
    for segment in sorted(segments, key=segment_order):
        if segment.start - end <= gap + SAME_INSTANT:
            end = max(end, segment.end)
            continue
        if end > start:
            merged.append(Segment(start, end))
        start, end = segment.start, segment.end
    if end > start:
        merged.append(Segment(start, end))
    return tuple(merged)


def intersection(left: Iterable[Segment], right: Iterable[Segment]) -> tuple[Segment, ...]:
    """The time that lies in both sets."""
    ours, theirs = union(left), union(right)
    shared: list[Segment] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        both = ours[i].intersection(theirs[j])
        if both is not None:
            shared.append(both)
        if ours[i].end <= theirs[j].end:
            i += 1
        else:
            j += 1
    return tuple(shared)


def difference(left: Iterable[Segment], right: Iterable[Segment]) -> tuple[Segment, ...]:
    """The time that lies in ``left`` and not in ``right``."""
    cuts = union(right)
    rest: list[Segment] = []
    j = 0
    for segment in union(left):
        start = segment.start
        while j < len(cuts) and cuts[j].end <= start:
            j += 1
        k = j
        while k < len(cuts) and cuts[k].start < segment.end:
            if cuts[k].start > start:
                rest.append(Segment(start, cuts[k].start))
            start = max(start, cuts[k].end)
            k += 1
        if start < segment.end:
            rest.append(Segment(start, segment.end))
    return tuple(rest)


def check_interval(start: float, end: float) -> None:
    """Raises ``IntervalError`` for what is empty, negative or not finite."""
    if not (math.isfinite(start) and math.isfinite(end)):
        raise IntervalError(
            f"The interval from {start} s to {end} s is not finite.", "Give numbers of seconds."
        )
    if start < 0:
        raise IntervalError(f"The interval starts at {start} s.", "Times start at 0.")
    if end <= start:
        raise IntervalError(
            f"The interval from {start} s to {end} s is empty.", "Its end must come after its start."
        )


def as_floats(value: object, *names: str) -> None:
    """Make integers and NumPy's numbers in a frozen value the plain floats that it promises."""
    for name in names:
        number = getattr(value, name)
        if number is not None and type(number) is not float:
            object.__setattr__(value, name, float(number))

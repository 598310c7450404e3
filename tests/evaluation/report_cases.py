"""Recordings for the tests of the report, small enough to compute by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from diarist.evaluation import Labels, Protocol, score
from diarist.evaluation.boundaries import compare_boundaries
from diarist.evaluation.boundaries.collar import collar_curve
from diarist.evaluation.corpus import Regions
from diarist.evaluation.reading import read_labels
from diarist.evaluation.report import Report
from diarist.intervals import Segment
from diarist.types import Diarization, Turn

Speech = Sequence[tuple[str, float, float]]  # speaker, start, end

# In seconds:          0    2    3     5   5.5    6       9   10
#   Ann                |-----------------------------|
#   Bob                                |---------------------|
#   X                  |----|    |-----------|
#   Z                       |----|
#   Y                                               |------------|
#   missed                             |--1--|--2--|
#   false alarm                                             |--1--|
#   confusion               |-1--|
#
# X stands for Ann, Y for Bob, Z for nobody. Speech 6 + 4 = 10 s, missed 0.5 + 2 * 0.5 = 1.5 s, false
# alarm 1 s, confusion 1 s, DER 35 %.
TALK_REFERENCE: Speech = (("Ann", 0, 6), ("Bob", 5, 9))
TALK_HYPOTHESIS: Speech = (("X", 0, 2), ("Z", 2, 3), ("X", 3, 5.5), ("Y", 6, 10))


def labels(recordings: Mapping[str, Speech]) -> Labels:
    """Labels of recordings."""
    return Labels.from_diarizations(
        Diarization(name, tuple(Turn(start, end, speaker) for speaker, start, end in speech))
        for name, speech in recordings.items()
    )


def report_of(
    reference: Labels,
    hypothesis: Labels,
    protocol: Protocol | None = None,
    uem: Regions | None = None,
    *,
    system: str = "the system",
    whole: bool = False,
) -> Report:
    """The report, with boundaries and the curve of collars if it is to be whole."""
    scores = score(reference, hypothesis, protocol, uem=uem, system=system)
    if not whole:
        return Report(scores, reference, hypothesis, uem)
    boundaries = compare_boundaries(reference, hypothesis, scores.protocol, uem)
    curve = collar_curve(reference, hypothesis, scores.protocol, uem)
    return Report(scores, reference, hypothesis, uem, boundaries, curve)


def talk(
    protocol: Protocol | None = None, *parts: tuple[float, float], name: str = "talk", whole: bool = False
) -> Report:
    """The recording above; with parts, they are what is scored of it."""
    uem = {name: tuple(Segment(start, end) for start, end in parts)} if parts else None
    ours, theirs = labels({name: TALK_REFERENCE}), labels({name: TALK_HYPOTHESIS})
    return report_of(ours, theirs, protocol, uem, whole=whole)


def crowd(number: int, recording: str = "crowd") -> Report:
    """So many speakers one after the other, each found under a name of their own but for every third."""
    ours = [(f"speaker {k:03d}", 6.0 * k, 6.0 * k + 5 + k / number) for k in range(number)]
    theirs = [(f"found {k if k % 3 else 0:03d}", start + 0.25, end) for k, (_, start, end) in enumerate(ours)]
    return report_of(labels({recording: ours}), labels({recording: theirs}))


def shared_pair(folder: Path, corpus: str, system: str) -> tuple[Labels, Labels]:
    """A real reference and what a real system made of it."""
    base = folder / "rttm_pairs" / corpus
    sides = (base / "ref", base / "hyp" / system)
    ours, theirs = (read_labels(sorted(side.glob("*.rttm"))).labels for side in sides)
    return ours, theirs

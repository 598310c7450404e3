"""What happens when in one recording: who speaks, which errors are made, what is not scored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.arrays import Floats, Ints
from diarist.evaluation.corpus import Corpus, Side, lay_out
from diarist.evaluation.measures import Shared, map_speakers, num_right
from diarist.evaluation.sweep import Sweep, sweep
from diarist.timebase import TICKS_PER_SECOND

if TYPE_CHECKING:
    from diarist.evaluation.protocol import Protocol
    from diarist.evaluation.report.contents import Report

Turns = tuple[Ints, Ints]  # starts and ends of one speaker's turns, in ticks

MISSED, FALSE_ALARM, CONFUSION = "missed", "false alarm", "confusion"
COLLAR, NOT_SCORED = "collar", "not scored"
ERROR_KINDS = (MISSED, FALSE_ALARM, CONFUSION)


@dataclass(frozen=True, eq=False)
class RecordingLayout:
    """One recording, cut at every boundary.

    Attributes:
        protocol: the rules.
        corpus: of this recording alone.
        sweep: its stretches.
        shared: who stands for whom.
    """

    protocol: Protocol
    corpus: Corpus
    sweep: Sweep
    shared: Shared

    def seconds(self, ticks: Ints) -> Floats:
        """Times on the axis as seconds of the recording."""
        return np.asarray((ticks - self.corpus.shifts[0]) / TICKS_PER_SECOND, np.float64)

    @property
    def extent(self) -> tuple[float, float]:
        """First start and last end of the scored regions, in seconds."""
        ends = np.array([self.corpus.region_starts[0], self.corpus.region_ends[-1]])
        start, end = self.seconds(ends).tolist()
        return start, end

    @property
    def mapping(self) -> dict[int, int]:
        """Reference speaker → the hypothesis speaker who stands for them, by index."""
        return dict(zip(self.shared.reference.tolist(), self.shared.hypothesis.tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Stretches:
    """``K`` stretches of time in order, in none of which anything changes.

    Attributes:
        spans: starts and ends in seconds ``[K, 2]``.
        speakers: how many speakers each concerns, at least 1 ``[K]``. Length times speakers, summed,
            is the component of DER in seconds.
    """

    spans: Floats
    speakers: Ints


def lay_out_recording(report: Report, recording: str) -> RecordingLayout:
    """Lay out one of the recordings that a report scores; it must have a scored region."""
    protocol = report.scores.protocol
    sides = [
        labels.without(frozenset(labels.recordings) - {recording})
        for labels in (report.reference, report.hypothesis)
    ]
    corpus = lay_out(sides[0], sides[1], protocol, report.uem)
    stretches = sweep(corpus, protocol)
    return RecordingLayout(protocol, corpus, stretches, map_speakers(corpus, stretches, protocol))


def error_stretches(layout: RecordingLayout) -> dict[str, Stretches]:
    """Where the errors are, each kind by itself, since a stretch can have missed speech and confusion at
    once, and what is not scored of the extent.

    Returns:
        ``"missed"``, ``"false alarm"``, ``"confusion"``; ``"collar"``: inside a region, not scored for a
        collar; ``"not scored"``: outside of all regions, or skipped overlap.
    """
    cut = layout.sweep
    both = np.minimum(cut.num_reference, cut.num_hypothesis)
    skipped = cut.inside & (cut.num_reference > 1) & (layout.protocol.overlap == "skipped")
    numbers = {
        MISSED: cut.scored * (cut.num_reference - both),
        FALSE_ALARM: cut.scored * (cut.num_hypothesis - both),
        CONFUSION: cut.scored * (both - num_right(layout.corpus, cut, layout.shared)),
        COLLAR: cut.inside & ~cut.scored & ~skipped,
        NOT_SCORED: ~cut.inside | skipped,
    }
    first, last = layout.corpus.region_starts[0], layout.corpus.region_ends[-1]
    starts, ends = np.clip(cut.times[:-1], first, last), np.clip(cut.times[1:], first, last)
    return {
        kind: _stretches(layout, starts, ends, number.astype(np.int64)) for kind, number in numbers.items()
    }


def turns_by_speaker(side: Side) -> list[Turns]:
    """The turns of each of the side's speakers, sorted."""
    order = np.argsort(side.turn_speakers, kind="stable")
    first = np.searchsorted(side.turn_speakers[order], np.arange(1, len(side.speakers)))
    return list(zip(np.split(side.starts[order], first), np.split(side.ends[order], first), strict=True))


def _stretches(layout: RecordingLayout, starts: Ints, ends: Ints, number: Ints) -> Stretches:
    kept = (number > 0) & (ends > starts)
    spans = np.column_stack([layout.seconds(starts[kept]), layout.seconds(ends[kept])])
    return Stretches(spans, number[kept])


def right_turns(layout: RecordingLayout) -> Iterator[tuple[int, int, Turns]]:
    """Each reference speaker with the one who stands for them, and where both speak."""
    ours, theirs = (turns_by_speaker(side) for side in (layout.corpus.reference, layout.corpus.hypothesis))
    for reference, hypothesis in layout.mapping.items():
        yield reference, hypothesis, _common(ours[reference], theirs[hypothesis])


def _common(left: Turns, right: Turns) -> Turns:
    """Where turns of two speakers overlap; those of one speaker do not."""
    first = np.searchsorted(right[1], left[0], side="right")
    number = np.maximum(np.searchsorted(right[0], left[1], side="left") - first, 0)
    ours = np.repeat(np.arange(len(first)), number)
    theirs = first[ours] + np.arange(len(ours)) - np.repeat(np.cumsum(number) - number, number)
    return np.maximum(left[0][ours], right[0][theirs]), np.minimum(left[1][ours], right[1][theirs])

"""Whose speech went to whom: the errors of one recording, told apart by speaker.

Where speaker and partner speak at once, that is right. Of whoever is left in a stretch, ``l`` reference
and ``m`` hypothesis speakers, ``min(l, m)`` are confused, as DER counts them, and the others are missed or
false alarm. With one left on each side it is clear who was taken for whom; with more, the time is
divided equally among all pairs that it could be. The sums are therefore the components of DER exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diarist.evaluation.arrays import Floats, Ints, tick_sums
from diarist.evaluation.report.timelines import RecordingLayout, right_turns, turns_by_speaker
from diarist.timebase import TICKS_PER_SECOND

if TYPE_CHECKING:
    from diarist.evaluation.corpus import Side

Counts = NDArray[np.int32]

MAX_SPEAKERS = 12  # a side; those who speak least are taken together
_BLOCK = 1 << 16  # stretches at a time: what is held does not grow with a recording's length


@dataclass(frozen=True, eq=False)
class Attribution:
    """Scored time of ``S`` reference and ``H`` hypothesis speakers of a recording, in seconds.

    Attributes:
        reference: names; the last may stand for several ``[S]``.
        hypothesis: the same ``[H]``.
        num_alone: how many of each side stand for themselves alone: ``S`` or less by one, and ``H``.
        partners: hypothesis speaker who stands for each of the reference; -1 for none ``[S]``.
        right: time that is right; 0 but for partners and those who are taken together ``[S, H]``.
        confusion: time of the one that was given to the other ``[S, H]``.
        missed: time of each reference speaker ``[S]``.
        false_alarm: time of each hypothesis speaker ``[H]``.
    """

    reference: tuple[str, ...]
    hypothesis: tuple[str, ...]
    num_alone: tuple[int, int]
    partners: Ints
    right: Floats
    confusion: Floats
    missed: Floats
    false_alarm: Floats

    @property
    def reference_time(self) -> Floats:
        """Scored time of each reference speaker ``[S]``."""
        return np.sum(self.right + self.confusion, axis=1, dtype=np.float64) + self.missed

    @property
    def hypothesis_time(self) -> Floats:
        """Scored time of each hypothesis speaker ``[H]``."""
        return np.sum(self.right + self.confusion, axis=0, dtype=np.float64) + self.false_alarm


@dataclass(frozen=True, eq=False)
class _Places:
    """Where speakers of a side are shown: names, how many of them stand for one, and each one's index."""

    names: tuple[str, ...]
    num_alone: int
    of: Ints


def attribute(layout: RecordingLayout) -> Attribution:
    """The times of the speakers who are shown: who speaks most first, and whoever stands for them."""
    ours, theirs = layout.corpus.reference, layout.corpus.hypothesis
    mapping = layout.mapping
    spoken = [_speech(side) for side in (ours, theirs)]
    rows = sorted(range(len(ours.speakers)), key=lambda speaker: -spoken[0][speaker])
    partners = [mapping[speaker] for speaker in rows if speaker in mapping]
    others = sorted(set(range(len(theirs.speakers))) - set(partners), key=lambda s: -spoken[1][s])
    row, column = _places(rows, ours), _places([*partners, *others], theirs)
    together = _together(layout, row, column)
    left = _left_over(layout, ours, row, together.rows, together)
    over = _left_over(layout, theirs, column, together.columns, together)
    right = _right(layout, together, (len(row.names), len(column.names)))
    confusion, missed, false_alarm = _wrong(layout, left, over)
    return Attribution(
        row.names,
        column.names,
        (row.num_alone, column.num_alone),
        _partners(mapping, row, column),
        right,
        confusion,
        missed,
        false_alarm,
    )


def _speech(side: Side) -> list[int]:
    """Ticks of each speaker's turns ``[S]``."""
    return [int((ends - starts).sum()) for starts, ends in turns_by_speaker(side)]


def _places(order: Sequence[int], side: Side) -> _Places:
    place = np.zeros(len(order), np.int64)
    number = len(order) if len(order) <= MAX_SPEAKERS else MAX_SPEAKERS - 1
    place[list(order)] = np.minimum(np.arange(len(order)), number)
    names = [side.speakers[speaker] for speaker in order[:number]]
    if len(order) > number:
        names.append(f"{len(order) - number} others")
    return _Places(tuple(names), number, place)


def _partners(mapping: Mapping[int, int], row: _Places, column: _Places) -> Ints:
    """Who stands for whom, where both have a place of their own."""
    partners = np.full(len(row.names), -1, np.int64)
    for reference, hypothesis in mapping.items():
        if row.of[reference] < row.num_alone and column.of[hypothesis] < column.num_alone:
            partners[row.of[reference]] = column.of[hypothesis]
    return partners


@dataclass(frozen=True, eq=False)
class _Together:
    """Where speakers and those who stand for them speak at once: places, and ticks on the axis ``[K]``."""

    rows: Ints
    columns: Ints
    starts: Ints
    ends: Ints


def _together(layout: RecordingLayout, row: _Places, column: _Places) -> _Together:
    pairs = list(right_turns(layout))
    empty = np.zeros(0, np.int64)
    lengths = [len(starts) for _, _, (starts, _) in pairs]
    return _Together(
        np.repeat(row.of[[reference for reference, _, _ in pairs]], lengths),
        np.repeat(column.of[[hypothesis for _, hypothesis, _ in pairs]], lengths),
        np.concatenate([empty, *(starts for _, _, (starts, _) in pairs)]),
        np.concatenate([empty, *(ends for _, _, (_, ends) in pairs)]),
    )


def _right(layout: RecordingLayout, together: _Together, shape: tuple[int, int]) -> Floats:
    """Scored seconds that are right ``[S, H]``."""
    until = layout.sweep.scored_until
    ticks = until(together.ends) - until(together.starts)
    cells = together.rows * shape[1] + together.columns
    return tick_sums(cells, ticks, shape[0] * shape[1]).reshape(shape) / TICKS_PER_SECOND


def _left_over(
    layout: RecordingLayout, side: Side, places: _Places, rights: Ints, together: _Together
) -> Counts:
    """How many of those who share a place speak in each stretch and are not right ``[S, E - 1]``.

    Args:
        layout: the recording.
        side: whose speakers.
        places: where they are shown.
        rights: places of ``together`` ``[K]``.
        together: where they are right.
    """
    times = layout.sweep.times
    counts = np.zeros((len(places.names), len(times)), np.int32)
    turns = (places.of[side.turn_speakers], side.starts, side.ends, 1)
    for place, starts, ends, sign in (turns, (rights, together.starts, together.ends, -1)):
        np.add.at(counts, (place, np.searchsorted(times, starts)), sign)
        np.add.at(counts, (place, np.searchsorted(times, ends)), -sign)
    return np.cumsum(counts, axis=1, out=counts)[:, :-1]


def _wrong(layout: RecordingLayout, left: Counts, over: Counts) -> tuple[Floats, Floats, Floats]:
    """Confusion ``[S, H]``, missed ``[S]`` and false alarm ``[H]`` of those who are left over."""
    seconds = layout.sweep.lengths * layout.sweep.scored / TICKS_PER_SECOND
    confusion = np.zeros((len(left), len(over)))
    missed, false_alarm = np.zeros(len(left)), np.zeros(len(over))
    for begin in range(0, len(seconds), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        ours, theirs = left[:, block].astype(np.float64), over[:, block].astype(np.float64)
        ours_each, theirs_each = ours / _at_least_one(ours), theirs / _at_least_one(theirs)
        confused = np.minimum(ours.sum(axis=0), theirs.sum(axis=0))
        confusion += (ours_each * (confused * seconds[block])) @ theirs_each.T
        missed += ours_each @ ((ours.sum(axis=0) - confused) * seconds[block])
        false_alarm += theirs_each @ ((theirs.sum(axis=0) - confused) * seconds[block])
    return confusion, missed, false_alarm


def _at_least_one(counts: Floats) -> Floats:
    return np.maximum(np.sum(counts, axis=0, dtype=np.float64), 1.0)

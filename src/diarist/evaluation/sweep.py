"""One pass over all boundaries of a corpus: who is active between each two of them.

Every start and end of a turn, a region or a collar is an event. Sorted, they cut the axis into
stretches in which nothing changes; cumulative sums over the events tell how many speakers of each side
are active in a stretch, whether it is scored, and, where that is asked for, which set of speakers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.arrays import Bools, Ints, Keys, block_sums
from diarist.timebase import seconds_to_ticks

if TYPE_CHECKING:
    from diarist.evaluation.corpus import Corpus, Side
    from diarist.evaluation.protocol import Protocol


@dataclass(frozen=True, eq=False)
class Sweep:
    """The axis cut at each of ``E`` events.

    Attributes:
        times: ticks of the events ``[E]``, sorted; several may be equal.
        lengths: ticks from each event to the next ``[E - 1]``.
        num_reference: active speakers of the reference in each stretch ``[E - 1]``.
        num_hypothesis: those of the hypothesis ``[E - 1]``.
        inside: whether a stretch lies in the scored region ``[E - 1]``.
        scored: whether it is left when collars and skipped overlap are taken out ``[E - 1]``.
        bounds: index of each recording's first stretch ``[R + 1]``.
    """

    times: Ints
    lengths: Ints
    num_reference: Ints
    num_hypothesis: Ints
    inside: Bools
    scored: Bools
    bounds: Ints

    def per_recording(self, amounts: Ints) -> Ints:
        """Sums of an amount a stretch over each recording ``[R]``, exact."""
        return block_sums(amounts, self.bounds)

    def scored_until(self, times: Ints) -> Ints:
        """Ticks that are scored before each of ``times``, which must be events."""
        return self._scored_before[np.searchsorted(self.times, times)]

    @cached_property
    def _scored_before(self) -> Ints:
        """Ticks that are scored before each event ``[E]``."""
        return np.concatenate([[0], np.cumsum(self.lengths * self.scored)])


def sweep(corpus: Corpus, protocol: Protocol) -> Sweep:
    """Cut the axis of a corpus at all its events.

    The region's edges count as events for what lies outside every region, as a turn may do.
    """
    reference, hypothesis = corpus.reference, corpus.hypothesis
    collar = int(seconds_to_ticks(protocol.collar_each_side))
    edges = [
        (reference.starts, 0, 1), (reference.ends, 0, -1),
        (hypothesis.starts, 1, 1), (hypothesis.ends, 1, -1),
        (corpus.region_starts, 2, 1), (corpus.region_ends, 2, -1),
    ]  # fmt: skip
    if collar:
        edges += [
            (reference.starts - collar, 3, 1), (reference.starts + collar, 3, -1),
            (reference.ends - collar, 3, 1), (reference.ends + collar, 3, -1),
        ]  # fmt: skip
    times = np.concatenate([at for at, _, _ in edges])
    order = np.argsort(times, kind="stable")
    times = times[order]
    which = np.repeat(np.array([kind for _, kind, _ in edges], np.int8), [len(at) for at, _, _ in edges])
    steps = np.repeat(np.array([step for _, _, step in edges], np.int8), [len(at) for at, _, _ in edges])
    which, steps = which[order], steps[order]

    def active(kind: int) -> Ints:
        return np.cumsum(np.where(which == kind, steps, 0), dtype=np.int64)[:-1]

    num_reference = active(0)
    inside = active(2) > 0
    scored = inside if not collar else inside & (active(3) == 0)
    if protocol.overlap == "skipped":
        scored = scored & (num_reference < 2)
    return Sweep(
        times,
        np.diff(times),
        num_reference,
        active(1),
        inside,
        scored,
        np.minimum(np.searchsorted(times, corpus.origins), max(len(times) - 1, 0)),
    )


def speaker_sets(side: Side, times: Ints) -> Keys:
    """A number for the set of a side's active speakers in each stretch between ``times``.

    Two stretches of one recording have the same number where the same speakers are active, and 0
    stands for nobody. The number is the sum of a 64-bit key of each: among a million different sets two
    have the same with a probability of 3e-8.
    """
    keys = _keys(len(side.speakers))[side.turn_speakers]
    at = np.concatenate([np.searchsorted(times, side.starts), np.searchsorted(times, side.ends)])
    steps = np.zeros(len(times), np.uint64)
    np.add.at(steps, at, np.concatenate([keys, np.uint64(0) - keys]))
    return np.cumsum(steps)[:-1]


def _keys(num: int) -> Keys:
    """Keys that look random: Steele et al., "Fast splittable pseudorandom number generators" (2014)."""
    mixed = np.arange(1, num + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))

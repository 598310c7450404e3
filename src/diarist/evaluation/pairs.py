"""How long each speaker of the reference speaks together with each of the hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diarist.errors import InputError
from diarist.evaluation.arrays import Ints, starts_of_runs

if TYPE_CHECKING:
    from diarist.evaluation.corpus import Corpus, Side
    from diarist.evaluation.sweep import Sweep

_PAIRS_AT_ONCE = 1 << 20  # of overlapping turns: what is held does not grow with their number
MOST_PAIRS = 20_000_000  # of speakers who share time, at 60 bytes each


@dataclass(frozen=True, eq=False)
class Pairs:
    """``P`` pairs of a reference speaker and a hypothesis speaker of one recording who share time.

    Attributes:
        reference: index of the reference speaker ``[P]``, sorted.
        hypothesis: index of the hypothesis speaker ``[P]``, sorted for each of the reference.
        ticks: time in which both speak ``[P]``, above 0.
    """

    reference: Ints
    hypothesis: Ints
    ticks: Ints


Until = Callable[[Ints], Ints]


def shared_time(corpus: Corpus, until: Until | None = None) -> Pairs:
    """The time that pairs of speakers share.

    Args:
        corpus: whose turns.
        until: ticks that count before each of some times on the axis; all of them by default.

    Raises:
        InputError: if there are more than :data:`MOST_PAIRS`.
    """
    num = max(len(corpus.hypothesis.speakers), 1)
    keys, ticks = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for ours, theirs in _overlapping(corpus.reference, corpus.hypothesis):
        starts = np.maximum(corpus.reference.starts[ours], corpus.hypothesis.starts[theirs])
        ends = np.minimum(corpus.reference.ends[ours], corpus.hypothesis.ends[theirs])
        shared = ends - starts if until is None else until(ends) - until(starts)
        pairs = corpus.reference.turn_speakers[ours] * num + corpus.hypothesis.turn_speakers[theirs]
        keys, ticks = _summed(np.concatenate([keys, pairs]), np.concatenate([ticks, shared]))
        if len(keys) > MOST_PAIRS:
            raise InputError(
                f"More than {MOST_PAIRS // 1_000_000} million pairs of speakers speak at once.",
                "Check the labels: does each turn have a speaker of its own?",
            )
    kept = ticks > 0
    return Pairs(keys[kept] // num, keys[kept] % num, ticks[kept])


def region_clock(corpus: Corpus) -> Until:
    """Ticks of the scored region before each time on the axis."""
    if not len(corpus.region_starts):
        return np.zeros_like
    before = np.concatenate([[0], np.cumsum(corpus.region_ends - corpus.region_starts)])

    def until(times: Ints) -> Ints:
        last = np.searchsorted(corpus.region_starts, times, side="right") - 1
        past = np.minimum(times, corpus.region_ends[last]) - corpus.region_starts[last]
        return np.where(last < 0, 0, before[last] + past)

    return until


def scored_clock(sweep: Sweep) -> Until:
    """Ticks that are scored before each event's time."""
    return sweep.scored_until


def _overlapping(left: Side, right: Side) -> Iterator[tuple[Ints, Ints]]:
    """Indices of turns that overlap, in blocks.

    Of two that do, one starts within the other; of two that start together, the one of ``left`` counts
    as first.
    """
    yield from _starting_within(left, right, side="left")
    for theirs, ours in _starting_within(right, left, side="right"):
        yield ours, theirs


def _starting_within(outer: Side, inner: Side, *, side: str) -> Iterator[tuple[Ints, Ints]]:
    """Pairs in which a turn of ``inner`` starts within one of ``outer``."""
    first = np.searchsorted(inner.starts, outer.starts, side=side)  # type: ignore[call-overload]
    number = np.searchsorted(inner.starts, outer.ends, side="left") - first
    number = np.maximum(number, 0)
    total = np.cumsum(number)
    begin = 0
    while begin < len(number):
        done = total[begin - 1] if begin else 0
        end = max(int(np.searchsorted(total, done + _PAIRS_AT_ONCE, side="right")), begin + 1)
        counts = number[begin:end]
        which = np.repeat(np.arange(begin, end), counts)
        within = np.arange(len(which)) - np.repeat(total[begin:end] - counts - done, counts)
        yield which, first[which] + within
        begin = end


def _summed(keys: Ints, amounts: Ints) -> tuple[Ints, Ints]:
    """Each key once, sorted, with the sum of its amounts."""
    if not len(keys):
        return keys, amounts  # reduceat takes no empty array
    order = np.argsort(keys, kind="stable")
    keys, amounts = keys[order], amounts[order]
    first = starts_of_runs(keys)
    return keys[first], np.add.reduceat(amounts, first)

"""Boundaries of two sides matched one to one: as many as possible, and then as near as possible.

Boundaries on a line need not be matched crosswise: where two pairs cross, exchanging partners keeps
both within the window and makes neither the sum of distances nor the number worse. So the best
matching is an alignment of two sorted lists, found by dynamic programming over what lies within the
window (as edit distance is: Wagner and Fischer, "The string-to-string correction problem", 1974). Of
matchings equally good, the one taken leaves the later boundaries alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from operator import ne

import numpy as np

from diarist.evaluation.arrays import Bools, Ints


@dataclass(frozen=True, eq=False)
class Candidates:
    """Boundaries that may be matched, on one axis of places.

    Boundaries of different groups are too far apart to match; within a group, distances of up to the
    widest window are those in ticks.

    Attributes:
        reference: indices of boundaries of the reference ``[X]``, sorted by place.
        hypothesis: of the hypothesis ``[Y]``, sorted by place.
        reference_places: ``[X]``.
        hypothesis_places: ``[Y]``.
    """

    reference: Ints
    hypothesis: Ints
    reference_places: Ints
    hypothesis_places: Ints


def candidates(groups: tuple[Ints, Ints], times: tuple[Ints, Ints], widest: int) -> Candidates:
    """Lay boundaries out group after group, gaps shortened to what is too far in any case.

    Args:
        groups: of the boundaries of reference and hypothesis; one below 0 has no partner.
        times: ticks.
        widest: the widest window that will be asked for, in ticks.
    """
    kept = [np.flatnonzero(group >= 0) for group in groups]
    group = np.concatenate([group[index] for group, index in zip(groups, kept, strict=True)])
    time = np.concatenate([time[index] for time, index in zip(times, kept, strict=True)])
    order = np.lexsort((time, group))
    group, time = group[order], time[order]
    gaps = np.minimum(np.diff(time), widest + 1)
    gaps[group[1:] != group[:-1]] = widest + 1
    places = np.append(0, np.cumsum(gaps))[: len(order)]
    ours = order < len(kept[0])
    return Candidates(
        kept[0][order[ours]],
        kept[1][order[~ours] - len(kept[0])],
        places[ours],
        places[~ours],
    )


def match(given: Candidates, window: int) -> tuple[Ints, Ints]:
    """The best one-to-one matching within a window.

    Args:
        given: the boundaries.
        window: how far apart two may be, in ticks; at most the widest that ``given`` was made for.

    Returns:
        Indices of the boundaries matched, of the reference and of the hypothesis ``[M]``.
    """
    ours, theirs = given.reference_places, given.hypothesis_places
    low = np.searchsorted(theirs, ours - window, side="left")
    high = np.searchsorted(theirs, ours + window, side="right")
    near = np.flatnonzero(high > low)
    ours, low, high = ours[near], low[near], high[near]
    # Between two clusters nothing is within the window of anything, so that each is solved by itself.
    first = np.flatnonzero(np.append(True, low[1:] >= high[:-1])[: len(near)])
    last = np.append(first[1:], len(near))[: len(first)]
    partners, solved = _in_order(ours, theirs, low, high, first, last, window)
    for begin, end in zip(first[~solved].tolist(), last[~solved].tolist(), strict=True):
        partners[begin:end] = _align(ours[begin:end], theirs, low[begin:end], high[begin:end], window)
    matched = partners >= 0
    return given.reference[near[matched]], given.hypothesis[partners[matched]]


def _in_order(
    ours: Ints, theirs: Ints, low: Ints, high: Ints, first: Ints, last: Ints, window: int
) -> tuple[Ints, Bools]:
    """Clusters in which the first goes with the first, the second with the second, and so on.

    Where that matches all of both sides, no other matching that does not cross is as large.

    Returns:
        Partners ``[X]``, and which clusters are solved by them.
    """
    sizes = last - first
    same_size = sizes == high[last - 1] - low[first]
    partners = np.arange(len(ours)) + np.repeat(low[first] - first, sizes)
    in_reach = (
        np.abs(theirs[np.minimum(partners, len(theirs) - 1)] - ours) <= window if len(ours) else ours > 0
    )
    solved = np.logical_and.reduceat(in_reach, first) & same_size if len(first) else same_size
    return partners, solved


def _align(ours: Ints, theirs: Ints, low: Ints, high: Ints, window: int) -> list[int]:
    """The best partner of each boundary of a cluster, or -1.

    ``row[j - low]`` is the worth of the best matching of those of ours so far with theirs before ``j``,
    for ``j`` from ``low`` to ``high``: beyond, it does not change. Time and memory (two bytes) grow with
    the number of pairs within the window. One match more is worth more than all distances together.
    """
    lows, highs = low.tolist(), high.tolist()
    begin = bottom = top = lows[0]
    places = theirs[begin : highs[-1]].tolist()
    most = min(len(lows), len(places)) * window + 1
    row = [0]
    moves = []
    for place, lowest, highest in zip(ours.tolist(), lows, highs, strict=True):
        above = row[lowest - bottom :] + row[-1:] * (highest - top)
        diagonal = [
            worth + most - abs(place - other)
            for worth, other in zip(above, places[lowest - begin : highest - begin], strict=False)
        ]
        row = list(accumulate([above[0], *map(max, above[1:], diagonal)], max))
        moves.append((bytes(map(ne, row[1:], row)), bytes(map(ne, row[1:], above[1:]))))
        bottom, top = lowest, highest
    return _trace(moves, lows, highs)


def _trace(moves: list[tuple[bytes, bytes]], lows: list[int], highs: list[int]) -> list[int]:
    """Partners, read back from the last row; a boundary that can be left alone is.

    Args:
        moves: of each row, whether the worth would be less without the last of theirs, and whether
            it would be less without the last of ours.
        lows: of each row.
        highs: of each row.
    """
    partners = [-1] * len(lows)
    end = highs[-1]
    for i in range(len(lows) - 1, -1, -1):
        theirs_count, ours_counts = moves[i]
        end = min(end, highs[i])
        while end > lows[i] and not theirs_count[end - 1 - lows[i]]:
            end -= 1
        if end > lows[i] and ours_counts[end - 1 - lows[i]]:
            end -= 1
            partners[i] = end
    return partners

"""Types of arrays, and sums over groups of their entries."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Keys = NDArray[np.uint64]


def float_sums(groups: Ints, values: Floats, num: int) -> Floats:
    """The sum of the values of each group ``[num]``.

    Args:
        groups: index of each value's group ``[N]``.
        values: ``[N]``.
        num: groups.
    """
    return np.bincount(groups, values, num).astype(np.float64, copy=False)


def tick_sums(groups: Ints, values: Ints, num: int) -> Ints:
    """The same of whole numbers, exact."""
    sums = np.zeros(num, np.int64)
    np.add.at(sums, groups, values)
    return sums


def block_sums(values: Ints, bounds: Ints) -> Ints:
    """Sums of consecutive blocks of values, exact: from each of ``bounds`` up to the next."""
    totals: Ints = np.concatenate([np.zeros(1, np.int64), np.cumsum(values, dtype=np.int64)])
    return totals[bounds[1:]] - totals[bounds[:-1]]


def starts_of_runs(values: Ints | Keys) -> Ints:
    """Indices at which a value differs from the one before it; 0 is one, where there is any value."""
    if not len(values):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))

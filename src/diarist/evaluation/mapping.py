"""Which speaker of the hypothesis stands for which of the reference: the best one-to-one mapping."""

from __future__ import annotations

import numpy as np

from diarist.evaluation.arrays import Bools, Floats, Ints, starts_of_runs

DENSE_CELLS = 4_000_000  # of a recording's matrix; a larger one is worked on as a sparse graph


def best_mapping(
    rows: Ints,
    columns: Ints,
    weights: Floats,
    groups: Ints,
) -> Bools:
    """The pairs of the mapping with the greatest sum of weights, for each group by itself.

    Where each row's greatest weight is its only one of that size, and no two rows of a group have it
    in the same column, that is the mapping. The other groups are solved by the Hungarian method
    (Kuhn 1955; Crouse, "On implementing 2D rectangular assignment algorithms", 2016, as in SciPy).

    Args:
        rows: of ``P`` pairs, sorted ``[P]``; a row belongs to one group, and so does a column. Those of
            a group should be numbers close to each other: they index a matrix.
        columns: of the pairs ``[P]``.
        weights: of the pairs, above 0 ``[P]``.
        groups: of the pairs, sorted ``[P]``.

    Returns:
        Whether a pair is in the mapping ``[P]``. No row and no column is in two.
    """
    chosen = np.zeros(len(rows), bool)
    if not len(rows):
        return chosen
    first = starts_of_runs(rows)
    greatest = np.repeat(np.maximum.reduceat(weights, first), np.diff(np.append(first, len(rows))))
    candidates = weights == greatest
    taken = np.bincount(columns[candidates], minlength=int(columns.max()) + 1)
    tied = np.bincount(rows[candidates], minlength=int(rows.max()) + 1)
    contested = candidates & ((taken[columns] > 1) | (tied[rows] > 1))
    hard = np.unique(groups[contested])
    chosen[candidates & ~np.isin(groups, hard)] = True
    for group in hard:
        begin, end = np.searchsorted(groups, [group, group + 1])
        chosen[begin:end] = _solve(rows[begin:end], columns[begin:end], weights[begin:end])
    return chosen


def _solve(rows: Ints, columns: Ints, weights: Floats) -> Bools:
    """The same for one group."""
    from scipy.optimize import linear_sum_assignment

    row, column = rows - rows.min(), columns - columns.min()
    shape = (int(row.max()) + 1, int(column.max()) + 1)
    if shape[0] * shape[1] > DENSE_CELLS:
        return _solve_sparse(row, column, weights, shape)
    matrix = np.zeros(shape)
    matrix[row, column] = weights
    partner = np.full(shape[0], -1)
    matched, columns_of = linear_sum_assignment(matrix, maximize=True)
    partner[matched] = columns_of
    return np.asarray(partner[row] == column)


def _solve_sparse(row: Ints, column: Ints, weights: Floats, shape: tuple[int, int]) -> Bools:
    """The same without a matrix: each row may also go to a column of its own that weighs nothing.

    Jonker and Volgenant 1987 on sparse graphs, as in SciPy.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    alone = np.arange(shape[0])
    costs = 1.0 + weights.max() - np.concatenate([weights, np.zeros(shape[0])])
    graph = csr_array(
        (costs, (np.concatenate([row, alone]), np.concatenate([column, shape[1] + alone]))),
        shape=(shape[0], shape[0] + shape[1]),
    )
    matched, partner = min_weight_full_bipartite_matching(graph)
    partners = np.full(shape[0], -1)
    partners[matched] = partner
    return np.asarray(partners[row] == column)

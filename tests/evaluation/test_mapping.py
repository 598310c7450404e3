"""The best one-to-one mapping, against trying all of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarist.evaluation import mapping
from diarist.evaluation.mapping import best_mapping

Weights = Mapping[tuple[int, int], int]  # row, column


def chosen(weights: Weights, groups: Mapping[int, int] | None = None) -> set[tuple[int, int]]:
    """The pairs that are mapped."""
    pairs = sorted(weights)
    rows, columns = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    values = np.array([weights[pair] for pair in pairs], np.float64)
    owners = np.array([groups[row] if groups else 0 for row in rows.tolist()], np.int64)
    found = best_mapping(rows, columns, values, owners)
    assert found.shape == rows.shape
    mapped = [pair for pair, kept in zip(pairs, found.tolist(), strict=True) if kept]
    assert len({row for row, _ in mapped}) == len({column for _, column in mapped}) == len(mapped)
    return set(mapped)


def weight(weights: Weights, pairs: set[tuple[int, int]]) -> int:
    return sum(weights[pair] for pair in pairs)


def test_nothing() -> None:
    assert chosen({}) == set()


def test_each_row_has_a_column_of_its_own() -> None:
    assert chosen({(0, 0): 5, (0, 1): 4, (1, 0): 1, (1, 1): 2}) == {(0, 0), (1, 1)}


def test_two_rows_want_one_column() -> None:
    # 9 + 1 is less than 8 + 7.
    assert chosen({(0, 0): 9, (0, 1): 7, (1, 0): 8, (1, 1): 1}) == {(0, 1), (1, 0)}


def test_a_row_may_be_left_alone() -> None:
    assert chosen({(0, 0): 5, (1, 0): 6}) == {(1, 0)}
    assert chosen({(0, 0): 5, (1, 0): 6, (2, 0): 7, (2, 1): 3}) in ({(1, 0), (2, 1)},)


def test_a_row_with_two_columns_of_one_weight() -> None:
    # Row 0 must leave column 0 to row 1, which has no other.
    assert chosen({(0, 0): 5, (0, 1): 5, (1, 0): 4}) == {(0, 1), (1, 0)}


def test_groups_are_mapped_by_themselves() -> None:
    weights = {(0, 0): 9, (0, 1): 7, (1, 0): 8, (1, 1): 1, (2, 2): 3, (3, 3): 4, (3, 4): 4, (4, 3): 1}
    groups = {0: 0, 1: 0, 2: 1, 3: 4, 4: 4}
    assert chosen(weights, groups) == {(0, 1), (1, 0), (2, 2), (3, 4), (4, 3)}


def test_numbers_of_rows_and_columns_may_begin_anywhere() -> None:
    assert chosen({(70, 900): 9, (70, 901): 7, (71, 900): 8, (71, 901): 1}) == {(70, 901), (71, 900)}


matrices = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 6) | st.integers(1, 10**15), max_size=14
)


@settings(max_examples=150, deadline=None)
@given(matrices, st.booleans())
def test_no_mapping_has_more(weights: Weights, sparse: bool) -> None:
    named = {(f"r{row}", f"c{column}"): value for (row, column), value in weights.items()}
    with pytest.MonkeyPatch.context() as patch:
        if sparse:
            patch.setattr(mapping, "DENSE_CELLS", 0)
        assert weight(weights, chosen(weights)) == oracle.best(named)[0]


@settings(max_examples=60, deadline=None)
@given(st.lists(matrices, max_size=4))
def test_groups_do_not_matter_to_each_other(given_: list[Weights]) -> None:
    together = {
        (5 * group + row, 5 * group + column): value
        for group, weights in enumerate(given_)
        for (row, column), value in weights.items()
    }
    groups = {5 * group + row: group for group, weights in enumerate(given_) for row, _ in weights}
    assert weight(together, chosen(together, groups)) == sum(
        weight(weights, chosen(weights)) for weights in given_
    )

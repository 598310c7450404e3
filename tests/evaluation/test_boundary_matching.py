"""The matching against all matchings there are, and against the Hungarian method."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from diarist.evaluation.boundaries.matching import candidates, match

WIDEST = 12

Pairs = list[tuple[int, int]]


def ints(values: Sequence[int]) -> np.ndarray:
    return np.array(values, np.int64)


def matched(ours: Sequence[int], theirs: Sequence[int], window: int) -> Pairs:
    """Indices of matched places, all in one group."""
    groups = (ints([0] * len(ours)), ints([0] * len(theirs)))
    pairs = match(candidates(groups, (ints(ours), ints(theirs)), max(window, WIDEST)), window)
    return list(zip(*(each.tolist() for each in pairs), strict=True))


def worth(ours: Sequence[int], theirs: Sequence[int], pairs: Pairs) -> tuple[int, int]:
    """How many, and how near: more of either is better."""
    return len(pairs), -sum(abs(ours[i] - theirs[j]) for i, j in pairs)


def best(ours: Sequence[int], theirs: Sequence[int], window: int) -> tuple[int, int]:
    """The worth of the best of all matchings, those that cross too."""
    if not ours:
        return 0, 0
    found = best(ours[1:], theirs, window)
    for index, place in enumerate(theirs):
        if abs(ours[0] - place) <= window:
            number, nearness = best(ours[1:], [*theirs[:index], *theirs[index + 1 :]], window)
            found = max(found, (number + 1, nearness - abs(ours[0] - place)))
    return found


@pytest.mark.parametrize(
    ("ours", "theirs", "window", "pairs"),
    [
        ([], [5], 3, []),
        ([5], [], 3, []),
        ([5], [8], 3, [(0, 0)]),
        ([5], [9], 3, []),
        ([5], [2, 7], 3, [(0, 1)]),  # the nearer one
        ([5], [3, 7], 3, [(0, 0)]),  # both as near: the later one is left alone
        ([3, 7], [5], 3, [(0, 0)]),
        ([0, 4], [4, 8], 4, [(0, 0), (1, 1)]),  # two pairs are more than one that fits exactly
        ([0, 4], [4, 8], 3, [(1, 0)]),
        ([0, 10, 20], [9, 11, 22], 5, [(1, 0), (2, 2)]),
        ([0, 5, 10], [4, 9, 14], 5, [(0, 0), (1, 1), (2, 2)]),  # a chain
        ([0, 5, 10], [4, 9], 5, [(1, 0), (2, 1)]),  # without its end
        ([2, 3], [0, 1, 4], 2, [(0, 1), (1, 2)]),
    ],
)  # fmt: skip
def test_by_hand(ours: list[int], theirs: list[int], window: int, pairs: Pairs) -> None:
    assert matched(ours, theirs, window) == pairs


places = st.lists(st.integers(0, 24), max_size=6, unique=True).map(sorted)


@settings(max_examples=400, deadline=None)
@given(places, places, st.integers(1, WIDEST))
def test_one_to_one_and_best(ours: list[int], theirs: list[int], window: int) -> None:
    pairs = matched(ours, theirs, window)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(abs(ours[i] - theirs[j]) <= window for i, j in pairs)
    assert worth(ours, theirs, pairs) == best(ours, theirs, window)
    assert {(j, i) for i, j in matched(theirs, ours, window)} == set(pairs)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.sampled_from((60, 300, 3000)))
def test_long_clusters_as_the_hungarian_method(seed: int, window: int, span: int) -> None:
    random = np.random.default_rng(seed)
    ours, theirs = (np.sort(random.choice(span, random.integers(1, 60), replace=False)) for _ in range(2))
    distances = np.abs(ours[:, None] - theirs)
    gain = np.where(distances <= window, 10_000 - distances, 0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    kept = gain[rows, columns] > 0
    expected = int(kept.sum()), -int(distances[rows, columns][kept].sum())
    pairs = matched(ours.tolist(), theirs.tolist(), window)
    assert worth(ours.tolist(), theirs.tolist(), pairs) == expected


def test_groups_do_not_meet() -> None:
    """Nor do those without a partner, and what is far apart may be very far."""
    late = 1 << 60
    groups = (ints([1, 0, -1, 0]), ints([0, 1, -1, -1, 0]))
    times = (ints([7, 7, 7, late]), ints([8, 5, 7, 7, late - 2]))
    given = candidates(groups, times, 4)
    assert sorted(zip(*(each.tolist() for each in match(given, 4)), strict=True)) == [(0, 1), (1, 0), (3, 4)]
    assert sorted(zip(*(each.tolist() for each in match(given, 1)), strict=True)) == [(1, 0)]
    assert [len(each) for each in match(candidates((ints([-1]), ints([])), (ints([1]), ints([])), 4), 4)] == [
        0,
        0,
    ]

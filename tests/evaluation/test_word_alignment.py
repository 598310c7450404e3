"""The alignment with the fewest errors, and what decides between several."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarist.evaluation.words import alignment
from diarist.evaluation.words.alignment import IMPOSSIBLE, align_words, word_costs

Texts = tuple[list[int], list[int], list[int], list[int]]  # words and times of both sides


def aligned(
    reference: Sequence[object],
    hypothesis: Sequence[object],
    times: tuple[Sequence[int], Sequence[int]] | None = None,
    farthest: int = 100,
) -> list[tuple[int, int]]:
    """The pairs, for any words."""
    codes = {word: code for code, word in enumerate(dict.fromkeys([*reference, *hypothesis]))}
    texts = [np.array([codes[word] for word in side], np.int64) for side in (reference, hypothesis)]
    known = () if times is None else tuple(np.array(side, np.int64) for side in times)
    ours, theirs = align_words(*texts, *known, farthest=farthest)
    return list(zip(ours.tolist(), theirs.tolist(), strict=True))


def least(
    reference: Sequence[int], hypothesis: Sequence[int], *times: Sequence[int], farthest: int
) -> object:
    """The errors, substitutions and time apart of the best alignment, cell by cell."""
    best: dict[tuple[int, int], tuple[int, int, int]] = {(0, 0): (0, 0, 0)}
    for i in range(len(reference) + 1):
        for j in range(len(hypothesis) + 1):
            ways = [best[(0, 0)]] if i == j == 0 else []
            for before in ((i - 1, j), (i, j - 1)):
                if min(before) >= 0:
                    errors, substitutions, apart = best[before]
                    ways.append((errors + 1, substitutions, apart))
            if i and j:
                errors, substitutions, apart = best[i - 1, j - 1]
                wrong = reference[i - 1] != hypothesis[j - 1]
                apart += min(farthest, abs(times[0][i - 1] - times[1][j - 1]))
                ways.append((errors + wrong, substitutions + wrong, apart))
            best[i, j] = min(ways)
    return best[len(reference), len(hypothesis)]


@st.composite
def texts(draw: st.DrawFn, most: int = 25) -> Texts:
    sides = [draw(st.lists(st.integers(0, 3), max_size=most)) for _ in range(2)]
    times = [sorted(draw(st.lists(st.integers(0, 40), min_size=len(s), max_size=len(s)))) for s in sides]
    return (*sides, *times)  # type: ignore[return-value]


def test_same_substituted_deleted_inserted() -> None:
    reference = ["we", "had", "some", "rain", "today"]
    hypothesis = ["we", "had", "a", "rain", "of", "today"]
    assert aligned(reference, hypothesis) == [(0, 0), (1, 1), (2, 2), (3, 3), (4, 5)]
    assert aligned(hypothesis, reference) == [(0, 0), (1, 1), (2, 2), (3, 3), (5, 4)]


def test_nothing_to_align() -> None:
    assert aligned("", "") == aligned("ab", "") == aligned("", "ab") == []
    assert aligned("a", "b") == [(0, 0)]


def test_same_words_go_before_substitutions() -> None:
    # Two errors either way: two substitutions, or "a" deleted and "c" inserted, which leaves "b" the same.
    assert aligned("ab", "bc") == [(1, 0)]


def test_time_decides_where_errors_are_equal() -> None:
    assert aligned("a", "aa", ([10], [0, 12])) == [(0, 1)]
    assert aligned("a", "aa", ([10], [8, 14])) == [(0, 0)]
    assert aligned("aa", "a", ([0, 12], [10])) == [(1, 0)]


def test_time_does_not_decide_against_errors() -> None:
    assert aligned("ab", "a", ([0, 50], [50])) == [(0, 0)]


def test_beyond_the_farthest_all_are_the_same() -> None:
    # Both candidates count as 5 apart; then the place decides, as without times.
    assert aligned("a", "aa", ([10], [0, 20]), farthest=5) == aligned("a", "aa")
    assert aligned("a", "aa", ([10], [0, 14]), farthest=5) == [(0, 1)]


@given(texts(), st.sampled_from([0, 3, 100]), st.sampled_from([2, 64]), st.integers(1, 9))
def test_no_alignment_is_better(sides: Texts, farthest: int, limit: int, spacing: int) -> None:
    """However narrow the first band is, and however often a diagonal is kept."""
    reference, hypothesis, *times = sides
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alignment, "SMALLEST_LIMIT", limit)
        patch.setattr(alignment._Grid, "spacing", spacing)
        pairs = aligned(reference, hypothesis, (times[0], times[1]), farthest)
    for before, after in pairwise(pairs):
        assert before[0] < after[0]
        assert before[1] < after[1]
    substitutions = sum(reference[i] != hypothesis[j] for i, j in pairs)
    errors = substitutions + len(reference) + len(hypothesis) - 2 * len(pairs)
    apart = sum(min(farthest, abs(times[0][i] - times[1][j])) for i, j in pairs)
    assert (errors, substitutions, apart) == least(reference, hypothesis, *times, farthest=farthest)


@pytest.mark.parametrize("shift", [0, 31, 32, 33, 300])
def test_texts_that_are_far_out_of_step(shift: int) -> None:
    """The first band reaches 32 words to either side; what does not fit into it is found in a wider one."""
    common, before, after = [f"word{i}" for i in range(400)], ["before"] * shift, ["after"] * shift
    pairs = [(shift + i, i) for i in range(400)]
    assert aligned(before + common, common + after) == pairs
    assert aligned(common + after, before + common) == [(j, i) for i, j in pairs]


def long_texts(num: int, error: float) -> tuple[list[int], list[int]]:
    """Words, and the same with errors."""
    chance = np.random.default_rng(7)
    reference = chance.integers(0, 300, num).tolist()
    hypothesis: list[int] = []
    for word in reference:
        kind = chance.random() / error
        new = int(chance.integers(0, 300))
        hypothesis += [word] if kind >= 1 else [new] if kind < 0.5 else [word, new] if kind < 0.75 else []
    return reference, hypothesis


@pytest.mark.parametrize("error", [0.02, 0.3, 1.0])
def test_long_texts_have_as_many_errors_as_kaldialign_counts(error: float) -> None:
    from kaldialign import edit_distance

    reference, hypothesis = long_texts(3000, error)
    pairs = aligned(reference, hypothesis)
    substitutions = sum(reference[i] != hypothesis[j] for i, j in pairs)
    errors = substitutions + len(reference) + len(hypothesis) - 2 * len(pairs)
    assert errors == edit_distance(reference, hypothesis)["total"]


def test_the_grid_is_never_held() -> None:
    reference, hypothesis = long_texts(4000, 0.3)
    tracemalloc.start()
    aligned(reference, hypothesis)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16e6  # bytes; the whole grid would be 128e6


@settings(max_examples=200)
@given(st.integers(0, 2_000_000), st.integers(0, 2_000_000), st.integers(0, 6000))
def test_costs_keep_their_ranks_and_fit(ours: int, theirs: int, farthest: int) -> None:
    costs, pairs = word_costs(ours, theirs, farthest), min(ours, theirs)
    assert 0 <= costs.farthest <= farthest
    assert pairs * costs.farthest < costs.substitution
    assert pairs * (costs.substitution + costs.farthest) < costs.error
    assert (max(ours, theirs) + 1) * costs.error < IMPOSSIBLE


def test_six_hours_have_room_for_a_minute_in_hundredths() -> None:
    assert word_costs(80_000, 80_000, 6000).farthest == 6000
    assert word_costs(91_000, 91_000, 6000).farthest == 6000
    assert word_costs(200_000, 200_000, 6000).farthest == 576

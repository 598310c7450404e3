"""Time that two speakers share, against comparing every turn with every other."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from corpora import Given, corpora
from hypothesis import given, settings
from hypothesis import strategies as st

from diarist.errors import InputError
from diarist.evaluation import Labels, Protocol, score
from diarist.evaluation import pairs as module
from diarist.evaluation.corpus import Corpus, lay_out
from diarist.evaluation.pairs import region_clock, scored_clock, shared_time
from diarist.evaluation.sweep import sweep
from diarist.intervals import Segment
from diarist.types import Diarization, Turn

SECOND = 1_000_000
Shared = dict[tuple[int, int], int]


def laid_out(case: Given) -> Corpus:
    ours, theirs = (Labels.from_diarizations(side) for side in (case.reference, case.hypothesis))
    return lay_out(ours, theirs, case.protocol, case.uem)


def found(corpus: Corpus, until: module.Until | None = None) -> Shared:
    pairs = shared_time(corpus, until)
    order = list(zip(pairs.reference.tolist(), pairs.hypothesis.tolist(), strict=True))
    assert order == sorted(set(order))
    return dict(zip(order, pairs.ticks.tolist(), strict=True))


def expected(corpus: Corpus) -> Shared:
    """Every turn with every other."""
    times: defaultdict[tuple[int, int], int] = defaultdict(int)
    sides = [
        list(zip(side.turn_speakers.tolist(), side.starts.tolist(), side.ends.tolist(), strict=True))
        for side in (corpus.reference, corpus.hypothesis)
    ]
    for ours, begin, end in sides[0]:
        for theirs, start, stop in sides[1]:
            times[ours, theirs] += max(0, min(end, stop) - max(begin, start))
    return {pair: ticks for pair, ticks in times.items() if ticks}


@settings(max_examples=80, deadline=None)
@given(corpora(("union", "uem")), st.sampled_from([1, 2, 3, 1 << 20]))
def test_all_pairs_are_found_in_blocks_of_any_size(case: Given, block: int) -> None:
    corpus = laid_out(case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PAIRS_AT_ONCE", block)
        assert found(corpus) == expected(corpus)


REFERENCE = Diarization("r", (Turn(0, 4, "A"), Turn(4, 6, "A"), Turn(3, 8, "B")))
HYPOTHESIS = Diarization("r", (Turn(1, 5, "x"), Turn(3, 8, "y")))


def one(protocol: Protocol, **uem: list[Segment]) -> Corpus:
    return laid_out(Given((REFERENCE,), (HYPOTHESIS,), protocol, uem or None))  # type: ignore[arg-type]


def test_time_shared() -> None:
    # A|x 1-4, 4-5; A|y 3-4, 4-6; B|x 3-5; B|y 3-8.
    assert found(one(Protocol())) == {
        (0, 0): 4 * SECOND,
        (0, 1): 3 * SECOND,
        (1, 0): 2 * SECOND,
        (1, 1): 5 * SECOND,
    }


def test_time_shared_in_the_region() -> None:
    corpus = one(Protocol(region="uem"), r=[Segment(0, 2), Segment(3.5, 5.5), Segment(20, 21)])
    # A|x 1-2, 3.5-5; A|y 3.5-5.5; B|x 3.5-5; B|y 3.5-5.5.
    assert found(corpus, region_clock(corpus)) == {
        (0, 0): 2_500_000,
        (0, 1): 2_000_000,
        (1, 0): 1_500_000,
        (1, 1): 2_000_000,
    }


def test_time_shared_that_is_scored() -> None:
    # Boundaries at 0, 3, 4, 4, 6, 8; one speaker alone at 0-3 and 6-8: 0.5-2.5 and 6.5-7.5 are left.
    protocol = Protocol(collar_each_side=0.5, overlap="skipped")
    corpus = one(protocol)
    assert found(corpus, scored_clock(sweep(corpus, protocol))) == {(0, 0): 1_500_000, (1, 1): SECOND}


def test_nobody_on_a_side() -> None:
    for sides in (((REFERENCE,), ()), ((Diarization("r"),), (HYPOTHESIS,)), ((), ())):
        assert found(laid_out(Given(sides[0], sides[1], Protocol()))) == {}


def test_the_clock_of_regions() -> None:
    corpus = one(Protocol(region="uem"), r=[Segment(1, 2), Segment(3, 5)])
    times = np.array([0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 8]) * SECOND
    until = region_clock(corpus)
    ticks = until(times.astype(np.int64) + corpus.shifts[0]) / SECOND
    assert ticks.tolist() == [0, 0, 0, 0.5, 1, 1, 1, 2, 3, 3]


def test_the_clock_of_no_regions() -> None:
    protocol = Protocol(region="reference")
    corpus = laid_out(Given((Diarization("r"),), (HYPOTHESIS,), protocol))
    assert len(corpus.region_starts) == 0
    until = region_clock(corpus)
    assert until(corpus.hypothesis.starts).tolist() == [0, 0]
    assert until(np.zeros(0, np.int64)).tolist() == []


def test_more_pairs_than_can_be_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diarist.evaluation.pairs.MOST_PAIRS", 3)
    crowd = [Diarization("r", tuple(Turn(0, 1, f"S{number}") for number in range(2)))]
    with pytest.raises(InputError, match="pairs of speakers speak at once"):
        score(crowd, crowd)

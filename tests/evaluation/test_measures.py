"""The measures as arrays: which mapping each one takes, and what is counted over what."""

from __future__ import annotations

import math

import numpy as np
import pytest

from diarist.evaluation import Labels, Protocol
from diarist.evaluation.corpus import Corpus, lay_out
from diarist.evaluation.measures import (
    Shared,
    best_shares,
    clustering,
    error_times,
    jaccard_errors,
    map_speakers,
    speaker_ticks,
)
from diarist.evaluation.sweep import Sweep, sweep
from diarist.intervals import Segment
from diarist.types import Diarization, Turn

Times = tuple[float, float, str]
SECOND = 1_000_000


def of(*turns: Times, name: str = "r") -> Diarization:
    return Diarization(name, tuple(Turn(*turn) for turn in turns))


def measured(
    reference: list[Diarization],
    hypothesis: list[Diarization],
    protocol: Protocol | None = None,
    uem: dict[str, list[Segment]] | None = None,
) -> tuple[Corpus, Sweep, Shared]:
    protocol = protocol or Protocol()
    ours, theirs = (Labels.from_diarizations(side) for side in (reference, hypothesis))
    corpus = lay_out(ours, theirs, protocol, uem)
    stretches = sweep(corpus, protocol)
    return corpus, stretches, map_speakers(corpus, stretches, protocol)


def names(corpus: Corpus, shared: Shared) -> dict[str, str]:
    """Who stands for whom."""
    return {
        corpus.reference.speakers[ours]: corpus.hypothesis.speakers[theirs]
        for ours, theirs in zip(shared.reference.tolist(), shared.hypothesis.tolist(), strict=True)
    }


# x and A share five turns of 0.5 s, y and A one of 2 s: with collars of 0.25 s nothing is left of the five.
FLIPPING = [(float(start), start + 0.5, "A") for start in range(0, 10, 2)]
SHORT = of(*FLIPPING, (20, 22, "A"))
FLIPPED = of(*((start, end, "x") for start, end, _ in FLIPPING), (20, 22, "y"))


@pytest.mark.parametrize(
    ("mapping", "expected", "confusion"), [("region", {"A": "x"}, 1.5), ("scored", {"A": "y"}, 0)]
)
def test_where_speakers_are_mapped(mapping: str, expected: dict[str, str], confusion: float) -> None:
    protocol = Protocol(collar_each_side=0.25, mapping=mapping)  # type: ignore[arg-type]
    corpus, stretches, shared = measured([SHORT], [FLIPPED], protocol)
    assert names(corpus, shared) == expected
    times = error_times(corpus, stretches, shared)
    assert (times.total.tolist(), times.confusion.tolist()) == ([1_500_000], [confusion * SECOND])
    assert shared.region.ticks.tolist() == [2_500_000, 2_000_000]
    assert shared.scored.ticks.tolist() == [1_500_000]
    assert shared.mapped.tolist() == [mapping == "scored"]


def test_speakers_are_mapped_in_the_region_alone() -> None:
    """Outside it, A is with y for longer."""
    talk, heard = of((0, 30, "A")), of((0, 2, "x"), (2, 3, "y"), (3, 30, "y"))
    uem = {"r": [Segment(0, 3)]}
    corpus, stretches, shared = measured([talk], [heard], Protocol(region="uem"), uem)
    assert names(corpus, shared) == {"A": "x"}
    assert error_times(corpus, stretches, shared).confusion.tolist() == [SECOND]


def test_errors_of_recordings() -> None:
    corpus, stretches, shared = measured(
        [of((0, 4, "A"), (2, 6, "B")), of(name="s"), of((5, 7, "A"), name="t")],
        [of((0, 3, "x"), (3, 8, "y")), of((0, 1, "x"), name="s")],
    )
    # r: 0-2 A|x, 2-3 AB|x, 3-4 AB|y, 4-6 B|y, 6-8 -|y. s: 0-1 -|x. t: 5-7 A|-.
    times = error_times(corpus, stretches, shared)
    assert times.total.tolist() == [8 * SECOND, 0, 2 * SECOND]
    assert times.missed.tolist() == [2 * SECOND, 0, 2 * SECOND]
    assert times.false_alarm.tolist() == [2 * SECOND, SECOND, 0]
    assert times.confusion.tolist() == [0, 0, 0]


def test_jaccard_errors_have_their_own_mapping() -> None:
    """DER maps A to x, with 9 s; the sum of Jaccard errors is least with A mapped to y.

    A 0-10 and B 10-13 against x 0-9, 10-60 and y 9-10. A as x: 9 of 10 + 59 - 9, B nobody.
    B as x and A as y: 3 of 3 + 59 - 3, and 1 of 10 + 1 - 1.
    """
    talk, heard = of((0, 10, "A"), (10, 13, "B")), of((0, 9, "x"), (10, 60, "x"), (9, 10, "y"))
    corpus, _, shared = measured([talk], [heard])
    assert names(corpus, shared) == {"A": "x"}
    ticks = [speaker_ticks(corpus, side) for side in (corpus.reference, corpus.hypothesis)]
    assert [values.tolist() for values in ticks] == [[10 * SECOND, 3 * SECOND], [59 * SECOND, SECOND]]
    found = jaccard_errors(corpus, shared.region, *ticks)
    assert 2 - 9 / 60 > 2 - 3 / 59 - 1 / 10
    assert found.errors.tolist() == pytest.approx([2 - 3 / 59 - 1 / 10], abs=1e-12)
    assert found.speakers.tolist() == [2]


def test_speakers_outside_the_region_do_not_count() -> None:
    talk, heard = of((0, 2, "A"), (5, 9, "B")), of((0, 1, "x"), (6, 9, "y"))
    corpus, _, shared = measured([talk], [heard], Protocol(region="uem"), {"r": [Segment(0, 4)]})
    ticks = [speaker_ticks(corpus, side) for side in (corpus.reference, corpus.hypothesis)]
    assert [values.tolist() for values in ticks] == [[2 * SECOND, 0], [SECOND, 0]]
    found = jaccard_errors(corpus, shared.region, *ticks)
    assert (found.errors.tolist(), found.speakers.tolist()) == ([0.5], [1])


def test_best_shares() -> None:
    talk, heard = of((0, 6, "A"), (4, 10, "B")), of((0, 10, "x"), (5, 8, "y"), (20, 21, "z"))
    corpus, _, shared = measured([of(name="s"), talk], [heard, of((0, 1, "x"), name="s")])
    ticks = [speaker_ticks(corpus, side) for side in (corpus.reference, corpus.hypothesis)]
    found = best_shares(corpus, shared.region, *ticks)
    # x is with either for 6 s, y with B for 3 s, z with nobody; A and B are with x for 6 s each.
    assert found.pure.tolist() == [0, 9 * SECOND]
    assert found.hypothesis.tolist() == [SECOND, 14 * SECOND]
    assert found.covered.tolist() == [0, 12 * SECOND]
    assert found.reference.tolist() == [0, 12 * SECOND]


def test_classes_are_sets_of_speakers() -> None:
    # 0-2 A|x, 2-4 AB|x, 4-6 B|xy, 6-8 -|y, 8-10 A|x.
    talk = of((0, 4, "A"), (2, 6, "B"), (8, 10, "A"))
    heard = of((0, 6, "x"), (4, 8, "y"), (8, 10, "x"))
    corpus, stretches, _ = measured([talk], [heard])
    found = clustering(corpus, stretches)
    # Of both: A|x 4, AB|x 2, B|xy 2, -|y 2; of the hypothesis: x 6, xy 2, y 2.
    assert found.time.tolist() == [10]
    assert found.precision.tolist() == pytest.approx([(16 + 4) / 6 + 2 + 2])
    assert found.recall.tolist() == pytest.approx([10])
    assert found.joint.tolist() == found.reference.tolist() == pytest.approx([4 * 2 + 3 * 2])
    assert found.hypothesis.tolist() == pytest.approx([6 * math.log2(6) + 2 + 2])


def test_classes_of_two_recordings_are_never_the_same() -> None:
    sides = [of((0, 4, "A"), name=name) for name in ("r", "s")]
    corpus, stretches, _ = measured(sides, sides)
    found = clustering(corpus, stretches)
    for values in (found.time, found.precision, found.recall):
        assert values.tolist() == [4, 4]
    for values in (found.joint, found.reference, found.hypothesis):
        assert values.tolist() == [8, 8]


def test_nothing_to_measure() -> None:
    corpus, stretches, shared = measured([], [])
    times = error_times(corpus, stretches, shared)
    assert times.total.tolist() == []
    none = np.zeros(0, np.int64)
    assert jaccard_errors(corpus, shared.region, none, none).errors.tolist() == []
    assert clustering(corpus, stretches).time.tolist() == []

"""The axis cut at every event."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from diarist.evaluation import Labels, Protocol
from diarist.evaluation.corpus import Corpus, lay_out
from diarist.evaluation.sweep import Sweep, speaker_sets, sweep
from diarist.intervals import Segment
from diarist.types import Diarization, Turn

SECOND = 1_000_000
REFERENCE = Diarization("r", (Turn(0, 4, "A"), Turn(3, 6, "B"), Turn(6, 8, "B")))
HYPOTHESIS = Diarization("r", (Turn(1, 4, "x"), Turn(3.5, 9, "y")))


def swept(protocol: Protocol, *, uem: dict[str, Any] | None = None) -> tuple[Corpus, Sweep]:
    ours, theirs = (Labels.from_diarizations([side]) for side in (REFERENCE, HYPOTHESIS))
    corpus = lay_out(ours, theirs, protocol, uem)
    return corpus, sweep(corpus, protocol)


def pieces(corpus: Corpus, found: Sweep) -> list[tuple[float, float, int, int, bool, bool]]:
    """Start and end in seconds, reference and hypothesis speakers, inside, scored; empty ones left out."""
    starts = ((found.times[:-1] - corpus.shifts[0]) / SECOND).tolist()
    return [
        (start, start + length / SECOND, ours, theirs, inside, scored)
        for start, length, ours, theirs, inside, scored in zip(
            starts,
            found.lengths.tolist(),
            found.num_reference.tolist(),
            found.num_hypothesis.tolist(),
            found.inside.tolist(),
            found.scored.tolist(),
            strict=True,
        )
        if length
    ]


def test_every_stretch() -> None:
    assert pieces(*swept(Protocol())) == [
        (0, 1, 1, 0, True, True),
        (1, 3, 1, 1, True, True),
        (3, 3.5, 2, 1, True, True),
        (3.5, 4, 2, 2, True, True),
        (4, 6, 1, 1, True, True),
        (6, 8, 1, 1, True, True),
        (8, 9, 0, 1, True, True),
    ]


def test_skipped_overlap_and_collars_are_not_scored_and_stay_inside() -> None:
    # Boundaries at 0, 3, 4, 6, 6, 8; 3-4 has two speakers.
    found = pieces(*swept(Protocol(collar_each_side=0.25, overlap="skipped")))
    inside = sum(end - start for start, end, _, _, inside, _ in found if inside)
    assert inside == 9
    scored = [(start, end) for start, end, _, _, _, scored in found if scored]
    assert scored == [(0.25, 1), (1, 2.75), (4.25, 5.75), (6.25, 7.75), (8.25, 9)]


def test_collars_alone() -> None:
    found = pieces(*swept(Protocol(collar_each_side=0.25)))
    scored = [(start, end) for start, end, _, _, _, scored in found if scored]
    assert scored == [(0.25, 1), (1, 2.75), (3.25, 3.5), (3.5, 3.75), (4.25, 5.75), (6.25, 7.75), (8.25, 9)]


def test_wide_collars_leave_nothing() -> None:
    found = pieces(*swept(Protocol(collar_each_side=2)))
    assert not any(scored for *_, scored in found)


def test_regions() -> None:
    uem = {"r": [Segment(0.5, 2), Segment(5, 8.5)]}
    found = pieces(*swept(Protocol(region="uem"), uem=uem))
    assert [(start, end) for start, end, _, _, inside, _ in found if inside] == [
        (0.5, 1), (1, 2), (5, 6), (6, 8), (8, 8.5),
    ]  # fmt: skip
    assert all(inside == scored for *_, inside, scored in found)


def test_sums() -> None:
    protocol = Protocol(collar_each_side=0.25)
    corpus, found = swept(protocol)
    assert found.per_recording(found.lengths * found.num_reference).tolist() == [9 * SECOND]
    move = int(corpus.shifts[0])
    times = np.array([0, SECOND, 3 * SECOND, 8 * SECOND, 9 * SECOND]) + move
    # Scored are 0.25-2.75, 3.25-3.75, 4.25-5.75, 6.25-7.75, 8.25-9.
    assert found.scored_until(times).tolist() == [0, 750_000, 2_500_000, 6_000_000, 6_750_000]


def test_recordings_have_their_own_stretches() -> None:
    sides = [Diarization(name, (Turn(0, end, "A"),)) for name, end in (("a", 1), ("b", 2), ("c", 3))]
    silent = Diarization("s")
    labels = Labels.from_diarizations([sides[0], silent, sides[1], sides[2]])
    protocol = Protocol()
    corpus = lay_out(labels, Labels.from_diarizations([]), protocol)
    found = sweep(corpus, protocol)
    inside = found.per_recording(np.where(found.inside, found.lengths, 0))
    assert inside.tolist() == [SECOND, 0, 2 * SECOND, 3 * SECOND]


def test_an_empty_axis() -> None:
    nothing = Labels.from_diarizations([])
    found = sweep(lay_out(nothing, nothing, Protocol()), Protocol())
    assert (len(found.times), len(found.lengths)) == (0, 0)


def test_sets_of_speakers() -> None:
    corpus, found = swept(Protocol())
    kept = found.lengths > 0
    ours = speaker_sets(corpus.reference, found.times)[kept].tolist()
    a, ab, b = ours[0], ours[2], ours[4]
    assert ours == [a, a, ab, ab, b, b, 0]
    assert len({0, a, ab, b}) == 4
    theirs = speaker_sets(corpus.hypothesis, found.times)[kept].tolist()
    assert theirs[0] == 0
    assert theirs[1] == theirs[2] != theirs[3] != theirs[4]
    assert theirs[4] == theirs[5] == theirs[6]


@pytest.mark.parametrize("num", [1, 2, 12])
def test_all_sets_of_a_few_speakers_differ(num: int) -> None:
    """Every set of them speaks for a second, one after the other."""
    turns = [
        Turn(members, members + 1, f"s{number}")
        for members in range(1 << num)
        for number in range(num)
        if members >> number & 1
    ]
    labels = Labels.from_diarizations([Diarization("r", tuple(turns))])
    corpus = lay_out(labels, labels, Protocol())
    found = sweep(corpus, Protocol())
    sets = speaker_sets(corpus.reference, found.times)[found.lengths > 0]
    assert len(set(sets.tolist())) == (1 << num) - 1

"""Recordings on one axis of time: what is scored of them, and which turns are one."""

from __future__ import annotations

from typing import Any

import pytest

from diarist.errors import InputError, OptionError
from diarist.evaluation import Labels, Protocol
from diarist.evaluation.corpus import Corpus, Side, lay_out, regions_of, scored_recordings
from diarist.intervals import Segment
from diarist.types import Diarization, Turn

Times = tuple[float, float, str]


def of(name: str, *turns: Times, length: float | None = None) -> Diarization:
    return Diarization(name, tuple(Turn(*turn) for turn in turns), audio_length=length)


def laid_out(
    reference: list[Diarization], hypothesis: list[Diarization], protocol: Protocol | None = None, **rest: Any
) -> Corpus:
    labels = [Labels.from_diarizations(side) for side in (reference, hypothesis)]
    return lay_out(labels[0], labels[1], protocol or Protocol(), **rest)


def turns(corpus: Corpus, side: Side) -> list[tuple[str, str, int, int]]:
    """Recording, speaker, start and end in the recording's own ticks."""
    owners, moves = side.turn_recordings.tolist(), corpus.shifts.tolist()
    assert (side.starts[1:] >= side.starts[:-1]).all()
    return sorted(
        (corpus.recordings[owner], side.speakers[speaker], start - moves[owner], end - moves[owner])
        for owner, speaker, start, end in zip(
            owners, side.turn_speakers.tolist(), side.starts.tolist(), side.ends.tolist(), strict=True
        )
    )


def regions(corpus: Corpus) -> list[tuple[str, int, int]]:
    """Recording, start and end of its regions in its own ticks."""
    moves = corpus.shifts.tolist()
    return [
        (corpus.recordings[owner], start - moves[owner], end - moves[owner])
        for owner, start, end in zip(
            corpus.region_recordings.tolist(),
            corpus.region_starts.tolist(),
            corpus.region_ends.tolist(),
            strict=True,
        )
    ]


A, B = of("a", (1, 2, "A"), (3, 5, "B")), of("b", (7, 9, "A"), (7, 8, "C"), length=12.0)
HEARD = of("a", (0.5, 2, "x"), (2, 4, "y"))


def test_the_sides() -> None:
    corpus = laid_out([A, B], [HEARD])
    assert corpus.recordings == ("a", "b")
    assert corpus.num_recordings == 2
    assert corpus.ticks_per_second == 1_000_000
    assert corpus.reference.speakers == ("A", "B", "A", "C")
    assert corpus.reference.speaker_recordings.tolist() == [0, 0, 1, 1]
    assert corpus.reference.first_speakers.tolist() == [0, 2, 4]
    assert corpus.hypothesis.first_speakers.tolist() == [0, 2, 2]
    assert turns(corpus, corpus.reference) == [
        ("a", "A", 1_000_000, 2_000_000),
        ("a", "B", 3_000_000, 5_000_000),
        ("b", "A", 7_000_000, 9_000_000),
        ("b", "C", 7_000_000, 8_000_000),
    ]
    assert turns(corpus, corpus.hypothesis) == [
        ("a", "x", 500_000, 2_000_000),
        ("a", "y", 2_000_000, 4_000_000),
    ]


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("union", [("a", 500_000, 5_000_000), ("b", 7_000_000, 9_000_000)]),
        ("reference", [("a", 1_000_000, 5_000_000), ("b", 7_000_000, 9_000_000)]),
        ("file", [("a", 0, 5_000_000), ("b", 0, 12_000_000)]),
    ],
)
def test_regions(region: Any, expected: list[tuple[str, int, int]]) -> None:
    assert regions(laid_out([A, B], [HEARD], Protocol(region=region))) == expected


def test_a_recording_of_silence_has_no_region() -> None:
    silent, unheard = of("s"), of("u", (1, 2, "A"))
    corpus = laid_out([silent, A, unheard], [of("s", (0, 1, "x")), HEARD, of("u")])
    assert regions(corpus) == [
        ("s", 0, 1_000_000),
        ("a", 500_000, 5_000_000),
        ("u", 1_000_000, 2_000_000),
    ]
    corpus = laid_out([silent, A], [of("s", (0, 1, "x")), HEARD], Protocol(region="reference"))
    assert regions(corpus) == [("a", 1_000_000, 5_000_000)]


def test_the_regions_of_a_uem() -> None:
    uem = {
        "b": [Segment(0, 8)],
        "h": [Segment(1, 2)],
        "a": [Segment(1, 2), Segment(4, 6.5)],
        "z": [Segment(0, 1)],
    }
    corpus = laid_out([A, B], [of("h", (1, 2, "x")), HEARD], Protocol(region="uem"), uem=uem)
    assert corpus.recordings == ("a", "b", "h")
    assert regions(corpus) == [
        ("a", 1_000_000, 2_000_000),
        ("a", 4_000_000, 6_500_000),
        ("b", 0, 8_000_000),
        ("h", 1_000_000, 2_000_000),
    ]


def test_a_uem_and_the_region_go_together() -> None:
    with pytest.raises(OptionError, match="'uem' and a UEM is not given"):
        laid_out([A], [HEARD], Protocol(region="uem"))
    with pytest.raises(OptionError, match="'union' and a UEM is given"):
        laid_out([A], [HEARD], uem={"a": [Segment(0, 1)]})


def test_which_recordings_are_scored() -> None:
    ours, theirs = (Labels.from_diarizations(side) for side in ([B, A], [of("h"), HEARD]))
    assert scored_recordings(ours, theirs, None) == ("b", "a")
    uem = {"h": [Segment(0, 1)], "a": [Segment(0, 1)], "z": [Segment(0, 1)], "b": []}
    assert scored_recordings(ours, theirs, uem) == ("a", "h")


def test_regions_of_channels() -> None:
    whole, first = [Segment(0, 1)], [Segment(2, 3)]
    uem = {"r": whole, "r.ch1": first}
    assert regions_of("r", uem) == whole
    assert regions_of("r.ch1", uem) == first
    assert regions_of("r.ch2", uem) == whole
    assert not regions_of("q.ch1", uem)
    assert not regions_of("", uem)


def test_stretches_of_the_axis_lie_apart() -> None:
    """Further apart than collars reach, whatever lies outside the regions."""
    uem = {"a": [Segment(1, 2)], "b": [Segment(0, 1)]}
    protocol = Protocol(collar_each_side=0.5, region="uem")
    corpus = laid_out([A, B], [HEARD], protocol, uem=uem)
    for index, origin in enumerate(corpus.origins[:-1].tolist()):
        for side in (corpus.reference, corpus.hypothesis):
            own = side.turn_recordings == index
            assert (side.starts[own] - 500_000 > origin).all()
            assert (side.ends[own] + 500_000 < corpus.origins[index + 1]).all()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([(0, 2), (1, 3)], [(0, 3)]),
        ([(1, 3), (0, 2)], [(0, 3)]),
        ([(0, 9), (1, 2), (3, 4), (8, 10)], [(0, 10)]),
        ([(0, 2), (2, 3)], [(0, 2), (2, 3)]),
        ([(0, 2), (0, 2), (0, 2)], [(0, 2)]),
        ([(0, 2), (1.999999, 3)], [(0, 1.999999), (1.999999, 3)]),
        ([(0, 2), (1.999998, 3)], [(0, 3)]),
        ([(0, 4), (1, 2), (3.999999, 5), (5, 6), (5.5, 7)], [(0, 3.999999), (3.999999, 5), (5, 7)]),
    ],
)
def test_turns_of_one_speaker(given: list[tuple[float, float]], expected: list[tuple[float, float]]) -> None:
    """Those that overlap are one; those that touch, or overlap by a tick of rounding, are two."""
    others = [(0.5, 1.5, "B"), (1.0, 2.5, "B")]
    corpus = laid_out([of("r", *((*turn, "A") for turn in given), *others)], [])
    found = [(start, end) for _, speaker, start, end in turns(corpus, corpus.reference) if speaker == "A"]
    assert found == [(round(start * 1e6), round(end * 1e6)) for start, end in expected]
    assert ("r", "B", 500_000, 2_500_000) in turns(corpus, corpus.reference)


def test_turns_of_no_tick_are_left_out() -> None:
    corpus = laid_out([of("r", (1, 1.0000003, "A"), (2, 3, "B"))], [])
    assert turns(corpus, corpus.reference) == [("r", "B", 2_000_000, 3_000_000)]
    assert regions(corpus) == [("r", 2_000_000, 3_000_000)]


def test_frames() -> None:
    """Frame k belongs to a turn if start <= k * step < end."""
    talk = of("r", (0, 0.9, "A"), (1, 2, "B"), (2.1, 2.9, "C"), (2.5, 4.01, "D"))
    corpus = laid_out([talk], [], frame_step=1.0)
    assert corpus.ticks_per_second == 1
    assert turns(corpus, corpus.reference) == [("r", "A", 0, 1), ("r", "B", 1, 2), ("r", "D", 3, 5)]
    assert regions(corpus) == [("r", 0, 4)]  # 4.01 s are four whole frames


def test_regions_in_frames() -> None:
    uem = {"r": [Segment(0.5, 2.5), Segment(3, 4), Segment(4.5, 6.5)], "s": [Segment(1.5, 3)]}
    silent = [of("r"), of("s")]
    corpus = laid_out(silent, [], Protocol(region="uem"), uem=uem, frame_step=1.0)
    assert regions(corpus) == [("r", 1, 3), ("r", 3, 4), ("r", 5, 6), ("s", 2, 3)]


def test_an_axis_that_would_be_too_long() -> None:
    late = [of(f"r{number}", (0, 1e10, "A")) for number in range(231)]
    with pytest.raises(InputError, match=r"231 recordings .* too long together"):
        laid_out(late, [])
    assert laid_out(late[:3], []).num_recordings == 3


@pytest.mark.parametrize("end", [3e12, 1e13, 1e300])
def test_regions_beyond_use(end: float) -> None:
    with pytest.raises(InputError):
        laid_out([A], [HEARD], Protocol(region="uem"), uem={"a": [Segment(0, end)]})

"""Diarizations against sums done by hand, and against a grid of milliseconds."""

from __future__ import annotations

import math
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from diarist.errors import ConfidenceError, InputError, IntervalError, LabelError
from diarist.intervals import Segment
from diarist.transcript import Word
from diarist.types import Diarization, Speaker, Turn
from time_grid import GRID, as_runs, cells, many_turns, runs

# Turns.


def test_turns_are_plain_floats_whatever_they_were_made_of() -> None:
    turn = Turn(np.float32(0.5), 2, "A", confidence=1)
    assert [type(value) for value in (turn.start, turn.end, turn.confidence)] == [float, float, float]
    assert type(Segment(0, np.int64(3)).end) is float


@pytest.mark.parametrize("confidence", [-0.01, 1.01, math.nan, math.inf])
def test_impossible_confidence(confidence: float) -> None:
    with pytest.raises(ConfidenceError):
        Turn(0, 1, "A", confidence)
    with pytest.raises(ConfidenceError):
        Word("w", 0, 1, speaker_confidence=confidence)


@pytest.mark.parametrize("label", ["", " ", "\t\n"])
def test_empty_labels(label: str) -> None:
    for make in (lambda: Turn(0, 1, label), lambda: Speaker(label), lambda: Word("w", speaker=label)):
        with pytest.raises(LabelError):
            make()


def test_impossible_diarizations() -> None:
    for bad in ({"audio_length": -1}, {"audio_length": math.nan}, {"channel": 0}, {"recording_id": ""}):
        with pytest.raises(InputError):
            Diarization(**({"recording_id": "r"} | bad))


# Diarizations. A: 0-4 and 6-8; B: 3-7; silence from 8 on.

TALK = Diarization(
    "talk", (Turn(6, 8, "A", 0.5, "two"), Turn(0, 4, "A", 0.8, "one"), Turn(3, 7, "B")), audio_length=10
)


def test_turns_are_sorted_and_speakers_in_order_of_speaking() -> None:
    assert [turn.start for turn in TALK] == [0, 3, 6]
    assert TALK.speakers == ("A", "B")
    assert len(TALK) == 3
    assert TALK.of("A") == (Turn(0, 4, "A", 0.8, "one"), Turn(6, 8, "A", 0.5, "two"))
    assert TALK.by_speaker() == {"A": TALK.of("A"), "B": TALK.of("B")}


def test_times() -> None:
    assert TALK.extent == 10
    assert replace(TALK, audio_length=None).extent == 8
    assert TALK.speech() == (Segment(0, 8),)
    assert TALK.speech_time() == 8
    assert TALK.speaker_time() == {"A": 6, "B": 4}
    assert TALK.overlaps() == (Segment(3, 4), Segment(6, 7))
    assert TALK.gaps() == (Segment(8, 10),)


def test_a_speaker_who_overlaps_themselves_is_one_speaker() -> None:
    twice = Diarization("r", (Turn(0, 4, "A"), Turn(2, 6, "A"), Turn(2, 6, "A")))
    assert twice.overlaps() == ()
    assert twice.speaker_time() == {"A": 6}


def test_overlap_of_three_is_one_stretch() -> None:
    three = Diarization("r", (Turn(0, 10, "A"), Turn(1, 5, "B"), Turn(2, 6, "C")))
    assert three.overlaps() == (Segment(1, 6),)


def test_nothing() -> None:
    empty = Diarization("r")
    assert empty.extent == empty.speech_time() == 0
    assert empty.speech() == empty.gaps() == empty.overlaps() == empty.speakers == ()
    assert empty.support() == empty.exclusive() == empty.crop(Segment(0, 1)) == empty
    assert Diarization("r", audio_length=3).gaps() == (Segment(0, 3),)


def test_support_joins_text_and_weighs_confidence() -> None:
    merged = TALK.support(gap=2)
    assert merged.turns == (Turn(0, 8, "A", (4 * 0.8 + 2 * 0.5) / 6, "one two"), Turn(3, 7, "B"))
    assert TALK.support(gap=1.9) == TALK


def test_support_of_certain_turns_stays_certain() -> None:
    parts = tuple(Turn(i / 10, (i + 1) / 10, "A", 1.0) for i in range(30))
    assert Diarization("r", parts).support().turns == (Turn(0, 3.0, "A", 1.0),)


def test_crop_shift_relabel() -> None:
    assert [(turn.start, turn.end) for turn in TALK.crop(Segment(3.5, 6.5))] == [
        (3.5, 4),
        (3.5, 6.5),
        (6, 6.5),
    ]
    assert TALK.crop(Segment(0, 4)).turns[0].text == "one"
    assert TALK.shift(1.5).shift(-1.5) == TALK
    with pytest.raises(IntervalError):
        TALK.shift(-1)
    assert TALK.relabel({"A": "Ann"}).speakers == ("Ann", "B")
    assert TALK.relabel(str.lower).speakers == ("a", "b")
    with pytest.raises(LabelError):
        TALK.relabel({"A": ""})


def test_exclusive_by_confidence() -> None:
    # A (0.8) keeps 3-4 from B (unknown, counts as 0), and A's second turn (0.5) takes 6-7.
    assert TALK.exclusive().turns == (
        Turn(0, 4, "A", 0.8, "one"),
        Turn(4, 6, "B"),
        Turn(6, 8, "A", 0.5, "two"),
    )


def test_exclusive_without_confidence_goes_to_who_was_speaking_then_to_who_goes_on() -> None:
    talk = Diarization("r", (Turn(0, 5, "A"), Turn(3, 6, "B"), Turn(8, 9, "A"), Turn(8, 10, "B")))
    assert talk.exclusive().turns == (Turn(0, 5, "A"), Turn(5, 6, "B"), Turn(8, 10, "B"))


def test_exclusive_leaves_text_in_the_longest_part() -> None:
    talk = Diarization("r", (Turn(0, 10, "A", 0.1, "long"), Turn(2, 4, "B", 0.9)))
    assert talk.exclusive().turns == (
        Turn(0, 2, "A", 0.1),
        Turn(2, 4, "B", 0.9),
        Turn(4, 10, "A", 0.1, "long"),
    )


def test_exclusive_keeps_one_of_two_identical_turns() -> None:
    assert Diarization("r", (Turn(0, 1, "A"), Turn(0, 1, "A"))).exclusive().turns == (Turn(0, 1, "A"),)


@settings(max_examples=60, deadline=None)
@given(many_turns)
def test_operations_are_those_of_the_grid(parts: list[Turn]) -> None:
    talk = Diarization("r", tuple(parts))
    own = {speaker: cells(talk.of(speaker)) for speaker in talk.speakers}
    busy = {ms: sum(ms in members for members in own.values()) for ms in range(GRID)}
    assert as_runs(talk.speech()) == runs({ms for ms, count in busy.items() if count})
    assert as_runs(talk.overlaps()) == runs({ms for ms, count in busy.items() if count > 1})
    assert talk.speaker_time() == pytest.approx({name: len(ms) / 1000 for name, ms in own.items()})
    support = talk.support()
    assert {name: as_runs(turn.segment for turn in support.of(name)) for name in support.speakers} == {
        name: runs(members) for name, members in own.items()
    }


@settings(max_examples=60, deadline=None)
@given(many_turns)
def test_exclusive_gives_every_moment_to_one_of_the_best(parts: list[Turn]) -> None:
    talk = Diarization("r", tuple(parts))
    floor = {ms: turn for turn in talk.exclusive() for ms in cells([turn])}
    assert sum(len(cells([turn])) for turn in talk.exclusive()) == len(floor) == len(cells(parts))
    for ms, winner in floor.items():
        active = [turn for turn in parts if ms in cells([turn])]
        best = max((turn.confidence or 0, -turn.start, turn.end) for turn in active)
        assert winner.speaker in {
            turn.speaker for turn in active if (turn.confidence or 0, -turn.start, turn.end) == best
        }


def test_hours_of_turns_take_well_under_a_second_each() -> None:
    rng = np.random.default_rng(0)
    starts = np.sort(rng.uniform(0, 20_000, 20_000))
    many = Diarization(
        "r", tuple(Turn(start, start + 1 + i % 5, f"S{i % 50}", 0.5) for i, start in enumerate(starts))
    )
    operations = (
        lambda: many.relabel({"S1": "X"}),
        many.speaker_time,
        lambda: many.support(0.5),
        many.exclusive,
        many.overlaps,
        many.gaps,
        lambda: many.crop(Segment(100, 10_000)),
        many._repr_svg_,
    )
    for operation in operations:
        begun = time.process_time()
        operation()
        assert time.process_time() - begun < 3  # tenths of a second; a quadratic one takes minutes


def test_display_name() -> None:
    assert Speaker("S1").display_name == "S1"
    assert Speaker("S1", "Ann").display_name == "Ann"

"""From scores to turns, on scores made by hand: one window, or two half overlapping."""

from __future__ import annotations

import numpy as np
import pytest

from diarist.diarizers.attribution import AttributionConfig, attribute
from diarist.diarizers.listening import STEP_FRAMES, WINDOW_FRAMES, Heard
from diarist.models.powerset import GRID

FRAME = GRID.frame_step


def made(
    activity: list[list[tuple[int, int, int]]],
    pieces: list[tuple[int, int]],
    overlap: tuple[int, int] = (0, 0),
) -> Heard:
    """A recording from (local speaker, first frame, frame after) a window, and pieces' frames."""
    num_frames = (len(activity) - 1) * STEP_FRAMES + WINDOW_FRAMES
    local = np.zeros((len(activity), WINDOW_FRAMES, 3), np.float16)
    speech = np.zeros(num_frames, np.float32)
    for window, spans in enumerate(activity):
        for speaker, start, end in spans:
            local[window, start:end, speaker] = 1
            speech[window * STEP_FRAMES + start : window * STEP_FRAMES + end] = 1
    both = np.zeros(num_frames, np.float32)
    both[slice(*overlap)] = 1
    piece_of = np.full(num_frames, -1, np.int32)
    for piece, (start, end) in enumerate(pieces):
        piece_of[start:end] = piece
    lengths = np.array([(end - start) * FRAME for start, end in pieces])
    samples = (num_frames - 1) * GRID.step + GRID.size
    return Heard(local, speech, both, piece_of, lengths, np.zeros((len(pieces), 192), np.float32), samples)


def posteriors(*labels: int, voices: int) -> np.ndarray:
    return np.eye(voices, dtype=np.float32)[list(labels)]


def frame_at(seconds: float) -> int:
    """The frame that begins at a time: half a step before its centre, which lies 495.5 samples in."""
    return round((seconds * 16000 + 135 - 495.5) / 270)


def spans(heard: Heard, certain: np.ndarray, **options: bool) -> list[tuple[int, int, str]]:
    """Turns in frames."""
    return sorted(
        (frame_at(turn.start), frame_at(turn.end), turn.speaker)
        for turn in attribute(heard, certain, **options)
    )


def test_two_speakers_take_turns() -> None:
    heard = made([[(0, 50, 150), (2, 200, 300)]], [(50, 150), (200, 300)])
    assert spans(heard, posteriors(1, 0, voices=2)) == [(50, 150, "1"), (200, 300, "0")]


def test_overlap_goes_to_both_and_to_the_first_alone_where_exclusive() -> None:
    heard = made([[(0, 50, 200), (1, 150, 300)]], [(50, 150), (200, 300)], overlap=(150, 200))
    certain = posteriors(0, 1, voices=2)
    assert spans(heard, certain) == [(50, 200, "0"), (150, 300, "1")]
    alone = spans(heard, certain, exclusive=True)
    assert sum(end - start for start, end, _ in alone) == 250


def test_one_speaker_in_two_windows_is_one_turn_whatever_the_local_number() -> None:
    middle = STEP_FRAMES
    heard = made([[(0, 100, 589)], [(2, 0, 300)]], [(100, 200), (middle + 200, middle + 300)])
    assert spans(heard, posteriors(0, 0, voices=2)) == [(100, middle + 300, "0")]


def test_pieces_split_a_local_speaker_that_is_two_people() -> None:
    heard = made([[(0, 100, 300)]], [(100, 200), (200, 300)])
    assert spans(heard, posteriors(0, 1, voices=2)) == [(100, 200, "0"), (200, 300, "1")]


def test_a_local_speaker_without_a_piece_gets_the_voice_of_its_neighbour() -> None:
    heard = made([[(0, 100, 200), (1, 230, 240)]], [(100, 200)])
    assert spans(heard, posteriors(0, voices=1)) == [(100, 200, "0"), (230, 240, "0")]


def test_speech_without_any_piece_is_one_speaker() -> None:
    heard = made([[(0, 100, 112)]], [])
    assert spans(heard, np.zeros((0, 0), np.float32)) == [(100, 112, "0")]


def test_backchannels_stay_and_flickers_go() -> None:
    heard = made([[(0, 100, 110), (0, 200, 202), (0, 300, 304), (0, 306, 310)]], [(100, 110)])
    assert spans(heard, posteriors(0, voices=1)) == [(100, 110, "0"), (300, 310, "0")]


def test_turns_at_the_edges_reach_the_edges() -> None:
    heard = made([[(0, 0, 589)]], [(0, 589)])
    (turn,) = attribute(heard, posteriors(0, voices=1))
    assert (turn.start, turn.end) == (0.0, pytest.approx(heard.num_samples / 16000, abs=0.0006))


def test_times_are_frame_centres_give_or_take_half_a_step() -> None:
    heard = made([[(0, 100, 200)]], [(100, 200)])
    (turn,) = attribute(heard, posteriors(0, voices=1))
    # Frame i sees samples 270 i to 270 i + 991; its centre less half a step is 270 i + 360.5.
    assert turn.start == pytest.approx((270 * 100 + 360.5) / 16000, abs=0.0006)
    assert turn.end == pytest.approx((270 * 200 + 360.5) / 16000, abs=0.0006)


def test_confidence_is_the_mean_score() -> None:
    heard = made([[(0, 100, 200)]], [(100, 200)])
    unsure = np.array([[0.75, 0.25]], np.float32)
    (turn,) = attribute(heard, unsure)
    own = AttributionConfig().own_piece
    assert turn.confidence == pytest.approx((1 - own) * 1 + own * 0.75, abs=0.001)


def test_silence_gives_no_turns() -> None:
    assert attribute(made([[]], []), np.zeros((0, 0), np.float32)) == []

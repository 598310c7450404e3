"""Seconds, samples, frames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.timebase import FrameGrid, round_to_milliseconds, samples_to_seconds, seconds_to_samples

# 10 s of 16 kHz in 589 frames: the segmentation network's.
GRID = FrameGrid(step=270, size=991, sample_rate=16000)


@pytest.mark.parametrize(("seconds", "samples"), [(0.0, 0), (1.0, 16000), (0.00003125, 1), (0.00003, 0)])
def test_seconds_to_samples_halves_go_up(seconds: float, samples: int) -> None:
    assert seconds_to_samples(seconds, 16000) == samples


@given(st.integers(0, 10**10), st.sampled_from([8000, 11025, 16000, 44100, 48000, 96000]))
def test_samples_survive_the_way_through_seconds(samples: int, sample_rate: int) -> None:
    assert seconds_to_samples(samples_to_seconds(samples, sample_rate), sample_rate) == samples


@pytest.mark.parametrize(
    ("seconds", "rounded"), [(0.0, 0.0), (1.2344, 1.234), (1.2346, 1.235), (0.0005, 0.001), (0.00049, 0.0)]
)
def test_round_to_milliseconds(seconds: float, rounded: float) -> None:
    assert round_to_milliseconds(seconds) == rounded


@given(st.integers(0, 10**9))
def test_whole_milliseconds_stay(ms: int) -> None:
    assert round_to_milliseconds(ms / 1000) == ms / 1000


def test_frames_of_ten_seconds() -> None:
    assert GRID.num_frames(160_000) == 589
    assert GRID.num_frames(990) == 0
    assert GRID.num_frames(991) == 1
    assert GRID.frame_step == 0.016875
    assert GRID.centre(0) == 495.5 / 16000


@given(st.integers(0, 10**6))
def test_frames_are_a_step_apart(frame: int) -> None:
    assert GRID.centre(frame + 1) - GRID.centre(frame) == pytest.approx(GRID.frame_step, abs=1e-9)

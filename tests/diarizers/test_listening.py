"""One pass over the sound: the same whatever the blocks, right at every length."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from diarist.audio import load
from diarist.diarizers.listening import (
    STEP,
    STEP_FRAMES,
    WINDOW,
    WINDOW_FRAMES,
    Heard,
    Listener,
    region_bounds,
)
from diarist.models import Runtime
from diarist.models.powerset import GRID
from diarist.progress import Progress, ignore_progress


@pytest.fixture(scope="module")
def runtime(model_cache: Path) -> Runtime:
    return Runtime("cpu", cache=model_cache)


@pytest.fixture(scope="module")
def sound(conversation: Path) -> np.ndarray:
    return load(conversation)


def blocks(sound: np.ndarray, size: int) -> Iterator[np.ndarray]:
    return (sound[start : start + size] for start in range(0, len(sound), size))


def hear(runtime: Runtime, sound: np.ndarray, size: int = 1 << 20) -> Heard:
    return Listener(runtime, None, ignore_progress).listen(blocks(sound, size))


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_regions_cover_every_frame_once(count: int) -> None:
    num_frames = (count - 1) * STEP_FRAMES + WINDOW_FRAMES
    bounds = [region_bounds(window, count, num_frames) for window in range(count)]
    assert bounds[0][0] == 0
    assert bounds[-1][1] == num_frames
    assert all(left[1] == right[0] for left, right in pairwise(bounds))


def test_a_window_step_is_a_whole_number_of_frames() -> None:
    assert STEP_FRAMES * GRID.step == STEP
    assert abs(STEP / 16000 - 5) < 0.01


@pytest.mark.parametrize(
    "length", [0, 1, 990, 991, 1600, 16000, WINDOW - 1, WINDOW, WINDOW + 1, WINDOW + STEP + 5]
)
def test_every_length_gives_its_own_frames(length: int, runtime: Runtime, sound: np.ndarray) -> None:
    heard = hear(runtime, sound[:length])
    assert heard.num_samples == length
    assert len(heard.speech) == len(heard.overlap) == len(heard.piece_of) == GRID.num_frames(length)
    assert np.isfinite(heard.speech).all()
    assert len(heard.embeddings) == len(heard.lengths) == heard.piece_of.max(initial=-1) + 1


def test_the_size_of_blocks_changes_nothing(runtime: Runtime, sound: np.ndarray) -> None:
    whole, cut = hear(runtime, sound, len(sound)), hear(runtime, sound, 7777)
    for name in ("activity", "speech", "overlap", "piece_of", "lengths", "embeddings"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(cut, name), err_msg=name)


def test_a_chunk_border_changes_nothing(
    runtime: Runtime, sound: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = hear(runtime, sound)
    monkeypatch.setattr("diarist.diarizers.listening.BATCHES_A_CHUNK", 1)
    monkeypatch.setattr("diarist.diarizers.listening.WINDOWS_A_BATCH", 2)
    chunked = hear(runtime, sound, 16000)
    np.testing.assert_allclose(chunked.speech, whole.speech, atol=1e-4)
    np.testing.assert_array_equal(chunked.piece_of, whole.piece_of)
    np.testing.assert_allclose(chunked.embeddings, whole.embeddings, atol=1e-3)


def test_pieces_are_short_and_of_speech(runtime: Runtime, sound: np.ndarray) -> None:
    heard = hear(runtime, sound)
    frames = np.bincount(heard.piece_of[heard.piece_of >= 0])
    assert frames.min() >= 15
    assert frames.max() <= 130
    np.testing.assert_allclose(heard.lengths, frames * GRID.frame_step)
    inside = heard.piece_of >= 0
    assert heard.speech[inside].min() > 0.5
    assert heard.overlap[inside].max() < 0.5


def test_the_sound_that_is_kept_does_not_grow(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diarist.diarizers.listening.BATCHES_A_CHUNK", 1)
    listener = Listener(runtime, None, ignore_progress)
    kept: list[int] = []

    def watched() -> Iterator[np.ndarray]:
        for _ in range(40):
            kept.append(len(listener._sound))
            yield np.zeros(6 * 16000, np.float32)

    listener.listen(watched())
    assert 0 < max(kept) <= WINDOW + STEP


def test_progress_ends_where_the_sound_ends(runtime: Runtime, sound: np.ndarray) -> None:
    reports: list[Progress] = []
    length = len(sound) / 16000
    Listener(runtime, length, reports.append).listen(blocks(sound, 16000))
    for step in ("segmentation", "embedding"):
        done = [report.done for report in reports if report.step == step]
        assert done == sorted(done)
        assert len(done) >= 2
        assert done[-1] == pytest.approx(length)

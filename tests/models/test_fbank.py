"""The features against Kaldi's definition, written out slowly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.models.fbank import fbank, num_frames


def slow_frame(samples: np.ndarray) -> np.ndarray:
    """One frame of 400 samples, every formula of Kaldi's sources in float64, no FFT."""
    x = samples.astype(np.float64) - samples.astype(np.float64).mean()
    x = np.concatenate([[x[0] * (1 - 0.97)], x[1:] - 0.97 * x[:-1]])
    x = x * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 399)) ** 0.85
    bins = np.arange(257)
    power = np.abs(np.exp(-2j * np.pi * np.outer(bins, np.arange(400)) / 512) @ x) ** 2

    def mel(hertz: float) -> float:
        return 1127 * np.log(1 + hertz / 700)

    low, step = mel(20), (mel(8000) - mel(20)) / 81
    features = []
    for channel in range(80):
        left, centre, right = (low + step * (channel + k) for k in range(3))
        energy = 0.0
        for bin_ in range(256):
            at = mel(bin_ * 16000 / 512)
            if left < at <= centre:
                energy += power[bin_] * (at - left) / (centre - left)
            elif centre < at < right:
                energy += power[bin_] * (right - at) / (right - centre)
        features.append(np.log(max(energy, np.finfo(np.float32).eps)))
    return np.array(features)


def test_against_the_definition() -> None:
    samples = np.random.default_rng(1).standard_normal(1600).astype(np.float32) * 0.1
    features = fbank(samples)
    assert features.shape == (8, 80)
    assert features.dtype == np.float32
    for row in (0, 3, 7):
        np.testing.assert_allclose(features[row], slow_frame(samples[row * 160 : row * 160 + 400]), atol=2e-3)


def test_a_tone_peaks_in_its_own_channel() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(8000) / 16000).astype(np.float32)
    peak = fbank(tone).mean(0).argmax()
    step = 1127 * (np.log(1 + 8000 / 700) - np.log(1 + 20 / 700)) / 81
    centre = (1127 * (np.log(1 + 1000 / 700) - np.log(1 + 20 / 700))) / step - 1
    assert abs(peak - centre) <= 1


def test_louder_is_a_constant_more() -> None:
    samples = np.random.default_rng(2).standard_normal(4000).astype(np.float32) * 0.01
    np.testing.assert_allclose(fbank(10 * samples) - fbank(samples), 2 * np.log(10), atol=1e-3)


def test_silence_is_finite() -> None:
    assert np.isfinite(fbank(np.zeros(16000, np.float32))).all()


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16000, 98)])
def test_only_whole_frames_count(samples: int, frames: int) -> None:
    assert num_frames(samples) == frames
    assert len(fbank(np.zeros(samples, np.float32))) == frames


@given(st.integers(400, 3000), st.integers(0, 8))
def test_a_later_start_gives_the_same_frames(length: int, skip: int) -> None:
    samples = np.random.default_rng(length).standard_normal(length).astype(np.float32)
    whole = fbank(samples)[skip:]
    np.testing.assert_allclose(fbank(samples[skip * 160 :])[: len(whole)], whole, atol=1e-4)

"""Log mel filter-bank features as Kaldi computes them, for the embedding network.

Kaldi's ``compute-fbank-feats`` with 80 bins, no dither, samples scaled to ±1: frames of 25 ms
every 10 ms that lie wholly inside the samples, each with its mean removed, pre-emphasised by
0.97, under a Povey window, padded to 512 points; mel scale 1127 ln(1 + f/700) from 20 Hz to
8 kHz; natural logarithm of the power, floored at the smallest float32 step
(kaldi/src/feat/feature-fbank.cc, feature-window.cc, mel-computations.cc).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

SAMPLE_RATE = 16000
NUM_BINS = 80
FRAME_SHIFT = 160
FRAME_SIZE = 400
FFT_SIZE = 512
PRE_EMPHASIS = 0.97
LOW_HZ = 20.0
HIGH_HZ = 8000.0
FLOOR = np.finfo(np.float32).eps


def num_frames(num_samples: int) -> int:
    """Frames that lie wholly inside ``num_samples``."""
    return max(0, 1 + (num_samples - FRAME_SIZE) // FRAME_SHIFT)


def fbank(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples ``[S]`` at 16 kHz, scaled to ±1 → features ``[T, 80]``, one row every 10 ms."""
    count = num_frames(len(samples))
    if count == 0:
        return np.zeros((0, NUM_BINS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME_SIZE)[::FRAME_SHIFT][:count]
    frames = frames - frames.mean(1, keepdims=True, dtype=np.float32)
    emphasised = np.empty_like(frames)
    emphasised[:, 1:] = frames[:, 1:] - PRE_EMPHASIS * frames[:, :-1]
    emphasised[:, 0] = frames[:, 0] * (1 - PRE_EMPHASIS)
    emphasised *= _window()

    spectrum = fft.rfft(emphasised, FFT_SIZE, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    features: NDArray[np.float32] = np.log(np.maximum(power @ _mel_filters(), FLOOR))
    return features


@cache
def _window() -> NDArray[np.float32]:
    """Povey's window: a Hann window to the power 0.85."""
    phase = 2 * np.pi * np.arange(FRAME_SIZE) / (FRAME_SIZE - 1)
    window: NDArray[np.float32] = ((0.5 - 0.5 * np.cos(phase)) ** 0.85).astype(np.float32)
    return window


@cache
def _mel_filters() -> NDArray[np.float32]:
    """``[257, 80]``: triangles on the mel scale, each rising from its neighbour's centre."""
    mel = 1127 * np.log(1 + np.arange(FFT_SIZE // 2 + 1) * SAMPLE_RATE / FFT_SIZE / 700)
    edges = np.linspace(1127 * np.log(1 + LOW_HZ / 700), 1127 * np.log(1 + HIGH_HZ / 700), NUM_BINS + 2)
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    rising = (mel[:, None] - left) / (centre - left)
    falling = (right - mel[:, None]) / (right - centre)
    filters: NDArray[np.float32] = np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)
    filters[-1] = 0  # Kaldi leaves the bin at half the sample rate out
    return filters

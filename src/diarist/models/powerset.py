"""What is known about the segmentation network's output, without the network.

Three local speakers, at most two of them at once: seven classes, as ``pyannote/segmentation-3.0``
orders them (Plaquet and Bredin, "Powerset multi-class cross entropy loss for neural speaker
diarization", Interspeech 2023).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from diarist.timebase import FrameGrid

NUM_LOCAL_SPEAKERS = 3
MAX_AT_ONCE = 2

CLASSES: tuple[tuple[int, ...], ...] = tuple(
    active for size in range(MAX_AT_ONCE + 1) for active in combinations(range(NUM_LOCAL_SPEAKERS), size)
)
"""The local speakers that are active in each class; class 0 is nobody."""

NUM_CLASSES = len(CLASSES)

GRID = FrameGrid(step=270, size=991, sample_rate=16000)
"""Filters of 251 samples every 10, then three poolings by 3 around convolutions of 5."""

WINDOW_SECONDS = 10.0
"""What the network was trained on."""


def speaker_matrix() -> NDArray[np.float32]:
    """``[7, 3]``: 1 where a class has a local speaker active."""
    matrix = np.zeros((NUM_CLASSES, NUM_LOCAL_SPEAKERS), np.float32)
    for row, active in enumerate(CLASSES):
        matrix[row, list(active)] = 1.0
    return matrix

"""The one place that converts seconds, samples, frames and ticks. Nothing else rounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

TICKS_PER_SECOND = 1_000_000  # whole microseconds, in which times add up exactly


def seconds_to_samples(seconds: float, sample_rate: int) -> int:
    """The sample nearest to a time; halves go up. ``seconds`` is not negative."""
    return math.floor(seconds * sample_rate + 0.5)


def samples_to_seconds(samples: int, sample_rate: int) -> float:
    """The time at which a sample begins."""
    return samples / sample_rate


def round_to_milliseconds(seconds: float) -> float:
    """What is written to files and shown: whole milliseconds, halves up."""
    return math.floor(seconds * 1000 + 0.5) / 1000


def seconds_to_ticks(seconds: ArrayLike) -> NDArray[np.int64]:
    """The ticks nearest to times in seconds, of the same shape; halves go to the even one.

    A time written with up to six decimals becomes exactly its number of microseconds.
    """
    import numpy as np

    return np.rint(np.asarray(seconds, dtype=np.float64) * TICKS_PER_SECOND).astype(np.int64)


def ticks_to_seconds(ticks: float) -> float:
    """Seconds of a number of ticks."""
    return float(ticks) / TICKS_PER_SECOND


@dataclass(frozen=True, slots=True)
class FrameGrid:
    """Frames of a network over samples: frame ``i`` stands for the instant of its centre.

    Attributes:
        step: samples from one frame's centre to the next.
        size: samples that one frame sees (the receptive field).
        sample_rate: of the samples, in Hz.
    """

    step: int
    size: int
    sample_rate: int

    @property
    def frame_step(self) -> float:
        """Seconds from one frame to the next."""
        return self.step / self.sample_rate

    def num_frames(self, num_samples: int) -> int:
        """Frames whose receptive field lies wholly inside ``num_samples``."""
        return max(0, (num_samples - self.size) // self.step + 1)

    def centre(self, frame: int) -> float:
        """Seconds from the first sample to the centre of a frame."""
        return (frame * self.step + self.size / 2) / self.sample_rate

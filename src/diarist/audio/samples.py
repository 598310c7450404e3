"""From decoded frames to one float32 channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diarist.audio.timeline import Timeline

Samples = NDArray[np.float32]
"""Shape ``(samples,)``, full scale ±1."""

LARGEST = 2.0**32
"""Amplitude. Full scale is 1; beyond this a sample is as meaningless as one that is not finite."""

CANCELLED = 0.001
"""Share of the channels' energy below which their mean is nothing but what failed to cancel."""

_DTYPES = {
    name + planar: np.dtype(code)
    for name, code in {"u8": "u1", "s16": "i2", "s32": "i4", "s64": "i8", "flt": "f4", "dbl": "f8"}.items()
    for planar in ("", "p")
}
"""FFmpeg's names of sample formats; the ``p`` is for one plane a channel."""

_BATCH_SECONDS = 1
"""Frames are taken together until they last this long: a frame alone is too small for numpy."""

_SILENCE_SECONDS = 10
"""Length of the pieces in which long silence is made."""


class Mixer:
    """Takes one channel out of frames, or the plain mean of all, and repairs what is no number.

    Attributes:
        channel: counted from 1, or ``None`` for the mean.
        num_repaired: samples of the channels used that were not finite, or beyond
            :data:`LARGEST`, and became 0.
        num_missing: samples at which the file, changing midway, did not have the channel.
        cancels: whether the channels are so nearly each other's opposites that their mean is silent.
    """

    def __init__(self, channel: int | None) -> None:
        self.channel = channel
        self.num_repaired = 0
        self.num_missing = 0
        self._energy_apart = self._energy_mixed = 0.0

    @property
    def cancels(self) -> bool:
        """See the class."""
        return self._energy_mixed < CANCELLED * self._energy_apart

    def mix(self, frames: list[Any]) -> Samples:
        """The sound of ``av.AudioFrame`` s that follow each other and are of one kind."""
        num_channels = frames[0].layout.nb_channels
        if self.channel is None:
            mixed = self._convert(_row(frames, 0))
            apart = _energy(mixed)
            for index in range(1, num_channels):
                row = self._convert(_row(frames, index))
                apart += _energy(row)
                mixed += row
            if num_channels > 1:
                mixed /= np.float32(num_channels)
                self._energy_apart += apart / num_channels
                self._energy_mixed += _energy(mixed)
            return mixed
        if self.channel <= num_channels:
            return self._convert(_row(frames, self.channel - 1))
        num_samples = sum(frame.samples for frame in frames)
        self.num_missing += num_samples
        return np.zeros(num_samples, np.float32)

    def _convert(self, row: NDArray[Any]) -> Samples:
        """A new array scaled to ±1. Integers are signed, but for 8 bits, whose silence is 128."""
        if row.dtype == np.uint8:
            return (row.astype(np.float32) - np.float32(128)) / np.float32(128)
        if row.dtype.kind == "i":
            return row.astype(np.float32) / np.float32(2.0 ** (8 * row.dtype.itemsize - 1))
        bad = ~(np.abs(row) <= LARGEST)  # NaN compares false
        num_bad = int(np.count_nonzero(bad))
        self.num_repaired += num_bad
        return np.where(bad, 0, row).astype(np.float32) if num_bad else row.astype(np.float32)


def _energy(samples: Samples) -> float:
    return float(np.vdot(samples, samples))


def mono_pieces(frames: Iterable[Any], timeline: Timeline, mixer: Mixer) -> Iterator[tuple[int, Samples]]:
    """The sound of ``av.AudioFrame``\\ s without holes: pairs of sample rate and samples.

    Where the timeline says that sound is missing, there is silence.
    """
    waiting: list[Any] = []
    num_waiting = 0
    kind: tuple[int, str, int] | None = None
    for frame in frames:
        rate, num_samples = frame.sample_rate, frame.samples
        frame_kind = (rate, frame.format.name, frame.layout.nb_channels)
        silence = timeline.silence_before(frame.time, rate)
        timeline.advance(num_samples, rate)
        if kind and waiting and (silence or frame_kind != kind or num_waiting >= _BATCH_SECONDS * kind[0]):
            yield kind[0], mixer.mix(waiting)
            waiting, num_waiting = [], 0
        yield from ((rate, piece) for piece in _silence(silence, rate))
        kind = frame_kind
        waiting.append(frame)
        num_waiting += num_samples
    if kind and waiting:
        yield kind[0], mixer.mix(waiting)


def _row(frames: list[Any], index: int) -> NDArray[Any]:
    """One channel of frames of one kind, shape ``(samples,)``, in the decoder's numbers."""
    dtype, channels = _DTYPES[frames[0].format.name], frames[0].layout.nb_channels
    if frames[0].format.is_planar:
        return np.concatenate([np.frombuffer(_plane(f, index), dtype, f.samples) for f in frames])
    packed = [np.frombuffer(_plane(f, 0), dtype, f.samples * channels)[index::channels] for f in frames]
    return np.concatenate(packed)


def _plane(frame: Any, index: int) -> Any:
    """A buffer.

    Asked for by its number: PyAV's own ``planes`` and ``to_ndarray`` go on to a null pointer, which
    is not there behind eight channels, and end the process on 7.1 sound (PyAV 18.1).
    """
    import av.audio.plane

    return av.audio.plane.AudioPlane(frame, index)


def _silence(num_samples: int, rate: int) -> Iterator[Samples]:
    for start in range(0, num_samples, _SILENCE_SECONDS * rate):
        yield np.zeros(min(_SILENCE_SECONDS * rate, num_samples - start), np.float32)

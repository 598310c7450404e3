"""From any sample rate to one, by FFmpeg's swresample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from typing import Any

import numpy as np

from diarist.audio.samples import Samples
from diarist.timebase import seconds_to_samples

QUALITY = "filter_size=64:cutoff=0.95"
"""A Kaiser-windowed sinc twice as long as swresample's own. From 48 to 16 kHz: flat to 0.1 dB up
to 7 kHz, −3.6 dB at 7.5 kHz; what folds back is down by 38 dB at 8.1 kHz and by 90 dB from 8.5 kHz."""


class Resampler:
    """One stretch of sound of one sample rate, piece by piece; output sample 0 is input sample 0."""

    def __init__(self, rate: int, to_rate: int) -> None:
        self._rate = rate
        self._pushed = 0
        self._graph = None if rate == to_rate else _graph(rate, to_rate)

    def push(self, samples: Samples) -> Samples:
        """What has become of all samples so far, less what was returned before."""
        if self._graph is None:
            return samples
        if len(samples) == 0:
            return samples
        import av

        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = self._rate, self._pushed, Fraction(1, self._rate)
        self._pushed += len(samples)
        self._graph.push(frame)
        return self._pull()

    def flush(self) -> Samples:
        """The rest, up to a few samples too many. The resampler is spent afterwards."""
        if self._graph is None or not self._pushed:
            return np.zeros(0, np.float32)
        self._graph.push(None)
        return self._pull()

    def _pull(self) -> Samples:
        assert self._graph is not None
        ready = [np.zeros(0, np.float32)]
        while True:
            try:
                ready.append(self._graph.pull().to_ndarray()[0])
            except (BlockingIOError, EOFError):  # wants more; has no more
                return np.concatenate(ready)


def _graph(rate: int, to_rate: int) -> Any:
    """An ``av.filter.Graph`` that takes and gives float32 mono."""
    import av.filter

    graph = av.filter.Graph()
    source = graph.add(
        "abuffer", sample_rate=str(rate), sample_fmt="flt", channel_layout="mono", time_base=f"1/{rate}"
    )
    resample = graph.add("aresample", f"{to_rate}:{QUALITY}")
    sink = graph.add("abuffersink")
    source.link_to(resample)
    resample.link_to(sink)
    graph.configure()
    return graph


def resampled(pieces: Iterable[tuple[int, Samples]], to_rate: int) -> Iterator[Samples]:
    """Pieces of sound, each with its sample rate, as pieces of one rate.

    The length is that of the sound to the nearest sample, however often the rate changes.
    """
    elapsed, emitted = 0.0, 0
    for rate, group in groupby(pieces, key=lambda piece: piece[0]):
        resampler, received = Resampler(rate, to_rate), 0
        for _, piece in group:
            received += len(piece)
            ready = resampler.push(piece)
            emitted += len(ready)
            yield ready
        elapsed += received / rate
        rest = _fitted(resampler.flush(), seconds_to_samples(elapsed, to_rate) - emitted)
        emitted += len(rest)
        yield rest


def _fitted(samples: Samples, length: int) -> Samples:
    """``samples`` cut or continued with silence to ``length``, which is not far off."""
    if len(samples) >= length:
        return samples[: max(0, length)]
    return np.concatenate([samples, np.zeros(length - len(samples), np.float32)])

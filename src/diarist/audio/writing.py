"""Sound to files, whole or not at all."""

from __future__ import annotations

import os
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diarist.errors import OptionError
from diarist.files import cannot_be_written, replacing

MAX_WAV_BYTES = 2**32 - 1024
"""A WAV header counts bytes in 32 bits."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How one kind of file is written.

    Attributes:
        container: FFmpeg's name.
        codec: FFmpeg's name of the encoder.
        sample_format: what the encoder takes.
        sample_rates: Hz that it takes, ascending; empty for any.
        max_channels: how many it takes.
    """

    container: str
    codec: str
    sample_format: str
    sample_rates: tuple[int, ...] = ()
    max_channels: int = 8


CODINGS = {
    ".flac": Coding("flac", "flac", "s16"),
    ".mp3": Coding(
        "mp3", "libmp3lame", "fltp", (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000), 2
    ),
    ".opus": Coding("ogg", "libopus", "flt", (8000, 12000, 16000, 24000, 48000), 2),
}
"""By file suffix; ``.wav`` besides. Rates that a codec lacks become the next one it has."""


def write_wav(path: str | os.PathLike[str], samples: ArrayLike, sample_rate: int = 16000) -> None:
    """Writes 16-bit PCM in a WAV file; an old file stays until the new one is complete on disk.

    Args:
        path: in a folder that exists.
        samples: shape ``(samples,)`` or ``(channels, samples)``, full scale ±1; what goes beyond
            is clipped.
        sample_rate: Hz.

    Raises:
        OptionError: if the samples are not finite, of another shape, or more than 4 GiB.
        OutputError: if the file cannot be written.
    """
    sound = _checked(samples, sample_rate)
    if sound.size * 2 > MAX_WAV_BYTES:
        raise OptionError("The sound is too long for a WAV file (4 GiB).", "Write a FLAC file.")
    with replacing(path) as file, wave.open(file, "wb") as writer:
        writer.setnchannels(len(sound))
        writer.setsampwidth(2)
        writer.setframerate(sample_rate)
        writer.writeframes(_to_int16(sound).T.astype("<i2").tobytes())


def write_audio(path: str | os.PathLike[str], samples: ArrayLike, sample_rate: int) -> None:
    """Writes a file of the kind that its suffix names: ``.wav``, ``.flac`` (both 16 bits), ``.mp3``
    or ``.opus``.

    Arguments and errors are those of :func:`write_wav`; also raises ``OptionError`` for another
    suffix, more channels than the coding takes, or no sample where it needs one.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".wav":
        return write_wav(path, samples, sample_rate)
    coding = CODINGS.get(suffix)
    if coding is None:
        kinds = ", ".join([".wav", *CODINGS])
        raise OptionError(
            f'Sound cannot be written as "{suffix}".', f"Give a file name that ends in {kinds}."
        )
    sound = _checked(samples, sample_rate)
    if len(sound) > coding.max_channels:
        problem = f"A {suffix} file takes {coding.max_channels} channels at most, not {len(sound)}."
        raise OptionError(problem, "Write a WAV file, or fewer channels.")
    if sound.shape[1] == 0 and suffix != ".flac":
        raise OptionError(f"A {suffix} file cannot hold no sound at all.", "Write a WAV or FLAC file.")
    import av

    with replacing(path) as file:
        try:
            _encode(file, sound, sample_rate, coding)
        except av.error.FFmpegError as error:
            raise cannot_be_written(path, error) from error
    return None


def _encode(file: BinaryIO, sound: NDArray[np.float32], sample_rate: int, coding: Coding) -> None:
    """FFmpeg's own errors come out as they are."""
    import av

    rate = next(
        (r for r in coding.sample_rates if r >= sample_rate), (coding.sample_rates or (sample_rate,))[-1]
    )
    layout = _layout(len(sound))
    with av.open(file, "w", format=coding.container) as container:
        track = container.add_stream(coding.codec, rate=rate, layout=layout)
        track.format = coding.sample_format
        resampler = av.AudioResampler(format=coding.sample_format, layout=layout, rate=rate)
        for frame in _frames(sound, sample_rate, layout):
            for ready in resampler.resample(frame):
                container.mux(track.encode(ready))
        for ready in resampler.resample(None):
            container.mux(track.encode(ready))
        container.mux(track.encode(None))


def _frames(sound: NDArray[np.float32], sample_rate: int, layout: str) -> Iterator[Any]:
    """``av.AudioFrame`` s of a second each."""
    import av

    for start in range(0, sound.shape[1], sample_rate):
        piece = sound[:, start : start + sample_rate].T.reshape(1, -1)  # one plane: see samples.py
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="flt", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = sample_rate, start, Fraction(1, sample_rate)
        yield frame


def _layout(num_channels: int) -> str:
    names = ("mono", "stereo", "2.1", "4.0", "5.0", "5.1", "6.1", "7.1")
    return names[num_channels - 1]


def _checked(samples: ArrayLike, sample_rate: int) -> NDArray[np.float32]:
    """Samples of shape ``(channels, samples)``."""
    sound = np.atleast_2d(np.asarray(samples, dtype=np.float32))
    if sound.ndim != 2 or not 1 <= len(sound) <= 65535:
        raise OptionError(
            f"Sound of the shape {np.shape(samples)} is not (channels, samples).", "Reshape it."
        )
    if not 1 <= sample_rate <= 768_000:
        raise OptionError(f"The sample rate {sample_rate} Hz is out of range.", "Give 1 to 768000 Hz.")
    if not np.isfinite(sound).all():
        raise OptionError("The sound holds samples that are not finite.", "Replace them, by 0 for instance.")
    return sound


def _to_int16(sound: NDArray[np.float32]) -> NDArray[np.int16]:
    scaled: NDArray[np.float32] = np.rint(sound * np.float32(32768))
    return scaled.clip(-32768, 32767).astype(np.int16)

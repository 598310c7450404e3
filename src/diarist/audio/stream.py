"""A recording as blocks of float32 mono, in memory that does not grow with its length."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator

import numpy as np

from diarist.audio.declared import clock_zero, promised_end
from diarist.audio.decoding import Decoder
from diarist.audio.opening import Source, open_source
from diarist.audio.probing import MIX, check_channel, probe
from diarist.audio.resampling import resampled
from diarist.audio.samples import Mixer, Samples, mono_pieces
from diarist.audio.timeline import Timeline
from diarist.errors import OptionError
from diarist.timebase import samples_to_seconds, seconds_to_samples
from diarist.types import Recording

SAMPLE_RATE = 16000
"""Hz. What every network here listens to."""

BLOCK_SECONDS = 30.0

MIN_SAMPLE_RATE, MAX_SAMPLE_RATE = 1_000, 384_000
"""Hz. What may be asked for."""

MAX_BLOCK_SECONDS = 3600.0

MISSING_SECONDS, MISSING_SHARE = 0.5, 0.01
"""A recording shorter than its header says by more than both of these has lost its end."""


class AudioStream:
    """The sound of one recording, decoded anew by each iteration.

    Iterating gives contiguous arrays of shape ``(samples,)``, float32, full scale ±1 (decoders of
    floating point and of lossy codings may go beyond it; nothing is clipped). Every block is
    ``block_seconds`` long but the last, which is shorter and not empty; a file without a sample
    gives no block. The same file gives the same bytes each time.

    Attributes:
        recording: what is read.
        sample_rate: Hz, of the blocks.
        num_samples: samples given so far by the latest iteration.
        num_repaired: samples of the file that were not finite, or beyond all measure, and became 0.
        notes: once an iteration is over, what to know about the sound, one sentence each.
    """

    def __init__(self, recording: Recording, *, sample_rate: int, block_seconds: float) -> None:
        if not MIN_SAMPLE_RATE <= sample_rate <= MAX_SAMPLE_RATE:
            remedy = f"Give {MIN_SAMPLE_RATE} to {MAX_SAMPLE_RATE} Hz."
            raise OptionError(f"The sample rate {sample_rate} Hz is out of range.", remedy)
        if not (math.isfinite(block_seconds) and block_seconds * sample_rate >= 1):
            raise OptionError(f"A block of {block_seconds} s holds no sample.", "Give seconds above 0.")
        if block_seconds > MAX_BLOCK_SECONDS:
            raise OptionError(f"A block of {block_seconds} s is too long.", "Give an hour at most.")
        self.recording = recording
        self.sample_rate = sample_rate
        self.num_samples = 0
        self.num_repaired = 0
        self.notes: tuple[str, ...] = ()
        self._block = seconds_to_samples(block_seconds, sample_rate)

    def __iter__(self) -> Iterator[Samples]:
        """Decodes the recording from its start.

        Raises:
            AudioNotFoundError, AudioError, AudioDecodeError, NoAudioTrackError: if it cannot be
                read; as :func:`diarist.audio.probe`.
        """
        self.num_samples, self.num_repaired, self.notes = 0, 0, ()
        with open_source(self.recording.path) as source:
            check_channel(source, self.recording.channel)
            timeline = Timeline(clock_zero(source))
            decoder, mixer = Decoder(source, timeline), Mixer(self.recording.channel)
            pieces = mono_pieces(decoder.frames(), timeline, mixer)
            for block in _blocks(resampled(pieces, self.sample_rate), self._block):
                self.num_samples += len(block)
                self.num_repaired = mixer.num_repaired
                yield block
            self.num_repaired = mixer.num_repaired
            length = samples_to_seconds(self.num_samples, self.sample_rate)
            self.notes = tuple(_notes(source, timeline, decoder, mixer, length))


def stream_blocks(
    recording: Recording, *, sample_rate: int = SAMPLE_RATE, block_seconds: float = BLOCK_SECONDS
) -> AudioStream:
    """The recording as a stream of blocks; nothing is opened before the first is asked for.

    Args:
        recording: a file, or one channel of it.
        sample_rate: Hz of the blocks, 1 000 to 384 000.
        block_seconds: length of a block, at least one sample and at most an hour.

    Raises:
        OptionError: if one of these is out of its range.
    """
    return AudioStream(recording, sample_rate=sample_rate, block_seconds=block_seconds)


def load(
    path_or_recording: str | os.PathLike[str] | Recording,
    *,
    sample_rate: int = SAMPLE_RATE,
    channel: str | int = MIX,
) -> Samples:
    """A whole recording in memory: 230 MB an hour at 16 kHz. Long ones are better streamed.

    Args:
        path_or_recording: a file, or a recording, which knows its own channel.
        sample_rate: Hz of the result.
        channel: of a file: ``"mix"`` or a channel counted from 1.

    Returns:
        Samples as of :class:`AudioStream`, shape ``(samples,)``.

    Raises:
        OptionError: if ``channel`` is given with a recording; otherwise as
            :func:`diarist.audio.probe` and :func:`stream_blocks`.
    """
    if not isinstance(path_or_recording, Recording):
        path_or_recording = probe(path_or_recording, channel=channel)
    elif channel != MIX:
        raise OptionError("A recording has its channel already.", "Give the channel with a path only.")
    blocks = list(stream_blocks(path_or_recording, sample_rate=sample_rate))
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def _blocks(pieces: Iterable[Samples], size: int) -> Iterator[Samples]:
    """Pieces of any length as blocks of ``size`` samples; the last may be shorter."""
    block, filled = np.empty(size, np.float32), 0
    for piece in pieces:
        while len(piece):
            taken = piece[: size - filled]
            block[filled : filled + len(taken)] = taken
            filled, piece = filled + len(taken), piece[len(taken) :]
            if filled == size:
                yield block
                block, filled = np.empty(size, np.float32), 0
    if filled:
        yield block[:filled].copy()


def _notes(
    source: Source, timeline: Timeline, decoder: Decoder, mixer: Mixer, length: float
) -> Iterator[str]:
    """What was found on the way, one sentence each."""
    if mixer.num_repaired:
        was = "was" if mixer.num_repaired == 1 else "were"
        yield f"{_count(mixer.num_repaired, 'sample')} {was} not finite and {was} taken as silence."
    if mixer.cancels:
        yield "The channels cancel each other out in the mix; take them one by one with --channel."
    if decoder.failed_at is not None:
        yield (
            f"The file is damaged after {clock_time(decoder.failed_at)}: "
            f"{_count(decoder.num_failed, 'packet')} could not be decoded."
        )
    promised = promised_end(source)
    if promised is not None and promised - length > max(MISSING_SECONDS, MISSING_SHARE * promised):
        yield f"The file ends at {clock_time(length)}; its header says {clock_time(promised)}."
    if timeline.silence:
        yield f"Gaps in the file, {timeline.silence:.2f} s in all, are filled with silence."
    if timeline.lag:
        yield f"Timestamps in the file overlap; times are up to {timeline.lag:.2f} s late."
    if timeline.num_jumps:
        yield f"The file's clock jumps {_count(timeline.num_jumps, 'time')}; times count the sound itself."
    if mixer.num_missing:
        yield f"Channel {mixer.channel} ends midway; the rest of it is silence."


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"


def clock_time(seconds: float) -> str:
    """``01:02:03.4``, cut, not rounded."""
    tenths = math.floor(seconds * 10)
    return f"{tenths // 36000:02d}:{tenths // 600 % 60:02d}:{tenths // 10 % 60:02d}.{tenths % 10}"

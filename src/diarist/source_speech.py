"""Speech found in recordings of one speaker, and handed out piece by piece, none of it twice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from diarist.timebase import round_to_milliseconds, samples_to_seconds
from diarist.turn_taking import MAX_PAUSE

Samples: TypeAlias = NDArray[np.float32]  # [S] in -1..1 at SAMPLE_RATE

SAMPLE_RATE = 16000
FRAME = SAMPLE_RATE // 100  # samples; speech is found on a grid of 10 ms
MAX_PAUSE_FRAMES = round(MAX_PAUSE * SAMPLE_RATE / FRAME)
MIN_BURST_FRAMES = 3  # a shorter burst of energy is a click
FADE = SAMPLE_RATE // 200  # samples over which a cut edge fades, 5 ms
MIN_PIECE = 0.1  # seconds; nothing shorter is asked of a recording
MIN_REST = 0.5  # seconds that a turn may stay below the length that is wanted
SLACK_FRAMES = 15  # a piece is not cut for so little
LONGEST_SOURCE_PAUSE = 1.0  # seconds; longer pauses in a source are shortened to it
PAUSE_BETWEEN_RECORDINGS = (0.15, 0.7)  # seconds, where a turn goes on in the next source
SPEECH_RMS = 0.05  # level every voice is brought to, about -26 dB full scale


def speech_stretches(samples: Samples) -> tuple[tuple[int, int], ...]:
    """Where a recording of one speaker holds speech: ``(start, end)`` in samples.

    A frame of 10 ms is speech where its level lies within 35 dB of the loudest (95th percentile)
    and at least 8 dB above the quietest (5th percentile; this asks for no more than -20 dB from
    the loudest). Pauses up to :data:`MAX_PAUSE` belong to the speech around them.
    """
    return tuple((start * FRAME, end * FRAME) for start, end in _stretches(_audible(samples)))


def _audible(samples: Samples) -> NDArray[np.bool_]:
    """``[S // FRAME]`` frames of audible speech, without pauses of any length."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64)
    if not len(frames):
        return np.zeros(0, dtype=bool)
    power = (frames**2).mean(axis=1)
    if power.max() <= 0:
        return np.zeros(len(frames), dtype=bool)
    level = 10 * np.log10(np.maximum(power, power.max() * 1e-12))
    quiet, loud = np.percentile(level, [5, 95])
    audible: NDArray[np.bool_] = level > np.clip(quiet + 8, loud - 35, loud - 20)
    for start, end in _runs(audible):
        if end - start < MIN_BURST_FRAMES:
            audible[start:end] = False
    return audible


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """``(start, end)`` of every run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def _stretches(audible: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of audible frames, joined over pauses up to MAX_PAUSE."""
    joined: list[tuple[int, int]] = []
    for start, end in _runs(audible):
        if joined and start - joined[-1][1] <= MAX_PAUSE_FRAMES:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


@dataclass(frozen=True, eq=False)  # arrays do not compare to one truth value
class _Piece:
    """A stretch of speech ``[S]``, its audible frames ``[S // FRAME]``, and the pause before it."""

    samples: Samples
    audible: NDArray[np.bool_]
    pause: float  # seconds

    def split(self, frame: int) -> tuple[_Piece, _Piece]:
        """What comes before a frame and what comes after, both trimmed to audible frames."""
        return self._part(0, frame, self.pause), self._part(frame, len(self.audible), 0.0)

    def _part(self, start: int, end: int, pause: float) -> _Piece:
        frames = start + np.flatnonzero(self.audible[start:end])
        start, end = (int(frames[0]), int(frames[-1]) + 1) if len(frames) else (start, start)
        return _Piece(self.samples[start * FRAME : end * FRAME], self.audible[start:end], pause)


def _pieces(recording: Samples) -> list[_Piece]:
    """The speech of one recording; the first piece's pause is unknown and negative."""
    audible = _audible(recording)
    found: list[_Piece] = []
    before = 0
    for start, end in _stretches(audible):
        pause = min(LONGEST_SOURCE_PAUSE, (start - before) * FRAME / SAMPLE_RATE) if found else -1.0
        found.append(_Piece(recording[start * FRAME : end * FRAME], audible[start:end], pause))
        before = end
    return found


class SpeechPool:
    """The speech of one speaker that has not been used yet, in its order."""

    def __init__(self, recordings: Sequence[Samples]) -> None:
        self._pieces = [piece for recording in recordings for piece in _pieces(recording)]
        power = math.fsum(float(np.square(piece.samples, dtype=np.float64).sum()) for piece in self._pieces)
        self._gain = SPEECH_RMS / math.sqrt(power / (self.left * SAMPLE_RATE)) if power else 1.0

    @property
    def left(self) -> float:
        """Seconds of speech that are left."""
        return samples_to_seconds(sum(len(piece.samples) for piece in self._pieces), SAMPLE_RATE)

    def take(self, length: float, rng: np.random.Generator) -> list[tuple[float, Samples]]:
        """About ``length`` seconds of speech, cut where the voice is low; less where none is left.

        Returns:
            Pieces ``[S]`` of speech and the second at which each begins, the first at 0.
        """
        taken: list[tuple[float, Samples]] = []
        now = 0.0
        while self._pieces and (not taken or length - now > MIN_REST):
            piece = self._next_piece(max(MIN_PIECE, length - now))
            if taken:
                now += piece.pause if piece.pause >= 0 else rng.uniform(*PAUSE_BETWEEN_RECORDINGS)
            taken.append((round_to_milliseconds(now), _faded(piece.samples * np.float32(self._gain))))
            now += samples_to_seconds(len(piece.samples), SAMPLE_RATE)
        return taken

    def _next_piece(self, wanted: float) -> _Piece:
        """The next piece, or so much of it as is wanted."""
        piece = self._pieces.pop(0)
        frames = round(wanted * SAMPLE_RATE / FRAME)
        if len(piece.audible) <= 1.25 * frames + SLACK_FRAMES:
            return piece
        piece, rest = piece.split(_dip(piece.samples, frames))
        if len(rest.audible) > SLACK_FRAMES:
            self._pieces.insert(0, rest)
        return piece


def _dip(samples: Samples, wanted: int) -> int:
    """The quietest frame between 0.8 and 1.2 times ``wanted`` frames."""
    low, high = math.ceil(0.8 * wanted), math.floor(1.2 * wanted) + 1
    frames = samples[low * FRAME : high * FRAME].reshape(-1, FRAME)
    return low + int(np.argmin(np.square(frames, dtype=np.float64).sum(axis=1)))


def _faded(samples: Samples) -> Samples:
    faded = samples.copy()
    ramp = np.linspace(0, 1, min(FADE, len(samples)), dtype=np.float32)
    faded[: len(ramp)] *= ramp
    faded[len(faded) - len(ramp) :] *= ramp[::-1]
    return faded

"""Where decoded sound lies in time: gaps are filled, overlaps are borne, nothing is thrown away."""

from __future__ import annotations

import math

TOLERANCE = 0.015
"""Seconds by which a timestamp may lie off before it counts: under one Opus packet (20 ms), over
the rounding of Matroska's millisecond clock."""

MAX_LAG = 1.0
"""Seconds by which sound may come after its timestamp. Beyond it the clock has been set back, as
where two files were joined, and is taken to go on from here."""

MAX_SILENCE = 6 * 3600.0
"""Seconds of silence put into one file. A timestamp further ahead is damage, not a pause."""


class Timeline:
    """Compares timestamps with the samples counted so far.

    A timestamp ahead of the count is a gap: packets were lost, or never sent while a microphone
    was muted. It is answered with silence, so that what follows keeps its time. A timestamp
    behind the count is an overlap: its sound follows late, and the next gap makes up for it.

    Attributes:
        position: seconds of sound so far, silence included.
        silence: seconds of silence put into gaps after the first sound.
        lag: seconds by which sound came after its timestamp, at the most.
        num_jumps: how often the clock was set back or jumped too far ahead to be believed.
    """

    def __init__(self, zero: float | None) -> None:
        """``zero``: the timestamp of time 0 in seconds; ``None`` for the first sound's."""
        self._zero = zero
        self._whole = 0.0
        self._samples = 0
        self._rate = 0
        self._filled = 0.0
        self.silence = 0.0
        self.lag = 0.0
        self.num_jumps = 0

    @property
    def position(self) -> float:
        """Seconds of sound so far."""
        return self._whole + (self._samples / self._rate if self._rate else 0.0)

    def advance(self, samples: int, rate: int) -> None:
        """Counts sound. Samples are counted exactly as long as the rate stays the same."""
        if rate != self._rate:
            self._whole, self._samples, self._rate = self.position, 0, rate
        self._samples += samples

    def silence_before(self, time: float | None, rate: int) -> int:
        """Samples of silence due before sound with the timestamp ``time``; they are counted."""
        if time is None or not math.isfinite(time):
            return 0
        if self._zero is None:
            self._zero = time
        gap = time - self._zero - self.position
        if abs(gap) <= TOLERANCE:
            return 0
        if gap < -MAX_LAG or self._filled + gap > MAX_SILENCE:
            self._zero += gap
            self.num_jumps += 1
            return 0
        if gap < 0:
            self.lag = max(self.lag, -gap)
            return 0
        samples = math.floor(gap * rate + 0.5)
        self._filled += gap
        self.silence += gap if self._rate else 0.0
        self.advance(samples, rate)
        return samples

"""How far a call over several recordings is, and how long it still takes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

from diarist.progress import Progress


class Overall:
    """Counts seconds of audio over all recordings of a call.

    The time left is that of the audio heard so far, scaled to what is left: a recording that
    fails early counts for what was heard of it, and nothing of it is left. One whose length
    nobody knows counts as long as the others are on average.

    Args:
        lengths: ``audio_length`` of each recording, in order.
        clock: seconds, for tests.
    """

    def __init__(self, lengths: Sequence[float | None], clock: Callable[[], float] = time.monotonic) -> None:
        known = [length for length in lengths if length]
        self._known = bool(known)
        usual = math.fsum(known) / len(known) if known else 0.0
        self._lengths = [usual if length is None else length for length in lengths]
        self._clock = clock
        self._started = clock()
        self._heard = 0.0  # of recordings that are over
        self._steps: dict[str, float] = {}  # of the present one
        self._left = math.fsum(self._lengths)  # of those to come, and of the present one at its start
        self._present = 0.0

    def begin(self, number: int) -> None:
        """Recording ``number``, from 1, is next; the one before it is over."""
        self._heard += self._in_present()
        self._steps = {}
        self._present = self._lengths[number - 1]
        self._left = math.fsum(self._lengths[number - 1 :])

    def report(self, progress: Progress) -> None:
        """What the engine says about the present recording."""
        if progress.unit == "s":
            self._steps[progress.step] = progress.done

    @property
    def done(self) -> float:
        """Seconds of audio heard."""
        return self._heard + self._in_present()

    @property
    def total(self) -> float | None:
        """Seconds of audio heard and to be heard, or ``None`` where nobody knows any length."""
        return self.done + self._still() if self._known else None

    @property
    def time_left(self) -> float | None:
        """Seconds that the rest will take, or ``None`` where nobody can know yet."""
        if self.done <= 0 or not self._known:
            return None
        return (self._clock() - self._started) * self._still() / self.done

    def _in_present(self) -> float:
        """What all steps over it have heard; one that has yet to begin is not asked."""
        return min(self._steps.values(), default=0.0)

    def _still(self) -> float:
        return max(self._left - min(self._in_present(), self._present), 0.0)

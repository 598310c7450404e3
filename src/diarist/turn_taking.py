"""How people share the floor, as quantiles counted in references of real conversations."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from diarist.errors import OptionError
from diarist.types import Diarization, Turn

MAX_PAUSE = 0.3  # seconds; a longer pause inside an utterance is not speech
ROUNDING = 1e-6  # seconds; a pause written as 0.30 is not over 0.3, whatever floats make of it
QUANTILE_LEVELS = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98)


@dataclass(frozen=True)
class TurnStatistics:
    """How people share the floor, counted in references; lengths are seconds at QUANTILE_LEVELS.

    Attributes:
        turn_lengths: of turns that are no backchannels.
        pauses: between two turns of one speaker with nobody else's between; over MAX_PAUSE.
        gaps: from the end of a turn to the start of another speaker's next; negative is overlap.
        backchannel_lengths: of turns that lie wholly inside a turn of another speaker.
        continue_rate: probability that the next turn is the same speaker's.
        return_rate: probability that a new speaker is the one who spoke before the present one.
        backchannel_rate: backchannels a second of turns that are none.
    """

    turn_lengths: tuple[float, ...]
    pauses: tuple[float, ...]
    gaps: tuple[float, ...]
    backchannel_lengths: tuple[float, ...]
    continue_rate: float
    return_rate: float
    backchannel_rate: float


MEETING = TurnStatistics(
    turn_lengths=(0.22, 0.4, 0.76, 1.38, 2.16, 3.1, 4.646, 6.62, 9.868, 15.602, 30.981),
    pauses=(0.614, 1.04, 1.19, 1.32, 1.46, 1.66, 1.92, 2.294, 3.106, 4.96, 13.316),
    gaps=(-3.93, -1.6, -0.79, -0.37, -0.07, 0.15, 0.34, 0.63, 0.99, 1.733, 5.873),
    backchannel_lengths=(0.15, 0.23, 0.29, 0.34, 0.39, 0.46, 0.59, 0.845, 1.27, 2.1, 4.787),
    continue_rate=0.235,
    return_rate=0.507,
    backchannel_rate=0.1035,
)
"""Counted in 16 AMI meetings, 7.3 h of speech: `python bench/turn_statistics.py FOLDER_OF_RTTM`.

These references bridge most pauses below a second, so pauses are long and turns hold some silence."""

BROADCAST = TurnStatistics(
    turn_lengths=(0.44, 1.0, 1.72, 2.76, 4.0, 5.56, 7.72, 11.0, 16.528, 28.2, 59.315),
    pauses=(0.36, 0.44, 0.52, 0.6, 0.68, 0.8, 0.92, 1.08, 1.36, 2.0, 5.756),
    gaps=(-2.56, -0.92, -0.32, -0.04, 0.0, 0.08, 0.2, 0.32, 0.6, 1.16, 2.6),
    backchannel_lengths=(0.25, 0.36, 0.44, 0.52, 0.6, 0.76, 0.96, 1.2, 1.6, 2.44, 4.501),
    continue_rate=0.342,
    return_rate=0.592,
    backchannel_rate=0.0197,
)
"""Counted in 216 VoxConverse recordings, 18.9 h of speech, as above."""

CONSULTATION = TurnStatistics(
    turn_lengths=(0.594, 0.921, 1.417, 1.97, 2.586, 3.319, 4.299, 5.563, 7.383, 11.115, 26.012),
    pauses=(0.345, 0.53, 0.634, 0.748, 0.852, 0.975, 1.068, 1.224, 1.451, 1.872, 3.528),
    gaps=(-1.659, -0.608, -0.2, -0.056, 0.079, 0.215, 0.354, 0.511, 0.725, 1.07, 1.87),
    backchannel_lengths=(0.414, 0.504, 0.581, 0.645, 0.704, 0.767, 0.852, 1.0, 1.103, 1.621, 2.867),
    continue_rate=0.085,
    return_rate=1.0,
    backchannel_rate=0.034,
)
"""Counted in 57 PriMock57 consultations of two people, 7.9 h of speech, as above."""


def turn_statistics(references: Iterable[Diarization]) -> TurnStatistics:
    """The habits counted in references of real conversations.

    Raises:
        OptionError: if there is nothing to count, such as no overlap at all.
    """
    counts = _Counts()
    for reference in references:
        counts.add(reference)
    if not all((counts.lengths, counts.pauses, counts.gaps, counts.backchannels, counts.returns)):
        raise OptionError("The references hold too few turns.", "Give conversations with overlap and pauses.")
    return TurnStatistics(
        turn_lengths=_quantiles(counts.lengths),
        pauses=_quantiles(counts.pauses),
        gaps=_quantiles(counts.gaps),
        backchannel_lengths=_quantiles(counts.backchannels),
        continue_rate=round(len(counts.pauses) / (len(counts.pauses) + len(counts.gaps)), 3),
        return_rate=round(sum(counts.returns) / len(counts.returns), 3),
        backchannel_rate=round(len(counts.backchannels) / math.fsum(counts.lengths), 4),
    )


class _Counts:
    def __init__(self) -> None:
        self.lengths: list[float] = []
        self.pauses: list[float] = []
        self.gaps: list[float] = []
        self.backchannels: list[float] = []
        self.returns: list[bool] = []

    def add(self, reference: Diarization) -> None:
        """Count one conversation; pauses up to MAX_PAUSE are closed first."""
        order: list[Turn] = []
        for turn in reference.support(MAX_PAUSE + ROUNDING):
            previous = order[-1] if order else None
            if previous is not None and turn.end <= previous.end and turn.speaker != previous.speaker:
                self.backchannels.append(turn.length)
                continue
            self.lengths.append(turn.length)
            if previous is not None and turn.speaker == previous.speaker:
                self.pauses.append(turn.start - previous.end)
            elif previous is not None:
                self.gaps.append(turn.start - previous.end)
                before = next(
                    (old.speaker for old in reversed(order) if old.speaker != previous.speaker), None
                )
                if before is not None:
                    self.returns.append(before == turn.speaker)
            order.append(turn)


def _quantiles(values: list[float]) -> tuple[float, ...]:
    return tuple(round(float(value), 3) for value in np.quantile(values, QUANTILE_LEVELS))

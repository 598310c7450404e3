"""How much of DER lies near the boundaries of reference turns.

Two views of it: the components of DER as the collar grows, and the error time within some distance of
a boundary. The first is what papers print; in the second the scored time stays the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from diarist.errors import OptionError
from diarist.evaluation.arrays import Ints
from diarist.evaluation.corpus import lay_out
from diarist.evaluation.measures import map_speakers, num_right
from diarist.evaluation.protocol import LONGEST_COLLAR
from diarist.evaluation.scores import error_components
from diarist.evaluation.sweep import Sweep, sweep
from diarist.timebase import TICKS_PER_SECOND, seconds_to_ticks, ticks_to_seconds

if TYPE_CHECKING:
    from diarist.evaluation.corpus import Corpus, Regions
    from diarist.evaluation.labels import Labels
    from diarist.evaluation.protocol import Protocol

COLLARS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)  # seconds
DISTANCES = (0.05, 0.1, 0.25, 0.5, 1.0)  # seconds


@dataclass(frozen=True, slots=True)
class CollarPoint:
    """The components of DER of all recordings together, under one collar. Times are seconds.

    Attributes:
        collar_each_side: seconds that are not scored before and after each reference boundary.
        total: scored time of reference speakers.
        missed: speech that the hypothesis lacks.
        false_alarm: speech that the hypothesis has too much.
        confusion: speech given to another speaker.
    """

    collar_each_side: float
    total: float
    missed: float
    false_alarm: float
    confusion: float

    @property
    def der(self) -> float | None:
        """Diarization error rate, or ``None`` where no reference speech is scored."""
        errors = math.fsum((self.missed, self.false_alarm, self.confusion))
        return errors / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class NearbyErrors:
    """The error time of all recordings together that lies near reference boundaries, in seconds.

    Attributes:
        distance: from the nearest boundary, at most.
        missed: missed speech within it.
        false_alarm: false alarm within it.
        confusion: confusion within it.
        all_errors: error time of the three kinds at any distance.
    """

    distance: float
    missed: float
    false_alarm: float
    confusion: float
    all_errors: float

    @property
    def errors(self) -> float:
        """The three within the distance together."""
        return math.fsum((self.missed, self.false_alarm, self.confusion))

    @property
    def share(self) -> float | None:
        """:attr:`errors` as a share of all error time, 0 to 1; ``None`` where there is no error."""
        return self._share(self.errors)

    @property
    def missed_share(self) -> float | None:
        """Missed speech within the distance as a share of all error time, of whatever kind."""
        return self._share(self.missed)

    @property
    def false_alarm_share(self) -> float | None:
        """The same of false alarm. The three shares add up to :attr:`share`."""
        return self._share(self.false_alarm)

    @property
    def confusion_share(self) -> float | None:
        """The same of confusion."""
        return self._share(self.confusion)

    def _share(self, part: float) -> float | None:
        return part / self.all_errors if self.all_errors else None


def collar_curve(
    reference: Labels,
    hypothesis: Labels,
    protocol: Protocol,
    uem: Regions | None = None,
    collars: Sequence[float] = COLLARS,
) -> tuple[CollarPoint, ...]:
    """The components of DER under each of some collars, and otherwise the protocol's rules.

    Speakers are mapped anew under each collar where the protocol maps them on the scored time.

    Args:
        reference: who really spoke when.
        hypothesis: what is to be scored.
        protocol: the rules; its own collar makes no difference.
        uem: recording → scored regions, for the region ``"uem"``.
        collars: seconds on each side.

    Raises:
        InputError, OptionError: as :func:`diarist.evaluation.scores.score`; a collar out of its range.
    """
    points = []
    for collar in collars:
        rules = replace(protocol, collar_each_side=collar)
        components = error_components(reference, hypothesis, rules, uem)
        sums = {name: math.fsum(each.tolist()) for name, each in components.items()}
        points.append(CollarPoint(float(collar), **sums))
    return tuple(points)


def error_by_distance(
    reference: Labels,
    hypothesis: Labels,
    protocol: Protocol,
    uem: Regions | None = None,
    distances: Sequence[float] = DISTANCES,
) -> tuple[NearbyErrors, ...]:
    """The error time that lies within each of some distances of a boundary of any reference turn.

    Speakers are mapped once, and everything in the region is scored: the rules are the protocol's with
    a collar of 0. If it maps on the whole region, what lies within a distance is what a collar of that
    size takes away.

    Args:
        reference: who really spoke when.
        hypothesis: what is to be scored.
        protocol: the rules; its own collar makes no difference.
        uem: recording → scored regions, for the region ``"uem"``.
        distances: seconds, above 0.

    Raises:
        InputError: if the recordings are too long.
        OptionError: if a distance is out of its range, or region and UEM do not fit.
    """
    for distance in distances:
        if not (math.isfinite(distance) and 0 < distance <= LONGEST_COLLAR):
            raise OptionError(
                f"A distance of {distance} s is not possible.",
                f"Give seconds above 0 and up to {LONGEST_COLLAR:g}.",
            )
    # The room for a collar of the widest distance keeps the zones of two recordings apart.
    room = replace(protocol, collar_each_side=max(distances, default=0.0))
    rules = replace(protocol, collar_each_side=0.0)
    corpus = lay_out(reference, hypothesis, room, uem)
    stretches = sweep(corpus, rules)
    until = _error_clock(corpus, stretches, rules)
    all_errors = ticks_to_seconds(until(stretches.times[-1:]).sum())
    points = []
    for distance in distances:
        starts, ends = _zones(corpus, int(seconds_to_ticks(distance)))
        missed, false_alarm, confusion = (until(ends) - until(starts)).sum(axis=1) / TICKS_PER_SECOND
        points.append(
            NearbyErrors(float(distance), float(missed), float(false_alarm), float(confusion), all_errors)
        )
    return tuple(points)


def _error_clock(corpus: Corpus, stretches: Sweep, rules: Protocol) -> Callable[[Ints], Ints]:
    """Ticks of missed speech, false alarm and confusion before each of some times ``[3, N]``.

    Args:
        corpus: the recordings.
        stretches: of them, under ``rules``.
        rules: the protocol.
    """
    both = np.minimum(stretches.num_reference, stretches.num_hypothesis)
    wrong = both - num_right(corpus, stretches, map_speakers(corpus, stretches, rules))
    speakers = np.stack([stretches.num_reference - both, stretches.num_hypothesis - both, wrong])
    rates = speakers * stretches.scored
    before = np.pad(np.cumsum(rates * stretches.lengths, axis=1), ((0, 0), (1, 0)))
    rates = np.pad(rates, ((0, 0), (0, 1)))  # nobody is wrong after the last event

    def until(times: Ints) -> Ints:
        if not len(stretches.times):
            return np.zeros((3, len(times)), np.int64)
        place = np.maximum(np.searchsorted(stretches.times, times, side="right") - 1, 0)
        past = np.maximum(times - stretches.times[place], 0)
        return np.asarray(before[:, place] + rates[:, place] * past, np.int64)

    return until


def _zones(corpus: Corpus, distance: int) -> tuple[Ints, Ints]:
    """Start and end of all that lies within a distance of a reference boundary, in ticks ``[Z]``."""
    times = np.sort(np.concatenate([corpus.reference.starts, corpus.reference.ends]))
    apart = np.diff(times) > 2 * distance
    is_first, is_last = np.append(True, apart)[: len(times)], np.append(apart, True)[: len(times)]
    return times[is_first] - distance, times[is_last] + distance

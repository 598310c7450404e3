"""What every measure is made of, and the measures that follow from it.

Components add up, rates do not: what several recordings make together is computed from the sums of
their components, never from their rates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

SMALLEST_ENTROPY = 1e-12  # bits; what is below is rounding


@dataclass(frozen=True, slots=True)
class Components:
    """What the measures of a recording, or of several together, are made of. Times are seconds.

    A rate whose denominator is 0 is undefined: its property is ``None``, not 0.

    Attributes:
        num_recordings: recordings.
        total: scored time of reference speakers; overlapped time counts for each (DER's denominator).
        missed: of it, spoken by more than the hypothesis has.
        false_alarm: time of hypothesis speakers too many.
        confusion: time of hypothesis speakers that stand for another.
        jaccard_errors: sum of the Jaccard errors of reference speakers.
        num_speakers: reference speakers with time in the region.
        num_hypothesis_speakers: the same of the hypothesis.
        speaker_count_errors: sum of absolute differences of the two, recording by recording.
        region_time: time of the scored regions.
        bcubed_precision_time, bcubed_recall_time: region time weighted by each moment's precision or
            recall.
        joint_information, reference_information, hypothesis_information: sums of ``n log2 n`` over the
            classes of both sides, of the reference and of the hypothesis, ``n`` their seconds.
        pure_time, hypothesis_time: purity's numerator and denominator.
        covered_time, reference_time: coverage's.
    """

    num_recordings: int = 0
    total: float = 0.0
    missed: float = 0.0
    false_alarm: float = 0.0
    confusion: float = 0.0
    jaccard_errors: float = 0.0
    num_speakers: int = 0
    num_hypothesis_speakers: int = 0
    speaker_count_errors: int = 0
    region_time: float = 0.0
    bcubed_precision_time: float = 0.0
    bcubed_recall_time: float = 0.0
    joint_information: float = 0.0
    reference_information: float = 0.0
    hypothesis_information: float = 0.0
    pure_time: float = 0.0
    hypothesis_time: float = 0.0
    covered_time: float = 0.0
    reference_time: float = 0.0

    @property
    def error_time(self) -> float:
        """Seconds of all three kinds of error."""
        return math.fsum((self.missed, self.false_alarm, self.confusion))

    @property
    def der(self) -> float | None:
        """Diarization error rate: (missed + false alarm + confusion) / total; it can be over 1."""
        return _ratio(self.error_time, self.total)

    @property
    def missed_rate(self) -> float | None:
        """Missed speech / scored speech."""
        return _ratio(self.missed, self.total)

    @property
    def false_alarm_rate(self) -> float | None:
        """False alarm / scored speech."""
        return _ratio(self.false_alarm, self.total)

    @property
    def confusion_rate(self) -> float | None:
        """Confusion / scored speech."""
        return _ratio(self.confusion, self.total)

    @property
    def jer(self) -> float | None:
        """Jaccard error rate, 0 to 1: the mean over reference speakers, of all recordings alike."""
        return _ratio(self.jaccard_errors, self.num_speakers)

    @property
    def bcubed_precision(self) -> float | None:
        """B-cubed precision, 0 to 1."""
        return _ratio(self.bcubed_precision_time, self.region_time)

    @property
    def bcubed_recall(self) -> float | None:
        """B-cubed recall, 0 to 1."""
        return _ratio(self.bcubed_recall_time, self.region_time)

    @property
    def bcubed_f1(self) -> float | None:
        """The harmonic mean of both."""
        precision, recall = self.bcubed_precision, self.bcubed_recall
        if precision is None or recall is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    @property
    def mutual_information(self) -> float | None:
        """Bits that reference and hypothesis tell about each other."""
        entropies = self._entropies()
        return None if entropies is None else max(0.0, entropies[0] + entropies[1] - entropies[2])

    @property
    def normalised_mutual_information(self) -> float | None:
        """The same over the geometric mean of both entropies, 0 to 1; 1 where both have one class only."""
        entropies = self._entropies()
        if entropies is None:
            return None
        reference, hypothesis, joint = entropies
        if reference == 0 or hypothesis == 0:
            return 1.0 if reference == hypothesis else 0.0
        return min(1.0, max(0.0, reference + hypothesis - joint) / math.sqrt(reference * hypothesis))

    @property
    def purity(self) -> float | None:
        """Share of the hypothesis' time in which its speakers are with their main reference speaker."""
        return _ratio(self.pure_time, self.hypothesis_time)

    @property
    def coverage(self) -> float | None:
        """Share of the reference's time in which its speakers are with their main hypothesis speaker."""
        return _ratio(self.covered_time, self.reference_time)

    @property
    def speaker_count_error(self) -> float | None:
        """Mean over recordings of the absolute difference of the numbers of speakers."""
        return _ratio(self.speaker_count_errors, self.num_recordings)

    def _entropies(self) -> tuple[float, float, float] | None:
        """Of the reference, of the hypothesis, of both together, in bits."""
        if self.region_time <= 0:
            return None
        whole = math.log2(self.region_time)
        return tuple(  # type: ignore[return-value]
            _positive(whole - information / self.region_time)
            for information in (
                self.reference_information,
                self.hypothesis_information,
                self.joint_information,
            )
        )


# The measures in the order in which they are shown: property → label and unit.
MEASURES: Mapping[str, tuple[str, str]] = {
    "der": ("DER", "%"),
    "missed_rate": ("  missed", "%"),
    "false_alarm_rate": ("  false alarm", "%"),
    "confusion_rate": ("  confusion", "%"),
    "jer": ("JER", "%"),
    "bcubed_precision": ("B-cubed precision", ""),
    "bcubed_recall": ("B-cubed recall", ""),
    "bcubed_f1": ("B-cubed F1", ""),
    "mutual_information": ("mutual information", "bits"),
    "normalised_mutual_information": ("  normalised", ""),
    "purity": ("purity", "%"),
    "coverage": ("coverage", "%"),
    "speaker_count_error": ("speaker count error", "a recording"),
}


def total(components: Iterable[Components]) -> Components:
    """What several recordings make together."""
    given = list(components)
    return Components(
        **{
            name: math.fsum(getattr(one, name) for one in given)
            if isinstance(default, float)
            else sum(getattr(one, name) for one in given)
            for name, default in ((part.name, part.default) for part in fields(Components))
        }  # type: ignore[arg-type]
    )


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _positive(entropy: float) -> float:
    """An entropy without what rounding leaves of 0."""
    return entropy if entropy > SMALLEST_ENTROPY else 0.0

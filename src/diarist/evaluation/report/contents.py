"""What a report is made of, and which recordings it shows where there are too many to show all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diarist.errors import OptionError
from diarist.evaluation.summary import worst_first

if TYPE_CHECKING:
    from diarist.evaluation.bootstrap import Interval
    from diarist.evaluation.boundaries import BoundaryScores
    from diarist.evaluation.boundaries.collar import CollarPoint
    from diarist.evaluation.corpus import Regions
    from diarist.evaluation.labels import Labels
    from diarist.evaluation.scores import RecordingScore, Scores

COMPONENTS = ("missed", "false_alarm", "confusion")  # of DER, in the order in which they are shown


@dataclass(frozen=True, eq=False)
class Report:
    """One system's scores and what they were made from.

    Attributes:
        scores: of each recording.
        reference: the true turns.
        hypothesis: the turns that were scored.
        uem: recording → scored regions, where the protocol's region is ``"uem"``.
        boundaries: of turns, compared; ``None`` leaves their section out.
        curve: DER at several collars; an empty one leaves its section out.
        intervals: measure (see :data:`~diarist.evaluation.components.MEASURES`) → 95 % interval of the
            overall value.
    """

    scores: Scores
    reference: Labels
    hypothesis: Labels
    uem: Regions | None = None
    boundaries: BoundaryScores | None = None
    curve: tuple[CollarPoint, ...] = ()
    intervals: Mapping[str, Interval] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a large corpus is drawn. The table of recordings always holds all.

    Attributes:
        max_timelines: recordings whose timeline and confusion are drawn: those with the most error time.
        max_bars: recordings in the picture of DER by component: those with the highest DER.

    Raises:
        OptionError: if a value is out of its range.
    """

    max_timelines: int = 12
    max_bars: int = 60

    def __post_init__(self) -> None:
        if not 0 <= self.max_timelines <= 1000:
            raise OptionError(f"{self.max_timelines} timelines are not possible.", "Give 0 to 1000.")
        if not 1 <= self.max_bars <= 1000:
            raise OptionError(f"{self.max_bars} bars are not possible.", "Give 1 to 1000.")


def prepare_report(
    scores: Scores,
    reference: Labels,
    hypothesis: Labels,
    uem: Regions | None = None,
    intervals: Mapping[str, Interval] | None = None,
) -> Report:
    """A report with everything: boundaries and the curve of collars are computed here.

    Args:
        scores: what :func:`~diarist.evaluation.scores.score` made of the labels.
        reference: the true turns.
        hypothesis: the turns that were scored.
        uem: the regions that were scored, where they were given.
        intervals: of the overall measures.
    """
    from diarist.evaluation.boundaries import compare_boundaries
    from diarist.evaluation.boundaries.collar import collar_curve

    boundaries = compare_boundaries(reference, hypothesis, scores.protocol, uem)
    curve = collar_curve(reference, hypothesis, scores.protocol, uem)
    return Report(scores, reference, hypothesis, uem, boundaries, curve, intervals or {})


def by_der(scores: Scores) -> list[RecordingScore]:
    """The recordings, the highest DER first; those whose DER is undefined come last, by error time."""

    def order(recording: RecordingScore) -> tuple[bool, float, float, str]:
        der = recording.components.der
        return (der is None, -(der or 0.0), -recording.components.error_time, recording.recording_id)

    return sorted(scores.recordings, key=order)


def drawn_recordings(scores: Scores, limits: Limits) -> list[RecordingScore]:
    """Those whose timeline is drawn: the most error time first. One without a scored region has none."""
    scored = [recording for recording in scores.recordings if recording.components.region_time > 0]
    return worst_first(scored)[: limits.max_timelines]

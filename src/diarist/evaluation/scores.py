"""Scores: the components of every measure for each recording, and what they make together.

Components add up, rates do not: what several recordings make together is computed from the sums of
their components, never from their rates.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.arrays import Floats, Ints
from diarist.evaluation.corpus import Corpus, lay_out
from diarist.evaluation.labels import Labels
from diarist.evaluation.measures import (
    best_shares,
    clustering,
    error_times,
    jaccard_errors,
    map_speakers,
    speaker_ticks,
)
from diarist.evaluation.notes import notes_about
from diarist.evaluation.pairs import region_clock, shared_time
from diarist.evaluation.protocol import Protocol
from diarist.evaluation.sweep import Sweep, sweep

if TYPE_CHECKING:
    from diarist.evaluation.corpus import Regions
    from diarist.types import Diarization

Column = Floats | Ints

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


@dataclass(frozen=True)
class RecordingScore:
    """One recording's.

    Attributes:
        recording_id: its name.
        components: what its measures are made of.
        mapping: reference speaker → the hypothesis speaker who stands for them; one without is left out.
        has_hypothesis: whether there is a hypothesis; without one, all its speech is missed.
    """

    recording_id: str
    components: Components
    mapping: Mapping[str, str] = field(default_factory=dict, hash=False)
    has_hypothesis: bool = True


@dataclass(frozen=True)
class Scores:
    """A hypothesis scored against a reference.

    Attributes:
        protocol: the rules.
        recordings: one entry a recording.
        notes: what a reader should know, one sentence each.
        system: what the hypothesis is called, or ``""``.
    """

    protocol: Protocol
    recordings: tuple[RecordingScore, ...]
    notes: tuple[str, ...] = ()
    system: str = ""

    @property
    def overall(self) -> Components:
        """The recordings together."""
        return total(recording.components for recording in self.recordings)


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


def score(
    reference: Iterable[Diarization] | Labels,
    hypothesis: Iterable[Diarization] | Labels,
    protocol: Protocol | None = None,
    *,
    uem: Regions | None = None,
    system: str = "",
) -> Scores:
    """Score a hypothesis against a reference.

    Recordings are paired by their names. One without a hypothesis is all missed. One without a reference
    is not scored unless the UEM names it (then nobody speaks in its reference), and a note says so.

    Args:
        reference: who really spoke when.
        hypothesis: what is to be scored.
        protocol: the rules; ``None`` is ``Protocol()``, with the region ``"uem"`` where there is a UEM.
        uem: recording → the regions that are scored; see :func:`diarist.formats.read_uem`.
        system: what the hypothesis is called.

    Raises:
        InputError: if a recording is given twice, or times are beyond use.
        OptionError: if the region is ``"uem"`` without a UEM, or the other way round.
    """
    if protocol is None:
        protocol = Protocol(region="union" if uem is None else "uem")
    ours, theirs = _labels(reference), _labels(hypothesis)
    corpus = lay_out(ours, theirs, protocol, uem)
    columns, mappings = _measure(corpus, protocol)
    if protocol.frame_step is not None:
        framed = lay_out(ours, theirs, protocol, uem, frame_step=protocol.frame_step)
        columns |= _framed(framed, protocol, columns)
    known = frozenset(theirs.recordings)
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    recordings = tuple(
        RecordingScore(name, Components(**dict(zip(columns, row, strict=True))), mapping, name in known)
        for name, row, mapping in zip(corpus.recordings, rows, mappings, strict=True)
    )
    return Scores(protocol, recordings, _notes(ours, theirs, corpus, protocol, columns["total"]), system)


def error_components(
    reference: Labels, hypothesis: Labels, protocol: Protocol, uem: Regions | None = None
) -> dict[str, Floats]:
    """The components of DER alone, in seconds ``[R]``, for whoever needs nothing else, and fast.

    Returns:
        ``total``, ``missed``, ``false_alarm``, ``confusion`` of each recording, in the order of the
        reference (see :func:`diarist.evaluation.corpus.scored_recordings`).

    Raises:
        InputError, OptionError: as :func:`score`.
    """
    corpus = lay_out(reference, hypothesis, protocol, uem)
    stretches = sweep(corpus, protocol)
    shared = map_speakers(corpus, stretches, protocol)
    times = error_times(corpus, stretches, shared)
    return {
        name: getattr(times, name) / corpus.ticks_per_second
        for name in ("total", "missed", "false_alarm", "confusion")
    }


def _labels(given: Iterable[Diarization] | Labels) -> Labels:
    return given if isinstance(given, Labels) else Labels.from_diarizations(given)


def _measure(corpus: Corpus, protocol: Protocol) -> tuple[dict[str, Column], list[dict[str, str]]]:
    """Components as columns ``[R]``, and who stands for whom."""
    stretches = sweep(corpus, protocol)
    shared = map_speakers(corpus, stretches, protocol)
    times = error_times(corpus, stretches, shared)
    reference = speaker_ticks(corpus, corpus.reference)
    hypothesis = speaker_ticks(corpus, corpus.hypothesis)
    shares = best_shares(corpus, shared.region, reference, hypothesis)
    jaccard = jaccard_errors(corpus, shared.region, reference, hypothesis)
    counts = [
        np.bincount(side.speaker_recordings[ticks > 0], minlength=corpus.num_recordings)
        for side, ticks in ((corpus.reference, reference), (corpus.hypothesis, hypothesis))
    ]
    seconds = {
        "total": times.total,
        "missed": times.missed,
        "false_alarm": times.false_alarm,
        "confusion": times.confusion,
        "pure_time": shares.pure,
        "hypothesis_time": shares.hypothesis,
        "covered_time": shares.covered,
        "reference_time": shares.reference,
    }
    columns: dict[str, Column] = {
        "num_recordings": np.ones(corpus.num_recordings, np.int64),
        **{name: ticks / corpus.ticks_per_second for name, ticks in seconds.items()},
        "jaccard_errors": jaccard.errors,
        "num_speakers": counts[0],
        "num_hypothesis_speakers": counts[1],
        "speaker_count_errors": np.abs(counts[0] - counts[1]),
        **_information(corpus, stretches),
    }
    mappings: list[dict[str, str]] = [{} for _ in corpus.recordings]
    owners = corpus.reference.speaker_recordings[shared.reference]
    for owner, ours, theirs in zip(
        owners.tolist(), shared.reference.tolist(), shared.hypothesis.tolist(), strict=True
    ):
        mappings[owner][corpus.reference.speakers[ours]] = corpus.hypothesis.speakers[theirs]
    return columns, mappings


def _information(corpus: Corpus, stretches: Sweep) -> dict[str, Column]:
    classes = clustering(corpus, stretches)
    return {
        "region_time": classes.time,
        "bcubed_precision_time": classes.precision,
        "bcubed_recall_time": classes.recall,
        "joint_information": classes.joint,
        "reference_information": classes.reference,
        "hypothesis_information": classes.hypothesis,
    }


def _framed(corpus: Corpus, protocol: Protocol, exact: Mapping[str, Column]) -> dict[str, Column]:
    """What is counted in frames, where frames are asked for. A speaker in no frame has an error of 1."""
    jaccard = jaccard_errors(
        corpus,
        shared_time(corpus, region_clock(corpus)),
        speaker_ticks(corpus, corpus.reference),
        speaker_ticks(corpus, corpus.hypothesis),
    )
    missing = exact["num_speakers"] - jaccard.speakers
    return {
        "jaccard_errors": jaccard.errors + missing,
        **_information(corpus, sweep(corpus, protocol)),
    }


def _notes(
    reference: Labels, hypothesis: Labels, corpus: Corpus, protocol: Protocol, speech: Column
) -> tuple[str, ...]:
    """What is not as one would expect, one sentence each."""
    scored, known = frozenset(corpus.recordings), frozenset(hypothesis.recordings)
    lists = {
        "without a hypothesis: all speech missed": [name for name in corpus.recordings if name not in known],
        "without a reference: not scored": [
            name for name in hypothesis.recordings if name not in scored and name not in reference.recordings
        ],
        "not in the UEM: not scored": [name for name in reference.recordings if name not in scored],
        "without scored speech in the reference: no DER of its own": [
            name for name, time in zip(corpus.recordings, speech.tolist(), strict=True) if not time
        ],
        "of unknown length: scored up to the last turn": [
            name
            for name in corpus.recordings
            if protocol.region == "file" and name not in reference.lengths and name not in hypothesis.lengths
        ],
    }
    return notes_about(lists)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _positive(entropy: float) -> float:
    """An entropy without what rounding leaves of 0."""
    return entropy if entropy > SMALLEST_ENTROPY else 0.0

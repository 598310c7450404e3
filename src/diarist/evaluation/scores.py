"""Scores of labels: the components of every measure for each recording, and what they make together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.arrays import Floats, Ints
from diarist.evaluation.components import Components, total
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
    return columns, shared.names(corpus)


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

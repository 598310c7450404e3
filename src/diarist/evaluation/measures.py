"""The measures as arrays, one entry a recording. Each says where it is defined.

Every function takes what :mod:`diarist.evaluation.corpus` and its siblings made of the recordings, all
at once. Times are ticks; sums of ticks are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.arrays import Bools, Floats, Ints, Keys, block_sums, float_sums, tick_sums
from diarist.evaluation.mapping import best_mapping
from diarist.evaluation.pairs import Pairs, region_clock, scored_clock, shared_time
from diarist.evaluation.sweep import Sweep, speaker_sets

if TYPE_CHECKING:
    from diarist.evaluation.corpus import Corpus, Side
    from diarist.evaluation.protocol import Protocol


@dataclass(frozen=True, eq=False)
class Shared:
    """Pairs of speakers, the time that they share, and who stands for whom.

    Attributes:
        region: pairs, with the time they share in the scored region.
        scored: pairs, with the time they share of what DER scores.
        mapped: which of ``scored`` stand for each other.
        reference: reference speakers who have somebody standing for them in DER ``[M]``.
        hypothesis: who stands for them ``[M]``.
    """

    region: Pairs
    scored: Pairs
    mapped: Bools
    reference: Ints
    hypothesis: Ints

    def names(self, corpus: Corpus) -> list[dict[str, str]]:
        """Label of a reference speaker → label of who stands for them, for each recording ``[R]``."""
        found: list[dict[str, str]] = [{} for _ in corpus.recordings]
        owners = corpus.reference.speaker_recordings[self.reference]
        for owner, ours, theirs in zip(
            owners.tolist(), self.reference.tolist(), self.hypothesis.tolist(), strict=True
        ):
            found[owner][corpus.reference.speakers[ours]] = corpus.hypothesis.speakers[theirs]
        return found


def map_speakers(corpus: Corpus, sweep: Sweep, protocol: Protocol) -> Shared:
    """Pair the speakers for DER as the protocol says."""
    # Without a UEM, and unless the hypothesis goes beyond, the region holds all that two speakers share.
    whole = shared_time(corpus, region_clock(corpus) if protocol.region == "uem" else None)
    scored = whole
    if protocol.collar_each_side or protocol.overlap == "skipped":
        scored = shared_time(corpus, scored_clock(sweep))
    basis = whole if protocol.mapping == "region" else scored
    chosen = _mapping(corpus, basis)
    reference, hypothesis = basis.reference[chosen], basis.hypothesis[chosen]
    if scored is basis:
        return Shared(whole, scored, chosen, reference, hypothesis)
    num = max(len(corpus.hypothesis.speakers), 1)
    mapped = np.isin(scored.reference * num + scored.hypothesis, reference * num + hypothesis)
    return Shared(whole, scored, mapped, reference, hypothesis)


def _mapping(corpus: Corpus, pairs: Pairs) -> Bools:
    owner = corpus.reference.speaker_recordings[pairs.reference]
    return best_mapping(pairs.reference, pairs.hypothesis, pairs.ticks.astype(np.float64), owner)


def num_right(corpus: Corpus, sweep: Sweep, shared: Shared) -> Ints:
    """How many mapped pairs of speakers speak together in each stretch ``[E - 1]``."""
    pairs, times, steps = [], [], []
    for side, mapped in ((corpus.reference, shared.reference), (corpus.hypothesis, shared.hypothesis)):
        numbers = np.full(len(side.speakers), -1)
        numbers[mapped] = np.arange(len(mapped))
        pair = numbers[side.turn_speakers]
        kept = pair >= 0
        pairs += [pair[kept]] * 2
        times += [side.starts[kept], side.ends[kept]]
        steps += [np.ones(kept.sum(), np.int64), np.full(kept.sum(), -1)]
    pair, time = np.concatenate(pairs), np.concatenate(times)
    order = np.lexsort((time, pair))
    # No speaker's turns overlap: where two turns of a pair are active, they are one of each side.
    together = np.flatnonzero(np.cumsum(np.concatenate(steps)[order]) == 2)
    time = time[order]
    changes = np.zeros(len(sweep.times), np.int64)
    np.add.at(changes, np.searchsorted(sweep.times, time[together]), 1)
    np.add.at(changes, np.searchsorted(sweep.times, time[together + 1]), -1)
    return np.cumsum(changes)[:-1]


@dataclass(frozen=True, eq=False)
class ErrorTimes:
    """The components of DER, in ticks, one entry a recording ``[R]``.

    DER = (missed + false alarm + confusion) / total. NIST, "The 2009 (RT-09) Rich Transcription
    Meeting Recognition Evaluation Plan", section 6.1.

    Attributes:
        total: scored time of reference speakers; overlapped time counts for each.
        missed: of it, where more reference than hypothesis speakers speak, for each one too few.
        false_alarm: where more hypothesis than reference speakers speak, for each one too many.
        confusion: where as many speak, but not those who stand for each other.
    """

    total: Ints
    missed: Ints
    false_alarm: Ints
    confusion: Ints


def error_times(corpus: Corpus, sweep: Sweep, shared: Shared) -> ErrorTimes:
    """The components of DER.

    Args:
        corpus: the recordings.
        sweep: its stretches.
        shared: who stands for whom, and the time they share.
    """
    pairs, mapped = shared.scored, shared.mapped
    lengths = np.where(sweep.scored, sweep.lengths, 0)
    reference = sweep.per_recording(lengths * sweep.num_reference)
    hypothesis = sweep.per_recording(lengths * sweep.num_hypothesis)
    both = sweep.per_recording(lengths * np.minimum(sweep.num_reference, sweep.num_hypothesis))
    owner = corpus.reference.speaker_recordings[pairs.reference[mapped]]
    right = tick_sums(owner, pairs.ticks[mapped], corpus.num_recordings)
    return ErrorTimes(reference, reference - both, hypothesis - both, both - right)


@dataclass(frozen=True, eq=False)
class JaccardErrors:
    """Sums of Jaccard errors over reference speakers, one entry a recording ``[R]``.

    JER = errors / speakers. Ryant et al., "The Second DIHARD Diarization Challenge" (2019), section
    3.2: the error of a reference speaker is 1 - |reference and hypothesis| / |reference or hypothesis|
    of it and the speaker of the hypothesis paired with it, or 1 for one without a partner. Speakers are
    paired so that the sum is least, as in dscore; pyannote.metrics pairs by time shared.
    """

    errors: Floats
    speakers: Ints


def jaccard_errors(corpus: Corpus, pairs: Pairs, reference: Ints, hypothesis: Ints) -> JaccardErrors:
    """The errors of the reference speakers who have time in the region.

    Args:
        corpus: the recordings.
        pairs: with the time shared in the region.
        reference: time of each reference speaker in the region.
        hypothesis: the same of the hypothesis.
    """
    owner = corpus.reference.speaker_recordings
    either = reference[pairs.reference] + hypothesis[pairs.hypothesis] - pairs.ticks
    overlap = pairs.ticks / either
    mapped = best_mapping(pairs.reference, pairs.hypothesis, overlap, owner[pairs.reference])
    spoke = reference > 0
    speakers = np.bincount(owner[spoke], minlength=corpus.num_recordings)
    saved = float_sums(owner[pairs.reference[mapped]], overlap[mapped], corpus.num_recordings)
    return JaccardErrors(speakers - saved, speakers)


def speaker_ticks(corpus: Corpus, side: Side) -> Ints:
    """Time of each speaker in the region ``[S]``."""
    until = region_clock(corpus)
    return tick_sums(side.turn_speakers, until(side.ends) - until(side.starts), len(side.speakers))


@dataclass(frozen=True, eq=False)
class BestShares:
    """What purity and coverage are made of, in ticks, one entry a recording ``[R]``.

    Purity = pure / hypothesis, coverage = covered / reference. Bredin, "pyannote.metrics: a toolkit for
    reproducible evaluation" (2017): of each hypothesis speaker the time shared with the one reference speaker
    who shares most, over all their time; coverage is the same with the sides exchanged.
    """

    pure: Ints
    hypothesis: Ints
    covered: Ints
    reference: Ints


def best_shares(corpus: Corpus, pairs: Pairs, reference: Ints, hypothesis: Ints) -> BestShares:
    """Arguments as those of :func:`jaccard_errors`."""
    covered, pure = np.zeros_like(reference), np.zeros_like(hypothesis)
    np.maximum.at(covered, pairs.reference, pairs.ticks)
    np.maximum.at(pure, pairs.hypothesis, pairs.ticks)
    ours, theirs = corpus.reference.first_speakers, corpus.hypothesis.first_speakers
    return BestShares(
        block_sums(pure, theirs),
        block_sums(hypothesis, theirs),
        block_sums(covered, ours),
        block_sums(reference, ours),
    )


@dataclass(frozen=True, eq=False)
class Clustering:
    """Sums that B-cubed and information are made of, one entry a recording ``[R]``.

    Time is clustered by the set of its speakers: each set, and silence, is a class of its own, as in dscore.
    With ``n`` the time of a class in both sides, ``a`` and ``b`` that in reference and hypothesis:

    - B-cubed precision = (sum of n^2 / b) / time, recall = (sum of n^2 / a) / time. Bagga and Baldwin,
      "Entity-based cross-document coreferencing using the vector space model" (1998).
    - Entropies are (time log2 time - sum of n log2 n) / time, and likewise for ``a`` and ``b``.

    All are sums over classes, and classes of two recordings are never the same: what recordings
    make together follows from the sums of these.

    Attributes:
        time: of the region, in seconds as all times here.
        precision: sum of n^2 / b.
        recall: sum of n^2 / a.
        joint: sum of n log2 n.
        reference: sum of a log2 a.
        hypothesis: sum of b log2 b.
    """

    time: Floats
    precision: Floats
    recall: Floats
    joint: Floats
    reference: Floats
    hypothesis: Floats


def clustering(corpus: Corpus, sweep: Sweep) -> Clustering:
    """The sums for B-cubed and information over the region."""
    kept = np.flatnonzero(sweep.inside & (sweep.lengths > 0))
    ours = speaker_sets(corpus.reference, sweep.times)[kept]
    theirs = speaker_sets(corpus.hypothesis, sweep.times)[kept]
    owner = np.searchsorted(sweep.bounds, kept, side="right") - 1
    seconds = sweep.lengths[kept] / corpus.ticks_per_second
    first, where = _classes(ours * np.uint64(0x9E3779B97F4A7C15) + theirs, owner)
    size = float_sums(where, seconds, len(first))
    recording = owner[first]
    reference = _class_sizes(ours[first], recording, size)
    hypothesis = _class_sizes(theirs[first], recording, size)

    def total(values: Floats) -> Floats:
        return float_sums(recording, values, corpus.num_recordings)

    return Clustering(
        total(size),
        total(size**2 / hypothesis),
        total(size**2 / reference),
        total(size * np.log2(size)),
        total(size * np.log2(reference)),
        total(size * np.log2(hypothesis)),
    )


def _classes(keys: Keys, owner: Ints) -> tuple[Ints, Ints]:
    """Index of the first member of each class, and each member's class; those of two owners differ."""
    mixed = keys + owner.astype(np.uint64) * np.uint64(0xD1342543DE82EF95)
    _, first, where = np.unique(mixed, return_index=True, return_inverse=True)
    return first, where


def _class_sizes(keys: Keys, owner: Ints, sizes: Floats) -> Floats:
    """For each joint class the size of the one-sided class that it belongs to."""
    first, where = _classes(keys, owner)
    return float_sums(where, sizes, len(first))[where]

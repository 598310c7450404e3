"""How well the starts and ends of turns are placed.

Speakers are mapped first. A start of a reference speaker can then be found by a start of the speaker
who stands for them, an end by an end, and each by one only. What is not found is missed, what finds
nothing is spurious; both count in recall and precision, and neither has an error in seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from diarist.evaluation.arrays import Bools, Floats, Ints
from diarist.evaluation.boundaries.kinds import KINDS, boundary_kinds
from diarist.evaluation.boundaries.matching import candidates, match
from diarist.evaluation.boundaries.stats import BoundaryStats as BoundaryStats
from diarist.evaluation.boundaries.stats import Hits
from diarist.evaluation.config import BoundaryConfig as BoundaryConfig
from diarist.evaluation.corpus import lay_out
from diarist.evaluation.measures import map_speakers
from diarist.evaluation.sweep import sweep
from diarist.timebase import TICKS_PER_SECOND, seconds_to_ticks

if TYPE_CHECKING:
    from diarist.evaluation.corpus import Corpus, Regions, Side
    from diarist.evaluation.labels import Labels
    from diarist.evaluation.protocol import Protocol

GROUPS = ("all", *KINDS, "start", "end")


@dataclass(frozen=True, eq=False)
class RecordingBoundaries:
    """One recording's.

    Attributes:
        recording_id: its name.
        groups: a name in :data:`GROUPS` → the boundaries of that group.
        mapping: reference speaker → the hypothesis speaker who stands for them; one without is left out.
    """

    recording_id: str
    groups: Mapping[str, BoundaryStats]
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class BoundaryScores:
    """Boundaries of a hypothesis compared with those of a reference.

    Attributes:
        protocol: the rules by which speakers were mapped and regions chosen.
        config: how boundaries were matched.
        overall: a name in :data:`GROUPS` → the boundaries of all recordings, pooled.
        recordings: one entry a recording.
    """

    protocol: Protocol
    config: BoundaryConfig
    overall: Mapping[str, BoundaryStats]
    recordings: tuple[RecordingBoundaries, ...]

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return {
            "protocol": asdict(self.protocol),
            "config": {**asdict(self.config), "tolerances": list(self.config.tolerances)},
            "overall": _plain(self.overall),
            "recordings": [
                {
                    "recording_id": one.recording_id,
                    "mapping": dict(one.mapping),
                    "groups": _plain(one.groups),
                }
                for one in self.recordings
            ],
        }


def _plain(groups: Mapping[str, BoundaryStats]) -> dict[str, Any]:
    return {name: stats.as_dict() for name, stats in groups.items()}


def compare_boundaries(
    reference: Labels,
    hypothesis: Labels,
    protocol: Protocol,
    uem: Regions | None = None,
    config: BoundaryConfig | None = None,
) -> BoundaryScores:
    """Compare the boundaries of a hypothesis with those of a reference.

    A boundary is a start or an end of a turn; overlapping turns of one speaker are one turn, touching
    ones are two. It counts if it lies in the scored region or at its edge, wherever the rest of its turn
    is; what lies outside is neither missed nor spurious, and is no partner for what lies inside. With
    the region ``"reference"``, that holds for what the hypothesis has before the first start of the
    reference: an early first start is not found.

    The protocol's collar and its choice about overlap have a say in the mapping of speakers alone, if it
    is made on the scored time. Frames have none.

    Args:
        reference: who really spoke when.
        hypothesis: what is to be compared.
        protocol: says the region and the mapping of speakers.
        uem: recording → scored regions, for the region ``"uem"``.
        config: how boundaries are matched; ``None`` is ``BoundaryConfig()``.

    Raises:
        InputError: if the recordings are too long.
        OptionError: if the region is ``"uem"`` without a UEM, or the other way round.
    """
    config = config or BoundaryConfig()
    corpus = lay_out(reference, hypothesis, protocol, uem)
    shared = map_speakers(corpus, sweep(corpus, protocol), protocol)
    gap = int(seconds_to_ticks(config.change_gap))
    ours = _boundaries(corpus, corpus.reference, shared.reference, gap)
    theirs = _boundaries(corpus, corpus.hypothesis, shared.hypothesis, gap)
    matched = _matched(ours, theirs, config)
    *columns, overall = zip(*(_stats(corpus, ours, theirs, matched, name) for name in GROUPS), strict=True)
    return BoundaryScores(
        protocol,
        config,
        dict(zip(GROUPS, overall, strict=True)),
        tuple(
            RecordingBoundaries(name, dict(zip(GROUPS, stats, strict=True)), mapping)
            for name, stats, mapping in zip(corpus.recordings, columns, shared.names(corpus), strict=True)
        ),
    )


@dataclass(frozen=True, eq=False)
class _Boundaries:
    """The boundaries of one side that count, ``B``.

    Attributes:
        recordings: index of each one's recording ``[B]``.
        times: ticks on the axis ``[B]``.
        is_end: whether it is an end ``[B]``.
        kinds: index into :data:`KINDS` ``[B]``.
        groups: the same number for those that may be matched, -1 for a speaker without a partner ``[B]``.
    """

    recordings: Ints
    times: Ints
    is_end: Bools
    kinds: Ints
    groups: Ints


def _boundaries(corpus: Corpus, side: Side, mapped: Ints, gap: int) -> _Boundaries:
    """The boundaries of a side that lie in the region.

    Args:
        corpus: the recordings.
        side: of it, whose boundaries.
        mapped: its speakers who have a partner, in the order of their partners on the other side.
        gap: ticks, for the kinds.
    """
    partners = np.full(len(side.speakers), -1)
    partners[mapped] = np.arange(len(mapped))
    times = np.concatenate([side.starts, side.ends])
    kept = np.flatnonzero(_in_region(corpus, times))
    is_end = kept >= len(side.starts)
    speakers = np.concatenate([side.turn_speakers, side.turn_speakers])[kept]
    pair = partners[speakers]
    return _Boundaries(
        side.speaker_recordings[speakers],
        times[kept],
        is_end,
        np.concatenate(boundary_kinds(side, corpus.origins, gap))[kept],
        np.where(pair < 0, -1, 2 * pair + is_end),
    )


def _in_region(corpus: Corpus, times: Ints) -> Bools:
    """Whether times lie in a scored region, edges included. Edges of two recordings never coincide."""
    if not len(corpus.region_starts):
        return np.zeros(len(times), bool)
    last = np.searchsorted(corpus.region_starts, times, side="right") - 1
    return np.asarray((last >= 0) & (times <= corpus.region_ends[last]))


@dataclass(frozen=True, eq=False)
class _Matched:
    """What was matched, as indices of boundaries.

    Attributes:
        reference: matched within the window, in the order of time ``[M]``.
        errors: of these, in seconds, hypothesis minus reference ``[M]``.
        hits: tolerance in seconds → those of the reference and those of the hypothesis matched within it.
    """

    reference: Ints
    errors: Floats
    hits: Mapping[float, tuple[Ints, Ints]]


def _matched(ours: _Boundaries, theirs: _Boundaries, config: BoundaryConfig) -> _Matched:
    widths = {width: int(seconds_to_ticks(width)) for width in (config.window, *config.tolerances)}
    given = candidates((ours.groups, theirs.groups), (ours.times, theirs.times), max(widths.values()))
    pairs = {width: match(given, ticks) for width, ticks in widths.items()}
    reference, hypothesis = pairs[config.window]
    order = np.argsort(ours.times[reference], kind="stable")
    reference, hypothesis = reference[order], hypothesis[order]
    errors = (theirs.times[hypothesis] - ours.times[reference]) / TICKS_PER_SECOND
    return _Matched(reference, errors, {tolerance: pairs[tolerance] for tolerance in config.tolerances})


def _stats(
    corpus: Corpus, ours: _Boundaries, theirs: _Boundaries, matched: _Matched, group: str
) -> list[BoundaryStats]:
    """A group's figures of each recording, and then of all together ``[R + 1]``."""

    def counts(boundaries: _Boundaries, chosen: Ints) -> list[int]:
        kept = chosen[_members(boundaries, group)[chosen]]
        numbers = np.bincount(boundaries.recordings[kept], minlength=corpus.num_recordings)
        return [*numbers.tolist(), len(kept)]

    hits = {
        tolerance: list(map(Hits, counts(ours, reference), counts(theirs, hypothesis)))
        for tolerance, (reference, hypothesis) in matched.hits.items()
    }
    chosen = _members(ours, group)[matched.reference]
    errors = matched.errors[chosen]
    errors.setflags(write=False)
    cuts = np.searchsorted(ours.times[matched.reference[chosen]], corpus.origins)
    parts = [errors[begin:end] for begin, end in pairwise(cuts.tolist())]
    numbers = [counts(side, np.arange(len(side.times))) for side in (ours, theirs)]
    return [
        BoundaryStats(
            num_ours, num_theirs, part, {tolerance: each[index] for tolerance, each in hits.items()}
        )
        for index, (num_ours, num_theirs, part) in enumerate(zip(*numbers, [*parts, errors], strict=True))
    ]


def _members(boundaries: _Boundaries, group: str) -> Bools:
    """Which boundaries are in a group ``[B]``."""
    if group in KINDS:
        return np.asarray(boundaries.kinds == KINDS.index(group))
    if group == "all":
        return np.ones(len(boundaries.times), bool)
    return np.asarray(boundaries.is_end == (group == "end"))

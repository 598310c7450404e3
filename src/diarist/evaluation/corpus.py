"""Reference, hypothesis and scored regions of many recordings, laid out on one axis of time.

All recordings are scored in one batch of arrays: each gets a stretch of the axis of its own, so that
one sort and one cumulative sum do for all of them. Only differences of times count, so where a stretch
lies makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from diarist.errors import InputError, OptionError
from diarist.evaluation.arrays import Bools, Ints
from diarist.evaluation.frames import regions_on_frames, side_on_frames
from diarist.evaluation.labels import Labels, checked_ticks, without_channel
from diarist.intervals import union
from diarist.timebase import TICKS_PER_SECOND, seconds_to_ticks

if TYPE_CHECKING:
    from diarist.evaluation.protocol import Protocol
    from diarist.intervals import Segment

Regions = Mapping[str, Sequence["Segment"]]
RegionTimes = tuple[Ints, Ints, Ints]  # recording, start, end

_LONGEST_AXIS = 1 << 61  # ticks; sums of two places stay below 2**63


@dataclass(frozen=True, eq=False)
class Side:
    """The turns of the reference, or of the hypothesis, ``N`` of ``S`` speakers, sorted by start.

    Turns of one speaker do not overlap. Those that touch are separate.

    Attributes:
        speakers: labels ``[S]``, sorted by recording and label.
        speaker_recordings: index of each speaker's recording ``[S]``.
        first_speakers: index of each recording's first speaker ``[R + 1]``.
        turn_speakers: index of each turn's speaker ``[N]``.
        starts: ticks on the axis ``[N]``.
        ends: ticks on the axis ``[N]``.
    """

    speakers: tuple[str, ...]
    speaker_recordings: Ints
    first_speakers: Ints
    turn_speakers: Ints
    starts: Ints
    ends: Ints

    @property
    def turn_recordings(self) -> Ints:
        """Index of each turn's recording ``[N]``."""
        return self.speaker_recordings[self.turn_speakers]


@dataclass(frozen=True, eq=False)
class Corpus:
    """``R`` recordings on one axis of ticks.

    Attributes:
        recordings: names ``[R]``.
        reference: the true turns.
        hypothesis: the turns to be scored.
        region_recordings: index of each region's recording ``[U]``.
        region_starts: ticks on the axis ``[U]``, sorted; regions do not overlap.
        region_ends: ticks on the axis ``[U]``.
        origins: where on the axis each recording's stretch begins ``[R + 1]``.
        shifts: ticks to add to a recording's own time to come to the axis ``[R]``.
        ticks_per_second: of the axis.
    """

    recordings: tuple[str, ...]
    reference: Side
    hypothesis: Side
    region_recordings: Ints
    region_starts: Ints
    region_ends: Ints
    origins: Ints
    shifts: Ints
    ticks_per_second: float

    @property
    def num_recordings(self) -> int:
        """``R``."""
        return len(self.recordings)


def lay_out(
    reference: Labels,
    hypothesis: Labels,
    protocol: Protocol,
    uem: Regions | None = None,
    *,
    frame_step: float | None = None,
) -> Corpus:
    """Put the recordings that are scored on one axis.

    Scored are the recordings of the reference, those without a hypothesis too. With the region
    ``"uem"``, they are the recordings of the UEM that reference or hypothesis hold, and no others.

    Args:
        reference: the true turns.
        hypothesis: the turns to be scored.
        protocol: says the region, and the collar that must find room.
        uem: recording → scored regions, for the region ``"uem"``.
        frame_step: seconds; times become numbers of frames, see :mod:`diarist.evaluation.frames`.

    Raises:
        OptionError: if the region is ``"uem"`` and there is none, or the other way round.
        InputError: if the recordings are too long for the axis.
    """
    if (uem is not None) != (protocol.region == "uem"):
        given = "is not given" if uem is None else "is given"
        raise OptionError(f"The region is {protocol.region!r} and a UEM {given}.", "Give both, or neither.")
    names = scored_recordings(reference, hypothesis, uem)
    index = {name: number for number, name in enumerate(names)}
    sides = (_select(reference, index), _select(hypothesis, index))
    regions = _regions(sides, (reference, hypothesis), protocol, uem, names)
    if frame_step is not None:
        step = int(seconds_to_ticks(frame_step))
        sides = (side_on_frames(sides[0], step), side_on_frames(sides[1], step))
        regions = regions_on_frames(regions, step)
    margin = 2 * int(seconds_to_ticks(protocol.collar_each_side)) + 1
    origins, shifts = _places(sides, regions, len(names), margin)
    owner, starts, ends = regions
    return Corpus(
        names,
        _finish(sides[0], shifts, len(names)),
        _finish(sides[1], shifts, len(names)),
        owner,
        starts + shifts[owner],
        ends + shifts[owner],
        origins,
        shifts,
        TICKS_PER_SECOND if frame_step is None else 1 / frame_step,
    )


def scored_recordings(reference: Labels, hypothesis: Labels, uem: Regions | None) -> tuple[str, ...]:
    """Names of the recordings that are scored, in the order of the reference, then the hypothesis."""
    if uem is None:
        return reference.recordings
    known = dict.fromkeys((*reference.recordings, *hypothesis.recordings))
    return tuple(name for name in known if regions_of(name, uem))


def regions_of(name: str, uem: Regions) -> Sequence[Segment]:
    """A recording's regions, as they are given; those of the whole hold for each of its channels."""
    return uem[name] if name in uem else uem.get(without_channel(name), ())


def _select(labels: Labels, index: Mapping[str, int]) -> Side:
    """The turns of the recordings in ``index``, in ticks of the recordings' own time."""
    recordings = np.array([index.get(name, -1) for name in labels.recordings], np.int64)
    owners = recordings[labels.speaker_recordings]
    numbers = owners.tolist()
    order = sorted(range(len(numbers)), key=lambda speaker: (numbers[speaker], labels.speakers[speaker]))
    order = [speaker for speaker in order if numbers[speaker] >= 0]
    new = np.full(len(numbers), -1, np.int64)
    new[order] = np.arange(len(order))
    turn_speakers = new[labels.turn_speakers]
    kept = (turn_speakers >= 0) & (labels.ends > labels.starts)
    speaker_recordings = owners[order]
    return Side(
        tuple(labels.speakers[speaker] for speaker in order),
        speaker_recordings,
        np.searchsorted(speaker_recordings, np.arange(len(index) + 1)),
        turn_speakers[kept],
        labels.starts[kept],
        labels.ends[kept],
    )


def _regions(
    sides: tuple[Side, Side],
    labels: tuple[Labels, Labels],
    protocol: Protocol,
    uem: Regions | None,
    names: Sequence[str],
) -> RegionTimes:
    """Recording, start and end of each scored region, in ticks of the recordings' own time."""
    if uem is not None:
        own = [
            (index, part.start, part.end)
            for index, name in enumerate(names)
            for part in union(regions_of(name, uem))
        ]
        owner, begin, finish = zip(*own, strict=True) if own else ((), (), ())
        starts, ends = (checked_ticks(np.array(times, np.float64), "the UEM") for times in (begin, finish))
        return np.array(owner, np.int64), starts, ends
    starts, ends = _extents(sides if protocol.region != "reference" else sides[:1], len(names))
    if protocol.region == "file":
        known = [[side.lengths.get(name, 0.0) for name in names] for side in labels]
        longest = np.max(np.array(known, np.float64).reshape(2, len(names)), axis=0)
        starts, ends = np.zeros_like(starts), np.maximum(ends, seconds_to_ticks(longest))
    spoken = np.flatnonzero(ends > starts)
    return spoken, starts[spoken], ends[spoken]


def _extents(sides: Sequence[Side], num: int) -> tuple[Ints, Ints]:
    """First start and last end of each recording's turns; a start after the end where there are none."""
    starts = np.full(num, np.iinfo(np.int64).max)
    ends = np.zeros(num, np.int64)
    for side in sides:
        owner = side.turn_recordings
        np.minimum.at(starts, owner, side.starts)
        np.maximum.at(ends, owner, side.ends)
    return starts, ends


def _places(
    sides: tuple[Side, Side],
    regions: RegionTimes,
    num: int,
    margin: int,
) -> tuple[Ints, Ints]:
    """Where each recording's stretch begins, and what brings its times there.

    Raises:
        InputError: if the axis would be too long.
    """
    starts, ends = _extents(sides, num)
    np.minimum.at(starts, regions[0], regions[1])
    np.maximum.at(ends, regions[0], regions[2])
    starts = np.minimum(starts, ends)
    widths = ends - starts + 2 * margin
    if float(np.sum(widths, dtype=np.float64)) > _LONGEST_AXIS:
        raise InputError(
            f"{num} recordings of {np.max(widths) / TICKS_PER_SECOND:g} s and less are too long together.",
            "Check that times are seconds, or score fewer at once.",
        )
    origins = np.concatenate([[0], np.cumsum(widths)])
    return origins, origins[:-1] + margin - starts


def _finish(side: Side, shifts: Ints, num: int) -> Side:
    """The turns on the axis, sorted by start, each speaker's made one where they overlap."""
    move = shifts[side.turn_recordings]
    order = np.argsort(side.starts + move, kind="stable")
    turns = replace(
        side,
        first_speakers=np.searchsorted(side.speaker_recordings, np.arange(num + 1)),
        turn_speakers=side.turn_speakers[order],
        starts=(side.starts + move)[order],
        ends=(side.ends + move)[order],
    )
    return _without_self_overlap(turns)


def _without_self_overlap(side: Side) -> Side:
    """Turns of one speaker that overlap become one; those that touch keep their boundary.

    An overlap of one tick is what rounding leaves of two turns that touch: it counts as that.
    """
    order = np.argsort(side.turn_speakers, kind="stable")
    speakers, starts, ends = side.turn_speakers[order], side.starts[order], side.ends[order]
    overlapping = (speakers[1:] == speakers[:-1]) & (starts[1:] < ends[:-1])
    if not overlapping.any():
        return side
    first = np.searchsorted(speakers, np.arange(len(side.speakers) + 1))
    kept = np.ones(len(starts), bool)
    for speaker in np.unique(speakers[1:][overlapping]):
        own = slice(first[speaker], first[speaker + 1])
        kept[own], ends[own] = _merged(starts[own], ends[own])
    by_start = np.argsort(starts[kept], kind="stable")
    return replace(
        side,
        turn_speakers=speakers[kept][by_start],
        starts=starts[kept][by_start],
        ends=ends[kept][by_start],
    )


def _merged(starts: Ints, ends: Ints) -> tuple[Bools, Ints]:
    """Which turns of one speaker begin a stretch of speech, and where the stretch ends."""
    reach = np.maximum.accumulate(ends)
    begins = np.concatenate([[True], starts[1:] >= reach[:-1] - 1])
    last = np.concatenate([np.flatnonzero(begins)[1:] - 1, [len(starts) - 1]])
    limit = np.concatenate([starts[begins][1:], [np.iinfo(np.int64).max]])
    merged = ends.copy()
    merged[begins] = np.minimum(reach[last], limit)
    return begins, merged

"""The measures a second time, straight from their definitions: plain Python, exhaustive and slow.

Nothing here is shared with the scorer. Times are whole microseconds, sums are exact, sets of active
speakers are sets, and the best mapping is found by trying all of them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from diarist.evaluation import Protocol
from diarist.intervals import Segment
from diarist.types import Diarization

TICKS = 1_000_000  # a second

Interval = tuple[int, int]
Speech = Mapping[str, Sequence[Interval]]  # a speaker's stretches: sorted, apart or touching
Pairing = frozenset[tuple[str, str]]  # reference speaker, hypothesis speaker
Uem = Mapping[str, Sequence[Segment]]


def ticks(seconds: float) -> int:
    """The nearest whole microsecond."""
    return round(Fraction(seconds) * TICKS)


def stretches(turns: Iterable[Interval]) -> list[Interval]:
    """One speaker's turns: those that overlap are one, those that touch are two.

    Two that overlap by one tick touch: rounding leaves that of turns that do.
    """
    found: list[Interval] = []
    reach = 0
    for start, end in sorted(turns):
        if start == end:
            continue
        if found and start < reach - 1:
            found[-1] = (found[-1][0], max(reach, end))
        else:
            if found:
                found[-1] = (found[-1][0], min(reach, start))
            found.append((start, end))
        reach = max(reach, end)
    return found


def speech(diarization: Diarization | None) -> Speech:
    """Who speaks when."""
    turns: defaultdict[str, list[Interval]] = defaultdict(list)
    for turn in diarization.turns if diarization is not None else ():
        turns[turn.speaker].append((ticks(turn.start), ticks(turn.end)))
    return {speaker: stretches(own) for speaker, own in turns.items()}


@dataclass(frozen=True)
class Moment:
    """A stretch of time in which nothing changes, or a frame; and what recording it is of."""

    recording: str
    length: int
    reference: frozenset[str]
    hypothesis: frozenset[str]
    scored: bool = True


def speaking(side: Speech, time: int) -> frozenset[str]:
    """Who speaks at a time."""
    return frozenset(
        speaker for speaker, own in side.items() if any(start <= time < end for start, end in own)
    )


@dataclass(frozen=True)
class Recording:
    """One recording under a protocol."""

    name: str
    reference: Speech
    hypothesis: Speech
    regions: Sequence[Interval]
    protocol: Protocol

    @cached_property
    def moments(self) -> list[Moment]:
        """The scored region, cut wherever anything begins or ends."""
        boundaries = {time for own in self.reference.values() for part in own for time in part}
        collar = ticks(self.protocol.collar_each_side)
        cuts = boundaries | {time for own in self.hypothesis.values() for part in own for time in part}
        cuts |= {time for part in self.regions for time in part}
        cuts |= {time + shift for time in boundaries for shift in (-collar, collar)}
        found = []
        for start, end in pairwise(sorted(cuts)):
            if any(first <= start < last for first, last in self.regions):
                near = any(time - collar <= start and end <= time + collar for time in boundaries)
                ours, theirs = speaking(self.reference, start), speaking(self.hypothesis, start)
                overlapped = self.protocol.overlap == "skipped" and len(ours) > 1
                found.append(Moment(self.name, end - start, ours, theirs, not near and not overlapped))
        return found

    @cached_property
    def frames(self) -> list[Moment]:
        """The frames of the region: those that begin in it, less the one in which it ends."""
        assert self.protocol.frame_step is not None
        step = ticks(self.protocol.frame_step)
        end = max((last for _, last in self.regions), default=0)
        return [
            Moment(self.name, step, speaking(self.reference, time), speaking(self.hypothesis, time))
            for time in range(0, end - step + 1, step)
            if any(first <= time < last for first, last in self.regions)
        ]

    @property
    def counted(self) -> list[Moment]:
        """What JER, B-cubed and information are counted over."""
        return self.moments if self.protocol.frame_step is None else self.frames

    def errors(self, pairing: Pairing) -> dict[str, int]:
        """The components of DER with that mapping."""
        found = dict.fromkeys(("total", "missed", "false_alarm", "confusion"), 0)
        for moment in self.moments:
            if moment.scored:
                ours, theirs = len(moment.reference), len(moment.hypothesis)
                right = sum(a in moment.reference and b in moment.hypothesis for a, b in pairing)
                found["total"] += ours * moment.length
                found["missed"] += max(ours - theirs, 0) * moment.length
                found["false_alarm"] += max(theirs - ours, 0) * moment.length
                found["confusion"] += (min(ours, theirs) - right) * moment.length
        return found

    @cached_property
    def mappings(self) -> set[Pairing]:
        """All mappings with the most time shared, of pairs that share some."""
        scored = self.protocol.mapping == "scored"
        together = shared([moment for moment in self.moments if moment.scored or not scored])
        return best(together)[1]

    @cached_property
    def num_speakers(self) -> tuple[int, int]:
        """Speakers with time in the region."""
        ours, theirs = times(self.moments)
        return len(ours), len(theirs)

    @cached_property
    def jaccard_errors(self) -> Fraction:
        """The least sum of Jaccard errors that a mapping gives."""
        ours, theirs = times(self.counted)
        together = shared(self.counted)
        index = {
            (a, b): Fraction(time, ours[a] + theirs[b] - time) for (a, b), time in together.items() if time
        }
        return Fraction(self.num_speakers[0] - best(index)[0])

    @cached_property
    def shares(self) -> dict[str, int]:
        """What purity and coverage are made of."""
        ours, theirs = times(self.moments)
        together = shared(self.moments)
        return {
            "pure_time": sum(max((together[a, b] for a in ours), default=0) for b in theirs),
            "hypothesis_time": sum(theirs.values()),
            "covered_time": sum(max((together[a, b] for b in theirs), default=0) for a in ours),
            "reference_time": sum(ours.values()),
        }


def times(moments: Sequence[Moment]) -> tuple[dict[str, int], dict[str, int]]:
    """How long each speaker of either side speaks."""
    sides: tuple[defaultdict[str, int], defaultdict[str, int]] = (defaultdict(int), defaultdict(int))
    for moment in moments:
        for side, speakers in zip(sides, (moment.reference, moment.hypothesis), strict=True):
            for speaker in speakers:
                side[speaker] += moment.length
    return sides


def shared(moments: Sequence[Moment]) -> defaultdict[tuple[str, str], int]:
    """How long two speakers of the two sides speak together."""
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for moment in moments:
        for ours in moment.reference:
            for theirs in moment.hypothesis:
                found[ours, theirs] += moment.length
    return found


def best(weights: Mapping[tuple[str, str], int | Fraction]) -> tuple[int | Fraction, set[Pairing]]:
    """The greatest sum of weights that a one-to-one mapping has, and all that have it."""
    greatest: int | Fraction = 0
    found: set[Pairing] = set()
    for pairing in one_to_one({pair for pair, weight in weights.items() if weight}):
        weight = sum(weights[pair] for pair in pairing)
        if weight > greatest:
            greatest, found = weight, set()
        if weight == greatest:
            found.add(pairing)
    return greatest, found


def one_to_one(pairs: set[tuple[str, str]]) -> Iterator[Pairing]:
    """Every set of pairs in which nobody is twice."""
    if not pairs:
        yield frozenset()
        return
    ours = min(a for a, _ in pairs)
    later = {pair for pair in pairs if pair[0] != ours}
    yield from one_to_one(later)
    for theirs in (b for a, b in pairs if a == ours):
        for rest in one_to_one({pair for pair in later if pair[1] != theirs}):
            yield rest | {(ours, theirs)}


@dataclass(frozen=True)
class Classes:
    """Time by the set of its speakers, silence too; sets of two recordings are never the same."""

    joint: Mapping[tuple[object, object], int]
    reference: Mapping[object, int]
    hypothesis: Mapping[object, int]

    @property
    def time(self) -> int:
        return sum(self.joint.values())

    @property
    def precision(self) -> Fraction:
        """Mean over time of the share of the hypothesis' class that is of the same reference class."""
        return sum(
            (Fraction(n * n, self.hypothesis[b] * self.time) for (_, b), n in self.joint.items()), Fraction()
        )

    @property
    def recall(self) -> Fraction:
        return sum(
            (Fraction(n * n, self.reference[a] * self.time) for (a, _), n in self.joint.items()), Fraction()
        )

    @property
    def information(self) -> float:
        """Bits: the mean of log2 of p(a, b) / (p(a) p(b))."""
        return math.fsum(
            n / self.time * math.log2(Fraction(n * self.time, self.reference[a] * self.hypothesis[b]))
            for (a, b), n in self.joint.items()
        )

    @property
    def entropies(self) -> tuple[float, float]:
        """Bits of either side; exactly 0 where it has one class."""
        ours, theirs = (
            math.fsum(n / self.time * math.log2(Fraction(self.time, n)) for n in side.values())
            for side in (self.reference, self.hypothesis)
        )
        return ours, theirs

    @property
    def normalised(self) -> float:
        ours, theirs = self.entropies
        return self.information / math.sqrt(ours * theirs) if ours and theirs else float(ours == theirs)


def classes(moments: Iterable[Moment]) -> Classes:
    """Sort time into classes."""
    joint: defaultdict[tuple[object, object], int] = defaultdict(int)
    reference: defaultdict[object, int] = defaultdict(int)
    hypothesis: defaultdict[object, int] = defaultdict(int)
    for moment in moments:
        a, b = (moment.recording, moment.reference), (moment.recording, moment.hypothesis)
        joint[a, b] += moment.length
        reference[a] += moment.length
        hypothesis[b] += moment.length
    return Classes(joint, reference, hypothesis)


def recordings(
    reference: Sequence[Diarization],
    hypothesis: Sequence[Diarization],
    protocol: Protocol,
    uem: Uem | None = None,
) -> list[Recording]:
    """The recordings that are scored: the reference's, or those of either side that the UEM names."""
    sides = [{given.recording_id: given for given in side} for side in (reference, hypothesis)]
    names = [given.recording_id for given in reference]
    if uem is not None:
        names += [given.recording_id for given in hypothesis if given.recording_id not in sides[0]]
        names = [name for name in names if uem.get(name)]
    found = []
    for name in names:
        ours, theirs = (side.get(name) for side in sides)
        regions = scored_regions(ours, theirs, protocol, uem)
        found.append(Recording(name, speech(ours), speech(theirs), regions, protocol))
    return found


def scored_regions(
    ours: Diarization | None, theirs: Diarization | None, protocol: Protocol, uem: Uem | None
) -> list[Interval]:
    """What is scored of a recording."""
    given = [side for side in (ours, theirs) if side is not None]
    if uem is not None:
        regions = [(ticks(part.start), ticks(part.end)) for part in uem[given[0].recording_id]]
        return [(start, end) for start, end in regions if start < end]
    counted = [ours] if protocol.region == "reference" else given
    edges = [time for side in counted for own in speech(side).values() for part in own for time in part]
    if protocol.region == "file":
        edges += [0, *(ticks(side.audio_length or 0) for side in given)]
    return [(min(edges), max(edges))] if edges and min(edges) < max(edges) else []

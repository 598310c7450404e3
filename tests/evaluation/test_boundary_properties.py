"""Boundaries compared: against their definition, done slowly, and what holds whatever the turns are."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
from boundary_cases import counts
from corpora import Given, corpora
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import Recording, Speech, recordings, ticks

from diarist.evaluation import Labels
from diarist.evaluation.boundaries import GROUPS, BoundaryConfig, BoundaryStats, compare_boundaries

GAP = 250_000
CONFIG = BoundaryConfig(window=0.3, tolerances=(0.05, 0.1))


def slow_kind(side: Speech, speaker: str, time: int, sign: int) -> str:
    """Kind of a start (``sign`` 1) or an end (-1)."""
    reach = -math.inf
    for other, own in side.items():
        if other == speaker:
            continue
        parts = sorted((start, end) if sign > 0 else (-end, -start) for start, end in own)
        for index, (start, end) in enumerate(parts):
            for later, its_end in parts[index + 1 :]:  # on, as long as they touch
                end = its_end if later <= end + 1 else end
            if start < sign * time:
                reach = max(reach, end - sign * time)
    return "speech edge" if reach < -GAP else "overlap" if reach > GAP else "speaker change"


Boundary = tuple[str, int, str, str]  # speaker, time, start or end, kind


def slow_boundaries(recording: Recording, side: Speech) -> list[Boundary]:
    """Those that count."""
    return [
        (speaker, time, "start" if sign > 0 else "end", slow_kind(side, speaker, time, sign))
        for speaker, own in side.items()
        for start, end in own
        for time, sign in ((start, 1), (end, -1))
        if any(first <= time <= last for first, last in recording.regions)
    ]


def slow_best(ours: tuple[int, ...], theirs: tuple[int, ...], window: int) -> tuple[int, int]:
    """How many can be matched, and minus the sum of their distances."""
    if not ours or not theirs:
        return 0, 0
    found = max(slow_best(ours[1:], theirs, window), slow_best(ours, theirs[1:], window))
    if (distance := abs(ours[0] - theirs[0])) <= window:
        number, nearness = slow_best(ours[1:], theirs[1:], window)
        found = max(found, (number + 1, nearness - distance))
    return found


def slow_worth(recording: Recording, mapping: dict[str, str], window: float) -> tuple[int, int]:
    """The same of a whole recording."""
    sides = [slow_boundaries(recording, side) for side in (recording.reference, recording.hypothesis)]
    found = [
        slow_best(
            *(
                tuple(sorted(time for name, time, which, _ in side if (name, which) == (speaker, edge)))
                for side, speaker in zip(sides, pair, strict=True)
            ),
            ticks(window),
        )
        for pair in mapping.items()
        for edge in ("start", "end")
    ]
    return sum(number for number, _ in found), sum(nearness for _, nearness in found)


def both_sides(case: Given) -> tuple[Labels, Labels]:
    return Labels.from_diarizations(case.reference), Labels.from_diarizations(case.hypothesis)


@settings(max_examples=150, deadline=None)
@given(corpora())
def test_as_defined(case: Given) -> None:
    scores = compare_boundaries(*both_sides(case), case.protocol, case.uem, CONFIG)
    slow = recordings(case.reference, case.hypothesis, case.protocol, case.uem)
    for found, recording in zip(scores.recordings, slow, strict=True):
        assert found.recording_id == recording.name
        assert frozenset(found.mapping.items()) in recording.mappings
        check_numbers(found.groups, recording)
        check_matches(found.groups["all"], recording, dict(found.mapping))
    for name in GROUPS:
        parts = [found.groups[name] for found in scores.recordings]
        assert counts(scores.overall[name]) == tuple(np.array([(0, 0, 0), *map(counts, parts)]).sum(axis=0))
        assert scores.overall[name].errors.tolist() == [error for part in parts for error in part.errors]


def check_numbers(groups: dict[str, BoundaryStats], recording: Recording) -> None:
    """Of the boundaries of each group; kinds, and starts and ends, share all between them."""
    for side, name in ((recording.reference, "num_reference"), (recording.hypothesis, "num_hypothesis")):
        boundaries = slow_boundaries(recording, side)
        expected = Counter(label for _, _, edge, kind in boundaries for label in ("all", edge, kind))
        assert {group: getattr(stats, name) for group, stats in groups.items()} == {
            group: expected[group] for group in GROUPS
        }
    for part in (("speech edge", "speaker change", "overlap"), ("start", "end")):
        for tolerance in CONFIG.tolerances:
            hits = [
                (groups[name].hits[tolerance].reference, groups[name].hits[tolerance].hypothesis)
                for name in part
            ]
            whole = groups["all"].hits[tolerance]
            assert tuple(map(sum, zip(*hits, strict=True))) == (whole.reference, whole.hypothesis)
        errors = sorted(error for name in part for error in groups[name].errors)
        assert errors == sorted(groups["all"].errors)


def check_matches(stats: BoundaryStats, recording: Recording, mapping: dict[str, str]) -> None:
    worth = stats.num_matched, -sum(ticks(abs(error)) for error in stats.errors.tolist())
    assert worth == slow_worth(recording, mapping, CONFIG.window)
    for tolerance, hits in stats.hits.items():
        assert hits.reference == hits.hypothesis == slow_worth(recording, mapping, tolerance)[0]


@settings(max_examples=150, deadline=None)
@given(corpora(kinds=("union", "file", "uem")))
def test_sides_exchanged_exchange_precision_and_recall(case: Given) -> None:
    assume({one.recording_id for one in case.reference} == {one.recording_id for one in case.hypothesis})
    ours, theirs = both_sides(case)
    protocol = replace(case.protocol, collar_each_side=0.0, overlap="scored")
    one = compare_boundaries(ours, theirs, protocol, case.uem, CONFIG)
    other = compare_boundaries(theirs, ours, protocol, case.uem, CONFIG)
    again = {name.recording_id: name for name in other.recordings}
    for found in one.recordings:
        exchanged = again[found.recording_id]
        assume(dict(found.mapping) == {ours: theirs for theirs, ours in exchanged.mapping.items()})
    for name in GROUPS:
        for tolerance in CONFIG.tolerances:
            assert one.overall[name].precision(tolerance) == other.overall[name].recall(tolerance)
            assert one.overall[name].recall(tolerance) == other.overall[name].precision(tolerance)
    for found in one.recordings:
        mirrored = again[found.recording_id].groups["all"].errors
        assert sorted(found.groups["all"].errors) == sorted(-mirrored)


@settings(max_examples=60, deadline=None)
@given(corpora(kinds=("union", "reference")), st.integers(1, 10**9))
def test_shifted_alike_nothing_changes(case: Given, shift: int) -> None:
    ours, theirs = both_sides(case)
    moved = [replace(side, starts=side.starts + shift, ends=side.ends + shift) for side in (ours, theirs)]
    one = compare_boundaries(ours, theirs, case.protocol, None, CONFIG)
    assert compare_boundaries(*moved, case.protocol, None, CONFIG).as_dict() == one.as_dict()

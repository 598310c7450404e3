"""The scorer against a slow one that tries everything, and what must hold whatever the turns are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from fractions import Fraction

import oracle
import pytest
from corpora import SECOND, Given, corpora, framed, pairs, protocols
from hypothesis import given, settings
from hypothesis import strategies as st

from diarist.evaluation import Components, Labels, Protocol, RecordingScore, Scores, score
from diarist.evaluation.components import total
from diarist.evaluation.scores import error_components
from diarist.types import Diarization

EXACT = ("total", "missed", "false_alarm", "confusion")
many = settings(max_examples=150, deadline=None)
some = settings(max_examples=60, deadline=None)


def scored(case: Given) -> Scores:
    return score(case.reference, case.hypothesis, case.protocol, uem=case.uem)


def expected(case: Given) -> list[oracle.Recording]:
    return oracle.recordings(case.reference, case.hypothesis, case.protocol, case.uem)


def close(one: float | None, other: float | Fraction | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, float(other), rel_tol=1e-9, abs_tol=1e-9)


def check_errors(found: RecordingScore, slow: oracle.Recording) -> None:
    """DER's components are those of the mapping reported, which is one of the best."""
    pairing = frozenset(found.mapping.items())
    assert pairing in slow.mappings
    parts = {name: ticks / SECOND for name, ticks in slow.errors(pairing).items()}
    assert {name: getattr(found.components, name) for name in EXACT} == parts


def check_others(found: Components, slow: oracle.Recording) -> None:
    """All else that can be said of one recording."""
    assert (found.num_speakers, found.num_hypothesis_speakers) == slow.num_speakers
    assert found.speaker_count_errors == abs(slow.num_speakers[0] - slow.num_speakers[1])
    assert close(found.jaccard_errors, slow.jaccard_errors)
    for name, ticks in slow.shares.items():
        assert getattr(found, name) == ticks / SECOND, name


def check_classes(found: Components, moments: Sequence[oracle.Moment]) -> None:
    """What is made of classes of time, of one recording or of several."""
    slow = oracle.classes(moments)
    assert close(found.region_time, Fraction(slow.time, SECOND))
    if not slow.time:
        assert found.bcubed_precision is found.bcubed_recall is found.bcubed_f1 is None
        assert found.mutual_information is found.normalised_mutual_information is None
        return
    assert close(found.bcubed_precision, slow.precision)
    assert close(found.bcubed_recall, slow.recall)
    assert close(found.bcubed_f1, 2 / (1 / slow.precision + 1 / slow.recall))
    assert close(found.mutual_information, slow.information)
    # An entropy is the difference of two large numbers: near 0, what is divided by it is less exact.
    if all(entropy == 0 or entropy > 1e-9 for entropy in slow.entropies):
        assert found.normalised_mutual_information == pytest.approx(slow.normalised, abs=1e-5)


def check(case: Given) -> None:
    found, slow = scored(case), expected(case)
    assert [one.recording_id for one in found.recordings] == [one.name for one in slow]
    for ours, theirs in zip(found.recordings, slow, strict=True):
        check_errors(ours, theirs)
        check_others(ours.components, theirs)
        check_classes(ours.components, theirs.counted)
    check_classes(found.overall, [moment for one in slow for moment in one.counted])


@many
@given(corpora())
def test_scores_are_those_of_the_slow_scorer(case: Given) -> None:
    check(case)


@many
@given(framed())
def test_scores_in_frames_are_those_of_the_slow_scorer(case: Given) -> None:
    check(case)


@some
@given(corpora())
def test_the_fast_way_to_errors_alone_gives_the_same(case: Given) -> None:
    ours, theirs = Labels.from_diarizations(case.reference), Labels.from_diarizations(case.hypothesis)
    found = error_components(ours, theirs, case.protocol, case.uem)
    for name, values in found.items():
        assert values.tolist() == [getattr(one.components, name) for one in scored(case).recordings]


@some
@given(corpora(), st.sampled_from([None, 0.05]))
def test_bounds(case: Given, frame_step: float | None) -> None:
    for one in scored(replace(case, protocol=replace(case.protocol, frame_step=frame_step))).recordings:
        parts = one.components
        assert all(getattr(parts, part.name) >= 0 for part in fields(Components) if "infor" not in part.name)
        assert parts.missed + parts.confusion <= parts.total * (1 + 1e-12)
        assert parts.pure_time <= parts.hypothesis_time
        assert parts.covered_time <= parts.reference_time
        assert parts.jaccard_errors <= parts.num_speakers + 1e-9
        for rate in (parts.jer, parts.purity, parts.coverage, parts.bcubed_f1):
            assert rate is None or -1e-9 <= rate <= 1 + 1e-9
        nmi = parts.normalised_mutual_information
        assert nmi is None or 0 <= nmi <= 1


def shuffled(sides: Sequence[Diarization], order: Sequence[int]) -> tuple[Diarization, ...]:
    """The recordings in another order."""
    return tuple(side for _, side in sorted(zip(order, sides, strict=False), key=lambda item: item[0]))


def same(one: Components, other: Components) -> bool:
    """Equal, but for what another order of additions may leave."""
    return all(close(getattr(one, part.name), getattr(other, part.name)) for part in fields(Components))


def same_up_to_ties(one: Scores, other: Scores, case: Given) -> bool:
    """Equal, recording by recording; where there are several best mappings, errors need not be."""
    ours = {part.recording_id: part.components for part in one.recordings}
    theirs = {part.recording_id: part.components for part in other.recordings}
    for slow in expected(case):
        left, right = ours[slow.name], theirs[slow.name]
        if len(slow.mappings) > 1:
            left, right = replace(left, confusion=0.0), replace(right, confusion=0.0)
        if not same(left, right):
            return False
    return ours.keys() == theirs.keys()


@some
@given(corpora(), st.permutations(range(3)), st.permutations(range(3)), st.randoms())
def test_the_order_of_turns_and_of_recordings_does_not_matter(
    case: Given, first: list[int], second: list[int], chance: object
) -> None:
    other = replace(case, reference=shuffled(case.reference, first))
    other = replace(other, hypothesis=shuffled(case.hypothesis, second))
    assert same_up_to_ties(scored(case), scored(other), case)
    labels = [Labels.from_diarizations(side) for side in (other.reference, other.hypothesis)]
    mixed = [_with_turns_in_another_order(side, chance) for side in labels]
    assert same_up_to_ties(scored(case), score(mixed[0], mixed[1], case.protocol, uem=case.uem), case)


def _with_turns_in_another_order(labels: Labels, chance: object) -> Labels:
    order = list(range(len(labels.starts)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    return replace(
        labels,
        turn_speakers=labels.turn_speakers[order],
        starts=labels.starts[order],
        ends=labels.ends[order],
    )


@some
@given(corpora())
def test_names_of_speakers_do_not_matter(case: Given) -> None:
    def rename(side: Sequence[Diarization], key: str) -> tuple[Diarization, ...]:
        return tuple(one.relabel(lambda speaker: key + speaker[::-1]) for one in side)

    other = replace(case, reference=rename(case.reference, "x"), hypothesis=rename(case.hypothesis, "é"))
    assert same_up_to_ties(scored(case), scored(other), case)


@some
@given(corpora(("union", "reference")), st.integers(1, 10**10))
def test_where_a_recording_begins_does_not_matter(case: Given, offset: int) -> None:
    def shift(side: Sequence[Diarization]) -> tuple[Diarization, ...]:
        return tuple(
            one.with_turns(
                replace(part, start=begin / SECOND, end=end / SECOND)
                for part in one
                for begin, end in [(oracle.ticks(part.start) + offset, oracle.ticks(part.end) + offset)]
                if end > begin
            )
            for one in side
        )

    other = replace(case, reference=shift(case.reference), hypothesis=shift(case.hypothesis))
    assert same_up_to_ties(scored(case), scored(other), case)


@some
@given(corpora())
def test_recordings_scored_one_by_one_add_up(case: Given) -> None:
    together = scored(case)
    apart: list[RecordingScore] = []
    for one in together.recordings:
        sides = [
            tuple(side for side in given if side.recording_id == one.recording_id)
            for given in (case.reference, case.hypothesis)
        ]
        apart += scored(replace(case, reference=sides[0], hypothesis=sides[1])).recordings
    assert all(same(*parts) for parts in zip(_parts(together), _parts(apart), strict=True))
    assert same(together.overall, total(part.components for part in apart))
    assert [one.mapping for one in together.recordings] == [one.mapping for one in apart]


def _parts(given: Scores | Sequence[RecordingScore]) -> list[Components]:
    return [one.components for one in (given.recordings if isinstance(given, Scores) else given)]


@some
@given(st.lists(pairs("r"), max_size=3), st.data())
def test_a_reference_against_itself_has_no_error(
    given_: list[tuple[Diarization, Diarization]], data: st.DataObject
) -> None:
    ours = [replace(pair[0], recording_id=f"r{number}") for number, pair in enumerate(given_)]
    protocol = data.draw(protocols(data.draw(st.sampled_from(("union", "reference", "file")))))
    found = score(ours, ours, protocol)
    for parts in (*_parts(found), found.overall):
        assert (parts.missed, parts.false_alarm, parts.confusion, parts.speaker_count_errors) == (0, 0, 0, 0)
        assert parts.der == (0 if parts.total else None)
        assert parts.jer is None or parts.jer == pytest.approx(0, abs=1e-12)
        assert parts.pure_time == parts.hypothesis_time == parts.covered_time == parts.reference_time
        if parts.region_time:
            assert parts.bcubed_precision == pytest.approx(1)
            assert parts.bcubed_recall == pytest.approx(1)
            assert parts.normalised_mutual_information == pytest.approx(1)


SWAPPED = {
    "missed": "false_alarm",
    "bcubed_precision_time": "bcubed_recall_time",
    "reference_information": "hypothesis_information",
    "pure_time": "covered_time",
    "hypothesis_time": "reference_time",
    "num_speakers": "num_hypothesis_speakers",
}


@some
@given(corpora(("union", "file", "uem")))
def test_swapping_the_sides(case: Given) -> None:
    names = {one.recording_id for one in case.reference} & {one.recording_id for one in case.hypothesis}
    sides = [
        tuple(one for one in side if one.recording_id in names) for side in (case.reference, case.hypothesis)
    ]
    protocol = Protocol(region=case.protocol.region)
    one = score(sides[0], sides[1], protocol, uem=case.uem)
    other = score(sides[1], sides[0], protocol, uem=case.uem)
    for ours, theirs in zip(_parts(one), _parts(other), strict=True):
        for name, swapped in SWAPPED.items():
            assert close(getattr(ours, name), getattr(theirs, swapped))
            assert close(getattr(ours, swapped), getattr(theirs, name))
        for name in ("confusion", "region_time", "speaker_count_errors", "joint_information"):
            assert close(getattr(ours, name), getattr(theirs, name))
        assert close(ours.mutual_information, theirs.mutual_information)

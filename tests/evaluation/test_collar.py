"""The collar curve and errors near boundaries: by hand, as defined, and against each other."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from boundary_cases import labels
from corpora import Given, corpora
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Pairing, recordings, ticks

from diarist.errors import OptionError
from diarist.evaluation import Labels, Protocol
from diarist.evaluation.boundaries import compare_boundaries
from diarist.evaluation.boundaries.collar import (
    COLLARS,
    DISTANCES,
    CollarPoint,
    NearbyErrors,
    collar_curve,
    error_by_distance,
)
from diarist.intervals import Segment

KINDS = ("missed", "false_alarm", "confusion")

# Missed: 1 to 1.2, A. False alarm: 4.6 to 5, y beside x. Confusion: 8.5 to 9, B given to x.
# False alarm: 12.7 to 13, z where nobody speaks.
REFERENCE = "A 1 5, B 5 9"
HYPOTHESIS = "x 1.2 5, y 4.6 8.5, x 8.5 9, z 12.7 13"


def near(value: float) -> object:
    return pytest.approx(value, abs=1e-12)


def test_curve_by_hand() -> None:
    """Boundaries at 1, 5 and 9: a collar takes itself once at the first and the last, twice between,
    where A and B meet; and of the errors what lies in it."""
    points = collar_curve(labels(REFERENCE), labels(HYPOTHESIS), Protocol(), collars=(0, 0.1, 0.3, 0.5, 5))
    assert points == (
        CollarPoint(0.0, near(8), near(0.2), near(0.7), near(0.5)),
        CollarPoint(0.1, near(7.6), near(0.1), near(0.6), near(0.4)),
        CollarPoint(0.3, near(6.8), 0, near(0.4), near(0.2)),
        CollarPoint(0.5, near(6), 0, near(0.3), 0),
        CollarPoint(5.0, 0, 0, 0, 0),
    )
    assert [point.der for point in points] == [
        near(1.4 / 8), near(1.1 / 7.6), near(0.6 / 6.8), near(0.3 / 6), None
    ]  # fmt: skip


def test_distances_by_hand() -> None:
    points = error_by_distance(labels(REFERENCE), labels(HYPOTHESIS), Protocol(), None, (0.1, 0.3, 0.5, 4, 9))
    assert points == (
        NearbyErrors(0.1, near(0.1), near(0.1), near(0.1), near(1.4)),
        NearbyErrors(0.3, near(0.2), near(0.3), near(0.3), near(1.4)),
        NearbyErrors(0.5, near(0.2), near(0.4), near(0.5), near(1.4)),
        NearbyErrors(4.0, near(0.2), near(0.7), near(0.5), near(1.4)),
        NearbyErrors(9.0, near(0.2), near(0.7), near(0.5), near(1.4)),
    )
    second = points[1]
    assert (second.errors, second.share) == (near(0.8), near(0.8 / 1.4))
    shares = second.missed_share, second.false_alarm_share, second.confusion_share
    assert shares == (near(0.2 / 1.4), near(0.3 / 1.4), near(0.3 / 1.4))
    assert points[-1].share == 1


def test_defaults() -> None:
    curve = collar_curve(labels(REFERENCE), labels(HYPOTHESIS), Protocol())
    assert tuple(point.collar_each_side for point in curve) == COLLARS
    assert [round(collar * 1000) for collar in COLLARS] == list(range(0, 501, 50))
    points = error_by_distance(labels(REFERENCE), labels(HYPOTHESIS), Protocol())
    assert tuple(point.distance for point in points) == DISTANCES


def test_the_protocols_own_collar_makes_no_difference() -> None:
    ours, theirs = labels(REFERENCE), labels(HYPOTHESIS)
    for protocol in (Protocol(), Protocol(mapping="scored"), Protocol(overlap="skipped", region="reference")):
        wide = replace(protocol, collar_each_side=0.25)
        assert collar_curve(ours, theirs, wide) == collar_curve(ours, theirs, protocol)
        assert error_by_distance(ours, theirs, wide) == error_by_distance(ours, theirs, protocol)


def test_rules_are_the_protocols() -> None:
    """Regions hold, and boundaries outside of them have a neighbourhood too; skipped overlap has no error."""
    ours, theirs = labels("A 1 5, B 4 9"), labels("x 1 3, x 10 11")
    uem = {"r0": [Segment(2, 3.5), Segment(8, 11)]}
    inside = error_by_distance(ours, theirs, Protocol(region="uem"), uem, (0.6, 1.5))
    assert inside == (
        NearbyErrors(0.6, near(0.1 + 0.6), 0, 0, near(2.5)),
        NearbyErrors(1.5, near(0.5 + 1), near(0.5), 0, near(2.5)),
    )
    skipped = Protocol(overlap="skipped", region="reference")
    assert error_by_distance(ours, labels(""), skipped, None, (0.5, 9))[0].missed == near(2)
    assert error_by_distance(ours, labels(""), skipped, None, (0.5, 9))[1].missed == near(7)


def test_recordings_do_not_reach_into_each_other() -> None:
    """All speech of the second recording is missed, and only what is near its own boundaries is near."""
    ours, theirs = labels("A 1 5", "B 0 40"), labels("x 1 5", "")
    points = error_by_distance(ours, theirs, Protocol(region="file"), None, (1, 15, 60))
    assert [point.missed for point in points] == [2, 30, 40]
    assert [point.all_errors for point in points] == [40, 40, 40]


def test_nothing() -> None:
    for nothing in (labels(), labels("")):
        assert {point.der for point in collar_curve(nothing, nothing, Protocol())} == {None}
        points = error_by_distance(nothing, nothing, Protocol())
        assert {point.share for point in points} == {point.missed_share for point in points} == {None}
    right = error_by_distance(labels(REFERENCE), labels(REFERENCE), Protocol())
    assert {(point.errors, point.share) for point in right} == {(0, None)}
    only_false = error_by_distance(labels(""), labels("x 1 2"), Protocol())
    assert {(point.errors, point.all_errors, point.share) for point in only_false} == {(0, 1, 0)}
    assert collar_curve(labels(), labels(), Protocol(), collars=()) == ()
    assert error_by_distance(labels(), labels(), Protocol(), distances=()) == ()


def test_impossible_options() -> None:
    given = labels(REFERENCE)
    for distance in (0, -1, math.nan, math.inf, 500):
        with pytest.raises(OptionError, match=r"distance of .* s is not possible") as caught:
            error_by_distance(given, given, Protocol(), distances=(0.1, distance))
        assert caught.value.remedy
    with pytest.raises(OptionError, match="collar of -1 s"):
        collar_curve(given, given, Protocol(), collars=(-1,))
    for measure in (collar_curve, error_by_distance):
        with pytest.raises(OptionError, match="UEM"):
            measure(given, given, Protocol(region="uem"))


def both_sides(case: Given) -> tuple[Labels, Labels]:
    return Labels.from_diarizations(case.reference), Labels.from_diarizations(case.hypothesis)


widths = st.sampled_from((0.001, 0.05, 0.1, 0.37, 1.0))


def slow_errors(case: Given, protocol: Protocol, mappings: list[Pairing]) -> dict[str, int]:
    """Ticks of all recordings together, with the mapping of each."""
    sums = dict.fromkeys(("total", *KINDS), 0)
    for recording, mapping in zip(
        recordings(case.reference, case.hypothesis, protocol, case.uem), mappings, strict=True
    ):
        for name, amount in recording.errors(mapping).items():
            sums[name] += amount
    return sums


def mapped(case: Given, protocol: Protocol) -> list[Pairing]:
    """Who stands for whom in each recording."""
    scores = compare_boundaries(*both_sides(case), protocol, case.uem)
    return [frozenset(one.mapping.items()) for one in scores.recordings]


@settings(max_examples=100, deadline=None)
@given(corpora(), widths)
def test_points_of_the_curve_as_defined(case: Given, collar: float) -> None:
    (point,) = collar_curve(*both_sides(case), case.protocol, case.uem, (collar,))
    protocol = replace(case.protocol, collar_each_side=collar)
    expected = slow_errors(case, protocol, mapped(case, protocol))
    assert {name: ticks(getattr(point, name)) for name in expected} == expected


@settings(max_examples=100, deadline=None)
@given(corpora(), widths)
def test_what_is_near_is_what_a_collar_takes(case: Given, width: float) -> None:
    """With one mapping for every collar."""
    protocol = replace(case.protocol, mapping="region")
    without, collared = collar_curve(*both_sides(case), protocol, case.uem, (0, width))
    (point,) = error_by_distance(*both_sides(case), protocol, case.uem, (width,))
    for kind in KINDS:
        assert getattr(point, kind) == pytest.approx(
            getattr(without, kind) - getattr(collared, kind), abs=1e-9
        )
    assert point.all_errors == pytest.approx(sum(getattr(without, kind) for kind in KINDS), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(corpora(), widths)
def test_distances_as_defined(case: Given, width: float) -> None:
    (point,) = error_by_distance(*both_sides(case), case.protocol, case.uem, (width,))
    protocol = replace(case.protocol, collar_each_side=0.0)
    mappings = mapped(case, protocol)
    at_all = slow_errors(case, protocol, mappings)
    beyond = slow_errors(case, replace(protocol, collar_each_side=width), mappings)
    assert {kind: ticks(getattr(point, kind)) for kind in KINDS} == {
        kind: at_all[kind] - beyond[kind] for kind in KINDS
    }
    assert ticks(point.all_errors) == sum(at_all[kind] for kind in KINDS)

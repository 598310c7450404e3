"""Boundaries compared, by hand."""

from __future__ import annotations

import json
import math

import pytest
from boundary_cases import counts, labels

from diarist.errors import OptionError
from diarist.evaluation import Protocol
from diarist.evaluation.boundaries import (
    GROUPS,
    BoundaryConfig,
    BoundaryScores,
    compare_boundaries,
)
from diarist.intervals import Segment

REFERENCE = "A 1 5, B 5.1 9, A 12 15, B 13 14"
# A is x: 0.04 late, 0.2 late; 0.1 early, and 0.8 late, which is missed. B is y: right, and 0.3 early.
# Nobody is z.
HYPOTHESIS = "x 1.04 5.2, y 5.1 8.7, x 11.9 15.8, z 13 14, y 20 21"


def compare(ours: str, theirs: str, **changes: object) -> BoundaryScores:
    return compare_boundaries(labels(ours), labels(theirs), Protocol(), None, BoundaryConfig(**changes))  # type: ignore[arg-type]


def near(*values: float | None) -> object:
    return pytest.approx(values, abs=1e-12)


def test_every_number_by_hand() -> None:
    scores = compare(REFERENCE, HYPOTHESIS)
    assert scores.recordings[0].recording_id == "r0"
    assert scores.recordings[0].mapping == {"A": "x", "B": "y"}
    assert list(scores.overall) == list(GROUPS)
    everything = scores.overall["all"]
    assert everything.errors.tolist() == [0.04, 0.2, 0.0, -0.3, -0.1]  # in the order of time
    assert counts(everything) == (8, 10, 5)
    assert (everything.bias, everything.median_signed, everything.mean_absolute) == near(-0.032, 0, 0.128)
    assert everything.standard_deviation == pytest.approx(math.sqrt(0.1416 / 5 - 0.032**2))
    assert (everything.median_absolute, everything.percentile(90)) == near(0.1, 0.26)
    assert (everything.percentile(0), everything.percentile(100)) == near(0, 0.3)
    at = (0.05, 0.1, 0.2, 0.5)
    assert [everything.within(one) for one in at] == [0.4, 0.6, 0.8, 1.0]
    assert [everything.recall(one) for one in at] == [2 / 8, 3 / 8, 4 / 8, 5 / 8]
    assert [everything.precision(one) for one in at] == [0.2, 0.3, 0.4, 0.5]
    assert [everything.f1(one) for one in at] == pytest.approx([4 / 18, 6 / 18, 8 / 18, 10 / 18])


@pytest.mark.parametrize(
    ("group", "errors", "numbers", "recall", "precision"),
    [
        ("speech edge", [0.04, -0.3, -0.1], (4, 6, 3), 3 / 4, 3 / 6),
        ("speaker change", [0.2, 0.0], (2, 2, 2), 1, 1),
        ("overlap", [], (2, 2, 0), 0, 0),
        ("start", [0.04, 0.0, -0.1], (4, 5, 3), 3 / 4, 3 / 5),
        ("end", [0.2, -0.3], (4, 5, 2), 2 / 4, 2 / 5),
    ],
)
def test_groups_by_hand(
    group: str, errors: list[float], numbers: tuple[int, int, int], recall: float, precision: float
) -> None:
    stats = compare(REFERENCE, HYPOTHESIS).overall[group]
    assert stats.errors.tolist() == errors
    assert counts(stats) == numbers
    assert (stats.recall(0.5), stats.precision(0.5)) == (recall, precision)


def test_kinds_are_those_of_each_side() -> None:
    """The start of A is an edge in the reference; in the hypothesis somebody speaks before it."""
    groups = compare("A 1 5", "z 0.1 0.9, x 1 5").overall
    edges, changes = groups["speech edge"], groups["speaker change"]
    assert (counts(edges), edges.recall(0.05), edges.precision(0.05)) == ((2, 2, 2), 1.0, 0.5)
    assert (counts(changes), changes.recall(0.05), changes.precision(0.05)) == ((0, 2, 0), None, 0.5)
    assert changes.f1(0.05) is None


def test_recordings_are_pooled() -> None:
    """Three errors of 0.1 and one of 0.5: the mean of the two recordings' means would be 0.3."""
    scores = compare_boundaries(
        labels("A 1 5", "A 1 5", "A 1 2", ""),
        labels("x 1.1 5.1", "x 1.5 5.9, y 7 8", "", "x 3 4"),
        Protocol(),
    )
    assert [counts(one.groups["all"]) for one in scores.recordings] == [
        (2, 2, 2),
        (2, 4, 1),
        (2, 0, 0),
        (0, 2, 0),
    ]
    assert [one.groups["all"].bias for one in scores.recordings] == [pytest.approx(0.1), 0.5, None, None]
    assert [one.recording_id for one in scores.recordings] == ["r0", "r1", "r2", "r3"]
    overall = scores.overall["all"]
    assert counts(overall) == (6, 8, 3)
    assert overall.bias == pytest.approx(0.7 / 3)
    assert (overall.recall(0.1), overall.precision(0.1)) == (2 / 6, 2 / 8)
    assert (scores.recordings[2].groups["all"].recall(0.1), scores.recordings[2].mapping) == (0, {})


def test_a_tolerance_has_a_matching_of_its_own() -> None:
    """The window matches 1.0 with 1.4, and 1.4 with 1.8; a tolerance of 0.1 finds 1.4 where it is."""
    starts = compare("A 1 1.3, A 1.4 9", "x 1.4 1.7, x 1.8 9", tolerances=(0.1, 0.5)).overall["start"]
    assert starts.errors.tolist() == [0.4, 0.4]
    assert (starts.within(0.1), starts.recall(0.1), starts.precision(0.1)) == (0, 0.5, 0.5)
    assert (starts.recall(0.5), starts.f1(0.5)) == (1, 1)


def test_a_tolerance_may_be_wider_than_the_window() -> None:
    stats = compare("A 1 5", "x 1.3 5", window=0.1).overall["start"]
    assert (stats.num_matched, stats.within(0.5), stats.recall(0.2), stats.recall(0.5)) == (0, None, 0, 1)


@pytest.mark.parametrize(
    ("window", "ours", "theirs", "errors"),
    [
        (0.5, "A 1 5", "x 1.5 4.5", [0.5, -0.5]),  # the window's edge is in it
        (0.5, "A 1 5", "x 1.500001 4.499999", []),
        (0.5, "A 1 5, A 4 6", "x 1 6", [0, 0]),  # overlapping turns are one
        (0.5, "A 1 5, A 5 6", "x 1 6", [0, 0]),  # touching ones are not, and what is between them is missed
        (0.5, "A 1 5, B 2 4", "x 1 5, x 1 3", [0, 0]),  # B has nobody
        (1.0, "A 1 5", "x 2 9, y 1 2", [1]),  # y is nearer, but A is x
        (0.5, "A 1 5", "x 5 9", []),  # no start is found by an end
        (
            0.5,
            "A 1 2, A 2.3 5",
            "x 1.7 5",
            [0],
        ),  # 0.6 is too far, and 0.7
        (0.6, "A 1 1.2, A 1.7 5", "x 1.4 5", [-0.3, 0]),  # a start is found once, by the nearer
    ],
)
def test_which_are_matched(window: float, ours: str, theirs: str, errors: list[float]) -> None:
    assert compare(ours, theirs, window=window).overall["all"].errors.tolist() == pytest.approx(errors)


def test_touching_turns_have_boundaries() -> None:
    assert counts(compare("A 1 5, A 5 6", "x 1 6").overall["all"]) == (4, 2, 2)
    assert counts(compare("A 1 5, A 4 6", "x 1 6").overall["all"]) == (2, 2, 2)


def with_region(region: str, *parts: Segment) -> tuple[int, int, int]:
    protocol = Protocol(region=region)  # type: ignore[arg-type]
    ours, theirs = labels("A 2 5, A 7 9"), labels("x 1.9 5, x 7 8, x 9.2 9.9")
    uem = {"r0": parts} if parts else None
    return counts(compare_boundaries(ours, theirs, protocol, uem).overall["all"])


def test_what_lies_outside_the_region_does_not_count() -> None:
    assert with_region("union") == (4, 6, 3)
    assert with_region("file") == (4, 6, 3)
    assert with_region("reference") == (4, 3, 2)  # without 1.9, 9.2, 9.9
    assert with_region("uem", Segment(0, 60)) == (4, 6, 3)
    assert with_region("uem", Segment(2, 7)) == (3, 2, 2)  # edges are inside, and 1.9 is no partner of 2
    assert with_region("uem", Segment(2.000001, 6.999999)) == (1, 1, 1)
    assert with_region("uem", Segment(0, 3), Segment(8, 9)) == (2, 2, 1)
    assert with_region("uem", Segment(3, 4)) == (0, 0, 0)  # a turn goes through, and none has a boundary


def test_speakers_are_mapped_in_the_region() -> None:
    ours, theirs = labels("A 0 10, A 20 21"), labels("x 0 10, y 20 21")
    at_all = compare_boundaries(ours, theirs, Protocol())
    late = compare_boundaries(ours, theirs, Protocol(region="uem"), {"r0": [Segment(15, 30)]})
    assert at_all.recordings[0].mapping == {"A": "x"}
    assert late.recordings[0].mapping == {"A": "y"}
    assert counts(late.overall["all"]) == (2, 2, 2)


def test_undefined_is_none() -> None:
    """Nothing was matched; and then there was nothing at all."""
    stats = compare("A 1 5", "x 2 4").overall["all"]
    assert counts(stats) == (2, 2, 0)
    assert (stats.recall(0.5), stats.precision(0.5), stats.f1(0.5)) == (0, 0, 0)
    figures = ("bias", "median_signed", "standard_deviation", "mean_absolute", "median_absolute")
    assert {getattr(stats, name) for name in figures} == {None}
    assert (stats.percentile(95), stats.within(0.1)) == (None, None)
    for scores in (compare("", ""), compare_boundaries(labels(), labels(), Protocol())):
        for nothing in scores.overall.values():
            assert counts(nothing) == (0, 0, 0)
            assert (nothing.recall(0.5), nothing.precision(0.5), nothing.f1(0.5)) == (None, None, None)


def test_as_json() -> None:
    scores = compare(REFERENCE, HYPOTHESIS, window=0.25)
    plain = json.loads(json.dumps(scores.as_dict(), allow_nan=False))
    assert plain["protocol"]["region"] == "union"
    assert plain["config"] == {"window": 0.25, "change_gap": 0.25, "tolerances": [0.05, 0.1, 0.2, 0.5]}
    assert list(plain["overall"]) == list(GROUPS)
    assert plain["recordings"] == [
        {"recording_id": "r0", "mapping": {"A": "x", "B": "y"}, "groups": plain["overall"]}
    ]
    overlap = plain["overall"]["overlap"]
    assert (overlap["num_reference"], overlap["num_matched"], overlap["bias"]) == (2, 0, None)
    everything = plain["overall"]["all"]
    assert everything["percentiles_absolute"].keys() == {"50", "90", "95", "99"}
    assert (everything["max_absolute"], everything["num_matched"], everything["num_hypothesis"]) == (
        0.2,
        4,
        10,
    )
    assert everything["tolerances"][1] == {
        "tolerance": 0.1, "within": 0.75, "recall": 3 / 8, "precision": 0.3, "f1": pytest.approx(1 / 3)
    }  # fmt: skip


def test_results_cannot_be_changed() -> None:
    stats = compare(REFERENCE, HYPOTHESIS)
    with pytest.raises(ValueError, match="read-only"):
        stats.overall["all"].errors[0] = 7
    with pytest.raises(ValueError, match="read-only"):
        stats.recordings[0].groups["all"].errors[0] = 7


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"window": 0}, "window of 0 s"),
        ({"window": math.nan}, "window of nan s"),
        ({"window": 500}, "window of 500 s"),
        ({"tolerances": (0.1, -0.1)}, "tolerance of -0.1 s"),
        ({"tolerances": (0.1, math.inf)}, "tolerance of inf s"),
        ({"tolerances": (0.1, 0.2, 0.1)}, "one twice"),
        ({"change_gap": -0.01}, "gap of -0.01 s"),
        ({"change_gap": math.nan}, "gap of nan s"),
        ({"change_gap": 11}, "gap of 11 s"),
    ],
)
def test_impossible_options(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(OptionError, match=problem) as caught:
        BoundaryConfig(**changes)  # type: ignore[arg-type]
    assert caught.value.remedy


def test_questions_without_an_answer() -> None:
    stats = compare(REFERENCE, HYPOTHESIS).overall["all"]
    for ask in (stats.recall, stats.precision, stats.f1):
        with pytest.raises(OptionError, match=r"tolerance of 0\.3 s.*Choose from 0\.05, 0\.1, 0\.2, 0\.5"):
            ask(0.3)
    for percent in (-1, 101, math.nan):
        with pytest.raises(OptionError, match="no percentile"):
            stats.percentile(percent)
    with pytest.raises(OptionError, match="UEM"):
        compare_boundaries(labels("A 1 2"), labels("x 1 2"), Protocol(region="uem"))

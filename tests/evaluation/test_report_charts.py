"""What the pictures show is what was measured, and nothing is drawn outside of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from corpora import Given, corpora
from hypothesis import given, settings
from hypothesis import strategies as st
from report_cases import crowd, labels, report_of, talk

from diarist.evaluation import Labels, Protocol
from diarist.evaluation.boundaries import BoundaryConfig, BoundaryScores
from diarist.evaluation.boundaries.collar import CollarPoint
from diarist.evaluation.boundaries.stats import BoundaryStats
from diarist.evaluation.report import Limits, Report
from diarist.evaluation.report.attribution import attribute
from diarist.evaluation.report.bars import error_bars, longest_bar
from diarist.evaluation.report.colours import SPEAKERS
from diarist.evaluation.report.contents import by_der, drawn_recordings
from diarist.evaluation.report.curve import collar_chart
from diarist.evaluation.report.histogram import boundary_histogram
from diarist.evaluation.report.lanes import (
    MAX_REFERENCE_LANES,
    MAX_ROWS,
    MAX_UNMAPPED_LANES,
    lanes_of,
    rows_of,
    timeline_scene,
)
from diarist.evaluation.report.matrix import confusion_scene
from diarist.evaluation.report.scene import Area, Bars, Label, Line, Rectangle, Scene, text_width
from diarist.evaluation.report.timelines import lay_out_recording


def bars(scene: Scene, colour: str, height: float | None = None) -> list[Rectangle]:
    """Rectangles of a colour, those of a legend left out."""
    return [
        box
        for mark in scene.marks
        if isinstance(mark, Bars) and mark.colour == colour
        for box in mark.rectangles
        if box[2] != box[3] and (height is None or box[3] == height)
    ]


def texts(scene: Scene) -> list[str]:
    return [mark.text for mark in scene.marks if isinstance(mark, Label)]


def extents(scene: Scene) -> Iterator[tuple[float, float, float, float]]:
    """Left, top, right, bottom of each mark."""
    for mark in scene.marks:
        if isinstance(mark, Label):
            width = text_width(mark.text, mark.size)
            left = mark.x - {"start": 0, "middle": width / 2, "end": width}[mark.anchor]
            yield left, mark.y - mark.size, left + width, mark.y
        elif isinstance(mark, Bars):
            yield from ((x, y, x + width, y + height) for x, y, width, height in mark.rectangles)
        else:
            across, down = zip(*mark.points, strict=True)
            yield min(across), min(down), max(across), max(down)


def check_inside(scene: Scene) -> None:
    slack = 12  # the margin of a PNG; a page's card has more
    for left, top, right, bottom in extents(scene):
        assert left >= -slack
        assert top >= -slack
        assert right <= scene.width + slack
        assert bottom <= scene.height + slack
        assert np.isfinite([left, top, right, bottom]).all()


def scenes(report: Report) -> Iterator[Scene]:
    """All pictures of a report."""
    yield error_bars(by_der(report.scores), report.scores.overall)
    if report.curve:
        yield collar_chart(report.curve, report.scores.protocol)
    if report.boundaries is not None:
        yield boundary_histogram(report.boundaries)
    for score in drawn_recordings(report.scores, Limits(max_timelines=1000)):
        layout = lay_out_recording(report, score.recording_id)
        yield timeline_scene(layout, score, "a heading")
        yield confusion_scene(attribute(layout), "a heading")


@settings(max_examples=60, deadline=None)
@given(corpora())
def test_nothing_is_drawn_outside_of_a_picture(case: Given) -> None:
    ours, theirs = (Labels.from_diarizations(side) for side in (case.reference, case.hypothesis))
    for scene in scenes(report_of(ours, theirs, case.protocol, case.uem, whole=True)):
        check_inside(scene)
        assert scene.alt


@pytest.mark.parametrize("name", ["W" * 300, "会議" * 80, "x", "<&>" * 40])
def test_long_names_stay_inside(name: str) -> None:
    ours = labels({name: [(name, 0, 6), (name + "2", 5, 9)], "y" + name: [("A", 0, 2)]})
    theirs = labels({name: [(name + "3", 1, 6), (name + "4", 7, 9)]})
    for scene in scenes(report_of(ours, theirs, whole=True)):
        check_inside(scene)


# Bars


def test_bars_are_as_long_as_the_components() -> None:
    report = talk()
    scene = error_bars(report.scores.recordings, report.scores.overall)
    [missed], [alarm], [confusion] = (bars(scene, name) for name in ("missed", "false_alarm", "confusion"))
    scale = missed[2] / 15  # pixels of a per cent: missed are 15 % of speech
    assert alarm[2] == pytest.approx(10 * scale)
    assert confusion[2] == pytest.approx(10 * scale)
    assert alarm[0] == pytest.approx(missed[0] + missed[2])
    assert confusion[0] == pytest.approx(alarm[0] + alarm[2])
    assert {"35.00 %", "overall 35.00 %", "talk", "0 %", "35 %"} <= set(texts(scene))
    assert "talk: 35.00 % (missed 15.00 %, false alarm 10.00 %, confusion 10.00 %)" in scene.alt
    [line] = [mark for mark in scene.marks if isinstance(mark, Line) and mark.dashed]
    assert line.points[0][0] == pytest.approx(missed[0] + 35 * scale)


def test_the_highest_der_comes_first_and_the_undefined_last() -> None:
    ours = labels({name: [("A", 0, 10)] for name in ("good", "bad", "middling")} | {"silent": []})
    theirs = labels(
        {
            "good": [("x", 0, 10)],
            "bad": [("x", 0, 4)],
            "middling": [("x", 0, 8)],
            "silent": [("x", 0, 2.5)],
        }
    )
    report = report_of(ours, theirs)
    ordered = by_der(report.scores)
    assert [one.recording_id for one in ordered] == ["bad", "middling", "good", "silent"]
    shown = texts(error_bars(ordered, report.scores.overall))
    assert "undefined: no reference speech, 2.5 s of false alarm" in shown
    assert [text for text in shown if text in ("60.00 %", "20.00 %", "0.00 %")] == [
        "60.00 %",
        "20.00 %",
        "0.00 %",
    ]


def test_a_bar_too_long_is_torn_and_keeps_its_figure() -> None:
    ours = labels({name: [("A", 0, 10)] for name in "abcde"})
    theirs = labels({"a": [("x", 0, 90)], **{name: [("x", 0, 9)] for name in "bcde"}})
    report = report_of(ours, theirs)
    ordered = by_der(report.scores)
    assert longest_bar(ordered) == pytest.approx(0.4)  # four times the median of 800, 10, 10, 10, 10 %
    scene = error_bars(ordered, report.scores.overall)
    assert "800.00 %" in texts(scene)
    assert [mark.colour for mark in scene.marks if isinstance(mark, Area)] == ["paper"]
    check_inside(scene)


# Curve


def point(collar: float, missed: float, alarm: float, confusion: float, total: float = 100) -> CollarPoint:
    return CollarPoint(collar, total, missed, alarm, confusion)


def test_the_curve_is_the_sum_of_its_components() -> None:
    curve = [point(0.0, 10, 5, 5), point(0.25, 5, 5, 0), point(0.5, 0, 0, 0, total=0)]
    scene = collar_chart(curve, Protocol(collar_each_side=0.25))
    areas = {
        mark.colour: mark.points for mark in scene.marks if isinstance(mark, Area) and len(mark.points) == 4
    }
    [line] = [mark for mark in scene.marks if isinstance(mark, Line) and mark.width == 1.8]
    bottom = areas["missed"][3][1]
    heights = [bottom - y for _, y in line.points]
    assert heights[1] == pytest.approx(heights[0] / 2)  # 20 and 10 %
    assert bottom - areas["missed"][0][1] == pytest.approx(heights[0] / 2)
    assert areas["false_alarm"][0][1] == pytest.approx(bottom - heights[0] * 0.75)
    assert areas["confusion"][0] == line.points[0]
    [mark] = [mark for mark in scene.marks if isinstance(mark, Line) and mark.dashed]
    assert mark.points[0] == pytest.approx(line.points[1])
    assert {"20.0", "10.0", "0", "250"} <= set(texts(scene))
    assert scene.alt == "DER at collars on each side: 0 ms 20.00 %, 250 ms 10.00 %."


@pytest.mark.parametrize(
    "curve", [[], [point(0.0, 1, 1, 1)], [point(0.1, 0, 0, 0)], [point(0, 0, 0, 0, total=0)]]
)
def test_a_curve_of_few_points_is_drawn(curve: list[CollarPoint]) -> None:
    check_inside(collar_chart(curve, Protocol()))


# Histogram


def stats(*errors: float) -> BoundaryStats:
    return BoundaryStats(10, 12, np.array(errors, np.float64), {})


def test_bars_of_the_histogram_are_as_high_as_errors_are_many() -> None:
    config = BoundaryConfig(window=0.5, tolerances=())
    overall = {"start": stats(0.01, 0.015, 0.019, -0.01, 0.5), "end": stats()}
    scene = boundary_histogram(BoundaryScores(Protocol(), config, overall, ()))
    boxes = sorted(bars(scene, "shade"))
    heights = [box[3] for box in boxes]
    assert heights == pytest.approx([heights[1] / 3, heights[1], heights[1] / 3])
    width = boxes[1][0] - boxes[0][0]  # of a bin: 20 ms
    assert (boxes[2][0] - boxes[1][0]) / width == pytest.approx(24)
    assert "5 matched, median +15 ms, median absolute 15 ms" in texts(scene)
    assert "none matched" in texts(scene)
    assert scene.alt == (
        "Histogram of boundary errors. starts of turns: 5 matched, median +15 ms, median absolute 15 ms; "
        "ends of turns: none matched."
    )
    [median] = [mark for mark in scene.marks if isinstance(mark, Line) and mark.dashed]
    [zero, _] = [mark for mark in scene.marks if isinstance(mark, Line) and mark.colour == "ink"]
    assert (median.points[0][0] - zero.points[0][0]) / width == pytest.approx(0.75)


# Timelines


def test_lanes_hold_speakers_and_those_who_stand_for_them() -> None:
    lanes = lanes_of(lay_out_recording(talk(), "talk"))
    assert [(lane.reference, lane.hypothesis, lane.colour) for lane in lanes] == [
        ("Ann", "X", SPEAKERS[0]),
        ("Bob", "Y", SPEAKERS[1]),
        ("", "Z", "nobody"),
    ]
    assert lanes[0].reference_spans.tolist() == [[0, 6]]
    assert lanes[0].hypothesis_spans.tolist() == [[0, 2], [3, 5.5]]


def test_bars_of_the_timeline_are_where_the_turns_are() -> None:
    report = talk()
    scene = timeline_scene(lay_out_recording(report, "talk"), report.scores.recordings[0])
    [ann] = bars(scene, SPEAKERS[0], 10)[:1]
    scale = ann[2] / 6  # pixels of a second
    left = ann[0]
    [missed], [alarm], [confusion] = (bars(scene, name) for name in ("missed", "false_alarm", "confusion"))
    for box, (start, end) in ((missed, (5, 6)), (alarm, (9, 10)), (confusion, (2, 3))):
        assert (box[0] - left) / scale == pytest.approx(start)
        assert box[2] / scale == pytest.approx(end - start)
    assert {"Ann", "X", "Bob", "Y", "Z", "missed", "0:05", "0:10"} <= set(texts(scene))
    assert "collar" not in texts(scene)
    assert scene.alt == (
        "Timeline of talk from 0:00 to 0:10: DER 35.00 %, missed 1.5 s, false alarm 1.0 s, confusion 1.0 s "
        "of 10.0 s of speech. Ann found as X; Bob found as Y; Z stands for nobody."
    )


def test_many_speakers_share_a_lane() -> None:
    lanes = lanes_of(lay_out_recording(crowd(100), "crowd"))
    assert len(lanes) <= MAX_REFERENCE_LANES + MAX_UNMAPPED_LANES
    assert lanes[MAX_REFERENCE_LANES - 1].reference == f"{100 - MAX_REFERENCE_LANES + 1} others"
    drawn = (
        sum(len(lane.reference_spans) for lane in lanes),
        sum(len(lane.hypothesis_spans) for lane in lanes),
    )
    assert drawn == (100, 100)
    assert len({lane.reference for lane in lanes[:MAX_REFERENCE_LANES]}) == MAX_REFERENCE_LANES


@pytest.mark.parametrize(
    ("end", "rows"),
    [
        (3.0, [(0, 3)]),
        (600.0, [(0, 600)]),
        (630.0, [(0, 360), (360, 630)]),
        (2200.0, [(0, 600), (600, 1200), (1200, 1800), (1800, 2200)]),
        (14400.0, [(2400 * k, 2400 * k + 2400) for k in range(6)]),
    ],
)
def test_long_recordings_are_split_into_rows(end: float, rows: list[tuple[float, float]]) -> None:
    assert rows_of(0.0, end) == rows


@given(st.floats(0, 2e9), st.floats(1e-3, 2e9))
def test_rows_cover_the_recording(start: float, length: float) -> None:
    rows = rows_of(start, start + length)
    assert len(rows) <= MAX_ROWS
    assert rows[0][0] == start
    assert rows[-1][1] == start + length
    assert all(one[1] == other[0] for one, other in pairwise(rows))
    assert all(begin < end for begin, end in rows)


def test_what_is_too_near_to_be_seen_is_drawn_as_one() -> None:
    many = [("A", k / 10, k / 10 + 0.05) for k in range(36_000)]
    report = report_of(labels({"r": many}), labels({"r": [("x", 0, 3600)]}))
    scene = timeline_scene(lay_out_recording(report, "r"), report.scores.recordings[0])
    assert sum(len(mark.rectangles) for mark in scene.marks if isinstance(mark, Bars)) < 100


# Confusion


def test_the_matrix_shows_the_times() -> None:
    scene = confusion_scene(attribute(lay_out_recording(talk(), "talk")))
    assert {"Ann", "Bob", "X", "Y", "Z", "missed", "false alarm", "6.0 s", "4.5 s", "3.0 s"} <= set(
        texts(scene)
    )
    titles = {mark.title: mark.colour for mark in scene.marks if isinstance(mark, Bars) and mark.title}
    assert titles == {
        "Ann, X: 4.50 s, 75.0 %": "right",
        "Ann, Z: 1.00 s, 16.7 %": "confusion",
        "Ann, missed: 0.50 s, 8.3 %": "missed",
        "Bob, Y: 3.00 s, 75.0 %": "right",
        "Bob, missed: 1.00 s, 25.0 %": "missed",
        "false alarm, Y: 1.00 s, 25.0 %": "false_alarm",
    }
    framed = [mark for mark in scene.marks if isinstance(mark, Line)]
    assert len(framed) == 2
    assert scene.alt == (
        "Whose speech was given to whom. Ann: X 4.5 s right, Z 1.0 s, missed 0.5 s. Bob: Y 3.0 s right, "
        "missed 1.0 s. False alarm: Y 1.0 s."
    )


def test_one_side_may_be_empty() -> None:
    for ours, theirs in (([], [("x", 0, 2)]), ([("A", 0, 2)], [])):
        report = report_of(labels({"r": ours}), labels({"r": theirs}))
        for scene in scenes(report):
            check_inside(scene)

"""Where the errors of a recording are, and whose speech went to whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from corpora import Given, corpora
from hypothesis import given, settings
from report_cases import crowd, labels, report_of, shared_pair, talk

from diarist.evaluation import Labels, Protocol
from diarist.evaluation.report import Report
from diarist.evaluation.report.attribution import MAX_SPEAKERS, attribute
from diarist.evaluation.report.contents import Limits, drawn_recordings
from diarist.evaluation.report.findings import on_confusion, on_errors, worst_part
from diarist.evaluation.report.timelines import (
    COLLAR,
    CONFUSION,
    FALSE_ALARM,
    MISSED,
    NOT_SCORED,
    Stretches,
    error_stretches,
    lay_out_recording,
)
from diarist.formats import read_uem
from diarist.intervals import Segment, union

COMPONENTS = {MISSED: "missed", FALSE_ALARM: "false_alarm", CONFUSION: "confusion"}


def spans(stretches: Stretches) -> list[tuple[float, float]]:
    """Where a kind is, joined."""
    return [
        (part.start, part.end)
        for part in union(Segment(start, end) for start, end in stretches.spans.tolist())
    ]


def seconds(stretches: Stretches) -> float:
    return float(np.sum((stretches.spans[:, 1] - stretches.spans[:, 0]) * stretches.speakers))


def test_errors_are_where_they_are_made() -> None:
    errors = error_stretches(lay_out_recording(talk(), "talk"))
    assert errors[MISSED].spans.tolist() == [[5.0, 5.5], [5.5, 6.0]]
    assert errors[MISSED].speakers.tolist() == [1, 2]
    assert errors[FALSE_ALARM].spans.tolist() == [[9.0, 10.0]]
    assert errors[CONFUSION].spans.tolist() == [[2.0, 3.0]]
    assert errors[CONFUSION].speakers.tolist() == [1]
    assert len(errors[COLLAR].spans) == len(errors[NOT_SCORED].spans) == 0


def test_missed_speech_and_confusion_can_be_at_once() -> None:
    report = report_of(
        labels({"r": [("A", 0, 4), ("B", 4, 9), ("C", 4, 6)]}), labels({"r": [("x", 0, 4.5), ("y", 6, 9)]})
    )
    errors = error_stretches(lay_out_recording(report, "r"))
    # x stands for A and y for B; where B and C speak, x does until 4.5 s: one confused, one missed.
    assert spans(errors[CONFUSION]) == [(4.0, 4.5)]
    assert spans(errors[MISSED]) == [(4.0, 6.0)]
    assert errors[MISSED].speakers.tolist() == [1, 2]


def test_collars_are_told_from_what_is_not_scored() -> None:
    collar = 0.25
    errors = error_stretches(lay_out_recording(talk(Protocol(collar_each_side=collar)), "talk"))
    assert spans(errors[COLLAR]) == [(0.0, 0.25), (4.75, 5.25), (5.75, 6.25), (8.75, 9.25)]
    assert spans(errors[NOT_SCORED]) == []
    assert spans(errors[MISSED]) == [(5.25, 5.75)]
    skipped = talk(Protocol(collar_each_side=collar, overlap="skipped"))
    errors = error_stretches(lay_out_recording(skipped, "talk"))
    assert spans(errors[NOT_SCORED]) == [(5.0, 6.0)]
    assert spans(errors[COLLAR]) == [(0.0, 0.25), (4.75, 5.0), (6.0, 6.25), (8.75, 9.25)]
    assert spans(errors[MISSED]) == []


def test_what_lies_between_regions_is_not_scored() -> None:
    layout = lay_out_recording(talk(Protocol(region="uem"), (1, 2.5), (5.75, 12)), "talk")
    errors = error_stretches(layout)
    assert layout.extent == (1.0, 12.0)
    assert spans(errors[NOT_SCORED]) == [(2.5, 5.75)]
    assert spans(errors[CONFUSION]) == [(2.0, 2.5)]
    assert spans(errors[MISSED]) == [(5.75, 6.0)]
    assert spans(errors[FALSE_ALARM]) == [(9.0, 10.0)]


def check_sums(report: Report) -> None:
    """Stretches and attribution have the sums that the scores have."""
    for score in drawn_recordings(report.scores, Limits(max_timelines=1000)):
        layout = lay_out_recording(report, score.recording_id)
        errors = error_stretches(layout)
        for kind, name in COMPONENTS.items():
            assert seconds(errors[kind]) == pytest.approx(getattr(score.components, name), abs=1e-6), kind
        found = attribute(layout)
        assert found.missed.sum() == pytest.approx(score.components.missed, abs=1e-6)
        assert found.false_alarm.sum() == pytest.approx(score.components.false_alarm, abs=1e-6)
        assert found.confusion.sum() == pytest.approx(score.components.confusion, abs=1e-6)
        assert found.reference_time.sum() == pytest.approx(score.components.total, abs=1e-6)
        assert (found.right >= 0).all()
        assert (found.confusion >= 0).all()
        pairs = {
            found.reference[row]: found.hypothesis[column]
            for row, column in enumerate(found.partners.tolist())
            if column >= 0
        }
        assert pairs.items() <= dict(score.mapping).items()


@settings(max_examples=100, deadline=None)
@given(corpora())
def test_sums_of_parts_are_the_components(case: Given) -> None:
    ours, theirs = (Labels.from_diarizations(side) for side in (case.reference, case.hypothesis))
    check_sums(report_of(ours, theirs, case.protocol, case.uem))


@pytest.mark.parametrize("protocol", [Protocol(region="uem"), Protocol(0.25, "skipped", "scored", "uem")])
def test_sums_of_parts_are_the_components_of_real_meetings(shared_data: Path, protocol: Protocol) -> None:
    uem = read_uem(shared_data / "rttm_pairs" / "ami_test" / "all.uem")
    check_sums(report_of(*shared_pair(shared_data, "ami_test", "vbx"), protocol, uem))


def test_speech_is_attributed() -> None:
    found = attribute(lay_out_recording(talk(), "talk"))
    assert found.reference == ("Ann", "Bob")
    assert found.hypothesis == ("X", "Y", "Z")  # those who stand for somebody come first
    assert found.partners.tolist() == [0, 1]
    assert found.right.tolist() == [[4.5, 0, 0], [0, 3, 0]]
    assert found.confusion.tolist() == [[0, 0, 1], [0, 0, 0]]
    assert found.missed.tolist() == [0.5, 1.0]
    assert found.false_alarm.tolist() == [0, 1, 0]
    assert found.reference_time.tolist() == [6, 4]
    assert found.hypothesis_time.tolist() == [4.5, 4, 1]


def test_confusion_that_could_be_of_several_is_divided() -> None:
    report = report_of(
        labels({"r": [("A", 0, 4), ("B", 4, 6), ("C", 4, 6)]}), labels({"r": [("x", 0, 3.5), ("x", 4, 5)]})
    )
    found = attribute(lay_out_recording(report, "r"))
    assert found.reference == ("A", "B", "C")
    assert found.confusion.tolist() == [[0], [0.5], [0.5]]
    assert found.missed.tolist() == [0.5, 1.5, 1.5]


def test_those_who_speak_least_are_taken_together() -> None:
    report = crowd(40)
    found = attribute(lay_out_recording(report, "crowd"))
    assert len(found.reference) == len(found.hypothesis) == MAX_SPEAKERS
    assert found.num_alone == (MAX_SPEAKERS - 1, MAX_SPEAKERS - 1)
    assert found.reference[-1] == f"{40 - MAX_SPEAKERS + 1} others"
    assert found.reference[0] == "speaker 039"  # turns grow from 5 s
    assert "speaker 038" in found.reference
    assert found.partners[-1] == -1
    check_sums(report)


def test_what_to_see_first_is_said() -> None:
    report = talk()
    layout = lay_out_recording(report, "talk")
    components = report.scores.recordings[0].components
    assert on_errors(layout, components) == "43 % of the error time is missed speech."  # 1.5 of 3.5 s
    found = attribute(layout)
    assert on_confusion(found) == "The largest confusion of two: 1.0 s of Ann were given to Z."


def test_of_a_long_recording_the_worst_part_is_said() -> None:
    ours = [("A", 10.0 * k, 10.0 * k + 8) for k in range(30)]
    report = report_of(labels({"r": ours}), labels({"r": [*ours[:12], *ours[14:]]}))
    components = report.scores.recordings[0].components
    says = on_errors(lay_out_recording(report, "r"), components)
    assert says == (
        "100 % of the error time is missed speech. "
        "The worst part is from 2:00 to 2:30, with 16.0 s of errors."
    )


def test_the_worst_part_counts_speakers_and_parts_of_stretches() -> None:
    stretches = Stretches(np.array([[1.0, 3.0], [19.0, 21.0], [35.0, 36.0]]), np.array([1, 3, 2]))
    # Ticks of 100 s are 10 s apart: 0-10 has 2 s, 10-20 and 20-30 have 3 s each, 30-40 has 2 s.
    assert worst_part(0.0, 100.0, [stretches]) == (10.0, 20.0, 3.0)
    more = Stretches(np.array([[25.0, 26.0]]), np.array([1]))
    assert worst_part(0.0, 100.0, [stretches, more]) == (20.0, 30.0, 4.0)
    assert worst_part(2.0, 97.0, [Stretches(np.array([[2.0, 3.0]]), np.array([1]))]) == (2.0, 10.0, 1.0)


def test_without_errors_there_is_nothing_to_say() -> None:
    same = labels({"r": [("A", 0, 4), ("B", 5, 90)]})
    report = report_of(same, same)
    layout = lay_out_recording(report, "r")
    assert on_errors(layout, report.scores.recordings[0].components) == "There are no errors."
    assert on_confusion(attribute(layout)) == "There is no confusion."

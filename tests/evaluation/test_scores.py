"""Small corpora with every component worked out by hand."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from diarist.errors import InputError, OptionError
from diarist.evaluation import Components, Labels, Protocol, RecordingScore, Scores, score
from diarist.evaluation.scores import error_components
from diarist.formats import read, read_uem
from diarist.intervals import Segment
from diarist.types import Diarization, Turn

DATA = Path(__file__).parent / "data"


def n_log_n(*classes: float) -> float:
    return sum(size * math.log2(size) for size in classes)


def assert_components(found: Components, **expected: float) -> None:
    """All of them; those not named are 0."""
    assert asdict(found) == pytest.approx({**asdict(Components()), **expected}, abs=1e-9)


def meetings(protocol: Protocol, *, uem: bool = False) -> Scores:
    """``data/meetings``.

    ====  ==================================  ===================================
    m1    A 0-10, B 8-14, A 14-20             x 0-9, y 9-14, x 15-22
    m2    C 0-5, D 5-10                       p 0-10
    m3    not there                           z 1-4
    m4    E 1-3                               not there
    ====  ==================================  ===================================
    """
    ours, theirs = read(DATA / "meetings.ref.rttm"), read(DATA / "meetings.hyp.rttm")
    return score(ours, theirs, protocol, uem=read_uem(DATA / "meetings.uem") if uem else None)


def named(scores: Scores) -> dict[str, RecordingScore]:
    return {one.recording_id: one for one in scores.recordings}


# m1, second by second: 0-8 A|x, 8-9 AB|x, 9-10 AB|y, 10-14 B|y, 14-15 A|-, 15-20 A|x, 20-22 -|x.
# A shares 8 + 1 + 5 with x and 1 with y; B shares 1 with x and 1 + 4 with y: A is x, B is y.
# Classes of the reference: A 8 + 1 + 5, AB 2, B 4, silence 2; of the hypothesis: x 16, y 5, silence 1;
# of both: A|x 8 + 5, AB|x 1, AB|y 1, B|y 4, A|- 1, -|x 2.
M1: dict[str, Any] = {
    "num_recordings": 1,
    "total": 22,  # A 16, B 6
    "missed": 3,  # 8-9, 9-10, 14-15
    "false_alarm": 2,  # 20-22
    "confusion": 0,
    "jaccard_errors": 4 / 18 + 1 / 6,  # A: 14 of 16 + 16 - 14; B: 5 of 6 + 5 - 5
    "num_speakers": 2,
    "num_hypothesis_speakers": 2,
    "region_time": 22,
    "bcubed_precision_time": (13**2 + 1 + 2**2) / 16 + (1 + 4**2) / 5 + 1,
    "bcubed_recall_time": (13**2 + 1) / 14 + (1 + 1) / 2 + 4**2 / 4 + 2**2 / 2,
    "joint_information": n_log_n(13, 1, 1, 4, 1, 2),
    "reference_information": n_log_n(14, 2, 4, 2),
    "hypothesis_information": n_log_n(16, 5, 1),
    "pure_time": 19,  # x: 14 with A, y: 5 with B
    "hypothesis_time": 21,
    "covered_time": 19,
    "reference_time": 22,
}
# m2: p is C, or D, and 5 s are another's.
M2: dict[str, Any] = {
    "num_recordings": 1,
    "total": 10,
    "confusion": 5,
    "jaccard_errors": 1.5,  # 5 of 10 for one, nobody for the other
    "num_speakers": 2,
    "num_hypothesis_speakers": 1,
    "speaker_count_errors": 1,
    "region_time": 10,
    "bcubed_precision_time": (5**2 + 5**2) / 10,
    "bcubed_recall_time": 10,
    "joint_information": n_log_n(5, 5),
    "reference_information": n_log_n(5, 5),
    "hypothesis_information": n_log_n(10),
    "pure_time": 5,
    "hypothesis_time": 10,
    "covered_time": 10,
    "reference_time": 10,
}
# m4: all missed; one class on either side.
M4: dict[str, Any] = {
    "num_recordings": 1,
    "total": 2,
    "missed": 2,
    "jaccard_errors": 1,
    "num_speakers": 1,
    "speaker_count_errors": 1,
    "region_time": 2,
    "bcubed_precision_time": 2,
    "bcubed_recall_time": 2,
    "joint_information": 2,
    "reference_information": 2,
    "hypothesis_information": 2,
    "reference_time": 2,
}


def test_every_component_of_each_recording() -> None:
    found = named(meetings(Protocol()))
    assert list(found) == ["m1", "m2", "m4"]
    assert_components(found["m1"].components, **M1)
    assert_components(found["m2"].components, **M2)
    assert_components(found["m4"].components, **M4)


def test_who_stands_for_whom() -> None:
    found = named(meetings(Protocol()))
    assert found["m1"].mapping == {"A": "x", "B": "y"}
    assert found["m2"].mapping in ({"C": "p"}, {"D": "p"})
    assert found["m4"].mapping == {}
    assert [one.has_hypothesis for one in found.values()] == [True, True, False]


def test_recordings_together() -> None:
    found = meetings(Protocol()).overall
    assert_components(found, **{name: sum(part.get(name, 0) for part in (M1, M2, M4)) for name in M1 | M2})


def test_rates_are_of_sums() -> None:
    found = meetings(Protocol()).overall
    precision, recall = (15.275 + 5 + 2) / 34, (134 / 7 + 10 + 2) / 34
    joint, ours, theirs = (
        math.log2(34) - sum(part[f"{side}_information"] for part in (M1, M2, M4)) / 34
        for side in ("joint", "reference", "hypothesis")
    )
    expected = {
        "der": (5 + 2 + 5) / 34,
        "missed_rate": 5 / 34,
        "false_alarm_rate": 2 / 34,
        "confusion_rate": 5 / 34,
        "jer": (7 / 18 + 1.5 + 1) / 5,
        "bcubed_precision": precision,
        "bcubed_recall": recall,
        "bcubed_f1": 2 * precision * recall / (precision + recall),
        "mutual_information": ours + theirs - joint,
        "normalised_mutual_information": (ours + theirs - joint) / math.sqrt(ours * theirs),
        "purity": (19 + 5) / (21 + 10),
        "coverage": (19 + 10) / (22 + 10 + 2),
        "speaker_count_error": (0 + 1 + 1) / 3,
    }
    assert {name: getattr(found, name) for name in expected} == pytest.approx(expected, abs=1e-12)


def errors(found: RecordingScore) -> list[float]:
    parts = found.components
    return [parts.total, parts.missed, parts.false_alarm, parts.confusion]


def test_collars_and_skipped_overlap_change_der_alone() -> None:
    # m1 has boundaries at 0, 8, 10, 14, 14, 20: scored are 0.25-7.75, 8.25-9.75 (two speakers),
    # 10.25-13.75, 14.25-19.75 and 20.25-22. m2 has them at 0, 5, 5, 10: 0.25-4.75 and 5.25-9.75.
    fair = named(meetings(Protocol(collar_each_side=0.25)))
    assert errors(fair["m1"]) == [7.5 + 2 * 1.5 + 3.5 + 5.5, 1.5 + 0.75, 1.75, 0]
    assert errors(fair["m2"]) == [9, 0, 0, 4.5]
    assert errors(fair["m4"]) == [1.5, 1.5, 0, 0]
    forgiving = named(meetings(Protocol(collar_each_side=0.25, overlap="skipped")))
    assert errors(forgiving["m1"]) == [7.5 + 3.5 + 5.5, 0.75, 1.75, 0]
    assert errors(forgiving["m2"]) == [9, 0, 0, 4.5]
    changed = dict.fromkeys(("total", "missed", "false_alarm", "confusion"), 0)
    for name, expected in (("m1", M1), ("m2", M2), ("m4", M4)):
        for scores in (fair, forgiving):
            found = {**asdict(scores[name].components), **changed}
            assert found == pytest.approx({**asdict(Components()), **expected, **changed}, abs=1e-9)


def test_regions_with_a_hole() -> None:
    # m1 in 2-9 and 12-21: 2-8 A|x, 8-9 AB|x, 12-14 B|y, 14-15 A|-, 15-20 A|x, 20-21 -|x.
    found = named(meetings(Protocol(region="uem"), uem=True))
    assert list(found) == ["m1", "m3"]
    assert_components(
        found["m1"].components,
        num_recordings=1,
        total=13 + 3,
        missed=2,
        false_alarm=1,
        jaccard_errors=2 / 14 + 1 / 3,  # A: 12 of 13 + 13 - 12; B: 2 of 3 + 2 - 2
        num_speakers=2,
        num_hypothesis_speakers=2,
        region_time=16,
        bcubed_precision_time=(11**2 + 1 + 1) / 13 + 2 + 1,
        bcubed_recall_time=(11**2 + 1) / 12 + 1 + 2 + 1,
        joint_information=n_log_n(11, 1, 2, 1, 1),
        reference_information=n_log_n(12, 1, 2, 1),
        hypothesis_information=n_log_n(13, 2, 1),
        pure_time=14,
        hypothesis_time=15,
        covered_time=14,
        reference_time=16,
    )
    # m3 in 0-3: nobody speaks in the reference, z from 1 to 3.
    assert_components(
        found["m3"].components,
        num_recordings=1,
        false_alarm=2,
        num_hypothesis_speakers=1,
        speaker_count_errors=1,
        region_time=3,
        bcubed_precision_time=1 + 2,
        bcubed_recall_time=(1 + 2**2) / 3,
        joint_information=n_log_n(1, 2),
        reference_information=n_log_n(3),
        hypothesis_information=n_log_n(1, 2),
        hypothesis_time=2,
    )


def test_the_extent_of_the_reference() -> None:
    found = named(meetings(Protocol(region="reference")))
    assert errors(found["m1"]) == [22, 3, 0, 0]
    assert found["m1"].components.region_time == 20
    assert found["m1"].components.hypothesis_time == 19
    assert found["m1"].components.jaccard_errors == pytest.approx(2 / 16 + 1 / 6)
    assert_components(found["m2"].components, **M2)


def test_frames() -> None:
    # Frames of m1 begin at 0, 2, ... 20: A|x, A|x, A|x, A|x, AB|x, B|y, B|y, A|-, A|x, A|x, -|x.
    found = named(meetings(Protocol(frame_step=2.0)))["m1"].components
    assert_components(
        found,
        **{
            **M1,
            "jaccard_errors": 2 / 9 + 1 / 3,  # A: 7 of 8 + 8 - 7; B: 2 of 3 + 2 - 2
            "bcubed_precision_time": 2 * ((6**2 + 1 + 1) / 8 + 2 + 1),
            "bcubed_recall_time": 2 * ((6**2 + 1) / 7 + 1 + 2 + 1),
            "joint_information": n_log_n(12, 2, 4, 2, 2),
            "reference_information": n_log_n(14, 2, 4, 2),
            "hypothesis_information": n_log_n(16, 4, 2),
        },
    )


def test_the_frame_in_which_the_region_ends_is_left_out() -> None:
    # 22 s hold four whole frames of 5 s, at 0, 5, 10, 15: A|x, A|x, B|y, A|x.
    found = named(meetings(Protocol(frame_step=5.0)))["m1"].components
    assert found.region_time == 20
    assert found.jaccard_errors == 0
    assert (found.bcubed_precision, found.bcubed_recall, found.normalised_mutual_information) == (1, 1, 1)
    assert found.total == 22


def test_a_speaker_in_no_frame_has_an_error_of_one() -> None:
    talk = Diarization("r", (Turn(0, 4, "A"), Turn(4.1, 4.4, "B"), Turn(4.5, 10, "A")))
    found = score([talk], [talk], Protocol(frame_step=0.5)).overall
    assert (found.num_speakers, found.jaccard_errors) == (2, 1)


def test_notes() -> None:
    notes = meetings(Protocol()).notes
    assert "1 recording ('m4') without a hypothesis: all speech missed." in notes
    assert "1 recording ('m3') without a reference: not scored." in notes
    notes = meetings(Protocol(region="uem"), uem=True).notes
    assert "2 recordings ('m2', 'm4') not in the UEM: not scored." in notes
    assert not any("'m1'" in note for note in notes)
    notes = meetings(Protocol(region="file")).notes
    assert "3 recordings ('m1', 'm2', 'm4') of unknown length: scored up to the last turn." in notes
    many = [Diarization(f"r{number}", (Turn(0, 1, "A"),)) for number in range(7)]
    assert score(many, many).notes == ()
    first = "7 recordings ('r0', 'r1', 'r2', 'r3', 'r4', ...)"
    assert f"{first} without a hypothesis: all speech missed." in score(many, []).notes


def test_the_length_of_the_file_is_that_of_either_side() -> None:
    talk = Diarization("r", (Turn(1, 2, "A"),))
    heard = Diarization("r", (Turn(1, 2, "x"),), audio_length=9.0)
    for ours, theirs in ((talk, heard), (heard, talk)):
        found = score([ours], [theirs], Protocol(region="file"))
        assert found.overall.region_time == 9
        assert found.notes == ()
    late = Diarization("r", (Turn(1, 2, "A"), Turn(9, 11, "B")))
    assert score([late], [heard], Protocol(region="file")).overall.region_time == 11


def test_the_protocol_and_the_name_are_kept() -> None:
    talk = [Diarization("r", (Turn(1, 2, "A"),))]
    uem = {"r": [Segment(0, 3)]}
    assert score(talk, talk, system="ours").system == "ours"
    assert score(talk, talk).protocol == Protocol(region="union")
    assert score(talk, talk, uem=uem).protocol == Protocol(region="uem")
    for protocol, regions in ((Protocol(), uem), (Protocol(region="uem"), None)):
        with pytest.raises(OptionError):
            score(talk, talk, protocol, uem=regions)


def test_a_recording_twice_is_refused() -> None:
    talk = Diarization("r", (Turn(1, 2, "A"),))
    for ours, theirs in (([talk, talk], [talk]), ([talk], [talk, talk])):
        with pytest.raises(InputError, match="'r' is given twice"):
            score(ours, theirs)


def test_channels_are_recordings() -> None:
    ours = [Diarization("r", (Turn(0, 4, "A"),), channel=1), Diarization("r", (Turn(0, 2, "B"),), channel=2)]
    found = score(ours, ours[1:])
    assert [one.recording_id for one in found.recordings] == ["r.ch1", "r.ch2"]
    assert [one.components.der for one in found.recordings] == [1, 0]
    assert score(ours, ours, uem={"r": [Segment(0, 1)]}).overall.total == 2
    own = {"r": [Segment(0, 1)], "r.ch2": [Segment(0, 2)]}
    assert score(ours, ours, uem=own).overall.total == 3


def test_labels_are_what_diarizations_are() -> None:
    ours, theirs = read(DATA / "meetings.ref.rttm"), read(DATA / "meetings.hyp.rttm")
    labels = Labels.from_diarizations(ours), Labels.from_diarizations(theirs)
    assert score(*labels) == score(iter(ours), iter(theirs)) == meetings(Protocol())


def test_errors_alone() -> None:
    ours, theirs = read(DATA / "meetings.ref.rttm"), read(DATA / "meetings.hyp.rttm")
    found = error_components(
        Labels.from_diarizations(ours), Labels.from_diarizations(theirs), Protocol(collar_each_side=0.25)
    )
    assert {name: values.tolist() for name, values in found.items()} == {
        "total": [19.5, 9.0, 1.5],
        "missed": [2.25, 0.0, 1.5],
        "false_alarm": [1.75, 0.0, 0.0],
        "confusion": [0.0, 4.5, 0.0],
    }

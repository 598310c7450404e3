"""Sixteen small cases in which scorers of the field disagree, and a few in which they break.

``data/edge_cases.json``: turns as speaker, start, end; the components of DER in seconds by collar and
overlap, and by mapping where it matters; JER of exact time; B-cubed precision, recall and F1 and
information with four decimals, as dscore counts them in frames of 10 ms. Case by case, the figures are
those of the scorers that follow the rules in :mod:`diarist.evaluation.protocol`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diarist.evaluation import Components, Protocol, score
from diarist.formats import rttm
from diarist.intervals import Segment, union
from diarist.types import Diarization, Turn

CASES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "edge_cases.json").read_text(encoding="utf-8")
)
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def read(turns: list[tuple[str, float, float]]) -> list[Diarization]:
    """As RTTM, in which a turn may have no length."""
    text = "".join(
        f"SPEAKER r 1 {start:.3f} {end - start:.3f} <NA> <NA> {speaker} <NA> <NA>\n"
        for speaker, start, end in turns
    )
    return rttm.parse(text, recording_id="r")


def overall(case: dict[str, Any], protocol: Protocol) -> Components:
    return score(read(case["ref"]), read(case["hyp"]), protocol).overall


@every_case
@pytest.mark.parametrize("mapping", ["region", "scored"])
def test_der(case: dict[str, Any], mapping: Any) -> None:
    for rules, expected in case["expected"]["missed, false_alarm, confusion, total"].items():
        collar, overlap = rules.split(", ")
        times = expected[mapping] if isinstance(expected, dict) else expected
        protocol = Protocol(collar_each_side=float(collar), overlap=overlap, mapping=mapping)
        found = overall(case, protocol)
        assert [found.missed, found.false_alarm, found.confusion, found.total] == times, rules
        assert found.der == (pytest.approx(sum(times[:3]) / times[3], abs=1e-12) if times[3] else None)


@every_case
def test_other_measures(case: dict[str, Any]) -> None:
    exact, framed = overall(case, Protocol()), overall(case, Protocol(frame_step=0.01))
    expected = case["expected"]
    assert exact.jer == pytest.approx(expected["jer"], abs=1e-9)
    for found, tolerance in ((framed, 5.1e-5), (exact, 1e-3)):
        bcubed = [found.bcubed_precision, found.bcubed_recall, found.bcubed_f1]
        assert bcubed == pytest.approx(expected["bcubed"], abs=tolerance)
        for name in ("mutual_information", "normalised_mutual_information"):
            assert getattr(found, name) == pytest.approx(expected[name], abs=tolerance)


def of(*turns: tuple[float, float, str], name: str = "r", length: float | None = None) -> Diarization:
    return Diarization(name, tuple(Turn(*turn) for turn in turns), audio_length=length)


ONE = of((0, 10, "A"))


@pytest.mark.parametrize("region", ["union", "reference", "file"])
@pytest.mark.parametrize("frame_step", [None, 0.01])
def test_nobody_speaks_in_the_reference(region: Any, frame_step: float | None) -> None:
    found = score([of()], [of((1, 3, "x"))], Protocol(region=region, frame_step=frame_step)).overall
    alarm = 0 if region == "reference" else 2  # the reference's extent is empty
    assert (found.total, found.missed, found.false_alarm, found.confusion) == (0, 0, alarm, 0)
    assert (found.num_speakers, found.num_hypothesis_speakers) == (0, alarm and 1)
    assert found.der is found.jer is found.coverage is None
    assert found.purity == (0 if alarm else None)
    assert found.region_time == pytest.approx({"union": 2, "reference": 0, "file": 3}[region])


@pytest.mark.parametrize("frame_step", [None, 0.01])
def test_nobody_speaks_in_either(frame_step: float | None) -> None:
    found = score([of()], [of()], Protocol(frame_step=frame_step)).overall
    assert found == Components(num_recordings=1)
    assert score([], [], Protocol(frame_step=frame_step)).overall == Components()


def test_silence_of_known_length_is_one_class() -> None:
    found = score([of(length=8)], [of()], Protocol(region="file")).overall
    assert (found.region_time, found.total) == (8, 0)
    assert (found.bcubed_precision, found.bcubed_recall, found.bcubed_f1) == (1, 1, 1)
    assert (found.mutual_information, found.normalised_mutual_information) == (0, 1)
    assert found.der is found.jer is found.purity is found.coverage is None


def test_a_collar_that_leaves_nothing() -> None:
    found = score([ONE], [ONE], Protocol(collar_each_side=5)).overall
    assert (found.total, found.missed, found.false_alarm, found.confusion) == (0, 0, 0, 0)
    assert found.der is None
    assert found.jer == 0


def test_the_regions_of_a_uem_are_a_set_of_times() -> None:
    """In whatever order they are given, and where two overlap that time counts once."""
    talk, heard = of((0, 4, "A"), (4, 10, "B")), of((0, 6, "x"), (6, 9, "y"))
    for parts in ([(5, 7), (0, 1)], [(0, 7), (5, 8)], [(2, 3), (3, 5), (2, 5)], [(0, 9), (1, 2)]):
        regions = [Segment(*part) for part in parts]
        expected = score([talk], [heard], uem={"r": union(regions)})
        assert score([talk], [heard], uem={"r": regions}).overall == expected.overall


def test_a_uem_that_goes_beyond_the_recording() -> None:
    """Files say 9999999 where they mean the end."""
    found = score([ONE], [ONE], uem={"r": [Segment(0, 9_999_999)]}).overall
    assert (found.total, found.missed, found.region_time) == (10, 0, 9_999_999)


def test_a_region_that_has_no_tick() -> None:
    found = score([ONE], [ONE], uem={"r": [Segment(0.1, 0.1000001)]}).overall
    assert found == Components(num_recordings=1)


def test_two_regions_that_end_in_one_frame() -> None:
    """Of frames of 10 s, up to 15 s, there is one whole one: that from 0."""
    uem = {"r": [Segment(0, 11), Segment(12, 15)]}
    talk = of((0, 10, "A"), (10, 20, "B"))
    found = score([talk], [talk], Protocol(region="uem", frame_step=10), uem=uem).overall
    assert found.region_time == 10
    assert found.bcubed_precision_time == 10
    # A is in the one frame and right; B is in none, and its error is 1.
    assert (found.num_speakers, found.jaccard_errors) == (2, 1)


def test_a_recording_is_no_channel_because_of_its_name() -> None:
    """``talk.ch1`` is the first channel of ``talk``; ``talk.chat`` is another recording."""
    uem = {"talk": [Segment(0, 5)]}
    names = ["talk", "talk.ch1", "talk.ch12", "talk.chat", "talk.ch", "talk.ch1x"]
    found = score([of((0, 10, "A"), name=name) for name in names], [], uem=uem)
    assert [one.recording_id for one in found.recordings] == ["talk", "talk.ch1", "talk.ch12"]
    assert [one.components.total for one in found.recordings] == [5, 5, 5]


def test_a_speaker_of_the_hypothesis_may_be_called_as_one_of_the_reference() -> None:
    found = score([of((0, 6, "A"), (6, 10, "B"))], [of((0, 6, "B"), (6, 10, "A"))])
    assert found.overall.der == 0
    assert found.recordings[0].mapping == {"A": "B", "B": "A"}


def test_an_overlap_of_one_tick_is_rounding() -> None:
    """Two turns of a speaker that touch keep both boundaries, and their collars; two that overlap do not."""
    for boundary, total in ((5.0, 9.0), (5.000001, 9.0), (5.000002, 9.5)):
        talk = of((0, boundary, "A"), (5, 10, "A"))
        found = score([talk], [talk], Protocol(collar_each_side=0.25)).overall
        assert found.total == pytest.approx(total, abs=1e-5)
        assert found.missed == found.false_alarm == found.confusion == 0

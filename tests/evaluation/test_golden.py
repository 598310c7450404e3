"""Real systems on real recordings, against what the field's own scorers agree on.

The figures, and which scorer gives which, are those of ``golden/`` in the shared data.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from diarist.evaluation import Components, Labels, Protocol, RecordingScore, Scores, score
from diarist.formats import read_uem
from diarist.formats.columns import parse_rttm
from diarist.intervals import Segment

SYSTEMS = (
    ("voxconverse_dev", "diart_vbx"),
    ("ami_test", "diaper10_withFT"),
    ("ami_test", "diaper10_withoutFT"),
    ("ami_test", "diaper20_withFT"),
    ("ami_test", "diaper20_withoutFT"),
    ("ami_test", "diart_online05"),
    ("ami_test", "diart_online5"),
    ("ami_test", "diart_vbx"),
    ("ami_test", "diart_vbx_oas"),
    ("ami_test", "vbx"),
)
PUBLISHED = ("diaper10_withFT", "diaper10_withoutFT", "diaper20_withFT", "diaper20_withoutFT", "vbx")
every_system = pytest.mark.parametrize(("corpus", "system"), SYSTEMS)
COMPONENTS = ("missed", "false_alarm", "confusion", "total")
REGIONS = {"auto": "union", "uem": "uem"}
MAPPINGS = {"map_full": "region", "map_scored": "scored"}

FRAME_STEP = 0.01
# Name there → property here, and how far frames on exact decimals may be from dscore's, of a recording and
# of all together. In dscore the grid and the ends of turns are products and sums of floats, so that a turn
# that ends on a frame may have it or not: with that arithmetic its figures come out to all digits given.
FRAME_MEASURES = {
    "jer": ("jer", 1.6e-3, 3e-4),
    "bcubed_precision": ("bcubed_precision", 5.1e-4, 3e-4),
    "bcubed_recall": ("bcubed_recall", 5.1e-4, 3e-4),
    "bcubed_f1": ("bcubed_f1", 5.1e-4, 3e-4),
    "mi": ("mutual_information", 1.3e-3, 5e-4),  # of 5 bits
    "nmi": ("normalised_mutual_information", 3e-3, 3e-4),
}


@cache
def golden(data: Path, corpus: str) -> dict[str, Any]:
    path = data / "golden" / f"{corpus}.json"
    if not path.is_file():
        pytest.skip(f"no {path.name} in the shared data")
    return json.loads(path.read_text())["systems"]  # type: ignore[no-any-return]


@cache
def labels(folder: Path) -> Labels:
    columns = parse_rttm([path.read_bytes() for path in sorted(folder.glob("*.rttm"))])
    assert columns is not None
    return Labels.from_columns(columns)


@cache
def regions(path: Path) -> dict[str, tuple[Segment, ...]]:
    return read_uem(path)


def scored(data: Path, corpus: str, system: str, protocol: Protocol) -> Scores:
    pairs = data / "rttm_pairs" / corpus
    uem = regions(pairs / "all.uem") if protocol.region == "uem" else None
    return score(labels(pairs / "ref"), labels(pairs / "hyp" / system), protocol, uem=uem)


def by_name(scores: Scores) -> dict[str, RecordingScore]:
    return {one.recording_id: one for one in scores.recordings}


def assert_each(found: Scores, name: str, expected: dict[str, float], tolerance: float) -> None:
    """A measure of every recording."""
    values = {key: getattr(one.components, name) for key, one in by_name(found).items()}
    assert values == pytest.approx(expected, abs=tolerance)


def test_every_system_is_tested(shared_data: Path) -> None:
    there = {
        (corpus, name) for corpus in ("voxconverse_dev", "ami_test") for name in golden(shared_data, corpus)
    }
    assert there == set(SYSTEMS)


@every_system
def test_der(shared_data: Path, corpus: str, system: str) -> None:
    """To the microsecond, under every rule."""
    for name, case in golden(shared_data, corpus)[system]["der"].items():
        for key, mapping in MAPPINGS.items():
            protocol = Protocol(
                collar_each_side=case["collar_per_side_s"],
                overlap="skipped" if case["skip_overlap"] else "scored",
                mapping=mapping,  # type: ignore[arg-type]
                region=REGIONS[case["uem"]],  # type: ignore[arg-type]
            )
            found = scored(shared_data, corpus, system, protocol)
            assert by_name(found).keys() == case[key]["files"].keys()
            for recording, one in by_name(found).items():
                *times, rate = case[key]["files"][recording]
                where = f"{name} {key} {recording}"
                assert components(one.components) == pytest.approx(times, abs=1e-6), where
                assert one.components.der == pytest.approx(rate, abs=1e-8), where
            overall = case[key]["overall"]
            times = [overall[part] for part in ("miss", "fa", "conf", "total")]
            assert components(found.overall) == pytest.approx(times, abs=1e-6), f"{name} {key}"
            assert found.overall.der == pytest.approx(overall["der"], abs=1e-9)


def components(given: Components) -> list[float]:
    return [getattr(given, name) for name in COMPONENTS]


@pytest.mark.parametrize("system", PUBLISHED)
def test_what_is_published(shared_data: Path, system: str) -> None:
    """The figures of a system's authors, in percent with two decimals; theirs are dscore's with a UEM."""
    published = golden(shared_data, "ami_test")[system]["published_DiaPer_repo"]
    protocol = Protocol(region="uem", frame_step=FRAME_STEP)
    found = scored(shared_data, "ami_test", system, protocol).overall
    assert found.total == pytest.approx(published["scored_s"], abs=0.005)
    rates = (found.der, found.missed_rate, found.false_alarm_rate, found.confusion_rate)
    expected = [published[f"{name}_pct"] for name in ("der", "miss", "fa", "spk_err")]
    assert [100 * rate for rate in rates if rate is not None] == pytest.approx(expected, abs=0.00501)
    assert found.jer is not None
    assert found.jer == pytest.approx(published["jer_pct"] / 100, abs=FRAME_MEASURES["jer"][2])


@every_system
def test_who_stands_for_whom(shared_data: Path, corpus: str, system: str) -> None:
    found = by_name(scored(shared_data, corpus, system, Protocol()))
    mappings = golden(shared_data, corpus)[system]["speaker_map_full_c0"]
    assert {recording: found[recording].mapping for recording in mappings} == mappings


@every_system
def test_speakers(shared_data: Path, corpus: str, system: str) -> None:
    found = by_name(scored(shared_data, corpus, system, Protocol()))
    for recording, numbers in golden(shared_data, corpus)[system]["speakers_ref_hyp"].items():
        parts = found[recording].components
        assert [parts.num_speakers, parts.num_hypothesis_speakers] == numbers, recording


@every_system
def test_measures_of_exact_time(shared_data: Path, corpus: str, system: str) -> None:
    for key, case in golden(shared_data, corpus)[system]["other"].items():
        found = scored(shared_data, corpus, system, Protocol(region=REGIONS[key]))  # type: ignore[arg-type]
        exact, pyannote = case["jer_exact_min_jer_mapping"], case["pyannote"]
        assert_each(found, "jer", exact["files"], 1e-8)
        assert found.overall.jer == pytest.approx(exact["overall"], abs=1e-8)
        assert_each(found, "speaker_count_error", pyannote["spk_count_err"]["files"], 0)
        assert found.overall.speaker_count_error == pytest.approx(
            pyannote["spk_count_err"]["overall"], abs=1e-12
        )
        if key == "auto":
            for name in ("purity", "coverage"):
                assert_each(found, name, pyannote[name]["files"], 1e-8)
                assert getattr(found.overall, name) == pytest.approx(pyannote[name]["overall"], abs=1e-8)


@every_system
def test_measures_in_frames(shared_data: Path, corpus: str, system: str) -> None:
    for key, case in golden(shared_data, corpus)[system]["other"].items():
        protocol = Protocol(region=REGIONS[key], frame_step=FRAME_STEP)  # type: ignore[arg-type]
        found, expected = scored(shared_data, corpus, system, protocol), case["dscore_frames_10ms"]
        for name, (measure, of_each, of_all) in FRAME_MEASURES.items():
            assert_each(found, measure, {file: own[name] for file, own in expected["files"].items()}, of_each)
            assert getattr(found.overall, measure) == pytest.approx(expected["overall"][name], abs=of_all)

"""Boundaries moved by offsets that are known: each comes back, and so do all figures made of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from diarist.evaluation import Labels, Protocol
from diarist.evaluation.boundaries import BoundaryScores, BoundaryStats, compare_boundaries
from diarist.evaluation.corpus import lay_out
from diarist.formats.columns import parse_rttm

LARGEST = 220_000  # ticks that a boundary is moved by
PERCENT = 35  # of the turn, and of the pause before the same speaker's next, that it is moved by at most
FIGURES: dict[str, tuple[Callable[[BoundaryStats], float | None], Callable[[np.ndarray], float]]] = {
    "n": (lambda stats: stats.num_matched, len),
    "mean_signed": (lambda stats: stats.bias, np.mean),
    "mean_abs": (lambda stats: stats.mean_absolute, lambda true: abs(true).mean()),
    "median_abs": (lambda stats: stats.median_absolute, lambda true: np.median(abs(true))),
    "p95_abs": (lambda stats: stats.percentile(95), lambda true: np.percentile(abs(true), 95)),
    "max_abs": (lambda stats: stats.percentile(100), lambda true: abs(true).max()),
    "within_0.1s": (lambda stats: stats.within(0.1), lambda true: (abs(true) <= 0.1).mean()),
}


def moved(reference: Labels, seed: int) -> tuple[Labels, np.ndarray]:
    """The turns with speakers renamed and boundaries moved, and by how many ticks ``[2, N]``.

    No two turns of a speaker may overlap.
    """
    random = np.random.default_rng(seed)
    offsets = np.zeros((2, len(reference.starts)), np.int64)
    for speaker in range(len(reference.speakers)):
        own = np.flatnonzero(reference.turn_speakers == speaker)
        own = own[np.argsort(reference.starts[own])]
        starts, ends = reference.starts[own], reference.ends[own]
        pauses = np.concatenate([[LARGEST * 3], starts[1:] - ends[:-1], [LARGEST * 3]])
        for which, pause in enumerate((pauses[:-1], pauses[1:])):
            most = np.minimum(LARGEST, np.minimum(ends - starts, pause) * PERCENT // 100)
            offsets[which, own] = random.integers(-most, most + 1)
    offsets[0] = np.maximum(offsets[0], -reference.starts)
    names = tuple(f"sys{number:04}" for number in random.permutation(len(reference.speakers)))
    starts, ends = reference.starts + offsets[0], reference.ends + offsets[1]
    return replace(reference, speakers=names, starts=starts, ends=ends), offsets


def without_overlap(given: Labels) -> Labels:
    """With turns of one speaker that overlap made one, as they are scored."""
    corpus = lay_out(given, given, Protocol())
    side = corpus.reference
    shifts = corpus.shifts[side.turn_recordings]
    times = side.starts - shifts, side.ends - shifts
    return Labels(corpus.recordings, side.speakers, side.speaker_recordings, side.turn_speakers, *times)


def check_recovered(reference: Labels, seed: int) -> BoundaryScores:
    hypothesis, offsets = moved(reference, seed)
    scores = compare_boundaries(reference, hypothesis, Protocol())
    renamed = [dict[str, str]() for _ in reference.recordings]
    for owner, ours, theirs in zip(
        reference.speaker_recordings, reference.speakers, hypothesis.speakers, strict=True
    ):
        renamed[owner][ours] = theirs
    assert [found.mapping for found in scores.recordings] == renamed
    for which, name in enumerate(("start", "end")):
        stats, true = scores.overall[name], offsets[which] / 1e6
        assert (stats.recall(0.5), stats.precision(0.5)) == (1, 1)
        assert np.array_equal(np.sort(stats.errors), np.sort(true))
        for figure, (found_by, true_by) in FIGURES.items():
            assert found_by(stats) == pytest.approx(true_by(true), abs=1e-12), figure
    return scores


def conversation(seed: int, num_speakers: int = 4, num_turns: int = 200) -> Labels:
    """Turns of 0.1 to 5 s with pauses of 0 to 8 s, each speaker for themselves, on whole milliseconds."""
    random = np.random.default_rng(seed)
    pauses = random.integers(0, 8000, (num_speakers, num_turns)) * random.integers(
        0, 2, (num_speakers, num_turns)
    )
    lengths = random.integers(100, 5000, (num_speakers, num_turns))
    ends = np.cumsum(pauses + lengths, axis=1) * 1000
    speakers = np.arange(num_speakers)
    return Labels(
        ("r0",),
        tuple("ABCDEFGH"[:num_speakers]),
        np.zeros(num_speakers, np.int64),
        np.repeat(speakers, num_turns),
        (ends - lengths * 1000).ravel(),
        ends.ravel(),
    )


@pytest.mark.parametrize("seed", range(5))
def test_known_offsets_come_back(seed: int) -> None:
    check_recovered(conversation(seed), seed + 100)


def test_known_offsets_come_back_in_real_conversations(shared_data: Path) -> None:
    """With as many boundaries as were counted for the same recordings elsewhere."""
    golden = json.loads((shared_data / "golden" / "boundary_synth.json").read_text())["files"]
    folders = [shared_data / "rttm_pairs" / name / "ref" for name in ("ami_test", "voxconverse_dev")]
    paths = sorted(path for folder in folders for path in folder.glob("*.rttm"))
    columns = parse_rttm([path.read_bytes() for path in paths])
    assert columns is not None
    scores = check_recovered(without_overlap(Labels.from_columns(columns)), 7)
    assert len(scores.recordings) == len(paths)
    known = {one.recording_id: one.groups for one in scores.recordings if one.recording_id in golden}
    assert len(known) >= 4
    for name, groups in known.items():
        for group in ("start", "end"):
            assert groups[group].num_matched == golden[name][f"{group}_error_s(hyp-ref)"]["n"]

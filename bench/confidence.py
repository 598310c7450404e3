"""What a turn's confidence is worth: the share of its time that is right, by confidence.

    python bench/confidence.py FOLDER... --out OUT

Each folder holds recordings with an RTTM beside each. Labels are mapped to the reference's speakers one
to one for the greatest overlap; a turn's time is right where the reference has its speaker active.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from common import machine, markdown_table, write_report
from diarist import diarize, read
from diarist.types import Diarization

STEP = 0.005  # seconds
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    turns: list[tuple[float, float, float]] = []  # confidence, seconds, seconds that are right
    for folder in arguments.folders:
        for labels in sorted(folder.glob("*.rttm")):
            audio = next(path for path in sorted(folder.glob(f"{labels.stem}.*")) if path != labels)
            turns += scored(read(labels)[0], diarize(audio))
    rows = table(np.array(turns))
    header = ["confidence", "turns", "seconds", "mean confidence", "share of time right"]
    facts = {"machine": machine(), "rows": rows}
    write_report(arguments.out / "confidence.json", markdown_table(header, rows), facts)


def scored(reference: Diarization, found: Diarization) -> list[tuple[float, float, float]]:
    """Each turn's confidence, length, and time that is right."""
    size = round(max(reference.extent, found.extent) / STEP) + 1
    theirs, ours = grid(reference, size), grid(found, size)
    overlaps = ours.astype(np.float32) @ theirs.T.astype(np.float32)
    mapped = dict(zip(*linear_sum_assignment(-overlaps), strict=True))
    scores = []
    for turn in found:
        row = mapped.get(found.speakers.index(turn.speaker))
        right = (
            0.0
            if row is None
            else theirs[row, round(turn.start / STEP) : round(turn.end / STEP)].sum() * STEP
        )
        scores.append((float(turn.confidence or 0), turn.length, float(right)))
    return scores


def grid(labels: Diarization, size: int) -> np.ndarray:
    """``[speakers, steps]``: who is active."""
    active = np.zeros((len(labels.speakers), size), bool)
    for turn in labels:
        active[labels.speakers.index(turn.speaker), round(turn.start / STEP) : round(turn.end / STEP)] = True
    return active


def table(turns: np.ndarray) -> list[list[object]]:
    """A row a range of confidence, and one for all."""
    rows: list[list[object]] = []
    for low, high in [*pairwise(EDGES), (0.0, 1.0)]:
        inside = turns[(turns[:, 0] >= low) & ((turns[:, 0] < high) | (high == 1.0))]
        if len(inside):
            seconds = inside[:, 1].sum()
            mean = (inside[:, 0] * inside[:, 1]).sum() / seconds
            share = inside[:, 2].sum() / seconds
            rows.append(
                [f"{low:g} to {high:g}", len(inside), f"{seconds:.0f}", f"{mean:.3f}", f"{share:.3f}"]
            )
    return rows


if __name__ == "__main__":
    main()

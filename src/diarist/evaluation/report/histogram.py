"""How far the boundaries of the hypothesis lie from those of the reference: starts and ends apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.report.scene import Area, Bars, Label, Line, Mark, Scene, round_step, signed

if TYPE_CHECKING:
    from diarist.evaluation.arrays import Ints
    from diarist.evaluation.boundaries import BoundaryScores, BoundaryStats

WIDTH, HEIGHT = 520.0, 330.0
SIDES = ("start", "end")

_LEFT, _RIGHT = 46.0, WIDTH - 18
_PANEL = 100.0  # pixels of the highest bar
_TOPS = (36.0, 186.0)
_BINS_EACH_SIDE = 25


def boundary_histogram(boundaries: BoundaryScores) -> Scene:
    """Two histograms of signed errors, over one axis: left is early, right is late."""
    window = boundaries.config.window
    marks: list[Mark] = []
    for side, top in zip(SIDES, _TOPS, strict=True):
        marks += _panel(side, boundaries.overall[side], window, top)
    marks += _axis(window, _TOPS[-1] + _PANEL)
    return Scene(WIDTH, HEIGHT, tuple(marks), _alt(boundaries))


def _panel(side: str, stats: BoundaryStats, window: float, top: float) -> Iterator[Mark]:
    bottom = top + _PANEL
    counts = _counts(stats, window)
    highest = max(int(counts.max()), 1)
    width = (_RIGHT - _LEFT) / len(counts)
    step = max(1.0, round_step(highest, 3))
    for index in range(math.floor(highest / step) + 1):
        y = bottom - index * step / highest * _PANEL
        yield Line("rule", ((_LEFT, y), (_RIGHT, y)))
        yield Label(_LEFT - 6, y + 4, f"{index * step:,.0f}", 10, "muted", "end")
    heights = counts / highest * _PANEL
    boxes = [
        (_LEFT + k * width + 0.5, bottom - height, width - 1, height)
        for k, height in enumerate(heights.tolist())
        if height
    ]
    if boxes:
        yield Bars("shade", tuple(boxes))
    centre = (_LEFT + _RIGHT) / 2
    yield Line("ink", ((centre, top - 4), (centre, bottom)))
    if stats.median_signed is not None:
        x = centre + stats.median_signed / window * (_RIGHT - centre)
        yield Line("confusion", ((x, top - 4), (x, bottom)), 1.6, dashed=True)
        yield Area("confusion", ((x - 4, top - 9), (x + 4, top - 9), (x, top - 3)))
    yield Label(_LEFT, top - 16, f"{side}s of turns", 11, bold=True)
    yield Label(_RIGHT, top - 16, _summary(stats), 11, "muted", "end")


def _counts(stats: BoundaryStats, window: float) -> Ints:
    """Boundaries in each bin ``[2 * 25]``, from early to late."""
    edges = np.linspace(-window, window, 2 * _BINS_EACH_SIDE + 1)
    # An error that is exactly on an edge may lie a hair beside it.
    counts, _ = np.histogram(np.clip(np.round(stats.errors, 6), -window, window), edges)
    return counts.astype(np.int64)


def _axis(window: float, bottom: float) -> Iterator[Mark]:
    centre = (_LEFT + _RIGHT) / 2
    step = round_step(window, 4)
    number = math.floor(window / step + 1e-9)
    for index in range(-number, number + 1):
        x = centre + index * step / window * (_RIGHT - centre)
        yield Line("rule", ((x, bottom), (x, bottom + 4)))
        yield Label(x, bottom + 16, signed(1000 * index * step) if index else "0", 10, "muted", "middle")
    yield Label(_LEFT, HEIGHT - 6, "← early", 11, "muted")
    yield Label(centre, HEIGHT - 6, "hypothesis − reference, ms", 11, "muted", "middle")
    yield Label(_RIGHT, HEIGHT - 6, "late →", 11, "muted", "end")


def _summary(stats: BoundaryStats) -> str:
    if stats.median_signed is None or stats.median_absolute is None:
        return "none matched"
    return (
        f"{stats.num_matched:,} matched, median {signed(1000 * stats.median_signed)} ms, "
        f"median absolute {1000 * stats.median_absolute:.0f} ms"
    )


def _alt(boundaries: BoundaryScores) -> str:
    parts = [f"{side}s of turns: {_summary(boundaries.overall[side])}" for side in SIDES]
    return f"Histogram of boundary errors. {'; '.join(parts)}."

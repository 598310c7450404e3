"""DER at several collars: how much of it lies near the boundaries of the reference."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.report.bars import WORDS
from diarist.evaluation.report.contents import COMPONENTS
from diarist.evaluation.report.scene import (
    Area,
    Label,
    Line,
    Mark,
    Point,
    Scene,
    disc,
    round_step,
    swatches,
    text_width,
)
from diarist.evaluation.tables import percent

if TYPE_CHECKING:
    from diarist.evaluation.boundaries.collar import CollarPoint
    from diarist.evaluation.protocol import Protocol

WIDTH, HEIGHT = 520.0, 320.0

_LEFT, _RIGHT, _TOP, _BOTTOM = 54.0, WIDTH - 32, 40.0, HEIGHT - 42
_MAX_TICKS = 6
_LOWEST_TOP = 0.001  # DER that the axis reaches at least
_GAP = 8.0  # pixels, at least, between two figures


def collar_chart(curve: Sequence[CollarPoint], protocol: Protocol) -> Scene:
    """The components of DER one on the other, and DER as the line over them.

    Args:
        curve: points; those at which nothing is left to score are not drawn.
        protocol: whose collar is marked.
    """
    points = sorted((p for p in curve if p.der is not None), key=lambda p: p.collar_each_side)
    heights = [_stack(point) for point in points]
    highest = max((stack[-1] for stack in heights), default=0.0)
    highest = max(highest, _LOWEST_TOP)
    step = round_step(highest * 1.08, _MAX_TICKS)
    top = step * math.ceil(highest * 1.08 / step)
    widest = max((point.collar_each_side for point in points), default=0.0) or 0.5

    def place(collar: float, rate: float) -> Point:
        across, up = collar / widest, rate / top
        return _LEFT + across * (_RIGHT - _LEFT), _BOTTOM - up * (_BOTTOM - _TOP)

    marks: list[Mark] = [*swatches(_LEFT, 14, [(name, WORDS[name]) for name in COMPONENTS])]
    marks += _rate_axis(step, top)
    for index, name in enumerate(COMPONENTS):
        upper = [place(p.collar_each_side, h[index + 1]) for p, h in zip(points, heights, strict=True)]
        lower = [place(p.collar_each_side, h[index]) for p, h in zip(points, heights, strict=True)]
        if len(points) > 1:
            marks.append(Area(name, (*upper, *reversed(lower)), 0.85))
    marks += _collar_axis(points, widest)
    line = [place(p.collar_each_side, h[-1]) for p, h in zip(points, heights, strict=True)]
    marks += _line(line, [h[-1] for h in heights])
    if points and protocol.collar_each_side <= widest:
        x, _ = place(protocol.collar_each_side, 0)
        y = float(np.interp(x, [point[0] for point in line], [point[1] for point in line]))
        marks.append(Line("ink", ((x, y), (x, _BOTTOM)), dashed=True))
    return Scene(WIDTH, HEIGHT, tuple(marks), _alt(points))


def _stack(point: CollarPoint) -> list[float]:
    """0, and the rates summed up one after the other."""
    stack = [0.0]
    for name in COMPONENTS:
        stack.append(stack[-1] + getattr(point, name) / point.total)
    return stack


def _rate_axis(step: float, top: float) -> Iterator[Mark]:
    for index in range(round(top / step) + 1):
        y = _BOTTOM - index * step / top * (_BOTTOM - _TOP)
        yield Line("rule", ((_LEFT, y), (_RIGHT, y)))
        yield Label(_LEFT - 6, y + 4, f"{100 * index * step:g} %", 10, "muted", "end")


def _collar_axis(points: Sequence[CollarPoint], widest: float) -> Iterator[Mark]:
    reach = -math.inf
    for point in points:
        x = _LEFT + point.collar_each_side / widest * (_RIGHT - _LEFT)
        text = f"{1000 * point.collar_each_side:g}"
        if x - text_width(text, 10) / 2 < reach + _GAP:
            continue
        reach = x + text_width(text, 10) / 2
        yield Label(x, _BOTTOM + 15, text, 10, "muted", "middle")
    yield Label((_LEFT + _RIGHT) / 2, HEIGHT - 8, "collar on each side, ms", 11, "muted", "middle")


def _line(points: Sequence[Point], rates: Sequence[float]) -> Iterator[Mark]:
    if len(points) > 1:
        yield Line("ink", tuple(points), 1.8)
    reach = -math.inf
    for (x, y), rate in zip(points, rates, strict=True):
        yield disc("ink", x, y, 2.6)
        text = percent(rate, 1)
        begin = min(x + 2, WIDTH - text_width(text, 10))  # beside a point the line, which falls, is free
        if begin >= reach + _GAP / 2:
            reach = begin + text_width(text, 10)
            yield Label(begin, y - 6, text, 10)


def _alt(points: Sequence[CollarPoint]) -> str:
    if not points:
        return "DER at several collars: undefined at all of them, no reference speech."
    values = ", ".join(f"{1000 * p.collar_each_side:g} ms {percent(p.der)} %" for p in points)
    return f"DER at collars on each side: {values}."

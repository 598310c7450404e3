"""A picture as a few kinds of marks, drawn the same as SVG and as PNG.

Charts are laid out once, here in pixels from the top left. :mod:`svg` and :mod:`png` turn them into
files. A colour is a role of :data:`~diarist.evaluation.report.colours.LIGHT` or ``#rrggbb``.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import Literal

from diarist.errors import printable
from diarist.timeline import clock

Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]  # left, top, width, height
Anchor = Literal["start", "middle", "end"]

_NARROW = frozenset("fijlrtI.,:;!|'()[]-/ ")
_BROAD = frozenset("mwMW@%—…")


@dataclass(frozen=True, slots=True)
class Bars:
    """Filled rectangles of one colour.

    Attributes:
        colour: of all.
        rectangles: pixels.
        opacity: 0 to 1.
        title: what a page shows where the mouse rests.
    """

    colour: str
    rectangles: tuple[Rectangle, ...]
    opacity: float = 1.0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon."""

    colour: str
    points: tuple[Point, ...]
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    colour: str
    points: tuple[Point, ...]
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text; ``y`` is its baseline. ``title`` is its whole text where it is shortened."""

    x: float
    y: float
    text: str
    size: float = 11.0
    colour: str = "ink"
    anchor: Anchor = "start"
    bold: bool = False
    title: str = ""


Mark = Bars | Area | Line | Label


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture.

    Attributes:
        width: pixels.
        height: pixels.
        marks: the later ones lie over the earlier ones.
        alt: what it shows, in words and numbers, for whoever does not see it.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]
    alt: str


def text_width(text: str, size: float = 11.0) -> float:
    """About how many pixels a text takes; the fonts of a page are rather narrower."""
    return size * sum(map(_ems, text))


def short(text: str, room: float, size: float = 11.0) -> str:
    """A text on one line, cut where there is no room for it, in pixels."""
    shown = printable(text)
    if text_width(shown, size) <= room:
        return shown
    room -= text_width("…", size)
    length, taken = 0, 0.0
    for character in shown:
        taken += size * _ems(character)
        if taken > room:
            break
        length += 1
    return shown[:length] + "…"


def name_label(x: float, y: float, name: str, room: float, size: float = 11.0, colour: str = "ink") -> Label:
    """A name that ends at ``x``, shortened where there is no room, and whole where the mouse rests."""
    text = short(name, room, size)
    title = printable(name) if text != printable(name) else ""
    return Label(x, y, text, size, colour, anchor="end", title=title)


def disc(colour: str, x: float, y: float, radius: float) -> Area:
    """A filled circle."""
    corners = (math.tau * k / 20 for k in range(20))
    return Area(colour, tuple((x + radius * math.cos(a), y + radius * math.sin(a)) for a in corners))


def swatches(x: float, y: float, entries: list[tuple[str, str]], size: float = 11.0) -> list[Mark]:
    """A legend on one line: ``(colour, what it stands for)`` one after the other; ``y`` is the baseline."""
    marks: list[Mark] = []
    for colour, text in entries:
        marks.append(Bars(colour, ((x, y - size * 0.8, size * 0.8, size * 0.8),)))
        marks.append(Label(x + size * 1.2, y, text, size, "muted"))
        x += size * 2.6 + text_width(text, size)
    return marks


def round_step(extent: float, max_steps: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that needs at most so many steps; ``extent`` > 0."""
    power = 10.0 ** math.floor(math.log10(extent / max_steps))
    return next(factor * power for factor in (1, 2, 5, 10, 20) if extent / (factor * power) <= max_steps)


def seconds_or_clock(seconds: float) -> str:
    """How long something takes: seconds below a minute, with a tenth below ten; then m:ss."""
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    return clock(seconds)


def signed(value: float) -> str:
    """A whole number with its sign."""
    return f"{value:+.0f}".replace("-", "−")


def _ems(character: str) -> float:
    """Width of a character in DejaVu Sans, in parts of the font's size."""
    if character in _NARROW:
        return 0.4
    if character in _BROAD:
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.75 if character.isupper() else 0.64

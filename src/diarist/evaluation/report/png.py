"""A scene as PNG, by matplotlib, which is imported when a picture is asked for.

The same scene gives the same bytes with the same matplotlib and fonts.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Literal

from diarist.drawing import own_settings, require_matplotlib, with_glyphs
from diarist.evaluation.report.colours import LIGHT
from diarist.evaluation.report.scene import Anchor, Area, Bars, Label, Line, Mark, Scene

DOTS_PER_PIXEL = 2  # of the scene's pixels: sharp in print and on fine screens
_POINTS_PER_INCH = 72  # a pixel of the scene is a point, so that sizes of text are those of the scene
_MARGIN = 14  # pixels around the picture

_ALIGNMENTS: Mapping[Anchor, Literal["left", "center", "right"]] = {
    "start": "left",
    "middle": "center",
    "end": "right",
}


def png_size(scene: Scene) -> tuple[int, int]:
    """Width and height of the PNG of a scene."""
    return tuple(round((side + 2 * _MARGIN) * DOTS_PER_PIXEL) for side in (scene.width, scene.height))  # type: ignore[return-value]


def to_png(scene: Scene) -> bytes:
    """The picture on white.

    Raises:
        OptionError: if matplotlib is not installed.
    """
    require_matplotlib()
    with own_settings():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        dpi = _POINTS_PER_INCH * DOTS_PER_PIXEL
        width, height = png_size(scene)
        figure = Figure(figsize=(width / dpi, height / dpi), dpi=dpi, facecolor=LIGHT["paper"])
        FigureCanvasAgg(figure)
        down = Affine2D().translate(_MARGIN, -scene.height - _MARGIN).scale(DOTS_PER_PIXEL, -DOTS_PER_PIXEL)
        for order, mark in enumerate(scene.marks):
            artist = _artist(mark)
            artist.set(transform=down, zorder=order)
            figure.add_artist(artist)
        picture = io.BytesIO()
        figure.savefig(picture, format="png", metadata={"Software": None})
        return picture.getvalue()


def _artist(mark: Mark) -> Any:
    """What matplotlib draws for a mark."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import PathPatch
    from matplotlib.text import Text

    if isinstance(mark, Label):
        return Text(
            mark.x,
            mark.y,
            with_glyphs(mark.text),
            fontsize=mark.size,
            color=_colour(mark.colour),
            fontweight="bold" if mark.bold else "normal",
            horizontalalignment=_ALIGNMENTS[mark.anchor],
            verticalalignment="baseline",
            parse_math=False,
        )
    if isinstance(mark, Line):
        x, y = zip(*mark.points, strict=True)
        line = Line2D(x, y, color=_colour(mark.colour), linewidth=mark.width)
        if mark.dashed:
            line.set_linestyle((0, (4 / mark.width, 3 / mark.width)))  # in widths of the line
        return line
    return PathPatch(_path(mark), facecolor=_colour(mark.colour), alpha=mark.opacity, linewidth=0)


def _path(mark: Bars | Area) -> Any:
    """One outline of all rectangles, or of the polygon."""
    import numpy as np
    from matplotlib.path import Path

    if isinstance(mark, Area):
        return Path([*mark.points, mark.points[0]], closed=True)
    boxes = np.array(mark.rectangles, np.float64).reshape(-1, 4)
    left, top = boxes[:, 0], boxes[:, 1]
    right, bottom = left + boxes[:, 2], top + boxes[:, 3]
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    vertices = np.stack([np.column_stack(corner) for corner in corners], axis=1)
    codes = np.tile([Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY], len(boxes))
    return Path(vertices.reshape(-1, 2), codes)


def _colour(colour: str) -> str:
    return colour if colour.startswith("#") else LIGHT[colour]

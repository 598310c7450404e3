"""A scene as SVG inside a page, whose style sheet gives the colours: light or dark."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from diarist.errors import printable
from diarist.evaluation.report.scene import Area, Bars, Label, Line, Mark, Point, Rectangle, Scene


def to_svg(scene: Scene, style: str = "") -> str:
    """An ``svg`` element as wide as its place, unless a style says how wide; names in it are escaped."""
    styled = f' style="{style}"' if style else ""
    body = "".join(part for mark in scene.marks for part in _mark(mark))
    return (
        f'<svg viewBox="0 0 {_number(scene.width)} {_number(scene.height)}" role="img" '
        f'aria-label="{html_text(scene.alt)}"{styled}>{body}</svg>'
    )


def html_text(text: str) -> str:
    """Text in which nothing is markup; characters that would not show are shown as escapes."""
    return escape(printable(text))


def _mark(mark: Mark) -> Iterator[str]:
    if isinstance(mark, Bars):
        outline = "".join(map(_rectangle, mark.rectangles))
        yield _titled("path", f'{_paint("f", mark.colour, mark.opacity)} d="{outline}"', mark.title)
    elif isinstance(mark, Area):
        yield f'<path {_paint("f", mark.colour, mark.opacity)} d="{_path(mark.points)}z"/>'
    elif isinstance(mark, Line):
        dash = ' stroke-dasharray="4 3"' if mark.dashed else ""
        width = "" if mark.width == 1 else f' stroke-width="{_number(mark.width)}"'
        yield f'<path {_paint("s", mark.colour)} fill="none"{width}{dash} d="{_path(mark.points)}"/>'
    else:
        yield _label(mark)


def _label(label: Label) -> str:
    anchor = "" if label.anchor == "start" else f' text-anchor="{label.anchor}"'
    weight = ' font-weight="600"' if label.bold else ""
    title = f"<title>{html_text(label.title)}</title>" if label.title else ""
    return (
        f'<text {_paint("f", label.colour)} x="{_number(label.x)}" y="{_number(label.y)}" '
        f'font-size="{_number(label.size)}"{anchor}{weight}>{title}{html_text(label.text)}</text>'
    )


def _titled(tag: str, attributes: str, title: str) -> str:
    if not title:
        return f"<{tag} {attributes}/>"
    return f"<{tag} {attributes}><title>{html_text(title)}</title></{tag}>"


def _paint(kind: str, colour: str, opacity: float = 1.0) -> str:
    """A class for the role of a colour; a colour of its own is an attribute."""
    name = {"f": "fill", "s": "stroke"}[kind]
    paint = f'{name}="{colour}"' if colour.startswith("#") else f'class="{kind}-{colour.replace("_", "-")}"'
    return paint if opacity == 1 else f'{paint} fill-opacity="{opacity:.2g}"'


def _path(points: tuple[Point, ...]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _rectangle(rectangle: Rectangle) -> str:
    left, top, width, height = map(_number, rectangle)
    return f"M{left} {top}h{width}v{height}h-{width}z"


def _number(value: float) -> str:
    """With one decimal at most: a tenth of a pixel."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text

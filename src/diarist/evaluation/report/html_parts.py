"""Pieces of HTML that the page is put together from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diarist.evaluation.report.scene import Scene
from diarist.evaluation.report.svg import to_svg


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the page the sections stand.

    Attributes:
        prefix: of their anchors, so that those of two systems differ.
        level: of their headings, 2 to 5.
    """

    prefix: str = ""
    level: int = 2


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page.

    Attributes:
        anchor: its place, for links.
        heading: of it.
        content: HTML.
    """

    anchor: str
    heading: str
    content: str


def render_sections(sections: Sequence[Section], place: Place) -> str:
    """The sections with their headings."""
    heads = [heading(place.level, "part", section.heading, section.anchor) for section in sections]
    return "".join(
        f"<section>{head}{section.content}</section>\n" for head, section in zip(heads, sections, strict=True)
    )


def heading(level: int, kind: str, text: str, anchor: str = "") -> str:
    """A heading; its kind says how it looks."""
    place = f' id="{anchor}"' if anchor else ""
    return f'<h{level} class="{kind}"{place}>{text}</h{level}>'


def figure(scene: Scene, title: str, says: str, kind: str) -> str:
    """A picture, what it is, and what to see in it."""
    size = f"min-width:{scene.width * 0.85:.0f}px;max-width:{scene.width * 1.05:.0f}px"
    svg = to_svg(scene, style=size if kind == "matrix" else "")
    return (
        f'<figure class="{kind}">{scrolling(svg, title)}'
        f"<figcaption><b>{title}.</b> {says}</figcaption></figure>"
    )


def introduction(text: str) -> str:
    """What stands under a heading."""
    return f'<p class="sub">{text}</p>'


def card(content: str) -> str:
    """Content on a ground of its own."""
    return f'<div class="card">{content}</div>'


def scrolling(content: str, label: str, kind: str = "") -> str:
    """A place that scrolls where its content is wider than the screen, by keyboard as well."""
    classes = f"scroll {kind}".strip()
    return f'<div class="{classes}" role="region" aria-label="{label}" tabindex="0">{content}</div>'

"""Marks, texts and colours of pictures."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from diarist.evaluation.report.colours import DARK, LIGHT, SPEAKERS, mark_classes, speaker_colour
from diarist.evaluation.report.contents import COMPONENTS
from diarist.evaluation.report.scene import (
    Area,
    Bars,
    Label,
    Line,
    Scene,
    round_step,
    seconds_or_clock,
    short,
    signed,
    text_width,
)
from diarist.evaluation.report.svg import html_text, to_svg

# Machado, Oliveira and Fernandes (2009), table 1, severity 1: what people see who lack one kind of cone.
SIGHT = {
    "all": np.eye(3),
    "no red": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039],
    ],
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """CIE 1976."""
    xyz = TO_XYZ @ np.clip(light, 0, 1) / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    """Of the Web Content Accessibility Guidelines 2.1."""
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_errors_are_told_apart_whatever_colours_one_sees(theme: dict[str, str], sight: str) -> None:
    seen = [lab(np.array(SIGHT[sight]) @ linear(theme[name])) for name in COMPONENTS]
    assert all(np.linalg.norm(one - other) > 30 for one, other in combinations(seen, 2))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_have_contrast(theme: dict[str, str]) -> None:
    for ground in ("paper", "ground", "worst", "warning_ground"):
        assert contrast(theme["ink"], theme[ground]) > 7, ground
        assert contrast(theme["muted"], theme[ground]) > 4.5, ground
        assert contrast(theme["link"], theme[ground]) > 4.5, ground
    for name in (*COMPONENTS, "right", "nobody", "shade"):
        assert contrast(theme[name], theme["paper"]) > 3, name


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_read_on_the_strongest_cell(theme: dict[str, str]) -> None:
    from diarist.evaluation.report.matrix import _STRONGEST

    def mix(under: str, over: str, share: float) -> str:
        parts = (
            round((1 - share) * int(under[at : at + 2], 16) + share * int(over[at : at + 2], 16))
            for at in (1, 3, 5)
        )
        return "#" + "".join(f"{part:02x}" for part in parts)

    empty = mix(theme["paper"], theme["rule"], 0.4)
    for kind in (*COMPONENTS, "right"):
        assert contrast(mix(empty, theme[kind], _STRONGEST), theme["ink"]) > 4.5, kind


def test_both_themes_have_the_same_roles() -> None:
    assert LIGHT.keys() == DARK.keys()
    assert all(f".f-{role.replace('_', '-')}{{" in mark_classes() for role in LIGHT)


def test_speakers_are_never_grey() -> None:
    assert "#8A8A8A" not in SPEAKERS
    assert speaker_colour(len(SPEAKERS)) == speaker_colour(0)


@pytest.mark.parametrize(
    ("extent", "steps", "step"),
    [(40, 8, 5), (41, 8, 10), (0.1, 8, 0.02), (1, 1, 1), (3, 3, 1), (500, 4, 200)],
)
def test_round_steps(extent: float, steps: int, step: float) -> None:
    assert round_step(extent, steps) == pytest.approx(step)


@given(st.floats(1e-6, 1e9), st.integers(1, 12))
def test_there_are_never_too_many_steps(extent: float, steps: int) -> None:
    step = round_step(extent, steps)
    assert extent / step <= steps * (1 + 1e-9)
    assert extent / step > steps / 5


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1:00"), (3725, "1:02:05")],
)
def test_how_long_something_takes(seconds: float, text: str) -> None:
    assert seconds_or_clock(seconds) == text


def test_signs_are_shown() -> None:
    assert [signed(value) for value in (12.4, -12.4, 0)] == ["+12", "−12", "+0"]


@given(st.text(max_size=60), st.floats(20, 200))
def test_short_texts_find_room(text: str, room: float) -> None:
    shown = short(text, room)
    assert text_width(shown) <= room + 1e-6
    assert shown.isprintable()


def test_short_texts_are_whole_where_there_is_room() -> None:
    assert short("Ann", 100) == "Ann"
    assert short("W" * 40, 60) == "WWWW…"  # 11 pixels each
    assert short("a\nb", 100) == "a\\nb"


@pytest.mark.parametrize(
    "text",
    ["SPEAKER_01", "median absolute 102 ms", "WWWWMMMM", "illicit", "0123456789", "Ünïcödé", "a_b-c.d"],
)
def test_widths_are_those_of_the_font(text: str) -> None:
    font = pytest.importorskip("matplotlib.font_manager")
    path = pytest.importorskip("matplotlib.textpath")
    real = (
        path.TextPath((0, 0), text, size=11, prop=font.FontProperties(family="DejaVu Sans"))
        .get_extents()
        .width
    )
    assert 0.97 * real <= text_width(text) <= 1.5 * real


def test_marks_become_svg() -> None:
    scene = Scene(
        100,
        50,
        (
            Bars("missed", ((1, 2, 3, 4), (5, 6, 7, 8)), 0.5, "a title"),
            Bars("#123456", ((0, 0, 0.04, 1),)),
            Area("false_alarm", ((0, 0), (1, 0), (1, 1))),
            Line("ink", ((0, 0), (10, 10)), 2, dashed=True),
            Label(1, 2, "text", 10, "muted", "end", bold=True, title="whole text"),
        ),
        "what it shows",
    )
    root = fromstring(to_svg(scene))
    assert root.get("viewBox") == "0 0 100 50"
    assert (root.get("role"), root.get("aria-label")) == ("img", "what it shows")
    first, second, area, line, label = root
    assert first.get("d") == "M1 2h3v4h-3zM5 6h7v8h-7z"
    assert (first.get("class"), first.get("fill-opacity")) == ("f-missed", "0.5")
    assert first.findtext("title") == "a title"
    assert second.get("fill") == "#123456"
    assert (area.get("class"), area.get("d")) == ("f-false-alarm", "M0 0L1 0L1 1z")
    assert (line.get("class"), line.get("fill"), line.get("stroke-width")) == ("s-ink", "none", "2")
    assert line.get("stroke-dasharray")
    assert (label.get("text-anchor"), label.get("class"), label.findtext("title")) == (
        "end",
        "f-muted",
        "whole text",
    )


@given(st.text())
def test_no_text_breaks_the_svg(text: str) -> None:
    scene = Scene(10, 10, (Label(0, 0, text, title=text), Bars("ink", ((0, 0, 1, 1),), title=text)), text)
    root = fromstring(to_svg(scene))
    assert [node.tag for node in root] == ["text", "path"]


def test_what_would_not_show_is_shown() -> None:
    assert html_text('<a href="x">&\'\n\u202e\ud800') == (
        "&lt;a href=&quot;x&quot;&gt;&amp;&#x27;\\n\\u202e\\ud800"
    )

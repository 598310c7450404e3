"""The SVG timeline: what is in it, and that nothing in a label can break it."""

from __future__ import annotations

import re

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from diarist.timeline import (
    MAX_LANES,
    PALETTE,
    WIDTH,
    clock,
    lane_layout,
    merged,
    overlapped,
    speaker_colours,
    tick_step,
    timeline_svg,
)

SVG = "{http://www.w3.org/2000/svg}"


def bars(svg: str) -> list[tuple[float, float, str]]:
    """Left edge, width and tooltip of every bar."""
    return [
        (float(bar.get("x", 0)), float(bar.get("width", 0)), bar.findtext(f"{SVG}title", ""))
        for bar in fromstring(svg).iter(f"{SVG}rect")
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (5, "0:05"),
        (3.25, "0:03.3"),
        (9.96, "0:10"),
        (59.6, "1:00"),
        (125, "2:05"),
        (3599.9, "1:00:00"),
        (3723, "1:02:03"),
    ],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("extent", "step"), [(0.4, 0.1), (9, 1), (30, 5), (600, 60), (3600, 600), (21600, 3600), (10**7, 1728000)]
)
def test_tick_step(extent: float, step: float) -> None:
    assert tick_step(extent) == step


@given(st.floats(1e-3, 1e300))
def test_there_are_never_many_ticks(extent: float) -> None:
    assert extent / tick_step(extent) <= 10 + 1e-6


def test_colours_are_stable_and_repeat() -> None:
    speakers = [f"S{i}" for i in range(len(PALETTE) + 1)]
    colours = speaker_colours([*speakers, "S0"])
    assert list(colours) == speakers
    assert colours["S0"] == PALETTE[0] == colours[speakers[-1]]


def test_twelve_speakers_have_a_colour_each() -> None:
    assert len(set(speaker_colours(f"S{i}" for i in range(12)).values())) == 12
    svg = timeline_svg([(i, i + 1, f"S{i}") for i in range(12)], 12)
    assert len(set(re.findall('<g fill="(#[0-9A-F]{6})"', svg))) == 12


def test_merged_and_overlapped() -> None:
    assert merged([(3, 4), (0, 1), (1.5, 2)], 1) == [(0, 2, 2), (3, 4, 1)]
    assert merged([(0, 9), (1, 2), (10, 11)], 0.5) == [(0, 9, 2), (10, 11, 1)]
    assert overlapped([(0, 4, "A"), (3, 5, "B"), (3.5, 6, "A")]) == [(3, 5)]
    assert overlapped([(0, 4, "A"), (3, 5, "A")]) == []


def test_bars_lie_where_their_turns_are() -> None:
    svg = timeline_svg([(0, 5, "A"), (5, 10, "B")], 10)
    (left, width, title), (second, second_width, _) = bars(svg)
    assert title == "A 0:00–0:05"
    assert second == pytest.approx(left + width, abs=0.2)
    assert width == pytest.approx(second_width, abs=0.2)
    assert second + second_width <= WIDTH
    assert "several speak at once" not in svg
    assert svg == timeline_svg([(0, 5, "A"), (5, 10, "B")], 10)


def test_overlap_is_shown() -> None:
    assert "several speak at once" in timeline_svg([(0, 5, "A"), (4, 10, "B")], 10)


@pytest.mark.parametrize("extent", [0, 12.5, float("nan"), float("inf"), -1])
def test_nobody_speaks(extent: float) -> None:
    svg = timeline_svg([], extent)
    assert "no speech" in svg
    assert bars(svg) == []


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_labels_cannot_break_it(labels: list[str]) -> None:
    turns = [(i, i + 1.5, label) for i, label in enumerate(labels)]
    root = fromstring(timeline_svg(turns, len(labels)))
    assert not list(root.iter(f"{SVG}script"))


def test_a_label_is_escaped_and_shortened() -> None:
    svg = timeline_svg([(0, 1, "<script>" + "x" * 50)], 1)
    assert "<script" not in svg
    assert re.search(r">&lt;script&gt;x{15}…</text>", svg)
    assert "x" * 50 in svg  # whole, as the tooltip of the label


def test_forty_thousand_turns_make_a_small_file() -> None:
    turns = [(i * 0.5, i * 0.5 + 0.3, f"S{i % 8}") for i in range(40_000)]
    assert len(timeline_svg(turns, 20_000)) < 100_000
    apart = [(i * 25.0, i * 25.0 + 12, f"S{i % 8}") for i in range(40_000)]
    assert len(timeline_svg(apart, 1_000_000)) < 800_000


def test_the_last_lane_is_for_the_rest() -> None:
    speakers = [f"S{i}" for i in range(MAX_LANES + 5)]
    layout = lane_layout(speakers)
    assert layout["S0"] == (0, "S0")
    assert layout[speakers[-1]] == (MAX_LANES - 1, "6 others")
    assert max(lane for lane, _ in layout.values()) == MAX_LANES - 1
    svg = timeline_svg([(i, i + 1, speaker) for i, speaker in enumerate(speakers)], 50)
    assert "6 others" in svg

"""A timeline as a small SVG string: one lane a speaker. Pure text, so that it costs nothing to import.

What other pictures of a timeline need as well, they take from here: colours, ticks, clock times.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import escape

# Okabe and Ito, "Color universal design" (2008), without black and yellow, which vanish on a dark
# and on a light ground; grey for the seventh. The other five are no nearer to any in the CIE's Lab
# space (1976) than the two blues are to each other, 26, and stand out on both grounds as well.
PALETTE = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8A8A8A",
    "#7B4FD0", "#8F8F00", "#A0522D", "#B0226B", "#7FBF3F",
)  # fmt: skip

WIDTH = 960  # pixels of the whole picture
LANE_HEIGHT = 24
BAR_HEIGHT = 16
OVERLAP_HEIGHT = 5
AXIS_HEIGHT = 24
MARGIN = 10
MAX_LANES = 40
MAX_LABEL = 24  # columns of a fixed-width font; a wide character takes two
COLUMN_WIDTH = 7.2  # pixels
INK = "#767676"  # as much contrast on white as on black, 4.5 to 1
NICE_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600)

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Span = tuple[float, float]


def timeline_svg(turns: Sequence[tuple[float, float, str]], extent: float) -> str:
    """Who spoke when, as one self-contained SVG that reads on light and on dark pages.

    Turns of a speaker that lie nearer than a pixel are drawn as one, so that the size of the
    picture depends on its width and not on the number of turns. Speakers beyond the first
    :data:`MAX_LANES` share the last lane.

    Args:
        turns: ``(start, end, speaker)`` in seconds; none is fine.
        extent: seconds that the time axis shows, from 0.
    """
    extent = extent if 0 < extent < math.inf else 1.0
    speakers = tuple(dict.fromkeys(speaker for _, _, speaker in turns))
    lanes = lane_layout(speakers)
    left = _label_width(lanes.values()) + 2 * MARGIN
    scale = (WIDTH - MARGIN - left) / extent
    bottom = max(1, len(set(lanes.values()))) * LANE_HEIGHT + OVERLAP_HEIGHT + 4
    body = [
        *_axis(extent, left, scale, bottom),
        *_lanes(turns, lanes, left, scale),
        *_overlap(turns, left, scale, bottom - OVERLAP_HEIGHT),
    ]
    if not turns:
        body.append(f'<text x="{left + 4}" y="{LANE_HEIGHT / 2 + 4:g}">no speech</text>')
    height = bottom + AXIS_HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="speaker timeline" font-size="12" '
        f'font-family="ui-monospace,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" fill="{INK}">\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def speaker_colours(speakers: Iterable[str]) -> dict[str, str]:
    """A colour of :data:`PALETTE` for each speaker, in order; after the last comes the first."""
    return {speaker: PALETTE[index % len(PALETTE)] for index, speaker in enumerate(dict.fromkeys(speakers))}


def tick_step(extent: float, max_ticks: int = 10) -> float:
    """Seconds between two ticks: the smallest round step that needs at most ``max_ticks`` steps."""
    for step in NICE_STEPS:
        if extent <= step * max_ticks:
            return float(step)
    days = extent / max_ticks / 86400
    power = 10.0 ** math.floor(math.log10(days)) if days > 1 else 1.0
    return 86400 * power * next((factor for factor in (1, 2, 5) if factor * power >= days), 10)


def clock(seconds: float) -> str:
    """``m:ss`` or ``h:mm:ss``, to the nearest second; below 10 s with a tenth where there is one."""
    tenths = math.floor(seconds * 10 + 0.5)
    if tenths < 100 and tenths % 10:
        return f"0:{tenths // 10:02d}.{tenths % 10}"
    whole = math.floor(seconds + 0.5)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def lane_layout(speakers: Sequence[str], max_lanes: int = MAX_LANES) -> dict[str, tuple[int, str]]:
    """Each speaker's lane, counted from 0, and the label beside it.

    Where there are more speakers than lanes, the last lane is for all that are left.
    """
    if len(speakers) <= max_lanes:
        return {speaker: (lane, speaker) for lane, speaker in enumerate(speakers)}
    rest = f"{len(speakers) - max_lanes + 1} others"
    return {
        speaker: (lane, speaker) if lane < max_lanes - 1 else (max_lanes - 1, rest)
        for lane, speaker in enumerate(speakers)
    }


def merged(spans: Iterable[Span], gap: float) -> list[tuple[float, float, int]]:
    """Spans joined where less than ``gap`` seconds lie between, each with the number it was made of."""
    joined: list[tuple[float, float, int]] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] < gap:
            first, reach, count = joined[-1]
            joined[-1] = (first, max(reach, end), count + 1)
        else:
            joined.append((start, end, 1))
    return joined


def overlapped(turns: Iterable[tuple[float, float, str]]) -> list[Span]:
    """Where two speakers or more speak."""
    own: dict[str, list[Span]] = {}
    for start, end, speaker in turns:
        own.setdefault(speaker, []).append((start, end))
    spans = sorted((start, end) for speech in own.values() for start, end, _ in merged(speech, 0.0))
    shared: list[Span] = []
    reach = 0.0
    for start, end in spans:
        if start < reach:
            shared.append((start, min(end, reach)))
        reach = max(reach, end)
    return shared


def _axis(extent: float, left: float, scale: float, bottom: float) -> Iterator[str]:
    step = tick_step(extent)
    yield f'<path d="M{left:g} {bottom:g}H{WIDTH - MARGIN}" stroke="{INK}"/>'
    for index in range(math.floor(extent / step + 1e-9) + 1):
        x = left + index * step * scale
        anchor = "start" if index == 0 else "end" if x > WIDTH - 40 else "middle"
        yield f'<path d="M{x:.1f} 2V{bottom + 4:g}" stroke="{INK}" stroke-opacity=".35"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 17:g}" text-anchor="{anchor}">{clock(index * step)}</text>'


def _lanes(
    turns: Sequence[tuple[float, float, str]],
    lanes: dict[str, tuple[int, str]],
    left: float,
    scale: float,
) -> Iterator[str]:
    spans: dict[tuple[int, str], list[Span]] = {}
    for start, end, speaker in turns:
        spans.setdefault(lanes[speaker], []).append((start, end))
    for (lane, label), speech in spans.items():
        top = lane * LANE_HEIGHT + (LANE_HEIGHT - BAR_HEIGHT) / 2
        yield (
            f'<text x="{left - MARGIN}" y="{top + 12:g}" text-anchor="end">'
            f"<title>{_text(label)}</title>{_text(_short(label))}</text>"
        )
        yield f'<g fill="{PALETTE[lane % len(PALETTE)]}" fill-opacity=".9">'
        for bar in merged(speech, 1 / scale):
            yield _bar(bar, label, left, scale, top)
        yield "</g>"


def _bar(bar: tuple[float, float, int], label: str, left: float, scale: float, top: float) -> str:
    start, end, count = bar
    width = max(1.0, (end - start) * scale)
    turns = f", {count} turns" if count > 1 else ""
    return (
        f'<rect x="{left + start * scale:.1f}" y="{top:g}" width="{width:.1f}" height="{BAR_HEIGHT}">'
        f"<title>{_text(_short(label))} {clock(start)}–{clock(end)}{turns}</title></rect>"
    )


def _overlap(
    turns: Sequence[tuple[float, float, str]], left: float, scale: float, top: float
) -> Iterator[str]:
    """A strip under the lanes that is filled where several speak at once."""
    bars = merged(overlapped(turns), 1 / scale)
    if not bars:
        return
    path = "".join(
        f"M{left + start * scale:.1f} {top:g}h{max(1.0, (end - start) * scale):.1f}v{OVERLAP_HEIGHT - 1}"
        f"h-{max(1.0, (end - start) * scale):.1f}z"
        for start, end, _ in bars
    )
    yield f'<path d="{path}" fill="{INK}"><title>several speak at once</title></path>'


def _label_width(lanes: Iterable[tuple[int, str]]) -> float:
    return math.ceil(COLUMN_WIDTH * max((_columns(_short(label)) for _, label in lanes), default=0))


def _columns(label: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in label)


def _short(label: str) -> str:
    """``label`` on one line and not wider than :data:`MAX_LABEL` columns."""
    label = " ".join(label.split())
    if _columns(label) <= MAX_LABEL:
        return label
    while _columns(label) >= MAX_LABEL:
        label = label[: min(len(label) - 1, MAX_LABEL)]
    return label + "…"


def _text(text: str) -> str:
    """``text`` as XML; what XML cannot hold becomes U+FFFD."""
    return escape(_NOT_XML.sub("\ufffd", text))

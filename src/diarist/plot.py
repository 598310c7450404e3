"""A diarization as a picture: one lane a speaker, time from left to right.

Needs matplotlib (the extra ``plot``), which is imported when a picture is asked for.
The same diarization gives the same bytes with the same matplotlib and fonts.
"""

from __future__ import annotations

import io
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diarist.drawing import own_settings, require_matplotlib, with_glyphs
from diarist.errors import OptionError, printable
from diarist.files import replacing
from diarist.timeline import clock, lane_layout, speaker_colours, tick_step

if TYPE_CHECKING:
    from diarist.intervals import Segment
    from diarist.types import Diarization

SUFFIXES = (".png", ".svg")
DOTS_PER_INCH = 150
LANE_HEIGHT = 0.36  # inches
BAR_HEIGHT = 0.7  # of a lane
LONGEST_LABEL = 28  # characters
FAINTEST = 0.35  # share of its colour that a turn of confidence 0 keeps
OVERLAP_COLOUR = "#444444"
TITLE_GAP = 0.3  # inches, at least, between the name and what stands to its right
MAX_LANES = 100  # speakers beyond share the last lane


def plot_timeline(diarization: Diarization, path: str | os.PathLike[str]) -> None:
    """Draw who spoke when.

    One lane a speaker in the order in which they first speak (beyond 100 they share the last); a
    turn is the paler the less confident it is; a last lane shows where several speak at once. To
    the right stands each one's time and share of the speech: overlapped time counts for each, so
    the shares add up to 100 %.

    Args:
        diarization: what to draw; it may have no turns.
        path: the file, whose suffix says PNG or SVG. It is replaced whole or not at all.

    Raises:
        OptionError: if the suffix is another or matplotlib is not installed.
        OutputError: if the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise OptionError(f"{path.name!r} is neither a PNG nor an SVG file.", "End its name in .png or .svg.")
    require_matplotlib()
    picture = _draw(diarization, path.suffix.lower()[1:])
    with replacing(path) as file:
        file.write(picture)


def _draw(diarization: Diarization, kind: str) -> bytes:
    with own_settings():
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        shown = _merge_lanes(diarization)
        figure = Figure(figsize=_size(shown), dpi=DOTS_PER_INCH, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        _draw_lanes(axes, shown)
        _label_lanes(axes, shown, kind)
        _label_time(axes, shown)
        _title(figure, axes, diarization, kind)
        picture = io.BytesIO()
        metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
        figure.savefig(picture, format=kind, metadata=metadata)
        return picture.getvalue()


def _merge_lanes(diarization: Diarization) -> Diarization:
    """The same with no more labels than there are lanes."""
    layout = lane_layout(diarization.speakers, MAX_LANES)
    return diarization.relabel({speaker: label for speaker, (_, label) in layout.items()})


def _size(diarization: Diarization) -> tuple[float, float]:
    """Inches: wider for longer recordings, 12 for up to ten minutes and 21 for six hours."""
    width = 12 + 6 * math.log10(max(1.0, diarization.extent / 600))
    lanes = len(diarization.speakers) + bool(diarization.overlaps())
    return min(width, 24.0), 1.1 + LANE_HEIGHT * max(2, lanes)


def _draw_lanes(axes: Any, diarization: Diarization) -> None:
    colours = speaker_colours(diarization.speakers)
    for lane, (speaker, turns) in enumerate(diarization.by_speaker().items()):
        axes.axhline(lane, color="#e4e4e4", linewidth=0.6, zorder=0)
        shades = [_shade(colours[speaker], turn.confidence) for turn in turns]
        _bars(axes, [turn.segment for turn in turns], lane, BAR_HEIGHT, shades)
    overlaps = diarization.overlaps()
    if overlaps:
        lanes = len(diarization.speakers)
        _bars(axes, overlaps, lanes, BAR_HEIGHT / 2, OVERLAP_COLOUR)
        spans = [(segment.start, segment.length) for segment in overlaps]
        axes.broken_barh(spans, (-0.5, lanes), color=OVERLAP_COLOUR, alpha=0.1, linewidth=0, zorder=0)
    if not diarization.turns:
        axes.text(0.5, 0.5, "no speech found", transform=axes.transAxes, ha="center", va="center")


def _bars(axes: Any, segments: Sequence[Segment], lane: int, height: float, colours: Any) -> None:
    """Bars in one lane; their thin edge keeps a short turn of a long recording visible."""
    axes.broken_barh(
        [(segment.start, segment.length) for segment in segments],
        (lane - height / 2, height),
        facecolors=colours,
        edgecolors=colours,
        linewidth=0.3,
        zorder=2,
    )


def _shade(colour: str, confidence: float | None) -> tuple[float, ...]:
    """The colour mixed with white, the more the less confident."""
    from matplotlib.colors import to_rgb

    strength = 1.0 if confidence is None else FAINTEST + (1 - FAINTEST) * min(1.0, max(0.0, confidence))
    return tuple(1 - strength * (1 - part) for part in to_rgb(colour))


def _label_lanes(axes: Any, diarization: Diarization, kind: str) -> None:
    """Names on the left; time and share of speech on the right."""
    times = diarization.speaker_time()
    spoken = math.fsum(times.values())
    names = [_label(speaker, number, kind) for number, speaker in enumerate(times, start=1)]
    lengths = [clock(seconds) for seconds in times.values()]
    shares = [f"{100 * seconds / spoken:.1f}" for seconds in times.values()]
    amounts = [
        f"{length}   {share} %" for length, share in zip(_padded(lengths), _padded(shares), strict=True)
    ]
    if diarization.overlaps():
        names.append("overlap")
        amounts.append(clock(math.fsum(segment.length for segment in diarization.overlaps())))
    right = axes.twinx()
    for side, labels in ((axes, names), (right, amounts)):
        side.set_ylim(max(1.5, len(names) - 0.5), -0.5)
        side.set_yticks(range(len(labels)), labels=labels)
        side.tick_params(axis="y", length=0)
        for text in side.get_yticklabels():
            text.set_parse_math(False)
    for side in (axes, right):
        side.spines[:].set_visible(False)


def _padded(numbers: Sequence[str]) -> list[str]:
    """Numbers of one width, filled from the left with spaces that are as wide as a digit."""
    width = max(map(len, numbers), default=0)
    return [number.rjust(width, "\u2007") for number in numbers]


def _label_time(axes: Any, diarization: Diarization) -> None:
    extent = diarization.extent or 1.0
    step = tick_step(extent)
    ticks = [index * step for index in range(math.floor(extent / step) + 1)]
    axes.set_xlim(0, extent)
    axes.set_xticks(ticks, labels=[clock(tick) for tick in ticks])
    axes.set_axisbelow(True)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.spines["bottom"].set_visible(True)
    axes.spines["bottom"].set_color("#888888")
    if any(turn.confidence is not None for turn in diarization.turns):
        axes.set_xlabel("paler: less confident", loc="right", fontsize=8, color="#777777")


def _title(figure: Any, axes: Any, diarization: Diarization, kind: str) -> None:
    """The name on the left, as much of it as there is room for beside the facts on the right."""
    count = len(diarization.speakers)
    facts = f"{count} speaker{'' if count == 1 else 's'}, {clock(diarization.speech_time())} of speech"
    if diarization.audio_length:
        facts += f" in {clock(diarization.audio_length)}"
    name = _label(diarization.recording_id, 0, kind, 50)
    left = axes.set_title(name, loc="left", fontsize=12, fontweight="bold", parse_math=False)
    right = axes.set_title(facts, loc="right", fontsize=10, color="#555555")
    figure.draw_without_rendering()  # lays it out
    room = axes.get_window_extent().width - right.get_window_extent().width - TITLE_GAP * figure.dpi
    while left.get_window_extent().width > room and len(name) > 2:
        name = name[:-2] + "…"
        left.set_text(name)


def _label(name: str, number: int, kind: str, longest: int = LONGEST_LABEL) -> str:
    """A name as it can be drawn: on one line, not too long, without what no font here has.

    A PNG shows a box for such a character, and the speaker's number so that they can be told apart.
    """
    name = printable(name)
    if len(name) > longest:
        name = name[: longest - 1] + "…"
    if kind == "svg":
        return name
    drawn = with_glyphs(name)
    return drawn if drawn == name or not number else f"{number}: {drawn}"

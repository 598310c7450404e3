"""The timeline of one recording: a lane a speaker, errors under them, in rows one below the other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.arrays import Floats
from diarist.evaluation.report.colours import speaker_colour
from diarist.evaluation.report.scene import (
    Bars,
    Label,
    Line,
    Mark,
    Rectangle,
    Scene,
    name_label,
    swatches,
    text_width,
)
from diarist.evaluation.report.timelines import (
    COLLAR,
    CONFUSION,
    ERROR_KINDS,
    FALSE_ALARM,
    MISSED,
    NOT_SCORED,
    RecordingLayout,
    error_stretches,
    turns_by_speaker,
)
from diarist.evaluation.tables import percent
from diarist.timeline import clock, tick_step

if TYPE_CHECKING:
    from diarist.evaluation.corpus import Side
    from diarist.evaluation.scores import RecordingScore

WIDTH = 960.0
ROW_SECONDS = 600.0  # a longer recording is split into rows
MAX_ROWS = 6  # what is longer still gets longer rows
MAX_REFERENCE_LANES = 14
MAX_UNMAPPED_LANES = 4  # hypothesis speakers who stand for nobody

_COLOURS = {
    MISSED: "missed",
    FALSE_ALARM: "false_alarm",
    CONFUSION: "confusion",
    COLLAR: "collar",
    NOT_SCORED: "not_scored",
}
_WIDEST_NAME = 150.0
_LANE, _BAR = 25.0, 10.0
_STRIP = 12.0
_ROW_GAP = 14.0
_PALE = 0.55  # of the hypothesis' bars, beneath those of the reference
_NEAR = 0.4  # pixels between two bars that are drawn as one
_THINNEST = 0.8  # pixels of a bar, so that what is short does not vanish


@dataclass(frozen=True, eq=False)
class Lane:
    """A reference speaker and whoever stands for them; or one of the two, or what is left of many.

    Attributes:
        reference: name; ``""`` where nobody is.
        hypothesis: the same.
        colour: of both.
        reference_spans: starts and ends in seconds ``[N, 2]``.
        hypothesis_spans: the same.
    """

    reference: str
    hypothesis: str
    colour: str
    reference_spans: Floats
    hypothesis_spans: Floats

    @property
    def height(self) -> float:
        """Pixels: as many as its bars need."""
        return _LANE if self.reference and self.hypothesis else _LANE - _BAR - 1


def lanes_of(layout: RecordingLayout) -> list[Lane]:
    """Reference speakers in the order in which they first speak, with those who stand for them; then
    hypothesis speakers who stand for nobody. Where there are too many, those who speak least share a lane.
    """
    ours, theirs = layout.corpus.reference, layout.corpus.hypothesis
    our_spans, their_spans = _spans(layout, ours), _spans(layout, theirs)
    mapping = layout.mapping
    shown, rest = _longest(range(len(ours.speakers)), our_spans, MAX_REFERENCE_LANES)
    lanes = [
        Lane(
            ours.speakers[speaker],
            theirs.speakers[mapping[speaker]] if speaker in mapping else "",
            speaker_colour(number),
            our_spans[speaker],
            their_spans[mapping[speaker]] if speaker in mapping else np.zeros((0, 2)),
        )
        for number, speaker in enumerate(shown)
    ]
    if rest:
        partners = [mapping[speaker] for speaker in rest if speaker in mapping]
        lanes.append(_shared_lane(rest, our_spans, partners, their_spans))
    alone = sorted(set(range(len(theirs.speakers))) - set(mapping.values()))
    shown, rest = _longest(alone, their_spans, MAX_UNMAPPED_LANES)
    lanes += [
        Lane("", theirs.speakers[speaker], "nobody", np.zeros((0, 2)), their_spans[speaker])
        for speaker in shown
    ]
    return [*lanes, _shared_lane([], our_spans, rest, their_spans)] if rest else lanes


def timeline_scene(layout: RecordingLayout, score: RecordingScore, heading: str = "") -> Scene:
    """The picture of one recording's scored region.

    Args:
        layout: the recording.
        score: its figures, for the text that stands for the picture.
        heading: shown over it.
    """
    lanes = lanes_of(layout)
    errors = {kind: stretches.spans for kind, stretches in error_stretches(layout).items()}
    strips = [kind for kind in (*ERROR_KINDS, COLLAR, NOT_SCORED) if kind in ERROR_KINDS or len(errors[kind])]
    names = [*strips, *(name for lane in lanes for name in (lane.reference, lane.hypothesis))]
    left = min(_WIDEST_NAME, max(text_width(name, 10.5) for name in names)) + 12
    start, end = layout.extent
    rows = rows_of(start, end)
    longest = rows[0][1] - rows[0][0]
    scale = (WIDTH - 8 - left) / longest
    top = 44.0 if heading else 22.0
    marks: list[Mark] = [Label(0, 16, heading, 14, bold=True)] if heading else []
    marks += _legend(left, top - 8)
    row_height = math.fsum(lane.height for lane in lanes) + _STRIP * len(strips) + 24 + _ROW_GAP
    for first, last in rows:
        canvas = _Row(first, last, left, top, scale)
        marks += _row(canvas, lanes, {kind: errors[kind] for kind in strips}, tick_step(longest))
        top += row_height
    return Scene(WIDTH, top - _ROW_GAP, tuple(marks), _alt(lanes, score, start, end))


@dataclass(frozen=True, slots=True)
class _Row:
    """A stretch of the recording and its place in the picture."""

    first: float
    last: float
    left: float
    top: float
    scale: float

    def x(self, seconds: float) -> float:
        return self.left + (seconds - self.first) * self.scale

    @property
    def right(self) -> float:
        return self.x(self.last)


def rows_of(start: float, end: float) -> list[tuple[float, float]]:
    """First and last second of each row; all but the last are equally long, a whole number of ticks."""
    length = end - start
    number = min(MAX_ROWS, math.ceil(length / ROW_SECONDS))
    if number <= 1:
        return [(start, end)]
    step = tick_step(length / number)
    long = step * math.ceil(length / number / step - 1e-9)
    return [
        (start + k * long, min(end, start + (k + 1) * long)) for k in range(math.ceil(length / long - 1e-9))
    ]


def _row(row: _Row, lanes: Sequence[Lane], errors: dict[str, Floats], step: float) -> Iterator[Mark]:
    top = row.top
    bottom = top + math.fsum(lane.height for lane in lanes) + _STRIP * len(errors) + 6
    yield from _ticks(row, bottom, step)
    for lane in lanes:
        yield from _lane(row, lane, top)
        top += lane.height
    top += 6
    for kind, spans in errors.items():
        yield name_label(row.left - 8, top + 8.5, kind, row.left, 10, "muted")
        yield Line("rule", ((row.left, top + 5), (row.right, top + 5)), 0.6)
        yield from _bars(row, spans, top, _STRIP - 2, _COLOURS[kind], 1.0)
        top += _STRIP


def _ticks(row: _Row, bottom: float, step: float) -> Iterator[Mark]:
    first = math.ceil(row.first / step - 1e-9)
    last = math.floor(row.last / step + 1e-9)
    for index in range(first, last + 1):
        x = row.x(index * step)
        yield Line("rule", ((x, row.top - 2), (x, bottom + 3)))
        anchor = "end" if x > WIDTH - 24 else "middle"
        yield Label(x, bottom + 14, clock(index * step), 10, "muted", anchor)  # type: ignore[arg-type]


def _lane(row: _Row, lane: Lane, top: float) -> Iterator[Mark]:
    pale = _PALE if lane.reference else 1.0
    for name, spans, opacity, ink in (
        (lane.reference, lane.reference_spans, 1.0, "ink"),
        (lane.hypothesis, lane.hypothesis_spans, pale, "muted"),
    ):
        if name:
            yield name_label(row.left - 8, top + 9.5, name, row.left - 8, 10, ink)
            yield from _bars(row, spans, top + 1, _BAR, lane.colour, opacity)
            top += _BAR + 1


def _bars(row: _Row, spans: Floats, top: float, height: float, colour: str, opacity: float) -> Iterator[Mark]:
    """Those that lie in the row; what is nearer than can be seen is drawn as one."""
    kept = spans[(spans[:, 1] > row.first) & (spans[:, 0] < row.last)]
    if not len(kept):
        return
    order = np.argsort(kept[:, 0], kind="stable")
    starts = np.maximum(kept[order, 0], row.first)
    reach = np.maximum.accumulate(np.minimum(kept[order, 1], row.last))
    begins = np.concatenate([[True], starts[1:] - reach[:-1] > _NEAR / row.scale])
    lefts = row.x(0.0) + starts[begins] * row.scale
    rights = row.x(0.0) + reach[np.append(np.flatnonzero(begins)[1:] - 1, len(reach) - 1)] * row.scale
    widths = np.maximum(rights - lefts, _THINNEST)
    boxes: list[Rectangle] = [
        (left, top, width, height) for left, width in zip(lefts.tolist(), widths.tolist(), strict=True)
    ]
    yield Bars(colour, tuple(boxes), opacity)


def _legend(left: float, y: float) -> Iterator[Mark]:
    yield Bars(speaker_colour(0), ((left, y - 9, 16, 5),))
    yield Bars(speaker_colour(0), ((left, y - 3, 16, 5),), _PALE)
    text = "above: reference, below and paler: hypothesis"
    yield Label(left + 22, y, text, 10.5, "muted")
    entries = [(_COLOURS[kind], kind) for kind in ERROR_KINDS]
    yield from swatches(left + 50 + text_width(text, 10.5), y, entries, 10.5)


def _spans(layout: RecordingLayout, side: Side) -> list[Floats]:
    return [
        np.column_stack([layout.seconds(starts), layout.seconds(ends)])
        for starts, ends in turns_by_speaker(side)
    ]


def _longest(speakers: Sequence[int], spans: Sequence[Floats], most: int) -> tuple[list[int], list[int]]:
    """Those who get a lane of their own, in the order in which they first speak, and the others."""
    by_time = sorted(speakers, key=lambda speaker: -float(np.sum(spans[speaker] @ [-1.0, 1.0])))
    number = most if len(by_time) <= most else most - 1
    first = {speaker: float(np.min(spans[speaker], initial=math.inf)) for speaker in by_time}
    return sorted(by_time[:number], key=first.__getitem__), by_time[number:]


def _shared_lane(
    ours: Sequence[int], our_spans: Sequence[Floats], theirs: Sequence[int], their_spans: Sequence[Floats]
) -> Lane:
    empty = np.zeros((0, 2))
    return Lane(
        f"{len(ours)} others" if ours else "",
        f"{len(theirs)} others" if theirs else "",
        "nobody",
        np.concatenate([empty, *(our_spans[speaker] for speaker in ours)]),
        np.concatenate([empty, *(their_spans[speaker] for speaker in theirs)]),
    )


def _alt(lanes: Sequence[Lane], score: RecordingScore, start: float, end: float) -> str:
    whole = score.components
    der = "DER undefined" if whole.der is None else f"DER {percent(whole.der)} %"
    pairs = [f"{lane.reference} found as {lane.hypothesis or 'nobody'}" for lane in lanes if lane.reference]
    pairs += [f"{lane.hypothesis} stands for nobody" for lane in lanes if not lane.reference]
    return (
        f"Timeline of {score.recording_id} from {clock(start)} to {clock(end)}: {der}, "
        f"missed {whole.missed:.1f} s, false alarm {whole.false_alarm:.1f} s, "
        f"confusion {whole.confusion:.1f} s of {whole.total:.1f} s of speech. "
        f"{'; '.join(pairs)}."
    )

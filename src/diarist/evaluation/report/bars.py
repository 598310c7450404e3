"""DER by component, one bar a recording."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from diarist.evaluation.report.contents import COMPONENTS
from diarist.evaluation.report.scene import (
    Area,
    Bars,
    Label,
    Line,
    Mark,
    Scene,
    name_label,
    round_step,
    swatches,
    text_width,
)
from diarist.evaluation.tables import percent

if TYPE_CHECKING:
    from diarist.evaluation.components import Components
    from diarist.evaluation.scores import RecordingScore

WIDTH = 960.0
WORDS = {"missed": "missed", "false_alarm": "false alarm", "confusion": "confusion"}

_TOP = 48.0  # legend and axis
_WIDEST_NAME = 240.0
_LONGEST = 4.0  # a bar longer than this many medians is cut, so that the others can be read
_MAX_TICKS = 8


def error_bars(shown: Sequence[RecordingScore], overall: Components | None) -> Scene:
    """A bar a recording, or a system, and a line at the DER of all.

    Args:
        shown: from above to below.
        overall: of all recordings, also those that are not shown; ``None`` draws no line.
    """
    pitch = 26.0 if len(shown) <= 20 else 19.0
    names = max((text_width(recording.recording_id) for recording in shown), default=0.0)
    left = min(names, _WIDEST_NAME) + 12
    longest = longest_bar(shown)
    figures = (f"{percent(recording.components.der)} %" for recording in shown)
    right = WIDTH - max(map(text_width, figures), default=0.0) - 10
    scale = (right - left) / longest
    bottom = _TOP + pitch * max(len(shown), 1)
    marks = [*swatches(left, 12, [(name, WORDS[name]) for name in COMPONENTS])]
    marks += _axis(left, scale, longest, bottom)
    if overall is not None and overall.der is not None and overall.der <= longest:
        marks += _line(overall.der, left + overall.der * scale, bottom)
    for row, recording in enumerate(shown):
        middle = _TOP + pitch * (row + 0.5)
        marks.append(name_label(left - 10, middle + 4, recording.recording_id, left - 12))
        marks += _bar(recording, left, scale, longest, middle, pitch * 0.62)
    return Scene(WIDTH, bottom + 18, tuple(marks), _alt(shown, overall))


def longest_bar(shown: Sequence[RecordingScore]) -> float:
    """The DER at which the axis ends; a longer bar is cut."""
    known = [recording.components.der for recording in shown if recording.components.der]
    if not known:
        return 0.1
    limit = min(max(known), _LONGEST * statistics.median(known))
    step = round_step(limit, _MAX_TICKS)
    return step * math.ceil(limit / step - 1e-9)


def _axis(left: float, scale: float, longest: float, bottom: float) -> Iterator[Mark]:
    step = round_step(longest, _MAX_TICKS)
    for index in range(math.floor(longest / step + 1e-9) + 1):
        x = left + index * step * scale
        yield Line("rule", ((x, _TOP - 4), (x, bottom)))
        yield Label(x, _TOP - 9, f"{100 * index * step:g} %", 10, "muted", "middle")


def _bar(
    recording: RecordingScore, left: float, scale: float, longest: float, middle: float, height: float
) -> Iterator[Mark]:
    components = recording.components
    if components.der is None:
        wrong = f", {components.false_alarm:.1f} s of false alarm" if components.false_alarm else ""
        text = f"undefined: no reference speech{wrong}"
        yield Bars("paper", ((left + 1, middle - 8, text_width(text) + 6, 16),))
        yield Label(left + 4, middle + 4, text, 11, "muted")
        return
    reach = 0.0
    for name in COMPONENTS:
        rate = getattr(components, name) / components.total
        begin, end = min(reach, longest), min(reach + rate, longest)
        reach += rate
        if end > begin:
            title = f"{recording.recording_id}: {WORDS[name]} {percent(rate)} %"
            box = (left + begin * scale, middle - height / 2, (end - begin) * scale, height)
            yield Bars(name, (box,), title=title)
    right = left + min(reach, longest) * scale
    if reach > longest * (1 + 1e-9):  # the end of a bar that is cut is torn
        notch = ((right - 9, middle - height / 2), (right - 3, middle - height / 2))
        yield Area("paper", (*notch, (right - 6, middle + height / 2), (right - 12, middle + height / 2)))
    text = f"{percent(components.der)} %"
    yield Bars("paper", ((right + 2, middle - 8, text_width(text) + 6, 16),))  # over the lines of the axis
    yield Label(right + 6, middle + 4, text, 11, "ink")


def _line(der: float, x: float, bottom: float) -> Iterator[Mark]:
    yield Line("ink", ((x, _TOP - 4), (x, bottom + 3)), dashed=True)
    text = f"overall {percent(der)} %"
    half = text_width(text, 10) / 2
    yield Label(min(max(x, half), WIDTH - half), bottom + 14, text, 10, "ink", "middle")


def _alt(shown: Sequence[RecordingScore], overall: Components | None) -> str:
    whole = "" if overall is None else f" {_in_words(overall)} overall; {len(shown)} recordings are shown."
    parts = [f"DER by component.{whole}"]
    parts += [f"{one.recording_id}: {_in_words(one.components)}." for one in shown]
    return " ".join(parts)


def _in_words(components: Components) -> str:
    if components.der is None:
        return f"undefined, {components.error_time:.1f} s of errors"
    rates = ", ".join(
        f"{WORDS[name]} {percent(getattr(components, name + '_rate'))} %" for name in COMPONENTS
    )
    return f"{percent(components.der)} % ({rates})"

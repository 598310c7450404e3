"""Confusion between speakers as a picture: a row a reference speaker, a column a hypothesis speaker."""

from __future__ import annotations

import math
from collections.abc import Iterator

from diarist.evaluation.report.attribution import Attribution
from diarist.evaluation.report.scene import (
    Bars,
    Label,
    Line,
    Mark,
    Scene,
    name_label,
    seconds_or_clock,
    short,
    text_width,
)

_CELL, _PITCH = 62.0, 28.0
_TOP = 60.0
_TIMES = 54.0  # pixels for the time of a speaker, beside the name
_WIDEST_NAME = 150.0
_STRONGEST = 0.42  # opacity of a cell that is all of a speaker's time: text on it has a contrast of 4.5 to 1
_SHOWN_FROM = 0.05  # seconds


def confusion_scene(attribution: Attribution, heading: str = "") -> Scene:
    """The picture of whose speech went to whom.

    Args:
        attribution: the times.
        heading: shown over it.
    """
    rows, columns = attribution.reference, attribution.hypothesis
    top = _TOP + (26 if heading else 0)
    left = min(_WIDEST_NAME, max(text_width(name, 10.5) for name in (*rows, "false alarm"))) + 8 + _TIMES
    marks: list[Mark] = [Label(0, 16, heading, 14, bold=True)] if heading else []
    marks += _heads(attribution, left, top)
    for row in range(len(rows) + 1):
        for column in range(len(columns) + 1):
            if row < len(rows) or column < len(columns):
                marks += _cell(attribution, row, column, left + column * _CELL, top + row * _PITCH)
    width = max(left + _CELL * (len(columns) + 1) + 4, text_width(heading, 14) * 1.1, 300.0)
    return Scene(width, top + _PITCH * (len(rows) + 1) + 4, tuple(marks), _alt(attribution))


def _heads(attribution: Attribution, left: float, top: float) -> Iterator[Mark]:
    yield Label(left, top - 42, "hypothesis →", 10.5, "muted")
    yield Label(0, top - 8, "reference ↓", 10.5, "muted")
    times = [*attribution.hypothesis_time.tolist(), None]
    for column, (name, time) in enumerate(zip((*attribution.hypothesis, "missed"), times, strict=True)):
        middle = left + (column + 0.5) * _CELL
        text = short(name, _CELL - 4, 10)
        yield Label(middle, top - 21, text, 10, "ink", "middle", title=name if text != name else "")
        if time is not None:
            yield Label(middle, top - 8, seconds_or_clock(time), 10, "muted", "middle")
    times = [*attribution.reference_time.tolist(), None]
    for row, (name, time) in enumerate(zip((*attribution.reference, "false alarm"), times, strict=True)):
        y = top + (row + 0.5) * _PITCH + 4
        yield name_label(left - _TIMES, y, name, left - _TIMES, 10.5)
        if time is not None:
            yield Label(left - 8, y, seconds_or_clock(time), 10, "muted", "end")


def _cell(attribution: Attribution, row: int, column: int, left: float, top: float) -> Iterator[Mark]:
    """Coloured by the kind, the stronger the greater the share of the reference speaker's time is; in the
    row of false alarm, of the hypothesis speaker's."""
    seconds, kind = _content(attribution, row, column)
    is_alarm = row == len(attribution.reference)
    whole = attribution.hypothesis_time[column] if is_alarm else attribution.reference_time[row]
    share = min(1.0, seconds / float(whole)) if whole > 0 else 0.0
    box = (left + 1, top + 1, _CELL - 2, _PITCH - 2)
    yield Bars("rule", (box,), 0.4)
    if seconds >= _SHOWN_FROM:
        names = ((*attribution.reference, "false alarm")[row], (*attribution.hypothesis, "missed")[column])
        title = f"{names[0]}, {names[1]}: {seconds:.2f} s, {100 * share:.1f} %"
        yield Bars(kind, (box,), _STRONGEST * math.sqrt(share), title)  # the root: small ones are seen
        yield Label(left + _CELL / 2, top + _PITCH / 2 + 4, seconds_or_clock(seconds), 10.5, anchor="middle")
    if not is_alarm and column == attribution.partners[row]:
        right, bottom = left + _CELL - 1, top + _PITCH - 1
        corners = ((left + 1, top + 1), (right, top + 1), (right, bottom), (left + 1, bottom))
        yield Line("ink", (*corners, corners[0], corners[1]), 1.6)


def _content(attribution: Attribution, row: int, column: int) -> tuple[float, str]:
    """Seconds of a cell, and the kind that most of them are of."""
    if row == len(attribution.reference):
        return float(attribution.false_alarm[column]), "false_alarm"
    if column == len(attribution.hypothesis):
        return float(attribution.missed[row]), "missed"
    right, wrong = float(attribution.right[row, column]), float(attribution.confusion[row, column])
    return right + wrong, "right" if right > wrong else "confusion"


def _alt(attribution: Attribution) -> str:
    columns = len(attribution.hypothesis)
    rows = []
    for row, name in enumerate((*attribution.reference, "False alarm")):
        cells = []
        for column, other in enumerate((*attribution.hypothesis, "missed")):
            if row < len(attribution.reference) or column < columns:
                seconds, kind = _content(attribution, row, column)
                word = " right" if kind == "right" else ""
                cells += [f"{other} {seconds:.1f} s{word}"] if seconds >= _SHOWN_FROM else []
        rows.append(f"{name}: {', '.join(cells) or 'nothing'}.")
    return f"Whose speech was given to whom. {' '.join(rows)}"

"""What a reader should see first in the pictures of a recording, in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.report.contents import COMPONENTS
from diarist.evaluation.report.lanes import rows_of
from diarist.evaluation.report.timelines import ERROR_KINDS, RecordingLayout, Stretches, error_stretches
from diarist.evaluation.tables import percent
from diarist.timeline import clock, tick_step

if TYPE_CHECKING:
    from diarist.evaluation.components import Components
    from diarist.evaluation.report.attribution import Attribution

SHORTEST_TO_SPLIT = 60.0  # seconds; in a shorter recording there is no part to point to
_AS_GOOD_AS_NONE = 0.05  # seconds


def on_errors(layout: RecordingLayout, components: Components) -> str:
    """Which error there is most of, and where."""
    if components.error_time < _AS_GOOD_AS_NONE:
        return "There are no errors."
    most = max(COMPONENTS, key=lambda name: getattr(components, name))
    word = {"missed": "missed speech", "false_alarm": "false alarm", "confusion": "confusion"}[most]
    says = f"{percent(getattr(components, most) / components.error_time, 0)} % of the error time is {word}."
    start, end = layout.extent
    if end - start < SHORTEST_TO_SPLIT:
        return says
    errors = error_stretches(layout)
    first, last, seconds = worst_part(start, end, [errors[kind] for kind in ERROR_KINDS])
    return f"{says} The worst part is from {clock(first)} to {clock(last)}, with {seconds:.1f} s of errors."


def on_confusion(attribution: Attribution) -> str:
    """Who was most taken for whom."""
    if attribution.confusion.sum() < _AS_GOOD_AS_NONE:
        return "There is no confusion."
    rows, columns = attribution.num_alone
    confusion = attribution.confusion[:rows, :columns]
    if not confusion.size or confusion.max() < _AS_GOOD_AS_NONE:
        return "The confusion is among those who speak least."
    row, column = divmod(int(confusion.argmax()), confusion.shape[1])
    seconds = float(confusion[row, column])
    ours, theirs = attribution.reference[row], attribution.hypothesis[column]
    return f"The largest confusion of two: {seconds:.1f} s of {ours} were given to {theirs}."


def worst_part(start: float, end: float, errors: Iterable[Stretches]) -> tuple[float, float, float]:
    """Of the parts between the ticks of the picture, the one with the most error time: its first and last
    second, and the error time in it."""
    first, last = rows_of(start, end)[0]
    step = tick_step(last - first)
    edges = np.arange(math.floor(start / step + 1e-9), math.ceil(end / step - 1e-9) + 1) * step
    sums = np.zeros(len(edges) - 1)
    for stretches in errors:
        if len(stretches.speakers):
            lengths = (stretches.spans[:, 1] - stretches.spans[:, 0]) * stretches.speakers
            reached = np.cumsum(lengths)
            known = np.column_stack([reached - lengths, reached]).ravel()
            sums += np.diff(np.interp(edges, stretches.spans.ravel(), known))
    worst = int(np.argmax(sums))
    return max(start, float(edges[worst])), min(end, float(edges[worst + 1])), float(sums[worst])

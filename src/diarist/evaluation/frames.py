"""Times as numbers of frames, for figures to set beside those that dscore counts.

Frame ``k`` begins at ``k * step`` and belongs to a turn if ``start <= k * step < end``; the frame in which
a region ends is left out. All of that is exact here. dscore computes ``k * step`` and ``start + length`` in
floating point, so that a boundary that lies on the grid may fall into either frame, and the same turns
written in another way may score otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.arrays import Ints

if TYPE_CHECKING:
    from diarist.evaluation.corpus import RegionTimes, Side


def side_on_frames(side: Side, step: int) -> Side:
    """The turns that hold a frame, their times as numbers of frames.

    Args:
        side: times in ticks of the recordings' own time.
        step: ticks.
    """
    starts, ends = _first_frame(side.starts, step), _first_frame(side.ends, step)
    kept = ends > starts
    return replace(side, turn_speakers=side.turn_speakers[kept], starts=starts[kept], ends=ends[kept])


def regions_on_frames(regions: RegionTimes, step: int) -> RegionTimes:
    """Regions as numbers of frames; the frame in which a recording's last one ends is left out."""
    owner, starts, ends = regions
    last = np.zeros(int(owner.max(initial=-1)) + 1, np.int64)
    np.maximum.at(last, owner, ends // step)
    ends = np.minimum(_first_frame(ends, step), last[owner])
    return owner, np.minimum(_first_frame(starts, step), ends), ends


def _first_frame(times: Ints, step: int) -> Ints:
    """The first frame that begins at each time or later."""
    return -(-times // step)

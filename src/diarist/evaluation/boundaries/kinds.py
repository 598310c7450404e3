"""What happens at a boundary: a speech edge, a speaker change, or overlap.

The kind of a boundary is decided on the turns of its own side alone, by one number. For a start at
``t``, take the latest end among the turns of other speakers that begin before ``t``: the *reach* of
the others is how far that end lies after ``t`` (below 0: before it). For an end, the same with time
reversed. With ``change_gap`` seconds allowed either way, the boundary is

- a **speech edge** where the reach is below ``-change_gap``: nobody else speaks that near on its outer
  side. Who starts at the same instant or later makes no difference to a start;
- a **speaker change** where the reach is from ``-change_gap`` to ``change_gap``: another speaker hands
  over, after a pause or in an overlap that are no longer than that;
- **overlap** where the reach is above ``change_gap``: somebody who was speaking already goes on.

Turns of one speaker that touch are one here, so that a cut in the middle of somebody's speech does not
look like the end of it. A pause in it does, however short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diarist.evaluation.arrays import Ints

if TYPE_CHECKING:
    from diarist.evaluation.corpus import Side

KINDS = ("speech edge", "speaker change", "overlap")

_SAME_INSTANT = 1  # tick: what rounding leaves between two turns that touch
_NEVER = -(1 << 62)  # before all ticks of an axis, and differences to them do not overflow


def boundary_kinds(side: Side, origins: Ints, change_gap: int) -> tuple[Ints, Ints]:
    """Kinds of the starts and of the ends of a side's turns, as indices into :data:`KINDS` ``[N]``.

    Args:
        side: whose turns.
        origins: where each recording's stretch of the axis begins ``[R + 1]``.
        change_gap: ticks.
    """
    speakers, starts, ends = _stretches(side)
    owner, own = side.turn_recordings, side.turn_speakers
    before = _latest_end(speakers, starts, ends, own, side.starts)
    after = _latest_end(speakers, -ends, -starts, own, -side.ends)
    return (
        _kinds(before, side.starts, origins[owner], change_gap),
        _kinds(after, -side.ends, -origins[owner + 1], change_gap),
    )


def _kinds(latest: Ints, times: Ints, begin: Ints, gap: int) -> Ints:
    """Kinds by the reach of the others; what lies before ``begin`` is of another recording."""
    reach = np.where(latest < begin, _NEVER, latest) - times
    return (reach >= -gap).astype(np.int64) + (reach > gap)


def _stretches(side: Side) -> tuple[Ints, Ints, Ints]:
    """Speaker, start and end of stretches without a pause, each one turn or several that touch."""
    order = np.lexsort((side.starts, side.turn_speakers))
    speakers, starts, ends = side.turn_speakers[order], side.starts[order], side.ends[order]
    apart = (speakers[1:] != speakers[:-1]) | (starts[1:] > ends[:-1] + _SAME_INSTANT)
    cuts = np.flatnonzero(apart)
    first, last = np.append(0, cuts + 1)[: len(starts)], np.append(cuts, len(starts) - 1)[: len(starts)]
    return speakers[first], starts[first], ends[last]


def _latest_end(speakers: Ints, starts: Ints, ends: Ints, own: Ints, times: Ints) -> Ints:
    """The latest end of a stretch that starts before each time, of all speakers but ``own`` ``[N]``.

    Args:
        speakers: of the stretches ``[M]``.
        starts: of them.
        ends: of them.
        own: the speaker who does not count, for each time ``[N]``.
        times: ``[N]``.
    """
    if not len(starts):
        return np.full(len(times), _NEVER)
    order = np.argsort(starts, kind="stable")
    speakers, starts, ends = speakers[order], starts[order], ends[order]
    latest = np.maximum.accumulate(ends)
    before = np.append(_NEVER, latest[:-1])
    leader = speakers[np.maximum.accumulate(np.where(ends > before, np.arange(len(ends)), 0))]
    # Of a new stretch and the leader, the one that ends first has lost, unless both are one speaker's.
    # The best of all losers so far is never the leader's own: whoever takes the lead beats another
    # speaker, and that loser is the best of them.
    rivals = speakers[1:] != leader[:-1]
    lost = np.append(_NEVER, np.where(rivals, np.minimum(ends[1:], latest[:-1]), _NEVER))
    second = np.maximum.accumulate(lost)
    place = np.searchsorted(starts, times) - 1
    found = np.where(leader[place] == own, second[place], latest[place])
    return np.where(place < 0, _NEVER, found)

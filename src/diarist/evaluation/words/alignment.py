"""Which word of a hypothesis stands for which word of a reference: the alignment of fewest errors.

Costs lie on a grid: that of the cell ``(i, j)`` is what it costs to align the first ``i`` words of the
reference with the first ``j`` of the hypothesis (Levenshtein 1966; Wagner and Fischer, "The
string-to-string correction problem", J. ACM 21, 1974). The grid of a long recording does not fit into
memory, so

* it is walked along its diagonals ``i + j = s``, whose cells depend on the two diagonals before alone;
* only cells are visited that an alignment of at most ``limit`` errors can pass (Ukkonen, "Algorithms for
  approximate string matching", Information and Control 64, 1985). Where the best one inside has more,
  the limit is doubled: the result is exact;
* a few diagonals are kept on the way there; on the way back, what lies between two of them is computed
  again as far as the way back can lead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diarist.evaluation.arrays import Ints

FIRST_LIMIT = 16  # the first guess is one error in so many words of both sides
SMALLEST_LIMIT = 64  # errors; so that a band is never narrower than one way through it
IMPOSSIBLE = 1 << 62  # a cost; two of them can be added


@dataclass(frozen=True, slots=True)
class WordCosts:
    """What errors cost. The sum of whatever counts less stays below one unit of what counts more.

    Attributes:
        error: of a word without a partner, and of a pair of different words.
        substitution: of the latter, in addition.
        farthest: the most that a pair costs for its distance in time.
    """

    error: int
    substitution: int
    farthest: int


def word_costs(num_reference: int, num_hypothesis: int, farthest: int) -> WordCosts:
    """Costs whose sums stay below 2**62 for so many words, if need be with a lesser ``farthest``."""
    pairs, longest = min(num_reference, num_hypothesis), max(num_reference, num_hypothesis)
    room = IMPOSSIBLE // ((longest + 2) * (pairs + 1)) - 1
    farthest = min(farthest, room // max(pairs, 1))
    substitution = pairs * farthest + 1
    return WordCosts((pairs + 1) * substitution, substitution, farthest)


def align_words(
    reference: Ints,
    hypothesis: Ints,
    reference_times: Ints | None = None,
    hypothesis_times: Ints | None = None,
    *,
    farthest: int = 0,
) -> tuple[Ints, Ints]:
    """The pairs of the alignment with the fewest insertions, deletions and substitutions.

    Among those with equally few, the one with the fewest substitutions; among those, where both sides
    have times, the one whose pairs start closest together. What is still equal is decided by the place
    of the words, never by anything else.

    For ``N`` and ``M`` words and ``D`` errors, the time grows with ``(N + M) D`` and the memory with
    ``D`` times the root of ``N + M``.

    Args:
        reference: numbers that stand for words ``[N]``; equal words have equal numbers.
        hypothesis: the same ``[M]``.
        reference_times: when the words start, whole numbers in any unit ``[N]``.
        hypothesis_times: the same ``[M]``.
        farthest: in that unit; pairs that are farther apart count as if they were so far. It is less
            where costs of 62 bits need it: 6000 holds up to 91,000 words a side, and 576 is left of it
            at 200,000.

    Returns:
        Indices into the reference ``[P]`` and into the hypothesis ``[P]``, both rising: words that are
        the same or substituted. All others are deletions and insertions.
    """
    times = None
    if reference_times is not None and hypothesis_times is not None:
        times = (reference_times, hypothesis_times[::-1].copy())
    costs = word_costs(len(reference), len(hypothesis), farthest if times is not None else 0)
    difference = len(hypothesis) - len(reference)
    limit = abs(difference) + max(SMALLEST_LIMIT, (len(reference) + len(hypothesis)) // FIRST_LIMIT)
    while True:
        slack = (limit - abs(difference)) // 2
        band = (min(0, difference) - slack, max(0, difference) + slack)
        grid = _Grid(reference, hypothesis[::-1].copy(), times, costs, band)
        cost, kept = grid.forward()
        if cost // costs.error <= limit:
            return grid.back(kept)
        limit *= 2


@dataclass(frozen=True, eq=False)
class _Part:
    """Costs along one diagonal from the place ``first`` of a buffer on, the guards beside them included."""

    first: int
    costs: Ints

    def at(self, i: int) -> int:
        """The cost of the cell of ``i``; what was not visited is impossible."""
        place = i + 1 - self.first
        return int(self.costs[place]) if 0 <= place < len(self.costs) else IMPOSSIBLE


@dataclass(frozen=True, eq=False)
class _Grid:
    """The cells ``(i, j)`` with ``j - i`` inside ``band``, its ends included.

    A diagonal is a buffer of ``N + 3`` costs: the cell of ``i`` is at the place ``i + 1``, and a guard
    that costs what is impossible stands on each side of the cells that are visited. The hypothesis is
    reversed, so that both texts are read forward along a diagonal.
    """

    reference: Ints
    hypothesis: Ints
    times: tuple[Ints, Ints] | None
    costs: WordCosts
    band: tuple[int, int]

    @property
    def last(self) -> int:
        """The number of the last diagonal, whose one cell is ``(N, M)``."""
        return len(self.reference) + len(self.hypothesis)

    @property
    def spacing(self) -> int:
        """Diagonals from one that is kept to the next."""
        return 64 + 4 * math.isqrt(self.last)

    def bounds(self, s: int) -> tuple[int, int]:
        """The first and the last ``i`` of a diagonal."""
        low, high = self.band
        return (
            max(0, s - len(self.hypothesis), -((high - s) // 2)),
            min(len(self.reference), s, (s - low) // 2),
        )

    def buffer(self) -> Ints:
        """A diagonal of which no cell has been visited."""
        return np.full(len(self.reference) + 3, IMPOSSIBLE, np.int64)

    def pair_costs(self, s: int, low: int, high: int) -> Ints:
        """What pairing word ``i - 1`` with word ``j - 1`` costs on a diagonal, ``i`` from low to high."""
        shift = len(self.hypothesis) - s
        ours, theirs = slice(low - 1, high), slice(shift + low, shift + high + 1)
        wrong = self.reference[ours] != self.hypothesis[theirs]
        costs: Ints = np.multiply(wrong, self.costs.error + self.costs.substitution, dtype=np.int64)
        if self.times is not None:
            apart = np.abs(self.times[0][ours] - self.times[1][theirs])
            costs += np.minimum(apart, self.costs.farthest, out=apart)
        return costs

    def step(self, s: int, low: int, high: int, older: Ints, newer: Ints, into: Ints) -> None:
        """The cells ``low`` to ``high`` of diagonal ``s``, from the two diagonals before."""
        cells = into[low + 1 : high + 2]
        np.minimum(newer[low : high + 1], newer[low + 1 : high + 2], out=cells)
        cells += self.costs.error
        first, last = max(low, 1), min(high, s - 1)  # elsewhere i or j is 0: there is nothing to pair
        if first <= last:
            paired = self.pair_costs(s, first, last)
            paired += older[first : last + 1]
            inner = cells[first - low : last - low + 1]
            np.minimum(inner, paired, out=inner)
        into[low] = into[high + 2] = IMPOSSIBLE

    def forward(self) -> tuple[int, list[tuple[int, _Part, _Part]]]:
        """The cost of the best alignment, and some diagonals with those before them, by number."""
        older, newer, into = self.buffer(), self.buffer(), self.buffer()
        newer[1] = 0
        kept = [(0, _Part(0, older[:1].copy()), _Part(0, newer[:3].copy()))]
        for s in range(1, self.last + 1):
            low, high = self.bounds(s)
            self.step(s, low, high, older, newer, into)
            older, newer, into = newer, into, older
            if s % self.spacing == 0:
                part = slice(max(low - 1, 0), high + 3)
                kept.append((s, _Part(part.start, older[part].copy()), _Part(part.start, newer[part].copy())))
        return int(newer[len(self.reference) + 1]), kept

    def back(self, kept: list[tuple[int, _Part, _Part]]) -> tuple[Ints, Ints]:
        """The pairs on the best way, found from its end."""
        i, s = len(self.reference), self.last
        pairs: list[tuple[int, int]] = []
        for start, older, newer in reversed(kept):
            if s <= start:
                continue
            parts = self.again(start, older, newer, i, s)
            while s > start:
                before, i = self.backstep(parts, start, i, s)
                if before == s - 2:
                    pairs.append((i, before - i))
                s = before
        chosen = np.array(pairs[::-1], np.int64).reshape(-1, 2)
        return chosen[:, 0], chosen[:, 1]

    def again(self, start: int, older: _Part, newer: _Part, i: int, s: int) -> list[_Part]:
        """The diagonals ``start - 1`` to ``s``, as far as the cell of ``i`` on the last depends on them."""
        left, right, into = self.buffer(), self.buffer(), self.buffer()
        for buffer, part in ((left, older), (right, newer)):
            buffer[part.first : part.first + len(part.costs)] = part.costs
        parts = [older, newer]
        for number in range(start + 1, s + 1):
            low, high = self.bounds(number)
            low, high = max(low, i - (s - start)), min(high, i)
            self.step(number, low, high, left, right, into)
            parts.append(_Part(low, into[low : high + 3].copy()))
            left, right, into = right, into, left
        return parts

    def backstep(self, parts: list[_Part], start: int, i: int, s: int) -> tuple[int, int]:
        """The cell before one on the best way, as its diagonal and its ``i``."""
        here = s - start + 1
        cost, error = parts[here].at(i), self.costs.error
        if 0 < i < s and parts[here - 2].at(i - 1) + int(self.pair_costs(s, i, i)[0]) == cost:
            return s - 2, i - 1
        if i > 0 and parts[here - 1].at(i - 1) + error == cost:
            return s - 1, i - 1
        return s - 1, i

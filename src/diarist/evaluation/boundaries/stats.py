"""How well a group of boundaries was found: errors of those that were matched, and how many were not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from diarist.errors import OptionError
from diarist.evaluation.arrays import Floats

PERCENTILES = (50, 90, 95, 99)  # of the absolute errors, as shown


@dataclass(frozen=True, slots=True)
class Hits:
    """Boundaries matched within one tolerance.

    The two differ only where reference and hypothesis see boundaries of different kinds: a start that
    is a speech edge in one and a speaker change in the other counts as found for the one's kind and
    as right for the other's.

    Attributes:
        reference: boundaries of the reference that were found.
        hypothesis: boundaries of the hypothesis that are right.
    """

    reference: int
    hypothesis: int


@dataclass(frozen=True, eq=False)
class BoundaryStats:
    """Boundaries of one group, of a recording or of several together.

    A value whose denominator is 0 is undefined: ``None``, not 0.

    Attributes:
        num_reference: boundaries of the reference.
        num_hypothesis: boundaries of the hypothesis.
        errors: hypothesis minus reference of the pairs matched within the window, in seconds, above 0
            where the hypothesis is late, in the order of time ``[M]``; a pair belongs to the group that
            its reference boundary belongs to.
        hits: tolerance in seconds → what is matched within it.
    """

    num_reference: int
    num_hypothesis: int
    errors: Floats
    hits: Mapping[float, Hits]

    @property
    def num_matched(self) -> int:
        """Pairs matched within the window, ``M``."""
        return len(self.errors)

    @property
    def bias(self) -> float | None:
        """The mean signed error in seconds; above 0: late."""
        return float(self.errors.mean()) if self.num_matched else None

    @property
    def median_signed(self) -> float | None:
        """The median signed error in seconds."""
        return float(np.median(self.errors)) if self.num_matched else None

    @property
    def standard_deviation(self) -> float | None:
        """Of the signed errors, in seconds, with ``M`` in the denominator."""
        return float(self.errors.std()) if self.num_matched else None

    @property
    def mean_absolute(self) -> float | None:
        """The mean absolute error in seconds."""
        return float(np.abs(self.errors).mean()) if self.num_matched else None

    @property
    def median_absolute(self) -> float | None:
        """The median absolute error in seconds."""
        return self.percentile(50)

    def percentile(self, percent: float) -> float | None:
        """What ``percent`` % of the absolute errors lie below, in seconds, linear between two errors.

        Raises:
            OptionError: if ``percent`` is not from 0 to 100.
        """
        if not 0 <= percent <= 100:
            raise OptionError(f"There is no percentile {percent}.", "Give 0 to 100.")
        return float(np.percentile(np.abs(self.errors), percent)) if self.num_matched else None

    def within(self, tolerance: float) -> float | None:
        """The share of the matched whose error is at most ``tolerance`` seconds, 0 to 1.

        What was not found has no error and does not count here: :meth:`recall` has it.
        """
        return float((np.abs(self.errors) <= tolerance).mean()) if self.num_matched else None

    def recall(self, tolerance: float) -> float | None:
        """The share of the reference's boundaries that are found within ``tolerance`` seconds, 0 to 1.

        The one-to-one matching is made anew within the tolerance. It is not the part of the window's
        matching that lies within it: a wider window matches more pairs in all, and may give away a
        near partner so that two far ones are found.

        Raises:
            OptionError: if nothing was matched at this tolerance; the configuration names those.
        """
        return _share(self._hits(tolerance).reference, self.num_reference)

    def precision(self, tolerance: float) -> float | None:
        """The share of the hypothesis' boundaries that are right within ``tolerance`` seconds, 0 to 1.

        Raises:
            OptionError: as :meth:`recall`.
        """
        return _share(self._hits(tolerance).hypothesis, self.num_hypothesis)

    def f1(self, tolerance: float) -> float | None:
        """The harmonic mean of both; ``None`` where one is.

        Raises:
            OptionError: as :meth:`recall`.
        """
        precision, recall = self.precision(tolerance), self.recall(tolerance)
        if precision is None or recall is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain numbers, for JSON; the errors themselves are left out."""
        return {
            "num_reference": self.num_reference,
            "num_hypothesis": self.num_hypothesis,
            "num_matched": self.num_matched,
            "bias": self.bias,
            "median_signed": self.median_signed,
            "standard_deviation": self.standard_deviation,
            "mean_absolute": self.mean_absolute,
            "percentiles_absolute": {str(percent): self.percentile(percent) for percent in PERCENTILES},
            "max_absolute": self.percentile(100),
            "tolerances": [
                {
                    "tolerance": tolerance,
                    "within": self.within(tolerance),
                    "recall": self.recall(tolerance),
                    "precision": self.precision(tolerance),
                    "f1": self.f1(tolerance),
                }
                for tolerance in self.hits
            ],
        }

    def _hits(self, tolerance: float) -> Hits:
        hits = self.hits.get(tolerance)
        if hits is None:
            known = ", ".join(f"{one:g}" for one in self.hits)
            raise OptionError(
                f"Boundaries were not matched at a tolerance of {tolerance} s.",
                f"Choose from {known}, or add it to the configuration.",
            )
        return hits


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

"""What the parts of the evaluation can be told beside the protocol, each with its defaults."""

from __future__ import annotations

import math
from dataclasses import dataclass

from diarist.errors import OptionError

WIDEST_WINDOW = 10.0  # seconds; beyond, somebody meant milliseconds


@dataclass(frozen=True, slots=True)
class BootstrapConfig:
    """How intervals are found.

    Attributes:
        resamples: draws, 100 to 100,000.
        seed: of the draws; the same seed gives the same intervals.

    Raises:
        OptionError: if a value is out of its range.
    """

    resamples: int = 2000
    seed: int = 0

    def __post_init__(self) -> None:
        if not 100 <= self.resamples <= 100_000:
            raise OptionError(f"{self.resamples} resamples are not possible.", "Give 100 to 100000.")
        if not 0 <= self.seed < 2**63:
            raise OptionError(f"The seed {self.seed} is not possible.", "Give a number from 0.")


@dataclass(frozen=True, slots=True)
class BoundaryConfig:
    """How boundaries are matched and told apart.

    Attributes:
        window: how far apart two boundaries may be matched to have an error, in seconds, above 0.
        change_gap: how long the pause or the overlap of two speakers may be at a speaker change, in
            seconds; see :mod:`diarist.evaluation.boundaries.kinds`.
        tolerances: seconds, above 0, within which boundaries count as found; each has a matching of
            its own, whatever the window.

    Raises:
        OptionError: if a value is out of its range, or a tolerance is given twice.
    """

    window: float = 0.5
    change_gap: float = 0.25
    tolerances: tuple[float, ...] = (0.05, 0.1, 0.2, 0.5)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tolerances", tuple(float(tolerance) for tolerance in self.tolerances))
        for name, value in [("window", self.window), *(("tolerance", one) for one in self.tolerances)]:
            if not (math.isfinite(value) and 0 < value <= WIDEST_WINDOW):
                raise OptionError(
                    f"A {name} of {value} s is not possible.",
                    f"Give seconds above 0 and up to {WIDEST_WINDOW:g}; 0.5 is usual.",
                )
        if not (math.isfinite(self.change_gap) and 0 <= self.change_gap <= WIDEST_WINDOW):
            raise OptionError(
                f"A gap of {self.change_gap} s at a speaker change is not possible.",
                f"Give seconds from 0 to {WIDEST_WINDOW:g}; 0.25 is usual.",
            )
        if len(set(self.tolerances)) < len(self.tolerances):
            raise OptionError(f"The tolerances {self.tolerances} have one twice.", "Give each once.")

"""How a long step says how far it is: one value through one callback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is.

    Attributes:
        step: the step's name, the same for all its reports: ``"embedding"``.
        done: how much is done, in ``unit``; the last report of a step has ``done == total``.
        total: how much there is to do, or ``None`` where nobody can know yet.
        unit: what is counted: ``"s"`` (of audio), ``"windows"``, ``"speakers"``.
    """

    step: str
    done: float
    total: float | None
    unit: str


ProgressCallback = Callable[[Progress], None]


def ignore_progress(_: Progress) -> None:
    """The callback of a caller who does not care."""

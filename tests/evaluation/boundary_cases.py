"""Labels in one line, for the tests of boundaries."""

from __future__ import annotations

from diarist.evaluation import Labels
from diarist.evaluation.boundaries import BoundaryStats
from diarist.types import Diarization, Turn


def recording(turns: str, name: str = "r0") -> Diarization:
    """From ``"A 1 5, B 5.1 9"``: speaker, start and end of each turn."""
    parts = (turn.split() for turn in turns.split(",") if turn.strip())
    return Diarization(name, tuple(Turn(float(start), float(end), speaker) for speaker, start, end in parts))


def labels(*turns: str) -> Labels:
    """Recordings named ``r0``, ``r1``, ..., of one line each."""
    return Labels.from_diarizations(recording(line, f"r{number}") for number, line in enumerate(turns))


def counts(stats: BoundaryStats) -> tuple[int, int, int]:
    """Boundaries of the reference, of the hypothesis, and those matched."""
    return stats.num_reference, stats.num_hypothesis, stats.num_matched

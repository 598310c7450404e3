"""How well the starts and ends of turns are placed."""

from diarist.evaluation.boundaries.collar import CollarPoint, NearbyErrors, collar_curve, error_by_distance
from diarist.evaluation.boundaries.compare import (
    GROUPS,
    BoundaryScores,
    RecordingBoundaries,
    compare_boundaries,
)
from diarist.evaluation.boundaries.stats import BoundaryStats
from diarist.evaluation.config import BoundaryConfig

__all__ = [
    "GROUPS",
    "BoundaryConfig",
    "BoundaryScores",
    "BoundaryStats",
    "CollarPoint",
    "NearbyErrors",
    "RecordingBoundaries",
    "collar_curve",
    "compare_boundaries",
    "error_by_distance",
]

"""How good a diarization is, and under which rules the figure was made.

:func:`score` gives DER, JER, B-cubed, mutual information, purity and coverage for recordings and for
all of them together. Every result carries its :class:`Protocol`.

Names are imported when they are first used: the command line's help needs no NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diarist.evaluation.bootstrap import Ranking, confidence_intervals, rank
    from diarist.evaluation.components import MEASURES, Components
    from diarist.evaluation.config import BootstrapConfig
    from diarist.evaluation.labels import Labels
    from diarist.evaluation.protocol import PROTOCOLS, Protocol, protocol_named, require_same_protocol
    from diarist.evaluation.reading import read_labels
    from diarist.evaluation.scores import RecordingScore, Scores, score

_HOME = {
    **dict.fromkeys(("Ranking", "confidence_intervals", "rank"), "bootstrap"),
    "BootstrapConfig": "config",
    "Labels": "labels",
    **dict.fromkeys(("PROTOCOLS", "Protocol", "protocol_named", "require_same_protocol"), "protocol"),
    "read_labels": "reading",
    **dict.fromkeys(("MEASURES", "Components", "total"), "components"),
    **dict.fromkeys(("RecordingScore", "Scores", "score"), "scores"),
}

__all__ = [
    "MEASURES",
    "PROTOCOLS",
    "BootstrapConfig",
    "Components",
    "Labels",
    "Protocol",
    "Ranking",
    "RecordingScore",
    "Scores",
    "confidence_intervals",
    "protocol_named",
    "rank",
    "read_labels",
    "require_same_protocol",
    "score",
    "total",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

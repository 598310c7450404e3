"""Results as plain values, for JSON and back: what is saved can be compared later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diarist.errors import FormatError, InputError
from diarist.evaluation.components import MEASURES, Components
from diarist.evaluation.protocol import Protocol
from diarist.evaluation.scores import RecordingScore, Scores
from diarist.formats.files import read_text
from diarist.version import __version__

if TYPE_CHECKING:
    from diarist.evaluation.bootstrap import Interval, Ranking

VERSION = 1  # of the layout; a reader refuses a later one
KIND = "diarist scores"
_NO_SCORES = (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError)
LARGEST = 1e18  # of any component; sums of these stay finite


def scores_as_dict(scores: Scores, intervals: Mapping[str, Interval]) -> dict[str, Any]:
    """One system's scores; times are seconds, rates are shares, ``None`` is undefined."""
    return {
        "system": scores.system,
        "overall": {
            **measures_as_dict(scores.overall),
            "intervals_95": {name: [interval.low, interval.high] for name, interval in intervals.items()},
            "components": asdict(scores.overall),
        },
        "recordings": [
            {
                "recording_id": recording.recording_id,
                "has_hypothesis": recording.has_hypothesis,
                **measures_as_dict(recording.components),
                "components": asdict(recording.components),
                "mapping": dict(recording.mapping),
            }
            for recording in scores.recordings
        ],
        "notes": list(scores.notes),
    }


def measures_as_dict(components: Components) -> dict[str, float | None]:
    """Every measure of :data:`~diarist.evaluation.components.MEASURES`."""
    return {name: getattr(components, name) for name in MEASURES}


def ranking_as_dict(ranking: Ranking) -> dict[str, Any]:
    """The order of systems and the differences between them."""
    return {
        "order": [scores.system for scores in ranking.scores],
        "differences": [
            {**asdict(difference), "verdict": difference.verdict} for difference in ranking.differences
        ],
    }


def document(protocol: Protocol, systems: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """The whole file.

    Args:
        protocol: of all systems.
        systems: see :func:`scores_as_dict`.
        more: other parts, by name; nothing reads them back.
    """
    return {
        "kind": KIND,
        "version": VERSION,
        "made_by": f"diarist {__version__}",
        "protocol": asdict(protocol),
        "systems": systems,
        **more,
    }


def read_scores(path: Path) -> list[Scores]:
    """The scores in a file that ``diarist score -f json`` wrote; a system without a name gets the file's.

    Raises:
        FormatError: if the file cannot be read or is no such file; the message names it.
    """
    text = read_text(path)
    try:
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("kind") != KIND:
            raise ValueError("it is not what 'diarist score -f json' writes")
        if content["version"] > VERSION:
            raise ValueError("it is from a later version of Diarist")
        protocol = Protocol(**content["protocol"])
        return [_scores(protocol, system, path.stem) for system in content["systems"]]
    except (*_NO_SCORES, InputError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error).rstrip(".")
        raise FormatError(
            f"{str(path)!r} holds no scores: {reason}.", "Give files that 'diarist score -f json' wrote."
        ) from error


def _scores(protocol: Protocol, system: Mapping[str, Any], name: str) -> Scores:
    recordings = tuple(
        RecordingScore(
            str(one["recording_id"]),
            _components(one["components"]),
            {str(ours): str(theirs) for ours, theirs in one["mapping"].items()},
            bool(one["has_hypothesis"]),
        )
        for one in system["recordings"]
    )
    if len({recording.recording_id for recording in recordings}) != len(recordings):
        raise ValueError("a recording occurs twice")
    return Scores(protocol, recordings, tuple(map(str, system["notes"])), str(system["system"] or name))


def _components(values: Mapping[str, Any]) -> Components:
    """Components of finite numbers."""
    numbers: dict[str, Any] = {}
    for name, default in asdict(Components()).items():
        value = values[name]
        least = -LARGEST if name.endswith("_information") else 0  # of n log2 n, with n below a second too
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= LARGEST:
            raise ValueError(f"{name} is {value!r:.40}")
        numbers[name] = type(default)(value)
    return Components(**numbers)

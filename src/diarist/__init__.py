"""Who spoke when: speaker diarization that runs anywhere, offline.

    >>> from diarist import diarize
    >>> diarization = diarize("meeting.m4a", num_speakers=4)  # doctest: +SKIP

Names are imported when they are first used, so ``import diarist`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diarist.version import __version__ as __version__

if TYPE_CHECKING:
    from diarist.api import create_diarizer, diarize
    from diarist.diarizers import SpeakerCount
    from diarist.errors import (
        AudioError,
        DeviceError,
        DiaristError,
        DiaristWarning,
        FormatError,
        InputError,
        IntervalError,
        ModelError,
        OptionError,
        OutputError,
    )
    from diarist.formats import FORMATS, read, write
    from diarist.intervals import Segment
    from diarist.plot import plot_timeline
    from diarist.progress import Progress
    from diarist.transcript import Transcript, Word
    from diarist.types import Diarization, Recording, Speaker, Turn
    from diarist.workflows.diarize import DiarizeConfig

_HOME = {
    "diarize": "api",
    "create_diarizer": "api",
    "SpeakerCount": "diarizers",
    "FORMATS": "formats",
    "read": "formats",
    "write": "formats",
    "plot_timeline": "plot",
    "Progress": "progress",
    "DiarizeConfig": "workflows.diarize",
    "Segment": "intervals",
    **dict.fromkeys(("Diarization", "Recording", "Speaker", "Turn"), "types"),
    **dict.fromkeys(("Transcript", "Word"), "transcript"),
    **dict.fromkeys(
        (
            "AudioError",
            "DeviceError",
            "DiaristError",
            "DiaristWarning",
            "FormatError",
            "InputError",
            "IntervalError",
            "ModelError",
            "OptionError",
            "OutputError",
        ),
        "errors",
    ),
}

__all__ = [
    "FORMATS",
    "AudioError",
    "DeviceError",
    "DiaristError",
    "DiaristWarning",
    "Diarization",
    "DiarizeConfig",
    "FormatError",
    "InputError",
    "IntervalError",
    "ModelError",
    "OptionError",
    "OutputError",
    "Progress",
    "Recording",
    "Segment",
    "Speaker",
    "SpeakerCount",
    "Transcript",
    "Turn",
    "Word",
    "__version__",
    "create_diarizer",
    "diarize",
    "plot_timeline",
    "read",
    "write",
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

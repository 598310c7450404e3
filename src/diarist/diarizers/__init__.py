"""The engines, one file each, behind one protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from diarist.diarizers.base import MOST_SPEAKERS, Diarizer, SpeakerCount
from diarist.errors import OptionError

__all__ = ["DIARIZERS", "MOST_SPEAKERS", "Diarizer", "SpeakerCount", "create_diarizer"]


def _builtin(device: str, cache: Path, models: Path | None) -> Diarizer:
    from diarist.diarizers.builtin import BuiltinDiarizer

    return BuiltinDiarizer(device=device, cache=cache, models=models)


DIARIZERS: Mapping[str, Callable[[str, Path, Path | None], Diarizer]] = MappingProxyType(
    {"builtin": _builtin}
)
"""Name → what makes the engine from a device, a cache folder and a models folder."""


def create_diarizer(
    name: str = "builtin", *, device: str = "auto", cache: Path, models: Path | None = None
) -> Diarizer:
    """The engine of that name.

    Args:
        name: a key of :data:`DIARIZERS`.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        cache: the folder for what can be made again (exported models).
        models: a folder with the user's own ONNX files, or ``None``.

    Raises:
        OptionError: there is no such engine.
        DeviceError: the device was asked for and is not there.
    """
    if name not in DIARIZERS:
        raise OptionError(f"There is no diarizer {name!r}.", f"Use one of: {', '.join(DIARIZERS)}.")
    return DIARIZERS[name](device, cache, models)

"""Diarist in one call, for scripts and notebooks."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from diarist.errors import DiaristWarning, OptionError
from diarist.progress import ProgressCallback, ignore_progress
from diarist.workflows.diarize import DEFAULTS, Channel, DiarizeConfig, diarize_file, load_diarizer

if TYPE_CHECKING:
    from diarist.diarizers import Diarizer
    from diarist.types import Diarization


def create_diarizer(
    name: str = DEFAULTS.diarizer,
    *,
    device: str = DEFAULTS.device,
    models: str | os.PathLike[str] | None = DEFAULTS.models,
) -> Diarizer:
    """An engine to hand to :func:`diarize` again and again; its networks are loaded once.

    Args:
        name: the engine's.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        models: a folder with ONNX files to use instead of the installed ones.

    Raises:
        OptionError: if there is no such engine or device.
        DeviceError: if ``"cuda"`` was asked for and is not there.
    """
    folder = None if models is None else Path(models)
    return load_diarizer(DiarizeConfig(device=device, diarizer=name, models=folder))


def diarize(
    path: str | os.PathLike[str],
    *,
    num_speakers: int | None = DEFAULTS.num_speakers,
    min_speakers: int | None = DEFAULTS.min_speakers,
    max_speakers: int | None = DEFAULTS.max_speakers,
    channel: Channel = DEFAULTS.channel,
    exclusive: bool = DEFAULTS.exclusive,
    device: str = DEFAULTS.device,
    diarizer: str | Diarizer = DEFAULTS.diarizer,
    models: str | os.PathLike[str] | None = DEFAULTS.models,
    progress: ProgressCallback = ignore_progress,
) -> Diarization:
    """Find out who spoke when in a recording.

    Args:
        path: an audio file, or a video with sound.
        num_speakers: exactly this many, 1 to 100; ``None`` counts them.
        min_speakers: at least this many, 1 to 100.
        max_speakers: at most this many, 1 to 100.
        channel: ``"mix"`` of all channels, or one channel counted from 1.
        exclusive: whether overlapped time goes to one speaker only.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        diarizer: an engine's name, or one made by :func:`create_diarizer`, which spares the
            loading of its networks for each of many recordings; it has its own device and models.
        models: a folder with ONNX files to use instead of the installed ones.
        progress: called with a :class:`Progress` now and then.

    Returns:
        The turns, with what made them. In a notebook it shows itself as a timeline.

    Raises:
        AudioError: if the file cannot be read.
        OptionError: if an option is out of its range or two contradict each other.
        ModelError: if the networks' weights are missing or damaged.
        DeviceError: if ``"cuda"`` was asked for and is not there.

    Warns:
        DiaristWarning: for each of the result's ``notes``.
    """
    if channel == "all":
        raise OptionError(
            "diarize() gives one diarization, and channel='all' means several.",
            "Call it for each channel: channel=1, channel=2, and so on.",
        )
    config = DiarizeConfig(
        num_speakers=num_speakers,
        min_speakers=min_speakers,
        max_speakers=max_speakers,
        channel=channel,
        exclusive=exclusive,
    )
    if isinstance(diarizer, str):
        diarizer = create_diarizer(diarizer, device=device, models=models)
    [result] = diarize_file(path, config, diarizer, progress)
    if result.diarization is None:
        raise result.error or RuntimeError("no result and no error")
    for note in result.diarization.notes:
        warnings.warn(note, DiaristWarning, stacklevel=2)
    return result.diarization

"""Who spoke when, for one file after the other, inside this process.

The defaults of the command line and of the Python interface are those of :class:`DiarizeConfig`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from diarist.diarizers import SpeakerCount, create_diarizer
from diarist.errors import OptionError
from diarist.progress import ProgressCallback, ignore_progress
from diarist.settings import DEVICES, Settings, load_settings
from diarist.workflows.names import check_name

if TYPE_CHECKING:
    from diarist.diarizers import Diarizer
    from diarist.types import Diarization, Recording

Channel = int | Literal["mix", "all"]


@dataclass(frozen=True, slots=True)
class DiarizeConfig:
    """What a caller can choose. Every default of the program is written here, once.

    Attributes:
        num_speakers: exactly this many speakers, 1 to 100; ``None`` counts them.
        min_speakers: at least this many, 1 to 100.
        max_speakers: at most this many, 1 to 100, not below ``min_speakers``.
        channel: ``"mix"`` of all channels, one channel counted from 1, or ``"all"``: each
            channel as a recording of its own.
        exclusive: whether overlapped time goes to one speaker only.
        device: ``"cpu"``, ``"cuda"``, or ``"auto"``: what the environment asks for, else CUDA
            where it works, else the CPU.
        diarizer: the engine's name.
        models: a folder with ONNX files to use, or ``None`` for what the environment or the
            installed packages offer.

    Raises:
        OptionError: if a value is out of its range or two contradict each other.
    """

    num_speakers: int | None = None
    min_speakers: int | None = None
    max_speakers: int | None = None
    channel: Channel = "mix"
    exclusive: bool = False
    device: str = "auto"
    diarizer: str = "builtin"
    models: Path | None = None

    def __post_init__(self) -> None:
        _ = self.count
        if self.device not in DEVICES:
            raise OptionError(f"There is no device {self.device!r}.", f"Use one of {', '.join(DEVICES)}.")
        if self.channel in ("mix", "all"):
            return
        if not isinstance(self.channel, int) or isinstance(self.channel, bool) or self.channel < 1:
            raise OptionError(
                f"There is no channel {self.channel!r}.",
                "Give mix, all, or a channel's number counted from 1.",
            )

    @property
    def count(self) -> SpeakerCount:
        """What is known about the number of speakers."""
        return SpeakerCount(
            num_speakers=self.num_speakers,
            min_speakers=self.min_speakers,
            max_speakers=self.max_speakers,
        )


DEFAULTS = DiarizeConfig()


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one recording, or of a file that could not be opened.

    Attributes:
        path: the file.
        recording: ``None`` where the file could not be opened.
        diarization: ``None`` where there is an ``error``.
        audio_length: seconds of the recording; ``None`` where nobody knows.
        processing_time: seconds of wall time from opened file to turns; loading the engine's
            networks is not in it.
        error: what went wrong: a :class:`DiaristError`, or anything else, which is a defect.
    """

    path: str
    recording: Recording | None = None
    diarization: Diarization | None = None
    audio_length: float | None = None
    processing_time: float = 0.0
    error: Exception | None = None

    @property
    def recording_id(self) -> str:
        """The recording's name, or the file's where it could not be opened."""
        return self.recording.recording_id if self.recording else Path(self.path).name


def load_diarizer(config: DiarizeConfig, settings: Settings | None = None) -> Diarizer:
    """The engine that ``config`` asks for; what it leaves open, ``settings`` decide.

    Its networks are loaded by its ``load``, or with the first recording.

    Raises:
        OptionError: if there is no such engine.
        DeviceError: if ``cuda`` was asked for and is not there.
    """
    settings = settings or load_settings()
    return create_diarizer(
        config.diarizer,
        device=settings.device if config.device == "auto" else config.device,
        cache=settings.cache,
        models=config.models or settings.models,
    )


def list_recordings(path: str | os.PathLike[str], config: DiarizeConfig) -> list[Recording]:
    """The recordings that ``config`` takes from a file: one, or one a channel.

    Raises:
        InputError: if ``path`` is empty or a URL.
        AudioError: if the file cannot be read.
    """
    from diarist.audio import open_recordings

    check_name(os.fsdecode(path))
    return open_recordings(path, channel=config.channel)


def diarize_recording(
    recording: Recording,
    config: DiarizeConfig,
    diarizer: Diarizer,
    progress: ProgressCallback = ignore_progress,
) -> Result:
    """Run the engine on one recording. Never raises: what went wrong is in the result."""
    outcome = Result(recording.path, recording, audio_length=recording.audio_length)
    try:
        diarizer.load(progress)
    except Exception as error:
        return replace(outcome, error=error)
    started = time.perf_counter()
    try:
        diarization = diarizer.diarize(
            recording, count=config.count, exclusive=config.exclusive, progress=progress
        )
    except Exception as error:
        return replace(outcome, processing_time=time.perf_counter() - started, error=error)
    return replace(
        outcome,
        diarization=diarization,
        audio_length=diarization.audio_length or recording.audio_length,
        processing_time=time.perf_counter() - started,
    )


def diarize_file(
    path: str | os.PathLike[str],
    config: DiarizeConfig,
    diarizer: Diarizer,
    progress: ProgressCallback = ignore_progress,
) -> list[Result]:
    """Run the engine on what ``config`` takes from one file, in the order of its channels.

    Never raises: a file that cannot be opened is one result with its error, so that it does not
    stop the others.
    """
    return list(_results(path, config, diarizer, progress))


def _results(
    path: str | os.PathLike[str], config: DiarizeConfig, diarizer: Diarizer, progress: ProgressCallback
) -> Iterator[Result]:
    try:
        recordings = list_recordings(path, config)
    except Exception as error:
        yield Result(os.fspath(path), error=error)
        return
    for recording in recordings:
        yield diarize_recording(recording, config, diarizer, progress)

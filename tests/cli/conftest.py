"""The command line with an engine that needs no networks."""

from __future__ import annotations

import os
import wave
from pathlib import Path

import pytest
from cli_fakes import Cli, FakeDiarizer, Outcome, Wav

from diarist.cli import batch
from diarist.cli.app import run
from diarist.workflows.diarize import DiarizeConfig


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeDiarizer:
    fake = FakeDiarizer()

    def load(config: DiarizeConfig) -> FakeDiarizer:
        fake.configs.append(config)
        return fake

    monkeypatch.setattr(batch, "load_diarizer", load)
    return fake


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """Runs a command line in an empty folder; options of the environment are not seen."""
    for name in [name for name in os.environ if name.startswith(("DIARIST_", "INFERENCE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = run(arguments)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def wav(tmp_path: Path) -> Wav:
    """Writes two seconds of silence, under any name."""

    def write(name: str, channels: int = 1) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(os.fspath(path), "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(16000)
            file.writeframes(bytes(2 * 2 * 16000 * channels))
        return path

    return write

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pytest
from cli_fakes import Cli, FakeDiarizer

from diarist import models
from diarist.cli import selftest
from diarist.errors import DeviceError, ModelFileError
from diarist.models import ModelStatus
from diarist.workflows import diarize as workflow


def example(monkeypatch: pytest.MonkeyPatch, folder: Path, num_speakers: int) -> None:
    """A recording with a reference in which so many speak; the engine finds two."""
    examples = folder / "examples"
    examples.mkdir(exist_ok=True)
    selftest._write_signal(examples / "talk.wav")
    lines = (f"SPEAKER talk 1 {k} 1 <NA> <NA> S{k} <NA> <NA>\n" for k in range(num_speakers))
    (examples / "talk.rttm").write_text("".join(lines))
    monkeypatch.setattr(selftest, "EXAMPLES", examples)


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeDiarizer:
    """Both networks are there, and the engine needs none."""
    engine = FakeDiarizer()
    states = [
        ModelStatus(name, "somewhere", tmp_path / f"{name}.onnx", "ab" * 32, "exported")
        for name in ("segmentation", "embedding")
    ]
    monkeypatch.setattr(workflow, "load_diarizer", lambda *_: engine)
    example(monkeypatch, tmp_path, num_speakers=2)
    monkeypatch.setattr(models, "model_status", lambda *_, **__: states)
    return engine


def test_all_is_well(cli: Cli) -> None:
    outcome = cli("doctor")
    assert outcome.code == 0
    assert outcome.err == ""
    lines = {line[9:31].strip(): line for line in outcome.out.splitlines()}
    assert {"python", "diarist", "av", "onnxruntime", "cache", "embedding model", "self-test"} <= set(lines)
    assert "FFmpeg" in lines["av"]
    assert "CPUExecutionProvider" in lines["onnxruntime"]
    assert "sha256 abababab" in lines["embedding model"]
    assert lines["device"].split()[-1] == "cpu"
    assert "talk.wav: 2 speakers (2 expected)" in lines["self-test"]


def test_another_number_of_speakers_fails(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    example(monkeypatch, tmp_path, num_speakers=4)
    outcome = cli("doctor")
    assert outcome.code == 1
    assert "FAILED   self-test              talk.wav: 2 speakers (4 expected)" in outcome.out


def test_the_example_of_the_source_tree_holds_four_speakers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(selftest, "EXAMPLES", Path(__file__).parents[2] / "examples")
    recording = selftest.self_test_recording(tmp_path)
    assert (recording.path.name, recording.num_speakers) == ("conversation.opus", 4)


def test_what_happened_to_the_device_is_said(cli: Cli, fake: FakeDiarizer) -> None:
    fake.result_notes = ("The GPU was full.",)
    assert "ok       device                 cpu The GPU was full." in cli("doctor").out


def test_a_device_that_is_not_there_fails(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: object) -> None:
        raise DeviceError("There is no CUDA.", "Use the CPU.")

    monkeypatch.setattr(workflow, "load_diarizer", load)
    outcome = cli("doctor")
    assert outcome.code == 1
    assert "FAILED   device                 There is no CUDA." in outcome.out


def test_as_json(cli: Cli) -> None:
    report = json.loads(cli("doctor", "--json").out)
    assert report["ok"] is True
    assert {check["state"] for check in report["checks"]} <= {"ok", "note"}
    assert set(report["checks"][0]) == {"name", "state", "detail", "remedy"}


def test_what_is_missing_is_named_with_a_remedy(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = ModelStatus("embedding", "somewhere", None, "", "missing", "Install the weights.")
    monkeypatch.setattr(models, "model_status", lambda *_, **__: [missing])
    outcome = cli("doctor")
    assert outcome.code == 1
    assert "MISSING  embedding model" in outcome.out
    assert "Install the weights." in outcome.out


def test_what_is_optional_is_a_note(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(package: str) -> str:
        raise metadata.PackageNotFoundError(package)

    monkeypatch.setattr(metadata, "version", version)
    outcome = cli("doctor")
    assert outcome.code == 0
    assert "note     torch" in outcome.out
    assert 'pip install "torch==2.13.0"' in outcome.out


@pytest.mark.parametrize(
    "error", [ModelFileError("Damaged weights.", "Get others."), ZeroDivisionError("by zero")]
)
def test_a_run_that_fails_is_no_traceback(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, fake: FakeDiarizer, error: Exception
) -> None:
    def load(*_: object) -> None:
        raise error

    monkeypatch.setattr(fake, "load", load)
    outcome = cli("doctor")
    assert outcome.code == 1
    assert "FAILED   self-test" in outcome.out
    assert "Traceback" not in outcome.out + outcome.err


def test_a_cache_that_cannot_be_written_fails(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DIARIST_CACHE", str(tmp_path / "file" / "cache"))
    outcome = cli("doctor")
    assert outcome.code == 1
    assert "FAILED   cache" in outcome.out
    assert "DIARIST_CACHE" in outcome.out


def test_without_the_source_tree_a_signal_is_made(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fake: FakeDiarizer
) -> None:
    monkeypatch.setattr(selftest, "EXAMPLES", tmp_path / "none")
    outcome = cli("doctor")
    assert outcome.code == 0
    assert [call[0] for call in fake.calls] == ["signal"]
    assert "signal.wav: ran; nothing to compare with; 2 s of audio" in outcome.out

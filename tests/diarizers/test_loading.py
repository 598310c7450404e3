"""Networks are made ready once, and what happens to the device is said once."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from diarist.audio import probe
from diarist.diarizers.builtin import BuiltinDiarizer
from diarist.errors import AudioError, ModelNotFoundError
from diarist.models import NETWORKS
from diarist.models.powerset import GRID
from diarist.progress import Progress
from diarist.types import Recording

LEFT = "CUDA failed; the CPU does the rest."


class SilentRuntime:
    """Hears nobody. ``loads`` are the networks made ready; ``fails`` says when the device goes."""

    device = "cuda"
    network_time = network_cpu_time = 0.0

    def __init__(self, fails: str = "") -> None:
        self.fails = fails
        self.loads: list[str] = []
        self.networks: set[str] = set()
        self.notes: list[str] = []

    def load(self, name: str) -> None:
        if name in self.networks:
            return
        if self.fails == f"load {name}":
            self._leave()
        self.networks.add(name)
        self.loads.append(f"{name} on {self.device}")

    def run(self, name: str, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        assert name == "segmentation"
        if self.fails == "run":
            self._leave()
        silence = np.full((len(batch), GRID.num_frames(batch.shape[1]), 7), -20.0, np.float32)
        silence[:, :, 0] = 0.0
        return silence

    def weights(self) -> dict[str, str]:
        return {}

    def _leave(self) -> None:
        self.fails, self.device = "", "cpu"
        self.notes.append(LEFT)
        self.networks.clear()


def diarizer_with(runtime: SilentRuntime, cache: Path) -> BuiltinDiarizer:
    diarizer = BuiltinDiarizer(device="cpu", cache=cache)
    diarizer.runtime = runtime  # type: ignore[assignment]
    return diarizer


@pytest.fixture
def talk(tmp_path: Path) -> Recording:
    path = tmp_path / "talk.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(bytes(2 * 16000))
    return probe(path)


def test_networks_are_loaded_once_whoever_asks(talk: Recording, tmp_path: Path) -> None:
    diarizer = diarizer_with(runtime := SilentRuntime(), tmp_path)
    steps: list[Progress] = []
    diarizer.load(steps.append)
    assert steps == [Progress("networks", done, 2, "networks") for done in (0, 1, 2)]
    diarizer.diarize(talk, progress=steps.append)
    diarizer.load(steps.append)
    assert [step.step for step in steps].count("networks") == 3
    assert runtime.loads == [f"{name} on cuda" for name in NETWORKS]


def test_the_first_recording_loads_what_nobody_has(talk: Recording, tmp_path: Path) -> None:
    diarizer = diarizer_with(runtime := SilentRuntime(), tmp_path)
    steps: list[Progress] = []
    diarizer.diarize(talk, progress=steps.append)
    assert steps[2] == Progress("networks", 2, 2, "networks")
    assert len(runtime.loads) == 2


def test_a_device_that_goes_while_loading_takes_both_networks_along(talk: Recording, tmp_path: Path) -> None:
    diarizer = diarizer_with(runtime := SilentRuntime("load embedding"), tmp_path)
    diarizer.load()
    assert runtime.loads == ["segmentation on cuda", "embedding on cpu", "segmentation on cpu"]
    assert [diarizer.diarize(talk).notes for _ in range(2)] == [(LEFT,), ()]


def test_only_one_result_says_what_happened_to_the_device(talk: Recording, tmp_path: Path) -> None:
    diarizer = diarizer_with(runtime := SilentRuntime(), tmp_path)
    found = [diarizer.diarize(talk).notes]
    runtime.fails = "run"
    found += [diarizer.diarize(talk).notes for _ in range(2)]
    assert found == [(), (LEFT,), ()]
    assert diarizer.notes == (LEFT,)


def test_a_recording_that_fails_leaves_it_to_the_next(talk: Recording, tmp_path: Path) -> None:
    diarizer = diarizer_with(SilentRuntime("load segmentation"), tmp_path)
    with pytest.raises(AudioError):
        diarizer.diarize(Recording("gone", str(tmp_path / "gone.wav")))
    assert diarizer.diarize(talk).notes == (LEFT,)


def test_networks_that_cannot_be_loaded_are_tried_again(tmp_path: Path) -> None:
    diarizer = BuiltinDiarizer(device="cpu", cache=tmp_path, models=tmp_path)
    for _ in range(2):
        with pytest.raises(ModelNotFoundError):
            diarizer.load()

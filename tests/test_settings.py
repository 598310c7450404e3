from __future__ import annotations

from pathlib import Path

import pytest

from diarist.errors import OptionError
from diarist.settings import debug_wanted, load_settings


def test_nothing_set() -> None:
    settings = load_settings({})
    assert settings.device == "auto"
    assert settings.models is None
    assert settings.cache.name == "diarist"
    assert not settings.debug


def test_everything_set(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "DIARIST_DEVICE": " CPU ",
            "DIARIST_MODELS": str(tmp_path),
            "DIARIST_CACHE": str(tmp_path / "new"),
            "DIARIST_DEBUG": "1",
        }
    )
    assert settings.device == "cpu"
    assert settings.models == tmp_path
    assert settings.cache == tmp_path / "new"
    assert settings.debug


def test_diarist_wins_over_the_shared_name() -> None:
    assert load_settings({"INFERENCE_DEVICE": "cuda"}).device == "cuda"
    assert load_settings({"INFERENCE_DEVICE": "cuda", "DIARIST_DEVICE": "cpu"}).device == "cpu"
    assert load_settings({"INFERENCE_DEVICE": "cuda", "DIARIST_DEVICE": ""}).device == "cuda"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DIARIST_DEVICE", "tpu"),
        ("INFERENCE_DEVICE", "gpu:0"),
        ("DIARIST_MODELS", "/no/such/folder"),
        ("DIARIST_CACHE", __file__),
    ],
)
def test_what_cannot_be_names_the_variable_and_the_value(variable: str, value: str) -> None:
    with pytest.raises(OptionError) as caught:
        load_settings({variable: value})
    assert variable in caught.value.problem
    assert value in caught.value.problem
    assert "unset" in caught.value.remedy


@pytest.mark.parametrize(
    ("value", "wanted"), [("", False), ("0", False), ("No", False), ("1", True), ("yes", True)]
)
def test_debug(value: str, wanted: bool) -> None:
    assert debug_wanted({"DIARIST_DEBUG": value}) is wanted

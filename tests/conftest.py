"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from diarist.errors import ModelNotFoundError

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SHARED_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings and labels, beside the repository; the test is skipped without it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no real data beside the repository (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with both networks' exports; the test is skipped where the weights are not
    installed."""
    from diarist.models import NETWORKS, model_file
    from diarist.models.files import checkpoint_path

    try:
        for network in NETWORKS.values():
            checkpoint_path(network)
    except ModelNotFoundError as error:
        pytest.skip(str(error))
    cache = tmp_path_factory.mktemp("cache")
    for name in NETWORKS:
        model_file(name, cache=cache)
    return cache


@pytest.fixture(scope="session")
def conversation() -> Path:
    """The example recording: 99 s, four speakers."""
    return EXAMPLES / "conversation.opus"

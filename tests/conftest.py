"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings and labels, beside the repository; the test is skipped without it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no real data beside the repository (../shared/data)")
    return SHARED_DATA

"""What may be said about the number of speakers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diarist.diarizers import SpeakerCount, create_diarizer
from diarist.errors import OptionError


@pytest.mark.parametrize("value", [0, -1, 101, 1000, 2.5, True, "3"])
@pytest.mark.parametrize("name", ["num_speakers", "min_speakers", "max_speakers"])
def test_numbers_out_of_range_are_refused(name: str, value: Any) -> None:
    with pytest.raises(OptionError, match=name) as caught:
        SpeakerCount(**{name: value})
    assert repr(value) in str(caught.value)
    assert "1 to 100" in caught.value.remedy


def test_contradictions_are_refused() -> None:
    with pytest.raises(OptionError, match="min_speakers is 4 and max_speakers is 3"):
        SpeakerCount(min_speakers=4, max_speakers=3)
    with pytest.raises(OptionError, match="num_speakers is 2"):
        SpeakerCount(num_speakers=2, max_speakers=3)


def test_bounds() -> None:
    assert (SpeakerCount().at_least, SpeakerCount().at_most) == (1, None)
    assert (SpeakerCount(num_speakers=3).at_least, SpeakerCount(num_speakers=3).at_most) == (3, 3)
    assert SpeakerCount(min_speakers=2, max_speakers=2).at_most == 2


def test_an_unknown_engine_is_an_error_that_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="builtin"):
        create_diarizer("sphinx", cache=tmp_path)

"""UEM: regions that are scored."""

from __future__ import annotations

from pathlib import Path

import pytest

from diarist.errors import ParseError
from diarist.formats import read_uem
from diarist.formats.uem import parse, serialise
from diarist.intervals import Segment


def test_regions_are_joined_over_channels_and_sorted() -> None:
    text = ";; comment\na 1 5.0 6.5\nb NA 0 1\n\na\t2\t6 7\r\na 1 1 2\na 1 3 3\n"
    assert parse(text) == {"a": (Segment(1, 2), Segment(5, 7)), "b": (Segment(0, 1),)}


def test_what_is_written() -> None:
    assert serialise({"a b": (Segment(0, 2142.709375),)}) == "a_b 1 0.000000 2142.709375\n"


def test_an_empty_file_has_no_regions() -> None:
    assert parse("") == {}


@pytest.mark.parametrize(
    "text", ["a 1 0\n", "a 1 0 1 2\n", "a 1 2 1\n", "a 1 -1 1\n", "a 1 nan 1\n", "a 1 0 inf\n"]
)
def test_refused(text: str) -> None:
    with pytest.raises(ParseError, match="Line 2: "):
        parse("\n" + text)


def test_a_real_one(shared_data: Path) -> None:
    regions = read_uem(shared_data / "rttm_pairs" / "ami_test" / "all.uem")
    assert len(regions) == 16
    assert regions["EN2002a"] == (Segment(0, 2142.709375),)

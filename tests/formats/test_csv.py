"""CSV: RFC 4180, and what spreadsheets make of it."""

from __future__ import annotations

import pytest

from diarist.errors import ParseError
from diarist.formats.csv_ import parse, serialise
from diarist.types import Diarization, Turn


def test_what_is_written() -> None:
    talk = Diarization("r", (Turn(0, 1.5, 'A "x", y', 0.1, "two\nlines"), Turn(2, 3, "B")))
    assert serialise([talk]) == (
        "recording_id,start,end,speaker,confidence,text\r\n"
        'r,0.000,1.500,"A ""x"", y",0.1,"two\nlines"\r\n'
        "r,2.000,3.000,B,,\r\n"
    )


def test_a_channel_gets_a_column() -> None:
    text = serialise([Diarization("r", (Turn(0, 1, "A"),), channel=2), Diarization("s", (Turn(0, 1, "B"),))])
    assert text.splitlines() == [
        "recording_id,start,end,speaker,confidence,text,channel",
        "r,0.000,1.000,A,,,2",
        "s,0.000,1.000,B,,,",
    ]
    assert [talk.channel for talk in parse(text, recording_id="x")] == [2, None]


def test_columns_in_any_order_with_strangers_and_without_names() -> None:
    text = 'End, Speaker ,colour,START\n2,A,red,"1"\n\n4,B,,3\n,,,\n'
    (talk,) = parse(text, recording_id="file")
    assert talk == Diarization("file", (Turn(1, 2, "A"), Turn(3, 4, "B")), source="csv")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "There is no header row"),
        ("start,end\n0,1\n", "Line 1: no column speaker"),
        ("start,end,speaker\n0,1\n", "Line 2: 2 fields instead of 3"),
        ("start,end,speaker\n0,1,A,and more\n", "Line 2: 4 fields instead of 3"),
        ("start,end,speaker\n0,1,\n", "Line 2: The speaker's label '' is empty"),
        ("start,end,speaker\n1,1,A\n", "Line 2: The interval from 1.0 s to 1.0 s is empty"),
        ('start,end,speaker\n"0,1,A\n', "no CSV"),
        ("start,end,speaker,confidence\n0,1,A,2\n", "Line 2: The confidence is 2.0"),
        ('start,end,speaker\n"0\n",x,A\n', "Line 3: the end 'x' is not a number"),
    ],
)
def test_refused(text: str, problem: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, recording_id="r")
    assert problem in str(caught.value)

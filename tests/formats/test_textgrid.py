"""TextGrid: long and short, tiers without gaps, and files that are cut off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diarist.errors import ParseError
from diarist.formats import read
from diarist.formats.textgrid import parse, serialise
from diarist.types import Diarization, Turn

SHORT = """\
File type = "ooTextFile"
"TextGrid"

0
10
<exists>
2
"IntervalTier"
"Ann ""A"" Lee"
0
10
3
0
1.5
""
1.5
4
"He said ""hi"" ! not a comment
and more"
4
10
" "
! a comment
"TextTier"
"bell"
0 10
1
3.25
"ding"
"""

LONG = """\
File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 10.000
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "A"
        xmin = 0
        xmax = 10.000
        intervals: size = 3
        intervals [1]:
            xmin = 0.000
            xmax = 2.000
            text = "one"
        intervals [2]:
            xmin = 2.000
            xmax = 3.000
            text = "A"
        intervals [3]:
            xmin = 3.000
            xmax = 10.000
            text = ""
    item [2]:
        class = "IntervalTier"
        name = "A"
        xmin = 0
        xmax = 10.000
        intervals: size = 3
        intervals [1]:
            xmin = 0.000
            xmax = 1.000
            text = ""
        intervals [2]:
            xmin = 1.000
            xmax = 4.000
            text = "\"\"two\"\""
        intervals [3]:
            xmin = 4.000
            xmax = 10.000
            text = ""
"""


def one(text: str) -> Diarization:
    (talk,) = parse(text, recording_id="r")
    return talk


def test_short_form_points_and_comments() -> None:
    talk = one(SHORT)
    text = 'He said "hi" ! not a comment\nand more'
    assert talk == Diarization("r", (Turn(1.5, 4, 'Ann "A" Lee', None, text),), 10, source="textgrid")


def test_what_is_written() -> None:
    talk = Diarization(
        "r", (Turn(0, 2, "A", None, "one"), Turn(1, 4, "A", None, '"two"'), Turn(2, 3, "A")), audio_length=10
    )
    assert [line.rstrip() for line in serialise([talk]).splitlines()] == [
        line.rstrip() for line in LONG.splitlines()
    ]
    assert one(LONG).turns == talk.turns


def test_tiers_have_neither_gaps_nor_overlaps() -> None:
    # Rounded to milliseconds these turns would overlap: they go on two tiers.
    talk = Diarization("r", tuple(Turn(i * 0.0004, (i + 1) * 0.0004, "A") for i in range(20)))
    text = serialise([talk])
    for tier in text.split("item [")[2:]:
        times = [float(time) for time in re.findall(r"x(?:min|max) = ([\d.]+)", tier)]
        assert times[2::2][1:] == times[3::2][:-1]
        assert (times[2], times[-1]) == (times[0], times[1])
        assert all(start < end for start, end in zip(times[::2], times[1::2], strict=True))
    assert len(one(text)) == 20


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_praat_writes_utf_16(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "talk.TextGrid"
    path.write_bytes(("\ufeff" + SHORT.replace("\n", "\r\n").replace("Ann", "Jürgen")).encode(encoding))
    assert read(path)[0].speakers == ('Jürgen "A" Lee',)


def test_a_grid_without_tiers() -> None:
    assert one('File type = "ooTextFile"\nObject class = "TextGrid"\n0 5\ntiers? <absent>\n').turns == ()
    assert one(serialise([Diarization("r", audio_length=5)])).audio_length == 5


def test_every_place_at_which_it_may_be_cut_off() -> None:
    for end in range(len(SHORT) - 8):
        with pytest.raises(ParseError):
            one(SHORT[:end])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("ooTextFile", "ooBinaryFile", "not a TextGrid in text form"),
        ('"TextGrid"', '"Sound"', "not a TextGrid in text form"),
        ("<exists>\n2", "<exists>\n999999999", "The file ends"),
        ("<exists>\n2", "<exists>\n-2", "Line 7: the number of tiers is -2"),
        ("<exists>\n2", "<exists>\n1.5", "Line 7: the number of tiers is 1.5"),
        ("1.5\n4", "4\n1.5", "Line 16: The interval from 4.0 s to 1.5 s is empty"),
        ("1.5\n4", "nan\n4", "Line 16: the start of an interval 'nan' is not a number"),
        ("1.5\n4", "1.5.5\n4", "is not a number"),
        ("1.5\n4", '"1.5"\n4', "Line 16: '1.5' where the start of an interval should be"),
        ("IntervalTier", "FormantTier", "no tiers of class 'FormantTier'"),
        ('and more"', "and more", "without its closing quote"),
    ],
)
def test_refused(old: str, new: str, problem: str) -> None:
    assert old in SHORT
    with pytest.raises(ParseError) as caught:
        one(SHORT.replace(old, new, 1))
    assert problem in str(caught.value)

"""Audacity: labels of all kinds."""

from __future__ import annotations

import pytest

from diarist.errors import ParseError
from diarist.formats.audacity import looks_like, parse, serialise
from diarist.types import Diarization, Turn


def test_what_is_written() -> None:
    talk = Diarization("r", (Turn(1, 2, "Ann", 0.5), Turn(3, 4, "Bob", None, "said\tso"), Turn(5, 6, "[x]")))
    text = serialise([talk])
    assert text == "1.000000\t2.000000\tAnn\n3.000000\t4.000000\t[Bob] said so\n5.000000\t6.000000\t[[x\\]]\n"
    assert [(turn.speaker, turn.text) for turn in parse(text, recording_id="r")[0]] == [
        ("Ann", None),
        ("Bob", "said so"),
        ("[x]", None),
    ]


def test_points_frequencies_and_empty_labels() -> None:
    (talk,) = parse(
        "1.0\t2.0\tAnn\r\n\\\t100.0\t8000.0\r\n2.5\t2.5\tclick\r\n\n3\t4\t\r\n 5\t6\r\n", recording_id="r"
    )
    assert talk.turns == (Turn(1, 2, "Ann"), Turn(3, 4, "UNKNOWN"), Turn(5, 6, "UNKNOWN"))
    assert talk.notes == ("Labels at a point, which are no turns and were left out: 1.",)


def test_what_looks_like_labels() -> None:
    assert looks_like("\n1.5\t2\tAnn\n")
    assert not looks_like("[00:00:12.340 --> 00:00:15.000] A: text\n")
    assert not looks_like("")


@pytest.mark.parametrize("line", ["1.0 2.0 Ann", "1\t0.5\tA", "-1\t1\tA", "nan\t1\tA", "1,5\t2,5\tA"])
def test_refused(line: str) -> None:
    with pytest.raises(ParseError, match="Line 2: "):
        parse(f"0\t1\tA\n{line}\n", recording_id="r")

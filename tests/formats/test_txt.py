"""TXT: the transcript for people."""

from __future__ import annotations

import pytest

from diarist.errors import ParseError
from diarist.formats.txt import parse, serialise
from diarist.types import Diarization, Turn

TEXT = """\
[00:00:12.340 --> 00:00:15.000] SPEAKER_00 (0.93): What was said.
[00:00:15.000 --> 01:00:15.000] Ann (the boss\\): said: "no"
[01:00:16.000 --> 01:00:17.000] B:
"""


def test_the_form_of_a_line() -> None:
    talk = Diarization(
        "r",
        (
            Turn(12.34, 15, "SPEAKER_00", 0.93, "What was said."),
            Turn(15, 3615, "Ann", None, 'said: "no"\nand \\ left'),
            Turn(3616, 3617, "B: (x)"),
        ),
    )
    text = serialise([talk])
    assert text == (
        "[00:00:12.340 --> 00:00:15.000] SPEAKER_00 (0.93): What was said.\n"
        '[00:00:15.000 --> 01:00:15.000] Ann: said: "no"\\nand \\\\ left\n'
        "[01:00:16.000 --> 01:00:17.000] B\\: \\(x):\n"
    )
    assert parse(text, recording_id="r")[0].turns == talk.turns


def test_blank_lines_short_clocks_and_certain_turns() -> None:
    (talk,) = parse("\n[1:02.5 --> 01:03.000] A (1): yes\n\n", recording_id="r")
    assert talk.turns == (Turn(62.5, 63, "A", 1.0, "yes"),)


@pytest.mark.parametrize(
    "line",
    [
        "Hello",
        "[00:00:12.340 --> 00:00:15.000] A",
        "[00:00:12.340 --> 00:00:15.000] : text",
        "[00:00:99.340 --> 00:00:15.000] A: text",
        "[00:00:15.000 --> 00:00:12.000] A: text",
        "[00:00:12.000 --> 00:00:12.000] A: text",
        "[00:00:12.000 --> 00:00:13.000] A (high): text",
        "[00:00:12.000 --> 00:00:13.000] A (7): text",
        "[..... --> :::::] A: text",
    ],
)
def test_refused(line: str) -> None:
    with pytest.raises(ParseError, match="Line 2: "):
        parse(f"\n{line}\n", recording_id="r")

"""SRT: the speaker before the text, and files as they are found."""

from __future__ import annotations

import pytest

from diarist.errors import ParseError
from diarist.formats.srt import parse, serialise, split_label
from diarist.types import Diarization, Turn


def one(text: str) -> Diarization:
    (talk,) = parse(text, recording_id="r")
    return talk


def test_what_is_written() -> None:
    talk = Diarization(
        "r", (Turn(12.34, 15, "SPEAKER_00", 0.9, "What\n\nwas said."), Turn(4000, 4001, "a]b"))
    )
    assert serialise([talk]) == (
        "1\n00:00:12,340 --> 00:00:15,000\n[SPEAKER_00] What was said.\n"
        "\n2\n01:06:40,000 --> 01:06:41,000\n[a\\]b]\n"
    )
    assert serialise([Diarization("r")]) == ""


@pytest.mark.parametrize(
    ("payload", "speaker", "text"),
    [
        ("[SPEAKER_00]: Hello", "SPEAKER_00", "Hello"),
        ("[SPEAKER_00] Hello", "SPEAKER_00", "Hello"),
        ("[SPEAKER_00]", "SPEAKER_00", ""),
        ("Dr. Who: Hello", "UNKNOWN", "Dr. Who: Hello"),
        ("Ann Lee: Hello: you", "Ann Lee", "Hello: you"),
        ("ANN:", "ANN", ""),
        ("It is 12:30", "UNKNOWN", "It is 12:30"),
        ("12: a dozen", "UNKNOWN", "12: a dozen"),
        ("I tell you what I think: no", "UNKNOWN", "I tell you what I think: no"),
        ("Well, this: no", "Well, this", "no"),
        ("[] nothing", "UNKNOWN", "[] nothing"),
        ("[unclosed", "UNKNOWN", "[unclosed"),
    ],
)
def test_who_speaks(payload: str, speaker: str, text: str) -> None:
    assert split_label(payload) == (speaker, text)


def test_files_as_they_are_found() -> None:
    talk = one(
        "\n\n1\n00:00:01,000 --> 00:00:02,000 X1:40 X2:600\nA: first\nline\n\nafter a blank one\n\n"
        "00:00:03.5 --> 00:00:04.25\nB: no number, a --> b\n"
        "3\n0:00:05,000 --> 0:00:06,000\n\n"
        "4\n00:00:07,000-->00:00:08,000\n42"
    )
    assert talk.turns == (
        Turn(1, 2, "A", None, "first line after a blank one"),
        Turn(3.5, 4.25, "B", None, "no number, a --> b"),
        Turn(7, 8, "UNKNOWN", None, "42"),
    )
    assert talk.notes == ()


def test_impossible_times_keep_their_text() -> None:
    talk = one("1\n00:00:05,000 --> 00:00:03,000\nA: back\n\n2\n00:00:06,000 --> 00:00:06,000\nB: now\n")
    assert talk.turns == (Turn(3, 5, "A", None, "back"), Turn(6, 6.001, "B", None, "now"))
    assert talk.notes == (
        "The cue in line 2 ends before it starts: its times were swapped.",
        "The cue in line 6 has no length: it was given a millisecond.",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("words without any time\n", "There is no line of times"),
        ("1\n00:00:xx,000 --> 00:00:02,000\nA\n", "Line 2: "),
        ("1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\nnan --> 3\nB\n", "Line 6: "),
        ("1\n00:99:01,000 --> 00:00:02,000\nA\n", "Line 2: "),
        (f"1\n{'9' * 5000}:00:01,000 --> 00:00:02,000\nA\n", "Line 2: "),
    ],
)
def test_refused(text: str, problem: str) -> None:
    with pytest.raises(ParseError) as caught:
        one(text)
    assert problem in str(caught.value)
    assert len(str(caught.value)) < 200

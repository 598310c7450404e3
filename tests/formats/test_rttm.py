"""RTTM: what real files hold, and what none may."""

from __future__ import annotations

import pytest

from diarist.errors import ParseError
from diarist.formats.rttm import parse, serialise
from diarist.types import Diarization, Turn


def line(*fields: object) -> str:
    return " ".join(str(field) for field in fields) + "\n"


def one(text: str) -> Diarization:
    (talk,) = parse(text, recording_id="file")
    return talk


def test_the_ten_fields() -> None:
    talk = one("SPEAKER meeting 1 6.690 0.430 <NA> <NA> speaker90 0.25 <NA>\n")
    assert talk == Diarization("meeting", (Turn(6.69, 7.12, "speaker90", 0.25),), source="rttm")


def test_what_is_written() -> None:
    talk = Diarization("my file", (Turn(0.0001, 0.0004, "A\tB", 0.93), Turn(1.0004, 2, "C")), channel=2)
    assert serialise([talk]) == (
        "SPEAKER my_file 2 0.000 0.001 <NA> <NA> A_B 0.93 <NA>\n"
        "SPEAKER my_file 2 1.000 1.000 <NA> <NA> C <NA> <NA>\n"
    )


def test_control_characters_are_not_written() -> None:
    talk = Diarization("a\x1b[31mb", (Turn(0, 1, "\x00A\x7f\x9bB é"),))
    assert serialise([talk]) == "SPEAKER a_[31mb 1 0.000 1.000 <NA> <NA> _A__B_é <NA> <NA>\n"


def test_ends_are_exact_decimal_sums() -> None:
    talk = one(line("SPEAKER", "r", 1, "0.1", "0.2", "<NA>", "<NA>", "A", "<NA>", "<NA>"))
    assert talk.turns[0].end == 0.3  # and not 0.30000000000000004


def test_eight_and_nine_fields_tabs_comments_and_other_types() -> None:
    talk = one(
        ";; a comment\n"
        "SPKR-INFO r 1 <NA> <NA> <NA> unknown A <NA> <NA>\n"
        "\n"
        "SPEAKER\tr\t1\t0\t1\t<NA>\t<NA>\tA\r\n"
        "  SPEAKER r 1 1e0 .5 <NA> <NA> <NA> <NA>\n"
        "X-OWN-TYPE whatever\n"
    )
    assert talk.turns == (Turn(0, 1, "A"), Turn(1, 1.5, "UNKNOWN"))


@pytest.mark.parametrize("mistyped", ["SPEAKR", "speaker", "Speaker", "TURN"])
def test_a_mistyped_turn_is_not_lost(mistyped: str) -> None:
    turn = "SPEAKER r 1 0 1 <NA> <NA> A <NA> <NA>\n"
    with pytest.raises(
        ParseError, match=f"Line 2: '{mistyped}' is no type of RTTM. The line is '{mistyped} r 1"
    ):
        one(turn + turn.replace("SPEAKER", mistyped))


def test_a_number_sign_begins_a_comment() -> None:
    assert len(one("# made by hand\nSPEAKER r 1 0 1 <NA> <NA> A <NA> <NA>\n")) == 1


def test_turns_of_no_length_are_left_out() -> None:
    talk = one("SPEAKER r 1 3.0 0.000 <NA> <NA> A <NA> <NA>\nSPEAKER r 1 4 1 <NA> <NA> A <NA> <NA>\n")
    assert talk.turns == (Turn(4, 5, "A"),)


def test_scores_that_are_no_probabilities_are_left_out() -> None:
    assert one("SPEAKER r 1 4 1 <NA> <NA> A -12.5 <NA>\n").turns[0].confidence is None


@pytest.mark.parametrize(
    ("channels", "found"),
    [("11", [None]), ("00", [None]), ("12", [1, 2]), ("01", [1, 2]), ("22", [2]), ("21", [2, 1])],
)
def test_channels(channels: str, found: list[int | None]) -> None:
    text = "".join(
        line("SPEAKER", "r", channel, start, 1, "<NA>", "<NA>", "A", "<NA>", "<NA>")
        for start, channel in enumerate(channels)
    )
    assert [talk.channel for talk in parse(text, recording_id="x")] == found


def test_an_empty_file_is_a_recording_in_which_nobody_speaks() -> None:
    assert one("") == one(";; nothing\n") == Diarization("file", source="rttm")
    assert serialise([Diarization("file")]) == ""


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ("SPEAKER r 1 nan 1 <NA> <NA> A <NA> <NA>", "the start 'nan' is not a number"),
        ("SPEAKER r 1 0 inf <NA> <NA> A <NA> <NA>", "the duration 'inf' is not a number"),
        ("SPEAKER r 1 1_0 1 <NA> <NA> A <NA> <NA>", "the start '1_0' is not a number"),
        ("SPEAKER r 1 ٣ 1 <NA> <NA> A <NA> <NA>", "is not a number"),
        ("SPEAKER r 1 -1 2 <NA> <NA> A <NA> <NA>", "The interval starts at -1.0 s"),
        ("SPEAKER r 1 5 -2 <NA> <NA> A <NA> <NA>", "the duration is -2 s"),
        ("SPEAKER r 1 1e999 1 <NA> <NA> A <NA> <NA>", "not finite"),
        ("SPEAKER r 1 1e300 1 <NA> <NA> A <NA> <NA>", "is empty"),
        ("SPEAKER r one 0 1 <NA> <NA> A <NA> <NA>", "the channel 'one' is not a number"),
        ("SPEAKER r 1 0 1 <NA> <NA> A high <NA>", "the confidence 'high' is not a number"),
        ("SPEAKER r 1 0 1 <NA> <NA> John Smith <NA> <NA>", "11 fields instead of 10"),
        ("SPEAKER r 1 3.600 0.625 speaker_2", "6 fields instead of 10"),
    ],
)
def test_lines_that_are_refused_are_named(fields: str, problem: str) -> None:
    with pytest.raises(ParseError) as caught:
        one(f";; first\n{fields}\n")
    assert str(caught.value).startswith("Line 2: ")
    assert problem in str(caught.value)


def test_a_line_without_end_is_shown_in_part() -> None:
    with pytest.raises(ParseError) as caught:
        one("SPEAKER r 1 " + "9x" * 100_000 + " 1 <NA> <NA> A <NA> <NA>\n")
    assert len(str(caught.value)) < 400

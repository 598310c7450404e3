"""WebVTT: voices, character references, and blocks that are no cues."""

from __future__ import annotations

import pytest

from diarist.errors import ParseError
from diarist.formats.vtt import parse, serialise
from diarist.types import Diarization, Turn


def one(text: str) -> Diarization:
    (talk,) = parse(text, recording_id="r")
    return talk


def cue(payload: str) -> list[tuple[str, str | None]]:
    talk = one(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{payload}\n")
    return [(turn.speaker, turn.text) for turn in talk]


def test_what_is_written() -> None:
    talk = Diarization("r", (Turn(12.34, 15, "Ann & <Bob>", 0.9, "1 < 2\n\nand --> on"), Turn(16, 17, "C")))
    assert serialise([talk]) == (
        "WEBVTT\n"
        "\n00:00:12.340 --> 00:00:15.000\n<v Ann &amp; &lt;Bob&gt;>1 &lt; 2 and --&gt; on</v>\n"
        "\n00:00:16.000 --> 00:00:17.000\n<v C></v>\n"
    )


def test_blocks_identifiers_settings_and_hours() -> None:
    talk = one(
        "WEBVTT - a title\nKind: captions\n\nNOTE\na comment --> with an arrow\n\nSTYLE\n::cue {}\n\n"
        "REGION\nid:fred\n\nNOTE one line\n\n"
        "intro\n100:00:01.000 --> 100:00:02.000 align:start line:0\n<v A>hours\n\n"
        "00:03.000 --> 00:04.000\n<v B>two\nlines</v>\n"
    )
    assert talk.turns == (Turn(3, 4, "B", None, "two lines"), Turn(360001, 360002, "A", None, "hours"))


@pytest.mark.parametrize(
    ("payload", "voices"),
    [
        ("<v Ann>Hi</v> <v Bob>Ho</v>", [("Ann", "Hi"), ("Bob", "Ho")]),
        ("<v.loud.first  Ann  Lee >Hi", [("Ann Lee", "Hi")]),
        ("before <v Ann>Hi</v> after", [("Ann", "Hi"), ("UNKNOWN", "before"), ("UNKNOWN", "after")]),
        ("<v Ann>a <i>b</i> <c.x>c</c> <00:01.500>d <lang en>e</lang></v>", [("Ann", "a b c d e")]),
        ("a < b > c <unknown>", [("UNKNOWN", "a < b > c <unknown>")]),
        ("<v>who</v>", [("UNKNOWN", "who")]),
        ("<v //S02>Okay", [("//S02", "Okay")]),
        ("&amp;lt;&nbsp;&#65;", [("UNKNOWN", "&lt;\u00a0A")]),
        ("<v Ann></v>", [("Ann", None)]),
        ("", []),
    ],
)
def test_voices(payload: str, voices: list[tuple[str, str | None]]) -> None:
    assert cue(payload) == voices


def test_text_after_a_blank_line_is_not_lost() -> None:
    assert cue("<v A>one\n\ntwo") == [("A", "one two")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Line 1: "),
        ("WEBVTTX\n", "Line 1: "),
        ("00:01.000 --> 00:02.000\nA\n", "Line 1: "),
        ("WEBVTT\n\nx --> y\nA\n", "Line 3: 'x --> y' holds no two times"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nA --> B\n", "Line 4: "),
        ("WEBVTT\n\n00:01 --> 00:02\nA\n", "Line 3: "),
    ],
)
def test_refused(text: str, problem: str) -> None:
    with pytest.raises(ParseError) as caught:
        one(text)
    assert problem in str(caught.value)

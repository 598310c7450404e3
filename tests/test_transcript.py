"""Words, and the turns they make."""

from __future__ import annotations

import math
import time

import pytest

from diarist.errors import IntervalError
from diarist.transcript import Transcript, Word
from diarist.types import Turn


def test_words_need_both_times_or_none() -> None:
    with pytest.raises(IntervalError):
        Word("w", start=1)
    with pytest.raises(IntervalError):
        Word("w", end=1)
    with pytest.raises(IntervalError):
        Word("w", math.inf, math.inf)
    assert not Word("w", 1, 1).timed
    assert not Word("w").timed
    assert Word("w", 1, 2).timed


def test_turns_of_a_transcript() -> None:
    words = (
        Word("um"),
        Word("Good", 0.5, 1.0, speaker="A", speaker_confidence=0.8),
        Word("morning.", 1.0, 1.5, speaker="A", speaker_confidence=0.6),
        Word("Hello", 1.6, 2.0, speaker="B"),
        Word("there", 2.0, 2.0, speaker="B"),
        Word("you.", 3.0, 3.5, speaker="B"),
        Word("Right.", 4.6, 5.0, speaker="B"),
        Word("Who?", 5.1, 5.5),
    )
    talk = Transcript("r", words, source="whisper").turns()
    assert talk.turns == (
        Turn(0.5, 1.5, "A", 0.7, "um Good morning."),
        Turn(1.6, 3.5, "B", None, "Hello there you."),
        Turn(4.6, 5.0, "B", None, "Right."),
        Turn(5.1, 5.5, "UNKNOWN", None, "Who?"),
    )
    assert (talk.recording_id, talk.source, talk.notes) == ("r", "whisper", ())
    assert Transcript("r", words).text.startswith("um Good morning.")


def test_a_transcript_without_times_says_so() -> None:
    talk = Transcript("r", (Word("a"), Word("b"))).turns()
    assert talk.turns == ()
    assert talk.notes == ("None of the 2 words has times: there are no turns.",)
    assert Transcript("r").turns().notes == ()


def test_transcript_relabel() -> None:
    words = (Word("a", speaker="A"), Word("b"))
    assert [word.speaker for word in Transcript("r", words).relabel({"A": "Ann"}).words] == ["Ann", None]


def test_a_long_monologue_is_not_quadratic() -> None:
    words = tuple(Word("w", i / 2, i / 2 + 0.4, speaker="A") for i in range(50_000))
    begun = time.process_time()
    assert len(Transcript("r", words).turns()) == 1
    assert time.process_time() - begun < 5

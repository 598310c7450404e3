"""Which words are compared, and in which order."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.evaluation.words.text import WordRules, spoken_words, transcript_of
from diarist.transcript import Transcript, Word
from diarist.types import Diarization, Turn


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello,", ("hello",)),
        ("  Good   morning. ", ("good", "morning")),
        ("don't", ("don't",)),
        ("don\u2019t", ("don't",)),
        ("don\u02bct", ("don't",)),
        ("'Cause dogs' rock'n'roll", ("cause", "dogs", "rock'n'roll")),
        ("well-known", ("well", "known")),
        ("I \u2013 I\u2014well", ("i", "i", "well")),
        ("and/or", ("and", "or")),
        ("1,000 5% $7", ("1000", "5", "7")),
        ("...", ()),
        ("'", ()),
        ("\u266a", ()),
        ("Stra\u00dfe caf\u00e9 cafe\u0301", ("stra\u00dfe", "caf\u00e9", "caf\u00e9")),
        ("\uff21\uff22\uff11 \ufb01ne x\u00a0y", ("ab1", "fine", "x", "y")),
        ("so\u00adft", ("soft",)),
        ("\u0939\u093f\u0928\u094d\u0926\u0940", ("\u0939\u093f\u0928\u094d\u0926\u0940",)),
    ],
)
def test_words_that_are_compared(text: str, words: tuple[str, ...]) -> None:
    assert WordRules().words(text) == words


def test_words_as_they_are_written() -> None:
    assert WordRules(normalise=False).words(" Don\u2019t, -  Stop! ") == ("Don\u2019t,", "-", "Stop!")


def test_rules_say_what_they_are() -> None:
    assert (
        str(WordRules()) == "words in lower case, NFKC, without punctuation except apostrophes inside words"
    )
    assert str(WordRules(normalise=False)) == "words as they are written"


@given(st.text(max_size=12))
def test_what_is_normalised_has_no_case_no_punctuation_and_stays(text: str) -> None:
    rules = WordRules()
    words = rules.words(text)
    assert rules.words(" ".join(words)) == words
    for word in words:
        assert not set(word) & set(' .,;:!?"-()\u2019')
        assert word == word.lower() == word.strip("'")


def test_words_are_ordered_by_their_starts() -> None:
    given_words = (
        Word("two", 2.0, 2.5, speaker="A"),
        Word("behind"),  # stays behind "two"
        Word("one-first", 1.0, 3.0, speaker="B"),
        Word("also", 2.0, 2.1, speaker="UNKNOWN"),
        Word("--", 9.0, 9.1, speaker="C"),
    )
    spoken = spoken_words(Transcript("r", given_words), WordRules())
    assert spoken.words == ("one", "first", "two", "behind", "also")
    assert spoken.speakers == ("B", "B", "A", None, None)
    assert spoken.times is not None
    assert spoken.times.tolist() == [1_000_000, 1_000_000, 2_000_000, 2_000_000, 2_000_000]
    assert spoken.untimed
    assert spoken.by_speaker() == {
        "B": ["one", "first"],
        "A": ["two"],
        "UNKNOWN": ["behind", "also"],
    }


def test_words_that_start_together_stay_as_given() -> None:
    texts = [str(number) for number in range(200)]
    words = tuple(Word(text, 5.0 - int(text) // 100, 9.0) for text in texts)
    spoken = spoken_words(Transcript("r", words), WordRules())
    assert spoken.words == (*texts[100:], *texts[:100])


def test_words_without_any_time_stay_as_given() -> None:
    spoken = spoken_words(Transcript("r", (Word("b"), Word("a"))), WordRules())
    assert (spoken.words, spoken.times, spoken.untimed) == (("b", "a"), None, True)


def test_a_first_word_without_time_stands_before_the_next() -> None:
    words = (Word("um"), Word("yes", 3.0, 3.5), Word("no", 1.0, 1.5))
    spoken = spoken_words(Transcript("r", words), WordRules())
    assert spoken.words == ("no", "um", "yes")
    assert spoken.times is not None
    assert spoken.times.tolist() == [1_000_000, 3_000_000, 3_000_000]
    assert spoken.untimed


def test_no_words_at_all() -> None:
    spoken = spoken_words(Transcript("r"), WordRules())
    assert (spoken.words, spoken.speakers, spoken.times, spoken.untimed) == ((), (), None, False)


def test_words_of_turns_share_their_time_by_characters() -> None:
    turns = (
        Turn(0.0, 4.0, "A", 0.5, "to be  there"),  # 2 + 2 + 5 characters in 4 s
        Turn(1.0, 2.0, "B", None, "yes"),
        Turn(3.0, 3.5, "B"),
    )
    transcript = transcript_of(Diarization("talk", turns, channel=2, source="srt"))
    assert (transcript.recording_id, transcript.source) == ("talk.ch2", "srt")
    assert transcript.words == (
        Word("to", 0.0, 4.0 * 2 / 9, speaker="A", speaker_confidence=0.5),
        Word("be", 4.0 * 2 / 9, 4.0 * 4 / 9, speaker="A", speaker_confidence=0.5),
        Word("yes", 1.0, 2.0, speaker="B"),
        Word("there", 4.0 * 4 / 9, 4.0, speaker="A", speaker_confidence=0.5),
    )


def test_turns_of_one_time_do_not_depend_on_labels() -> None:
    turns = (Turn(0, 1, "A", text="b b"), Turn(0, 1, "B", text="a a"))
    talk = Diarization("r", turns)
    swapped = talk.relabel({"A": "B", "B": "A"})
    assert transcript_of(talk).text == transcript_of(swapped).text == "a b a b"


@given(st.floats(0, 1e5), st.floats(1e-9, 1e4), st.lists(st.text("abc", min_size=1, max_size=9), max_size=9))
def test_words_of_a_turn_fill_it(start: float, length: float, texts: list[str]) -> None:
    turn = Turn(start, start + length + 1e-6, "A", text=" ".join(texts))
    words = transcript_of(Diarization("r", (turn,))).words
    assert [word.text for word in words] == texts
    if words:
        assert (words[0].start, words[-1].end) == (turn.start, turn.end)
    for word, following in pairwise(words):
        assert word.end == following.start

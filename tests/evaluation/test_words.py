"""cpWER and WDER: by hand, against definitions, on real transcripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import permutations, product
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from diarist.errors import InputError, OptionError
from diarist.evaluation.words import (
    WORD_MEASURES,
    WordComponents,
    WordScores,
    score_words,
    total_words,
)
from diarist.evaluation.words.errors import MOST_SPEAKERS, assigned_by_pairs, permutation_errors
from diarist.evaluation.words.text import WordRules, spoken_words, transcript_of
from diarist.formats import read
from diarist.transcript import Transcript, Word
from diarist.types import Diarization

Said = Sequence[tuple[str, str | None]]  # words with their speakers


def transcript(*parts: str, name: str = "r", timed: bool = True) -> Transcript:
    """``"A: good morning"``: a word a second; ``"-"`` is nobody."""
    words: list[Word] = []
    for part in parts:
        speaker, text = part.split(": ")
        for word in text.split():
            start = float(len(words)) if timed else None
            end = start + 0.5 if start is not None else None
            words.append(Word(word, start, end, speaker=None if speaker == "-" else speaker))
    return Transcript(name, tuple(words))


def components(reference: Transcript, hypothesis: Transcript) -> WordComponents:
    return score_words([reference], [hypothesis]).overall


def test_by_hand(caplog: pytest.LogCaptureFixture) -> None:
    reference = transcript("A: how are you today", "B: fine thanks", "A: good")
    hypothesis = transcript("X: how is you", "Y: today fine thanks thanks", "X: good")
    # cpWER, A-X and B-Y: A "how are you today good" against "how is you good": "are" substituted, "today"
    # deleted; B "fine thanks" against "today fine thanks thanks": two insertions.
    # WDER: seven words aligned, "are" with "is", one "thanks" inserted; only "today" has another speaker.
    scores = score_words([reference], [hypothesis], system="ours")
    assert scores.overall == WordComponents(
        num_recordings=1,
        reference_words=7,
        hypothesis_words=8,
        insertions=2,
        deletions=1,
        substitutions=1,
        scored_speakers=2,
        missed_speakers=0,
        false_alarm_speakers=0,
        correct=6,
        substituted=1,
        correct_wrong_speaker=1,
        substituted_wrong_speaker=0,
        unattributed=0,
    )
    assert (scores.overall.errors, scores.overall.cp_wer) == (4, 4 / 7)
    assert (scores.overall.wrong_speaker_words, scores.overall.aligned_words) == (1, 7)
    assert scores.overall.wder == 1 / 7
    assert scores.recordings[0].assignment == (("A", "X"), ("B", "Y"))
    assert scores.recordings[0].mapping == {"A": "X", "B": "Y"}
    assert (scores.system, scores.notes, scores.rules) == ("ours", (), WordRules())
    assert not caplog.records  # meeteval warns through logging


def test_a_substituted_word_can_have_the_wrong_speaker() -> None:
    reference = transcript("A: one two three", "B: four five six")
    hypothesis = transcript("X: one two", "Y: tree four five six")
    got = components(reference, hypothesis)
    assert (got.correct, got.substituted) == (5, 1)
    assert (got.correct_wrong_speaker, got.substituted_wrong_speaker) == (0, 1)
    assert got.wder == 1 / 6
    assert (got.insertions, got.deletions, got.substitutions, got.cp_wer) == (1, 1, 0, 2 / 6)


def test_speakers_too_few() -> None:
    reference = transcript("A: a b c", "B: d e")
    got = components(reference, transcript("X: a b c d e"))
    assert (got.scored_speakers, got.missed_speakers, got.false_alarm_speakers) == (2, 1, 0)
    assert (got.insertions, got.deletions, got.substitutions) == (2, 2, 0)  # X is A; B is deleted
    assert (got.correct, got.correct_wrong_speaker, got.wder) == (5, 2, 2 / 5)


def test_speakers_too_many() -> None:
    scores = score_words([transcript("A: a b c d e")], [transcript("X: a b c", "Y: d e")])
    got = scores.overall
    assert (got.scored_speakers, got.missed_speakers, got.false_alarm_speakers) == (1, 0, 1)
    assert (got.insertions, got.deletions, got.substitutions) == (2, 2, 0)
    assert (got.correct, got.correct_wrong_speaker, got.wder) == (5, 2, 2 / 5)
    assert scores.recordings[0].assignment == (("A", "X"), (None, "Y"))
    assert scores.recordings[0].mapping == {"A": "X"}


def test_hypothesis_words_of_nobody_are_wrong() -> None:
    scores = score_words([transcript("A: a b c d")], [transcript("-: a b c", "X: d")])
    got = scores.overall
    assert (got.correct, got.correct_wrong_speaker) == (4, 3)  # A is X, for one word: nobody is not a speaker
    assert scores.recordings[0].mapping == {"A": "X"}
    assert scores.recordings[0].assignment == (("A", "UNKNOWN"), (None, "X"))
    assert (got.insertions, got.deletions, got.substitutions) == (1, 1, 0)
    assert scores.notes == ("1 recording ('r') with hypothesis words of no speaker: wrong in WDER.",)


def test_unknown_is_nobody() -> None:
    reference = [transcript("A: a b c d")]
    assert score_words(reference, [transcript("UNKNOWN: a b c", "X: d")]) == score_words(
        reference, [transcript("-: a b c", "X: d")]
    )


def test_reference_words_of_nobody_are_left_out_of_wder() -> None:
    scores = score_words([transcript("A: a b", "-: c d e", "B: f")], [transcript("X: a b c d", "Y: f")])
    got = scores.overall
    assert (got.correct, got.substituted, got.unattributed) == (3, 0, 2)
    assert (got.wrong_speaker_words, got.wder) == (0, 0.0)
    assert (got.reference_words, got.scored_speakers, got.missed_speakers) == (6, 3, 1)
    assert (got.insertions, got.deletions, got.substitutions) == (2, 3, 0)  # c d e deleted; X says c d too
    assert scores.notes == ("1 recording ('r') with reference words of no speaker: left out of WDER.",)


def test_overlapping_speech_is_in_the_order_of_starts() -> None:
    """Where two speak at once, their words alternate on both sides, however they are listed."""
    words = (
        Word("a", 0.0, 0.9, speaker="A"),
        Word("b", 1.0, 1.9, speaker="A"),
        Word("c", 2.0, 2.9, speaker="A"),
        Word("x", 0.5, 1.4, speaker="B"),
        Word("y", 1.5, 2.4, speaker="B"),
    )
    by_time = tuple(sorted(words, key=lambda word: word.start or 0.0))
    got = components(Transcript("r", words), Transcript("r", by_time))
    assert (got.errors, got.correct, got.substituted, got.wrong_speaker_words) == (0, 5, 0, 0)
    plain = tuple(replace(word, start=None, end=None) for word in words)
    mixed = tuple(replace(word, start=None, end=None) for word in by_time)
    got = components(Transcript("r", plain), Transcript("r", mixed))
    assert got.errors == 0  # each speaker's words are in order
    assert (got.correct, got.substituted) == (3, 0)  # abcxy and axbyc: abc or axy


def test_time_decides_which_of_two_equal_words_is_meant() -> None:
    reference = Transcript(
        "r",
        (
            Word("yes", 5.0, 5.5, speaker="A"),
            Word("so", 6.0, 6.5, speaker="A"),
            Word("be", 7.0, 7.5, speaker="A"),
        ),
    )
    rest = (Word("so", 6.0, 6.5, speaker="X"), Word("be", 7.0, 7.5, speaker="X"))
    for ours, theirs, wrong in ((5.1, 1.0, 0), (5.5, 4.9, 1)):
        said = (Word("yes", theirs, 5.5, speaker="Y"), Word("yes", ours, 6.0, speaker="X"))
        got = components(reference, Transcript("r", (*said, *rest)))
        assert (got.correct, got.wrong_speaker_words) == (3, wrong)


def test_case_and_punctuation_count_only_where_asked() -> None:
    reference, hypothesis = transcript("A: Well, don\u2019t! ..."), transcript("X: well don't")
    assert components(reference, hypothesis).errors == 0
    strict = score_words([reference], [hypothesis], normalise=False)
    assert strict.overall == WordComponents(
        num_recordings=1,
        reference_words=3,
        hypothesis_words=2,
        deletions=1,
        substitutions=2,
        scored_speakers=1,
        substituted=2,
    )
    assert strict.rules == WordRules(normalise=False)


def test_one_without_hypothesis_is_deleted_and_one_without_reference_is_not_scored() -> None:
    scores = score_words(
        [transcript("A: a b", "B: c", name="one"), transcript("A: a", name="two")],
        [transcript("X: a", name="two"), transcript("X: a", name="three")],
    )
    assert [recording.recording_id for recording in scores.recordings] == ["one", "two"]
    first, second = scores.recordings
    assert first.components == WordComponents(
        num_recordings=1, reference_words=3, deletions=3, scored_speakers=2, missed_speakers=2
    )
    assert (first.has_hypothesis, second.has_hypothesis) == (False, True)
    assert first.assignment == (("A", None), ("B", None))
    assert (first.components.cp_wer, first.components.wder) == (1.0, None)
    assert scores.overall.cp_wer == 3 / 4
    assert scores.overall.wder == 0.0
    assert scores.notes == (
        "1 recording ('one') without a hypothesis: all words deleted.",
        "1 recording ('three') without a reference: not scored.",
    )


def test_no_reference_words() -> None:
    scores = score_words([Transcript("r")], [transcript("X: a b", "Y: c")])
    assert scores.overall == WordComponents(
        num_recordings=1, hypothesis_words=3, insertions=3, false_alarm_speakers=2
    )
    assert (scores.overall.cp_wer, scores.overall.wder) == (None, None)
    assert scores.notes == ("1 recording ('r') without words in the reference: no rates.",)
    empty = score_words([], [])
    assert (empty.overall, empty.overall.cp_wer, empty.notes) == (WordComponents(), None, ())


def test_words_without_times_are_noted() -> None:
    reference, hypothesis = transcript("A: a b", timed=False), transcript("X: a b")
    scores = score_words([reference], [hypothesis])
    assert (scores.overall.errors, scores.overall.wder) == (0, 0.0)
    assert scores.notes == ("1 recording ('r') with words without times: kept in the order given.",)


def test_a_recording_given_twice_is_refused() -> None:
    twice = [transcript("A: a"), transcript("A: b")]
    with pytest.raises(InputError, match="'r' is given twice"):
        score_words(twice, [])
    with pytest.raises(InputError, match="'r' is given twice"):
        score_words([], twice)


def test_without_meeteval_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "meeteval", None)
    monkeypatch.setitem(sys.modules, "meeteval.wer", None)
    with pytest.raises(OptionError) as raised:
        score_words([], [])
    assert raised.value.problem == "Word measures need meeteval, which is not installed."
    assert raised.value.remedy == 'Run: pip install "meeteval>=0.4.3,<0.5"'


def test_more_speakers_than_meeteval_assigns() -> None:
    num = MOST_SPEAKERS + 5
    reference = transcript(*(f"A{i}: all word{i} word{i + 1}" for i in range(num)))
    hypothesis = transcript(*(f"X{i}: all word{i} word{i + 1}" for i in reversed(range(num))), "Y: extra")
    scores = score_words([reference], [hypothesis])
    got = scores.overall
    assert (got.insertions, got.deletions, got.substitutions) == (1, 0, 0)
    assert (got.scored_speakers, got.missed_speakers, got.false_alarm_speakers) == (25, 0, 1)
    assert set(scores.recordings[0].assignment) == {(f"A{i}", f"X{i}") for i in range(num)} | {(None, "Y")}


def test_components_add_up() -> None:
    one = [transcript("A: a b", name="one")], [transcript("X: a", "Y: b", name="one")]
    two = [transcript("A: c", "B: d e f", name="two")], [transcript("X: c e f", name="two")]
    both = score_words(one[0] + two[0], one[1] + two[1])
    parts = [score_words(*side).overall for side in (one, two)]
    assert both.overall == total_words(parts)
    assert (parts[0].cp_wer, parts[1].cp_wer, both.overall.cp_wer) == (2 / 2, 2 / 4, 4 / 6)
    assert (parts[0].wder, parts[1].wder, both.overall.wder) == (1 / 2, 1 / 3, 2 / 5)


def test_as_dict_is_json_and_whole() -> None:
    scores = score_words([transcript("A: a b")], [transcript("X: a", "Y: b")], system="s")
    value = json.loads(json.dumps(scores.as_dict()))
    figures = {**asdict(scores.overall), "cp_wer": 1.0, "wder": 0.5}
    assert set(figures) - set(asdict(scores.overall)) == set(WORD_MEASURES)
    assert value == {
        "system": "s",
        "rules": {"normalise": True, "description": str(WordRules())},
        "overall": figures,
        "recordings": [
            {
                "recording_id": "r",
                "has_hypothesis": True,
                **figures,
                "assignment": [["A", "X"], [None, "Y"]],
                "mapping": {"A": "X"},
            }
        ],
        "notes": [],
    }


# Properties


@st.composite
def said(draw: st.DrawFn, labels: str, most: int = 7) -> Transcript:
    """A few words of few kinds."""
    words = draw(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(labels)), max_size=most))
    starts = sorted(draw(st.lists(st.integers(0, 9), min_size=len(words), max_size=len(words))))
    return Transcript(
        "r",
        tuple(
            Word(text, start, start + 1, speaker=None if label == "-" else label)
            for (text, label), start in zip(words, starts, strict=True)
        ),
    )


@given(said("ABC"))
def test_identical_is_free_of_errors(one: Transcript) -> None:
    got = components(one, one.relabel({"A": "C", "C": "A"}))
    assert got == WordComponents(
        num_recordings=1,
        reference_words=len(one.words),
        hypothesis_words=len(one.words),
        scored_speakers=len({word.speaker for word in one.words}),
        correct=len(one.words),
    )


@given(said("AB-"), said("XYZ-"), st.permutations("XYZ"))
def test_names_make_no_difference(ours: Transcript, theirs: Transcript, names: list[str]) -> None:
    renamed = theirs.relabel(dict(zip("XYZ", names, strict=True)))
    assert components(ours, renamed) == components(ours, theirs)
    other = ours.relabel({"A": "B", "B": "A"})
    assert components(other, theirs) == components(ours, theirs)


def distance(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Levenshtein's, row by row."""
    row = list(range(len(theirs) + 1))
    for i, word in enumerate(ours, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(theirs, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]


def spoken_by(one: Transcript) -> list[list[str]]:
    speakers = sorted({word.speaker or "" for word in one.words})
    return [[word.text for word in one.words if (word.speaker or "") == speaker] for speaker in speakers]


@given(said("ABC-", most=9), said("WXYZ-", most=9))
def test_cp_errors_are_those_of_the_best_permutation(ours: Transcript, theirs: Transcript) -> None:
    left, right = spoken_by(ours), spoken_by(theirs)
    size = max(len(left), len(right))
    left += [[]] * (size - len(left))
    right += [[]] * (size - len(right))
    best = min(
        sum(distance(one, other) for one, other in zip(left, order, strict=True))
        for order in permutations(right)
    )
    got = components(ours, theirs)
    assert got.errors == best
    assert got.insertions - got.deletions == got.hypothesis_words - got.reference_words


@given(said("ABC-", most=9), said("WXYZ-", most=9))
def test_pairs_assigned_here_are_as_meeteval_assigns_them(ours: Transcript, theirs: Transcript) -> None:
    assume(ours.words and theirs.words)
    sides = [spoken_words(side, WordRules()) for side in (ours, theirs)]
    by_meeteval, by_pairs = permutation_errors(*sides), assigned_by_pairs(*(s.by_speaker() for s in sides))
    assert (by_meeteval.insertions, by_meeteval.deletions, by_meeteval.substitutions) == (
        by_pairs.insertions,
        by_pairs.deletions,
        by_pairs.substitutions,
    )
    assert sorted(by_meeteval.assignment, key=str) == sorted(by_pairs.assignment, key=str)


def alignments(num: int, other: int) -> Iterator[list[tuple[int, int]]]:
    """All ways to pair some of the first words of two texts in order."""
    if num == 0 or other == 0:
        yield []
        return
    yield from alignments(num - 1, other)
    for j in range(other):
        for pairs in alignments(num - 1, j):
            yield [*pairs, (num - 1, j)]


def fewest_wrong(pairs: Sequence[tuple[str | None, str | None]]) -> int:
    """Words with the wrong speaker under the best of all mappings."""
    ours = sorted({a for a, _ in pairs if a is not None})
    theirs = sorted({b for _, b in pairs if b is not None})
    return min(
        sum(a is not None and (b is None or mapping.get(a) != b) for a, b in pairs)
        for choice in product([None, *theirs], repeat=len(ours))
        if len(used := [b for b in choice if b is not None]) == len(set(used))
        for mapping in [dict(zip(ours, choice, strict=True))]
    )


@given(said("AB-", most=6), said("XYZ-", most=6))
def test_wder_is_that_of_its_definition(ours: Transcript, theirs: Transcript) -> None:
    """All alignments are tried; of those that the rules leave equal, one is the result."""
    left, right = ours.words, theirs.words

    def rank(pairs: list[tuple[int, int]]) -> tuple[int, int, float]:
        substituted = sum(left[i].text != right[j].text for i, j in pairs)
        apart = sum(abs((left[i].start or 0) - (right[j].start or 0)) for i, j in pairs)
        return (len(left) + len(right) - 2 * len(pairs) + substituted, substituted, apart)

    every = list(alignments(len(left), len(right)))
    best = min(map(rank, every))
    allowed = {
        (
            sum(left[i].speaker is not None for i, _ in pairs),
            sum(left[i].speaker is None for i, _ in pairs),
            fewest_wrong([(left[i].speaker, right[j].speaker) for i, j in pairs]),
        )
        for pairs in every
        if rank(pairs) == best
    }
    got = components(ours, theirs)
    assert (got.aligned_words, got.unattributed, got.wrong_speaker_words) in allowed
    assert got.substituted <= best[1]


# Real transcripts


def consultation(folder: Path, name: str) -> Diarization:
    """The doctor's and the patient's turns of one consultation."""
    turns = [
        replace(turn, speaker=side)
        for side in ("doctor", "patient")
        for talk in read(folder / f"{name}_{side}.TextGrid")
        for turn in talk.turns
    ]
    return Diarization(name, tuple(turns))


@pytest.fixture(scope="module")
def consultations(shared_data: Path) -> list[Diarization]:
    folder = shared_data / "transcripts" / "primock57" / "transcripts"
    names = sorted(path.name.removesuffix("_doctor.TextGrid") for path in folder.glob("*_doctor.TextGrid"))
    return [consultation(folder, name) for name in names[:8]]


def test_real_words_with_some_turns_of_another_speaker(consultations: list[Diarization]) -> None:
    """Every seventh turn goes to the other speaker: words and times stay, so all words align."""
    other = {"doctor": "P2", "patient": "P1"}
    wrong = {"doctor": "P1", "patient": "P2"}
    changed = [
        talk.with_turns(
            replace(turn, speaker=(wrong if index % 7 == 0 else other)[turn.speaker])
            for index, turn in enumerate(talk.turns)
        )
        for talk in consultations
    ]
    scores = score_words(map(transcript_of, consultations), map(transcript_of, changed))
    assert len(scores.recordings) == 8
    for talk, recording in zip(consultations, scores.recordings, strict=True):
        texts = [(WordRules().words(turn.text or ""), index) for index, turn in enumerate(talk.turns)]
        num_words = sum(len(words) for words, _ in texts)
        num_moved = sum(len(words) for words, index in texts if index % 7 == 0)
        got = recording.components
        assert (got.reference_words, got.correct, got.substituted) == (num_words, num_words, 0)
        assert got.wrong_speaker_words == num_moved
        assert 0 < num_moved < num_words / 3
        assert recording.mapping == other
        assert 0 < got.errors <= 2 * num_moved  # each moved word deleted here and inserted there, at most
        assert set(recording.assignment) == set(other.items())


def test_real_words_with_other_names_are_right(consultations: list[Diarization]) -> None:
    renamed = [talk.relabel({"doctor": "b", "patient": "a"}) for talk in consultations]
    scores: WordScores = score_words(map(transcript_of, consultations), map(transcript_of, renamed))
    assert (scores.overall.errors, scores.overall.wrong_speaker_words) == (0, 0)
    assert scores.overall.correct == scores.overall.reference_words > 8000
    assert scores.notes == ()

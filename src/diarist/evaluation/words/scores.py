"""Measures of words with speakers: cpWER and WDER of recordings, and what they make together.

Components add up, rates do not: what several recordings make together is computed from the sums of
their components, never from their rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from diarist.errors import InputError
from diarist.evaluation.notes import notes_about
from diarist.evaluation.words.errors import Assignment, meeteval_wer, permutation_errors, speaker_errors
from diarist.evaluation.words.text import SpokenWords, WordRules, spoken_words
from diarist.transcript import Transcript

_SILENCE = SpokenWords((), (), None, untimed=False)


@dataclass(frozen=True, slots=True)
class WordComponents:
    """What the measures of words of a recording, or of several together, are made of: whole numbers.

    A rate whose denominator is 0 is undefined: its property is ``None``, not 0.

    Attributes:
        num_recordings: recordings.
        reference_words, hypothesis_words: words under the rules.
        insertions, deletions, substitutions: cpWER's errors.
        scored_speakers: reference speakers who say a word.
        missed_speakers: those of them whom the hypothesis has too few.
        false_alarm_speakers: hypothesis speakers too many.
        correct, substituted: reference words that stand opposite the same or another hypothesis word,
            whoever says it (WDER's C and S).
        correct_wrong_speaker, substituted_wrong_speaker: those of them with the wrong speaker (C_IS and
            S_IS).
        unattributed: reference words opposite a hypothesis word that have no speaker: in no other of
            WDER's counts.
    """

    num_recordings: int = 0
    reference_words: int = 0
    hypothesis_words: int = 0
    insertions: int = 0
    deletions: int = 0
    substitutions: int = 0
    scored_speakers: int = 0
    missed_speakers: int = 0
    false_alarm_speakers: int = 0
    correct: int = 0
    substituted: int = 0
    correct_wrong_speaker: int = 0
    substituted_wrong_speaker: int = 0
    unattributed: int = 0

    @property
    def errors(self) -> int:
        """cpWER's errors."""
        return self.insertions + self.deletions + self.substitutions

    @property
    def cp_wer(self) -> float | None:
        """Concatenated minimum-permutation word error rate: errors / reference words; it can be over 1."""
        return _ratio(self.errors, self.reference_words)

    @property
    def aligned_words(self) -> int:
        """WDER's words: S + C."""
        return self.correct + self.substituted

    @property
    def wrong_speaker_words(self) -> int:
        """WDER's errors: S_IS + C_IS."""
        return self.correct_wrong_speaker + self.substituted_wrong_speaker

    @property
    def wder(self) -> float | None:
        """Word diarization error rate, 0 to 1: (S_IS + C_IS) / (S + C)."""
        return _ratio(self.wrong_speaker_words, self.aligned_words)


# Rates in the order in which they are shown: name of the property → its heading and whether it is a share.
WORD_MEASURES: Mapping[str, tuple[str, bool]] = {"cp_wer": ("cpWER", True), "wder": ("WDER", True)}


@dataclass(frozen=True)
class WordRecordingScore:
    """One recording's.

    Attributes:
        recording_id: its name.
        components: what its measures are made of.
        assignment: cpWER's pairs of speakers of reference and hypothesis; ``None`` stands for nobody.
        mapping: WDER's: reference speaker → the hypothesis speaker who stands for them.
        has_hypothesis: whether there is a hypothesis; without one, all its words are deleted.
    """

    recording_id: str
    components: WordComponents
    assignment: Assignment = ()
    mapping: Mapping[str, str] = field(default_factory=dict, hash=False)
    has_hypothesis: bool = True


@dataclass(frozen=True)
class WordScores:
    """The words of a hypothesis scored against those of a reference.

    Attributes:
        rules: when two words are the same.
        recordings: one entry a recording.
        notes: what a reader should know, one sentence each.
        system: what the hypothesis is called, or ``""``.
    """

    rules: WordRules
    recordings: tuple[WordRecordingScore, ...]
    notes: tuple[str, ...] = ()
    system: str = ""

    @property
    def overall(self) -> WordComponents:
        """The recordings together."""
        return total_words(recording.components for recording in self.recordings)

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON values: rules, overall and recordings with components and rates, notes."""
        return {
            "system": self.system,
            "rules": {**asdict(self.rules), "description": str(self.rules)},
            "overall": _figures(self.overall),
            "recordings": [
                {
                    "recording_id": recording.recording_id,
                    "has_hypothesis": recording.has_hypothesis,
                    **_figures(recording.components),
                    "assignment": [list(pair) for pair in recording.assignment],
                    "mapping": dict(recording.mapping),
                }
                for recording in self.recordings
            ],
            "notes": list(self.notes),
        }


def total_words(components: Iterable[WordComponents]) -> WordComponents:
    """What several recordings make together."""
    given = list(components)
    return WordComponents(
        **{part.name: sum(getattr(one, part.name) for one in given) for part in fields(WordComponents)}
    )


def score_words(
    reference: Iterable[Transcript],
    hypothesis: Iterable[Transcript],
    *,
    normalise: bool = True,
    system: str = "",
) -> WordScores:
    """Score the words and speakers of a hypothesis against a reference.

    Recordings are paired by their names. One without a hypothesis is all deleted; one without a reference
    is not scored, and a note says so. Words without a speaker are a speaker of their own to cpWER. To
    WDER they are wrong in the hypothesis, and left out where the reference has them.

    Nothing is approximated. For ``n`` words a side, cpWER takes time that grows with ``n`` squared.

    Args:
        reference: what was said by whom; see :func:`diarist.evaluation.words.text.transcript_of` for turns
            with text.
        hypothesis: what is to be scored.
        normalise: whether case and punctuation make no difference; see :class:`WordRules`.
        system: what the hypothesis is called.

    Raises:
        InputError: if a recording is given twice.
        OptionError: if meeteval is not installed.
    """
    meeteval_wer()  # fail before the work
    rules = WordRules(normalise)
    ours, theirs = _by_name(reference, rules), _by_name(hypothesis, rules)
    recordings = tuple(
        _score_recording(name, words, theirs.get(name, _SILENCE), name in theirs)
        for name, words in ours.items()
    )
    return WordScores(rules, recordings, _notes(ours, theirs), system)


def _by_name(transcripts: Iterable[Transcript], rules: WordRules) -> dict[str, SpokenWords]:
    named: dict[str, SpokenWords] = {}
    for transcript in transcripts:
        if transcript.recording_id in named:
            raise InputError(
                f"The recording {transcript.recording_id!r} is given twice.", "Give each recording once."
            )
        named[transcript.recording_id] = spoken_words(transcript, rules)
    return named


def _score_recording(
    name: str, ours: SpokenWords, theirs: SpokenWords, has_hypothesis: bool
) -> WordRecordingScore:
    errors, speakers = permutation_errors(ours, theirs), speaker_errors(ours, theirs)
    num_ours, num_theirs = len(ours.by_speaker()), len(theirs.by_speaker())
    components = WordComponents(
        num_recordings=1,
        reference_words=len(ours.words),
        hypothesis_words=len(theirs.words),
        insertions=errors.insertions,
        deletions=errors.deletions,
        substitutions=errors.substitutions,
        scored_speakers=num_ours,
        missed_speakers=max(0, num_ours - num_theirs),
        false_alarm_speakers=max(0, num_theirs - num_ours),
        correct=speakers.correct,
        substituted=speakers.substituted,
        correct_wrong_speaker=speakers.correct_wrong_speaker,
        substituted_wrong_speaker=speakers.substituted_wrong_speaker,
        unattributed=speakers.unattributed,
    )
    return WordRecordingScore(name, components, errors.assignment, speakers.mapping, has_hypothesis)


def _figures(components: WordComponents) -> dict[str, Any]:
    return {**asdict(components), **{name: getattr(components, name) for name in WORD_MEASURES}}


def _notes(ours: Mapping[str, SpokenWords], theirs: Mapping[str, SpokenWords]) -> tuple[str, ...]:
    """What is not as one would expect, one sentence each."""
    both = [name for name in ours if name in theirs]
    lists = {
        "without a hypothesis: all words deleted": [name for name in ours if name not in theirs],
        "without a reference: not scored": [name for name in theirs if name not in ours],
        "without words in the reference: no rates": [name for name in ours if not ours[name].words],
        "with reference words of no speaker: left out of WDER": [
            name for name in ours if None in ours[name].speakers
        ],
        "with hypothesis words of no speaker: wrong in WDER": [
            name for name in both if None in theirs[name].speakers
        ],
        "with words without times: kept in the order given": [
            name for name in both if ours[name].untimed or theirs[name].untimed
        ],
    }
    return notes_about(lists)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None

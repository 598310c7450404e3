"""What was said: words with times and speakers, and the turns they make."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from diarist.errors import IntervalError
from diarist.intervals import SAME_INSTANT, as_floats, check_interval
from diarist.types import UNKNOWN, Diarization, Turn, check_confidence, check_recording_id, check_speaker


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a transcript.

    Attributes:
        text: the word, punctuation included.
        start, end: seconds; both ``None`` where the transcriber gave no times.
        confidence: of the transcriber in [0, 1], or ``None``.
        speaker: a label, or ``None`` for nobody known.
        speaker_confidence: in [0, 1], or ``None``.

    Raises:
        IntervalError: if one time is given without the other, or the interval is negative or ends
            before it starts. A word of no length is allowed: transcribers write them.
        LabelError: if the speaker's label is empty.
        ConfidenceError: if a confidence lies outside its range.
    """

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    speaker: str | None = None
    speaker_confidence: float | None = None

    def __post_init__(self) -> None:
        if self.start is None or self.end is None:
            if self.start is not self.end:
                raise IntervalError(
                    f"The word {self.text!r} has one time only.", "Give both times or neither."
                )
        elif self.start != self.end or self.start < 0 or not math.isfinite(self.start):
            check_interval(self.start, self.end)
        if self.speaker is not None:
            check_speaker(self.speaker)
        check_confidence(self.confidence)
        check_confidence(self.speaker_confidence)
        as_floats(self, "start", "end", "confidence", "speaker_confidence")

    @property
    def timed(self) -> bool:
        """Whether it has times, and some length."""
        return self.start is not None and self.end is not None and self.end > self.start


@dataclass(frozen=True)
class Transcript:
    """What was said in one recording, word by word, in order.

    Attributes:
        recording_id: the recording's name; not empty.
        words: in the order in which they were said.
        language: a BCP 47 tag (``"en"``, ``"pt-BR"``), or ``None``.
        source: what made it.

    Raises:
        LabelError: if the recording has no name.
    """

    recording_id: str
    words: tuple[Word, ...] = ()
    language: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        check_recording_id(self.recording_id)
        object.__setattr__(self, "words", tuple(self.words))

    @property
    def text(self) -> str:
        """All words, separated by spaces."""
        return " ".join(word.text for word in self.words)

    def relabel(self, names: Mapping[str, str] | Callable[[str], str]) -> Transcript:
        """Speakers renamed; a label that ``names`` does not hold stays as it is.

        Raises:
            LabelError: if a new label is empty.
        """
        rename = names if callable(names) else lambda speaker: names.get(speaker, speaker)
        return replace(
            self,
            words=tuple(
                word if word.speaker is None else replace(word, speaker=rename(word.speaker))
                for word in self.words
            ),
        )

    def turns(self, gap: float = 1.0, unknown: str = UNKNOWN) -> Diarization:
        """Consecutive words of one speaker as turns with text; a pause over ``gap`` s ends a turn.

        Words without a speaker go under the label ``unknown``. A word without times, or of no
        length, joins the turn before it, or the next one where there is none: no word is lost as
        long as one has times. Where none has, there is no turn, and a note says so.
        """
        turns: list[Turn] = []
        group = _Group()
        for word in self.words:
            if not group.takes(word, gap):
                turns.append(group.turn(unknown))
                group = _Group()
            group.add(word)
        if group.timed:
            turns.append(group.turn(unknown))
        silent = self.words and not turns
        notes = (f"None of the {len(self.words)} words has times: there are no turns.",) if silent else ()
        return Diarization(self.recording_id, tuple(turns), source=self.source, notes=notes)


class _Group:
    """Words that become one turn."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.timed: list[tuple[float, float, Word]] = []

    def add(self, word: Word) -> None:
        self.words.append(word)
        if word.start is not None and word.end is not None and word.timed:
            self.timed.append((word.start, word.end, word))

    def takes(self, word: Word, gap: float) -> bool:
        """Whether ``word`` goes on where the group is."""
        if not self.timed or word.start is None or not word.timed:
            return True
        start, end, last = self.timed[-1]
        return last.speaker == word.speaker and start <= word.start <= end + gap + SAME_INSTANT

    def turn(self, unknown: str) -> Turn:
        known = [word.speaker_confidence for _, _, word in self.timed if word.speaker_confidence is not None]
        return Turn(
            start=self.timed[0][0],
            end=max(end for _, end, _ in self.timed),
            speaker=self.timed[0][2].speaker or unknown,
            confidence=min(1.0, math.fsum(known) / len(known)) if known else None,
            text=" ".join(word.text for word in self.words),
        )

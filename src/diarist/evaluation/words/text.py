"""Which words are compared, and in which order: transcripts as lists of words with speakers and times."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from diarist.evaluation.arrays import Ints
from diarist.evaluation.labels import recording_name
from diarist.timebase import seconds_to_ticks
from diarist.transcript import Transcript, Word
from diarist.types import UNKNOWN, Diarization, Turn

# What is written for an apostrophe: the typographic one, its mirror image, the letter. NFKC keeps them apart.
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc", "'"))


@dataclass(frozen=True, slots=True)
class WordRules:
    """When two words are the same.

    Attributes:
        normalise: Unicode's compatibility form NFKC, lower case, and of all characters only letters,
            their marks, digits and apostrophes inside words; white space, dashes and slashes separate
            words. Without it, white space separates words, and each character counts.
    """

    normalise: bool = True

    def __str__(self) -> str:
        if self.normalise:
            return "words in lower case, NFKC, without punctuation except apostrophes inside words"
        return "words as they are written"

    def words(self, text: str) -> tuple[str, ...]:
        """The words of a text; a text of punctuation alone has none."""
        if not self.normalise:
            return tuple(text.split())
        plain = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).lower()
        parts = "".join(map(_kept, plain)).split()
        return tuple(part.strip("'") for part in parts if any(character.isalnum() for character in part))


def _kept(character: str) -> str:
    """What is left of a character: itself, a space, or nothing."""
    category = unicodedata.category(character)
    if category[0] in "LMN" or character == "'":
        return character
    return " " if character.isspace() or character == "/" or category == "Pd" else ""


@dataclass(frozen=True, eq=False)
class SpokenWords:
    """The ``N`` words of a recording in the order in which they start.

    Attributes:
        words: as they are compared.
        speakers: of each word; ``None`` where nobody is named.
        times: ticks at which each starts ``[N]``, or ``None`` where no word has a time.
        untimed: whether a word has no time of its own.
    """

    words: tuple[str, ...]
    speakers: tuple[str | None, ...]
    times: Ints | None
    untimed: bool

    def by_speaker(self) -> dict[str, list[str]]:
        """The words of each speaker, in the order in which the speakers begin; of nobody: ``UNKNOWN``."""
        groups: dict[str, list[str]] = {}
        for word, speaker in zip(self.words, self.speakers, strict=True):
            groups.setdefault(UNKNOWN if speaker is None else speaker, []).append(word)
        return groups


def spoken_words(transcript: Transcript, rules: WordRules) -> SpokenWords:
    """A transcript's words by their starts; words that start together stay as they are given.

    A word without a time stays behind the word that is given before it, and before the next one if it is
    the first; without any time, the order is the one given. The speaker ``UNKNOWN`` is nobody.
    """
    given = transcript.words
    ticks = _ticks(given)
    order = range(len(given)) if ticks is None else np.argsort(ticks, kind="stable").tolist()
    parts: dict[str, tuple[str, ...]] = {}
    words: list[str] = []
    speakers: list[str | None] = []
    places: list[int] = []
    for index in order:
        word = given[index]
        if word.text not in parts:
            parts[word.text] = rules.words(word.text)
        for part in parts[word.text]:
            words.append(part)
            speakers.append(None if word.speaker == UNKNOWN else word.speaker)
            places.append(index)
    return SpokenWords(
        tuple(words),
        tuple(speakers),
        None if ticks is None else ticks[np.array(places, np.int64)],
        any(given[place].start is None for place in places),
    )


def _ticks(words: Sequence[Word]) -> Ints | None:
    """When each word starts, those without a time with the one before; ``None`` if none has a time."""
    last = next((word.start for word in words if word.start is not None), None)
    if last is None:
        return None
    starts = []
    for word in words:
        last = last if word.start is None else word.start
        starts.append(last)
    return seconds_to_ticks(starts)


def transcript_of(diarization: Diarization) -> Transcript:
    """The words of the turns' texts, in the order in which they start.

    Words share the time of their turn by their numbers of characters. Turns without text have no words.
    Turns of the same time are in the order of their texts, so that names of speakers make no difference.
    """
    turns = sorted(diarization.turns, key=lambda turn: (turn.start, turn.end, turn.text or ""))
    words = sorted((word for turn in turns for word in _words_of(turn)), key=_start)
    return Transcript(recording_name(diarization), tuple(words), source=diarization.source)


def _start(word: Word) -> float:
    return 0.0 if word.start is None else word.start


def _words_of(turn: Turn) -> Iterator[Word]:
    texts = (turn.text or "").split()
    ends = list(accumulate(map(len, texts), initial=0))
    starts = [min(turn.end, turn.start + turn.length * end / ends[-1]) for end in ends[:-1]]
    for text, (start, end) in zip(texts, pairwise([*starts, turn.end]), strict=True):
        yield Word(text, start, end, speaker=turn.speaker, speaker_confidence=turn.confidence)

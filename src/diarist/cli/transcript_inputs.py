"""Transcripts with speakers, from files: for the measures of words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from diarist.cli.label_files import label_files
from diarist.cli.messages import naming, say_or_raise, say_warning
from diarist.errors import DiaristError, InputError, ParseError

if TYPE_CHECKING:
    from diarist.evaluation.words import WordScores
    from diarist.transcript import Transcript


@dataclass(frozen=True)
class ScoredWords:
    """What became of the transcripts.

    Attributes:
        scores: of their words.
        files: everything that was read.
        complete: whether every file could be read.
    """

    scores: WordScores
    files: tuple[Path, ...]
    complete: bool


def score_words_of(reference: str, hypothesis: str) -> ScoredWords:
    """cpWER and WDER of transcripts in files. What is noted of them is said.

    A file that cannot be read does not stop the others. Two single transcripts are a pair, whatever they are
    called.

    Raises:
        InputError, FormatError: if nothing of one side can be read.
    """
    from diarist.evaluation.words import score_words

    ours, theirs = _read(reference), _read(hypothesis)
    if len(ours.transcripts) == 1 and len(theirs.transcripts) == 1:
        theirs.transcripts[0] = replace(theirs.transcripts[0], recording_id=ours.transcripts[0].recording_id)
    scores = score_words(ours.transcripts, theirs.transcripts)
    for note in scores.notes:
        say_warning(f"words: {note}")
    return ScoredWords(scores, (*ours.files, *theirs.files), ours.complete and theirs.complete)


@dataclass
class _Read:
    files: list[Path]
    transcripts: list[Transcript]
    complete: bool


def _read(argument: str) -> _Read:
    """What the files of an argument hold; what is wrong with one is said.

    Raises:
        InputError, FormatError: if none can be read.
    """
    files = label_files(argument)
    found: list[Transcript] = []
    errors: list[DiaristError] = []
    for path in files:
        try:
            found += _transcripts(path)
        except DiaristError as error:
            errors.append(naming(path, error))
    say_or_raise(errors, nothing_left=not found)
    return _Read(files, found, not errors)


def _transcripts(path: Path) -> list[Transcript]:
    """Transcripts in JSON, and the texts of turns in any other format.

    Raises:
        InputError: if the file holds no words.
    """
    from diarist.evaluation.words.text import transcript_of
    from diarist.formats import read, read_transcripts

    try:
        transcripts = read_transcripts(path) if path.suffix.lower() == ".json" else []
    except ParseError:  # labels whose turns have text
        transcripts = []
    transcripts = transcripts or [transcript_of(diarization) for diarization in read(path)]
    if not any(transcript.words for transcript in transcripts):
        raise InputError(f"{str(path)!r} holds no words.", "Give transcripts, or labels with text.")
    return transcripts

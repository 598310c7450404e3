"""JSON: everything that Diarist knows of a result, and nothing is lost.

Our own; this is its specification. A file holds any number of recordings, every field of
:class:`diarist.types.Diarization` and :class:`diarist.types.Turn` under its name, numbers in full
precision; fields that are not known are left out ::

    {"schema": "diarist/diarization", "version": 1, "recordings": [
      {"recording_id": "meeting", "audio_length": 30.0, "channel": 1, "source": "builtin",
       "models": {"segmentation": "<SHA-256>"}, "parameters": {}, "notes": [],
       "turns": [{"start": 12.34, "end": 15.0, "speaker": "SPEAKER_00", "confidence": 0.93}]}]}

Transcripts are files of their own, with the schema ``diarist/transcript`` and the fields of
:class:`diarist.types.Transcript` and :class:`diarist.types.Word`.

A reader ignores fields it does not know. The version goes up when a file would be misread by an
older reader; a file of a later version is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from diarist.errors import InputError, ParseError
from diarist.formats.strict_json import (
    dumps,
    entries,
    items,
    loads,
    number,
    optional_integer,
    optional_number,
    optional_string,
    string,
    without_none,
)
from diarist.transcript import Transcript, Word
from diarist.types import Diarization, Turn

NAME = "json"
SUFFIXES = (".json",)

VERSION = 1
DIARIZATION = "diarist/diarization"
TRANSCRIPT = "diarist/transcript"

Fields = dict[str, Any]


def parse(text: str, *, recording_id: str) -> list[Diarization]:
    """The diarizations of a file.

    Args:
        text: the file's.
        recording_id: not used: the format names its recordings.

    Raises:
        ParseError: if the file is of another schema or a later version, or a value is impossible.
    """
    del recording_id
    recordings = _recordings(text, DIARIZATION)
    return [
        _diarization(entries(fields, "recordings"), f"Recording {i}")
        for i, fields in enumerate(recordings, 1)
    ]


def serialise(diarizations: Sequence[Diarization]) -> str:
    """All recordings in one document.

    Raises:
        FormatError: if a parameter is no JSON value.
    """
    recordings = [
        without_none(
            {
                "recording_id": diarization.recording_id,
                "audio_length": diarization.audio_length,
                "channel": diarization.channel,
                "source": diarization.source,
                "models": dict(diarization.models),
                "parameters": dict(diarization.parameters),
                "notes": list(diarization.notes),
                "turns": [without_none(_turn_fields(turn)) for turn in diarization.turns],
            }
        )
        for diarization in diarizations
    ]
    return dumps({"schema": DIARIZATION, "version": VERSION, "recordings": recordings})


def parse_transcripts(text: str) -> list[Transcript]:
    """The transcripts of a file.

    Raises:
        ParseError: as :func:`parse`.
    """
    recordings = _recordings(text, TRANSCRIPT)
    return [
        _transcript(entries(fields, "recordings"), f"Recording {i}") for i, fields in enumerate(recordings, 1)
    ]


def serialise_transcripts(transcripts: Sequence[Transcript]) -> str:
    """All transcripts in one document."""
    recordings = [
        without_none(
            {
                "recording_id": transcript.recording_id,
                "language": transcript.language,
                "source": transcript.source,
                "words": [without_none(_word_fields(word)) for word in transcript.words],
            }
        )
        for transcript in transcripts
    ]
    return dumps({"schema": TRANSCRIPT, "version": VERSION, "recordings": recordings})


def _recordings(text: str, schema: str) -> list[Any]:
    document = loads(text)
    found = document.get("schema") if isinstance(document, dict) else None
    if found in (DIARIZATION, TRANSCRIPT) and found != schema:
        raise ParseError(f"The file's schema is {found!r}, not {schema!r}.", "Read it as what it is.")
    if found != schema:
        raise ParseError("This is none of Diarist's own JSON files.", "Check the file's format.")
    version = optional_integer(document.get("version"), "version")
    if version is None or not 1 <= version <= VERSION:
        raise ParseError(f"The file's version is {version}, and {VERSION} is known.", "Update Diarist.")
    return items(document.get("recordings"), "recordings")


def _diarization(fields: Fields, where: str) -> Diarization:
    with _located(where):
        return Diarization(
            recording_id=string(fields.get("recording_id"), f"{where}, recording_id"),
            turns=tuple(
                _turn(entries(turn, where), f"{where}, turn {i}")
                for i, turn in enumerate(items(fields.get("turns"), f"{where}, turns"), 1)
            ),
            audio_length=optional_number(fields.get("audio_length"), f"{where}, audio_length"),
            channel=optional_integer(fields.get("channel"), f"{where}, channel"),
            source=optional_string(fields.get("source"), f"{where}, source") or "",
            models={
                name: string(value, f"{where}, models")
                for name, value in entries(fields.get("models"), f"{where}, models").items()
            },
            parameters=entries(fields.get("parameters"), f"{where}, parameters"),
            notes=tuple(
                string(note, f"{where}, notes") for note in items(fields.get("notes"), f"{where}, notes")
            ),
        )


@contextmanager
def _located(where: str) -> Iterator[None]:
    """What a value refuses becomes a parse error that says where the value stands."""
    try:
        yield
    except ParseError:
        raise
    except InputError as error:
        raise ParseError(f"{where}: {error.problem}", error.remedy) from None


def _turn(fields: Fields, where: str) -> Turn:
    with _located(where):
        return Turn(
            start=number(fields.get("start"), f"{where}, start"),
            end=number(fields.get("end"), f"{where}, end"),
            speaker=string(fields.get("speaker"), f"{where}, speaker"),
            confidence=optional_number(fields.get("confidence"), f"{where}, confidence"),
            text=optional_string(fields.get("text"), f"{where}, text"),
        )


def _turn_fields(turn: Turn) -> Fields:
    return {
        "start": turn.start,
        "end": turn.end,
        "speaker": turn.speaker,
        "confidence": turn.confidence,
        "text": turn.text,
    }


def _transcript(fields: Fields, where: str) -> Transcript:
    with _located(where):
        return Transcript(
            recording_id=string(fields.get("recording_id"), f"{where}, recording_id"),
            words=tuple(
                _word(entries(word, where), f"{where}, word {i}")
                for i, word in enumerate(items(fields.get("words"), f"{where}, words"), 1)
            ),
            language=optional_string(fields.get("language"), f"{where}, language"),
            source=optional_string(fields.get("source"), f"{where}, source") or "",
        )


def _word(fields: Fields, where: str) -> Word:
    with _located(where):
        return Word(
            text=string(fields.get("text"), f"{where}, text"),
            start=optional_number(fields.get("start"), f"{where}, start"),
            end=optional_number(fields.get("end"), f"{where}, end"),
            confidence=optional_number(fields.get("confidence"), f"{where}, confidence"),
            speaker=optional_string(fields.get("speaker"), f"{where}, speaker"),
            speaker_confidence=optional_number(
                fields.get("speaker_confidence"), f"{where}, speaker_confidence"
            ),
        )


def _word_fields(word: Word) -> Fields:
    return {
        "text": word.text,
        "start": word.start,
        "end": word.end,
        "confidence": word.confidence,
        "speaker": word.speaker,
        "speaker_confidence": word.speaker_confidence,
    }

"""Labels in files: every format that can be read and written, in one table.

All of them hold turns that overlap, of different speakers and of one. Those that write text round
times to milliseconds, and no turn becomes empty by that. What else a format cannot hold stands in
the table and is tested.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from diarist.errors import LabelError, ParseError, UnknownFormatError
from diarist.formats import (
    audacity,
    csv_,
    diarist_json,
    elan,
    label_studio,
    rttm,
    srt,
    textgrid,
    txt,
    uem,
    vtt,
)
from diarist.formats.files import read_text, write_text
from diarist.intervals import Segment
from diarist.transcript import Transcript
from diarist.types import Diarization

PathLike = str | os.PathLike[str]


class FormatModule(Protocol):
    """What each file of a format has."""

    @property
    def NAME(self) -> str: ...  # noqa: N802
    @property
    def SUFFIXES(self) -> tuple[str, ...]: ...  # noqa: N802
    def parse(self, text: str, *, recording_id: str) -> list[Diarization]: ...
    def serialise(self, diarizations: Sequence[Diarization]) -> str: ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format and what it holds.

    Attributes:
        module: its code.
        description: what it is, in a few words.
        several_recordings: whether a file can hold more than one recording.
        holds_text: whether a turn's text is kept.
        holds_confidence: whether a turn's confidence is kept.
        holds_channel: whether a recording's channel is kept.
        loses: what else does not come back as it was, one phrase each.
    """

    module: FormatModule
    description: str
    several_recordings: bool = False
    holds_text: bool = True
    holds_confidence: bool = False
    holds_channel: bool = False
    loses: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in options."""
        return self.module.NAME

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Ends of file names, the usual one first."""
        return self.module.SUFFIXES

    @property
    def suffix(self) -> str:
        """The usual end of a file's name; two formats may share it."""
        return self.suffixes[0]


_SPACES = "runs of white space in labels and texts become one space"
_TURNLESS = "a recording without turns, next to others"

FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        Format(
            rttm,
            "NIST's turns, the field's common format",
            several_recordings=True,
            holds_text=False,
            holds_confidence=True,
            holds_channel=True,
            loses=(
                "white space and control characters in names become _",
                "confidence beyond three decimals",
                "channel 1 where it is the only one",
                _TURNLESS,
            ),
        ),
        Format(
            diarist_json,
            "everything Diarist knows, without loss",
            several_recordings=True,
            holds_confidence=True,
            holds_channel=True,
        ),
        Format(
            csv_,
            "a table for spreadsheets and data frames",
            several_recordings=True,
            holds_confidence=True,
            holds_channel=True,
            loses=("channel 1 where it is the only one", _TURNLESS),
        ),
        Format(
            txt,
            "a transcript to read",
            holds_confidence=True,
            loses=("confidence beyond three decimals",),
        ),
        Format(srt, "SubRip subtitles, speakers in brackets", loses=(_SPACES,)),
        Format(vtt, "WebVTT subtitles with voices", loses=(_SPACES,)),
        Format(
            textgrid,
            "Praat, one tier a speaker",
            loses=("a text that is white space, or the speaker's own label",),
        ),
        Format(elan, "ELAN, one tier a speaker", loses=("control characters become U+FFFD",)),
        Format(audacity, "an Audacity label track", loses=(_SPACES,)),
        Format(
            label_studio,
            "Label Studio tasks, to be corrected by people",
            several_recordings=True,
            holds_confidence=True,
            holds_channel=True,
            loses=("channel 1 where it is the only one", "the length of a recording without turns"),
        ),
    )
}

_DEFAULT_OF_SUFFIX = {".json": diarist_json.NAME, ".txt": txt.NAME}


def format_of(name_or_path: PathLike) -> Format:
    """The format of that name, or the one that a file's suffix says.

    ``.json`` is ours and ``.txt`` is ``txt``; :func:`read` looks at what is in such a file.

    Raises:
        UnknownFormatError: if there is none.
    """
    given = os.fspath(name_or_path)
    if given.lower() in FORMATS:
        return FORMATS[given.lower()]
    suffix = Path(given).suffix.lower() or f".{given.lower().lstrip('.')}"
    if suffix in _DEFAULT_OF_SUFFIX:
        return FORMATS[_DEFAULT_OF_SUFFIX[suffix]]
    for format in FORMATS.values():
        if suffix in (known.lower() for known in format.suffixes):
            return format
    if suffix in uem.SUFFIXES:
        raise UnknownFormatError(
            "UEM holds regions, not labels:", "use diarist.formats.read_uem and write_uem in Python."
        )
    raise UnknownFormatError(
        f"No format of labels is called {given!r} or has such a suffix.", f"Known are {', '.join(FORMATS)}."
    )


def parse(text: str, format: str, *, recording_id: str) -> list[Diarization]:
    """The diarizations in a text.

    Args:
        text: a file's content.
        format: a name in :data:`FORMATS`.
        recording_id: the recording's name where the format does not hold one.

    Raises:
        UnknownFormatError: if there is no such format.
        ParseError: if the text breaks the format's rules.
    """
    return format_of(format).module.parse(text.removeprefix("\ufeff"), recording_id=recording_id)


def serialise(diarizations: Sequence[Diarization], format: str) -> str:
    """Diarizations as text. U+0000, which no text file holds, becomes U+FFFD.

    Args:
        diarizations: what to write; see ``several_recordings`` in :data:`FORMATS`.
        format: a name in :data:`FORMATS`.

    Raises:
        UnknownFormatError: if there is no such format.
        FormatError: if it cannot hold that many recordings.
    """
    return format_of(format).module.serialise(diarizations).replace("\0", "\ufffd")


def read(path: PathLike, format: str | None = None, *, recording_id: str | None = None) -> list[Diarization]:
    """The diarizations in a file.

    Args:
        path: the file: UTF-8, or UTF-16 with a byte order mark; up to 256 MiB.
        format: a name in :data:`FORMATS`; by default the suffix decides, and the content where two
            formats share it.
        recording_id: the recording's name where the format does not hold one; by default the
            file's without its suffix.

    Raises:
        UnknownFormatError: if the suffix is nobody's and no format is named.
        FormatError: if the file is missing, unreadable or too large.
        ParseError: if it breaks the format's rules; the message names file and line.
    """
    path = Path(path)
    chosen = format_of(path if format is None else format)
    text = read_text(path)
    if format is None:
        chosen = _by_content(path, text, chosen)
    name = recording_id or path.stem
    try:
        return chosen.module.parse(text, recording_id=name)
    except (ParseError, LabelError) as error:
        raise ParseError(f"{str(path)!r}: {error.problem}", error.remedy) from error


def write(diarizations: Sequence[Diarization], path: PathLike, format: str | None = None) -> None:
    """Write a file whole, or leave what was there.

    Args:
        diarizations: what to write.
        path: the file; its folder must exist.
        format: a name in :data:`FORMATS`; by default the suffix decides.

    Raises:
        UnknownFormatError: if the suffix is nobody's and no format is named.
        FormatError: if the format cannot hold that many recordings.
        OutputError: if the file cannot be written.
    """
    name = format_of(path if format is None else format).name
    write_text(Path(path), serialise(diarizations, name))


def read_uem(path: PathLike) -> dict[str, tuple[Segment, ...]]:
    """Recording → the regions of it that are scored.

    Raises:
        FormatError: as :func:`read`.
        ParseError: as :func:`read`.
    """
    text = read_text(Path(path))
    try:
        return uem.parse(text)
    except ParseError as error:
        raise ParseError(f"{os.fspath(path)!r}: {error.problem}", error.remedy) from error


def write_uem(regions: uem.Regions, path: PathLike) -> None:
    """Write regions; see :func:`write`.

    Raises:
        OutputError: if the file cannot be written.
    """
    write_text(Path(path), uem.serialise(regions))


def read_transcripts(path: PathLike) -> list[Transcript]:
    """The transcripts in one of our JSON files.

    Raises:
        FormatError: as :func:`read`.
        ParseError: as :func:`read`.
    """
    text = read_text(Path(path))
    try:
        return diarist_json.parse_transcripts(text)
    except ParseError as error:
        raise ParseError(f"{os.fspath(path)!r}: {error.problem}", error.remedy) from error


def write_transcripts(transcripts: Sequence[Transcript], path: PathLike) -> None:
    """Write transcripts as our JSON; see :func:`write`.

    Raises:
        OutputError: if the file cannot be written.
    """
    write_text(Path(path), diarist_json.serialise_transcripts(transcripts))


def _by_content(path: Path, text: str, chosen: Format) -> Format:
    suffix = path.suffix.lower()
    if suffix == ".json" and label_studio.looks_like(text):
        return FORMATS[label_studio.NAME]
    if suffix == ".txt" and audacity.looks_like(text):
        return FORMATS[audacity.NAME]
    return chosen


__all__ = [
    "FORMATS",
    "Format",
    "format_of",
    "parse",
    "read",
    "read_transcripts",
    "read_uem",
    "serialise",
    "write",
    "write_transcripts",
    "write_uem",
]

"""Where results go: standard output, a folder, or one file; decided and checked before any work."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diarist.errors import InputError, OptionError, OutputError
from diarist.files import encoded, file_name, make_folder
from diarist.formats import FORMATS, format_of, serialise, write

if TYPE_CHECKING:
    from diarist.types import Diarization

ANOTHER_FOLDER = "Give another folder with -o."


def parse_formats(value: str) -> tuple[str, ...]:
    """Names of formats from ``"rttm,json"``, each once.

    Raises:
        UnknownFormatError: if there is no such format.
        OptionError: if none is named.
    """
    names = [name.strip() for name in value.split(",") if name.strip()]
    if not names:
        raise OptionError(f"No format is named in {value!r}.", "See 'diarist formats'.")
    return tuple(dict.fromkeys(format_of(name).name for name in names))


def output_suffix(format: str) -> str:
    """The end of an output's name: ``.json``, and ``.label-studio.json`` for a format whose suffix
    belongs to another, so that both can be written in one call."""
    suffix = FORMATS[format].suffix
    return suffix if format_of(suffix).name == format else f".{format}{suffix}"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the labels of a call go.

    Attributes:
        formats: names of formats.
        folder: where files are made.
        file: the one file asked for by name, or ``None`` where files are named for recordings.
        standard_output: whether labels are printed instead.
    """

    formats: tuple[str, ...]
    folder: Path
    file: Path | None = None
    standard_output: bool = False

    @classmethod
    def choose(cls, output: str | None, formats: tuple[str, ...], *, single: bool) -> Destination:
        """What ``-o`` means.

        A path with a suffix of the one format that is asked for is a file, unless a folder has
        that name or it ends in a slash; any other path is a folder, but nobody means one whose
        name ends like a file of labels. Without ``-o``, one recording in one format goes to
        standard output and anything else into the current folder.

        Args:
            output: the value of ``-o``, or ``None``.
            formats: names of formats.
            single: whether there is no more than one recording.

        Raises:
            OptionError: if one file is named for several recordings or formats, or for a format
                that its suffix contradicts.
        """
        if output is None:
            return cls(formats, Path(), standard_output=single and len(formats) == 1)
        path = Path(output)
        suffixes = _label_suffixes(path.name)
        if not suffixes or output.endswith(("/", os.sep)) or os.path.isdir(path):  # noqa: PTH112
            return cls(formats, path)
        if len(formats) > 1 or formats[0] not in suffixes:
            looks = f"-o {output!r} looks like {_a(suffixes[0])} file"
            if len(formats) > 1:
                raise OptionError(f"{looks}, and several formats are asked for.", "Give a folder.")
            raise OptionError(
                f"{looks}, and the format is {formats[0]}.", f"Add -f {suffixes[0]}, or give a folder."
            )
        if not single:
            raise OptionError(
                f"-o {output!r} names one file, and there are several recordings.", "Give a folder."
            )
        return cls(formats, path.parent, file=path)

    def labels(self, recording_id: str) -> dict[str, Path]:
        """Format → file for one recording; empty where labels are printed."""
        if self.standard_output:
            return {}
        if self.file is not None:
            return {self.formats[0]: self.file}
        return {name: self.folder / file_name(recording_id, output_suffix(name)) for name in self.formats}

    def pictures(self, recording_id: str) -> list[Path]:
        """The timeline's files for one recording."""
        return [self.folder / file_name(recording_id, suffix) for suffix in (".png", ".svg")]


def _label_suffixes(name: str) -> list[str]:
    """The formats whose files end like ``name``, first the one that is written under the longest end."""
    name = name.lower()
    own = {format: output_suffix(format).lower() for format in FORMATS}
    found = [
        format
        for format, known in FORMATS.items()
        if name.endswith((own[format], *(suffix.lower() for suffix in known.suffixes)))
    ]
    return sorted(found, key=lambda format: -len(own[format]) if name.endswith(own[format]) else 0)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" or noun in ("rttm", "srt") else f"a {noun}"


def find_clashes(outputs: Iterable[tuple[str, Path]]) -> Mapping[str, InputError]:
    """The inputs whose results would be the same file, each with what is wrong.

    Nothing is renamed, and none of them has its way: what becomes of an input does not depend on
    the order in which a call names them.

    Args:
        outputs: input and output of each file to be written.

    Returns:
        Input → the error that names it and another, in the order of the inputs.
    """
    places: dict[str, list[tuple[str, Path]]] = {}
    for source, path in outputs:
        places.setdefault(os.path.normcase(path.absolute()), []).append((source, path))
    errors: dict[str, InputError] = {}
    for rivals in places.values():
        for index, (source, path) in enumerate(rivals if len(rivals) > 1 else ()):
            other = rivals[0 if index else 1][0]
            whose = f"The results of {source!r} and {other!r}"
            if other == source:
                whose = f"Two results of {source!r}"
            errors.setdefault(
                source,
                InputError(
                    f"{whose} would be the same file {str(path)!r}.",
                    "Give them in separate calls with another -o each, or rename one.",
                ),
            )
    return errors


def write_labels(diarizations: Sequence[Diarization], format: str, path: Path) -> None:
    """Write one file whole, or leave what was there.

    Raises:
        OutputError: if it cannot be written.
    """
    make_folder(path.parent, ANOTHER_FOLDER)
    write(diarizations, path, format)


def print_labels(diarizations: Sequence[Diarization], format: str) -> None:
    """Write labels to standard output; see :func:`print_text` for what it raises."""
    print_text(serialise(diarizations, format))


def print_text(text: str) -> None:
    """Write a text to standard output, as UTF-8 whatever the locale says.

    Raises:
        FormatError: if the text cannot be UTF-8.
        OutputError: if standard output is closed or its disk is full.
        BrokenPipeError: if its reader went away.
    """
    content = encoded(text)
    try:
        _print_bytes(content)
    except BrokenPipeError:
        raise
    except OSError as error:
        problem = f"Standard output cannot be written: {error.strerror or error}."
        raise OutputError(problem, "Write to a folder with -o.") from error


def _print_bytes(content: bytes) -> None:
    """All of it: where Python runs unbuffered, one write may take a part only, and says so."""
    if sys.stdout is None:
        raise OSError("it is closed")
    sys.stdout.flush()
    rest = memoryview(content)
    while rest:
        rest = rest[sys.stdout.buffer.write(rest) or 0 :]
    sys.stdout.buffer.flush()

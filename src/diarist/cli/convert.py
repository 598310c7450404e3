"""``diarist convert``: labels from one format to another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diarist.cli.app import OK, UNUSABLE
from diarist.cli.completion import complete_format, complete_formats
from diarist.cli.inputs import Input, expand
from diarist.cli.messages import say, say_error, say_warning
from diarist.cli.outputs import (
    ANOTHER_FOLDER,
    Destination,
    find_clashes,
    parse_formats,
    print_labels,
    write_labels,
)
from diarist.errors import DiaristError, InputError, OptionError
from diarist.files import check_folder
from diarist.formats import FORMATS, read, rttm

if TYPE_CHECKING:
    from diarist.types import Diarization


@dataclass(frozen=True, slots=True)
class _Content:
    """What one input holds.

    Attributes:
        path: the file.
        diarizations: one a recording.
    """

    path: str
    diarizations: list[Diarization]

    def parts(self, format: str) -> list[tuple[str, list[Diarization]]]:
        """What goes into one file each, with its name: all of it where the format can hold several
        recordings, else each recording by itself."""
        if len(self.diarizations) != 1 and FORMATS[format].several_recordings:
            return [(Path(self.path).stem, self.diarizations)]
        names = [diarization.recording_id for diarization in self.diarizations]
        return [
            (name if names.count(name) == 1 else f"{name}.ch{diarization.channel}", [diarization])
            for name, diarization in zip(names, self.diarizations, strict=True)
        ]


@click.command(
    "convert",
    epilog="Examples:\n\n  diarist convert meeting.rttm -f textgrid > meeting.TextGrid\n\n"
    "  diarist convert corrected/*.eaf -f rttm -o all.rttm",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "-f",
    "--format",
    "formats",
    required=True,
    metavar="NAME,...",
    shell_complete=complete_formats,
    help="One format to write or several: see 'diarist formats'.",
)
@click.option(
    "--from",
    "origin",
    metavar="NAME",
    shell_complete=complete_format,
    help="The format to read; else each file's suffix decides.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="DIR|FILE",
    help="A folder, or one file. Without it, one file in one format goes to standard output, anything "
    "else into the current folder.",
)
def command(files: tuple[str, ...], formats: str, origin: str | None, output: str | None) -> int:
    """Convert the labels in each FILE, or quoted glob, to other formats.

    A file with several recordings becomes one file where the format can hold them, else one file
    a recording.
    """
    names = parse_formats(formats)
    source = parse_formats(origin)[0] if origin else None
    inputs = expand(files, usual=f"*{FORMATS[source or rttm.NAME].suffix}")
    contents = _read_all(inputs, source)
    jobs = _jobs(contents, names, output, alone=len(inputs) == 1)
    errors = _check(jobs)
    for error in errors.values():
        say_error(str(error))
    for job in jobs:
        if not errors.keys().isdisjoint(job.sources):
            continue
        if job.path is None:
            print_labels(job.diarizations, job.format)
        else:
            write_labels(job.diarizations, job.format, job.path)
            say(f"written: {job.path}")
    return OK if len(contents) == len(inputs) and not errors else UNUSABLE


@dataclass(frozen=True, slots=True)
class _Job:
    """One thing to write; ``path`` is ``None`` for standard output."""

    sources: tuple[str, ...]
    diarizations: list[Diarization]
    format: str
    path: Path | None


def _read_all(inputs: Iterable[Input], origin: str | None) -> list[_Content]:
    """What can be read; what is wrong with the others is said at once."""
    contents = []
    for item in inputs:
        try:
            if item.error is not None:
                raise item.error
            diarizations = read(Path(item.path), origin)
            if not diarizations:
                say_warning(f"{item.path}: no recording in it")
            contents.append(_Content(item.path, diarizations))
        except DiaristError as error:
            say_error(str(error) if Path(item.path).name in str(error) else f"{item.path}: {error}")
    return contents


def _jobs(
    contents: list[_Content], formats: tuple[str, ...], output: str | None, *, alone: bool
) -> list[_Job]:
    """What to write where."""
    if not contents:
        return []
    parts = {
        name: [(content.path, *part) for content in contents for part in content.parts(name)]
        for name in formats
    }
    single = alone and len(parts[formats[0]]) == 1
    together = FORMATS[formats[0]].several_recordings
    destination = Destination.choose(output, formats, single=single or (together and output is not None))
    if destination.standard_output or destination.file is not None:
        name, path = formats[0], destination.file
        sources = tuple(source for source, _, _ in parts[name])
        everything = [diarization for _, _, part in parts[name] for diarization in part]
        _refuse_twice(everything)
        return [_Job(sources, everything, name, path)]
    return [
        _Job((source,), part, name, destination.labels(recording_id)[name])
        for name in formats
        for source, recording_id, part in parts[name]
    ]


def _refuse_twice(diarizations: Iterable[Diarization]) -> None:
    """One file cannot tell two recordings of one name apart."""
    seen: set[tuple[str, int | None]] = set()
    for diarization in diarizations:
        if (diarization.recording_id, diarization.channel) in seen:
            raise InputError(
                f"The recording {diarization.recording_id!r} is given twice.",
                "Write each input into a folder instead, or leave one out.",
            )
        seen.add((diarization.recording_id, diarization.channel))


def _check(jobs: list[_Job]) -> dict[str, InputError]:
    """Find what would go wrong with the outputs before anything is written.

    Returns:
        Input → why nothing is made of it.
    """
    errors = dict(find_clashes((job.sources[0], job.path) for job in jobs if job.path is not None))
    for job in jobs:
        for source in job.sources:
            if job.path is not None and job.path.exists() and job.path.samefile(source):
                errors.setdefault(
                    source,
                    OptionError(
                        f"{source!r} would be replaced by its own copy.", "Give another folder with -o."
                    ),
                )
    for job in jobs:
        if job.path is not None and errors.keys().isdisjoint(job.sources):
            check_folder(job.path.parent, ANOTHER_FOLDER)
    return errors

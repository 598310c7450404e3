"""Labels to score, from files: a thousand RTTM files in one go, and every other format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from diarist.errors import DiaristError, InputError
from diarist.evaluation.labels import LATEST, Labels, join_labels
from diarist.formats import read
from diarist.formats.columns import Columns, parse_rttm
from diarist.formats.files import read_bytes
from diarist.formats.rttm import SUFFIXES

if TYPE_CHECKING:
    from diarist.types import Diarization

NamedBy = Literal["recording", "file"]

_PLAIN = b"SPEAKER "  # how an ordinary RTTM file begins


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file of which nothing can be scored, and why.

    Attributes:
        path: the file.
        error: what is wrong.
        recordings: names of the recordings that it seems to hold, so that they are not taken for absent.
    """

    path: Path
    error: DiaristError
    recordings: frozenset[str]


@dataclass(frozen=True)
class ReadLabels:
    """What was read from files.

    Attributes:
        labels: of all files that can be read.
        unreadable: the others, and those that give a recording a second time.
    """

    labels: Labels
    unreadable: tuple[Unreadable, ...] = ()


def read_labels(paths: Iterable[Path], *, named_by: NamedBy = "recording") -> ReadLabels:
    """The turns in files of labels. A file that cannot be read does not stop the others.

    A recording that two files give is in neither: nobody knows which is meant.

    Args:
        paths: files of any format in :data:`diarist.formats.FORMATS`.
        named_by: ``"recording"``: a recording is called what the file says; ``"file"``: what the file is
            called, without its suffix, and a file holds one recording.
    """
    given = list(paths)
    plain: dict[Path, bytes] = {}
    parts: list[tuple[Path, Labels]] = []
    unreadable: list[Unreadable] = []
    for path in given:
        content = b""
        try:
            content = read_bytes(path) if path.suffix.lower() in SUFFIXES else content
            if content.startswith(_PLAIN):
                plain[path] = content
            else:
                parts.append((path, _read_one(path, named_by)))
        except DiaristError as error:
            unreadable.append(Unreadable(path, error, _recordings_in(path, content)))
    together = _parse_together(plain, named_by)
    if together is None:
        for path, content in plain.items():
            try:
                parts.append((path, _parse_one(path, content, named_by)))
            except DiaristError as error:
                unreadable.append(Unreadable(path, error, _recordings_in(path, content)))
    return _without_twins(together, parts, unreadable)


def _parse_together(plain: dict[Path, bytes], named_by: NamedBy) -> tuple[list[Path], Columns] | None:
    """The columns of all plain files, or ``None`` where one of them needs a closer look."""
    columns = parse_rttm(list(plain.values())) if plain else None
    if columns is None or np.max(columns.ends, initial=0.0) > LATEST:
        return None
    if named_by == "file":
        columns = _named_by_file(list(plain), columns)
    if columns is None or np.count_nonzero(np.diff(columns.turn_files, prepend=-1)) != len(plain):
        return None  # a file with several recordings, or one whose turns have no length
    owners = np.unique(columns.turn_recordings * len(plain) + columns.turn_files) // len(plain)
    if len(owners) != len(columns.recordings):
        return None  # a recording in two files, or one whose turns have no length
    return list(plain), columns


def _named_by_file(files: Sequence[Path], columns: Columns) -> Columns | None:
    """The same turns, each file's recording under the file's name; ``None`` where a file has several."""
    owners = np.unique(columns.turn_files * len(columns.recordings) + columns.turn_recordings)
    stems = [path.stem for path in files]
    if len(owners) != len(files) or len(set(stems)) != len(stems):
        return None
    return replace(columns, recordings=stems, turn_recordings=columns.turn_files)


def _parse_one(path: Path, content: bytes, named_by: NamedBy) -> Labels:
    """One file by itself; what is not ordinary is read as carefully as any other format."""
    columns = parse_rttm([content]) if named_by == "recording" else None
    if columns is None or not len(columns.starts):
        return _read_one(path, named_by)
    return _at(path, lambda: Labels.from_columns(columns))


def _read_one(path: Path, named_by: NamedBy) -> Labels:
    diarizations = read(path)
    if named_by == "file":
        diarizations = [_renamed(path, diarizations)]
    return _at(path, lambda: Labels.from_diarizations(diarizations))


def _at(path: Path, make: Callable[[], Labels]) -> Labels:
    """Labels made of what a file holds; an error names it."""
    try:
        return make()
    except InputError as error:
        raise InputError(f"{str(path)!r}: {error.problem}", error.remedy) from error


def _renamed(path: Path, diarizations: Sequence[Diarization]) -> Diarization:
    """The one recording of a file under the file's name."""
    if len(diarizations) != 1:
        raise InputError(
            f"{str(path)!r} holds {len(diarizations)} recordings, and recordings are to be named by files.",
            "Name them by recording, or give one file for each.",
        )
    return replace(diarizations[0], recording_id=path.stem)


def _recordings_in(path: Path, content: bytes) -> frozenset[str]:
    """The recordings that a broken file seems to hold: its own name, and what its RTTM lines name."""
    names = {path.stem}
    for line in content.decode(errors="replace").splitlines():
        fields = line.split(None, 2)
        if len(fields) > 1 and fields[0] == "SPEAKER":
            names.add(fields[1])
    return frozenset(names)


def _without_twins(
    together: tuple[list[Path], Columns] | None,
    parts: list[tuple[Path, Labels]],
    unreadable: list[Unreadable],
) -> ReadLabels:
    """All parts as one, without the recordings that are in more than one file."""
    if together is not None:
        files, columns = together
        labels = Labels.from_columns(columns)
        if not parts:
            return ReadLabels(labels, tuple(unreadable))
        where = dict(zip(columns.turn_recordings.tolist(), columns.turn_files.tolist(), strict=True))
        homes = [(files[where[index]], labels, name) for index, name in enumerate(labels.recordings)]
    else:
        homes = []
    homes += [(path, labels, name) for path, labels in parts for name in labels.recordings]
    first: dict[str, Path] = {}
    twins: set[str] = set()
    for path, _, name in homes:
        if name in first:
            twins.add(name)
            problem = f"{str(first[name])!r} and {str(path)!r} both hold the recording {name!r}."
            error = InputError(problem, "Leave one out, or name recordings by their files.")
            unreadable.append(Unreadable(path, error, frozenset({name})))
        first.setdefault(name, path)
    whole = list({id(labels): labels for _, labels, _ in homes}.values())
    whole += [labels for _, labels in parts if not labels.recordings]
    return ReadLabels(join_labels([labels.without(twins) for labels in whole]), tuple(unreadable))

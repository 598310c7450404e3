"""Which files a command line means: names, and globs that no shell has expanded."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from diarist.errors import InputError
from diarist.workflows.names import check_name


@dataclass(frozen=True, slots=True)
class Input:
    """One file to work on, or what is wrong with an argument.

    Attributes:
        path: the file, or the argument as it was given.
        error: why it cannot be used, or ``None``.
    """

    path: str
    error: InputError | None = None


def expand(arguments: Iterable[str], *, usual: str = "*.wav") -> list[Input]:
    """Arguments as files, in order, each file once.

    A file that exists under the very name wins over reading the name as a glob, so
    ``take[1].wav`` means what it says. Globs are sorted and may hold ``**``; folders that one
    matches are passed over. Whether a plain name exists is for the reader of the file to say.

    Args:
        arguments: names and globs.
        usual: the glob to propose where a folder is given.
    """
    seen: set[str] = set()
    inputs: list[Input] = []
    for item in (item for argument in arguments for item in _expand_one(argument, usual)):
        place = str(Path(item.path).absolute())
        if item.error is not None or place not in seen:
            inputs.append(item)
        seen.add(place)
    return inputs


def _expand_one(argument: str, usual: str) -> Iterator[Input]:
    try:
        check_name(argument)
    except InputError as error:
        yield Input(argument, error)
        return
    if _is_folder(argument):
        hint = str(Path(argument, usual))
        yield Input(
            argument, InputError(f"{argument!r} is a folder.", f"Name its files by a glob: {hint!r}.")
        )
    elif os.path.lexists(argument) or not glob.has_magic(argument):
        yield Input(argument)
    else:
        matches = sorted(glob.glob(argument, recursive=True))  # noqa: PTH207 - the pattern may be absolute
        files = [path for path in matches if not _is_folder(path)]
        yield from map(Input, files)
        if not files:
            remedy = "Check the pattern and the folder that it starts from."
            yield Input(argument, InputError(f"No file matches {argument!r}.", remedy))


def _is_folder(path: str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where a name is too long

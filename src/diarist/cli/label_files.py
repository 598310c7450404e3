"""Which files REF and HYP mean on a command line that scores: files, folders and globs."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from diarist.cli.inputs import expand
from diarist.errors import InputError, OptionError, UnknownFormatError
from diarist.formats import FORMATS, format_of, rttm
from diarist.workflows.names import check_name


def label_files(argument: str) -> list[Path]:
    """The files that an argument means.

    Of a folder, the files of one format: RTTM where there are any, otherwise the only one there is.

    Raises:
        InputError: if there is no such file, or a folder holds no labels, or several formats.
    """
    check_name(argument)
    if os.path.isdir(argument):  # noqa: PTH112 - a name with a null character is no folder, and no defect
        return _in_folder(Path(argument))
    inputs = expand([argument])
    for item in inputs:
        if item.error is not None:
            raise item.error
        if not os.path.lexists(item.path):
            raise InputError(f"{item.path!r} does not exist.", "Give a file, a folder or a quoted glob.")
    return [Path(item.path) for item in inputs]


def systems_named(hypothesis: str | None, named: Sequence[str]) -> dict[str, str]:
    """System → argument, from ``HYP`` or ``--hyp NAME=PATH``.

    Raises:
        OptionError: if there is none, both ways are used, or a name is given twice.
    """
    if (hypothesis is None) == (not named):
        raise OptionError(
            "Give HYP, or --hyp NAME=PATH for each system, not both.", "See 'diarist score --help'."
        )
    if hypothesis is not None:
        return {Path(hypothesis).name or hypothesis: hypothesis}
    systems: dict[str, str] = {}
    for value in named:
        name, _, path = value.partition("=")
        if not name or not path:
            raise OptionError(f"--hyp {value!r} is not NAME=PATH.", "For example: --hyp vbx=out/vbx.")
        if name in systems:
            raise OptionError(f"Two systems are called {name!r}.", "Give each another name.")
        systems[name] = path
    return systems


def _in_folder(folder: Path) -> list[Path]:
    by_format: defaultdict[str, list[Path]] = defaultdict(list)
    try:
        entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise InputError(
            f"{str(folder)!r} cannot be listed: {error.strerror}.", "Check the folder."
        ) from error
    for path in entries:
        try:
            name = format_of(path).name
        except UnknownFormatError:
            continue
        if path.is_file():
            by_format[name].append(path)
    if rttm.NAME in by_format:
        return by_format[rttm.NAME]
    if len(by_format) == 1:
        return next(iter(by_format.values()))
    if not by_format:
        raise InputError(
            f"The folder {str(folder)!r} holds no labels.", "See 'diarist formats' for their suffixes."
        )
    raise InputError(
        f"The folder {str(folder)!r} holds labels in several formats: {', '.join(by_format)}.",
        f"Say which by a glob: {str(folder / f'*{FORMATS[min(by_format)].suffix}')!r}.",
    )

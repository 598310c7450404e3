"""What REF and HYP mean on a command line that scores: files of labels, folders and globs."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diarist.cli.inputs import expand
from diarist.cli.messages import say_error, say_warning
from diarist.errors import DiaristError, InputError, OptionError, UnknownFormatError
from diarist.formats import format_of, rttm
from diarist.workflows.names import check_name

if TYPE_CHECKING:
    from diarist.evaluation import Labels
    from diarist.evaluation.corpus import Regions
    from diarist.evaluation.reading import NamedBy, Unreadable


@dataclass(frozen=True)
class Material:
    """What is to be scored.

    Attributes:
        reference: who really spoke when.
        hypotheses: system → its labels, in the order given.
        uem: recording → scored regions, or ``None``.
        complete: whether every file could be read.
    """

    reference: Labels
    hypotheses: dict[str, Labels]
    uem: Regions | None
    complete: bool


def read_material(reference: str, hypotheses: dict[str, str], uem: str | None, named_by: NamedBy) -> Material:
    """Read everything. What a broken file holds is left out of both sides, and said.

    Raises:
        InputError, FormatError: if an argument means no file, or nothing is left to score.
    """
    from diarist.evaluation.reading import read_labels
    from diarist.formats import read_uem

    regions = None if uem is None else read_uem(uem)
    ours = read_labels(label_files(reference), named_by=named_by)
    theirs = {
        system: read_labels(label_files(argument), named_by=named_by)
        for system, argument in hypotheses.items()
    }
    sides = (ours, *theirs.values())
    unreadable = [one for side in sides for one in side.unreadable]
    broken = {name for one in unreadable for name in one.recordings}
    if len(unreadable) == 1 and broken.issuperset(ours.labels.recordings):
        raise _named(unreadable[0])  # it alone is why there is nothing to score
    for one in unreadable:
        say_error(str(_named(one)))
    left_out = sorted(broken & {name for side in sides for name in side.labels.recordings})
    if left_out:
        say_warning(f"not scored, because of the files above: {', '.join(left_out)}")
    labels = ours.labels.without(broken)
    systems = {system: side.labels.without(broken) for system, side in theirs.items()}
    if not labels.recordings:
        raise InputError(
            f"{reference!r} holds no recording that can be scored.", "Give labels to score against."
        )
    if named_by == "file" and len(labels.recordings) == 1:  # two files are a pair, whatever they are called
        only = labels.recordings[0]
        systems = {
            name: side.renamed(only) if len(side.recordings) == 1 else side for name, side in systems.items()
        }
    for side in systems.values():
        _warn_of_strangers(labels, side, named_by)
    return Material(labels, systems, regions, complete=not unreadable)


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


def _named(unreadable: Unreadable) -> DiaristError:
    """What is wrong with a file, with its name."""
    error = unreadable.error
    if unreadable.path.name in str(error):
        return error
    return InputError(f"{str(unreadable.path)!r}: {error.problem}", error.remedy)


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
    formats = ", ".join(by_format)
    raise InputError(
        f"The folder {str(folder)!r} holds labels in several formats: {formats}.",
        f"Say which by a glob: {str(folder / '*.json')!r}.",
    )


def _warn_of_strangers(reference: Labels, hypothesis: Labels, named_by: NamedBy) -> None:
    """Labels that do not meet at all are more often a matter of names than of silence."""
    if hypothesis.recordings and not set(reference.recordings) & set(hypothesis.recordings):
        hint = " If the names of the files agree, add --named-by file." if named_by == "recording" else ""
        say_warning(
            f"no recording is on both sides: the reference has {_few(reference.recordings)}, the hypothesis "
            f"{_few(hypothesis.recordings)}.{hint}"
        )


def _few(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(map(repr, shown[:3])) + (", ..." if len(shown) > 3 else "")

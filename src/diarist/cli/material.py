"""What a command that scores works on: labels of both sides, as far as they can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diarist.cli.label_files import label_files
from diarist.cli.messages import naming, say_or_raise, say_warning
from diarist.errors import InputError
from diarist.evaluation.corpus import scored_recordings
from diarist.evaluation.labels import without_channel
from diarist.evaluation.reading import NamedBy, ReadLabels, read_labels
from diarist.formats import format_of, read_uem

if TYPE_CHECKING:
    from diarist.evaluation import Labels, Scores
    from diarist.evaluation.corpus import Regions


@dataclass(frozen=True)
class Material:
    """What is to be scored.

    Attributes:
        reference: who really spoke when.
        hypotheses: system → its labels, in the order given.
        uem: recording → scored regions, or ``None``.
        files: everything that was read.
        complete: whether every file could be read.
    """

    reference: Labels
    hypotheses: dict[str, Labels]
    uem: Regions | None
    files: tuple[Path, ...]
    complete: bool


def read_material(reference: str, hypotheses: dict[str, str], uem: str | None, named_by: NamedBy) -> Material:
    """Read everything. What a broken file holds, or may hold, is left out of both sides, and said.

    Raises:
        InputError, FormatError: if an argument means no file, nothing of one side can be read, or
            nothing is left to score.
    """
    if uem == "":
        raise InputError("The name of the UEM is empty.", "Give the path of a file.")
    regions = None if uem is None else read_uem(uem)
    files = {argument: label_files(argument) for argument in (reference, *hypotheses.values())}
    ours = _read(files[reference], named_by)
    theirs = {system: _read(files[argument], named_by) for system, argument in hypotheses.items()}
    broken = _left_out(ours, list(theirs.values()))
    labels = ours.labels.without(broken)
    systems = {
        system: _paired(
            labels, side.labels.without(broken), files[reference] + files[hypotheses[system]], named_by
        )
        for system, side in theirs.items()
    }
    for side in systems.values():
        _require_something(labels, side, reference, regions)
        _warn_of_strangers(labels, side, named_by)
    everything = tuple(path for paths in files.values() for path in paths)
    complete = not any(side.unreadable for side in (ours, *theirs.values()))
    return Material(labels, systems, regions, everything + ((Path(uem),) if uem else ()), complete)


def say_notes(scored: Sequence[Scores]) -> None:
    """Warn of what the scores note; of several systems, each note says of which."""
    for scores in scored:
        for note in scores.notes:
            say_warning(f"{scores.system}: {note}" if len(scored) > 1 else note)


def _read(files: Sequence[Path], named_by: NamedBy) -> ReadLabels:
    """The labels in files; what is wrong with one is said.

    Raises:
        InputError, FormatError: if none can be read.
    """
    found = read_labels(files, named_by=named_by)
    errors = [naming(one.path, one.error) for one in found.unreadable]
    say_or_raise(errors, nothing_left=not found.labels.recordings)
    return found


def _left_out(ours: ReadLabels, theirs: Sequence[ReadLabels]) -> set[str]:
    """The recordings that files hold which cannot be read.

    Of a hypothesis that names no recording of the reference nobody knows what it holds: then it may be
    any of those that have no other hypothesis.
    """
    known = set(ours.labels.recordings)
    broken = {name for one in ours.unreadable for name in one.recordings}
    for side in theirs:
        for one in side.unreadable:
            broken |= (one.recordings & known) or (known - set(side.labels.recordings))
    concerned = sorted(broken & (known | {name for side in theirs for name in side.labels.recordings}))
    if concerned:
        say_warning(f"not scored, because of files that cannot be read: {_few(concerned)}.")
    return broken


def _paired(reference: Labels, hypothesis: Labels, files: Sequence[Path], named_by: NamedBy) -> Labels:
    """The hypothesis; where both sides are one file of one recording, that recording is meant, if
    names are those of the files."""
    if len(files) != 2 or len(reference.recordings) != 1 or len(hypothesis.recordings) != 1:
        return hypothesis
    [ours], [theirs] = reference.recordings, hypothesis.recordings
    nameless = any(not format_of(path).several_recordings for path in files)
    if ours == theirs or not (nameless or named_by == "file"):
        return hypothesis
    if named_by != "file":
        say_warning(f"{ours!r} and {theirs!r} are taken for the same recording.")
    return hypothesis.renamed(ours)


def _require_something(reference: Labels, hypothesis: Labels, argument: str, uem: Regions | None) -> None:
    """See that there is something to score.

    Raises:
        InputError: if there is not.
    """
    if not reference.recordings:
        raise InputError(
            f"{argument!r} holds no recording that can be scored.", "Give labels to score against."
        )
    if not scored_recordings(reference, hypothesis, uem):
        raise InputError(
            f"The UEM names none of the recordings: {_few(reference.recordings)}.",
            "Name recordings there as the labels do.",
        )


def _warn_of_strangers(reference: Labels, hypothesis: Labels, named_by: NamedBy) -> None:
    """Labels that do not meet at all are more often a matter of names than of silence."""
    if hypothesis.num_turns and not set(reference.recordings) & set(hypothesis.recordings):
        hint = " If the names of the files agree, add --named-by file." if named_by == "recording" else ""
        ours, theirs = (
            {without_channel(name) for name in side.recordings} for side in (reference, hypothesis)
        )
        if ours & theirs:
            hint = " One side has channels (.ch1, .ch2) where the other has none: use the same on both."
        say_warning(
            f"no recording is on both sides: the reference has {_few(reference.recordings)}, the hypothesis "
            f"{_few(hypothesis.recordings)}.{hint}"
        )


def _few(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(map(repr, shown[:3])) + (", ..." if len(shown) > 3 else "")

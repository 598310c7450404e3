"""``diarist rank``: saved scores side by side, if they can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diarist.cli.app import OK
from diarist.cli.label_files import label_files
from diarist.cli.scoring_options import bootstrap_options, output_options
from diarist.cli.texts import check_output, deliver, refuse_overwriting
from diarist.errors import OptionError
from diarist.evaluation.config import BootstrapConfig

if TYPE_CHECKING:
    from diarist.evaluation.scores import Scores

FORMATS = ("table", "json", "csv", "md")


@click.command(
    "rank",
    epilog="Example:\n\n  diarist score ref/ out1/ -f json -o old.json\n\n"
    "  diarist score ref/ out2/ -f json -o new.json\n\n  diarist rank old.json new.json",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="SCORES...")
@output_options(FORMATS, "What to write.")
@bootstrap_options
def command(files: tuple[str, ...], format: str, output: str | None, resamples: int, seed: int) -> int:
    """Order systems whose SCORES were saved with 'diarist score -f json': which differences are more
    than noise? SCORES are files, quoted globs, or folders of JSON files.

    Results of different protocols, recordings or references are refused. Systems of one name are called
    by their files.
    """
    from diarist.cli.score_outcome import Outcome
    from diarist.evaluation.results import read_scores

    check_output(output)
    config = BootstrapConfig(resamples, seed)
    saved = {path: read_scores(path) for file in files for path in _score_files(file)}
    scored = _named_apart(saved)
    if len(scored) < 2:
        raise OptionError("One system alone cannot be ranked.", "Give the scores of two or more.")
    refuse_overwriting(output, saved)
    deliver(Outcome.of(scored, config).render(format), output)
    return OK


def _score_files(argument: str) -> list[Path]:
    """A file, the files that a glob means, or the JSON files of a folder."""
    return label_files(str(Path(argument, "*.json")) if Path(argument).is_dir() else argument)


def _named_apart(saved: Mapping[Path, Sequence[Scores]]) -> list[Scores]:
    """All scores; where two systems have one name, all are called by their files, or by their paths."""
    for called in (lambda _: "", lambda path: path.stem, str):
        scored = [
            replace(scores, system=_system(called(path), scores.system, len(several)))
            for path, several in saved.items()
            for scores in several
        ]
        if len({scores.system for scores in scored}) == len(scored):
            break
    return scored


def _system(file: str, own: str, num_systems: int) -> str:
    """What a system is called: by itself, by its file, or, where the file has several, by both."""
    if not file:
        return own
    return file if num_systems == 1 else f"{file}:{own}"

"""``diarist score``: how good labels are beside reference labels, and under which rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from diarist.cli.app import OK, UNUSABLE
from diarist.cli.label_files import systems_named
from diarist.cli.messages import say
from diarist.cli.scoring_options import (
    bootstrap_options,
    label_arguments,
    output_options,
    protocol_from,
    protocol_help,
    protocol_options,
)
from diarist.cli.texts import check_output, deliver, refuse_overwriting
from diarist.errors import OptionError
from diarist.evaluation.config import BootstrapConfig
from diarist.files import check_folder

FORMATS = ("table", "json", "csv", "md", "html")


@click.command(
    "score",
    epilog=f"{protocol_help()}\n\nExamples:\n\n  diarist score reference/ labels/ --uem all.uem\n\n"
    "  diarist score 'ref/*.rttm' --hyp old=out1 --hyp new=out2 --protocol forgiving",
)
@label_arguments
@protocol_options
@click.option(
    "--words",
    type=click.Path(),
    nargs=2,
    metavar="REF HYP",
    help="Transcripts with speakers to score as well: adds cpWER and WDER.",
)
@bootstrap_options
@output_options(FORMATS, "json holds everything; html is one page with pictures.")
@click.option("--pictures", type=click.Path(), metavar="DIR", help="Draw PNG pictures there as well.")
def command(
    reference: str,
    hypothesis: str | None,
    named: tuple[str, ...],
    format: str,
    output: str | None,
    pictures: str | None,
    words: tuple[str, str] | None,
    resamples: int,
    seed: int,
    **options: Any,
) -> int:
    """Score the labels HYP beside the labels REF: a file, a folder or a quoted glob each, in any format.

    Recordings are paired by name; one without a hypothesis is all missed. Times are summed before they
    are divided, and every result names its protocol. Of a folder, the RTTM files are read, or
    those of the only other format.
    """
    from diarist.cli.material import read_material, say_notes
    from diarist.cli.score_outcome import Outcome
    from diarist.cli.transcript_inputs import score_words_of
    from diarist.evaluation import score

    protocol = protocol_from(options)
    config = BootstrapConfig(resamples, seed)
    systems = systems_named(hypothesis, named)
    _check_request(systems, format, output, pictures, words)
    material = read_material(reference, systems, options["uem"], options["named_by"])
    spoken = None if words is None else score_words_of(*words)
    refuse_overwriting(output, (*material.files, *(spoken.files if spoken else ())))
    scored = [
        score(material.reference, labels, protocol, uem=material.uem, system=system)
        for system, labels in material.hypotheses.items()
    ]
    say_notes(scored)
    outcome = Outcome.of(scored, config, material, spoken.scores if spoken else None)
    deliver(outcome.render(format), output)
    if pictures is not None:
        num = len(outcome.draw(Path(pictures)))
        say(f"written: {num} pictures to {pictures}")
    return OK if material.complete and (spoken is None or spoken.complete) else UNUSABLE


def _check_request(
    systems: Mapping[str, str],
    format: str,
    output: str | None,
    pictures: str | None,
    words: tuple[str, str] | None,
) -> None:
    """Find out before any work what cannot be done.

    Raises:
        OptionError: if options contradict each other, or matplotlib or meeteval is missing.
        OutputError: if no file can be made where one is asked for.
    """
    if words is not None and len(systems) > 1:
        raise OptionError("--words goes with one system.", "Score the systems' words one by one.")
    if words is not None and format not in ("table", "md", "json"):
        raise OptionError(f"--words does not go into {format}.", "Use table, md or json.")
    if words is not None:
        from diarist.evaluation.words.errors import meeteval_wer

        meeteval_wer()
    if pictures == "":
        raise OptionError("The folder of --pictures is empty.", "Name a folder.")
    if pictures is not None:
        from diarist.drawing import require_matplotlib

        require_matplotlib()
        check_folder(Path(pictures), "Give another folder with --pictures.")
    check_output(output)

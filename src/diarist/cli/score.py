"""``diarist score``: how good labels are beside reference labels, and under which rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from diarist.cli.app import OK, UNUSABLE
from diarist.cli.label_inputs import read_material, systems_named
from diarist.cli.messages import say, say_warning
from diarist.cli.protocol_options import protocol_from, protocol_help, protocol_options
from diarist.cli.texts import check_output, deliver
from diarist.errors import OptionError
from diarist.evaluation.config import BootstrapConfig
from diarist.files import check_folder

BOOTSTRAP = BootstrapConfig()
FORMATS = ("table", "json", "csv", "md", "html")


@click.command(
    "score",
    epilog=f"{protocol_help()}\n\nExamples:\n\n  diarist score reference/ labels/ --uem all.uem\n\n"
    "  diarist score 'ref/*.rttm' --hyp old=out1 --hyp new=out2 --protocol forgiving",
)
@click.argument("reference", metavar="REF", type=click.Path())
@click.argument("hypothesis", metavar="[HYP]", type=click.Path(), required=False)
@click.option(
    "--hyp",
    "named",
    multiple=True,
    metavar="NAME=PATH",
    help="A system to compare, in place of HYP; once for each.",
)
@protocol_options
@click.option(
    "--words",
    type=click.Path(),
    nargs=2,
    metavar="REF HYP",
    help="Transcripts with speakers to score as well: adds cpWER and WDER.",
)
@click.option(
    "--resamples",
    type=int,
    default=BOOTSTRAP.resamples,
    show_default=True,
    metavar="N",
    help="Bootstrap draws for the 95 % intervals.",
)
@click.option(
    "--seed", type=int, default=BOOTSTRAP.seed, show_default=True, metavar="N", help="Of the draws."
)
@click.option(
    "-f",
    "--format",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    show_default=True,
    help="json holds everything; html is one page with pictures.",
)
@click.option("-o", "--output", type=click.Path(), metavar="FILE", help="A file in place of standard output.")
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
    from diarist.cli.score_outcome import Outcome, score_words_of
    from diarist.evaluation import score

    protocol = protocol_from(options)
    config = BootstrapConfig(resamples, seed)
    systems = systems_named(hypothesis, named)
    _check_request(systems, output, pictures, words)
    material = read_material(reference, systems, options["uem"], options["named_by"])
    scored = [
        score(material.reference, labels, protocol, uem=material.uem, system=system)
        for system, labels in material.hypotheses.items()
    ]
    for note in dict.fromkeys(note for scores in scored for note in scores.notes):
        say_warning(note)
    outcome = Outcome.of(scored, config, material, None if words is None else score_words_of(*words))
    deliver(outcome.render(format), output)
    if pictures is not None:
        num = len(outcome.draw(Path(pictures)))
        say(f"written: {num} pictures to {pictures}")
    return OK if material.complete else UNUSABLE


def _check_request(
    systems: Mapping[str, str],
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
    if words is not None:
        from diarist.evaluation.word_errors import meeteval_wer

        meeteval_wer()
    if pictures is not None:
        from diarist.drawing import require_matplotlib

        require_matplotlib()
        check_folder(Path(pictures), "Give another folder with --pictures.")
    check_output(output)

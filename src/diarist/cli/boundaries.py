"""``diarist boundaries``: how far the starts and ends of turns are off, and how many are not found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from diarist.cli.app import OK, UNUSABLE
from diarist.cli.label_files import systems_named
from diarist.cli.scoring_options import (
    label_arguments,
    output_options,
    protocol_from,
    protocol_help,
    protocol_options,
)
from diarist.cli.texts import check_output, deliver, refuse_overwriting
from diarist.errors import OptionError
from diarist.evaluation.config import BoundaryConfig
from diarist.formats.strict_json import dumps
from diarist.version import __version__

if TYPE_CHECKING:
    from diarist.cli.material import Material
    from diarist.evaluation.boundaries.summary import BoundaryFindings
    from diarist.evaluation.protocol import Protocol

DEFAULTS = BoundaryConfig()
FORMATS = ("table", "json", "csv", "md")
DEFAULT_TOLERANCES = ",".join(f"{tolerance:g}" for tolerance in DEFAULTS.tolerances)


@click.command(
    "boundaries",
    epilog=f"{protocol_help()}\n\nExamples:\n\n  diarist boundaries reference/ labels/\n\n"
    "  diarist boundaries ref.rttm --hyp raw=a.rttm --hyp refined=b.rttm --tolerances 0.02,0.1",
)
@label_arguments
@click.option(
    "--window",
    type=float,
    default=DEFAULTS.window,
    show_default=True,
    metavar="S",
    help="How far apart two boundaries can be the same one.",
)
@click.option(
    "--tolerances",
    default=DEFAULT_TOLERANCES,
    show_default=True,
    metavar="S,...",
    help="Seconds within which boundaries count as found.",
)
@click.option(
    "--change-gap",
    type=float,
    default=DEFAULTS.change_gap,
    show_default=True,
    metavar="S",
    help="The longest pause or overlap at a speaker change.",
)
@protocol_options
@output_options(FORMATS, "What to write; for a page with pictures see 'diarist score -f html'.")
def command(
    reference: str,
    hypothesis: str | None,
    named: tuple[str, ...],
    window: float,
    tolerances: str,
    change_gap: float,
    format: str,
    output: str | None,
    **options: Any,
) -> int:
    """Compare the boundaries of turns in the labels HYP with those in the labels REF.

    Speakers are mapped first, then starts are matched with starts and ends with ends, one to one.
    Speech edges, speaker changes and boundaries inside other people's speech are told apart.
    """
    from diarist.cli.material import read_material, say_notes
    from diarist.evaluation import score

    protocol = protocol_from(options)
    if protocol.frame_step is not None:
        raise OptionError("Boundaries are never counted in frames.", "Leave --frame-step out.")
    config = BoundaryConfig(window, change_gap, _tolerances(tolerances))
    systems = systems_named(hypothesis, named)
    check_output(output)
    material = read_material(reference, systems, options["uem"], options["named_by"])
    refuse_overwriting(output, material.files)
    say_notes(
        [
            score(material.reference, labels, protocol, uem=material.uem, system=system)
            for system, labels in material.hypotheses.items()
        ]
    )
    deliver(_render(_compare(material, protocol, config), protocol, format), output)
    return OK if material.complete else UNUSABLE


def _tolerances(value: str) -> tuple[float, ...]:
    """Numbers from ``"0.05,0.1"``.

    Raises:
        OptionError: if one is no number, or there is none.
    """
    try:
        found = tuple(float(part) for part in value.split(",") if part.strip())
    except ValueError:
        found = ()
    if not found:
        raise OptionError(f"--tolerances {value!r} are no numbers.", f"For example: {DEFAULT_TOLERANCES}.")
    return found


def _compare(material: Material, protocol: Protocol, config: BoundaryConfig) -> list[BoundaryFindings]:
    from diarist.evaluation.boundaries import compare_boundaries
    from diarist.evaluation.boundaries.collar import collar_curve, error_by_distance
    from diarist.evaluation.boundaries.summary import BoundaryFindings

    ours, uem = material.reference, material.uem
    return [
        BoundaryFindings(
            system,
            compare_boundaries(ours, theirs, protocol, uem, config),
            collar_curve(ours, theirs, protocol, uem),
            error_by_distance(ours, theirs, protocol, uem),
        )
        for system, theirs in material.hypotheses.items()
    ]


def _render(findings: Sequence[BoundaryFindings], protocol: Protocol, format: str) -> str:
    from diarist.evaluation.boundaries.summary import boundaries_csv
    from diarist.evaluation.tables import markdown_document, text_document

    if format == "csv":
        return boundaries_csv(findings)
    if format == "json":
        return dumps({"made_by": f"diarist {__version__}", "systems": [one.as_dict() for one in findings]})
    tables = [table for one in findings for table in one.tables()]
    if format == "md":
        return markdown_document(f"Protocol: {protocol}.", tables)
    return text_document(f"protocol: {protocol}", tables)

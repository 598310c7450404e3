"""What every command that scores is told: labels of both sides, and the protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from diarist.evaluation.config import BootstrapConfig
from diarist.evaluation.protocol import (
    DEFAULT_PROTOCOL,
    MAPPINGS,
    OVERLAPS,
    PROTOCOLS,
    REGIONS,
    protocol_named,
)

if TYPE_CHECKING:
    from diarist.evaluation.protocol import Protocol

Command = TypeVar("Command", bound=Callable[..., Any])

NAMED_BY = ("recording", "file")


def label_arguments(command: Command) -> Command:
    """Add REF, and HYP or ``--hyp NAME=PATH``; see :func:`diarist.cli.label_files.systems_named`."""
    for argument in (
        click.option(
            "--hyp",
            "named",
            multiple=True,
            metavar="NAME=PATH",
            help="A system to compare, in place of HYP; once for each.",
        ),
        click.argument("hypothesis", metavar="[HYP]", type=click.Path(), required=False),
        click.argument("reference", metavar="REF", type=click.Path()),
    ):
        command = argument(command)
    return command


def bootstrap_options(command: Command) -> Command:
    """Add the options of the 95 % intervals."""
    defaults = BootstrapConfig()
    for option in (
        click.option(
            "--seed", type=int, default=defaults.seed, show_default=True, metavar="N", help="Of the draws."
        ),
        click.option(
            "--resamples",
            type=int,
            default=defaults.resamples,
            show_default=True,
            metavar="N",
            help="Bootstrap draws for the 95 % intervals.",
        ),
    ):
        command = option(command)
    return command


def output_options(formats: Sequence[str], about: str) -> Callable[[Command], Command]:
    """Add the form of the result, the first of some, and where it goes.

    Args:
        formats: names.
        about: what to say of them.
    """

    def add(command: Command) -> Command:
        command = click.option(
            "-o", "--output", type=click.Path(), metavar="FILE", help="A file in place of standard output."
        )(command)
        form = click.Choice(formats)
        return click.option("-f", "--format", type=form, default=formats[0], show_default=True, help=about)(
            command
        )

    return add


def protocol_options(command: Command) -> Command:
    """Add the options; :func:`protocol_from` takes what they were given."""
    options = [
        click.option(
            "--protocol",
            type=click.Choice(list(PROTOCOLS)),
            default=DEFAULT_PROTOCOL,
            show_default=True,
            help="The rules: see below. The options that follow change one each.",
        ),
        click.option(
            "--collar-each-side",
            type=float,
            metavar="S",
            help="Seconds not scored on each side of a reference boundary.",
        ),
        click.option("--overlap", type=click.Choice(OVERLAPS), help="Where reference speakers overlap."),
        click.option(
            "--mapping",
            type=click.Choice(MAPPINGS),
            help="Speakers are paired on the whole region, or on what is scored of it alone.",
        ),
        click.option(
            "--region", type=click.Choice(REGIONS), help="What is scored; uem where --uem is given."
        ),
        click.option("--uem", type=click.Path(), metavar="FILE", help="The regions that are scored."),
        click.option(
            "--frame-step",
            type=float,
            metavar="S",
            help="JER, B-cubed and MI in frames of this step (dscore: 0.01); otherwise of exact time.",
        ),
        click.option(
            "--named-by",
            type=click.Choice(NAMED_BY),
            default=NAMED_BY[0],
            show_default=True,
            help="Pair recordings by the names in the files, or by the files' own.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def protocol_from(options: Mapping[str, Any]) -> Protocol:
    """The protocol that the options say.

    Raises:
        OptionError: if a value is out of its range.
    """
    region = options["region"] or ("uem" if options["uem"] is not None else None)
    return protocol_named(
        options["protocol"],
        collar_each_side=options["collar_each_side"],
        overlap=options["overlap"],
        mapping=options["mapping"],
        region=region,
        frame_step=options["frame_step"],
    )


def protocol_help() -> str:
    """What each protocol is, for a command's help; ``\\b`` keeps click from filling the lines."""
    width = max(map(len, PROTOCOLS))
    lines = [f"  {name.ljust(width)}  {meaning}" for name, (_, meaning) in PROTOCOLS.items()]
    return "\n".join(["\b", "Protocols:", *lines])

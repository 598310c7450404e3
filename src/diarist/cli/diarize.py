"""``diarist diarize``: who spoke when, for files and globs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from diarist.cli.app import OK, UNUSABLE
from diarist.cli.batch import Batch
from diarist.cli.completion import complete_channel, complete_diarizer, complete_formats
from diarist.cli.display import create_display
from diarist.cli.inputs import expand
from diarist.cli.outputs import parse_formats
from diarist.settings import DEVICES
from diarist.workflows.diarize import DEFAULTS, Channel, DiarizeConfig

DEFAULT_FORMAT = "rttm"


def _channel(_: click.Context, __: click.Parameter, value: str | int) -> Channel:
    """``mix``, ``all`` or a number; whether there is such a channel is for others to say."""
    if isinstance(value, int) or value in ("mix", "all"):
        channel: Channel = value  # type: ignore[assignment]
        return channel
    try:
        return int(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is neither mix, nor all, nor a channel's number.") from error


@click.command(
    "diarize",
    epilog="Examples:\n\n  diarist diarize meeting.m4a --num-speakers 4 > meeting.rttm\n\n"
    "  diarist diarize 'talks/*.mp3' -o labels -f rttm,srt,json --plot",
)
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="DIR|FILE",
    help="A folder for <recording>.<suffix>, or one file. Without it, one recording in one format goes "
    "to standard output, anything else into the current folder.",
)
@click.option(
    "-f",
    "--format",
    "formats",
    default=DEFAULT_FORMAT,
    show_default=True,
    metavar="NAME,...",
    shell_complete=complete_formats,
    help="One format or several: see 'diarist formats'.",
)
@click.option(
    "--num-speakers", type=int, default=DEFAULTS.num_speakers, metavar="N", help="Exactly N (1 to 100)."
)
@click.option("--min-speakers", type=int, default=DEFAULTS.min_speakers, metavar="N", help="At least N.")
@click.option("--max-speakers", type=int, default=DEFAULTS.max_speakers, metavar="N", help="At most N.")
@click.option(
    "--channel",
    callback=_channel,
    default=DEFAULTS.channel,
    metavar="mix|all|N",
    shell_complete=complete_channel,
    show_default=True,
    help="The mix of all channels, one counted from 1, or each as a recording of its own.",
)
@click.option("--exclusive", is_flag=True, default=DEFAULTS.exclusive, help="At most one speaker at a time.")
@click.option(
    "--device", type=click.Choice(DEVICES), default=DEFAULTS.device, show_default=True, help="What to run on."
)
@click.option(
    "--diarizer",
    default=DEFAULTS.diarizer,
    show_default=True,
    metavar="NAME",
    shell_complete=complete_diarizer,
    help="The engine.",
)
@click.option(
    "--models",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=DEFAULTS.models,
    help="A folder with ONNX files to use instead of the installed ones.",
)
@click.option("--plot", is_flag=True, help="Draw a timeline as well: <recording>.png and .svg.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary, only warnings and errors.")
def command(
    files: tuple[str, ...], output: str | None, formats: str, plot: bool, quiet: bool, **options: Any
) -> int:
    """Find out who spoke when in each FILE: audio, video, or a quoted glob.

    Two files of one name from different folders would give the same output: both are refused, and
    the others are done.
    """
    batch = Batch(DiarizeConfig(**options), output, parse_formats(formats), plot, quiet)
    return OK if batch.run(expand(files), create_display(quiet)) else UNUSABLE

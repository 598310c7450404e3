"""``diarist formats``: what can be written and read."""

from __future__ import annotations

import click

from diarist.cli.outputs import output_suffix
from diarist.formats import FORMATS, Format


@click.command("formats", epilog="Example: diarist formats")
def command() -> None:
    """List the formats of labels, how their files end, and what each can hold.

    All hold who speaks when, with overlap. Times in text are rounded to milliseconds.
    """
    rows = [("NAME", "FILES", "WHAT IT IS", "HOLDS BESIDE TURNS")]
    rows += [
        (name, output_suffix(name), format.description, _holds(format)) for name, format in FORMATS.items()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _holds(format: Format) -> str:
    kinds = {
        "text": format.holds_text,
        "confidence": format.holds_confidence,
        "channel": format.holds_channel,
        "several recordings": format.several_recordings,
    }
    return ", ".join(kind for kind, held in kinds.items() if held)

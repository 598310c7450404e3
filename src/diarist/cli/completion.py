"""``diarist completion``: the script that makes a shell complete Diarist's commands, and the values
that it offers for their options."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

SHELLS = ("bash", "zsh", "fish")


def complete_format(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Formats that begin like ``incomplete``."""
    from diarist.formats import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete.lower())]


def complete_formats(context: click.Context, option: click.Parameter, incomplete: str) -> list[str]:
    """The last of several formats, behind those that stand there; none is offered twice."""
    *given, last = incomplete.split(",")
    return [",".join([*given, name]) for name in complete_format(context, option, last) if name not in given]


def complete_channel(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """What a channel may be beside a number."""
    return [value for value in ("mix", "all") if value.startswith(incomplete)]


def complete_diarizer(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Engines."""
    from diarist.diarizers import DIARIZERS

    return [name for name in DIARIZERS if name.startswith(incomplete)]


@click.command(
    "completion",
    epilog="Examples:\n\n  diarist completion bash > ~/.local/share/bash-completion/completions/diarist\n\n"
    "  diarist completion zsh > ~/.zfunc/_diarist\n\n"
    "  diarist completion fish > ~/.config/fish/completions/diarist.fish",
)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script of a SHELL: bash, zsh or fish."""
    from diarist.cli.app import group

    kind = get_completion_class(shell)
    assert kind is not None, shell
    # The base class's method: bash's own would start bash to look at its version.
    click.echo(ShellComplete.source(kind(group, {}, "diarist", "_DIARIST_COMPLETE")))

"""``diarist completion``: the script that makes a shell complete Diarist's commands."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

SHELLS = ("bash", "zsh", "fish")


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

"""The program's frame: the group of commands, exit codes, and what becomes of an error.

========  ==========================================================================
exit      meaning
========  ==========================================================================
0         everything was done
1         a check failed (``diarist doctor``), or a defect of the program
2         something given cannot be used: an option, or one of several files (the
          others were done all the same)
130       interrupted with Ctrl-C
141       whoever was reading the output went away
========  ==========================================================================
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from typing import Any

import click

from diarist import __version__
from diarist.cli.messages import StandardError, discard_unsaid, say, say_error
from diarist.errors import DiaristError
from diarist.settings import debug_wanted

OK, DEFECT, UNUSABLE, INTERRUPTED, NO_READER = 0, 1, 2, 130, 141

# Command → module under diarist.cli, which holds it under the name ``command``.
COMMANDS = {
    "diarize": "diarize",
    "convert": "convert",
    "score": "score",
    "boundaries": "boundaries",
    "rank": "rank",
    "formats": "formats",
    "doctor": "doctor",
    "completion": "completion",
}


class _StoppedError(Exception):
    """Ctrl-C, out of click's reach, which would print an empty line first."""


class _NoReaderError(Exception):
    """A broken pipe, out of click's reach, which would exit by itself."""


class _LazyGroup(click.Group):
    """A group that imports a command when it is asked for."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise _StoppedError from None
        except BrokenPipeError:
            raise _NoReaderError from None

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"diarist.cli.{COMMANDS[cmd_name]}")
        command: click.Command = module.command
        return command


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    epilog="Example: diarist diarize meeting.m4a --num-speakers 4",
)
@click.version_option(__version__, prog_name="diarist", message="%(prog)s %(version)s")
@click.pass_context
def group(context: click.Context) -> None:
    """Who spoke when, in recordings of people talking. Runs offline.

    Results go to standard output or to files, everything else to standard error.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script. Libraries' warnings are kept from the user's terminal."""
    if not sys.warnoptions and not debug_wanted():
        warnings.simplefilter("ignore")
    code = run(arguments)
    discard_unsaid()
    return code


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code; no exception comes out but ``SystemExit``.

    Args:
        arguments: what follows the program's name; ``None`` takes ``sys.argv``.
    """
    try:
        _let_output_hold_unicode()
        outcome = group.main(
            args=None if arguments is None else list(arguments), prog_name="diarist", standalone_mode=False
        )
        if sys.stdout is not None:
            sys.stdout.flush()
        return outcome if isinstance(outcome, int) else OK
    except (_NoReaderError, BrokenPipeError):
        _discard_output()
        return NO_READER
    except (_StoppedError, KeyboardInterrupt, click.Abort):
        say("diarist: interrupted")
        return INTERRUPTED
    except click.ClickException as error:
        say_error(_usage_message(error))
        return UNUSABLE
    except DiaristError as error:
        say_error(str(error))
        return UNUSABLE
    except Exception as error:
        say_defect(error)
        return DEFECT


def say_defect(error: Exception, what: str = "") -> None:
    """One line for an exception nobody foresaw; its traceback where ``DIARIST_DEBUG`` is on."""
    if debug_wanted():
        StandardError().write("".join(traceback.format_exception(error)))
    problem = f"{type(error).__name__}: {error}".rstrip(": ")
    hint = "" if debug_wanted() else " This is a defect: re-run with DIARIST_DEBUG=1 for the traceback."
    say_error(f"{what}{problem}.{hint}")


def _usage_message(error: click.ClickException) -> str:
    """click's message on one line, with where to find help."""
    message = " ".join(error.format_message().split("\n")).strip()
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "diarist"
    return f"{message} See '{path} --help'."


def _let_output_hold_unicode() -> None:
    """Labels are UTF-8 whatever the locale says."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")


def _discard_output() -> None:
    """Keep the interpreter from complaining about the closed pipe once more when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return

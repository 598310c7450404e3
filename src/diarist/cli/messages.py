"""What the program says on standard error: one line a message, whatever a name may hold.

Nothing said there is worth a result: what cannot be written, because the disk is full or the reader
went away, is dropped.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from diarist.errors import DiaristError, InputError, printable


class StandardError:
    """``sys.stderr``, as it is at each call, for whoever needs a file; no call raises."""

    @property
    def encoding(self) -> str:
        """That of ``sys.stderr``."""
        return getattr(sys.stderr, "encoding", None) or "utf-8"

    def isatty(self) -> bool:
        """Whether a person reads along."""
        try:
            return sys.stderr is not None and sys.stderr.isatty()
        except (OSError, ValueError):  # ValueError: it is closed
            return False

    def write(self, text: str) -> int:
        """Write what can be written."""
        if sys.stderr is not None:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        """Bring it to the reader, if there is one."""
        if sys.stderr is not None:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.flush()


def say(text: str) -> None:
    """One line on standard error, if there is one; control characters are shown as escapes."""
    stream = StandardError()
    stream.write(printable(text) + "\n")
    stream.flush()


def say_error(text: str) -> None:
    """What went wrong, and the remedy."""
    say(f"diarist: error: {text}")


def naming(path: Path, error: DiaristError) -> DiaristError:
    """What is wrong with a file: the error, with the file's name where it does not say it."""
    said = str(error)
    if printable(path.name) in said or repr(path.name)[1:-1] in said:
        return error
    return InputError(f"{str(path)!r}: {error.problem}", error.remedy)


def say_or_raise(errors: Sequence[DiaristError], *, nothing_left: bool) -> None:
    """Say what is wrong with some of several files, or raise the last where nothing is left."""
    for error in errors[:-1] if nothing_left else errors:
        say_error(str(error))
    if nothing_left and errors:
        raise errors[-1]


def say_warning(text: str) -> None:
    """What a reader of a result should know."""
    say(f"diarist: warning: {text}")


def discard_unsaid() -> None:
    """Forget what standard error did not take: the interpreter tries it again when it ends, and
    makes the exit code 120 where that fails."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())

"""What the program says on standard error: one line a message, whatever a name may hold."""

from __future__ import annotations

import sys

from diarist.errors import printable


def say(text: str) -> None:
    """One line on standard error, if there is one; control characters are shown as escapes."""
    if sys.stderr is None:
        return
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()


def say_error(text: str) -> None:
    """What went wrong, and the remedy."""
    say(f"diarist: error: {text}")


def say_warning(text: str) -> None:
    """What a reader of a result should know."""
    say(f"diarist: warning: {text}")

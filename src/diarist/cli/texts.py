"""Results that are text: to standard output, or to one file."""

from __future__ import annotations

from pathlib import Path

from diarist.cli.messages import say
from diarist.cli.outputs import print_text
from diarist.errors import OptionError
from diarist.files import check_folder, encoded, make_folder, replacing

ANOTHER_FILE = "Give another file with -o."


def check_output(output: str | None) -> None:
    """Find out before any work whether there is a place for the result.

    Raises:
        OptionError: if it is a folder.
        OutputError: if no file can be made there.
    """
    if output is None:
        return
    path = Path(output)
    if path.is_dir():
        raise OptionError(f"-o {output!r} is a folder.", "Name a file.")
    check_folder(path.parent, ANOTHER_FILE)


def deliver(text: str, output: str | None) -> None:
    """Write a text whole, or print it.

    Raises:
        OutputError: if it cannot be written.
    """
    if output is None:
        print_text(text)
        return
    path = Path(output)
    content = encoded(text)
    make_folder(path.parent, ANOTHER_FILE)
    with replacing(path) as file:
        file.write(content)
    say(f"written: {path}")

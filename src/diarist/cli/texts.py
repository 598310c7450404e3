"""Results that are text: to standard output, or to one file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from diarist.cli.messages import say
from diarist.cli.outputs import print_text
from diarist.errors import OptionError
from diarist.files import cannot_be_written, check_folder, encoded, make_folder, replacing

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
    if os.path.isdir(output):  # noqa: PTH112 - a name that is too long is no folder, and no defect
        raise OptionError(f"-o {output!r} is a folder.", "Name a file.")
    if not output:
        raise OptionError("The file of -o is empty.", "Name a file.")
    try:
        path.stat()
    except FileNotFoundError:
        pass
    except OSError as error:  # a name that is too long, or a folder that is a file
        raise cannot_be_written(path, error, ANOTHER_FILE) from error
    check_folder(path.parent, ANOTHER_FILE)


def refuse_overwriting(output: str | None, inputs: Iterable[Path]) -> None:
    """See that the result takes the place of nothing it was made from.

    Raises:
        OptionError: if it would.
    """
    if output is None or not os.path.isfile(output):  # noqa: PTH113 - as above
        return
    for path in inputs:
        if path.is_file() and path.samefile(output):
            raise OptionError(f"-o {output!r} would replace an input.", ANOTHER_FILE)


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

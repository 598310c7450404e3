"""What a file may be called: anything, but not nothing, and nothing is downloaded."""

from __future__ import annotations

import os
import re

from diarist.errors import InputError

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def check_name(name: str) -> None:
    """Refuse what cannot be meant as a file. A file that is called like a URL is a file.

    Raises:
        InputError: if ``name`` is empty or a URL.
    """
    if not name:
        raise InputError("The name of a file is empty.", "Give the path of a file.")
    if _URL.match(name) and not os.path.lexists(name):
        raise InputError(f"{name!r} is a URL, and Diarist does not go online.", "Download it first.")

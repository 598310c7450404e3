"""Files written whole or not at all, and names for them that stay inside their folder."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from diarist.errors import FormatError, OutputError

REMEDY = "Give a file in a folder that exists, that you may write to, and that has room."
FOLDER_REMEDY = "Give a folder that you may write to, on a disk that has room."
LONGEST_NAME = 200  # bytes of a recording's name in a file name; file systems take 255

_NOT_IN_A_NAME = {"Cc", "Cs", "Zl", "Zp"}  # control characters, surrogates, line breaks


@contextmanager
def replacing(path: str | os.PathLike[str], remedy: str = REMEDY) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``path`` once the block is done and it is on disk.

    Until then, and if anything goes wrong, what was there stays, and nothing else is left. The
    new file may be read by whom the umask lets. A link is followed. What is neither a file nor a
    folder, such as ``/dev/stdout``, is written to directly.

    Args:
        path: the file; its folder must exist.
        remedy: what to do where it cannot be written.

    Raises:
        OutputError: if it cannot be written; an ``OSError`` in the block counts as that.
    """
    try:
        given = Path(path)
        direct = given.exists() and not given.is_file() and not given.is_dir()
        target = given if direct else Path(os.path.realpath(path))
        temporary = target if direct else target.with_name(f".diarist-{secrets.token_hex(8)}.tmp")
        file = temporary.open("wb" if direct else "xb")
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise cannot_be_written(path, error, remedy) from error
    try:
        with file:
            yield file
            file.flush()
            if not direct:
                os.fsync(file.fileno())
        if not direct:
            temporary.replace(target)
            _sync_folder(target.parent)
    except OSError as error:
        raise cannot_be_written(path, error, remedy) from error
    finally:
        if not direct:
            with contextlib.suppress(OSError):  # the folder has gone; the error that says so is on its way
                temporary.unlink(missing_ok=True)


def cannot_be_written(
    path: str | os.PathLike[str], error: Exception | str, remedy: str = REMEDY
) -> OutputError:
    """The error that says that a file cannot be written, and why."""
    return OutputError(f"{os.fspath(path)!r} cannot be written: {_reason(error)}.", remedy)


def check_folder(folder: Path, remedy: str = FOLDER_REMEDY) -> None:
    """Find out whether files can be made in a folder, before hours of work; nothing is left there.

    The folder need not exist: then the nearest one above that does is tried.

    Raises:
        OutputError: if they cannot.
    """
    existing = folder.absolute()
    while not os.path.lexists(existing) and existing != existing.parent:
        existing = existing.parent
    try:
        with tempfile.TemporaryFile(dir=existing):
            return
    except OSError as error:
        raise _folder_error(folder, error, remedy) from error


def make_folder(folder: Path, remedy: str = FOLDER_REMEDY) -> None:
    """Make a folder, and those above it, where there is none.

    Raises:
        OutputError: if it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _folder_error(folder, error, remedy) from error


def encoded(text: str) -> bytes:
    """Text as UTF-8.

    Raises:
        FormatError: if it holds half of a surrogate pair, which is no character.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        broken = text[error.start : error.end]
        raise FormatError(f"The labels hold {broken!r}, half a character.", "Correct the label.") from None


def file_name(recording_id: str, suffix: str) -> str:
    """A file's name made of a recording's, which may come from a hostile file.

    It stays inside its folder whatever the recording is called.
    """
    clean = "".join(
        "_" if unicodedata.category(character) in _NOT_IN_A_NAME or character in "/\\" else character
        for character in recording_id
    )
    if not clean.strip(". "):
        clean = f"recording{clean}"
    content = clean.encode()
    if len(content) > LONGEST_NAME:
        clean = content[:LONGEST_NAME].decode(errors="ignore")
    return clean + suffix


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be synced."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # some file systems refuse; the content itself is safe
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _folder_error(folder: Path, error: OSError, remedy: str) -> OutputError:
    return OutputError(f"No files can be written to {str(folder)!r}: {_reason(error)}.", remedy)


def _reason(error: Exception | str) -> str:
    return str((isinstance(error, OSError) and error.strerror) or error)

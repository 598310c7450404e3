"""Text files, in and out: nothing but text is read."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from diarist.errors import FormatError, ParseError
from diarist.files import encoded, replacing

MAX_BYTES = 256 * 1024 * 1024  # labels of years of speech; a file beyond is something else

_READ_AT_ONCE = 1 << 16

_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_text(path: Path) -> str:
    """A file's text: UTF-8, with a byte order mark or without, or UTF-16 with one.

    Raises:
        FormatError: if there is no such file, it cannot be read, or it is over :data:`MAX_BYTES`.
        ParseError: if it is not text.
    """
    return decode_text(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """What a file of labels holds.

    Raises:
        FormatError: if there is no such file, it cannot be read, or it is over :data:`MAX_BYTES`.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))  # open() takes twice as long
        try:
            content = _content(descriptor)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise FormatError(f"{str(path)!r} cannot be read: {_reason(error)}.", "Check the path.") from error
    if content is None:
        raise FormatError(
            f"{str(path)!r} has over {MAX_BYTES >> 20} MiB, too much for labels.", "Check the path."
        )
    return content


def _content(descriptor: int) -> bytes | None:
    """All that can be read, or ``None`` for more than :data:`MAX_BYTES`.

    What is not a regular file may have no end; it is read no further than to see that.
    """
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_size > MAX_BYTES:
        return None
    parts: list[bytes] = []
    left = MAX_BYTES + 1
    while left > 0 and (part := os.read(descriptor, min(left, max(status.st_size + 1, _READ_AT_ONCE)))):
        parts.append(part)
        left -= len(part)
        if len(part) == status.st_size:
            break  # a whole file of the size that it says
    return b"".join(parts) if left > 0 else None


def write_text(path: Path, text: str) -> None:
    """Write a file whole, or leave what was there; see :func:`diarist.files.replacing`.

    Raises:
        FormatError: if the text cannot be UTF-8.
        OutputError: if the file cannot be written.
    """
    content = encoded(text)
    with replacing(path) as file:
        file.write(content)


def decode_text(content: bytes, path: Path) -> str:
    """Those bytes as text.

    Raises:
        ParseError: if they are none; the message names the file.
    """
    mark, encoding = next(((m, e) for m, e in _ENCODINGS if content.startswith(m)), (b"", "utf-8"))
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise ParseError(
            f"{str(path)!r} is not text in UTF-8 (byte {error.start} cannot be).", "Save it as UTF-8."
        ) from None
    if "\0" in text:
        raise ParseError(f"{str(path)!r} is not a text file.", "Give a file of labels.")
    return text


def _reason(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)

"""The turns of many RTTM files at once, as columns: for whoever reads a thousand files to score them.

This is a fast way through the rules of :mod:`diarist.formats.rttm` and no second set of them: a text
in which anything is out of the ordinary is left to that module. All files are one array of bytes; where
a token begins and ends, what number it is and which of them are the same comes from a few passes over
that array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diarist.errors import ParseError
from diarist.formats import rttm
from diarist.formats.common import number
from diarist.types import UNKNOWN

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_WIDTHS = (rttm.MAX_FIELDS, rttm.MAX_FIELDS - 1)
_TYPE, _NOT_APPLICABLE = b"SPEAKER", rttm.NOT_APPLICABLE.encode()
_CHANNELS = (b"0", b"1", _NOT_APPLICABLE)
_SPACE, _POINT, _ZERO, _NEWLINE = 32, 46, 48, 10
_EXACT_DIGITS = 15  # a number of so many is a float, and so is its quotient by a power of ten, rounded once
_LONGEST_NAME = 256  # bytes
_LATEST = 1e300  # sums of two times up to here are finite


@dataclass(frozen=True, eq=False)
class Columns:
    """``N`` turns, in the order of the files and their lines.

    Attributes:
        recordings: names of recordings, each once.
        labels: labels of speakers, each once, whatever recordings they occur in.
        turn_files: index of the text that each turn comes from ``[N]``.
        turn_recordings: index of each turn's recording ``[N]``.
        turn_labels: index of each turn's label ``[N]``.
        starts: seconds ``[N]``.
        ends: seconds, after ``starts`` ``[N]``.
    """

    recordings: list[str]
    labels: list[str]
    turn_files: Ints
    turn_recordings: Ints
    turn_labels: Ints
    starts: Floats
    ends: Floats


def parse_rttm(texts: Sequence[bytes]) -> Columns | None:
    """The turns in ordinary RTTM texts, or ``None`` where one is not ordinary.

    Ordinary is: UTF-8 without a byte order mark, ``SPEAKER`` lines of nine or ten fields and no
    others, one channel in all, times that are not negative.

    Args:
        texts: the contents of files.
    """
    tokens = _Tokens.of(b"\n".join(texts))
    if tokens is None or not (tokens.all_are(0, _TYPE) and _ordinary_channel(tokens)):
        return None
    starts, lengths = tokens.numbers(3), tokens.numbers(4)
    recordings, labels = tokens.names(1), tokens.names(7)
    if starts is None or lengths is None or recordings is None or labels is None:
        return None
    if not tokens.are_confidences(8):
        return None
    kept = lengths > 0
    starts, ends = starts[kept], (starts + lengths)[kept]
    if not (ends > starts).all():
        return None  # a length too small to make a difference to its start
    limits = np.cumsum([len(text) + 1 for text in texts])
    speakers = _with_unknown(*labels)
    return Columns(
        recordings[0],
        speakers[0],
        np.searchsorted(limits, tokens.begins[kept, 0], side="right"),
        recordings[1][kept],
        speakers[1][kept],
        starts,
        ends,
    )


def _with_unknown(labels: list[str], turns: Ints) -> tuple[list[str], Ints]:
    """Labels in which who is not named is called so, and which of them each turn has."""
    if rttm.NOT_APPLICABLE not in labels:
        return labels, turns
    unnamed = labels.index(rttm.NOT_APPLICABLE)
    if UNKNOWN in labels:  # as well: they are one
        merged = np.where(turns == unnamed, labels.index(UNKNOWN), turns)
        return [*labels[:unnamed], *labels[unnamed + 1 :]], merged - (merged > unnamed)
    return [*labels[:unnamed], UNKNOWN, *labels[unnamed + 1 :]], turns


def _ordinary_channel(tokens: _Tokens) -> bool:
    return any(tokens.all_are(2, channel) for channel in _CHANNELS)


@dataclass(frozen=True, eq=False)
class _Tokens:
    """The tokens of lines that have ``W`` of them each.

    Attributes:
        content: the bytes, with as many zeros behind them as a token may have.
        begins: where each token begins ``[N, W]``.
        lengths: its bytes ``[N, W]``.
    """

    content: Bytes
    begins: Ints
    lengths: Ints

    @classmethod
    def of(cls, text: bytes) -> _Tokens | None:
        """The tokens of a text, or ``None`` where lines differ in number or white space is unusual."""
        if b"\r" in text and text.count(b"\r") != text.count(b"\r\n"):
            return None  # an old Mac's line ends
        content = np.frombuffer(text + bytes(_LONGEST_NAME), np.uint8)
        blank = content <= _SPACE
        edges = np.flatnonzero(np.diff(blank, prepend=True))
        begins, ends = edges[::2], edges[1::2]
        newlines = np.flatnonzero(content == _NEWLINE)
        for width in _WIDTHS:
            if not len(begins) or len(begins) % width:
                continue
            first = np.searchsorted(newlines, begins[::width])
            last = np.searchsorted(newlines, begins[width - 1 :: width])
            if (first == last).all() and (first[1:] > first[:-1]).all() and _plain(text, content):
                shape = (-1, width)
                return cls(content, begins.reshape(shape), (ends - begins).reshape(shape))
        return None

    def characters(self, column: int) -> tuple[Bytes, Ints]:
        """The bytes of a column's tokens, zeros behind ``[longest, N]``, and their lengths ``[N]``."""
        begins, lengths = self.begins[:, column], self.lengths[:, column]
        place = np.arange(min(int(lengths.max()), _LONGEST_NAME))[:, None]
        return np.where(place < lengths, self.content[begins + place], 0).astype(np.uint8), lengths

    def all_are(self, column: int, expected: bytes) -> bool:
        """Whether every token of a column is this one."""
        begins, lengths = self.begins[:, column], self.lengths[:, column]
        same = lengths == len(expected)
        for place, character in enumerate(expected):
            same &= self.content[begins + place] == character
        return bool(same.all())

    def numbers(self, column: int) -> Floats | None:
        """Finite numbers that are not negative, as :func:`diarist.formats.common.number` reads them."""
        characters, lengths = self.characters(column)
        points = np.zeros(len(lengths), np.int64)
        decimals, digits, whole = points.copy(), points.copy(), points.copy()
        for row in characters[: _EXACT_DIGITS + 1]:
            digit = row.astype(np.int64) - _ZERO
            is_digit = (digit >= 0) & (digit <= 9)
            whole = np.where(is_digit, whole * 10 + digit, whole)
            digits += is_digit
            decimals += is_digit & (points > 0)
            points += row == _POINT
        plain = (digits + points == lengths) & (digits > 0) & (points <= 1) & (digits <= _EXACT_DIGITS)
        values = whole / np.power(10.0, decimals)
        for index in np.flatnonzero(~plain):
            value = _number(self.token(int(index), column))
            if value is None:
                return None
            values[index] = value
        return values if bool(np.all((values >= 0) & (values < _LATEST))) else None

    def are_confidences(self, column: int) -> bool:
        """Whether every token of a column is a number, or stands for none."""
        if self.all_are(column, _NOT_APPLICABLE):
            return True
        found = {self.token(index, column) for index in range(len(self.begins))} - {_NOT_APPLICABLE}
        return all(_number(token) is not None for token in found)

    def names(self, column: int) -> tuple[list[str], Ints] | None:
        """The different tokens of a column in the order in which they first come, and which of them each is.

        Tokens are sorted into groups by a hash, and then compared with the first of their group: two
        different ones of the same hash are found out.
        """
        if self.lengths[:, column].max() > _LONGEST_NAME:
            return None
        characters, lengths = self.characters(column)
        keys = lengths.astype(np.uint64)
        for row in characters:
            keys = (keys ^ row) * np.uint64(0x100000001B3)
        changes = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        _, first, which = np.unique(keys[changes], return_index=True, return_inverse=True)
        order = np.argsort(first)  # as they come in the text, not by hash
        first, which = changes[first[order]], np.argsort(order)[which]
        which = np.repeat(which, np.diff(np.append(changes, len(keys))))
        model = first[which]
        if not ((characters == characters[:, model]).all() and (lengths == lengths[model]).all()):
            return None
        return [self.token(int(index), column).decode() for index in first], which

    def token(self, line: int, column: int) -> bytes:
        """One token."""
        begin = int(self.begins[line, column])
        return self.content[begin : begin + int(self.lengths[line, column])].tobytes()


def _plain(text: bytes, content: Bytes) -> bool:
    """Whether blanks, tabs and line ends are the only control characters and white space."""
    controls = int(np.count_nonzero(content[: len(text)] < _SPACE))
    if controls != text.count(b"\n") + text.count(b"\r") + text.count(b"\t"):
        return False
    try:
        return text.isascii() or not any(_is_odd(character) for character in set(text.decode()))
    except UnicodeDecodeError:
        return False


def _is_odd(character: str) -> bool:
    """Whether it is white space that ASCII does not have, or a byte order mark."""
    return not character.isascii() and (character.isspace() or character == "\ufeff")


def _number(token: bytes) -> float | None:
    try:
        return number(token.decode(), 0, "number")
    except (ParseError, UnicodeDecodeError):
        return None

"""TextGrid: Praat's tiers, one a speaker.

Praat's manual, "TextGrid file formats": a text file is a sequence of free-standing numbers, texts
in double quotes (a quote inside is doubled) and flags in angle brackets; all other words and what
follows ``!`` on a line are comments. So the long form, which is written, and the short form are
read alike ::

    File type = "ooTextFile"
    Object class = "TextGrid"

    xmin = 0
    xmax = 15
    tiers? <exists>
    size = 1
    item []:
        item [1]:
            class = "IntervalTier"
            name = "SPEAKER_00"
            ...

Intervals of a tier cover its time without gap or overlap. An interval whose text is empty is
silence; therefore a turn without text is written with its speaker's label as text, and such a text
is read as none. Where two turns of one speaker overlap, that speaker has a second tier of the same
name, which Praat allows. Point tiers are ignored. ``xmax`` is the recording's length.

Times are written in milliseconds, as in all our text formats; Praat itself writes 17 digits. Praat
writes UTF-16 where a text is not ASCII, which is read. Its binary form is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diarist.errors import ParseError
from diarist.formats.common import (
    Written,
    at_line,
    decimal_seconds,
    milliseconds,
    number,
    only_one,
    tiers,
    turn_at,
)
from diarist.types import UNKNOWN, Diarization, Turn

NAME = "textgrid"
SUFFIXES = (".TextGrid", ".textgrid")

_TOKEN = re.compile(r'"([^"]*(?:""[^"]*)*)"(?=\s|$)|!([^\n\r]*)|(\S+)')
_NUMBER = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")


def parse(text: str, *, recording_id: str) -> list[Diarization]:
    """One diarization with the turns of all interval tiers.

    Args:
        text: the file's.
        recording_id: the recording's name, which the format does not hold.

    Raises:
        ParseError: if the file is no TextGrid in text form, or ends too early.
    """
    items = _Items(text)
    if not items.text("file type").startswith("ooTextFile") or items.text("object class") != "TextGrid":
        raise ParseError("This is not a TextGrid in text form.", "In Praat: Save as text file.")
    items.number("xmin")
    length, _ = items.number("xmax")
    turns: list[Turn] = []
    if items.flag() == "<exists>":
        for _ in range(items.count("number of tiers")):
            turns += _tier(items)
    return [Diarization(recording_id, tuple(turns), audio_length=max(0.0, length), source=NAME)]


def serialise(diarizations: Sequence[Diarization]) -> str:
    """The long text form.

    Raises:
        FormatError: if there is not exactly one diarization.
    """
    diarization = only_one(diarizations, NAME)
    own = tiers(diarization) or [("", 1, [])]
    last = max((end for _, _, turns in own for _, end, _ in turns), default=1)
    xmax = max(milliseconds(diarization.extent), last)
    return "".join([*_header(xmax, len(own)), *_tiers(own, xmax)])


@dataclass(frozen=True, slots=True)
class _Item:
    line: int
    kind: str  # "text", "number" or "flag"
    value: str


class _Items:
    """The free-standing texts, numbers and flags of a file, one after the other."""

    def __init__(self, text: str) -> None:
        self._items = _items(text)
        self._line = 1

    def text(self, what: str) -> str:
        return self._next("text", what).value.replace('""', '"')

    def flag(self) -> str:
        return self._next("flag", "flag <exists>").value

    def number(self, what: str) -> tuple[float, int]:
        """A number and its line."""
        item = self._next("number", what)
        return number(item.value, item.line, what), item.line

    def count(self, what: str) -> int:
        value, line = self.number(what)
        if value < 0 or value != value // 1:
            raise at_line(line, f"the {what} is {value:g}.")
        return int(value)

    def _next(self, kind: str, what: str) -> _Item:
        item = next(self._items, None)
        if item is None:
            raise ParseError(f"The file ends where the {what} should be.", "It is cut off: get it anew.")
        if item.kind != kind:
            raise at_line(item.line, f"{item.value[:40]!r} where the {what} should be.")
        return item


def _items(text: str) -> Iterator[_Item]:
    line, position = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        quoted, comment, word = match.groups()
        if quoted is not None:
            yield _Item(line, "text", quoted)
        elif comment is not None:
            continue
        elif word.startswith('"'):
            raise at_line(line, "a text without its closing quote.")
        elif re.fullmatch(r"<\w+>", word):
            yield _Item(line, "flag", word)
        elif _NUMBER.fullmatch(word) or word.lower().strip("+-") in ("nan", "inf", "infinity"):
            yield _Item(line, "number", word)


def _tier(items: _Items) -> list[Turn]:
    kind, name = items.text("class of a tier"), items.text("name of a tier")
    items.number("start of a tier")
    items.number("end of a tier")
    size = items.count("number of intervals")
    if kind == "TextTier":
        for _ in range(size):
            items.number("time of a point")
            items.text("text of a point")
        return []
    if kind != "IntervalTier":
        raise ParseError(f"There are no tiers of class {kind[:40]!r}.", "Check the file's format.")
    return [turn for _ in range(size) for turn in _interval(items, name if name.strip() else UNKNOWN)]


def _interval(items: _Items, speaker: str) -> list[Turn]:
    (start, line), (end, _) = items.number("start of an interval"), items.number("end of an interval")
    text = items.text("text of an interval")
    turn = turn_at(line, start, end, speaker, None, None if text == speaker else text)
    return [turn] if text.strip() else []


def _header(xmax: int, size: int) -> Iterator[str]:
    yield 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
    yield f"xmin = 0 \nxmax = {decimal_seconds(xmax)} \ntiers? <exists> \nsize = {size} \nitem []: \n"


def _tiers(own: Sequence[tuple[str, int, list[Written]]], xmax: int) -> Iterator[str]:
    for index, (speaker, _, turns) in enumerate(own, start=1):
        intervals = list(_intervals(turns, xmax))
        yield f'    item [{index}]:\n        class = "IntervalTier" \n        name = {_quoted(speaker)} \n'
        yield f"        xmin = 0 \n        xmax = {decimal_seconds(xmax)} \n"
        yield f"        intervals: size = {len(intervals)} \n"
        for count, (start, end, text) in enumerate(intervals, start=1):
            yield f"        intervals [{count}]:\n            xmin = {decimal_seconds(start)} \n"
            yield f"            xmax = {decimal_seconds(end)} \n            text = {_quoted(text)} \n"


def _intervals(turns: Sequence[Written], xmax: int) -> Iterator[tuple[int, int, str]]:
    """The turns of a tier, and the silences before, between and after."""
    reach = 0
    for start, end, turn in turns:
        if start > reach:
            yield reach, start, ""
        yield start, end, turn.text if turn.text and turn.text.strip() else turn.speaker
        reach = end
    if reach < xmax:
        yield reach, xmax, ""


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'

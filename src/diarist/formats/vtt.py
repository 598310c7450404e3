"""WebVTT: subtitles of the web, with voices.

W3C, "WebVTT: The Web Video Text Tracks Format" (2019): ``WEBVTT`` in the first line, blocks
separated by blank lines, of which those with ``-->`` are cues and those that begin with ``NOTE``,
``STYLE`` or ``REGION`` are not ::

    WEBVTT

    00:00:12.340 --> 00:00:15.000
    <v SPEAKER_00>What was said.</v>

A cue may have an identifier above its times, settings behind them, and hours are optional. ``&``,
``<`` and ``>`` are written as character references, in a voice's name as well, and no cue can hold
an arrow. White space, line breaks included, is written and read as single spaces.

Files in the wild: noScribe writes cues that end before they start (see
:func:`diarist.formats.cues.turns_of`) and leaves ``</v>`` out, which the specification allows where
a voice fills its cue. What stands before, between or after voices, and a cue without any, is
:data:`diarist.types.UNKNOWN`'s. Tags of markup are dropped; a ``<`` that begins none stays.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from diarist.errors import ParseError
from diarist.formats.common import clock_time, one_line, only_one, split_lines, written
from diarist.formats.cues import ARROW, Cue, cue_at, turns_of
from diarist.types import UNKNOWN, Diarization, Turn

NAME = "vtt"
SUFFIXES = (".vtt",)

_TAG = re.compile(r"(</?(?:c|i|b|u|v|ruby|rt|lang)(?:[.\s][^>]*)?>|<[0-9:.]+>)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s([^>]*))?>")
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_NOT_A_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t].*)?")


def parse(text: str, *, recording_id: str) -> list[Diarization]:
    """One diarization; its notes say which cues had impossible times.

    Args:
        text: the file's.
        recording_id: the recording's name, which the format does not hold.

    Raises:
        ParseError: if the first line is not ``WEBVTT``, or a line of times cannot be read.
    """
    lines = split_lines(text)
    if not _HEADER.fullmatch(lines[0]):
        raise ParseError("Line 1: a WebVTT file begins with 'WEBVTT'.", "Check the file's format.")
    turns: list[Turn] = []
    notes: list[str] = []
    for cue in _cues(lines):
        own, note = turns_of(cue, _voices(cue.payload))
        turns += own
        notes += [note] * bool(own and note)
    return [Diarization(recording_id, tuple(turns), source=NAME, notes=tuple(notes))]


def serialise(diarizations: Sequence[Diarization]) -> str:
    """One cue a turn.

    Raises:
        FormatError: if there is not exactly one diarization.
    """
    return "WEBVTT\n" + "".join(_cue(turn) for turn in only_one(diarizations, NAME).turns)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines that are not blank, each with the number of its first."""
    block: list[str] = []
    for line, content in enumerate([*lines, ""], start=1):
        if content.strip(" \t"):
            block.append(content)
        elif block:
            yield line - len(block), block
            block = []


def _cues(lines: Sequence[str]) -> list[Cue]:
    """All cues. A block without times goes on with the text of the cue before it, where somebody
    left a blank line in a text; the specification would drop it."""
    cues: list[Cue] = []
    for first, block in _blocks(["", *lines[1:]]):
        if _NOT_A_CUE.fullmatch(block[0]):
            continue
        marks = [index for index, content in enumerate(block) if ARROW in content]
        for mark, following in zip(marks, [*marks[1:], len(block)], strict=False):
            cues.append(cue_at(first + mark, block[mark], block[mark + 1 : following]))
        if not marks and cues:
            cues[-1] = replace(cues[-1], payload=" ".join([cues[-1].payload, *block]))
    return cues


def _voices(payload: str) -> list[tuple[str, str]]:
    """Who says what in a cue, in order."""
    said: list[tuple[str, list[str]]] = [("", [])]
    for piece in _TAG.split(payload):
        voice = _VOICE.fullmatch(piece)
        if voice:
            said.append((one_line(html.unescape(voice[1] or "")) or UNKNOWN, []))
        elif piece == "</v>":
            said.append(("", []))
        elif not _TAG.fullmatch(piece):
            said[-1][1].append(html.unescape(piece))
    texts = [(speaker, one_line("".join(pieces))) for speaker, pieces in said]
    return [(speaker or UNKNOWN, text) for speaker, text in texts if speaker or text]


def _cue(turn: Turn) -> str:
    start, end = written(turn)
    speaker, text = (html.escape(one_line(part), quote=False) for part in (turn.speaker, turn.text or ""))
    return f"\n{clock_time(start)} {ARROW} {clock_time(end)}\n<v {speaker}>{text}</v>\n"

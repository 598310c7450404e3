"""RTTM, "Rich Transcription Time Marked": the field's common format, one turn a line.

NIST, "The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan", appendix A: fields
separated by white space, ``;;`` begins a comment ::

    type    file    chnl tbeg  tdur  ortho stype name    conf slat
    SPEAKER meeting 1    6.690 0.430 <NA>  <NA>  speaker <NA> <NA>

``tbeg`` and ``tdur`` are seconds, ``chnl`` counts from 1, ``conf`` is a probability.

Where specification, files and readers disagree:

- RT-06 and before have nine fields, without ``slat``, and some files stop after ``name``: eight,
  nine and ten are read, ten are written. More means that a name holds a space: an error, as half
  a name is worse than none.
- ``chnl`` is 1 in nearly every file, whatever the recording: see
  :func:`diarist.formats.common.by_recording`.
- Turns of no length occur in published files. dscore and pyannote leave them out; so does this
  reader. A negative length is an error.
- Lines of other types (``SPKR-INFO``, ``NOSCORE``, ``LEXEME``, ...) are ignored, also of types that
  the specification does not have. But where such a line has the fields of a turn, its type is
  mistyped: an error, as the turn would be lost in silence. A file whose lines have no known type at
  all is no RTTM.
- ``#`` begins a comment too, as some write it.
- A ``conf`` outside 0 to 1 is some system's score and is left out.

- A speaker called ``<NA>`` is nobody known: :data:`diarist.types.UNKNOWN`.

No field can hold white space, and a terminal that shows the file must not obey it: in names of
recordings and speakers each character of white space and each control character becomes ``_``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from diarist.errors import ParseError
from diarist.formats.common import (
    at_line,
    by_recording,
    confidence_3,
    decimal_seconds,
    exact_sum,
    known_confidence,
    number,
    split_lines,
    turn_at,
    written,
)
from diarist.types import UNKNOWN, Diarization, Turn

NAME = "rttm"
SUFFIXES = (".rttm",)

NOT_APPLICABLE = "<NA>"
COMMENTS = (";;", "#")
MIN_FIELDS, MAX_FIELDS = 8, 10
LAYOUT = "SPEAKER FILE CHANNEL START DURATION <NA> <NA> NAME CONFIDENCE <NA>"
LONGEST_LINE = 160  # characters of a bad line that an error shows
TYPES = frozenset(
    {"SPEAKER", "SPKR-INFO", "SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH"}
    | {"FILLER", "EDIT", "SU", "IP", "CB", "A/P"}
)

_NOT_IN_A_FIELD = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")


def parse(text: str, *, recording_id: str) -> list[Diarization]:
    """One diarization a recording and channel, in the order of their first lines.

    Args:
        text: the file's.
        recording_id: the recording's name where the file has no turn: one in which nobody speaks.

    Raises:
        ParseError: if a line breaks the rules above.
    """
    turns: list[tuple[str, int | None, Turn]] = []
    strange: tuple[int, str, str] | None = None
    known = False
    for line, content in enumerate(split_lines(text), start=1):
        fields = content.split()
        if not fields or fields[0].startswith(COMMENTS):
            continue
        known = known or fields[0] in TYPES
        strange = strange or (line, fields[0], content)
        if fields[0] not in TYPES and _like_a_turn(fields):
            raise _no_type(line, fields[0], content)
        if fields[0] == "SPEAKER":
            turns += _turn(fields, line, content)
    if strange and not known:
        raise _no_type(*strange)
    return by_recording(turns, source=NAME, otherwise=recording_id)


def serialise(diarizations: Sequence[Diarization]) -> str:
    """Ten fields a turn, times with three decimals."""
    return "".join(_line(diarization, turn) for diarization in diarizations for turn in diarization.turns)


def _turn(fields: Sequence[str], line: int, content: str) -> list[tuple[str, int | None, Turn]]:
    """The turn of a line, or none where it has no length; an error shows the whole line."""
    try:
        return _turn_of_fields(fields, line)
    except ParseError as error:
        raise ParseError(
            f"{error.problem} The line is {_shown(content)}.", f"Expected is: {LAYOUT}"
        ) from None


def _like_a_turn(fields: Sequence[str]) -> bool:
    """Whether a line of some type has a turn's number of fields, and its times."""
    if not MIN_FIELDS <= len(fields) <= MAX_FIELDS:
        return False
    try:
        return all(number(field, 0, "time") >= 0 for field in fields[3:5])
    except ParseError:
        return False


def _no_type(line: int, given: str, content: str) -> ParseError:
    problem = f"Line {line}: {given[:40]!r} is no type of RTTM. The line is {_shown(content)}."
    return ParseError(problem, f"Expected is: {LAYOUT}")


def _shown(content: str) -> str:
    """A bad line as an error shows it."""
    return repr(content if len(content) <= LONGEST_LINE else f"{content[:LONGEST_LINE]}...")


def _turn_of_fields(fields: Sequence[str], line: int) -> list[tuple[str, int | None, Turn]]:
    if not MIN_FIELDS <= len(fields) <= MAX_FIELDS:
        raise at_line(line, f"{len(fields)} fields instead of {MAX_FIELDS} (names hold no spaces).")
    recording_id, channel, begin, length, speaker = fields[1], fields[2], fields[3], fields[4], fields[7]
    start, duration = number(begin, line, "start"), number(length, line, "duration")
    if duration == 0:
        return []
    if duration < 0:
        raise at_line(line, f"the duration is {length} s.")
    confidence = fields[8] if len(fields) > MIN_FIELDS else NOT_APPLICABLE
    turn = turn_at(
        line,
        start,
        exact_sum(begin, length),
        UNKNOWN if speaker == NOT_APPLICABLE else speaker,
        None if confidence == NOT_APPLICABLE else known_confidence(number(confidence, line, "confidence")),
    )
    return [(recording_id, parse_channel(channel, line), turn)]


def parse_channel(token: str, line: int) -> int | None:
    """A channel's number as it stands; ``None`` for ``<NA>``.

    Raises:
        ParseError: if it is neither.
    """
    if token == NOT_APPLICABLE:
        return None
    if not re.fullmatch("[0-9]{1,6}", token):
        raise at_line(line, f"the channel {token[:40]!r} is not a number.")
    return int(token)


def _line(diarization: Diarization, turn: Turn) -> str:
    start, end = written(turn)
    confidence = NOT_APPLICABLE if turn.confidence is None else confidence_3(turn.confidence)
    return (
        f"SPEAKER {field(diarization.recording_id)} {diarization.channel or 1} {decimal_seconds(start)} "
        f"{decimal_seconds(end - start)} <NA> <NA> {field(turn.speaker)} {confidence} <NA>\n"
    )


def field(name: str) -> str:
    """``name`` with ``_`` for each character of white space and each control character."""
    return _NOT_IN_A_FIELD.sub("_", name)

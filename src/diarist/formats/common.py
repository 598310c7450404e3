"""What several formats share: lines, times, tiers, and errors that name the line."""

from __future__ import annotations

import decimal
import heapq
import re
from collections.abc import Iterable, Sequence

from diarist.errors import FormatError, InputError, ParseError
from diarist.timebase import round_to_milliseconds
from diarist.types import Diarization, Turn

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_CLOCK = re.compile(r"(?:([0-9]{1,9}):)?([0-5]?[0-9]):([0-5]?[0-9])[.,]([0-9]{1,3})")
_WHITE = re.compile(r"[ \t\r\n\f\v]+")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_EXACT = decimal.Context(prec=60, traps=[])

Written = tuple[int, int, Turn]  # start and end in milliseconds, and the turn they belong to


def split_lines(text: str) -> list[str]:
    """Lines that end in LF, CRLF or CR, and in nothing else that Unicode calls a line's end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def one_line(text: str) -> str:
    """``text`` with every run of white space as one space, and none at its ends."""
    return _WHITE.sub(" ", text).strip(" ")


def at_line(line: int, problem: str) -> ParseError:
    """The error for what is wrong in a line, counted from 1."""
    return ParseError(f"Line {line}: {problem}", "Correct the line, or remove it.")


def number(token: str, line: int, what: str) -> float:
    """A decimal number; ``nan`` and ``inf`` are none.

    Raises:
        ParseError: naming ``line`` and ``what``.
    """
    if not _NUMBER.fullmatch(token):
        raise at_line(line, f"the {what} {token[:40]!r} is not a number.")
    return float(token)


def exact_sum(left: str, right: str) -> float:
    """The sum of two numbers as they are written: 0.1 and 0.2 make 0.3. Both have passed :func:`number`."""
    return float(_EXACT.add(decimal.Decimal(left), decimal.Decimal(right)))


def known_confidence(value: float | None) -> float | None:
    """A confidence, or ``None`` where a system wrote a score that is no probability."""
    return value if value is not None and 0 <= value <= 1 else None


def turn_at(
    line: int,
    start: float,
    end: float,
    speaker: str,
    confidence: float | None = None,
    text: str | None = None,
) -> Turn:
    """A turn; an empty text is none.

    Raises:
        ParseError: naming ``line``, where no turn can be like that.
    """
    try:
        return Turn(start, end, speaker, confidence, text or None)
    except InputError as error:
        raise ParseError(f"Line {line}: {error.problem}", error.remedy) from None


def milliseconds(seconds: float) -> int:
    """Whole milliseconds, halves up."""
    return round(round_to_milliseconds(seconds) * 1000)


def written(turn: Turn) -> tuple[int, int]:
    """Start and end of a turn in the milliseconds that files hold; it never becomes empty."""
    start = milliseconds(turn.start)
    return start, max(milliseconds(turn.end), start + 1)


def decimal_seconds(ms: int) -> str:
    """``12345`` as ``"12.345"``."""
    return f"{ms // 1000}.{ms % 1000:03d}"


def clock_time(ms: int, point: str = ".") -> str:
    """``12345`` as ``"00:00:12.345"``."""
    seconds = ms // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{ms % 1000:03d}"


def parse_clock(token: str) -> float | None:
    """Seconds of ``[h:]mm:ss.mmm``, with a point or a comma; ``None`` where it is no such thing."""
    match = _CLOCK.fullmatch(token)
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return (whole * 1000 + int(fraction.ljust(3, "0"))) / 1000


def confidence_3(confidence: float) -> str:
    """A confidence with three decimals at most: ``"0.93"``."""
    return f"{confidence:.3f}".rstrip("0").rstrip(".")


def only_one(diarizations: Sequence[Diarization], name: str) -> Diarization:
    """The one recording that a format can hold.

    Raises:
        FormatError: if there are none or several.
    """
    if len(diarizations) != 1:
        raise FormatError(
            f"A file of format {name} holds one recording, not {len(diarizations)}.",
            "Write one file a recording, or use rttm, csv or json.",
        )
    return diarizations[0]


def tiers(diarization: Diarization) -> list[tuple[str, int, list[Written]]]:
    """Turns on tiers in which nothing overlaps, not even once times are whole milliseconds.

    Returns:
        Speaker, the tier's number among that speaker's counted from 1, and the turns on it. A
        speaker has a second tier only where two of their own turns overlap.
    """
    found: list[tuple[str, int, list[Written]]] = []
    for speaker, turns in diarization.by_speaker().items():
        own: list[list[Written]] = []
        free: list[tuple[int, int]] = []  # end of each tier's last turn, and its number
        for start, end, turn in sorted(((*written(turn), turn) for turn in turns), key=lambda item: item[:2]):
            if free and free[0][0] <= start:
                _, tier = heapq.heappop(free)
            else:
                tier = len(own)
                own.append([])
            own[tier].append((start, end, turn))
            heapq.heappush(free, (end, tier))
        found += [(speaker, number, items) for number, items in enumerate(own, start=1)]
    return found


def by_recording(
    turns: Iterable[tuple[str, int | None, Turn]], *, source: str, otherwise: str
) -> list[Diarization]:
    """Turns with their recording and channel as one diarization a recording and channel.

    Many writers call the only channel they know 1 or 0. A recording whose turns all lie on one of
    those, or on none, is taken as a whole, without a channel. Where there is a channel 0 among
    others, the file counts from 0.

    Args:
        turns: recording, channel or ``None``, turn; recordings keep the order of their first turn.
        source: the format's name.
        otherwise: the recording's name where there are no turns: one in which nobody speaks.
    """
    groups: dict[str, dict[int | None, list[Turn]]] = {}
    for recording_id, channel, turn in turns:
        groups.setdefault(recording_id, {}).setdefault(channel, []).append(turn)
    for recording_id, channels in groups.items():
        if set(channels) <= {1, None} or set(channels) <= {0, None}:
            groups[recording_id] = {None: [turn for items in channels.values() for turn in items]}
        elif 0 in channels:
            groups[recording_id] = {
                channel if channel is None else channel + 1: items for channel, items in channels.items()
            }
    if not groups:
        return [Diarization(otherwise, source=source)]
    return [
        Diarization(recording_id, tuple(items), channel=channel, source=source)
        for recording_id, channels in groups.items()
        for channel, items in channels.items()
    ]


def xml(text: str) -> str:
    """``text`` as XML content or attribute; what XML 1.0 cannot hold becomes U+FFFD."""
    return "".join(_XML.get(character, character) for character in _NOT_XML.sub("\ufffd", text))

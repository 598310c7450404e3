"""What a container says about its own clock and length, as far as it can be believed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from diarist.audio.opening import Source

MICROSECONDS = 1_000_000
"""Of FFmpeg's container times."""

MAX_LEAD_IN = 60.0
"""Seconds. A file whose clock begins later than this was cut from something longer."""

_MATROSKA = "matroska,webm"
"""Its duration counts from the clock's 0, the others' from the first timestamp."""

_ABSOLUTE_CLOCKS = frozenset({"mov,mp4,m4a,3gp,3g2,mj2", _MATROSKA})
"""Containers whose clock is defined to begin at 0. The others' first timestamp is arbitrary."""

_RAW = frozenset({"aac", "ac3", "amr", "amrnb", "amrwb", "dts", "eac3", "latm", "loas"})
"""Containers without a length; FFmpeg guesses one from the bit rate."""

_ID3_HEADER = 10
_XING_REACH = 256
"""Bytes after the first MPEG frame's start within which the tag that counts frames lies."""

_MAX_CHUNKS = 100
"""Looked at before the sound of a WAV file."""

_OPEN_SIZE = 0x7FFF_0000
"""Bytes. Programs that write to a pipe put a size of about 2 or 4 GiB for one that they do not know."""


def clock_zero(source: Source) -> float | None:
    """The container time, in seconds, that a player shows as 0; ``None`` for the first sound's.

    Sound that starts at 0.5 s in an MP4 or MKV file starts at 0.5 s here. A transport stream's
    clock, or a clock that begins hours in, counts from its first timestamp of any track.
    """
    start = source.container.start_time
    absolute = source.container.format.name in _ABSOLUTE_CLOCKS
    if absolute and 0 <= (start or 0) <= MAX_LEAD_IN * MICROSECONDS:
        return 0.0
    return None if start is None else float(start / MICROSECONDS)


def declared_end(source: Source) -> float | None:
    """Seconds from 0 to the end of the sound as the header says, or ``None`` where it does not."""
    track, name = source.track, source.container.format.name
    if not _declares_length(source):
        return None
    if track.duration is not None and track.time_base is not None:
        start = float((track.start_time or 0) * track.time_base)
        end = start + float(track.duration * track.time_base)
    elif source.container.duration is not None:
        start = 0 if name == _MATROSKA else source.container.start_time or 0
        end = (start + source.container.duration) / MICROSECONDS
    else:
        return None
    return max(0.0, end - (clock_zero(source) or 0.0))


def promised_end(source: Source) -> float | None:
    """Seconds to the end that the sound had when the header was written, or ``None``.

    Unlike :func:`declared_end` it never speaks of a longer picture, and does not shrink when a
    WAV file is cut.
    """
    if source.container.format.name == "wav":
        return _riff_length(source.file)
    is_of_track = source.track.duration is not None or len(source.container.streams) == 1
    return declared_end(source) if is_of_track else None


def _declares_length(source: Source) -> bool:
    name = source.container.format.name
    return name not in _RAW and (name != "mp3" or _has_frame_count(source.file))


def _riff_length(file: io.FileIO) -> float | None:
    """Seconds that the chunks of a WAV file promise; ``None`` where its writer left that open."""
    byte_rate = 0
    with _at(file, 12):  # past "RIFF", a size, "WAVE"
        for _ in range(_MAX_CHUNKS):
            head = file.read(8)
            if len(head) < 8:
                return None
            size = int.from_bytes(head[4:], "little")
            if head[:4] == b"data":
                return size / byte_rate if byte_rate and 0 < size < _OPEN_SIZE else None
            body = file.read(12) if head[:4] == b"fmt " and size >= 12 else b""
            byte_rate = int.from_bytes(body[8:12], "little") or byte_rate
            file.seek(size + size % 2 - len(body), io.SEEK_CUR)
    return None


def _has_frame_count(file: io.FileIO) -> bool:
    """Whether an MP3 file begins with a frame that counts the others (Xing, Info or VBRI tag)."""
    with _at(file, 0):
        head = file.read(_ID3_HEADER)
        skip = 0
        if head[:3] == b"ID3" and len(head) == _ID3_HEADER:  # ID3v2.4, section 3.1: four times seven bits
            sizes = zip(head[6:], (21, 14, 7, 0), strict=True)
            skip = _ID3_HEADER + sum((byte & 0x7F) << shift for byte, shift in sizes)
        file.seek(skip)
        frame = file.read(_XING_REACH)
    return any(tag in frame for tag in (b"Xing", b"Info", b"VBRI"))


@contextmanager
def _at(file: io.FileIO, position: int) -> Iterator[None]:
    """The file at another position, and afterwards again where FFmpeg goes on reading."""
    before = file.tell()
    file.seek(position)
    try:
        yield
    finally:
        file.seek(before)

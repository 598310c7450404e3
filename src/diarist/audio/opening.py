"""The one way in: a regular file, opened here, shown to FFmpeg as bytes.

FFmpeg never sees a path. It reads from a file object, so a name such as ``concat:a|b``,
``http://…`` or ``take%d.png`` is a name like any other; only containers that carry their own
sound are allowed; and no protocol is, so that a playlist or a reference inside a file can open
neither another file nor the network.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diarist.errors import AudioDecodeError, AudioError, AudioNotFoundError, NoAudioTrackError

MAX_CHANNELS = 256
"""More are a damaged header, not a recording."""

MIN_SOURCE_RATE, MAX_SOURCE_RATE = 1_000, 768_000
"""Hz. Outside of it a header is damaged."""

CONTAINERS = (
    "3gp aac ac3 aiff amr amrnb amrwb ape asf au avi caf dsf dts dtshd eac3 flac flv latm loas matroska "
    "mov mp3 mpc mpc8 mpeg mpegts mxf nut ogg rm tak tta voc w64 wav webm wsaud wv xwma"
)
"""FFmpeg's names of the containers that may be opened: none that points to other files."""

KNOWN_SUFFIXES = frozenset({".aac", ".ac3", ".amr", ".flac", ".m4a", ".mp3", ".mp4", ".ogg", ".wav"})
"""File suffixes passed on as a hint for containers that are hard to tell from their bytes."""

REMEDY = "Check that it is complete, and give a WAV, FLAC, MP3, M4A, Ogg, WebM, MP4 or MKV file."

_READ_SIZE = 1 << 16
_HASH_READ_SIZE = 1 << 20


class QuietFile(io.FileIO):
    """A file that never raises while FFmpeg reads it: PyAV prints such errors, or loses them.

    Attributes:
        failure: why reading failed, after which the file seems to end; or ``None``.
    """

    failure: OSError | None = None

    def read(self, size: int | None = -1) -> bytes:
        """As ever, but an error looks like the end."""
        try:
            return super().read(size) or b""
        except OSError as error:
            self.failure = error
            return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """The new position, or a negative number (damaged files ask for places that are not there).

        ``whence`` may hold FFmpeg's own flags above the usual two bits.
        """
        try:
            return super().seek(offset, whence & 3)
        except (OSError, ValueError, OverflowError):
            return -errno.EINVAL

    def check(self, path: str | os.PathLike[str]) -> None:
        """Raises ``AudioError`` if reading has failed."""
        if self.failure is not None:
            problem = f"{quoted(path)} cannot be read: {self.failure.strerror}."
            raise AudioError(problem, "Check the disk.") from self.failure


@dataclass(frozen=True, slots=True)
class Source:
    """An open file and the audio track chosen in it.

    Attributes:
        path: where the file lies.
        file: the file, read by ``container``.
        container: an ``av.container.InputContainer``.
        track: an ``av.audio.stream.AudioStream``: the best of the container by FFmpeg's measure
            (marked as default, then channels, then bit rate), the first among equals.
        num_channels: at the start of the track.
        sample_rate: at the start of the track, in Hz.
    """

    path: str
    file: QuietFile
    container: Any
    track: Any
    num_channels: int
    sample_rate: int


def quoted(path: str | os.PathLike[str]) -> str:
    """The file as messages name it."""
    return f'The file "{os.fspath(path)}"'


def open_regular(path: str | os.PathLike[str]) -> QuietFile:
    """Opens a regular file for reading; a pipe, device, folder or socket is never opened.

    Raises:
        AudioNotFoundError: if there is none, or it is something else.
        AudioError: if it may not be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        _check_regular(path, Path(path).stat())
        descriptor = os.open(path, flags)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise AudioNotFoundError(f"{quoted(path)} does not exist.", "Check the path.") from error
    except OSError as error:
        problem = f"{quoted(path)} cannot be opened: {error.strerror}."
        raise AudioError(problem, "Check that it may be read.") from error
    file = QuietFile(descriptor, "rb")
    try:
        _check_regular(path, os.fstat(descriptor))  # nobody put something else there in between
    except AudioNotFoundError:
        file.close()
        raise
    return file


def _check_regular(path: str | os.PathLike[str], status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise AudioNotFoundError(f"{quoted(path)} is a folder.", "Give the path of an audio file.")
    if not stat.S_ISREG(status.st_mode):
        raise AudioNotFoundError(
            f"{quoted(path)} is a pipe or device, not a regular file.", "Save the sound to a file first."
        )


@contextmanager
def open_source(path: str | os.PathLike[str]) -> Iterator[Source]:
    """Opens a file, finds its audio track, and checks what its header claims.

    Raises:
        AudioNotFoundError, AudioError: as :func:`open_regular`.
        NoAudioTrackError: if the container holds no sound.
        AudioDecodeError: if it is empty, no container that is known, or its header is impossible.
    """
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size == 0:
            raise AudioDecodeError(f"{quoted(path)} is empty.", "Check how it was made.")
        with closing(_open_container(path, file)) as container:
            track = container.streams.best("audio") or next(iter(container.streams.audio), None)
            if track is None:
                raise NoAudioTrackError(f"{quoted(path)} holds no audio track.", "Give a file with sound.")
            num_channels, sample_rate = _parameters(path, track)
            yield Source(os.fspath(path), file, container, track, num_channels, sample_rate)


def _open_container(path: str | os.PathLike[str], file: QuietFile) -> Any:
    """An ``av.container.InputContainer`` over the bytes of ``file``."""
    import av

    suffix = Path(path).suffix.lower()
    file.name = "audio" + (suffix if suffix in KNOWN_SUFFIXES else "")  # all that FFmpeg sees of the path
    allowed = {"format_whitelist": CONTAINERS.replace(" ", ","), "protocol_whitelist": "none"}
    try:
        return av.open(
            file, "r", container_options=allowed, buffer_size=_READ_SIZE, metadata_errors="replace"
        )
    except (av.error.FFmpegError, MemoryError, ValueError) as error:
        file.check(path)
        raise AudioDecodeError(f"{quoted(path)} cannot be read as audio.", REMEDY) from error


def _parameters(path: str | os.PathLike[str], track: Any) -> tuple[int, int]:
    """Channels and sample rate, if they are possible."""
    if track.codec_context is None:
        raise AudioDecodeError(f"{quoted(path)} is coded in a way that no decoder here knows.", REMEDY)
    num_channels, sample_rate = int(track.codec_context.channels), int(track.codec_context.sample_rate)
    if not 1 <= num_channels <= MAX_CHANNELS:
        raise AudioDecodeError(f"{quoted(path)} claims to have {num_channels} channels.", REMEDY)
    if not MIN_SOURCE_RATE <= sample_rate <= MAX_SOURCE_RATE:
        raise AudioDecodeError(f"{quoted(path)} claims a sample rate of {sample_rate} Hz.", REMEDY)
    return num_channels, sample_rate


def content_hash(path: str | os.PathLike[str]) -> str:
    """SHA-256 of the file's bytes, in hexadecimal; the file is read piece by piece.

    Raises:
        AudioNotFoundError, AudioError: as :func:`open_regular`.
    """
    with open_regular(path) as file:
        digest = hashlib.sha256()
        while piece := file.read(_HASH_READ_SIZE):
            digest.update(piece)
        file.check(path)
        return digest.hexdigest()

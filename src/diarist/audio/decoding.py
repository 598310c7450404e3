"""Packets to frames, going on after damage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diarist.audio.opening import MAX_CHANNELS, MAX_SOURCE_RATE, MIN_SOURCE_RATE, REMEDY, Source, quoted
from diarist.audio.timeline import Timeline
from diarist.errors import AudioDecodeError

MAX_READ_ERRORS = 3
"""Errors of the container in a row, with no packet between them, after which it is at its end."""

STRICTNESS = {"flac": {"err_detect": "crccheck+explode"}}
"""Decoder options by codec. A FLAC frame whose checksum fails is noise at full scale: it is left
out, and the gap filled. Other codings have no checksum, or conceal damage well by themselves."""


class Decoder:
    """The frames of a source's audio track, in file order.

    Attributes:
        num_failed: packets that could not be read or decoded.
        failed_at: seconds into the sound at which the first of them was met, or ``None``.
    """

    def __init__(self, source: Source, timeline: Timeline) -> None:
        self._source = source
        self._timeline = timeline
        context = source.track.codec_context
        context.options = STRICTNESS.get(context.name, {})
        self.num_failed = 0
        self.failed_at: float | None = None

    def frames(self) -> Iterator[Any]:
        """``av.AudioFrame`` s with at least one sample.

        Raises:
            AudioDecodeError: if packets were there and none could be decoded.
            AudioError: if the file cannot be read any more.
        """
        num_frames = 0
        for packet in self._packets():
            for frame in self._decode(packet):
                num_frames += 1
                yield frame
        self._source.file.check(self._source.path)
        if self.num_failed and not num_frames:
            raise AudioDecodeError(f"{quoted(self._source.path)} cannot be decoded.", REMEDY)

    def _packets(self) -> Iterator[Any]:
        """The track's packets, then ``None`` or an empty one, upon which the decoder gives its rest."""
        import av

        errors = 0
        while errors < MAX_READ_ERRORS:
            try:
                for packet in self._source.container.demux(self._source.track):
                    errors = 0
                    yield packet
                return
            except av.error.FFmpegError:
                self._fail()
                errors += 1
            except IndexError:  # PyAV at the end of a file in which more tracks appeared on the way
                break
        yield None

    def _decode(self, packet: Any) -> list[Any]:
        import av

        try:
            frames = self._source.track.codec_context.decode(packet)
        except av.error.EOFError:  # it has given its rest already
            return []
        except (av.error.FFmpegError, MemoryError):
            self._fail()
            return []
        return [frame for frame in frames if frame.samples and self._possible(frame)]

    def _possible(self, frame: Any) -> bool:
        """Whether a frame is sound that a recording can hold; damage can make it claim anything."""
        sane: bool = (
            MIN_SOURCE_RATE <= frame.sample_rate <= MAX_SOURCE_RATE
            and 1 <= frame.layout.nb_channels <= MAX_CHANNELS
        )
        if not sane:
            self._fail()
        return sane

    def _fail(self) -> None:
        self.num_failed += 1
        if self.failed_at is None:
            self.failed_at = self._timeline.position

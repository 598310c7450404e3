"""What a file holds, from its header alone."""

from __future__ import annotations

import os
from pathlib import Path

from diarist.audio.declared import declared_end
from diarist.audio.opening import Source, open_source, quoted
from diarist.errors import NoAudioTrackError, OptionError
from diarist.types import Recording

MIX = "mix"
ALL = "all"


def probe(path: str | os.PathLike[str], *, channel: str | int = MIX) -> Recording:
    """The recording that a file is: its mix, or one channel of it. Nothing but the header is decoded.

    Args:
        path: a regular file. Its stem becomes the ``recording_id``.
        channel: ``"mix"``, or a channel counted from 1 (a string of digits will do).

    Returns:
        A recording whose ``audio_length`` is what the header says (``None`` where it does not).

    Raises:
        AudioNotFoundError, AudioError, AudioDecodeError: if the file cannot be read.
        NoAudioTrackError: if it has no sound, or not that channel.
        OptionError: if ``channel`` is something else.
    """
    chosen = _channel(channel)
    if chosen == ALL:
        raise OptionError('The channel "all" names several recordings.', "Use open_recordings.")
    return open_recordings(path, channel=channel)[0]


def open_recordings(path: str | os.PathLike[str], *, channel: str | int = MIX) -> list[Recording]:
    """The recordings in a file: the mix, one channel, or (``"all"``) each channel by itself.

    With ``"all"`` the ids are ``<stem>.ch1``, ``<stem>.ch2``, …; otherwise the stem. Arguments
    and errors are those of :func:`probe`.
    """
    chosen = _channel(channel)
    with open_source(path) as source:
        if chosen == ALL:
            return [_recording(source, k, f".ch{k}") for k in range(1, source.num_channels + 1)]
        number = None if chosen == MIX else int(chosen)
        check_channel(source, number)
        return [_recording(source, number)]


def check_channel(source: Source, channel: int | None) -> None:
    """Raises ``NoAudioTrackError`` where the file has no such channel."""
    if channel is not None and channel > source.num_channels:
        raise NoAudioTrackError(
            f"{quoted(source.path)} has no channel {channel}.",
            f"It has {source.num_channels} channel{'s' * (source.num_channels > 1)}, counted from 1.",
        )


def _channel(channel: str | int) -> str | int:
    """``"mix"``, ``"all"`` or a number from 1."""
    if channel in (MIX, ALL):
        return channel
    if isinstance(channel, str) and channel.isascii() and channel.isdigit() and len(channel) < 10:
        channel = int(channel)
    if isinstance(channel, bool) or not isinstance(channel, int) or channel < 1:
        raise OptionError(f"There is no channel {channel!r}.", 'Give "mix", "all", or a number from 1.')
    return channel


def _recording(source: Source, channel: int | None, suffix: str = "") -> Recording:
    return Recording(
        recording_id=_stem(source.path) + suffix,
        path=source.path,
        channel=channel,
        num_channels=source.num_channels,
        sample_rate=source.sample_rate,
        audio_length=declared_end(source),
        codec=source.track.codec_context.name,
    )


def _stem(path: str) -> str:
    """The file's stem; bytes in its name that are no UTF-8 are replaced, so that it can be written."""
    return os.fsencode(Path(path).stem).decode("utf-8", "replace")

"""Sound files of every kind, good and bad, made on the spot: nothing here is downloaded."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from diarist.errors import AudioDecodeError, AudioNotFoundError, NoAudioTrackError

Sound = NDArray[np.float32]

CODINGS: dict[str, tuple[str, int]] = {
    ".wav": ("pcm_s16le", 16000),
    ".flac": ("flac", 44100),
    ".mp3": ("libmp3lame", 44100),
    ".m4a": ("aac", 44100),
    ".opus": ("libopus", 48000),
    ".ogg": ("vorbis", 44100),
    ".webm": ("libopus", 48000),
    ".mkv": ("aac", 48000),
    ".mp4": ("aac", 48000),
}
"""File suffix to encoder and a usual sample rate."""

LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


def tone(seconds: float, rate: int, frequency: float = 440.0, level: float = 0.5) -> Sound:
    """A sine, shape ``(samples,)``."""
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def burst(seconds: float, rate: int, start: float, end: float, frequency: float = 1000.0) -> Sound:
    """Silence with a sine in ``[start, end)`` seconds: what is asked about times is asked of this."""
    sound = tone(seconds, rate, frequency)
    sound[: round(start * rate)] = 0
    sound[round(end * rate) :] = 0
    return sound


def extent(sound: Sound, rate: int = 16000, threshold: float = 0.1) -> tuple[float, float]:
    """Seconds at which sound above the threshold first begins and at last ends."""
    loud = np.flatnonzero(np.abs(sound) > threshold)
    return float(loud[0] / rate), float((loud[-1] + 1) / rate)


def level(sound: Sound) -> float:
    """Amplitude of the sine whose power the sound has."""
    return float(np.sqrt(2 * np.mean(np.square(sound, dtype=np.float64))))


def frequency(sound: Sound, rate: int = 16000) -> float:
    """Hz of the strongest component, to about 1 / length."""
    return float(np.argmax(np.abs(np.fft.rfft(sound))) * rate / len(sound))


def write_sound(
    path: Path,
    sound: Sound,
    rate: int,
    codec: str = "",
    *,
    shift: float = 0.0,
    container: str | None = None,
    keep: Callable[[int], bool] = lambda _: True,
    move: Callable[[int], float] = lambda _: 0.0,
    video: bool = False,
    muxer: dict[str, str] | None = None,
) -> Path:
    """Encodes ``(samples,)`` or ``(channels, samples)`` into a container.

    Args:
        codec: FFmpeg's encoder; by the suffix where empty.
        shift: seconds by which all timestamps are moved.
        container: FFmpeg's muxer; by the suffix where ``None``.
        keep: by its number, whether a packet is written.
        move: by its number, seconds by which a packet's timestamp is moved (at most ``shift`` back).
        video: whether a second of black picture goes along, from time 0.
        muxer: options of the muxer.
    """
    sound = np.atleast_2d(sound)
    codec = codec or CODINGS[path.suffix][0]
    with av.open(str(path), "w", format=container, container_options=muxer or {}) as out:
        layout = LAYOUTS[len(sound)]
        track = out.add_stream(codec, rate=rate, layout=layout, options={"strict": "experimental"})
        picture = out.add_stream("mpeg4", rate=10, width=16, height=16, pix_fmt="yuv420p") if video else None
        resampler = av.AudioResampler(track.codec_context.codec.audio_formats[0].name, layout, rate)
        packed = np.ascontiguousarray(sound.T.reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, round(shift * rate), Fraction(1, rate)
        packets = [
            packet
            for ready in [*resampler.resample(frame), *resampler.resample(None), None]
            for packet in track.encode(ready)
        ]
        if picture is not None:
            black = av.VideoFrame(16, 16, "yuv420p")
            for plane in black.planes:
                plane.update(bytes(plane.buffer_size))
            for i in range(10):
                black.pts, black.time_base = i, Fraction(1, 10)
                out.mux(picture.encode(black))
            out.mux(picture.encode(None))
        earliest = min(map(move, range(len(packets))), default=0.0)  # muxers want decoding times to grow
        for number, packet in enumerate(packets):
            packet.pts += round(move(number) / packet.time_base)
            packet.dts += round(earliest / packet.time_base)
            if keep(number):
                out.mux(packet)
    return path


def write_tone(
    path: Path,
    seconds: float = 3.0,
    rate: int = 0,
    channels: int = 1,
    codec: str = "",
    frequency: float = 440.0,
    level: float = 0.5,
) -> Path:
    """A sine on every channel; codec and rate by the suffix unless given."""
    rate = rate or CODINGS[path.suffix][1]
    return write_sound(path, np.repeat(tone(seconds, rate, frequency, level)[None], channels, 0), rate, codec)


def riff(
    data: bytes,
    *,
    tag: int = 1,
    channels: int = 1,
    rate: int = 16000,
    bits: int = 16,
    mask: int | None = None,
    claimed: int | None = None,
) -> bytes:
    """A WAV file byte by byte.

    Args:
        tag: 1 for integers, 3 for floating point.
        mask: the speaker mask of WAVE_FORMAT_EXTENSIBLE, or ``None`` for the plain header.
        claimed: the data size in the header, where it is to lie.
    """
    align = channels * bits // 8
    size = len(data) if claimed is None else claimed
    byte_rate = rate * align & 0xFFFFFFFF
    tail = struct.pack("<HIIHH", channels, rate, byte_rate, align & 0xFFFF, bits)
    if mask is None:
        header = struct.pack("<H", tag) + tail
    else:
        guid = struct.pack("<H", tag) + bytes.fromhex("000000001000800000aa00389b71")
        header = struct.pack("<H", 0xFFFE) + tail + struct.pack("<HHI", 22, bits, mask) + guid
    chunk = b"fmt " + struct.pack("<I", len(header)) + header
    body = b"WAVE" + chunk + b"data" + struct.pack("<I", size) + data
    return b"RIFF" + struct.pack("<I", min(0xFFFFFFFF, size + 36)) + body


def write_bytes(path: Path, data: bytes) -> Path:
    """The path, for chaining."""
    path.write_bytes(data)
    return path


def _pcm(seconds: float = 0.1) -> bytes:
    return (tone(seconds, 16000) * 32767).astype("<i2").tobytes()


def _sun(channels: int, rate: int) -> bytes:
    """An .au file, whose header has 32 bits for channels and rate."""
    return b".snd" + struct.pack(">5I", 24, 0xFFFFFFFF, 3, rate, channels) + _pcm()


def _without_index(path: Path) -> None:
    data = write_tone(path.with_suffix(".m4a"), 1.0).read_bytes()
    path.write_bytes(data[: data.rindex(b"moov")])


def _picture_only(path: Path) -> None:
    with av.open(str(path), "w", format="mp4") as out:
        track = out.add_stream("mpeg4", rate=10, width=16, height=16, pix_fmt="yuv420p")
        frame = av.VideoFrame(16, 16, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        out.mux(track.encode(frame))
        out.mux(track.encode(None))


def _playlist(text: str) -> Callable[[Path], None]:
    """A playlist that names ``secret.wav``, which lies beside it and is good sound."""

    def write(path: Path) -> None:
        secret = write_tone(path.parent / "secret.wav", 0.2)
        path.write_text(text.format(name=secret.name, path=secret), encoding="utf-8")

    return write


HLS = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.2,\n{}\n#EXT-X-ENDLIST\n"
SDP = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"
MPD = (
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" profiles='
    '"urn:mpeg:dash:profile:isoff-main:2011" mediaPresentationDuration="PT1S"><Period><AdaptationSet '
    'contentType="audio"><Representation id="1" bandwidth="1" mimeType="audio/wav"><BaseURL>{path}</BaseURL>'
    "</Representation></AdaptationSet></Period></MPD>"
)

BAD_FILES: dict[str, tuple[Callable[[Path], object], type[Exception]]] = {
    "missing": (lambda _: None, AudioNotFoundError),
    "folder": (lambda path: path.mkdir(), AudioNotFoundError),
    "fifo": (os.mkfifo, AudioNotFoundError),
    "device": (lambda path: path.symlink_to("/dev/zero"), AudioNotFoundError),
    "empty": (lambda path: path.touch(), AudioDecodeError),
    "text": (lambda path: path.write_text("Good evening. " * 500), AudioDecodeError),
    "noise": (lambda path: path.write_bytes(np.random.default_rng(1).bytes(50_000)), AudioDecodeError),
    "zeros": (lambda path: path.write_bytes(bytes(50_000)), AudioDecodeError),
    "header only": (lambda path: path.write_bytes(riff(b"")[:20]), AudioDecodeError),
    "too many channels": (lambda path: path.write_bytes(riff(_pcm(), channels=65535)), AudioDecodeError),
    "2^31 channels": (lambda path: path.write_bytes(_sun(2**31, 16000)), AudioDecodeError),
    "no channels": (lambda path: path.write_bytes(riff(_pcm(), channels=0)), AudioDecodeError),
    "rate 0": (lambda path: path.write_bytes(riff(_pcm(), rate=0)), AudioDecodeError),
    "rate 4 GHz": (lambda path: path.write_bytes(riff(_pcm(), rate=4_000_000_000)), AudioDecodeError),
    "rate 2 GHz": (lambda path: path.write_bytes(_sun(1, 2_000_000_000)), AudioDecodeError),
    "mp4 without index": (_without_index, AudioDecodeError),
    "no sound": (_picture_only, NoAudioTrackError),
    "m3u8": (_playlist(HLS.format("{path}")), AudioDecodeError),
    "m3u8 beside": (_playlist(HLS.format("{name}")), AudioDecodeError),
    "m3u8 file:": (_playlist(HLS.format("file:{path}")), AudioDecodeError),
    "m3u8 http": (_playlist(HLS.format("http://127.0.0.1:9/a.ts")), AudioDecodeError),
    "ffconcat": (_playlist("ffconcat version 1.0\nfile {name}\n"), AudioDecodeError),
    "ffconcat path": (_playlist("ffconcat version 1.0\nfile '{path}'\n"), AudioDecodeError),
    "sdp": (_playlist(SDP), AudioDecodeError),
    "mpd": (_playlist(MPD), AudioDecodeError),
}
"""What each one is: how to make it at a path, and the error that reading it must raise."""

"""Every kind of file gives back the sound that went in, at its time and level."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio_files import (
    CODINGS,
    burst,
    extent,
    frequency,
    level,
    riff,
    tone,
    write_bytes,
    write_sound,
    write_tone,
)
from diarist.audio import load, open_recordings, probe, stream_blocks
from diarist.errors import NoAudioTrackError, OptionError

FRAME_SECONDS = 1152 / 44100
"""The longest frame of the lossy codings here: what an encoder may add at the end."""


@pytest.mark.parametrize(
    ("suffix", "channels"),
    [(suffix, channels) for suffix in CODINGS for channels in (1, 2) if (suffix, channels) != (".ogg", 1)],
)  # FFmpeg's own Vorbis encoder writes stereo alone
def test_a_tone_comes_back(tmp_path: Path, suffix: str, channels: int) -> None:
    path = write_tone(tmp_path / f"tone{suffix}", 3.0, channels=channels)
    recording = probe(path)
    assert recording.num_channels == channels
    assert recording.sample_rate == CODINGS[suffix][1]
    assert recording.audio_length == pytest.approx(3.0, abs=FRAME_SECONDS)
    sound = load(recording)
    assert sound.dtype == np.float32
    assert 48000 <= len(sound) <= 48000 + FRAME_SECONDS * 16000
    middle = sound[8000:40000]
    assert frequency(middle) == pytest.approx(440, abs=0.5)
    encoded = 0.95 * 0.5 if suffix == ".mp3" else 0.5  # LAME turns everything down by 5 %
    assert level(middle) == pytest.approx(encoded, rel=0.02)


@pytest.mark.parametrize("suffix", CODINGS)
def test_a_burst_keeps_its_time(tmp_path: Path, suffix: str) -> None:
    rate = CODINGS[suffix][1]
    sound = burst(2.0, rate, 0.7, 1.3)
    path = write_sound(tmp_path / f"burst{suffix}", np.stack([sound, sound]), rate)
    start, end = extent(load(path))
    assert start == pytest.approx(0.7, abs=0.003)
    assert end == pytest.approx(1.3, abs=0.003)


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 32000, 44100, 48000, 96000, 192000])
def test_a_sample_rate_changes_neither_length_nor_level_nor_time(tmp_path: Path, rate: int) -> None:
    path = write_sound(tmp_path / "a.wav", burst(1.0, rate, 0.25, 0.75), rate)
    sound = load(path)
    assert len(sound) == 16000
    assert extent(sound) == pytest.approx((0.25, 0.75), abs=0.001)
    assert level(sound[5000:11000]) == pytest.approx(0.5, rel=0.001)


@pytest.mark.parametrize("rate", [44100, 48000, 96000, 192000])
def test_what_lies_above_the_new_band_does_not_fold_back(tmp_path: Path, rate: int) -> None:
    path = write_sound(tmp_path / "a.wav", tone(1.0, rate, 9000.0, 0.9), rate, "pcm_f32le")
    assert level(load(path)[800:-800]) < 0.9 * 10 ** (-80 / 20)


@pytest.mark.parametrize("rate", [8000, 11025])
def test_no_image_appears_above_the_old_band(tmp_path: Path, rate: int) -> None:
    path = write_sound(tmp_path / "a.wav", tone(1.0, rate, 2000.0), rate, "pcm_f32le")
    sound = load(path)[800:-800]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    images = spectrum[np.fft.rfftfreq(len(sound), 1 / 16000) > rate / 2 * 1.05]
    assert images.max() < spectrum.max() * 10 ** (-80 / 20)


RAMP = np.linspace(-1, 1, 1601)[:-1]
WAV_KINDS = {
    "8 bits": (1, 8, (RAMP * 128 + 128).astype("u1").tobytes(), 1 / 128),
    "16 bits": (1, 16, (RAMP * 2**15).astype("<i2").tobytes(), 2**-15),
    "24 bits": (1, 24, (RAMP * 2**23).astype("<i4").view("u1").reshape(-1, 4)[:, :3].tobytes(), 2**-23),
    "32 bits": (1, 32, (RAMP * 2**31).astype("<i4").tobytes(), 2**-23),
    "float": (3, 32, RAMP.astype("<f4").tobytes(), 2**-23),
    "double": (3, 64, RAMP.astype("<f8").tobytes(), 2**-23),
}


@pytest.mark.parametrize("mask", [None, 0, 4], ids=["plain", "extensible, no speaker", "extensible"])
@pytest.mark.parametrize("kind", WAV_KINDS)
def test_every_kind_of_wav_sample_is_scaled_to_full_scale(
    tmp_path: Path, kind: str, mask: int | None
) -> None:
    tag, bits, data, step = WAV_KINDS[kind]
    path = write_bytes(tmp_path / "a.wav", riff(data, tag=tag, bits=bits, mask=mask))
    np.testing.assert_allclose(load(path), RAMP, atol=1.01 * step)


@pytest.mark.parametrize(
    ("channels", "mask"), [(2, None), (6, 0x3F), (8, 0x63F), (8, 0), (13, 0), (13, None)]
)
def test_the_mix_is_the_mean_and_each_channel_its_own(
    tmp_path: Path, channels: int, mask: int | None
) -> None:
    """The low-frequency channel counts like any other, with or without a known layout."""
    values = (np.arange(1, channels + 1) * 1000).astype("<i2")
    path = write_bytes(tmp_path / "a.wav", riff(np.tile(values, 800).tobytes(), channels=channels, mask=mask))
    np.testing.assert_allclose(load(path), values.mean() / 2**15, rtol=1e-6)
    for recording in open_recordings(path, channel="all"):
        assert recording.channel is not None
        np.testing.assert_array_equal(load(recording), np.float32(recording.channel * 1000 / 2**15))


@pytest.mark.parametrize(("suffix", "codec"), [(".m4a", "aac"), (".opus", "libopus"), (".flac", "flac")])
@pytest.mark.parametrize("channels", [6, 8])
def test_surround_sound_of_every_coding_is_read(
    tmp_path: Path, suffix: str, codec: str, channels: int
) -> None:
    """Eight planes are one more than PyAV's own conversion survives."""
    sound = np.stack([tone(1.0, 48000, 60.0 + 10 * k, 0.1) for k in range(channels)])  # low: an LFE keeps it
    path = write_sound(tmp_path / f"a{suffix}", sound, 48000, codec)
    heard = [load(recording)[4000:12000] for recording in open_recordings(path, channel="all")]
    assert sorted(round(frequency(one)) for one in heard) == [60 + 10 * k for k in range(channels)]
    np.testing.assert_allclose(load(path)[4000:12000], np.mean(heard, axis=0), atol=1e-6)


def test_floating_point_beyond_full_scale_is_not_clipped(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", tone(0.5, 16000, 440, 3.0), 16000, "pcm_f32le")
    assert np.abs(load(path)).max() == pytest.approx(3.0, rel=1e-3)


def test_recordings_of_a_file(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "trñ00.wav", 1.0, channels=2)
    mix = probe(path)
    assert (mix.recording_id, mix.path, mix.channel) == ("trñ00", str(path), None)
    assert (mix.num_channels, mix.sample_rate, mix.audio_length, mix.codec) == (2, 16000, 1.0, "pcm_s16le")
    assert [open_recordings(path), open_recordings(path, channel="mix")] == [[mix], [mix]]
    second = probe(path, channel=2)
    assert (second.recording_id, second.channel) == ("trñ00", 2)
    assert open_recordings(path, channel="2") == [second]
    every = open_recordings(path, channel="all")
    assert [(r.recording_id, r.channel) for r in every] == [("trñ00.ch1", 1), ("trñ00.ch2", 2)]


@pytest.mark.parametrize("channel", [0, -1, "left", "", "0", "²", True, 1.5, None])
def test_a_channel_that_is_none_is_refused(tmp_path: Path, channel: object) -> None:
    path = write_tone(tmp_path / "a.wav", 0.1)
    with pytest.raises(OptionError, match='Give "mix", "all", or a number from 1'):
        open_recordings(path, channel=channel)  # type: ignore[arg-type]


def test_a_channel_that_the_file_lacks_is_refused_with_their_number(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "a.wav", 0.1, channels=2)
    with pytest.raises(NoAudioTrackError, match=r"has no channel 3\. It has 2 channels"):
        probe(path, channel=3)
    with pytest.raises(OptionError, match="open_recordings"):
        probe(path, channel="all")


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_no_samples_at_all_is_no_error(tmp_path: Path, suffix: str) -> None:
    path = write_sound(tmp_path / f"a{suffix}", np.zeros((1, 16000), np.float32), 16000)
    if suffix == ".wav":
        write_bytes(path, riff(b""))
    else:
        data = path.read_bytes()
        write_bytes(path, data[: data.index(b"\xff\xf8")])
    stream = stream_blocks(probe(path))
    assert list(stream) == []
    assert stream.num_samples == 0
    assert load(path).shape == (0,)


def test_a_tenth_of_a_second_is_enough(tmp_path: Path) -> None:
    for suffix in CODINGS:
        sound = np.stack([tone(0.1, CODINGS[suffix][1])] * 2)
        path = write_sound(tmp_path / f"a{suffix}", sound, CODINGS[suffix][1])
        assert 1600 <= len(load(path)) <= 1600 + 2 * FRAME_SECONDS * 16000

"""What is written comes back, or nothing is written at all."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest

from audio_files import burst, extent, frequency, level, tone
from diarist.audio import load, open_recordings, probe, write_audio, write_wav, writing
from diarist.audio.writing import CODINGS
from diarist.errors import OptionError, OutputError


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.FLAC"])
def test_lossless_files_come_back_to_the_bit(tmp_path: Path, name: str) -> None:
    sound = (np.random.default_rng(0).integers(-32768, 32768, 20_001) / 32768).astype(np.float32)
    write_audio(tmp_path / name, sound, 16000)
    np.testing.assert_array_equal(load(tmp_path / name), sound)


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000, 96000])
@pytest.mark.parametrize("suffix", [".wav", *CODINGS])
def test_any_rate_can_be_written_as_any_kind(tmp_path: Path, suffix: str, rate: int) -> None:
    path = tmp_path / f"a{suffix}"
    write_audio(path, burst(2.0, rate, 0.5, 1.5), rate)
    sound = load(path)
    assert len(sound) == pytest.approx(32000, abs=16)
    assert extent(sound) == pytest.approx((0.5, 1.5), abs=0.004)
    assert frequency(sound[10000:22000]) == pytest.approx(1000, abs=2)
    assert level(sound[10000:22000]) == pytest.approx(0.475 if suffix == ".mp3" else 0.5, rel=0.03)


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
@pytest.mark.parametrize("channels", [2, 6, 8])
def test_channels_keep_their_order(tmp_path: Path, suffix: str, channels: int) -> None:
    sound = np.repeat(np.arange(1, channels + 1)[:, None] / 16, 1600, axis=1)
    write_audio(tmp_path / f"a{suffix}", sound, 16000)
    for recording in open_recordings(tmp_path / f"a{suffix}", channel="all"):
        assert recording.channel is not None
        np.testing.assert_array_equal(load(recording), np.float32(recording.channel / 16))


def test_a_wav_is_what_the_standard_library_reads(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", [0.0, 0.5, -1.0, 1.0, 7.0, -7.0], 8000)
    with wave.open(str(tmp_path / "a.wav")) as reader:
        assert reader.getparams()[:4] == (1, 2, 8000, 6)
        samples = np.frombuffer(reader.readframes(6), "<i2")
    assert samples.tolist() == [0, 16384, -32768, 32767, 32767, -32768]


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_no_samples_can_be_written_and_read(tmp_path: Path, suffix: str) -> None:
    write_audio(tmp_path / f"a{suffix}", np.zeros(0), 16000)
    assert load(tmp_path / f"a{suffix}").shape == (0,)


@pytest.mark.parametrize(
    ("samples", "rate", "name"),
    [
        ([0.0, np.nan], 16000, "a.wav"),
        ([np.inf], 16000, "a.flac"),
        (np.zeros((2, 3, 4)), 16000, "a.wav"),
        (np.zeros((0, 4)), 16000, "a.wav"),
        ([0.0], 0, "a.wav"),
        ([0.0], -1, "a.mp3"),
        ([], 16000, "a.mp3"),
        ([], 16000, "a.opus"),
        ([0.0], 16000, "a.xyz"),
        ([0.0], 16000, "wav"),
        (np.zeros((3, 4)), 16000, "a.mp3"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path: Path, samples: object, rate: int, name: str) -> None:
    with pytest.raises(OptionError):
        write_audio(tmp_path / name, samples, rate)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"):
        write_wav(tmp_path / "nowhere" / "a.wav", [0.0])
    (tmp_path / "b.flac").mkdir()
    with pytest.raises(OutputError, match=r"b\.flac"):
        write_audio(tmp_path / "b.flac", [0.0], 16000)
    assert [path.name for path in tmp_path.iterdir()] == ["b.flac"]


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    write_wav(path, tone(0.1, 16000))
    before = path.read_bytes()

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OutputError, match="No space left"):
        write_wav(path, tone(0.2, 16000))
    assert path.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["a.wav"]


def test_what_ffmpeg_refuses_is_an_error_that_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise av.error.InvalidDataError(1094995529, "Invalid data found")

    monkeypatch.setattr(writing, "_encode", fail)
    with pytest.raises(OutputError, match=r"a\.flac"):
        write_audio(tmp_path / "a.flac", [0.0], 16000)
    assert not list(tmp_path.iterdir())


def test_a_new_file_may_be_read_by_whom_the_umask_lets(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_wav(tmp_path / "a.wav", [0.0])
    assert (tmp_path / "a.wav").stat().st_mode == (tmp_path / "plain").stat().st_mode
    assert probe(tmp_path / "a.wav").audio_length == 1 / 16000

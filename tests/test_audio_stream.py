"""Blocks, repairs, memory, repetition."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from audio_files import riff, tone, write_bytes, write_sound, write_tone
from diarist.audio import load, probe, stream_blocks, write_wav
from diarist.audio.resampling import resampled
from diarist.audio.stream import clock_time
from diarist.errors import NoAudioTrackError, OptionError
from diarist.types import Recording


def test_every_block_is_full_but_the_last(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "a.wav", 2.3, rate=44100)
    stream = stream_blocks(probe(path), block_seconds=0.5)
    blocks = list(stream)
    assert [len(block) for block in blocks] == [8000] * 4 + [4800]
    assert all(block.dtype == np.float32 and block.flags.c_contiguous for block in blocks)
    assert stream.num_samples == 36800
    assert stream.num_repaired == 0
    assert stream.notes == ()
    np.testing.assert_array_equal(np.concatenate(blocks), load(path))


def test_blocks_that_end_with_the_sound_leave_no_empty_one(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "a.wav", 1.0)
    assert [len(block) for block in stream_blocks(probe(path), block_seconds=0.5)] == [8000, 8000]


def test_blocks_are_not_overwritten_by_later_ones(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "a.wav", 1.0)
    first, second = stream_blocks(probe(path), block_seconds=0.5)
    assert not np.shares_memory(first, second)


@pytest.mark.parametrize("suffix", [".mp3", ".opus", ".flac"])
def test_the_same_file_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    path = write_tone(tmp_path / f"a{suffix}", 2.0)
    stream = stream_blocks(probe(path), block_seconds=0.7)
    first, second = (b"".join(block.tobytes() for block in stream) for _ in range(2))
    assert first == second
    assert first == load(path).tobytes()


@pytest.mark.parametrize("rate", [8000, 22050, 48000])
def test_another_sample_rate_may_be_asked_for(tmp_path: Path, rate: int) -> None:
    path = write_tone(tmp_path / "a.wav", 1.0)
    assert len(load(path, sample_rate=rate)) == rate


@pytest.mark.parametrize(
    "options",
    [
        {"block_seconds": 0.0},
        {"block_seconds": -1.0},
        {"block_seconds": float("nan")},
        {"block_seconds": float("inf")},
        {"block_seconds": 1e9},
        {"sample_rate": 0},
        {"sample_rate": 10**9},
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(OptionError):
        stream_blocks(Recording("a", "a.wav"), **options)  # type: ignore[arg-type]


def test_a_recording_brings_its_channel(tmp_path: Path) -> None:
    sound = np.stack([tone(0.5, 16000), np.zeros(8000, np.float32)])
    path = write_sound(tmp_path / "a.wav", sound, 16000)
    assert not load(probe(path, channel=2)).any()
    assert load(path, channel=1).any()
    with pytest.raises(OptionError, match="has its channel already"):
        load(probe(path), channel=2)
    with pytest.raises(NoAudioTrackError, match="2 channels"):
        load(Recording("a", str(path), channel=3))


@pytest.mark.parametrize("dtype", ["<f4", "<f8"])
def test_samples_that_are_no_numbers_become_silence(tmp_path: Path, dtype: str) -> None:
    sound = tone(1.0, 16000).astype(dtype)
    sound[[100, 5000, 5001, 15999]] = [np.nan, np.inf, -np.inf, 1e30]
    path = write_bytes(tmp_path / "a.wav", riff(sound.tobytes(), tag=3, bits=8 * sound.itemsize))
    stream = stream_blocks(probe(path))
    (block,) = stream
    sound[[100, 5000, 5001, 15999]] = 0
    np.testing.assert_array_equal(block, sound.astype(np.float32))
    assert stream.num_repaired == 4
    assert stream.notes == ("4 samples were not finite and were taken as silence.",)
    list(stream)
    assert stream.num_repaired == 4


def test_only_the_channel_that_is_broken_is_repaired_in_a_mix(tmp_path: Path) -> None:
    sound = np.full((800, 2), 0.5, "<f4")
    sound[10, 0] = np.nan
    path = write_bytes(tmp_path / "a.wav", riff(sound.tobytes(), tag=3, bits=32, channels=2))
    mix = load(path)
    assert mix[10] == 0.25
    assert np.delete(mix, 10) == pytest.approx(0.5)
    stream = stream_blocks(probe(path, channel=2))
    assert all((block == 0.5).all() for block in stream)
    assert (stream.num_repaired, stream.notes) == (0, ())


def test_pieces_make_no_seams_and_every_change_of_rate_keeps_the_time() -> None:
    whole = tone(2.0, 44100)
    (reference,) = (np.concatenate(list(resampled([(44100, whole)], 16000))),)
    cut = [(44100, piece) for piece in np.split(whole, [1, 7, 900, 901, 44100, 80000])]
    np.testing.assert_allclose(np.concatenate(list(resampled(cut, 16000))), reference, atol=1e-6)
    changing = [(rate, tone(0.1, rate)) for rate in (11025, 44100) * 50]
    assert sum(len(piece) for piece in resampled(changing, 16000)) == pytest.approx(160_000, abs=50)


MEASURE = """
import sys
from pathlib import Path
from diarist.audio import probe, stream_blocks
stream = stream_blocks(probe(sys.argv[1]))
for _ in stream:
    pass
status = Path("/proc/self/status").read_text()
print(stream.num_samples, next(line.split()[1] for line in status.splitlines() if line[:5] == "VmHWM"))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's peak")
@pytest.mark.parametrize("rate", [8000, 16000], ids=["resampled", "as it is"])
def test_memory_does_not_grow_with_length(tmp_path: Path, rate: int) -> None:
    """20 minutes more are 77 MB of samples; what is kept of them is at most a few blocks."""
    minute = (tone(60.0, rate) * 32767).astype("<i2").tobytes()
    peaks = []
    for minutes in (5, 25):
        path = write_bytes(tmp_path / "a.wav", riff(b"", rate=rate, claimed=len(minute) * minutes))
        with path.open("ab") as file:
            for _ in range(minutes):
                file.write(minute)
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True, timeout=60
        )
        num_samples, kilobytes = map(int, done.stdout.split())
        assert num_samples == minutes * 60 * 16000
        peaks.append(kilobytes * 1024)
    assert peaks[1] - peaks[0] < 10_000_000


def test_importing_the_package_decodes_nothing() -> None:
    script = "import sys, diarist.audio; sys.exit('av' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_times_are_written_as_clocks_show_them() -> None:
    assert [clock_time(s) for s in (0, 63.29, 3600, 360000)] == [
        "00:00:00.0",
        "00:01:03.2",
        "01:00:00.0",
        "100:00:00.0",
    ]


@pytest.mark.parametrize(("factor", "cancels"), [(-1.0, True), (-0.99, True), (1.0, False), (0.0, False)])
def test_channels_that_cancel_are_named(tmp_path: Path, factor: float, cancels: bool) -> None:
    """A cable soldered the wrong way round makes a silent mix of two good channels."""
    left = tone(2.0, 16000)
    path = tmp_path / "stereo.wav"
    write_wav(path, np.stack([left, factor * left]))
    stream = stream_blocks(probe(path))
    list(stream)
    assert any("--channel" in note for note in stream.notes) == cancels

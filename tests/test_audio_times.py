"""Sound lies where a player plays it: late tracks, gaps, overlaps, joined files, cut files."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from audio_files import burst, extent, frequency, level, tone, write_bytes, write_sound
from diarist.audio import load, probe, stream_blocks
from diarist.audio.timeline import MAX_LAG, MAX_SILENCE, TOLERANCE, Timeline
from diarist.errors import AudioDecodeError

OPUS_PACKET = 0.02


def heard(path: Path) -> tuple[np.ndarray, tuple[str, ...]]:
    """All samples at 16 kHz, and the notes."""
    stream = stream_blocks(probe(path), block_seconds=0.5)
    return np.concatenate(list(stream)), stream.notes


@pytest.mark.parametrize(
    ("suffix", "video"),
    [(".m4a", False), (".mp4", False), (".mp4", True), (".mkv", False), (".mkv", True), (".webm", False)],
)
def test_a_track_that_starts_late_starts_late_here(tmp_path: Path, suffix: str, video: bool) -> None:
    path = write_sound(tmp_path / f"a{suffix}", burst(2.0, 48000, 0.5, 1.0), 48000, shift=0.75, video=video)
    sound, notes = heard(path)
    assert extent(sound) == pytest.approx((1.25, 1.75), abs=0.003)
    assert len(sound) / 16000 == pytest.approx(2.75, abs=0.03)
    assert probe(path).audio_length == pytest.approx(2.75, abs=0.05)
    assert notes == ()


@pytest.mark.parametrize("suffix", [".ts", ".mkv", ".m4a"])
def test_a_clock_that_begins_hours_in_counts_from_its_first_sound(tmp_path: Path, suffix: str) -> None:
    late = write_sound(tmp_path / f"a{suffix}", burst(2.0, 48000, 0.5, 1.0), 48000, "aac", shift=7200.0)
    sound, _ = heard(late)
    assert len(sound) < 2.1 * 16000
    assert extent(sound) == pytest.approx((0.5, 1.0), abs=0.03)  # no word on the coder's delay there
    length = probe(late).audio_length
    assert length is not None
    assert length == pytest.approx(2.0, abs=0.1)


def test_a_transport_stream_counts_from_its_picture(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.ts", burst(2.0, 48000, 0.5, 1.0), 48000, "aac", shift=0.4, video=True)
    start, end = extent(heard(path)[0])
    assert start == pytest.approx(0.9, abs=0.03)
    assert end == pytest.approx(1.4, abs=0.03)


@pytest.mark.parametrize("lost", [range(25, 26), range(25, 75), range(40, 43)], ids=["1", "50", "3"])
def test_missing_packets_become_silence(tmp_path: Path, lost: range) -> None:
    path = write_sound(
        tmp_path / "a.webm", burst(3.0, 48000, 2.0, 2.5), 48000, keep=lambda number: number not in lost
    )
    sound, notes = heard(path)
    assert extent(sound) == pytest.approx((2.0, 2.5), abs=0.003)
    assert len(sound) == pytest.approx(48000, abs=32)
    assert notes == (f"Gaps in the file, {len(lost) * OPUS_PACKET:.2f} s in all, are filled with silence.",)


def test_the_gap_itself_is_silent(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.mkv", tone(3.0, 48000), 48000, "flac", keep=lambda n: not 10 <= n < 20)
    gap = slice(round(10 * 4608 / 3), round(20 * 4608 / 3))  # 4608 samples are one packet here
    sound, _ = heard(path)
    assert len(sound) == 48000
    assert not sound[gap][64:-64].any()
    expected = tone(3.0, 16000)
    expected[gap] = 0
    inner = np.r_[200 : gap.start - 64, gap.stop + 64 : 47800]
    np.testing.assert_allclose(sound[inner], expected[inner], atol=2e-3)


def test_overlapping_timestamps_lose_no_sound(tmp_path: Path) -> None:
    path = write_sound(
        tmp_path / "a.webm", tone(2.0, 48000), 48000, shift=0.25, move=lambda n: -0.25 * (n >= 50)
    )
    sound, notes = heard(path)
    assert len(sound) == pytest.approx(36000, abs=32)
    assert level(sound[4200:35800]) == pytest.approx(0.5, rel=0.02)
    assert notes == ("Timestamps in the file overlap; times are up to 0.25 s late.",)


def test_jittering_timestamps_neither_lose_nor_invent_sound(tmp_path: Path) -> None:
    path = write_sound(
        tmp_path / "a.webm", burst(3.0, 48000, 1.0, 2.0), 48000, move=lambda number: 0.005 * (number % 3)
    )
    sound, notes = heard(path)
    assert len(sound) == pytest.approx(48000, abs=200)
    assert extent(sound) == pytest.approx((1.0, 2.0), abs=TOLERANCE)
    assert notes == ()


def joined(tmp_path: Path, name: str, *parts: tuple[float, int, int], codec: str) -> Path:
    """One file after another: pairs of seconds, rate and channels."""
    path = tmp_path / name
    pieces = [
        write_sound(tmp_path / f"{i}-{name}", np.stack([tone(seconds, rate)] * channels), rate, codec)
        for i, (seconds, rate, channels) in enumerate(parts)
    ]
    return write_bytes(path, b"".join(piece.read_bytes() for piece in pieces))


@pytest.mark.parametrize(
    ("name", "codec"), [("a.aac", "aac"), ("a.mp3", "libmp3lame"), ("a.opus", "libopus"), ("a.ogg", "flac")]
)
def test_files_joined_end_to_end_are_read_to_the_end(tmp_path: Path, name: str, codec: str) -> None:
    path = joined(tmp_path, name, (1.0, 48000, 2), (1.0, 48000, 2), codec=codec)
    sound, _ = heard(path)
    assert len(sound) / 16000 == pytest.approx(2.0, abs=0.15)
    assert frequency(sound[20000:30000]) == pytest.approx(440, abs=2)
    assert level(sound[20000:30000]) == pytest.approx(0.5, rel=0.06)


def test_rate_and_channels_may_change_midway(tmp_path: Path) -> None:
    path = joined(tmp_path, "a.aac", (1.0, 44100, 2), (1.0, 24000, 1), (1.0, 48000, 2), codec="aac")
    sound, _ = heard(path)
    assert len(sound) / 16000 == pytest.approx(3.0, abs=0.25)
    for start in (4000, 20000, 38000):
        assert frequency(sound[start : start + 8000]) == pytest.approx(440, abs=2)
        assert level(sound[start : start + 8000]) == pytest.approx(0.5, rel=0.03)


def test_a_channel_that_ends_midway_goes_on_as_silence(tmp_path: Path) -> None:
    path = joined(tmp_path, "a.aac", (1.0, 48000, 2), (1.0, 48000, 1), codec="aac")
    stream = stream_blocks(probe(path, channel=2))
    sound = np.concatenate(list(stream))
    assert level(sound[4000:14000]) == pytest.approx(0.5, rel=0.03)
    assert not sound[-14000:].any()
    assert "Channel 2 ends midway; the rest of it is silence." in stream.notes


def test_a_cut_mp3_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    whole = write_sound(tmp_path / "whole.mp3", tone(4.0, 44100), 44100).read_bytes()
    sound, notes = heard(write_bytes(tmp_path / "cut.mp3", whole[: len(whole) // 2]))
    assert len(sound) / 16000 == pytest.approx(2.0, abs=0.06)
    assert frequency(sound[8000:24000]) == pytest.approx(440, abs=1)
    assert any("ends at 00:00:0" in note and "its header says 00:00:0" in note for note in notes)


@pytest.mark.parametrize(("suffix", "codec"), [(".flac", "flac"), (".wav", "pcm_s16le"), (".mkv", "aac")])
def test_a_cut_file_gives_what_is_there_and_says_so(tmp_path: Path, suffix: str, codec: str) -> None:
    whole = write_sound(tmp_path / f"whole{suffix}", tone(4.0, 48000), 48000, codec).read_bytes()
    sound, notes = heard(write_bytes(tmp_path / f"cut{suffix}", whole[: len(whole) // 2]))
    assert len(sound) / 16000 == pytest.approx(2.0, abs=0.5)
    assert any("its header says" in note for note in notes)


def test_an_mp4_cut_after_its_index_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    whole = write_sound(tmp_path / "whole.m4a", tone(4.0, 48000), 48000, muxer={"movflags": "faststart"})
    data = whole.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    sound, notes = heard(write_bytes(tmp_path / "cut.m4a", data[: len(data) // 2]))
    assert 1.0 < len(sound) / 16000 < 3.0
    assert frequency(sound[4000:12000]) == pytest.approx(440, abs=2)
    assert any("its header says 00:00:04.0" in note for note in notes)


def test_damage_in_the_middle_is_told_and_later_sound_keeps_its_time(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.flac", burst(4.0, 16000, 3.0, 3.5), 16000)
    data = bytearray(path.read_bytes())
    middle = len(data) - 15_000  # in the burst
    data[middle : middle + 200] = bytes(range(200))
    sound, notes = heard(write_bytes(path, bytes(data)))
    assert extent(sound) == pytest.approx((3.0, 3.5), abs=0.001)
    assert len(sound) == 64000
    assert np.abs(sound).max() < 0.51  # no noise
    assert notes


def test_packets_that_cannot_be_decoded_are_counted_and_their_time_kept(tmp_path: Path) -> None:
    murmur = tone(6.0, 48000, 300.0, 0.05) * (np.arange(288_000) < 192_000)
    path = write_sound(tmp_path / "a.m4a", burst(6.0, 48000, 5.0, 5.5) + murmur, 48000)
    data = bytearray(path.read_bytes())
    start, end = data.index(b"mdat") + 4, data.rindex(b"moov")
    third = start + (end - start) // 3
    data[third : third + 4000] = b"\xff" * 4000
    sound, notes = heard(write_bytes(path, bytes(data)))
    assert extent(sound[64_000:]) == pytest.approx((1.0, 1.5), abs=0.005)
    pattern = r"The file is damaged after 00:00:01\.\d: \d+ packets could not be decoded\."
    assert re.fullmatch(pattern, notes[0])
    data[start:end] = b"\xff" * (end - start)
    with pytest.raises(AudioDecodeError, match=r"cannot be decoded\. Check that it is complete"):
        heard(write_bytes(path, bytes(data)))


def test_a_timestamp_out_of_all_reason_is_not_filled_up(tmp_path: Path) -> None:
    path = write_sound(
        tmp_path / "a.webm", tone(1.0, 48000), 48000, move=lambda number: 1e6 if number >= 25 else 0.0
    )
    sound, notes = heard(path)
    assert len(sound) == pytest.approx(16000, abs=32)
    assert notes[-1] == "The file's clock jumps 1 time; times count the sound itself."


def test_the_timeline_by_hand() -> None:
    line = Timeline(zero=10.0)
    assert line.silence_before(10.5, 100) == 50  # starts late
    line.advance(100, 100)
    assert (line.position, line.silence) == (1.5, 0.0)
    assert line.silence_before(11.5 + TOLERANCE / 2, 100) == 0  # jitter
    line.advance(100, 100)
    assert line.silence_before(13.0, 100) == 50  # a gap
    assert (line.position, line.silence) == (3.0, 0.5)
    line.advance(100, 200)  # another rate
    assert line.position == 3.5
    assert line.silence_before(13.0, 100) == 0  # 0.5 s late, borne
    assert line.lag == 0.5
    line.advance(100, 100)
    assert line.silence_before(14.5, 100) == 0  # the lag has been made up for
    assert line.silence_before(14.5 - MAX_LAG * 2, 100) == 0  # set back
    line.advance(100, 100)
    assert (line.num_jumps, line.silence_before(13.5, 100)) == (1, 0)  # and goes on from there
    assert line.silence_before(13.5 + MAX_SILENCE, 100) == 0
    assert line.num_jumps == 2
    assert line.silence_before(None, 100) == 0
    assert line.silence_before(float("nan"), 100) == 0


def test_the_first_sound_is_time_zero_where_the_container_has_no_clock() -> None:
    line = Timeline(zero=None)
    assert line.silence_before(500.0, 100) == 0
    line.advance(100, 100)
    assert line.silence_before(502.0, 100) == 100


def test_load_reads_what_the_stream_reads(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.opus", burst(1.5, 48000, 0.5, 1.0), 48000)
    np.testing.assert_array_equal(load(path), heard(path)[0])

"""Whatever lies at a path: one clear error, or what sound there is; no chatter, no other file opened."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import av
import numpy as np
import pytest

from audio_files import BAD_FILES, HLS, burst, extent, riff, tone, write_bytes, write_sound, write_tone
from diarist.audio import content_hash, load, open_recordings, probe, stream_blocks
from diarist.audio.opening import QuietFile
from diarist.errors import AudioDecodeError, AudioError, AudioNotFoundError
from diarist.types import Recording


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gives_one_clear_line(tmp_path: Path, name: str) -> None:
    make, error_class = BAD_FILES[name]
    path = tmp_path / "a bad file.wav"
    make(path)
    with pytest.raises(error_class) as caught:
        load(path)
    assert type(caught.value) is error_class
    assert caught.value.problem.startswith(f'The file "{path}" ')
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_no_bad_file_makes_ffmpeg_talk(tmp_path: Path) -> None:
    """In a process of its own, with everything that reaches its standard error."""
    paths = []
    for i, (make, _) in enumerate(BAD_FILES.values()):
        (tmp_path / str(i)).mkdir()
        paths.append(tmp_path / str(i) / "a.wav")
        make(paths[-1])
    cut = write_tone(tmp_path / "cut.mp3", 1.0).read_bytes()
    paths.append(write_bytes(tmp_path / "cut.mp3", cut[2000:9000]))
    script = (
        "import sys\n"
        "from diarist.audio import load\n"
        "from diarist.errors import DiaristError\n"
        "for path in sys.argv[1:]:\n"
        "    try:\n"
        "        load(path)\n"
        "    except DiaristError as error:\n"
        "        print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *map(str, paths)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == len(BAD_FILES)


@pytest.mark.parametrize("suffix", [".wav", ".m3u8", ".txt", ".mpd", ".sdp", ".ts", ""])
@pytest.mark.parametrize("name", ["m3u8", "m3u8 file:", "ffconcat path", "sdp", "mpd"])
def test_a_playlist_under_any_suffix_is_refused(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"list{suffix}"
    BAD_FILES[name][0](path)
    with pytest.raises(AudioDecodeError):
        load(path)


def test_the_playlists_would_open_their_files_if_they_were_let(tmp_path: Path) -> None:
    """Without this the tests above might pass because the playlists are broken."""
    for name in ("ffconcat path",):
        path = tmp_path / "list.ffconcat"
        BAD_FILES[name][0](path)
        with av.open(str(path), options={"safe": "0"}) as container:
            assert sum(frame.samples for frame in container.decode(audio=0)) == 3200
    write_sound(tmp_path / "a.ts", tone(0.5, 48000), 48000, "aac")
    path = tmp_path / "list.m3u8"
    path.write_text(HLS.format("a.ts"))
    with av.open(str(path)) as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) > 20_000
    with pytest.raises(AudioDecodeError):
        load(path)


def test_no_file_reaches_the_network(tmp_path: Path) -> None:
    """A server waits; no playlist that names it may call."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)

        def wait() -> None:
            try:
                connection, _ = server.accept()
            except TimeoutError:
                return
            calls.append(connection)
            connection.close()

        thread = threading.Thread(target=wait)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        for text in (HLS.format(address), f"ffconcat version 1.0\nfile '{address}'\n"):
            for suffix in (".wav", ".m3u8", ".ffconcat"):
                path = tmp_path / f"list{suffix}"
                path.write_text(text)
                with pytest.raises(AudioDecodeError):
                    load(path)
        with pytest.raises(AudioNotFoundError):
            load(address)
        thread.join()
    assert not calls


@pytest.mark.parametrize(
    "name",
    [
        "concat:a|b.wav",
        "file:x.wav",
        "http:..x.wav",
        "-i.wav",
        "take%d.wav",
        "take%03d.png.wav",
        "*?[a].wav",
        "two\nlines.wav",
        "'quotes' and \"quotes\".wav",
        "Überraschung 日本 🎙.wav",
        "pipe:0",
        "image.png",
        "list.m3u8",
        "raw.s16le",
        ".wav",
        "x" * 200 + ".wav",
        os.fsdecode(b"latin-\xe9.wav"),
    ],
)
def test_any_file_name_is_only_a_name(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / name
    write_bytes(path, write_tone(tmp_path / "plain.wav", 0.25).read_bytes())
    monkeypatch.chdir(tmp_path)
    recording = probe(name)
    assert recording.path == name
    recording.recording_id.encode("utf-8")
    assert len(load(recording)) == len(load(path)) == 4000


def test_a_name_with_a_nul_is_a_file_that_is_not_there() -> None:
    with pytest.raises(AudioNotFoundError):
        probe("a\0b.wav")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By way of a patched open: the tests may run as a user who may read everything."""
    path = write_tone(tmp_path / "a.wav", 0.1)

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(AudioError, match=r"cannot be opened: Permission denied\. Check that it may be read"):
        probe(path)


def test_a_disk_that_fails_midway_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_tone(tmp_path / "a.wav", 60.0)

    class Failing(QuietFile):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() <= 500_000:
                return super().read(size)
            self.failure = OSError(5, "Input/output error")
            return b""

    monkeypatch.setattr("diarist.audio.opening.QuietFile", Failing)
    stream = stream_blocks(probe(path), block_seconds=1.0)
    with pytest.raises(AudioError, match="cannot be read: Input/output error"):
        list(stream)
    assert stream.num_samples >= 14 * 16000
    with pytest.raises(AudioError, match="cannot be read: Input/output error"):
        content_hash(path)


def test_a_file_under_ffmpeg_never_raises(tmp_path: Path) -> None:
    path = write_bytes(tmp_path / "a.wav", b"12345")
    with QuietFile(os.open(path, os.O_WRONLY), "rb") as file:
        assert file.read(3) == b""
        assert file.failure is not None
        assert (file.seek(-1), file.seek(2**70)) == (-22, -22)
        assert (file.seek(2), file.seek(0, 0x20002)) == (2, 5)


@pytest.mark.parametrize("claimed", [0xFFFFFFFF, 0x7FFFFFFF, 0])
def test_a_wav_of_open_size_is_read_to_its_end(tmp_path: Path, claimed: int) -> None:
    """As programs write it that write to a pipe."""
    data = (tone(0.5, 16000) * 32767).astype("<i2").tobytes()
    path = write_bytes(tmp_path / "a.wav", riff(data, claimed=claimed))
    stream = stream_blocks(probe(path))
    assert sum(len(block) for block in stream) == 8000
    assert stream.notes == ()


def test_a_wav_cut_inside_a_sample_is_read(tmp_path: Path) -> None:
    path = write_bytes(tmp_path / "a.wav", riff(b"\0\x40" * 1600 + b"\0", channels=2, claimed=6400))
    np.testing.assert_array_equal(load(path), np.full(800, 0.5, np.float32))


def test_sound_between_junk_chunks_is_found(tmp_path: Path) -> None:
    data = riff((tone(2.0, 16000) * 32767).astype("<i2").tobytes())
    junk = b"LIST" + (5).to_bytes(4, "little") + b"abcde\0"
    path = write_bytes(tmp_path / "a.wav", data[:12] + junk + data[12:36] + junk + data[36:])
    stream = stream_blocks(probe(path))
    assert sum(len(block) for block in stream) == 32000
    assert stream.notes == ()
    write_bytes(path, path.read_bytes()[:-32000])
    assert sum(len(block) for block in stream) == 16000
    assert stream.notes == ("The file ends at 00:00:01.0; its header says 00:00:02.0.",)


def test_bytes_before_an_mp3_do_no_harm(tmp_path: Path) -> None:
    whole = write_sound(tmp_path / "whole.mp3", burst(2.0, 44100, 0.5, 1.5), 44100).read_bytes()
    tag = b"ID3\x04\0\0" + bytes([0, 1, 0, 0]) + bytes(1 << 14)
    path = write_bytes(tmp_path / "a.mp3", tag + whole)
    assert probe(path).audio_length == pytest.approx(2.0, abs=0.03)
    assert extent(load(path)) == pytest.approx((0.5, 1.5), abs=0.003)


def test_a_length_that_nobody_wrote_down_is_not_made_up(tmp_path: Path) -> None:
    for name, codec in (("a.aac", "aac"), ("b.mp3", "libmp3lame")):
        path = write_sound(tmp_path / name, tone(2.0, 44100), 44100, codec, muxer={"write_xing": "0"})
        assert probe(path).audio_length is None
        stream = stream_blocks(probe(path))
        assert sum(len(block) for block in stream) == pytest.approx(32000, abs=2000)
        assert stream.notes == ()


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3", ".m4a", ".opus", ".ogg", ".webm", ".mkv"])
def test_flipped_bytes_give_sound_or_an_error_of_ours(tmp_path: Path, suffix: str) -> None:
    rate = 48000 if suffix in (".opus", ".webm", ".mkv") else 44100
    path = write_sound(tmp_path / f"a{suffix}", np.stack([burst(0.5, rate, 0.1, 0.4)] * 2), rate)
    good = np.frombuffer(path.read_bytes(), np.uint8)
    random = np.random.default_rng(7)
    for attempt in range(25):
        bad = good.copy()
        reach = len(bad) if attempt % 2 else min(400, len(bad))
        places = random.integers(0, reach, 1 + attempt // 2)
        bad[places] = random.integers(0, 256, len(places), dtype=np.uint8)
        write_bytes(path, bad.tobytes())
        try:
            for k, block in enumerate(stream_blocks(Recording("a", str(path)), block_seconds=1.0)):
                assert np.isfinite(block).all()
                if k > 30:
                    break
        except AudioError as error:
            assert str(path) in str(error)  # noqa: PT017


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    data = np.random.default_rng(0).bytes(3 * (1 << 20) + 5)
    path = write_bytes(tmp_path / "a.bin", data)
    assert content_hash(path) == hashlib.sha256(data).hexdigest()
    assert content_hash(write_bytes(path, b"")) == hashlib.sha256().hexdigest()
    with pytest.raises(AudioNotFoundError, match="does not exist"):
        content_hash(tmp_path / "b.bin")
    with pytest.raises(AudioNotFoundError, match="is a folder"):
        content_hash(tmp_path)


def test_nothing_stays_open(tmp_path: Path) -> None:
    path = write_tone(tmp_path / "a.wav", 2.0)
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("only Linux shows what is open")
    before = len(list(folder.iterdir()))
    for _ in range(3):
        open_recordings(path, channel="all")
        half_read = iter(stream_blocks(probe(path), block_seconds=0.5))
        next(half_read)
        half_read.close()  # type: ignore[attr-defined]
        with pytest.raises(AudioDecodeError):
            load(write_bytes(tmp_path / "b.wav", b"no sound"))
    assert len(list(folder.iterdir())) == before

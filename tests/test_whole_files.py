"""Files are written whole or not at all, and names stay inside their folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from diarist.errors import FormatError, OutputError
from diarist.files import LONGEST_NAME, check_folder, encoded, file_name, make_folder, replacing


def write(path: Path, content: bytes, error: BaseException | None = None, remedy: str = "") -> None:
    """Write, and end the block by ``error``."""
    with replacing(path, remedy) as file:
        file.write(content)
        if error is not None:
            raise error


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_old_file_stays_until_the_new_one_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a"]


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_the_umask_says_who_may_read(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        with replacing(tmp_path / "a") as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("a defect"), FormatError("ours")])
def test_what_ends_the_block_comes_out_and_nothing_is_left(tmp_path: Path, error: BaseException) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(type(error)) as caught:
        write(tmp_path / "a", b"half", error)
    assert caught.value is error
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_full_disk_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write(tmp_path / "a", b"half", OSError(28, "No space left on device"), "Buy a disk.")
    assert str(caught.value) == f"'{tmp_path / 'a'}' cannot be written: No space left on device. Buy a disk."
    assert names(tmp_path) == []


def test_a_folder_that_goes_away_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    new = replacing(tmp_path / "folder" / "a")
    new.__enter__().write(b"x")
    (tmp_path / "folder").rename(tmp_path / "moved")
    with pytest.raises(OutputError, match="No such file"):
        new.__exit__(None, None, None)


@pytest.mark.parametrize("name", ["none/a", "file/a", "folder", "a" * 300, "nul\0l", "half\ud800"])
def test_places_that_cannot_be(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="cannot be written"), replacing(tmp_path / name) as file:
        file.write(b"x")
    assert names(tmp_path) == ["file", "folder"]


def test_a_link_is_followed_and_a_device_written_to(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with replacing(tmp_path / "link") as file:
        file.write(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"x"
    with replacing(os.devnull) as file:
        file.write(b"x")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_folders(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    check_folder(tmp_path / "a" / "b" / "c" / "d")
    assert names(tmp_path / "a" / "b") == []
    (tmp_path / "file").touch()
    for act in (make_folder, check_folder):
        with pytest.raises(OutputError, match="No files can be written to") as caught:
            act(tmp_path / "file" / "deeper", "Elsewhere.")
        assert caught.value.remedy == "Elsewhere."


def test_half_a_character() -> None:
    assert encoded("å") == b"\xc3\xa5"
    with pytest.raises(FormatError, match="half a character"):
        encoded("a\ud83d")


@pytest.mark.parametrize(
    ("recording_id", "name"),
    [
        ("talk", "talk.x"),
        ("../../etc/passwd", ".._.._etc_passwd.x"),
        ("a\\b\nc\x1b\ud800\u2028", "a_b_c___.x"),
        ("", "recording.x"),
        (" .. ", "recording .. .x"),
        ("李" * 100, "李" * (LONGEST_NAME // 3) + ".x"),
    ],
)
def test_a_name_stays_inside_its_folder(recording_id: str, name: str) -> None:
    assert file_name(recording_id, ".x") == name

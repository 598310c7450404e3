from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from diarist.evaluation import Labels, read_labels
from diarist.formats import read

LINE = "SPEAKER {} 1 {} {} <NA> <NA> {} <NA> <NA>\n"


def write(folder: Path, name: str, *turns: tuple[str, str, str, str]) -> Path:
    path = folder / name
    path.write_text("".join(LINE.format(*turn) for turn in turns), encoding="utf-8")
    return path


def as_sets(labels: Labels) -> dict[str, set[tuple[str, int, int]]]:
    """Recording → speaker, start and end of its turns."""
    found: dict[str, set[tuple[str, int, int]]] = {name: set() for name in labels.recordings}
    for speaker, start, end in zip(labels.turn_speakers, labels.starts, labels.ends, strict=True):
        recording = labels.recordings[labels.speaker_recordings[speaker]]
        found[recording].add((labels.speakers[speaker], int(start), int(end)))
    return found


A = ("a", "0.5", "1.25", "Ann"), ("a", "1.0", "2", "Bob")
B = (("b", "3", "0.000001", "Ann"),)


def test_plain_files_are_read_together(tmp_path: Path) -> None:
    found = read_labels([write(tmp_path, "a.rttm", *A), write(tmp_path, "b.rttm", *B)])
    assert found.unreadable == ()
    assert as_sets(found.labels) == {
        "a": {("Ann", 500_000, 1_750_000), ("Bob", 1_000_000, 3_000_000)},
        "b": {("Ann", 3_000_000, 3_000_001)},
    }


def test_a_file_out_of_the_ordinary_changes_nothing(tmp_path: Path) -> None:
    files = [write(tmp_path, "a.rttm", *A), write(tmp_path, "b.rttm", *B)]
    plain = as_sets(read_labels(files).labels)
    files[1].write_text(";; a comment\r\n" + files[1].read_text().replace(" ", "\t"))
    assert as_sets(read_labels(files).labels) == plain
    files[0].write_bytes(b"\xef\xbb\xbf" + files[0].read_bytes())
    assert as_sets(read_labels(files).labels) == plain


def test_other_formats_beside_rttm(tmp_path: Path) -> None:
    table = tmp_path / "c.csv"
    table.write_text("start,end,speaker\n1,2,Cy\n")
    found = read_labels([write(tmp_path, "a.rttm", *A), table])
    assert as_sets(found.labels)["c"] == {("Cy", 1_000_000, 2_000_000)}
    assert len(found.labels.recordings) == 2


def test_an_empty_file_is_a_recording_in_which_nobody_speaks(tmp_path: Path) -> None:
    found = read_labels([write(tmp_path, "a.rttm", *A), write(tmp_path, "silent.rttm")])
    assert as_sets(found.labels)["silent"] == set()


def test_a_bad_file_does_not_lose_the_others(tmp_path: Path) -> None:
    bad = write(tmp_path, "take.rttm", ("b", "0", "1", "Ann"), ("c", "zero", "1", "Ann"))
    found = read_labels([bad, write(tmp_path, "a.rttm", *A)])
    assert found.labels.recordings == ("a",)
    [unreadable] = found.unreadable
    assert unreadable.path == bad
    assert unreadable.recordings == {"take", "b", "c"}
    message = str(unreadable.error)
    assert "take.rttm" in message
    assert "Line 2: the start 'zero' is not a number." in message
    assert "SPEAKER c 1 zero 1 <NA> <NA> Ann <NA> <NA>" in message
    assert "Expected is: SPEAKER FILE CHANNEL START DURATION" in message


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("SPEAKER a 1 nan 1 <NA> <NA> A <NA> <NA>", "the start 'nan' is not a number"),
        ("SPEAKER a 1 -2 1 <NA> <NA> A <NA> <NA>", "starts at -2.0 s"),
        ("SPEAKER a 1 2 -1 <NA> <NA> A <NA> <NA>", "the duration is -1 s"),
        ("SPEAKER a 1 2 inf <NA> <NA> A <NA> <NA>", "the duration 'inf' is not a number"),
        ("SPEAKER a 1 2 1 <NA>", "6 fields instead of 10"),
        ("SPEAKER a 1 2 1 <NA> <NA> a name <NA> <NA> <NA>", "names hold no spaces"),
        ("turn a 1 2", "is no type of RTTM"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "a.rttm"
    path.write_text(line + "\n")
    [unreadable] = read_labels([path]).unreadable
    assert problem in str(unreadable.error)
    assert "Line 1" in str(unreadable.error)
    assert "a.rttm" in str(unreadable.error)


def test_a_recording_in_two_files_is_in_neither(tmp_path: Path) -> None:
    files = [write(tmp_path, "one.rttm", *A), write(tmp_path, "two.rttm", *A, *B)]
    found = read_labels(files)
    assert found.labels.recordings == ("b",)
    [unreadable] = found.unreadable
    assert unreadable.recordings == {"a"}
    assert "one.rttm" in str(unreadable.error)
    assert "two.rttm" in str(unreadable.error)


def test_named_by_file(tmp_path: Path) -> None:
    files = [write(tmp_path, "one.rttm", *A), write(tmp_path, "two.rttm", *A)]
    found = read_labels(files, named_by="file")
    assert found.unreadable == ()
    assert found.labels.recordings == ("one", "two")
    assert as_sets(found.labels)["one"] == as_sets(found.labels)["two"]


def test_a_file_of_two_recordings_cannot_be_named_by_file(tmp_path: Path) -> None:
    files = [write(tmp_path, "both.rttm", *A, *B), write(tmp_path, "two.rttm", *B)]
    found = read_labels(files, named_by="file")
    assert found.labels.recordings == ("two",)
    assert "holds 2 recordings" in str(found.unreadable[0].error)


def test_channels_are_recordings_of_their_own(tmp_path: Path) -> None:
    path = write(tmp_path, "call.rttm", ("call", "0", "1", "Ann"))
    path.write_text(path.read_text() + path.read_text().replace("call 1", "call 2"))
    assert read_labels([path]).labels.recordings == ("call.ch1", "call.ch2")


def test_the_same_as_one_by_one(shared_data: Path) -> None:
    folder = shared_data / "rttm_pairs" / "ami_test" / "ref"
    files = sorted(folder.glob("*.rttm"))
    together = read_labels(files).labels
    slow = Labels.from_diarizations([one for path in files for one in read(path)])
    assert as_sets(together) == as_sets(slow)


def test_without(tmp_path: Path) -> None:
    labels = read_labels([write(tmp_path, "a.rttm", *A), write(tmp_path, "b.rttm", *B)]).labels
    rest = labels.without({"a", "nobody"})
    assert as_sets(rest) == {"b": {("Ann", 3_000_000, 3_000_001)}}
    assert rest.speakers == ("Ann",)
    assert np.array_equal(rest.speaker_recordings, [0])
    assert labels.without({"x"}) is labels

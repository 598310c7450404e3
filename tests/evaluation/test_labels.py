"""Turns of many recordings as arrays."""

from __future__ import annotations

import numpy as np
import pytest

from diarist.errors import InputError
from diarist.evaluation import Labels
from diarist.evaluation.labels import LATEST, join_labels, recording_name
from diarist.formats.columns import parse_rttm
from diarist.types import Diarization, Turn

Row = tuple[str, str, int, int]  # recording, speaker, start, end in ticks


def rows(labels: Labels) -> list[Row]:
    """The turns, in order of recordings and times; names are checked against each other."""
    owners = labels.speaker_recordings[labels.turn_speakers]
    assert len(labels.speakers) == len(labels.speaker_recordings)
    keys = list(zip(labels.speaker_recordings.tolist(), labels.speakers, strict=True))
    assert len(set(keys)) == len(keys), "a speaker of a recording is there twice"
    return sorted(
        zip(
            (labels.recordings[index] for index in owners),
            (labels.speakers[index] for index in labels.turn_speakers),
            labels.starts.tolist(),
            labels.ends.tolist(),
            strict=True,
        )
    )


def of(*lines: str) -> Labels:
    """From lines of RTTM: recording, start, length, speaker."""
    text = "".join(
        f"SPEAKER {recording} 1 {start} {length} <NA> <NA> {speaker} <NA> <NA>\n"
        for recording, start, length, speaker in (line.split() for line in lines)
    )
    columns = parse_rttm([text.encode()])
    assert columns is not None
    return Labels.from_columns(columns)


TALK = Diarization("b", (Turn(2.5, 3, "A"), Turn(0, 1, "B"), Turn(0.5, 4, "A")), audio_length=9.0)
OTHER = Diarization("a", (Turn(1, 2, "A"),))
SILENT = Diarization("c")
TURNS = [
    ("a", "A", 1_000_000, 2_000_000),
    ("b", "A", 500_000, 4_000_000),
    ("b", "A", 2_500_000, 3_000_000),
    ("b", "B", 0, 1_000_000),
]


def test_from_diarizations() -> None:
    labels = Labels.from_diarizations([TALK, SILENT, OTHER])
    assert labels.recordings == ("b", "c", "a")
    assert rows(labels) == TURNS
    assert labels.num_turns == 4
    assert labels.lengths == {"b": 9.0}
    for values in (labels.speaker_recordings, labels.turn_speakers, labels.starts, labels.ends):
        assert values.dtype == np.int64


def test_of_nothing() -> None:
    assert Labels.from_diarizations([]).recordings == ()
    labels = Labels.from_diarizations([SILENT])
    assert labels.recordings == ("c",)
    assert (labels.speakers, labels.num_turns) == ((), 0)
    assert rows(labels) == []


def test_from_columns() -> None:
    labels = of("b 0.5 3.5 A", "a 1 1 A", "b 2.5 0.5 A", "b 0 1 B")
    assert sorted(labels.recordings) == ["a", "b"]
    assert rows(labels) == TURNS
    assert labels.lengths == {}


def test_recordings_are_in_the_order_of_the_file() -> None:
    names = ["r3", "r1", "zz", "a", "r10", "r2"]
    assert of(*(f"{name} 0 1 A" for name in names)).recordings == tuple(names)


def test_a_label_in_two_recordings_is_two_speakers() -> None:
    labels = of("a 0 1 A", "b 0 1 A")
    assert labels.speakers == ("A", "A")
    assert sorted(labels.speaker_recordings.tolist()) == [0, 1]


def test_who_is_not_named_and_who_is_called_unknown_are_one() -> None:
    """As the careful reader has it."""
    labels = of("a 0 1 <NA>", "a 2 1 UNKNOWN", "a 4 1 B")
    assert rows(labels) == [
        ("a", "B", 4_000_000, 5_000_000),
        ("a", "UNKNOWN", 0, 1_000_000),
        ("a", "UNKNOWN", 2_000_000, 3_000_000),
    ]


def test_times_are_the_nearest_ticks() -> None:
    talk = Diarization("r", (Turn(0.1 + 0.2, 1.0000004, "A"), Turn(2.0000006, 3.1234567, "A")))
    labels = Labels.from_diarizations([talk])
    assert labels.starts.tolist() == [300_000, 2_000_001]
    assert labels.ends.tolist() == [1_000_000, 3_123_457]


def test_names_of_channels() -> None:
    assert recording_name(Diarization("r")) == "r"
    assert recording_name(Diarization("r", channel=1)) == "r.ch1"
    talks = [Diarization("r", channel=1), Diarization("r", channel=12), Diarization("r")]
    assert Labels.from_diarizations(talks).recordings == ("r.ch1", "r.ch12", "r")


def test_a_recording_twice_is_refused() -> None:
    with pytest.raises(InputError, match="'b' is given twice"):
        Labels.from_diarizations([TALK, OTHER, SILENT, TALK])
    with pytest.raises(InputError, match=r"'r.ch1' is given twice"):
        Labels.from_diarizations([Diarization("r", channel=1), Diarization("r.ch1")])


@pytest.mark.parametrize("end", [LATEST * 1.001, 1e300, 1e308])
def test_times_beyond_the_latest_are_refused(end: float) -> None:
    with pytest.raises(InputError, match="beyond any recording"):
        Labels.from_diarizations([OTHER, Diarization("r", (Turn(0, end, "A"),))])
    with pytest.raises(InputError, match="beyond any recording"):
        Labels.from_diarizations([Diarization("r", audio_length=end)])


def test_times_beyond_the_latest_are_refused_in_columns() -> None:
    for start, length in (("0", "1e11"), ("1e11", "1"), ("1e299", "1e299")):
        with pytest.raises(InputError, match="beyond any recording"):
            of("a 0 1 A", f"b {start} {length} A")


def test_the_latest_time_is_exact() -> None:
    labels = Labels.from_diarizations([Diarization("r", (Turn(LATEST - 1, LATEST, "A"),))])
    assert labels.ends.tolist() == [10**16]
    assert labels.starts.tolist() == [10**16 - 10**6]


def test_joining() -> None:
    parts = [Labels.from_diarizations([TALK]), Labels.from_diarizations([]), of("a 1 1 A")]
    labels = join_labels([*parts, Labels.from_diarizations([SILENT])])
    assert labels.recordings == ("b", "a", "c")
    assert rows(labels) == TURNS
    assert labels.lengths == {"b": 9.0}
    assert rows(join_labels(parts[:1])) == TURNS[1:]
    assert rows(join_labels([])) == []
    with pytest.raises(InputError, match="'b' is given twice"):
        join_labels([parts[0], parts[0]])


def test_without_some() -> None:
    labels = Labels.from_diarizations([TALK, SILENT, OTHER])
    assert rows(labels.without(["b"])) == TURNS[:1]
    assert labels.without(["b"]).recordings == ("c", "a")
    assert labels.without(["b"]).lengths == {}
    assert rows(labels.without({"a", "c", "elsewhere"})) == TURNS[1:]
    assert labels.without({"a"}).lengths == {"b": 9.0}
    assert rows(labels.without(["elsewhere"])) == TURNS
    assert labels.without(["a", "b", "c"]).recordings == ()


def test_another_name() -> None:
    labels = Labels.from_diarizations([TALK]).renamed("x")
    assert labels.recordings == ("x",)
    assert labels.lengths == {"x": 9.0}
    assert rows(labels) == [("x", *row[1:]) for row in TURNS[1:]]
    assert Labels.from_diarizations([OTHER]).renamed("x").lengths == {}

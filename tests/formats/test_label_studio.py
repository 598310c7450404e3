"""Label Studio: full exports, minimal ones, and what we write."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diarist.errors import ParseError
from diarist.formats.label_studio import looks_like, parse, serialise
from diarist.types import Diarization, Turn


def region(start: float, end: float, *labels: str, id: str = "x", **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "channel": more.pop("channel", 0), "labels": list(labels)}
    return {"id": id, "from_name": "labels", "to_name": "audio", "type": "labels", "value": value, **more}


def words(text: Any, id: str = "x") -> dict[str, Any]:
    return {"id": id, "from_name": "transcription", "type": "textarea", "value": {"text": text}}


def read(*tasks: dict[str, Any]) -> list[Diarization]:
    return parse(json.dumps(list(tasks)), recording_id="file")


def test_an_export() -> None:
    result = [
        region(0.5, 2, "Ann", id="a", original_length=30.5),
        words(["Hi", "there"], id="a"),
        region(1, 3, "Bob", "Cyd", id="b"),
        {"id": "c", "type": "choices", "value": {"choices": ["noisy"]}},
    ]
    task = {
        "id": 7,
        "data": {"audio": "/data/upload/3/0123abcd-my%20talk.wav?token=1"},
        "annotations": [
            {"result": [region(8, 9, "Cancelled")], "was_cancelled": True},
            {"result": [region(8, 9, "First")]},
            {"result": result, "ground_truth": True},
        ],
        "predictions": [{"result": [region(8, 9, "Machine")]}],
    }
    assert read(task) == [
        Diarization(
            "my talk",
            (Turn(0.5, 2, "Ann", None, "Hi\nthere"), Turn(1, 3, "Bob"), Turn(1, 3, "Cyd")),
            30.5,
            source="label-studio",
        )
    ]


def test_predictions_where_nobody_annotated() -> None:
    task = {
        "data": {"audio": "s3://bucket/a.b.flac"},
        "predictions": [{"result": [region(1, 2, "A", score=0.5)]}],
    }
    (talk,) = read(task)
    assert (talk.recording_id, talk.turns) == ("a.b", (Turn(1, 2, "A", 0.5),))


def test_json_min() -> None:
    task = {
        "audio": "http://host/talk.mp3",
        "id": 1,
        "labels": [
            {"start": 0, "end": 1, "channel": 0, "labels": ["A"]},
            {"start": 1, "end": 2, "channel": 0, "labels": ["B"]},
        ],
        "transcription": ["one", "two"],
        "annotator": 1,
    }
    assert [talk.turns for talk in read(task)] == [
        (Turn(0, 1, "A", None, "one"), Turn(1, 2, "B", None, "two"))
    ]
    del task["labels"], task["transcription"]
    assert [(talk.recording_id, talk.turns) for talk in read(task)] == [("talk", ())]


def test_channels_count_from_0() -> None:
    task = {"data": {}, "annotations": [{"result": [region(0, 1, "A"), region(1, 2, "B", channel=1)]}]}
    assert [(talk.recording_id, talk.channel) for talk in read(task)] == [("file", 1), ("file", 2)]


def test_what_is_written() -> None:
    talk = Diarization("talk", (Turn(0.1234567, 2, "Ann", 0.5, "Hi"),), 10, 2, source="builtin")
    (task,) = json.loads(serialise([talk]))
    assert task["data"] == {"audio": "talk", "recording_id": "talk"}
    (prediction,) = task["predictions"]
    assert prediction["model_version"] == "builtin"
    label, text = prediction["result"]
    assert label["value"] == {"start": 0.1234567, "end": 2.0, "channel": 1, "labels": ["Ann"]}
    assert (label["score"], label["original_length"], label["id"]) == (0.5, 10.0, text["id"])
    assert text["value"]["text"] == ["Hi"]


def test_what_looks_like_it() -> None:
    assert looks_like(serialise([Diarization("r")]))
    assert looks_like('{"data": {}, "annotations": []}')
    assert not looks_like('{"schema": "diarist/diarization", "predictions": []}')
    assert not looks_like('{"labels": []}')


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([1], "Task 1: '1' is not an object"),
        ("text", "The file: 'text' is not a list"),
        ([{}], "Task 1: no data and no regions"),
        ([{"start": 0, "end": 1, "text": "whisper"}], "Task 1: no data and no regions"),
        ([{"data": [], "annotations": []}], "Task 1, data: '[]' is not an object"),
        ([{"data": {}, "annotations": [{"result": [region(2, 1, "A")]}]}], "region 1: The interval"),
        ([{"data": {}, "annotations": [{"result": [region(1, 1, "A")]}]}], "region 1: The interval"),
        ([{"data": {}, "annotations": [{"result": [region("0", 1, "A")]}]}], "start: '0' is not a number"),
        ([{"data": {}, "annotations": [{"result": [region(0, True, "A")]}]}], "end: 'True' is not a number"),
        ([{"data": {}, "annotations": [{"result": [region(0, 10**400, "A")]}]}], "is not a number"),
        ([{"data": {}, "annotations": [{"result": [region(0, 1, " ")]}]}], "label ' ' is empty"),
        ([{"data": {}, "annotations": [{"result": [region(0, 1, "A", channel=-1)]}]}], "the channel is -1"),
        ([{"data": {}, "annotations": [{"result": [region(0, 1, "A", channel="x")]}]}], "not a whole number"),
    ],
)
def test_refused(document: Any, problem: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(json.dumps(document), recording_id="r")
    assert problem in str(caught.value)

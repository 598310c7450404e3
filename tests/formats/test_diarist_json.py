"""Our JSON: nothing is lost, and nothing strange comes in."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_strategies import labels, texts

from diarist.errors import FormatError, ParseError
from diarist.formats.diarist_json import parse, parse_transcripts, serialise, serialise_transcripts
from diarist.transcript import Transcript, Word
from diarist.types import Diarization, Turn

FULL = Diarization(
    recording_id="r",
    turns=(Turn(1 / 3, 2 / 3, "A", 0.1, "said"), Turn(0.5, 1e6 + 1e-9, "B\n", None, "")),
    audio_length=0.1 + 0.2,
    channel=2,
    source="builtin",
    models={"segmentation": "ab" * 32},
    parameters={"a": [1, 2.5, None, {"b": True}], "ü": "x"},
    notes=("One.", "Two."),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
confidences = st.none() | st.floats(0, 1)


@st.composite
def exact_turns(draw: st.DrawFn) -> Turn:
    start, end = sorted(
        draw(st.tuples(st.floats(0, 1e9), st.floats(0, 1e9)).filter(lambda pair: pair[0] != pair[1]))
    )
    return Turn(start, end, draw(labels), draw(confidences), draw(st.none() | texts))


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Diarization,
        st.text(min_size=1),
        st.lists(exact_turns(), max_size=4).map(tuple),
        st.none() | st.floats(0, 1e9),
        st.none() | st.integers(1, 64),
        st.text(),
        st.dictionaries(st.text(), st.text(), max_size=2),
        st.dictionaries(st.text(), values, max_size=2),
        st.lists(st.text(), max_size=2).map(tuple),
    )
)
def test_nothing_is_lost(diarization: Diarization) -> None:
    assert parse(serialise([diarization]), recording_id="x") == [diarization]


def test_every_field_is_written() -> None:
    (recording,) = json.loads(serialise([FULL]))["recordings"]
    assert set(recording) == {field.name for field in dataclasses.fields(Diarization)}
    assert set(recording["turns"][0]) == {field.name for field in dataclasses.fields(Turn)}
    word = Word("a", 0, 1, 0.5, "A", 0.25)
    (transcript,) = json.loads(serialise_transcripts([Transcript("r", (word,), "en", "x")]))["recordings"]
    assert set(transcript) == {field.name for field in dataclasses.fields(Transcript)}
    assert set(transcript["words"][0]) == {field.name for field in dataclasses.fields(Word)}


def test_several_recordings_and_none() -> None:
    assert parse(serialise([FULL, Diarization("s")]), recording_id="x") == [FULL, Diarization("s")]
    assert parse(serialise([]), recording_id="x") == []


def test_transcripts() -> None:
    transcripts = [
        Transcript(
            "r", (Word("a", 1 / 3, 2 / 3, 0.1, "A", 0.2), Word("b", 1, 1), Word("c")), "pt-BR", "whisper"
        ),
        Transcript("s"),
    ]
    assert parse_transcripts(serialise_transcripts(transcripts)) == transcripts


def test_unknown_fields_are_ignored() -> None:
    document = json.loads(serialise([FULL])) | {"later": 1}
    document["recordings"][0]["turns"][0]["later"] = {}
    assert parse(json.dumps(document), recording_id="x") == [FULL]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), {1, 2}, object()])
def test_parameters_that_are_no_json(bad: Any) -> None:
    with pytest.raises(FormatError, match="JSON cannot hold"):
        serialise([Diarization("r", parameters={"a": bad})])


def turn(**fields: Any) -> dict[str, Any]:
    return {"recordings": [{"recording_id": "r", "turns": [{"start": 0, "end": 1, "speaker": "A"} | fields]}]}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"version": 2}, "The file's version is 2, and 1 is known"),
        ({"version": "1"}, "version: '1' is not a whole number"),
        ({"version": None}, "The file's version is None"),
        ({"schema": "diarist/transcript"}, "'diarist/transcript', not 'diarist/diarization'"),
        ({"schema": "other"}, "none of Diarist's own JSON files"),
        ({"recordings": {}}, "recordings: '{}' is not a list"),
        ({"recordings": [[]]}, "recordings: '[]' is not an object"),
        ({"recordings": [{}]}, "Recording 1, recording_id: 'None' is not a string"),
        ({"recordings": [{"recording_id": ""}]}, "Recording 1: The recording's name is empty"),
        ({"recordings": [{"recording_id": "r", "channel": 0}]}, "Recording 1: The channel is 0"),
        ({"recordings": [{"recording_id": "r", "audio_length": -1}]}, "Recording 1: The recording's length"),
        ({"recordings": [{"recording_id": "r", "models": {"a": 1}}]}, "models: '1' is not a string"),
        (turn(start=2), "Recording 1, turn 1: The interval from 2.0 s to 1.0 s is empty"),
        (turn(start=None), "turn 1, start: 'None' is not a number"),
        (turn(start=True), "turn 1, start: 'True' is not a number"),
        (turn(end=10**400), "turn 1, end: "),
        (turn(speaker=""), "turn 1: The speaker's label '' is empty"),
        (turn(speaker=None), "turn 1, speaker: 'None' is not a string"),
        (turn(confidence=1.5), "turn 1: The confidence is 1.5"),
        (turn(text=5), "turn 1, text: '5' is not a string"),
    ],
)
def test_refused(changes: dict[str, Any], problem: str) -> None:
    document = {"schema": "diarist/diarization", "version": 1, "recordings": []} | changes
    with pytest.raises(ParseError) as caught:
        parse(json.dumps(document), recording_id="x")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no JSON"),
        ("null", "none of Diarist's"),
        ('{"schema": "diarist/diarization", "version": NaN}', "NaN is not a number of JSON"),
        ('{"schema": "diarist/diarization", "version": -Infinity}', "-Infinity is not a number of JSON"),
        ("[" * 200_000, "nested too deeply"),
        ('{"a":' * 200_000, "nested too deeply"),
        ("9" * 5000, "no JSON"),
        (serialise([FULL]).replace(str(1 / 3), "1e999"), "start: 'inf' is not a number"),
    ],
)
def test_documents_that_are_refused(text: str, problem: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text, recording_id="x")
    assert problem in str(caught.value)

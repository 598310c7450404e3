"""Label Studio: tasks with labelled regions of audio, to be corrected by people.

Label Studio's documentation, "Label Studio JSON format of annotated tasks" and the tags ``Labels``,
``Audio`` and ``TextArea``: a list of tasks, each with its ``data``, with ``annotations`` that
people made and ``predictions`` that programs made; a region's label and its text are two results
of the same ``id`` ::

    [{"data": {"audio": "meeting.wav"}, "predictions": [{"model_version": "builtin", "result": [
       {"id": "r1", "from_name": "labels", "to_name": "audio", "type": "labels",
        "value": {"start": 12.34, "end": 15.0, "channel": 0, "labels": ["SPEAKER_00"]}},
       {"id": "r1", "from_name": "transcription", "to_name": "audio", "type": "textarea",
        "value": {"start": 12.34, "end": 15.0, "channel": 0, "text": ["What was said."]}}]}]}]

Written are predictions, which Label Studio shows for correction; a turn's confidence is its region's
``score``. ``data.audio`` has to be a place where Label Studio finds the sound: replace it.

Read is, of each task, the annotation marked as ground truth, or the first that was not cancelled, or
the first prediction; and the export "JSON-MIN", in which a task's regions lie directly under the
name of the tag. A region with several labels is a turn of each. ``channel`` counts from 0 and is 0
in every file of one channel: see :func:`diarist.formats.common.by_recording`. The recording's name is
``data.recording_id``, which we write, or the stem of the audio's name without the eight hexadecimal
digits that an upload gets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from diarist.errors import InputError, ParseError
from diarist.formats.common import by_recording, known_confidence
from diarist.formats.strict_json import (
    dumps,
    entries,
    items,
    loads,
    number,
    optional_integer,
    optional_number,
    string,
)
from diarist.types import UNKNOWN, Diarization, Turn

NAME = "label-studio"
SUFFIXES = (".json",)

_UPLOADED = re.compile(r"[0-9a-f]{8}-(.+)")
_SHAPE = re.compile(r'"(?:annotations|predictions)"\s*:')
_MINIMAL = frozenset(("annotation_id", "annotator", "lead_time"))  # what JSON-MIN adds to every task
LABELS, TEXT, AUDIO = "labels", "transcription", "audio"

Fields = Mapping[str, Any]
Found = tuple[str, int | None, Turn]


def looks_like(text: str) -> bool:
    """Whether JSON is Label Studio's and not ours."""
    start = text[:100_000].lstrip()
    return start.startswith("[") or (_SHAPE.search(start) is not None and '"schema"' not in start)


def parse(text: str, *, recording_id: str) -> list[Diarization]:
    """One diarization a recording, or one a channel where its regions lie on several.

    Args:
        text: the file's.
        recording_id: the name of a recording whose task names none.

    Raises:
        ParseError: if the file holds no tasks, or a region's value is impossible.
    """
    document = loads(text)
    tasks = [document] if isinstance(document, dict) else items(document, "The file")
    found: list[Found] = []
    lengths: dict[str, float] = {}
    for index, fields in enumerate(tasks, start=1):
        task = entries(fields, f"Task {index}")
        name, turns, length = _task(task, f"Task {index}", recording_id)
        lengths[name] = max(length, lengths.get(name, 0.0))
        found += turns
    spoken = by_recording(found, source=NAME, otherwise=recording_id) if found else []
    silent = lengths.keys() - {diarization.recording_id for diarization in spoken}
    order = {name: index for index, name in enumerate(lengths)}
    return sorted(
        (
            replace(each, audio_length=lengths[each.recording_id] or None)
            for each in [*spoken, *(Diarization(name, source=NAME) for name in silent)]
        ),
        key=lambda each: order[each.recording_id],
    )


def serialise(diarizations: Sequence[Diarization]) -> str:
    """One task a diarization."""
    return dumps(
        [
            {
                "data": {AUDIO: diarization.recording_id, "recording_id": diarization.recording_id},
                "predictions": [
                    {"model_version": diarization.source or "diarist", "result": list(_regions(diarization))}
                ],
            }
            for diarization in diarizations
        ]
    )


def _task(task: Fields, where: str, otherwise: str) -> tuple[str, list[Found], float]:
    """The recording of a task, its turns with their channels, and its length, 0 where not known."""
    recording_id = _recording_id(entries(task.get("data"), f"{where}, data") or task, otherwise)
    result = _chosen(task, where) if "data" in task else _minimal(task, where)
    texts = _texts(result, where)
    found: list[Found] = []
    length = 0.0
    for index, region in enumerate(result, start=1):
        here = f"{where}, region {index}"
        found += [(recording_id, channel, turn) for channel, turn in _turns(region, texts, here)]
        length = max(
            length, optional_number(region.get("original_length"), f"{here}, original_length") or 0.0
        )
    return recording_id, found, length


def _chosen(task: Fields, where: str) -> list[Fields]:
    """The results of the annotation, or of the prediction, that counts."""
    made = [entries(each, where) for each in items(task.get("annotations"), f"{where}, annotations")]
    made = [each for each in made if not each.get("was_cancelled")]
    made.sort(key=lambda each: not each.get("ground_truth"))
    made += [entries(each, where) for each in items(task.get("predictions"), f"{where}, predictions")]
    result = items(made[0].get("result"), f"{where}, result") if made else []
    return [entries(each, f"{where}, result") for each in result]


def _minimal(task: Fields, where: str) -> list[Fields]:
    """The regions of a JSON-MIN task in the form of results; texts are matched by their order."""
    regions: list[dict[str, Any]] = []
    for value in task.values():
        if isinstance(value, list) and value and all(_is_region(each) for each in value):
            regions += [{"id": f"r{i}", "value": each} for i, each in enumerate(value)]
    texts = task.get(TEXT)
    texts = [texts] if isinstance(texts, str) else texts
    if isinstance(texts, list) and len(texts) == len(regions):
        for region, text in zip(list(regions), texts, strict=True):
            regions.append({"id": region["id"], "value": {"text": text}})
    elif not regions and _MINIMAL.isdisjoint(task):
        raise ParseError(f"{where}: no data and no regions.", "Give Label Studio's JSON or JSON-MIN.")
    return list(regions)


def _is_region(value: Any) -> bool:
    return isinstance(value, dict) and {"start", "end", "labels"} <= set(value)


def _texts(result: Sequence[Fields], where: str) -> dict[str, str]:
    """The text of each region that has one, by the region's id."""
    texts: dict[str, str] = {}
    for region in result:
        text = entries(region.get("value"), f"{where}, value").get("text")
        if text is not None:
            lines = text if isinstance(text, list) else [text]
            texts[str(region.get("id"))] = "\n".join(string(line, f"{where}, text") for line in lines)
    return texts


def _turns(region: Fields, texts: Mapping[str, str], where: str) -> Iterator[tuple[int | None, Turn]]:
    value = entries(region.get("value"), f"{where}, value")
    if "labels" not in value:
        return
    channel = optional_integer(value.get("channel"), f"{where}, channel")
    if channel is not None and not 0 <= channel < 1_000_000:
        raise ParseError(f"{where}: the channel is {channel}.", "Channels are counted from 0.")
    confidence = known_confidence(optional_number(region.get("score"), f"{where}, score"))
    start, end = number(value.get("start"), f"{where}, start"), number(value.get("end"), f"{where}, end")
    text = texts.get(str(region.get("id"))) or None
    for label in items(value["labels"], f"{where}, labels") or [UNKNOWN]:
        try:
            turn = Turn(start, end, string(label, f"{where}, label"), confidence, text)
        except ParseError:
            raise
        except InputError as error:
            raise ParseError(f"{where}: {error.problem}", error.remedy) from None
        yield None if channel is None else channel + 1, turn


def _recording_id(data: Fields, otherwise: str) -> str:
    name = data.get("recording_id")
    if isinstance(name, str) and name:
        return name
    places = [data.get(AUDIO), *data.values()]
    place = next((each for each in places if isinstance(each, str) and "." in each), "")
    try:
        file = PurePosixPath(unquote(urlsplit(place).path)).stem
    except ValueError:
        return otherwise
    uploaded = _UPLOADED.fullmatch(file)
    return (uploaded[1] if uploaded else file) or otherwise


def _regions(diarization: Diarization) -> Iterator[dict[str, Any]]:
    for index, turn in enumerate(diarization.turns, start=1):
        value = {"start": turn.start, "end": turn.end, "channel": (diarization.channel or 1) - 1}
        common: dict[str, Any] = {"id": f"r{index}", "to_name": AUDIO, "origin": "prediction"}
        if diarization.audio_length:
            common["original_length"] = diarization.audio_length
        score = {} if turn.confidence is None else {"score": turn.confidence}
        yield common | {
            "from_name": LABELS, "type": "labels", "value": value | {LABELS: [turn.speaker]},
        } | score  # fmt: skip
        if turn.text:
            yield common | {"from_name": TEXT, "type": "textarea", "value": value | {"text": [turn.text]}}

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diarist.errors import FormatError
from diarist.evaluation import Protocol, Scores, confidence_intervals, score
from diarist.evaluation.results import document, read_scores, scores_as_dict
from diarist.types import Diarization, Turn


def talk(*turns: tuple[float, float, str], name: str = "talk") -> Diarization:
    return Diarization(name, tuple(Turn(*turn) for turn in turns))


def scored(**rules: Any) -> Scores:
    reference = [talk((0, 10, "A"), (10, 20, "B")), talk((0, 5, "A"), name="call")]
    hypothesis = [talk((0, 12, "x"), (12, 20, "y"))]
    return score(reference, hypothesis, Protocol(**rules), system="mine")


def save(scores: Scores, path: Path) -> Path:
    content = document(scores.protocol, [scores_as_dict(scores, confidence_intervals(scores))])
    path.write_text(json.dumps(content))
    return path


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    scores = scored(collar_each_side=0.25, overlap="skipped", mapping="scored", frame_step=0.01)
    assert read_scores(save(scores, tmp_path / "s.json")) == [scores]


def test_the_document_holds_rates_and_intervals() -> None:
    scores = scored()
    saved = scores_as_dict(scores, confidence_intervals(scores))
    # 2 s of confusion and 5 s without a hypothesis, of 25 s
    assert saved["overall"]["der"] == pytest.approx(7 / 25)
    assert saved["overall"]["components"]["missed"] == 5
    assert saved["overall"]["intervals_95"]["der"] == pytest.approx([0.1, 1.0])
    assert saved["recordings"][0]["mapping"] == {"A": "x", "B": "y"}
    assert saved["recordings"][1]["has_hypothesis"] is False
    assert saved["notes"] == ["1 recording ('call') without a hypothesis: all speech missed."]


def test_undefined_is_null() -> None:
    scores = score([talk()], [talk((0, 1, "x"))])
    saved = json.loads(json.dumps(scores_as_dict(scores, {}), allow_nan=False))
    assert saved["overall"]["der"] is None
    assert saved["overall"]["components"]["false_alarm"] == 1


def test_a_system_without_a_name_is_called_by_its_file(tmp_path: Path) -> None:
    reference = [talk((0, 1, "A"))]
    [saved] = read_scores(save(score(reference, reference), tmp_path / "old.json"))
    assert saved.system == "old"


def change(path: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    content = json.loads(path.read_text())
    edit(content)
    path.write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda d: d.pop("kind"), "not what 'diarist score -f json' writes"),
        (lambda d: d.update(version=99), "later version"),
        (lambda d: d.pop("systems"), "'systems' is missing"),
        (lambda d: d["protocol"].update(collar_each_side=-1), "collar of -1 s"),
        (lambda d: d["protocol"].update(colour="red"), "colour"),
        (lambda d: d["systems"][0]["recordings"][0]["components"].update(total="much"), "total is 'much'"),
        (lambda d: d["systems"][0]["recordings"][0]["components"].update(total=float("inf")), "total is inf"),
        (lambda d: d["systems"][0]["recordings"][0].update(mapping=3), "holds no scores"),
        (lambda d: d["systems"][0]["recordings"][0]["components"].update(total=10**400), "total is 1000"),
        (lambda d: d["systems"][0]["recordings"][0]["components"].update(missed=-1), "missed is -1"),
        (lambda d: d["systems"][0]["recordings"].append(d["systems"][0]["recordings"][0]), "twice"),
        (lambda d: d["protocol"].update(collar_each_side=10**400), "holds no scores"),
    ],
)
def test_a_file_that_is_none_is_named(
    tmp_path: Path, edit: Callable[[dict[str, Any]], Any], reason: str
) -> None:
    path = save(scored(), tmp_path / "s.json")
    change(path, edit)
    with pytest.raises(FormatError, match=reason) as caught:
        read_scores(path)
    assert "s.json" in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"kind": 1}'])
def test_what_is_no_document(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"s\.json"):
        read_scores(path)

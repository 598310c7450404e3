from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from cli_fakes import Cli

from diarist.evaluation.config import BoundaryConfig

LINE = "SPEAKER talk 1 {} {} <NA> <NA> {} <NA> <NA>\n"


@pytest.fixture(autouse=True)
def _labels(cli: Cli) -> None:  # noqa: ARG001 - it goes into an empty folder
    turns = [(1, 4, "A"), (6, 4, "B"), (10, 5, "A")]
    # Starts 80 ms late, 300 ms early and right; ends right, 40 ms late and 700 ms early, which is not found.
    found = [(1.08, 3.92, "x"), (5.7, 4.34, "y"), (10, 4.3, "x")]
    for name, side in (("ref", turns), ("hyp", found)):
        Path(f"{name}.rttm").write_text("".join(LINE.format(*turn) for turn in side))


def rows(text: str) -> dict[str, dict[str, str]]:
    """Group → its row of all recordings."""
    return {
        row["boundaries"]: row for row in csv.DictReader(io.StringIO(text)) if row["recording"] == "OVERALL"
    }


def test_errors_of_a_hand_made_pair(cli: Cli) -> None:
    outcome = cli("boundaries", "ref.rttm", "hyp.rttm", "-f", "csv")
    assert outcome.code == 0
    found = rows(outcome.out)
    whole = found["all"]
    assert (whole["num_reference"], whole["num_matched"]) == ("6", "5")
    assert float(whole["bias"]) == pytest.approx((0.08 - 0.3 + 0 + 0 + 0.04) / 5)
    assert float(whole["mean_absolute"]) == pytest.approx((0.08 + 0.3 + 0 + 0 + 0.04) / 5)
    assert float(whole["median_absolute"]) == pytest.approx(0.04)
    assert float(whole["recall_0.05"]) == pytest.approx(3 / 6)
    assert float(whole["recall_0.5"]) == pytest.approx(5 / 6)
    assert float(whole["precision_0.1"]) == pytest.approx(4 / 6)
    assert float(found["start"]["bias"]) == pytest.approx((0.08 - 0.3) / 3)
    assert float(found["end"]["bias"]) == pytest.approx(0.04 / 2)
    # B ends where A begins: two boundaries of a change. The others have silence outside.
    assert {name: row["num_reference"] for name, row in found.items()} == {
        "all": "6", "speech edge": "4", "speaker change": "2", "overlap": "0", "start": "3", "end": "3",
    }  # fmt: skip


def test_the_table_says_what_it_is(cli: Cli) -> None:
    outcome = cli("boundaries", "ref.rttm", "hyp.rttm", "--window", "0.2")
    assert outcome.code == 0
    assert outcome.out.startswith("protocol: collar_each_side 0 s, overlap scored, region union")
    assert "errors of what is matched within 200 ms, late is positive" in outcome.out
    assert re.search(r"^all +6 +4 +30\.0", outcome.out, re.MULTILINE)  # (80 + 0 + 0 + 40) / 4
    assert re.search(r"^overlap +0 +0 +– ", outcome.out, re.MULTILINE)
    assert "recall / precision" in outcome.out
    assert "DER as the collar grows" in outcome.out


def test_json_holds_everything(cli: Cli) -> None:
    outcome = cli("boundaries", "ref.rttm", "--hyp", "a=hyp.rttm", "--hyp", "b=ref.rttm", "-f", "json")
    one, other = json.loads(outcome.out)["systems"]
    assert (one["system"], other["system"]) == ("a", "b")
    assert other["overall"]["all"]["mean_absolute"] == 0
    assert one["overall"]["overlap"]["bias"] is None
    assert one["protocol"]["collar_each_side"] == 0
    assert [point["collar_each_side"] for point in one["collar_curve"]] == [
        number / 20 for number in range(11)
    ]
    # 80 ms missed, 300 ms and 40 ms too much (the 40 ms while A speaks), 700 ms missed
    assert one["collar_curve"][0]["missed"] == pytest.approx(0.78)
    assert one["collar_curve"][0]["false_alarm"] == pytest.approx(0.34)
    assert one["error_by_distance"][-1]["share"] == pytest.approx(1.0)


def test_markdown_to_a_file(cli: Cli) -> None:
    outcome = cli("boundaries", "ref.rttm", "hyp.rttm", "-f", "md", "-o", "b.md")
    assert (outcome.code, outcome.out) == (0, "")
    assert "| all | 6 | 5 | -36.0 |" in Path("b.md").read_text()


def test_tolerances(cli: Cli) -> None:
    outcome = cli("boundaries", "ref.rttm", "hyp.rttm", "--tolerances", "0.3,0.001", "-f", "csv")
    assert float(rows(outcome.out)["all"]["recall_0.3"]) == pytest.approx(5 / 6)
    assert float(rows(outcome.out)["all"]["recall_0.001"]) == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--window", "0"], "A window of 0.0 s"),
        (["--window", "500"], "A window of 500.0 s"),
        (["--tolerances", "small"], "--tolerances 'small' are no numbers"),
        (["--tolerances", ""], "are no numbers"),
        (["--tolerances", "0.1,0.1"], "one twice"),
        (["--tolerances", "nan"], "A tolerance of nan s"),
        (["--change-gap", "-1"], "A gap of -1.0 s"),
        (["-o", "."], "is a folder"),
    ],
)
def test_what_cannot_be_meant_is_refused(cli: Cli, options: list[str], message: str) -> None:
    outcome = cli("boundaries", "ref.rttm", "hyp.rttm", *options)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_defaults_are_those_of_the_configuration(cli: Cli) -> None:
    text = cli("boundaries", "--help").out
    assert f"[default: {BoundaryConfig().window:g}]" in text
    assert ",".join(f"{tolerance:g}" for tolerance in BoundaryConfig().tolerances) in text

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cli_fakes import Cli

from diarist.evaluation.config import BootstrapConfig
from diarist.evaluation.protocol import PROTOCOLS

LINE = "SPEAKER {} 1 {} {} <NA> <NA> {} <NA> <NA>\n"


def write(path: str, *turns: tuple[str, float, float, str]) -> None:
    """RTTM: recording, start, length, speaker."""
    file = Path(path)
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(LINE.format(*turn) for turn in turns), encoding="utf-8")


@pytest.fixture(autouse=True)
def _labels(cli: Cli) -> None:  # noqa: ARG001 - it goes into an empty folder
    write("ref/talk.rttm", ("talk", 0, 10, "A"), ("talk", 10, 10, "B"))
    write("ref/call.rttm", ("call", 0, 4, "A"), ("call", 4, 6, "B"))
    write("hyp/talk.rttm", ("talk", 0, 12, "x"), ("talk", 12, 8, "y"))  # 2 s of confusion
    write("hyp/call.rttm", ("call", 1, 9, "x"))  # 1 s missed, 3 s of confusion


def scored(cli: Cli, *arguments: str) -> Any:
    outcome = cli("score", *arguments, "-f", "json")
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def test_the_table_has_every_recording_and_the_protocol(cli: Cli) -> None:
    outcome = cli("score", "ref", "hyp")
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[0] == (
        "protocol: collar_each_side 0 s, overlap scored, region union, mapping on the whole region"
    )
    cells = {line.split()[0]: line.split() for line in lines if re.match(r"(talk|call|OVERALL) ", line)}
    assert cells["talk"][1:6] == ["20.00", "10.00", "0.00", "0.00", "10.00"]
    assert cells["call"][1:6] == ["10.00", "40.00", "10.00", "0.00", "30.00"]
    assert cells["OVERALL"][1:6] == ["30.00", "20.00", "3.33", "0.00", "16.67"]
    assert re.search(r"DER +20\.00 % +10\.00 to 40\.00 +6\.000", outcome.out)
    assert "2 recordings are rough" in outcome.out


def test_json_holds_components_rates_and_protocol(cli: Cli) -> None:
    document = scored(cli, "ref", "hyp")
    assert document["protocol"] == {
        "collar_each_side": 0.0,
        "overlap": "scored",
        "mapping": "region",
        "region": "union",
        "frame_step": None,
    }
    [system] = document["systems"]
    assert system["system"] == "hyp"
    assert system["overall"]["der"] == pytest.approx(0.2)
    call, talk = sorted(system["recordings"], key=lambda one: str(one["recording_id"]))
    assert talk["components"]["confusion"] == 2
    assert (call["components"]["missed"], call["components"]["confusion"]) == (1, 3)
    assert call["mapping"] == {"B": "x"}


def test_csv_has_a_row_a_recording(cli: Cli) -> None:
    outcome = cli("score", "ref", "hyp", "-f", "csv", "--protocol", "fair")
    rows = {row["recording"]: row for row in csv.DictReader(io.StringIO(outcome.out))}
    assert set(rows) == {"talk", "call", "OVERALL"}
    assert {row["collar_each_side"] for row in rows.values()} == {"0.25"}
    assert float(rows["talk"]["confusion"]) == 1.75
    assert float(rows["talk"]["total"]) == 19  # 20 s less 0.25 at both ends and 0.5 at the change


def test_markdown(cli: Cli) -> None:
    outcome = cli("score", "ref", "hyp", "-f", "md", "-o", "out/scores.md")
    assert (outcome.code, outcome.out) == (0, "")
    text = Path("out/scores.md").read_text()
    assert text.startswith("Protocol: collar\\_each\\_side 0 s") or text.startswith("Protocol: collar_each")
    assert "| talk | 20.00 | 10.00 |" in text


def test_options_change_the_protocol(cli: Cli) -> None:
    document = scored(
        cli, "ref", "hyp", "--protocol", "forgiving", "--collar-each-side", "0.1", "--mapping", "scored"
    )
    assert document["protocol"]["collar_each_side"] == 0.1
    assert document["protocol"]["overlap"] == "skipped"
    assert document["protocol"]["mapping"] == "scored"


def test_a_uem_is_the_region(cli: Cli) -> None:
    Path("all.uem").write_text("talk 1 0 11\ncall 1 0 1\ncall 1 5 10\n")
    document = scored(cli, "ref", "hyp", "--uem", "all.uem")
    assert document["protocol"]["region"] == "uem"
    talk, call = sorted(document["systems"][0]["recordings"], key=lambda one: -one["components"]["total"])
    assert (talk["components"]["total"], talk["components"]["confusion"]) == (11, 1)
    assert (call["components"]["total"], call["components"]["missed"]) == (6, 1)


def test_a_uem_that_names_one_recording_leaves_the_other_out(cli: Cli) -> None:
    Path("all.uem").write_text("talk 1 0 20\n")
    outcome = cli("score", "ref", "hyp", "--uem", "all.uem")
    assert outcome.code == 0
    assert "warning: 1 recording ('call') not in the UEM: not scored." in outcome.err
    assert "\ncall " not in outcome.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--region", "uem"], "a UEM is not given"),
        (["--uem", "all.uem", "--region", "union"], "a UEM is given"),
        (["--collar-each-side", "-1"], "A collar of -1.0 s"),
        (["--collar-each-side", "nan"], "A collar of nan s"),
        (["--frame-step", "0"], "A frame step of 0.0 s"),
        (["--resamples", "3"], "3 resamples"),
        (["--protocol", "fairest"], "'fairest' is not one of"),
        (["--hyp", "a=hyp"], "not both"),
        (["--pictures", "ref/talk.rttm"], "talk.rttm"),
        (["-o", "ref"], "is a folder"),
    ],
)
def test_what_cannot_be_meant_is_refused(cli: Cli, options: list[str], message: str) -> None:
    Path("all.uem").write_text("talk 1 0 20\n")
    outcome = cli("score", "ref", "hyp", *options)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ref"], "Give HYP, or --hyp NAME=PATH"),
        (["nothing", "hyp"], "'nothing' does not exist"),
        (["ref", "*.textgrid"], "No file matches"),
        (["ref", "--hyp", "hyp"], "'hyp' is not NAME=PATH"),
        (["ref", "--hyp", "a=hyp", "--hyp", "a=ref"], "Two systems are called 'a'"),
        (["http://example.org/ref.rttm", "hyp"], "does not go online"),
        (["", "hyp"], "empty"),
    ],
)
def test_inputs_that_mean_nothing(cli: Cli, arguments: list[str], message: str) -> None:
    outcome = cli("score", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_a_bad_file_does_not_lose_the_others(cli: Cli) -> None:
    write("hyp/call.rttm", ("call", 1, 9, "x"), ("call", 3, -1, "x"))
    outcome = cli("score", "ref", "hyp", "-f", "json")
    assert outcome.code == 2
    error, warning = outcome.err.splitlines()
    assert "call.rttm" in error
    assert "Line 2" in error
    assert "SPEAKER call 1 3 -1" in error
    assert "not scored, because of files that cannot be read: 'call'." in warning
    [system] = json.loads(outcome.out)["systems"]
    assert [one["recording_id"] for one in system["recordings"]] == ["talk"]


def test_a_bad_reference_leaves_its_recording_out(cli: Cli) -> None:
    Path("ref/call.rttm").write_text("SPEAKER call 1 nan 4 <NA> <NA> A <NA> <NA>\n")
    outcome = cli("score", "ref", "hyp", "-f", "json")
    assert outcome.code == 2
    assert [one["recording_id"] for one in json.loads(outcome.out)["systems"][0]["recordings"]] == ["talk"]


def test_nothing_left_to_score(cli: Cli) -> None:
    Path("ref/call.rttm").write_text("SPEAKER\n")
    outcome = cli("score", "ref/call.rttm", "hyp")
    assert (outcome.code, outcome.out) == (2, "")
    [line] = outcome.err.splitlines()
    assert "call.rttm" in line
    assert "1 fields instead of 10" in line


def test_without_a_hypothesis_all_is_missed(cli: Cli) -> None:
    Path("hyp/call.rttm").unlink()
    outcome = cli("score", "ref", "hyp", "-f", "json")
    assert outcome.code == 0
    assert "1 recording ('call') without a hypothesis: all speech missed." in outcome.err
    assert json.loads(outcome.out)["systems"][0]["overall"]["components"]["missed"] == 10


def test_without_a_reference_it_is_not_scored(cli: Cli) -> None:
    write("hyp/other.rttm", ("other", 0, 100, "x"))
    outcome = cli("score", "ref", "hyp", "-f", "json")
    assert outcome.code == 0
    assert "1 recording ('other') without a reference: not scored." in outcome.err
    assert json.loads(outcome.out)["systems"][0]["overall"]["der"] == pytest.approx(0.2)


def test_an_empty_reference_has_no_der(cli: Cli) -> None:
    Path("ref/talk.rttm").write_text("")
    outcome = cli("score", "ref/talk.rttm", "hyp/talk.rttm")
    assert outcome.code == 0
    assert "without scored speech in the reference: no DER of its own" in outcome.err
    [line] = [line for line in outcome.out.splitlines() if line.startswith("DER")]
    assert line.split()[1] == "–"
    document = scored(cli, "ref/talk.rttm", "hyp/talk.rttm")
    assert document["systems"][0]["overall"]["der"] is None
    assert document["systems"][0]["overall"]["components"]["false_alarm"] == 20


def test_names_that_do_not_meet_are_explained(cli: Cli) -> None:
    write("hyp/talk.rttm", ("TALK-final", 0, 12, "x"), ("TALK-final", 12, 8, "y"))
    outcome = cli("score", "ref/talk.rttm", "hyp/talk.rttm")
    assert "no recording is on both sides" in outcome.err
    assert "--named-by file" in outcome.err
    document = scored(cli, "ref/talk.rttm", "hyp/talk.rttm", "--named-by", "file")
    assert document["systems"][0]["overall"]["der"] == pytest.approx(0.1)


def test_two_files_are_a_pair_by_file(cli: Cli) -> None:
    Path("hyp/talk.rttm").rename("hyp/mine.rttm")
    document = scored(cli, "ref/talk.rttm", "hyp/mine.rttm", "--named-by", "file")
    assert document["systems"][0]["overall"]["der"] == pytest.approx(0.1)


def test_other_formats(cli: Cli) -> None:
    assert cli("convert", "ref/*.rttm", "-f", "textgrid", "-o", "grids").code == 0
    assert cli("convert", "hyp/*.rttm", "-f", "json", "-o", "jsons").code == 0
    assert scored(cli, "grids", "jsons")["systems"][0]["overall"]["der"] == pytest.approx(0.2)


def test_of_a_folder_rttm_is_taken(cli: Cli) -> None:
    assert cli("convert", "hyp/*.rttm", "-f", "json,csv", "-o", "hyp").code == 0
    assert scored(cli, "ref", "hyp")["systems"][0]["overall"]["der"] == pytest.approx(0.2)
    for path in Path("hyp").glob("*.rttm"):
        path.unlink()
    outcome = cli("score", "ref", "hyp")
    assert outcome.code == 2
    assert "holds labels in several formats: csv, json" in outcome.err.replace("json, csv", "csv, json")


def test_a_folder_without_labels(cli: Cli) -> None:
    Path("empty").mkdir()
    outcome = cli("score", "ref", "empty")
    assert (outcome.code, outcome.out) == (2, "")
    assert "'empty' holds no labels" in outcome.err


def test_systems_are_ranked(cli: Cli) -> None:
    write("best/talk.rttm", ("talk", 0, 10, "x"), ("talk", 10, 10, "y"))
    write("best/call.rttm", ("call", 0, 4, "x"), ("call", 4, 5, "y"))
    outcome = cli("score", "ref", "--hyp", "old=hyp", "--hyp", "new=best")
    assert outcome.code == 0
    assert re.search(r"1 +new +30\.00 +3\.33", outcome.out)
    assert re.search(r"2 +old +30\.00 +20\.00", outcome.out)
    assert re.search(r"too few recordings to tell new from old +-16\.67 +-30\.00 to -10\.00", outcome.out)
    document = scored(cli, "ref", "--hyp", "old=hyp", "--hyp", "new=best")
    assert document["ranking"]["order"] == ["new", "old"]
    assert [system["system"] for system in document["systems"]] == ["new", "old"]


def test_saved_scores_are_ranked(cli: Cli) -> None:
    for name in ("ref", "hyp"):
        assert cli("score", "ref", name, "-f", "json", "-o", f"{name}.json").code == 0
    outcome = cli("rank", "hyp.json", "ref.json")
    assert outcome.code == 0
    assert "too few recordings to tell ref from hyp" in outcome.out


def test_systems_of_one_name_are_called_by_their_files(cli: Cli) -> None:
    for name in ("new", "old"):
        assert cli("score", "ref", "hyp", "-f", "json", "-o", f"{name}.json").code == 0
    outcome = cli("rank", "*.json")
    assert "too few recordings to tell new from old" in outcome.out


def test_different_protocols_are_not_ranked(cli: Cli) -> None:
    assert cli("score", "ref", "hyp", "-f", "json", "-o", "full.json").code == 0
    assert cli("score", "ref", "hyp", "--protocol", "fair", "-f", "json", "-o", "fair.json").code == 0
    outcome = cli("rank", "full.json", "fair.json")
    assert (outcome.code, outcome.out) == (2, "")
    assert "different protocols: collar_each_side is 0.0 in one and 0.25 in the other" in outcome.err


def test_one_system_is_not_ranked(cli: Cli) -> None:
    assert cli("score", "ref", "hyp", "-f", "json", "-o", "full.json").code == 0
    assert "One system alone" in cli("rank", "full.json").err


def test_words_are_scored(cli: Cli) -> None:
    Path("ref.srt").write_text(
        "1\n00:00:00,000 --> 00:00:02,000\n[A] one two\n\n2\n00:00:02,000 --> 00:00:04,000\n[B] three\n"
    )
    Path("hyp.srt").write_text("1\n00:00:00,000 --> 00:00:04,000\n[x] one two three\n")
    Path("hyp.srt").rename("hyp/ref.srt")
    outcome = cli("score", "ref", "hyp", "--words", "ref.srt", "hyp/ref.srt")
    assert outcome.code == 0, outcome.err
    [line] = [line for line in outcome.out.splitlines() if line.startswith("ref ")]
    assert line.split() == ["ref", "3", "66.67", "1", "1", "0", "3", "1", "33.33"]


def test_words_where_there_are_none(cli: Cli) -> None:
    outcome = cli("score", "ref", "hyp", "--words", "ref/talk.rttm", "hyp/talk.rttm")
    assert outcome.code == 2
    assert "holds no words" in outcome.err


def test_help_defines_the_protocols(cli: Cli) -> None:
    text = cli("score", "--help").out
    for name, (_, meaning) in PROTOCOLS.items():
        assert re.search(rf"{name} +{re.escape(meaning)}", text)
    assert str(BootstrapConfig().resamples) in text


def test_one_time_beyond_use_does_not_lose_the_others(cli: Cli) -> None:
    write("hyp/call.rttm", ("call", 1e12, 1, "x"))
    outcome = cli("score", "ref", "hyp", "-f", "json")
    assert outcome.code == 2
    assert "call.rttm" in outcome.err.splitlines()[0]
    assert "A time of 1e+12 s" in outcome.err
    assert [one["recording_id"] for one in json.loads(outcome.out)["systems"][0]["recordings"]] == ["talk"]


def test_a_hypothesis_of_which_nobody_knows_what_it_holds(cli: Cli) -> None:
    """It may be the one that is missing: that recording is not called all missed."""
    Path("hyp/call.rttm").rename("hyp/unknown.rttm")
    Path("hyp/unknown.rttm").write_bytes(b"\x00\xff")
    outcome = cli("score", "ref", "hyp", "-f", "json")
    assert outcome.code == 2
    assert "because of files that cannot be read: 'call'" in outcome.err
    assert [one["recording_id"] for one in json.loads(outcome.out)["systems"][0]["recordings"]] == ["talk"]


@pytest.mark.parametrize("command", ["score", "boundaries"])
def test_an_unreadable_hypothesis_is_not_all_missed(cli: Cli, command: str) -> None:
    Path("broken.json").write_text("{")
    outcome = cli(command, "ref", "broken.json")
    assert (outcome.code, outcome.out) == (2, "")
    [line] = outcome.err.splitlines()
    assert "broken.json" in line


@pytest.mark.parametrize("command", ["score", "boundaries"])
def test_inputs_are_not_overwritten(cli: Cli, command: str) -> None:
    Path("all.uem").write_text("talk 1 0 20\n")
    for name in ("ref/talk.rttm", "hyp/talk.rttm", "all.uem"):
        before = Path(name).read_text()
        outcome = cli(command, "ref/talk.rttm", "hyp/talk.rttm", "--uem", "all.uem", "-o", name)
        assert (outcome.code, outcome.out) == (2, "")
        assert "would replace an input" in outcome.err
        assert Path(name).read_text() == before


def test_rank_does_not_overwrite_what_it_ranks(cli: Cli) -> None:
    for name in ("new", "old"):
        assert cli("score", "ref", "hyp", "-f", "json", "-o", f"{name}.json").code == 0
    assert "would replace an input" in cli("rank", "new.json", "old.json", "-o", "old.json").err


def test_files_of_one_name_are_told_apart_by_their_folders(cli: Cli) -> None:
    for name in ("new", "old"):
        assert cli("score", "ref", "hyp", "-f", "json", "-o", f"{name}/s.json").code == 0
    assert "too few recordings to tell" in cli("rank", "new/s.json", "old/s.json").out


@pytest.mark.parametrize("command", ["score", "boundaries"])
def test_a_uem_that_names_nothing(cli: Cli, command: str) -> None:
    Path("all.uem").write_text("talk.wav 1 0 20\n")
    outcome = cli(command, "ref", "hyp", "--uem", "all.uem")
    assert (outcome.code, outcome.out) == (2, "")
    assert "The UEM names none of the recordings" in outcome.err


def test_boundaries_say_what_is_missing(cli: Cli) -> None:
    Path("hyp/call.rttm").unlink()
    outcome = cli("boundaries", "ref", "--hyp", "a=hyp", "--hyp", "b=ref")
    assert "a: 1 recording ('call') without a hypothesis" in outcome.err
    assert "b: " not in outcome.err


def test_a_systems_name_cannot_steer_a_terminal(cli: Cli) -> None:
    for command in ("score", "boundaries"):
        assert "\x1b" not in cli(command, "ref", "--hyp", "\x1b[31mred=hyp").out


def test_systems_of_one_name_to_a_file_system_keep_their_pictures(cli: Cli) -> None:
    outcome = cli("score", "ref", "--hyp", "a/b=hyp", "--hyp", "a_b=ref", "--pictures", "out")
    assert outcome.code == 0, outcome.err
    assert len(list(Path("out").glob("*/errors.png"))) == 2


def test_no_folder_for_pictures(cli: Cli) -> None:
    assert "--pictures is empty" in cli("score", "ref", "hyp", "--pictures", "").err


def test_two_files_whose_format_has_no_names_are_a_pair(cli: Cli) -> None:
    for side in ("ref", "hyp"):
        assert cli("convert", f"{side}/talk.rttm", "-f", "textgrid", "-o", f"{side}.TextGrid").code == 0
    outcome = cli("score", "ref.TextGrid", "hyp.TextGrid", "-f", "json")
    assert outcome.code == 0
    assert "'ref' and 'hyp' are taken for the same recording" in outcome.err
    assert json.loads(outcome.out)["systems"][0]["overall"]["der"] == pytest.approx(0.1)


SUBTITLE = "1\n00:00:00,000 --> 00:00:02,000\n[A] one two\n"


def test_words_of_two_files_are_a_pair(cli: Cli) -> None:
    Path("mine.srt").write_text(SUBTITLE)
    Path("theirs.srt").write_text(SUBTITLE.replace("two", "too"))
    outcome = cli("score", "ref", "hyp", "--words", "mine.srt", "theirs.srt", "-f", "json")
    assert json.loads(outcome.out)["words"]["overall"]["cp_wer"] == 0.5


def test_words_that_cannot_be_read_do_not_lose_the_others(cli: Cli) -> None:
    for side in ("a", "b"):
        Path(side).mkdir()
        for name in ("one", "two"):
            Path(side, f"{name}.srt").write_text(SUBTITLE)
    Path("b/two.srt").write_bytes(b"\x00\xff")
    outcome = cli("score", "ref", "hyp", "--words", "a", "b", "-f", "json")
    assert outcome.code == 2
    assert "two.srt" in outcome.err.splitlines()[0]
    assert "words: 1 recording ('two') without a hypothesis" in outcome.err
    assert len(json.loads(outcome.out)["words"]["recordings"]) == 2


def test_words_go_where_they_can_be_shown(cli: Cli) -> None:
    Path("mine.srt").write_text(SUBTITLE)
    for format in ("csv", "html"):
        outcome = cli("score", "ref", "hyp", "--words", "mine.srt", "mine.srt", "-f", format)
        assert (outcome.code, outcome.out) == (2, "")
        assert f"--words does not go into {format}" in outcome.err


def test_a_name_too_long_for_a_file(cli: Cli) -> None:
    outcome = cli("score", "ref", "hyp", "-o", "x" * 300)
    assert outcome.code == 2
    assert "cannot be written" in outcome.err


def test_the_page_is_written_whole(cli: Cli) -> None:
    assert cli("score", "ref", "hyp", "-f", "html", "-o", "report.html").code == 0
    page = Path("report.html").read_text(encoding="utf-8")
    assert "20.00" in page
    assert "collar_each_side 0 s, overlap scored" in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_every_form_says_how_rough_the_intervals_are(cli: Cli) -> None:
    for format in ("table", "md", "json", "html"):
        assert "from 2 recordings are rough" in cli("score", "ref", "hyp", "-f", format).out


def test_rank_takes_the_json_files_of_a_folder(cli: Cli) -> None:
    for name in ("new", "old"):
        assert cli("score", "ref", "hyp", "-f", "json", "-o", f"saved/{name}.json").code == 0
    Path("saved/r.rttm").write_text("")
    assert "too few recordings to tell new from old" in cli("rank", "saved").out


def test_channels_on_one_side_are_explained(cli: Cli) -> None:
    text = Path("ref/talk.rttm").read_text()
    Path("ref/talk.rttm").write_text(text + text.replace("talk 1", "talk 2"))
    assert "One side has channels" in cli("score", "ref/talk.rttm", "hyp/talk.rttm").err


@pytest.mark.parametrize("options", [["--uem", ""], ["-o", ""], ["-o", "x" * 300], ["-o", "ref/talk.rttm/x"]])
def test_what_cannot_be_written_or_read_is_found_before_any_work(cli: Cli, options: list[str]) -> None:
    for command in ("score", "boundaries"):
        outcome = cli(command, "ref", "hyp", *options)
        assert (outcome.code, outcome.out) == (2, "")
        assert len(outcome.err.splitlines()) == 1


def test_boundaries_are_not_counted_in_frames(cli: Cli) -> None:
    assert "never counted in frames" in cli("boundaries", "ref", "hyp", "--frame-step", "0.01").err

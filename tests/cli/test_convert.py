from __future__ import annotations

from pathlib import Path

import pytest
from cli_fakes import Cli

ONE = (
    "SPEAKER talk 1 0.000 1.500 <NA> <NA> Ann <NA> <NA>\nSPEAKER talk 1 1.000 1.000 <NA> <NA> Bob <NA> <NA>\n"
)
OTHER = ONE.replace("talk", "call")


@pytest.fixture(autouse=True)
def _labels(tmp_path: Path) -> None:
    (tmp_path / "talk.rttm").write_text(ONE)
    (tmp_path / "both.rttm").write_text(ONE + OTHER)


def folder(path: str) -> set[str]:
    return {path.name for path in Path(path).iterdir()}


def test_one_file_goes_to_standard_output(cli: Cli) -> None:
    outcome = cli("convert", "talk.rttm", "-f", "textgrid")
    assert (outcome.code, outcome.err) == (0, "")
    assert 'class = "IntervalTier"' in outcome.out
    assert '"Ann"' in outcome.out


def test_and_back_again(cli: Cli) -> None:
    for format in ("json", "textgrid", "eaf", "csv", "vtt"):
        assert cli("convert", "talk.rttm", "-f", format, "-o", "there").code == 0
        [there] = Path("there").iterdir()
        outcome = cli("convert", str(there), "-f", "rttm", "--from", format)
        assert [line.split()[:5] for line in outcome.out.splitlines()] == [
            line.split()[:5] for line in ONE.splitlines()
        ]
        there.unlink()


def test_a_path_with_the_suffix_is_a_file(cli: Cli) -> None:
    outcome = cli("convert", "talk.rttm", "-f", "csv", "-o", "new/mine.csv")
    assert outcome.code == 0
    assert outcome.err == f"written: {Path('new/mine.csv')}\n"
    assert folder("new") == {"mine.csv"}


def test_several_recordings_stay_together_where_the_format_can_hold_them(cli: Cli) -> None:
    assert cli("convert", "both.rttm", "-f", "csv,srt", "-o", "out").code == 0
    assert folder("out") == {"both.csv", "talk.srt", "call.srt"}


def test_several_files_become_one_where_one_is_named(cli: Cli) -> None:
    Path("call.rttm").write_text(OTHER)
    assert cli("convert", "[tc]al[kl].rttm", "-f", "rttm", "-o", "all.rttm").code == 0
    assert Path("all.rttm").read_text().count("SPEAKER") == 4
    outcome = cli("convert", "talk.rttm", "both.rttm", "-f", "rttm", "-o", "all.rttm")
    assert outcome.code == 2
    assert "'talk' is given twice" in outcome.err


def test_one_file_that_cannot_be_read_does_not_stop_the_others(cli: Cli) -> None:
    Path("broken.rttm").write_text("SPEAKER talk 1 nought\n")
    outcome = cli("convert", "broken.rttm", "no.rttm", "no*.rttm", "talk.rttm", "-f", "srt", "-o", "out")
    assert outcome.code == 2
    assert folder("out") == {"talk.srt"}
    errors = [line for line in outcome.err.splitlines() if "error" in line]
    assert [name in error for name, error in zip(("broken.rttm", "no.rttm", "no*"), errors, strict=True)] == [
        True
    ] * 3


def test_two_of_one_name_are_refused(cli: Cli) -> None:
    outcome = cli("convert", "talk.rttm", "both.rttm", "-f", "srt", "-o", "out")
    assert outcome.code == 2
    errors = outcome.err.splitlines()
    assert len(errors) == 2
    assert all("would be the same file" in error and "another -o" in error for error in errors)
    assert not Path("out").exists()


def test_a_clash_does_not_stop_the_others(cli: Cli) -> None:
    Path("alone.rttm").write_text(ONE.replace("talk", "alone"))
    outcome = cli("convert", "talk.rttm", "both.rttm", "alone.rttm", "-f", "srt", "-o", "out")
    assert outcome.code == 2
    assert folder("out") == {"alone.srt"}
    assert cli("convert", "talk.rttm", "both.rttm", "out/alone.srt", "-f", "rttm", "-o", ".").code == 2
    assert Path("talk.rttm").read_text() == ONE
    assert Path("both.rttm").read_text() == ONE + OTHER
    assert Path("alone.rttm").is_file()


def test_a_file_is_not_replaced_by_its_own_copy(cli: Cli) -> None:
    outcome = cli("convert", "talk.rttm", "-f", "rttm", "-o", ".")
    assert outcome.code == 2
    assert "'talk.rttm'" in outcome.err
    assert Path("talk.rttm").read_text() == ONE


def test_a_recording_cannot_name_a_file_outside(cli: Cli) -> None:
    for name in ("../../up", "/tmp/up", "..", "a\x1bb"):
        Path("evil.rttm").write_text(ONE.replace("talk", name))
        outcome = cli("convert", "evil.rttm", "-f", "srt", "-o", "out/deep")
        assert outcome.code == 0
        assert "\x1b" not in outcome.err
    assert folder("out") == {"deep"}
    assert len(folder("out/deep")) == 4


def test_unknown_formats_and_a_bad_folder_are_one_line(cli: Cli) -> None:
    for options, value in (
        (("-f", "docx"), "docx"),
        (("-f", "srt", "--from", "docx"), "docx"),
        (("-f", "srt", "-o", "talk.rttm/x"), "talk.rttm/x"),
    ):
        outcome = cli("convert", "talk.rttm", *options)
        assert outcome.code == 2
        assert outcome.err.count("\n") == 1
        assert value in outcome.err


def test_formats_are_listed(cli: Cli) -> None:
    outcome = cli("formats")
    assert outcome.code == 0
    assert {"rttm", "json", "textgrid"} <= {line.split()[0] for line in outcome.out.splitlines()}


def test_a_suffix_that_contradicts_the_format_is_no_folder(cli: Cli) -> None:
    outcome = cli("convert", "talk.rttm", "-f", "rttm", "-o", "res.json")
    assert outcome.code == 2
    assert "-o 'res.json' looks like a json file, and the format is rttm. Add -f json" in outcome.err
    assert not Path("res.json").exists()


@pytest.mark.parametrize(("options", "glob"), [((), "*.rttm"), (("--from", "elan"), "*.eaf")])
def test_the_glob_for_a_folder_fits(cli: Cli, options: tuple[str, ...], glob: str) -> None:
    Path("labels").mkdir()
    outcome = cli("convert", "labels", "-f", "csv", *options)
    assert outcome.code == 2
    assert f"Name its files by a glob: {str(Path('labels', glob))!r}." in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [("a.uem", "-f", "rttm"), ("talk.rttm", "-f", "uem"), ("talk.rttm", "-f", "csv", "--from", "uem")],
)
def test_uem_holds_no_labels(cli: Cli, arguments: tuple[str, ...]) -> None:
    Path("a.uem").write_text("talk 1 0.000 9.000\n")
    outcome = cli("convert", *arguments)
    assert outcome.code == 2
    expected = "UEM holds regions, not labels: use diarist.formats.read_uem and write_uem in Python.\n"
    assert outcome.err.endswith(expected)


def test_what_is_no_file_is_shown_as_it_was_given(cli: Cli) -> None:
    outcome = cli("convert", "http://example.com/a.rttm?b=1", "", "-f", "csv")
    assert outcome.code == 2
    url, empty = outcome.err.splitlines()
    assert "'http://example.com/a.rttm?b=1'" in url
    assert url.endswith("Download it first.")
    assert "The name of a file is empty." in empty

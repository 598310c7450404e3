from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import click
import pytest
from cli_fakes import Cli, FakeDiarizer, Wav

from diarist.cli.diarize import command
from diarist.errors import AudioDecodeError, ModelFileError
from diarist.workflows.diarize import DEFAULTS

pytestmark = pytest.mark.usefixtures("engine")


def error_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("diarist: error:")]


class TestOneFile:
    def test_labels_go_to_standard_output_and_the_summary_to_standard_error(self, cli: Cli, wav: Wav) -> None:
        outcome = cli("diarize", str(wav("talk.wav")))
        assert outcome.code == 0
        assert [line.split()[:2] for line in outcome.out.splitlines()] == [["SPEAKER", "talk"]] * 2
        assert "talk: 2 speakers, 2 turns" in outcome.err
        assert "SPEAKER_00" in outcome.err
        assert "60.0 %" in outcome.err
        assert "audio_length 2.00 s, processing_time" in outcome.err
        assert "times real time" in outcome.err
        assert list(Path().iterdir()) == [Path("talk.wav")]

    def test_several_formats_go_to_the_current_folder_which_is_said(self, cli: Cli, wav: Wav) -> None:
        wav("talk.wav")
        outcome = cli("diarize", "talk.wav", "-f", "rttm,json,rttm")
        assert outcome.code == 0
        assert outcome.out == ""
        assert {path.name for path in Path().iterdir()} == {"talk.wav", "talk.rttm", "talk.json"}
        assert "written: talk.rttm, talk.json" in outcome.err

    def test_a_folder_is_made(self, cli: Cli, wav: Wav) -> None:
        wav("talk.wav")
        outcome = cli("diarize", "talk.wav", "-o", "new/labels")
        assert outcome.code == 0
        assert outcome.out == ""
        assert [path.name for path in Path("new/labels").iterdir()] == ["talk.rttm"]

    def test_a_path_with_the_suffix_of_the_format_is_a_file(self, cli: Cli, wav: Wav) -> None:
        wav("talk.wav")
        assert cli("diarize", "talk.wav", "-o", "mine.rttm").code == 0
        assert Path("mine.rttm").is_file()

    @pytest.mark.parametrize(
        ("output", "formats", "message"),
        [
            (
                "res.json",
                "rttm",
                "looks like a json file, and the format is rttm. Add -f json, or give a folder.",
            ),
            ("res.TXT", "json", "looks like a txt file, and the format is json. Add -f txt,"),
            (
                "res.srt",
                "srt,json",
                "looks like an srt file, and several formats are asked for. Give a folder.",
            ),
        ],
    )
    def test_a_suffix_that_contradicts_the_format_is_no_folder(
        self, cli: Cli, engine: FakeDiarizer, wav: Wav, output: str, formats: str, message: str
    ) -> None:
        outcome = cli("diarize", str(wav("talk.wav")), "-f", formats, "-o", output)
        assert outcome.code == 2
        assert f"-o {output!r} {message}" in outcome.err
        assert engine.calls == []
        assert list(Path().iterdir()) == [Path("talk.wav")]

    @pytest.mark.parametrize(
        ("output", "format", "made"),
        [
            ("res.json/", "rttm", "res.json/talk.rttm"),
            ("v1.2", "rttm", "v1.2/talk.rttm"),
            ("a.textgrid", "textgrid", "a.textgrid"),
            ("a.txt", "audacity", "a.txt"),
            ("a.label-studio.json", "label-studio", "a.label-studio.json"),
            ("a.json", "label-studio", "a.json"),
        ],
    )
    def test_folders_and_files(self, cli: Cli, wav: Wav, output: str, format: str, made: str) -> None:
        assert cli("diarize", str(wav("talk.wav")), "-f", format, "-o", output).code == 0
        assert Path(made).is_file()

    def test_a_folder_may_be_called_like_a_file(self, cli: Cli, wav: Wav) -> None:
        Path("res.json").mkdir()
        assert cli("diarize", str(wav("talk.wav")), "-o", "res.json").code == 0
        assert Path("res.json/talk.rttm").is_file()

    @pytest.mark.parametrize("terminal", [False, True])
    @pytest.mark.parametrize("error", [OSError("gone"), BrokenPipeError(), ValueError("closed")])
    def test_labels_come_even_where_nothing_can_be_said(
        self, cli: Cli, wav: Wav, monkeypatch: pytest.MonkeyPatch, error: Exception, terminal: bool
    ) -> None:
        class Gone(io.StringIO):
            def write(self, _: str) -> int:
                raise error

            def flush(self) -> None:
                raise error

            def isatty(self) -> bool:
                return terminal

        monkeypatch.setenv("TERM", "xterm")
        path = str(wav("talk.wav"))
        monkeypatch.setattr(sys, "stderr", Gone())
        outcome = cli("diarize", path)
        assert outcome.code == 0
        assert outcome.out.count("SPEAKER talk") == 2

    def test_what_was_there_is_replaced(self, cli: Cli, wav: Wav) -> None:
        wav("talk.wav")
        Path("talk.rttm").write_text("old")
        assert cli("diarize", "talk.wav", "-o", ".").code == 0
        assert "SPEAKER" in Path("talk.rttm").read_text()
        assert {path.name for path in Path().iterdir()} == {"talk.wav", "talk.rttm"}

    def test_quiet_says_nothing_but_warnings(self, cli: Cli, engine: FakeDiarizer, wav: Wav) -> None:
        engine.result_notes = ("Only two voices.",)
        outcome = cli("diarize", str(wav("talk.wav")), "--quiet")
        assert outcome.err == "diarist: warning: talk: Only two voices.\n"
        assert outcome.out.count("\n") == 2

    def test_progress_is_plain_lines_where_there_is_no_terminal(self, cli: Cli, wav: Wav) -> None:
        lines = cli("diarize", str(wav("talk.wav"))).err.splitlines()
        assert lines[0].startswith("talk: segmentation done in ")
        assert lines[1].startswith("talk: embedding done in ")

    def test_plot_draws_both_pictures(self, cli: Cli, wav: Wav) -> None:
        outcome = cli("diarize", str(wav("talk.wav")), "--plot")
        assert outcome.code == 0
        assert outcome.out.startswith("SPEAKER talk")
        assert Path("talk.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in Path("talk.svg").read_text()
        assert "written: talk.png, talk.svg" in outcome.err


class TestSeveralFiles:
    def test_each_is_named_for_its_recording(self, cli: Cli, wav: Wav) -> None:
        wav("a.wav")
        wav("b.wav")
        outcome = cli("diarize", "*.wav", "-o", "out", "-f", "rttm,srt")
        assert outcome.code == 0
        assert {path.name for path in Path("out").iterdir()} == {"a.rttm", "a.srt", "b.rttm", "b.srt"}
        assert "2 recordings done; audio_length 4.00 s" in outcome.err

    def test_each_channel_is_a_recording(self, cli: Cli, wav: Wav) -> None:
        wav("call.wav", channels=2)
        assert cli("diarize", "call.wav", "--channel", "all").code == 0
        assert {path.name for path in Path().glob("*.rttm")} == {"call.ch1.rttm", "call.ch2.rttm"}

    def test_one_that_fails_does_not_stop_the_others(self, cli: Cli, engine: FakeDiarizer, wav: Wav) -> None:
        engine.errors["b"] = AudioDecodeError('The file "b.wav" is damaged.', "Check it.")
        Path("empty.wav").touch()
        for name in ("a.wav", "b.wav", "c.wav"):
            wav(name)
        outcome = cli("diarize", "no.wav", "empty.wav", "a.wav", "b.wav", "c.wav", "x*.wav", ".")
        assert outcome.code == 2
        assert {path.name for path in Path().glob("*.rttm")} == {"a.rttm", "c.rttm"}
        errors = error_lines(outcome.err)
        assert len(errors) == 5
        assert "no.wav" in errors[0]
        assert "empty.wav" in errors[1]
        assert errors[2].startswith("diarist: error: No file matches 'x*.wav'. Check the pattern")
        assert errors[3].startswith("diarist: error: '.' is a folder. Name its files by a glob: ")
        assert errors[4] == 'diarist: error: The file "b.wav" is damaged. Check it.'
        assert "2 recordings done, 5 failed" in outcome.err

    def test_a_defect_is_one_line_too(
        self, cli: Cli, engine: FakeDiarizer, wav: Wav, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        engine.errors["a"] = ZeroDivisionError("by zero")
        wav("a.wav")
        wav("b.wav")
        outcome = cli("diarize", "a.wav", "b.wav")
        assert outcome.code == 2
        assert error_lines(outcome.err) == [
            "diarist: error: a.wav: ZeroDivisionError: by zero. "
            "This is a defect: re-run with DIARIST_DEBUG=1 for the traceback."
        ]
        assert "Traceback" not in outcome.err
        assert Path("b.rttm").is_file()
        monkeypatch.setenv("DIARIST_DEBUG", "1")
        assert "Traceback" in cli("diarize", "a.wav", "b.wav").err

    def test_two_of_one_name_are_refused_before_any_work(
        self, cli: Cli, engine: FakeDiarizer, wav: Wav
    ) -> None:
        wav("a/talk.wav")
        wav("b/talk.wav")
        outcome = cli("diarize", "a/talk.wav", "b/talk.wav", "-o", "out")
        assert outcome.code == 2
        first, second = error_lines(outcome.err)
        assert "'a/talk.wav' and 'b/talk.wav' would be the same file 'out/talk.rttm'" in first
        assert "'b/talk.wav' and 'a/talk.wav' would be the same file 'out/talk.rttm'" in second
        assert engine.calls == []
        assert not Path("out").exists()

    def test_a_clash_does_not_stop_the_others(self, cli: Cli, engine: FakeDiarizer, wav: Wav) -> None:
        for name in ("a/talk.wav", "b/talk.wav", "c.wav"):
            wav(name)
        outcome = cli("diarize", "a/talk.wav", "b/talk.wav", "c.wav", "-o", "out")
        assert outcome.code == 2
        errors = error_lines(outcome.err)
        assert len(errors) == 2
        assert all("separate calls with another -o" in error for error in errors)
        assert {path.name for path in Path("out").iterdir()} == {"c.rttm"}
        assert [call[0] for call in engine.calls] == ["c"]
        assert "1 recording done, 2 failed" in outcome.err

    def test_channels_whose_long_names_are_cut_to_one_clash(self, cli: Cli, wav: Wav) -> None:
        name = "x" * 210 + ".wav"
        wav(name, channels=2)
        outcome = cli("diarize", name, "--channel", "all")
        assert outcome.code == 2
        assert f"Two results of '{name}' would be the same file" in outcome.err

    def test_a_file_given_twice_is_done_once(self, cli: Cli, engine: FakeDiarizer, wav: Wav) -> None:
        wav("talk.wav")
        assert cli("diarize", "talk.wav", "*.wav", "./talk.wav").code == 0
        assert len(engine.calls) == 1

    def test_one_file_cannot_hold_two_recordings(self, cli: Cli, engine: FakeDiarizer, wav: Wav) -> None:
        outcome = cli("diarize", str(wav("a.wav")), str(wav("b.wav")), "-o", "all.rttm")
        assert outcome.code == 2
        assert "-o 'all.rttm' names one file" in outcome.err
        assert engine.calls == []

    def test_the_networks_are_loaded_before_the_first_and_errors_end_the_call(
        self, cli: Cli, engine: FakeDiarizer, wav: Wav, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def load(_: object) -> None:
            assert engine.calls == []
            raise ModelFileError("Damaged weights.", "Get others.")

        monkeypatch.setattr(engine, "load", load)
        wav("a.wav")
        wav("b.wav")
        outcome = cli("diarize", "a.wav", "b.wav")
        assert outcome.code == 2
        assert outcome.err == "diarist: error: Damaged weights. Get others.\n"

    def test_ctrl_c_keeps_what_is_done(self, cli: Cli, engine: FakeDiarizer, wav: Wav) -> None:
        engine.errors["b"] = KeyboardInterrupt()
        wav("a.wav")
        wav("b.wav")
        outcome = cli("diarize", "a.wav", "b.wav", "--quiet")
        assert outcome.code == 130
        assert outcome.err == "diarist: interrupted\n"
        assert Path("a.rttm").is_file()


class TestOptions:
    def test_defaults_are_those_of_the_configuration(self, cli: Cli, engine: FakeDiarizer, wav: Wav) -> None:
        assert cli("diarize", str(wav("talk.wav"))).code == 0
        assert engine.configs == [DEFAULTS]
        options = {option.name: option for option in command.params}
        for name in DEFAULTS.__slots__:
            assert isinstance(options[name], click.Option)
            assert options[name].default == getattr(DEFAULTS, name) or getattr(DEFAULTS, name) is None

    def test_options_arrive(self, cli: Cli, engine: FakeDiarizer, wav: Wav) -> None:
        wav("talk.wav", channels=2)
        options = "--num-speakers 3 --channel 2 --exclusive --device cpu --diarizer builtin --models ."
        assert cli("diarize", "talk.wav", *options.split()).code == 0
        [config] = engine.configs
        assert (config.num_speakers, config.channel, config.device, config.models) == (3, 2, "cpu", Path())
        [(_, count, exclusive)] = engine.calls
        assert (count.num_speakers, exclusive) == (3, True)

    @pytest.mark.parametrize(
        ("options", "value"),
        [
            ("--num-speakers 0", "0"),
            ("--num-speakers 1000", "1000"),
            ("--num-speakers four", "'four'"),
            ("--min-speakers 5 --max-speakers 2", "5"),
            ("--num-speakers 2 --min-speakers 2", "num_speakers"),
            ("--channel left", "'left'"),
            ("--channel 0", "0"),
            ("--channel 3", "channel 3"),
            ("-f docx", "docx"),
            ("-f ,", "','"),
            ("--device tpu", "'tpu'"),
            ("--models nowhere", "nowhere"),
            ("--colour", "--colour"),
        ],
    )
    def test_what_cannot_be_is_one_line_with_the_value(
        self, cli: Cli, engine: FakeDiarizer, wav: Wav, options: str, value: str
    ) -> None:
        outcome = cli("diarize", str(wav("talk.wav")), *options.split())
        assert outcome.code == 2
        assert outcome.out == ""
        assert outcome.err.count("\n") == 1
        assert outcome.err.startswith("diarist: error: ")
        assert value in outcome.err
        assert engine.calls == []
        assert list(Path().iterdir()) == [Path("talk.wav")]

    def test_no_file_is_one_line_too(self, cli: Cli) -> None:
        outcome = cli("diarize")
        assert outcome.code == 2
        assert outcome.err == "diarist: error: Missing argument 'FILE...'. See 'diarist diarize --help'.\n"


class TestUnwritable:
    @pytest.mark.parametrize("folder", ["file", "file/deeper/folder", "/proc/nothing/here"])
    def test_is_found_before_any_work(self, cli: Cli, engine: FakeDiarizer, wav: Wav, folder: str) -> None:
        wav("talk.wav")
        Path("file").write_text("a file, no folder")
        outcome = cli("diarize", "talk.wav", "-o", folder)
        assert outcome.code == 2
        [error] = outcome.err.splitlines()
        assert f"No files can be written to '{folder}'" in error
        assert "-o" in error
        assert engine.calls == []

    def test_a_folder_in_the_way_of_one_result_does_not_stop_the_others(self, cli: Cli, wav: Wav) -> None:
        wav("a.wav")
        wav("b.wav")
        Path("out/a.rttm").mkdir(parents=True)
        outcome = cli("diarize", "a.wav", "b.wav", "-o", "out")
        assert outcome.code == 2
        assert len(error_lines(outcome.err)) == 1
        assert {path.name for path in Path("out").iterdir()} == {"a.rttm", "b.rttm"}


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "with space",
            "quo'te\"s",
            "new\nline",
            "trñ00",
            "李雷 と 山田",
            "take[1]",
            "star*",
            "\x1b[31mred",
            "-dash",
            os.fsdecode(b"bad\xff\xfebytes"),
            "." * 3,
        ],
    )
    def test_any_name_gives_lines_and_files(self, cli: Cli, wav: Wav, name: str) -> None:
        wav(name + ".wav")
        outcome = cli("diarize", "-f", "rttm,json", "-o", "out", "--", f"{name}.wav")
        assert outcome.code == 0
        assert len(list(Path("out").iterdir())) == 2
        assert all(line.isprintable() for line in outcome.err.splitlines())
        outcome = cli("diarize", "--", f"{name}.wav", f"missing{name}.wav")
        assert outcome.code == 2
        assert len(error_lines(outcome.err)) == 1
        assert all(line.isprintable() for line in outcome.err.splitlines())

    def test_what_is_no_file_is_shown_as_it_was_given(self, cli: Cli, engine: FakeDiarizer) -> None:
        outcome = cli("diarize", "http://example.com/a.wav", "", "no//such.wav")
        assert outcome.code == 2
        url, empty, missing = error_lines(outcome.err)
        assert "'http://example.com/a.wav'" in url
        assert url.endswith("Download it first.")
        assert empty == "diarist: error: The name of a file is empty. Give the path of a file."
        assert "no//such.wav" in missing
        assert engine.calls == []

    def test_a_name_too_long_for_any_file_is_one_line(self, cli: Cli) -> None:
        outcome = cli("diarize", "a" * 5000 + ".wav")
        assert outcome.code == 2
        assert outcome.err.count("\n") == 1

    def test_a_file_that_exists_wins_over_the_glob(self, cli: Cli, engine: FakeDiarizer, wav: Wav) -> None:
        wav("a[1].wav")
        wav("a1.wav")
        assert cli("diarize", "a[1].wav").code == 0
        assert [call[0] for call in engine.calls] == ["a[1]"]

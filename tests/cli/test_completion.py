import shutil
import subprocess

import pytest
from cli_fakes import Cli

from diarist.cli.completion import SHELLS


@pytest.mark.parametrize("shell", SHELLS)
def test_prints_a_script_that_asks_diarist(cli: Cli, shell: str) -> None:
    outcome = cli("completion", shell)
    assert outcome.code == 0
    assert "_DIARIST_COMPLETE" in outcome.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=outcome.out.encode(), check=True, timeout=20)


def test_commands_are_completed(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_DIARIST_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "diarist d")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        cli()
    assert capsys.readouterr().out.split() == ["plain,diarize", "plain,doctor"]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("diarize -f r", ["rttm"]),
        ("diarize -f rttm,t", ["rttm,txt", "rttm,textgrid"]),
        ("convert --format rttm,r", []),
        ("convert --from el", ["elan"]),
        ("diarize --channel m", ["mix"]),
        ("diarize --diarizer b", ["builtin"]),
        ("diarize --device cu", ["cuda"]),
    ],
)
def test_values_are_completed(
    cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    values: list[str],
) -> None:
    monkeypatch.setenv("_DIARIST_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"diarist {words}")
    monkeypatch.setenv("COMP_CWORD", str(len(words.split())))
    with pytest.raises(SystemExit):
        cli()
    assert capsys.readouterr().out.split() == [f"plain,{value}" for value in values]


def test_an_unknown_shell_is_one_line(cli: Cli) -> None:
    outcome = cli("completion", "tcsh")
    assert outcome.code == 2
    assert "'tcsh'" in outcome.err
    assert outcome.err.count("\n") == 1

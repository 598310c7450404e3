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


def test_an_unknown_shell_is_one_line(cli: Cli) -> None:
    outcome = cli("completion", "tcsh")
    assert outcome.code == 2
    assert "'tcsh'" in outcome.err
    assert outcome.err.count("\n") == 1

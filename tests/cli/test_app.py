from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_fakes import Cli

from diarist import __version__
from diarist.cli import convert
from diarist.cli.app import COMMANDS
from diarist.errors import ModelNotFoundError

RTTM = "SPEAKER talk 1 0.000 1.500 <NA> <NA> é李 <NA> <NA>\n"


def diarist(
    *arguments: str, env: dict[str, str] | None = None, **options: object
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "diarist", *arguments],
        env={**os.environ, **(env or {})},
        capture_output=True,
        timeout=60,
        check=False,
        **options,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize("arguments", [("--help",), *((name, "--help") for name in COMMANDS)])
def test_help_shows_an_example(cli: Cli, arguments: tuple[str, ...]) -> None:
    outcome = cli(*arguments)
    assert outcome.code == 0
    assert "Example" in outcome.out
    assert f"diarist {arguments[0] if len(arguments) > 1 else 'diarize'} " in outcome.out
    assert outcome.err == ""


def test_no_arguments_is_help(cli: Cli) -> None:
    assert cli() == cli("--help")


def test_version(cli: Cli) -> None:
    assert cli("--version").out == f"diarist {__version__}\n"


@pytest.mark.parametrize(("arguments", "value"), [(("dance",), "dance"), (("--loud",), "--loud")])
def test_usage_errors_are_one_line(cli: Cli, arguments: tuple[str, ...], value: str) -> None:
    outcome = cli(*arguments)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert value in outcome.err
    assert outcome.err.endswith("See 'diarist --help'.\n")


def raising(error: BaseException) -> object:
    def read(*_: object, **__: object) -> None:
        raise error

    return read


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ModelNotFoundError("No weights.", "Get some."), 2, "diarist: error: No weights. Get some.\n"),
        (KeyboardInterrupt(), 130, "diarist: interrupted\n"),
        (BrokenPipeError(), 141, ""),
        (
            ValueError("two\nlines"),
            1,
            "diarist: error: ValueError: two\\nlines. "
            "This is a defect: re-run with DIARIST_DEBUG=1 for the traceback.\n",
        ),
    ],
)
def test_what_becomes_of_an_error(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, message: str
) -> None:
    monkeypatch.setattr(convert, "expand", raising(error))
    outcome = cli("convert", "a.rttm", "-f", "csv")
    assert outcome.code == code
    assert outcome.err == message


def test_a_locale_without_unicode_gives_utf_8(tmp_path: Path) -> None:
    (tmp_path / "talk.rttm").write_text(RTTM, encoding="utf-8")
    done = diarist(
        "convert", "talk.rttm", "-f", "rttm",
        cwd=tmp_path, env={"LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.stderr == b""
    assert done.returncode == 0
    assert "é李" in done.stdout.decode("utf-8")


def test_help_is_quick_and_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from diarist.cli.app import run; run(['--help']); "
        "print(sorted({'torch','onnxruntime','av','scipy','matplotlib','numpy','rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=tmp_path, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == b"[]"


@pytest.mark.skipif(os.name == "nt", reason="pipes break in another way")
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    turns = (RTTM.replace("0.000", f"{start}.000") for start in range(20000))  # more than a pipe holds
    (tmp_path / "talk.rttm").write_text("".join(turns), encoding="utf-8")
    command = [sys.executable, "-m", "diarist", "convert", "talk.rttm", "-f", "rttm"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk")
def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "talk.rttm").write_text(RTTM, encoding="utf-8")
    command = f"'{sys.executable}' -m diarist convert talk.rttm -f rttm > /dev/full"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"Standard output cannot be written" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full disk")
@pytest.mark.parametrize("where", ["2>/dev/full", "2</dev/null", "2>&-", "2>&1 >labels | :"])
@pytest.mark.parametrize("unbuffered", ["", "-u "])
def test_labels_are_worth_more_than_what_is_said(tmp_path: Path, where: str, unbuffered: str) -> None:
    (tmp_path / "talk.rttm").write_text(RTTM, encoding="utf-8")
    convert = f"'{sys.executable}' {unbuffered}-m diarist convert none.rttm talk.rttm -f rttm -o all.rttm"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{convert} {where}"],
        cwd=tmp_path, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2  # none.rttm is missing, and saying so fails
    assert (tmp_path / "all.rttm").read_text(encoding="utf-8") == RTTM
    one = convert.replace("none.rttm talk", "talk").replace(" -o all.rttm", "")
    assert subprocess.run(["bash", "-c", f"{one} 2>/dev/full"], cwd=tmp_path, check=False).returncode == 0

"""The documentation says what is so: its code runs, its commands, tables, links and figures hold."""

from __future__ import annotations

import contextlib
import io
import math
import os
import re
import shlex
import stat
import sys
import warnings
import wave
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import numpy as np
import pytest

from diarist import DiaristWarning, create_diarizer, diarize, write
from diarist.audio import open_recordings, stream_blocks
from diarist.cli import app
from diarist.cli.app import COMMANDS, group, run
from diarist.cli.outputs import output_suffix
from diarist.cli.score import FORMATS as SCORE_FORMATS
from diarist.diarizers import Diarizer
from diarist.evaluation.components import MEASURES
from diarist.evaluation.protocol import PROTOCOLS
from diarist.formats import FORMATS
from diarist.models import model_status
from diarist.models.files import INSTALL
from diarist.settings import load_settings
from diarist.timebase import seconds_to_samples
from diarist.workflows.diarize import DEFAULTS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
EVALUATION = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "examples" / "conversation.opus"
REFERENCE = EXAMPLE.with_suffix(".rttm")
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md"))
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
EXCERPT_SECONDS = 25.0  # all four voices have spoken by then


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def marked(text: str, mark: str) -> str:
    """What stands between ``<!-- mark -->`` and the next end."""
    found = re.search(rf"<!-- {re.escape(mark)}[^>]*-->\n(.*?)<!-- /?\w+ -->", text, re.DOTALL)
    assert found, mark
    return found[1]


def table(text: str) -> list[list[str]]:
    """The cells of a Markdown table, without its first two lines."""
    rows = [line for line in text.strip().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def section(text: str, title: str) -> str:
    """What stands under a heading, up to the next of any level."""
    found = re.search(rf"^#+ {re.escape(title)}$\n(.*?)(?=^#+ |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


# --- what runs ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engine() -> Diarizer:
    """The real one; without weights these tests are skipped."""
    settings = load_settings()
    missing = [one for one in model_status(settings.models, cache=settings.cache) if one.state == "missing"]
    if missing:
        pytest.skip(f"no weights of the {missing[0].name} network are installed: extra 'offline'")
    return create_diarizer(device="cpu")


@pytest.fixture(scope="module")
def excerpt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of the example as a wav file."""
    [recording] = open_recordings(EXAMPLE, channel="mix")
    sound = np.concatenate(list(stream_blocks(recording)))[: seconds_to_samples(EXCERPT_SECONDS, 16000)]
    path = tmp_path_factory.mktemp("docs") / "meeting.wav"
    with wave.open(os.fspath(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


PYTHON_BLOCKS = [
    pytest.param(code, id=f"{names(page)}-{number}")
    for page in PAGES
    for number, (language, code) in enumerate(FENCED.findall(page.read_text(encoding="utf-8")))
    if language == "python"
]


@pytest.mark.parametrize("code", PYTHON_BLOCKS)
def test_python_in_the_documentation_runs(
    code: str, engine: Diarizer, excerpt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diarist.api.load_diarizer", lambda _: engine)  # its networks are loaded already
    monkeypatch.chdir(tmp_path)
    Path("talks").mkdir()
    for copy in (Path("meeting.wav"), Path("talks") / "talk.wav"):
        copy.write_bytes(excerpt.read_bytes())
    if "corrected.eaf" in code:
        write([diarize(excerpt, diarizer=engine)], "corrected.eaf")
    if "reference.rttm" in code:
        lay_out_labels()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore", DiaristWarning)
        exec(compile(code, "documentation", "exec"), {})


def lay_out_labels() -> None:
    """Labels as the page on evaluation names them: two recordings, and two systems."""
    turns = REFERENCE.read_text(encoding="utf-8")
    for name in ("reference", "labels", "labels1", "labels2"):
        Path(f"{name}.rttm").write_text(turns, encoding="utf-8")
        Path(name).mkdir()
        for recording in ("conversation", "other"):
            path = Path(name) / f"{recording}.rttm"
            path.write_text(turns.replace("SPEAKER conversation", f"SPEAKER {recording}"), encoding="utf-8")


@pytest.fixture(scope="module")
def printed(engine: Diarizer, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the README's main command prints: turns, then the summary."""
    folder = tmp_path_factory.mktemp("example")
    turns, messages = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("diarist.cli.batch.load_diarizer", lambda _: engine)
        patch.chdir(folder)
        with contextlib.redirect_stdout(turns), contextlib.redirect_stderr(messages):
            assert run(["diarize", os.fspath(EXAMPLE), "--plot"]) == app.OK
    assert (folder / "conversation.png").stat().st_size > 10_000
    turns.seek(0)
    return [*turns.read().splitlines(), *messages.getvalue().splitlines()]


def test_the_readme_shows_what_the_example_prints(printed: list[str]) -> None:
    """Words are the same, figures nearly; how long it took is not compared."""
    shown = FENCED.findall(marked(README, "example output"))[0][1].splitlines()
    dots = shown.index("...")
    for index, line in enumerate(shown[:dots]):
        assert_alike(line, printed[index])
    first = next(index for index, line in enumerate(printed) if " speakers, " in line)
    actual = printed[first:]
    assert len(shown[dots + 1 :]) == len(actual), actual
    for line, printed_line in zip(shown[dots + 1 :], actual, strict=True):
        assert_alike(line.partition("processing_time")[0], printed_line.partition("processing_time")[0])


def test_the_readme_shows_how_the_example_scores(
    printed: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    labels = tmp_path / "conversation.rttm"
    turns = [line for line in printed if line.startswith("SPEAKER ")]
    labels.write_text("\n".join(turns), encoding="utf-8")
    assert run(["score", os.fspath(REFERENCE), os.fspath(labels)]) == app.OK
    actual = capfd.readouterr().out.splitlines()
    shown = FENCED.findall(marked(README, "example score"))[0][1].splitlines()
    assert len(shown) == len(actual), actual
    for line, printed_line in zip(shown, actual, strict=True):
        assert_alike(" ".join(line.split()), " ".join(printed_line.split()))


def assert_alike(shown: str, actual: str) -> None:
    """The same words; the same numbers within 3 % or 0.1 (processors differ in the last digits)."""
    number = re.compile(r"(?<!SPEAKER_)\d+(?:\.\d+)?")
    message = f"README: {shown!r}, now: {actual!r}; run: python docs/refresh.py"
    assert number.sub("#", shown) == number.sub("#", actual), message
    for left, right in zip(number.findall(shown), number.findall(actual), strict=True):
        assert math.isclose(float(left), float(right), rel_tol=0.03, abs_tol=0.1), message


# --- commands ----------------------------------------------------------------------------------


def command_lines() -> Iterator[tuple[Path, list[str]]]:
    """Every call of diarist in a block or between backticks."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        blocks = [code for language, code in FENCED.findall(text) if language != "python"]
        spans = re.findall(r"`(diarist [^`]+)`", FENCED.sub("", text))
        for line in [*"\n".join(blocks).splitlines(), *spans]:
            for part in line.split("&&"):
                words = shlex.split(part.split(" > ")[0].strip(), comments=True) if "diarist" in part else []
                if len(words) > 1 and Path(words[0]).name == "diarist":
                    yield page, words[1:]


def test_every_option_in_a_command_line_exists() -> None:
    calls = list(command_lines())
    assert len(calls) > 10
    for page, (name, *arguments) in calls:
        assert name in COMMANDS or name.startswith("-"), f"{names(page)}: diarist {name}"
        if name in COMMANDS:
            command = group.get_command(click.Context(group), name)
            assert command is not None
            known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            used = {word for word in arguments if re.match(r"--?[a-z]", word)}
            assert used <= known, f"{names(page)}: diarist {name}: {used - known}"


def test_every_option_named_alone_exists() -> None:
    known = {"--upgrade-deps", "--version", "--help", "--from", "--told", "--out", "--set", "--reuse"}
    known |= {"--collar", "--ignore", "--regions"}  # of other scorers
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        known |= {option for parameter in command.params for option in parameter.opts}
    for text in (README, GUIDE, EVALUATION):
        alone = set(re.findall(r"`(--[a-z-]+)", FENCED.sub("", text)))
        assert alone <= known, alone - known


def test_the_formats_named_in_command_lines_exist() -> None:
    for page, words in command_lines():
        for option, value in pairwise(words):
            if option in ("-f", "--format", "--from") and value.islower() and value != "name":
                known = set(SCORE_FORMATS if words[0] in ("score", "boundaries", "rank") else FORMATS)
                assert set(value.split(",")) <= known, f"{names(page)}: {value}"


def test_the_table_of_commands_is_complete() -> None:
    listed = [row[0].strip("`").split()[1] for row in table(section(README, "Commands"))]
    assert listed == list(COMMANDS)


def test_the_table_of_exit_codes_is_complete() -> None:
    codes = {app.OK, app.DEFECT, app.UNUSABLE, app.INTERRUPTED, app.NO_READER}
    assert {int(row[0]) for row in table(section(README, "Exit codes"))} == codes


def test_the_table_of_settings_is_complete() -> None:
    source = (ROOT / "src" / "diarist" / "settings.py").read_text(encoding="utf-8")
    rows = table(section(README, "Settings"))
    listed = {cell.strip("`") for row in rows for cell in row[:2] if cell}
    assert listed == set(re.findall(r"\b(?:DIARIST|INFERENCE)_[A-Z]+\b", source))


def test_what_the_readme_calls_defaults_are_the_defaults() -> None:
    assert (DEFAULTS.num_speakers, DEFAULTS.min_speakers, DEFAULTS.max_speakers) == (None, None, None)
    assert "`--channel mix` (the default)" in GUIDE
    assert DEFAULTS.channel == "mix"
    assert not DEFAULTS.exclusive


def test_the_table_of_protocols_is_that_of_the_program() -> None:
    assert table(marked(EVALUATION, "protocols")) == [
        [name, f"{rules.collar_each_side:g}", rules.overlap, rules.mapping, rules.region, meaning]
        for name, (rules, meaning) in PROTOCOLS.items()
    ]


def test_every_measure_is_explained() -> None:
    text = section(EVALUATION, "What is printed").lower()
    for label, _ in MEASURES.values():
        assert label.strip().removeprefix("B-cubed ").lower() in text, label


# --- formats -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["README.md", "docs/formats.md"])
def test_the_table_of_formats_is_the_programs(page: str) -> None:
    def yes(held: bool) -> str:
        return "yes" if held else "no"

    expected = [
        [
            name,
            f"`{output_suffix(name)}`",
            yes(format.holds_text),
            yes(format.holds_confidence),
            yes(format.holds_channel),
            yes(format.several_recordings),
        ]
        for name, format in FORMATS.items()
    ]
    assert table(marked((ROOT / page).read_text(encoding="utf-8"), "formats")) == expected


@pytest.mark.parametrize("name", FORMATS)
def test_what_each_format_loses_is_said(name: str) -> None:
    text = section((ROOT / "docs" / "formats.md").read_text(encoding="utf-8"), name)
    assert re.findall(r"^- (.*)$", text, re.MULTILINE) == list(FORMATS[name].loses)


# --- the two commands of the README -------------------------------------------------------------


def test_continuous_integration_runs_the_readmes_test_command() -> None:
    [(_, block)] = FENCED.findall(marked(README, "test command"))
    command = block.strip()
    assert "\n" not in command
    assert command.startswith("python3 ")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "sed -n '/^<!-- test command -->/,/^<!-- end -->/p' README.md | grep -m 1 '^python3 '" in script
    assert 'bash -euo pipefail -c "$command"' in script
    if sys.platform != "win32":
        assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR


def test_make_check_runs_what_the_test_command_runs() -> None:
    assert "check.py" in marked(README, "test command")
    assert re.search(r"^check:.*\n\t\$\(PYTHON\) check\.py$", (ROOT / "Makefile").read_text(), re.MULTILINE)


# --- measurements -------------------------------------------------------------------------------

BENCH = re.compile(r"<!-- bench:(\w+)[^>]*-->\n(.*?)<!-- /bench -->", re.DOTALL)
MEASURED = [
    pytest.param(block, id=f"{names(page)}-{name}")
    for page in PAGES
    for name, block in BENCH.findall(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("block", MEASURED)
def test_no_table_of_measurements_is_blank(block: str) -> None:
    rows = table(block)
    assert rows
    assert all(any(row) for row in rows)


def test_every_block_of_measurements_is_closed() -> None:
    assert len(MEASURED) == sum(page.read_text(encoding="utf-8").count("<!-- bench:") for page in PAGES)


def test_the_guides_remedy_for_missing_weights_is_the_programs() -> None:
    assert f"`{INSTALL.rpartition(': ')[2]}`" in GUIDE


# --- links and names ----------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """A page's headings as GitHub names them."""
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", FENCED.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_no_page_holds_a_path_of_some_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.<])/(?:home|root|Users|tmp|work|opt|mnt)/\S*", text) == []


def test_pages_that_name_a_file_of_the_source_name_one_that_exists() -> None:
    for page in PAGES:
        for name in re.findall(r"`((?:src|bench|tests|docs|examples)/[\w/.-]+\.\w+)`", page.read_text()):
            assert (ROOT / name).exists(), f"{names(page)}: {name}"


def test_every_dependency_is_justified() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "decisions" / "2026-11-21-dependencies.md").read_text(encoding="utf-8")
    wanted = [
        *project["dependencies"],
        *(one for some in project["optional-dependencies"].values() for one in some),
    ]
    for requirement in wanted:
        name = re.split(r"[\[<>=!~ ]", requirement)[0]
        assert name == "diarist" or re.search(rf"\b{re.escape(name)}\b", page), name

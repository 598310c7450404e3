"""ARCHITECTURE.md says what is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
SOURCE = ROOT / "src" / "diarist"


def block_after(mark: str) -> str:
    """The fenced block that follows a mark."""
    found = re.search(re.escape(mark) + r".*?```\n(.*?)```", PAGE, re.DOTALL)
    assert found, mark
    return found[1]


def test_the_layers_are_those_of_the_import_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    [layers] = [contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers"]
    assert block_after("<!-- layers -->").splitlines() == layers


def test_every_module_of_the_house_is_shown_and_no_other() -> None:
    house, _, rest = block_after("## The house").partition("src/diarist/\n")[2].partition("\ntests/")
    shown = {line.split()[0].rstrip("/") for line in house.splitlines() if re.match(r"  \S", line)}
    there = {
        path.name for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert shown | {"__main__.py"} == there
    for line in ("tests/" + rest).splitlines():
        assert (ROOT / line.split()[0]).exists(), line


def test_every_file_named_in_the_text_exists() -> None:
    names = re.findall(r"`([\w/.]+\.(?:py|toml|md))`", PAGE)
    assert names
    missing = [name for name in names if not any((base / name).is_file() for base in (ROOT, SOURCE))]
    assert missing == []


def test_the_tables_named_in_the_text_exist() -> None:
    from diarist.cli.app import COMMANDS
    from diarist.diarizers import DIARIZERS
    from diarist.formats import FORMATS
    from diarist.models import NETWORKS

    assert all((COMMANDS, DIARIZERS, FORMATS, NETWORKS))

"""Everything that must hold before a change goes in: style, types, layers, tests.

    python check.py

It needs the ``test`` extra in the Python that runs it, stops at the first step that fails, and is
what continuous integration runs (``.ci/run``).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent

LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"

STEPS = {
    "ruff check": ["-m", "ruff", "check", "--quiet", "."],
    "ruff format": ["-m", "ruff", "format", "--quiet", "--check", "."],
    "mypy": ["-m", "mypy"],
    "lint-imports": ["-c", LINT_IMPORTS],
    "pytest": ["-m", "pytest", "--quiet"],
}


def main() -> int:
    """Run the steps in order; the exit code is that of the one that failed, or 0."""
    for name, arguments in STEPS.items():
        print(f"== {name}", flush=True)
        code = subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Make the README's example output and the picture again.

    python docs/refresh.py

Runs the README's main command on the example with the Python that runs this, and writes what it prints
between the marks in README.md, and the picture to docs/images. Run it after a change of what the
engine finds or the program prints. ``tests/test_docs.py`` compares the text in the README with what the
example prints now; nothing compares the picture.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "images" / "conversation.png"
EXAMPLE = ROOT / "examples" / "conversation.opus"

MARK = "<!-- example output: python docs/refresh.py -->\n"
END = "<!-- end -->"
TURNS_SHOWN = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "diarist", "diarize", str(EXAMPLE), "--plot"]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
        shutil.copyfile(Path(folder) / "conversation.png", PICTURE)
    before, _, rest = README.read_text(encoding="utf-8").partition(MARK)
    after = rest[rest.index(END) :]
    block = f"```\n{shown(done.stdout, done.stderr)}```\n"
    README.write_text(f"{before}{MARK}{block}{after}", encoding="utf-8")


def shown(turns: str, messages: str) -> str:
    """The first turns and the summary; the progress that a terminal shows meanwhile is gone at the end."""
    lines = turns.splitlines()
    summary = messages.splitlines()
    first = next(index for index, line in enumerate(summary) if " speakers, " in line)
    return "\n".join([*lines[:TURNS_SHOWN], "...", *summary[first:]]) + "\n"


if __name__ == "__main__":
    main()

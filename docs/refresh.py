"""Make the README's example output and the picture again.

    python docs/refresh.py

Runs the README's main command on the example with the Python that runs this, scores what it found, and
writes what both print between the marks in README.md, and the picture to docs/images. Run it after a
change of what the engine finds or the program prints. ``tests/test_docs.py`` compares the text in the README
with what is printed now; nothing compares the picture.
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

REFERENCE = EXAMPLE.with_suffix(".rttm")

MARK = "<!-- example output: python docs/refresh.py -->\n"
SCORE_MARK = "<!-- example score: python docs/refresh.py -->\n"
END = "<!-- end -->"
TURNS_SHOWN = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        done = run(folder, "diarize", str(EXAMPLE), "--plot")
        shutil.copyfile(Path(folder) / "conversation.png", PICTURE)
        (Path(folder) / "conversation.rttm").write_text(done.stdout, encoding="utf-8")
        scored = run(folder, "score", str(REFERENCE), "conversation.rttm")
    text = README.read_text(encoding="utf-8")
    text = put(text, MARK, shown(done.stdout, done.stderr))
    README.write_text(put(text, SCORE_MARK, scored.stdout), encoding="utf-8")


def run(folder: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One call of the program in a folder."""
    command = [sys.executable, "-m", "diarist", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)


def put(text: str, mark: str, output: str) -> str:
    """``text`` with a program's output after a mark."""
    before, _, rest = text.partition(mark)
    return f"{before}{mark}```\n{output}```\n{rest[rest.index(END) :]}"


def shown(turns: str, messages: str) -> str:
    """The first turns and the summary; the progress that a terminal shows meanwhile is gone at the end."""
    lines = turns.splitlines()
    summary = messages.splitlines()
    first = next(index for index, line in enumerate(summary) if " speakers, " in line)
    return "\n".join([*lines[:TURNS_SHOWN], "...", *summary[first:]]) + "\n"


if __name__ == "__main__":
    main()

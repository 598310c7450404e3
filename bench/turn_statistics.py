"""Count the turn-taking habits of real conversations: the constants of diarist/turn_taking.py.

    python bench/turn_statistics.py FOLDER_OF_RTTM...

Prints a ``TurnStatistics`` for each folder, over all the references in it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from common import read_rttm
from diarist.turn_taking import turn_statistics


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for folder in map(Path, sys.argv[1:]):
        references = [read_rttm(path) for path in sorted(folder.glob("*.rttm"))]
        hours = sum(reference.speech_time() for reference in references) / 3600
        print(f"# {folder}: {len(references)} references, {hours:.1f} h of speech")
        print(turn_statistics(references))


if __name__ == "__main__":
    main()

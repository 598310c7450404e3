"""``python -m diarist``."""

import sys

from diarist.cli import main

if __name__ == "__main__":
    sys.exit(main())

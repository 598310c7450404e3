"""What a reader of a result should know, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

NAMES_IN_A_NOTE = 5


def notes_about(recordings: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """One sentence for each thing that is so of any recording.

    Args:
        recordings: what is so → names of the recordings of which it is.
    """
    return tuple(f"{_several(names)} {what}." for what, names in recordings.items() if names)


def _several(names: Sequence[str]) -> str:
    """``2 recordings ('a', 'b')``; of many, the first few."""
    shown = ", ".join(repr(name) for name in names[:NAMES_IN_A_NOTE])
    more = ", ..." if len(names) > NAMES_IN_A_NOTE else ""
    return f"{len(names)} recording{'s' if len(names) > 1 else ''} ({shown}{more})"

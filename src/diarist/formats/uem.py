"""UEM, "un-partitioned evaluation map": which parts of a recording are scored.

NIST, RT-09 evaluation plan, appendix B: one region a line, ``;;`` begins a comment ::

    file    chnl tbeg  tend
    EN2002a 1    0.000 2142.709375

Unlike RTTM's, the fourth field is an end. The channel is read and not kept: regions of all channels
of a recording are joined, as scorers that read mono files do. Regions of no length are left out.
White space and control characters in a recording's name are written as ``_``.
"""

from __future__ import annotations

from collections.abc import Mapping

from diarist.errors import InputError, ParseError
from diarist.formats.common import at_line, number, split_lines
from diarist.formats.rttm import field
from diarist.intervals import Segment, union

NAME = "uem"
SUFFIXES = (".uem",)

Regions = Mapping[str, tuple[Segment, ...]]


def parse(text: str) -> dict[str, tuple[Segment, ...]]:
    """Recording → its regions, sorted, and joined where they touch.

    Raises:
        ParseError: if a line breaks the rules above.
    """
    regions: dict[str, list[Segment]] = {}
    for line, content in enumerate(split_lines(text), start=1):
        fields = content.split()
        if not fields or fields[0].startswith(";;"):
            continue
        if len(fields) != 4:
            raise at_line(line, f"{len(fields)} fields instead of 4: file, channel, start, end.")
        recording_id, _, begin, finish = fields
        start, end = number(begin, line, "start"), number(finish, line, "end")
        own = regions.setdefault(recording_id, [])
        if start != end:
            own.append(_region(line, start, end))
    return {recording_id: union(own) for recording_id, own in regions.items()}


def serialise(regions: Regions) -> str:
    """One region a line, times with six decimals: a region's end must not leave out a turn's."""
    return "".join(
        f"{field(recording_id)} 1 {region.start:.6f} {region.end:.6f}\n"
        for recording_id, own in regions.items()
        for region in own
    )


def _region(line: int, start: float, end: float) -> Segment:
    try:
        return Segment(start, end)
    except InputError as error:
        raise ParseError(f"Line {line}: {error.problem}", error.remedy) from None

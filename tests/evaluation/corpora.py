"""Small random corpora for the property tests: everything that has two turns meet in an odd way."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from diarist.evaluation import Protocol
from diarist.intervals import Segment, union
from diarist.types import Diarization, Turn

SECOND = 1_000_000
GRID = 50_000  # ticks; turns on a grid touch, overlap and coincide with boundaries of collars
LATEST = 2 * SECOND
UNIX_TIME = 1_700_000_000  # seconds; at such times a float is no better than a quarter of a tick

COLLARS = (0.0, 0.0, 0.05, 0.1, 0.25, 0.5, 1e-6)
FRAME_STEPS = (0.01, 0.05, 0.07, 0.3)

instants = st.one_of(
    st.integers(0, LATEST // GRID).map(lambda number: number * GRID),
    st.builds(lambda number, off: max(0, number * GRID + off), st.integers(0, 40), st.integers(-2, 2)),
    st.integers(0, LATEST),
)


@dataclass(frozen=True)
class Given:
    """What :func:`diarist.evaluation.score` takes."""

    reference: tuple[Diarization, ...]
    hypothesis: tuple[Diarization, ...]
    protocol: Protocol
    uem: dict[str, tuple[Segment, ...]] | None = None


def turn(start: int, end: int, speaker: str) -> Turn:
    """From tick to tick; the shortest there is if it has no length, and then of no tick."""
    begin = start / SECOND
    return Turn(begin, end / SECOND if end > start else math.nextafter(begin, math.inf), speaker)


@st.composite
def turns(draw: st.DrawFn, speakers: str, offset: int) -> tuple[Turn, ...]:
    """Turns of a few of those speakers, one of them perhaps twice."""
    names = draw(st.sampled_from([speakers[:number] for number in range(1, len(speakers) + 1)]))
    found: list[Turn] = []
    for _ in range(draw(st.sampled_from((0, 1, 2, 4, 6, 8)))):
        start, end = sorted((draw(instants), draw(instants)))
        found.append(turn(offset + start, offset + end, draw(st.sampled_from(names))))
    again = draw(st.booleans())
    if found and again:
        found.append(draw(st.sampled_from(found)))
    return tuple(found)


@st.composite
def heard(draw: st.DrawFn, truth: tuple[Turn, ...], offset: int) -> tuple[Turn, ...]:
    """What a system may make of some turns: boundaries off, speakers renamed, some turns another's."""
    names = draw(st.permutations("12345"))
    found = []
    for part in truth:
        start, end = sorted(
            max(round(time * SECOND) - offset + draw(st.sampled_from((0, 0, 1, -7_000, 80_000))), 0)
            for time in (part.start, part.end)
        )
        speaker = names["ABCDE".index(part.speaker)] if draw(st.integers(0, 4)) else "1"
        found.append(turn(offset + start, offset + end, speaker))
    return tuple(found)


@st.composite
def pairs(draw: st.DrawFn, name: str) -> tuple[Diarization, Diarization]:
    """Both sides of a recording."""
    offset = SECOND * draw(st.sampled_from((0, 0, 3, UNIX_TIME)))
    length = draw(st.none() | st.sampled_from((0.0, 0.3, 1.5, 2.5)))
    ours = draw(turns("ABCDE", offset))
    theirs = draw(heard(ours, offset) | heard(ours, offset) | turns("12345", offset) | turns("ABCDE", offset))
    return (
        Diarization(name, ours, audio_length=length),
        Diarization(name, theirs, audio_length=draw(st.none() | st.just(length))),
    )


@st.composite
def regions(draw: st.DrawFn, offset: int) -> tuple[Segment, ...]:
    """A recording's regions, in order, none touching the next."""
    cuts = sorted(draw(st.sets(instants, min_size=draw(st.sampled_from((0, 2, 4, 6))), max_size=6)))
    parts = zip(cuts[::2], cuts[1::2], strict=False)
    return union(Segment((offset + start) / SECOND, (offset + end) / SECOND) for start, end in parts)


def protocols(region: str) -> st.SearchStrategy[Protocol]:
    """Protocols of that region, and all else."""
    return st.builds(
        Protocol,
        collar_each_side=st.sampled_from(COLLARS),
        overlap=st.sampled_from(("scored", "skipped")),
        mapping=st.sampled_from(("region", "scored")),
        region=st.just(region),
    )


@st.composite
def corpora(
    draw: st.DrawFn, kinds: tuple[str, ...] = ("union", "reference", "file", "uem"), most: int = 3
) -> Given:
    """Some recordings, a protocol, and a UEM where that asks for one.

    A recording may lack its hypothesis, or its reference.
    """
    given = [
        draw(pairs(f"r{number}")) for number in range(draw(st.sampled_from((0, *range(1, most + 1), most))))
    ]
    lacking = draw(st.lists(st.sampled_from((None, None, None, 0, 1)), min_size=most, max_size=most))
    ours = tuple(pair[0] for pair, which in zip(given, lacking, strict=False) if which != 0)
    theirs = tuple(pair[1] for pair, which in zip(given, lacking, strict=False) if which != 1)
    protocol = draw(protocols(draw(st.sampled_from(kinds))))
    if protocol.region != "uem":
        return Given(ours, theirs, protocol)
    uem: dict[str, tuple[Segment, ...]] = {"elsewhere": (Segment(0, 1),)}
    for pair in given:
        first = min((turn.start for side in pair for turn in side), default=0.0)
        offset = SECOND * UNIX_TIME if first >= UNIX_TIME else 0
        if draw(st.integers(0, 3)):
            uem[pair[0].recording_id] = draw(regions(offset))
    return Given(ours, theirs, protocol, uem)


@st.composite
def framed(draw: st.DrawFn) -> Given:
    """The same with a frame step, near time 0, where the oracle's frames are few."""
    given = draw(corpora(most=2))
    near = [
        tuple(one for one in side if all(turn.end < 100 for turn in one))
        for side in (given.reference, given.hypothesis)
    ]
    uem = given.uem and {name: own for name, own in given.uem.items() if own and own[-1].end < 100}
    step = draw(st.sampled_from(FRAME_STEPS))
    return Given(near[0], near[1], replace(given.protocol, frame_step=step), uem)

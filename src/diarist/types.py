"""The words everything else is said in: frozen values, no input or output, no plotting.

Intervals are those of :mod:`diarist.intervals`; ``recording_id`` names a recording everywhere.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from diarist.errors import ConfidenceError, InputError, IntervalError, LabelError
from diarist.intervals import (
    SAME_INSTANT,
    Segment,
    as_floats,
    check_interval,
    difference,
    segment_order,
    union,
)
from diarist.timeline import timeline_svg

UNKNOWN = "UNKNOWN"  # the speaker of speech whose speaker nobody named


def check_confidence(confidence: float | None) -> None:
    """Raises ``ConfidenceError`` for what lies outside 0 to 1."""
    if confidence is not None and not 0 <= confidence <= 1:
        raise ConfidenceError(f"The confidence is {confidence}.", "A confidence lies between 0 and 1.")


def check_speaker(speaker: str) -> None:
    """Raises ``LabelError`` for a label that is empty or white space."""
    if not speaker.strip():
        raise LabelError(f"The speaker's label {speaker!r} is empty.", "Give every speaker a name.")


def check_recording_id(recording_id: str) -> None:
    """Raises ``LabelError`` for an empty name."""
    if not recording_id:
        raise LabelError("The recording's name is empty.", "Give every recording a name.")


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted stretch of speech ``[start, end)`` in seconds.

    Attributes:
        start: seconds, at least 0.
        end: seconds, after ``start``.
        speaker: the label of the speaker; not empty, not white space alone.
        confidence: in [0, 1], or ``None`` where what made the turn gives none.
        text: what was said, where it is known.

    Raises:
        IntervalError: if the interval is empty, negative or not finite.
        LabelError: if the label is empty.
        ConfidenceError: if the confidence lies outside its range.
    """

    start: float
    end: float
    speaker: str
    confidence: float | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        check_interval(self.start, self.end)
        check_speaker(self.speaker)
        check_confidence(self.confidence)
        as_floats(self, "start", "end", "confidence")

    @property
    def length(self) -> float:
        """Seconds from start to end."""
        return self.end - self.start

    @property
    def segment(self) -> Segment:
        """When, without who."""
        return Segment(self.start, self.end)


def _turn_order(turn: Turn) -> tuple[float, float, str]:
    return (turn.start, turn.end, turn.speaker)


@dataclass(frozen=True)
class Diarization:
    """Who spoke when in one recording, and what made it.

    Turns of different speakers may overlap. They are kept sorted by start, end, speaker.

    Attributes:
        recording_id: the recording's name (RTTM's file field); not empty.
        turns: the turns, sorted.
        audio_length: seconds of the recording, or ``None`` where it is not known.
        channel: the channel the turns belong to, counted from 1; ``None`` for the whole recording.
        source: what made the turns: an engine's name, a format's, ``"reference"``.
        models: name of each model used → SHA-256 of its weights.
        parameters: what the engine was told, as JSON values.
        notes: what a reader should know of this result, one sentence each.

    Raises:
        LabelError: if the recording has no name.
        IntervalError: if the recording's length is negative or not finite.
        InputError: if the channel is below 1.
    """

    recording_id: str
    turns: tuple[Turn, ...] = ()
    audio_length: float | None = None
    channel: int | None = None
    source: str = ""
    models: Mapping[str, str] = field(default_factory=dict, hash=False)
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_recording_id(self.recording_id)
        length = self.audio_length
        if length is not None and not (math.isfinite(length) and length >= 0):
            raise IntervalError(f"The recording's length is {length} s.", "Give seconds, or None.")
        if self.channel is not None and self.channel < 1:
            raise InputError(f"The channel is {self.channel}.", "Channels are counted from 1.")
        as_floats(self, "audio_length")
        object.__setattr__(self, "turns", tuple(sorted(self.turns, key=_turn_order)))
        object.__setattr__(self, "notes", tuple(self.notes))

    def __iter__(self) -> Iterator[Turn]:
        return iter(self.turns)

    def __len__(self) -> int:
        return len(self.turns)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Labels in the order in which they first speak."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns))

    @property
    def extent(self) -> float:
        """Seconds from 0 to the end of the recording, or of the last turn where that is later."""
        return max(self.audio_length or 0.0, max((turn.end for turn in self.turns), default=0.0))

    def with_turns(self, turns: Iterable[Turn]) -> Diarization:
        """The same diarization with other turns."""
        return replace(self, turns=tuple(turns))

    def of(self, speaker: str) -> tuple[Turn, ...]:
        """The turns of one speaker; for all speakers see :meth:`by_speaker`."""
        return tuple(turn for turn in self.turns if turn.speaker == speaker)

    def by_speaker(self) -> dict[str, tuple[Turn, ...]]:
        """The turns of each speaker, in the order of :attr:`speakers`."""
        groups: dict[str, list[Turn]] = {}
        for turn in self.turns:
            groups.setdefault(turn.speaker, []).append(turn)
        return {speaker: tuple(turns) for speaker, turns in groups.items()}

    def speech(self) -> tuple[Segment, ...]:
        """The time in which anybody speaks."""
        return union(turn.segment for turn in self.turns)

    def speech_time(self) -> float:
        """Seconds in which anybody speaks; overlapped time counts once."""
        return math.fsum(segment.length for segment in self.speech())

    def speaker_time(self) -> dict[str, float]:
        """Seconds of speech of each speaker; time shared by two counts for each, and time in two
        turns of the same speaker once."""
        return {
            speaker: math.fsum(part.length for part in union(turn.segment for turn in turns))
            for speaker, turns in self.by_speaker().items()
        }

    def overlaps(self) -> tuple[Segment, ...]:
        """The time in which two speakers or more speak."""
        speaking = [
            segment
            for turns in self.by_speaker().values()
            for segment in union(turn.segment for turn in turns)
        ]
        shared: list[Segment] = []
        reach = 0.0
        for segment in sorted(speaking, key=segment_order):
            if segment.start < reach:
                shared.append(Segment(segment.start, min(segment.end, reach)))
            reach = max(reach, segment.end)
        return union(shared)

    def gaps(self) -> tuple[Segment, ...]:
        """The time between 0 and :attr:`extent` in which nobody speaks."""
        return difference([Segment(0.0, self.extent)], self.speech()) if self.extent else ()

    def support(self, gap: float = 0.0) -> Diarization:
        """Turns of one speaker merged where they overlap, touch, or are at most ``gap`` s apart.

        A merged turn's confidence is the mean of its parts', weighted by their lengths; its text
        is theirs in order.
        """
        return self.with_turns(
            _merge(group) for turns in self.by_speaker().values() for group in _neighbours(turns, gap)
        )

    def crop(self, window: Segment) -> Diarization:
        """What lies inside ``window``; turns across its edges are cut, times stay as they are.

        A turn that is cut keeps its whole text: nobody knows which words lie inside.
        """
        return self.with_turns(
            turn if part == turn.segment else replace(turn, start=part.start, end=part.end)
            for turn in self.turns
            if (part := turn.segment.intersection(window)) is not None
        )

    def shift(self, seconds: float) -> Diarization:
        """Every turn moved by ``seconds``, which may be negative; the recording's length stays.

        Raises:
            IntervalError: if a turn would start before 0.
        """
        return self.with_turns(
            replace(turn, start=turn.start + seconds, end=turn.end + seconds) for turn in self.turns
        )

    def relabel(self, names: Mapping[str, str] | Callable[[str], str]) -> Diarization:
        """Speakers renamed; a label that ``names`` does not hold stays as it is.

        Raises:
            LabelError: if a new label is empty.
        """
        rename = names if callable(names) else lambda speaker: names.get(speaker, speaker)
        renamed = {speaker: rename(speaker) for speaker in self.speakers}
        return self.with_turns(
            turn if renamed[turn.speaker] == turn.speaker else replace(turn, speaker=renamed[turn.speaker])
            for turn in self.turns
        )

    def exclusive(self) -> Diarization:
        """At most one speaker at a time: overlapped time goes to the turn of higher confidence,
        then to the one that was speaking already, then to the one that goes on longer.

        A turn that is cut keeps its text in its longest part; one that owns no time is gone.
        """
        owned: dict[int, list[Segment]] = {}
        for winner, segment in self._floor():
            owned.setdefault(winner, []).append(segment)
        return self.with_turns(
            part for index, parts in owned.items() for part in _cut(self.turns[index], union(parts))
        )

    def _floor(self) -> Iterator[tuple[int, Segment]]:
        """Index of the turn that has the floor, and for how long, in order; silence left out.

        The waiting turns are a heap by rank, from which turns that are over fall when they come
        to the top: n log n, however many overlap.
        """
        edges = sorted({time for turn in self.turns for time in (turn.start, turn.end)})
        waiting: list[tuple[float, float, float, int]] = []
        upcoming = 0
        for start, end in pairwise(edges):
            while upcoming < len(self.turns) and self.turns[upcoming].start <= start:
                turn = self.turns[upcoming]
                heapq.heappush(waiting, (-(turn.confidence or 0.0), turn.start, -turn.end, upcoming))
                upcoming += 1
            while waiting and -waiting[0][2] <= start:
                heapq.heappop(waiting)
            if waiting:
                yield waiting[0][3], Segment(start, end)

    def _repr_svg_(self) -> str:
        """The timeline, for notebooks."""
        return timeline_svg([(turn.start, turn.end, turn.speaker) for turn in self.turns], self.extent)


def _neighbours(turns: Iterable[Turn], gap: float) -> Iterator[list[Turn]]:
    """Sorted turns in groups; between groups lies more than ``gap`` seconds."""
    group: list[Turn] = []
    reach = 0.0
    for turn in turns:
        if group and turn.start - reach > gap + SAME_INSTANT:
            yield group
            group = []
        reach = max(reach, turn.end)
        group.append(turn)
    if group:
        yield group


def _merge(turns: Sequence[Turn]) -> Turn:
    """One turn over all of ``turns``, which have the same speaker and are sorted."""
    if len(turns) == 1:
        return turns[0]
    known = [(turn.confidence, turn.length) for turn in turns if turn.confidence is not None]
    weight = math.fsum(length for _, length in known)
    texts = [turn.text for turn in turns if turn.text]
    return Turn(
        start=turns[0].start,
        end=max(turn.end for turn in turns),
        speaker=turns[0].speaker,
        confidence=min(1.0, math.fsum(value * length for value, length in known) / weight) if known else None,
        text=" ".join(texts) if texts else None,
    )


def _cut(turn: Turn, parts: Sequence[Segment]) -> Iterator[Turn]:
    """``turn`` reduced to ``parts`` of it; the text stays with the longest."""
    longest = max(parts, key=lambda part: part.length)
    for part in parts:
        text = turn.text if part is longest else None
        yield replace(turn, start=part.start, end=part.end, text=text)


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person, as far as they are known.

    Attributes:
        speaker_id: the label used in turns and words; not empty.
        name: what to show to people; the label where no name is known.

    Raises:
        LabelError: if the label is empty.
    """

    speaker_id: str
    name: str = ""

    def __post_init__(self) -> None:
        check_speaker(self.speaker_id)

    @property
    def display_name(self) -> str:
        """The name, or the label where there is none."""
        return self.name or self.speaker_id


@dataclass(frozen=True, slots=True)
class Recording:
    """One stream of sound: a file, or one channel of it.

    Attributes:
        recording_id: its name everywhere; the file's stem by default.
        path: where the file lies.
        channel: the channel counted from 1, or ``None`` for the mix of all.
        num_channels: channels in the file.
        sample_rate: of the file, in Hz.
        audio_length: seconds, or ``None`` where the container does not say (it is known
            once the recording has been decoded).
        codec: the decoder's name for the coding.
    """

    recording_id: str
    path: str
    channel: int | None = None
    num_channels: int = 1
    sample_rate: int = 16000
    audio_length: float | None = None
    codec: str = ""

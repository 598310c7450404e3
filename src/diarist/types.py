"""The words everything else is said in: frozen values, no input or output, no plotting.

Times are seconds as ``float``; intervals are half-open ``[start, end)``, never empty, never
negative. ``recording_id`` names a recording everywhere.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from diarist.errors import ConfidenceError, InputError, IntervalError, LabelError
from diarist.timeline import timeline_svg

UNKNOWN = "UNKNOWN"  # the speaker of speech whose speaker nobody named
SAME_INSTANT = 1e-9  # seconds; 1.3 - 1.0 is a little more than 0.3 in floating point


def _check_interval(start: float, end: float) -> None:
    if not (math.isfinite(start) and math.isfinite(end)):
        raise IntervalError(
            f"The interval from {start} s to {end} s is not finite.", "Give numbers of seconds."
        )
    if start < 0:
        raise IntervalError(f"The interval starts at {start} s.", "Times start at 0.")
    if end <= start:
        raise IntervalError(
            f"The interval from {start} s to {end} s is empty.", "Its end must come after its start."
        )


def _check_confidence(confidence: float | None) -> None:
    if confidence is not None and not 0 <= confidence <= 1:
        raise ConfidenceError(f"The confidence is {confidence}.", "A confidence lies between 0 and 1.")


def _check_speaker(speaker: str) -> None:
    if not speaker.strip():
        raise LabelError(f"The speaker's label {speaker!r} is empty.", "Give every speaker a name.")


def _check_recording_id(recording_id: str) -> None:
    if not recording_id:
        raise LabelError("The recording's name is empty.", "Give every recording a name.")


def _as_floats(value: object, *names: str) -> None:
    """Make integers and NumPy's numbers in a frozen value the plain floats that it promises."""
    for name in names:
        number = getattr(value, name)
        if number is not None and type(number) is not float:
            object.__setattr__(value, name, float(number))


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A half-open stretch of time ``[start, end)`` in seconds.

    Raises:
        IntervalError: if it is empty, negative or not finite.
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        _check_interval(self.start, self.end)
        _as_floats(self, "start", "end")

    @property
    def length(self) -> float:
        """Seconds from start to end."""
        return self.end - self.start

    def overlap(self, other: Segment) -> float:
        """Seconds that both share; 0 where they are apart."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def intersection(self, other: Segment) -> Segment | None:
        """The stretch both share, or ``None``."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Segment(start, end) if start < end else None


def _segment_order(segment: Segment) -> tuple[float, float]:
    return (segment.start, segment.end)


def union(segments: Iterable[Segment], *, gap: float = 0.0) -> tuple[Segment, ...]:
    """The segments merged where they overlap, touch, or are at most ``gap`` seconds apart."""
    merged: list[Segment] = []
    start = end = -math.inf
    for segment in sorted(segments, key=_segment_order):
        if segment.start - end <= gap + SAME_INSTANT:
            end = max(end, segment.end)
            continue
        if end > start:
            merged.append(Segment(start, end))
        start, end = segment.start, segment.end
    if end > start:
        merged.append(Segment(start, end))
    return tuple(merged)


def intersection(left: Iterable[Segment], right: Iterable[Segment]) -> tuple[Segment, ...]:
    """The time that lies in both sets."""
    ours, theirs = union(left), union(right)
    shared: list[Segment] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        both = ours[i].intersection(theirs[j])
        if both is not None:
            shared.append(both)
        if ours[i].end <= theirs[j].end:
            i += 1
        else:
            j += 1
    return tuple(shared)


def difference(left: Iterable[Segment], right: Iterable[Segment]) -> tuple[Segment, ...]:
    """The time that lies in ``left`` and not in ``right``."""
    cuts = union(right)
    rest: list[Segment] = []
    j = 0
    for segment in union(left):
        start = segment.start
        while j < len(cuts) and cuts[j].end <= start:
            j += 1
        k = j
        while k < len(cuts) and cuts[k].start < segment.end:
            if cuts[k].start > start:
                rest.append(Segment(start, cuts[k].start))
            start = max(start, cuts[k].end)
            k += 1
        if start < segment.end:
            rest.append(Segment(start, segment.end))
    return tuple(rest)


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
        _check_interval(self.start, self.end)
        _check_speaker(self.speaker)
        _check_confidence(self.confidence)
        _as_floats(self, "start", "end", "confidence")

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
        _check_recording_id(self.recording_id)
        length = self.audio_length
        if length is not None and not (math.isfinite(length) and length >= 0):
            raise IntervalError(f"The recording's length is {length} s.", "Give seconds, or None.")
        if self.channel is not None and self.channel < 1:
            raise InputError(f"The channel is {self.channel}.", "Channels are counted from 1.")
        _as_floats(self, "audio_length")
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
        for segment in sorted(speaking, key=_segment_order):
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
class Word:
    """One word of a transcript.

    Attributes:
        text: the word, punctuation included.
        start, end: seconds; both ``None`` where the transcriber gave no times.
        confidence: of the transcriber in [0, 1], or ``None``.
        speaker: a label, or ``None`` for nobody known.
        speaker_confidence: in [0, 1], or ``None``.

    Raises:
        IntervalError: if one time is given without the other, or the interval is negative or ends
            before it starts. A word of no length is allowed: transcribers write them.
        LabelError: if the speaker's label is empty.
        ConfidenceError: if a confidence lies outside its range.
    """

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    speaker: str | None = None
    speaker_confidence: float | None = None

    def __post_init__(self) -> None:
        if self.start is None or self.end is None:
            if self.start is not self.end:
                raise IntervalError(
                    f"The word {self.text!r} has one time only.", "Give both times or neither."
                )
        elif self.start != self.end or self.start < 0 or not math.isfinite(self.start):
            _check_interval(self.start, self.end)
        if self.speaker is not None:
            _check_speaker(self.speaker)
        _check_confidence(self.confidence)
        _check_confidence(self.speaker_confidence)
        _as_floats(self, "start", "end", "confidence", "speaker_confidence")

    @property
    def timed(self) -> bool:
        """Whether it has times, and some length."""
        return self.start is not None and self.end is not None and self.end > self.start


@dataclass(frozen=True)
class Transcript:
    """What was said in one recording, word by word, in order.

    Attributes:
        recording_id: the recording's name; not empty.
        words: in the order in which they were said.
        language: a BCP 47 tag (``"en"``, ``"pt-BR"``), or ``None``.
        source: what made it.

    Raises:
        LabelError: if the recording has no name.
    """

    recording_id: str
    words: tuple[Word, ...] = ()
    language: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        _check_recording_id(self.recording_id)
        object.__setattr__(self, "words", tuple(self.words))

    @property
    def text(self) -> str:
        """All words, separated by spaces."""
        return " ".join(word.text for word in self.words)

    def relabel(self, names: Mapping[str, str] | Callable[[str], str]) -> Transcript:
        """Speakers renamed; a label that ``names`` does not hold stays as it is.

        Raises:
            LabelError: if a new label is empty.
        """
        rename = names if callable(names) else lambda speaker: names.get(speaker, speaker)
        return replace(
            self,
            words=tuple(
                word if word.speaker is None else replace(word, speaker=rename(word.speaker))
                for word in self.words
            ),
        )

    def turns(self, gap: float = 1.0, unknown: str = UNKNOWN) -> Diarization:
        """Consecutive words of one speaker as turns with text; a pause over ``gap`` s ends a turn.

        Words without a speaker go under the label ``unknown``. A word without times, or of no
        length, joins the turn before it, or the next one where there is none: no word is lost as
        long as one has times. Where none has, there is no turn, and a note says so.
        """
        turns: list[Turn] = []
        group = _Group()
        for word in self.words:
            if not group.takes(word, gap):
                turns.append(group.turn(unknown))
                group = _Group()
            group.add(word)
        if group.timed:
            turns.append(group.turn(unknown))
        silent = self.words and not turns
        notes = (f"None of the {len(self.words)} words has times: there are no turns.",) if silent else ()
        return Diarization(self.recording_id, tuple(turns), source=self.source, notes=notes)


class _Group:
    """Words that become one turn."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.timed: list[tuple[float, float, Word]] = []

    def add(self, word: Word) -> None:
        self.words.append(word)
        if word.start is not None and word.end is not None and word.timed:
            self.timed.append((word.start, word.end, word))

    def takes(self, word: Word, gap: float) -> bool:
        """Whether ``word`` goes on where the group is."""
        if not self.timed or word.start is None or not word.timed:
            return True
        start, end, last = self.timed[-1]
        return last.speaker == word.speaker and start <= word.start <= end + gap + SAME_INSTANT

    def turn(self, unknown: str) -> Turn:
        known = [word.speaker_confidence for _, _, word in self.timed if word.speaker_confidence is not None]
        return Turn(
            start=self.timed[0][0],
            end=max(end for _, end, _ in self.timed),
            speaker=self.timed[0][2].speaker or unknown,
            confidence=min(1.0, math.fsum(known) / len(known)) if known else None,
            text=" ".join(word.text for word in self.words),
        )


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
        _check_speaker(self.speaker_id)

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

"""The words everything else is said in: frozen values, no input or output, no plotting.

Times are seconds as ``float``; intervals are half-open ``[start, end)``, never empty, never
negative. ``recording_id`` names a recording everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from diarist.errors import IntervalError
from diarist.timeline import timeline_svg


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


def union(segments: Iterable[Segment], *, gap: float = 0.0) -> tuple[Segment, ...]:
    """The segments merged where they overlap, touch, or are at most ``gap`` seconds apart."""
    merged: list[Segment] = []
    for segment in sorted(segments):
        if merged and segment.start - merged[-1].end <= gap:
            if segment.end > merged[-1].end:
                merged[-1] = Segment(merged[-1].start, segment.end)
        else:
            merged.append(segment)
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
        speaker: the label of the speaker; not empty.
        confidence: in [0, 1], or ``None`` where what made the turn gives none.
        text: what was said, where it is known.

    Raises:
        IntervalError: if the interval is empty, negative or not finite.
    """

    start: float
    end: float
    speaker: str
    confidence: float | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        _check_interval(self.start, self.end)

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
        recording_id: the recording's name (RTTM's file field).
        turns: the turns, sorted.
        audio_length: seconds of the recording, or ``None`` where it is not known.
        channel: the channel the turns belong to, counted from 1; ``None`` for the whole recording.
        source: what made the turns: an engine's name, a format's, ``"reference"``.
        models: name of each model used → SHA-256 of its weights.
        parameters: what the engine was told, as JSON values.
        notes: what a reader should know of this result, one sentence each.
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
        object.__setattr__(self, "turns", tuple(sorted(self.turns, key=_turn_order)))

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
        return max([self.audio_length or 0.0, *(turn.end for turn in self.turns)])

    def with_turns(self, turns: Iterable[Turn]) -> Diarization:
        """The same diarization with other turns."""
        return replace(self, turns=tuple(turns))

    def of(self, speaker: str) -> tuple[Turn, ...]:
        """The turns of one speaker."""
        return tuple(turn for turn in self.turns if turn.speaker == speaker)

    def speech(self) -> tuple[Segment, ...]:
        """The time in which anybody speaks."""
        return union(turn.segment for turn in self.turns)

    def speech_time(self) -> float:
        """Seconds in which anybody speaks; overlapped time counts once."""
        return math.fsum(segment.length for segment in self.speech())

    def speaker_time(self) -> dict[str, float]:
        """Seconds of speech of each speaker; overlapped time counts for each."""
        return {
            speaker: math.fsum(part.length for part in union(turn.segment for turn in self.of(speaker)))
            for speaker in self.speakers
        }

    def overlaps(self) -> tuple[Segment, ...]:
        """The time in which two speakers or more speak."""
        return tuple(segment for segment, active in self._sweep() if len(active) > 1)

    def gaps(self) -> tuple[Segment, ...]:
        """The time between 0 and :attr:`extent` in which nobody speaks."""
        return difference([Segment(0.0, self.extent)], self.speech()) if self.extent else ()

    def support(self, gap: float = 0.0) -> Diarization:
        """Turns of one speaker merged where they overlap, touch, or are at most ``gap`` s apart.

        A merged turn's confidence is the mean of its parts', weighted by their lengths; its text
        is theirs in order.
        """
        merged: list[Turn] = []
        for speaker in self.speakers:
            group: list[Turn] = []
            reach = 0.0
            for turn in self.of(speaker):
                if group and turn.start - reach > gap:
                    merged.append(_merge(group))
                    group = []
                reach = max(reach, turn.end) if group else turn.end
                group.append(turn)
            merged.append(_merge(group))
        return self.with_turns(merged)

    def crop(self, window: Segment) -> Diarization:
        """What lies inside ``window``; turns across its edges are cut, times stay as they are."""
        return self.with_turns(
            replace(turn, start=part.start, end=part.end)
            for turn in self.turns
            if (part := turn.segment.intersection(window)) is not None
        )

    def shift(self, seconds: float) -> Diarization:
        """Every turn moved by ``seconds`` (which may be negative, as long as no turn's start is)."""
        return self.with_turns(
            replace(turn, start=turn.start + seconds, end=turn.end + seconds) for turn in self.turns
        )

    def relabel(self, names: Mapping[str, str] | Callable[[str], str]) -> Diarization:
        """Speakers renamed; a label that ``names`` does not hold stays as it is."""
        rename = names if callable(names) else lambda speaker: names.get(speaker, speaker)
        return self.with_turns(replace(turn, speaker=rename(turn.speaker)) for turn in self.turns)

    def exclusive(self) -> Diarization:
        """At most one speaker at a time: overlapped time goes to the turn of higher confidence,
        then to the one that was speaking already, then to the one that goes on longer.

        A turn that is cut keeps its text in its longest part.
        """
        kept: dict[Turn, list[Segment]] = {}
        for segment, active in self._sweep():
            winner = max(active, key=lambda turn: (turn.confidence or 0.0, -turn.start, turn.end))
            kept.setdefault(winner, []).append(segment)
        return self.with_turns(part for turn, owned in kept.items() for part in _cut(turn, union(owned)))

    def _sweep(self) -> Iterator[tuple[Segment, tuple[Turn, ...]]]:
        """Maximal stretches over which the same turns are active, in order; silence left out."""
        edges = sorted({time for turn in self.turns for time in (turn.start, turn.end)})
        active: list[Turn] = []
        upcoming = 0
        for start, end in zip(edges, edges[1:], strict=False):
            active = [turn for turn in active if turn.end > start]
            while upcoming < len(self.turns) and self.turns[upcoming].start <= start:
                active.append(self.turns[upcoming])
                upcoming += 1
            if active:
                yield Segment(start, end), tuple(active)

    def _repr_svg_(self) -> str:
        """The timeline, for notebooks."""
        return timeline_svg([(turn.start, turn.end, turn.speaker) for turn in self.turns], self.extent)


def _merge(turns: Sequence[Turn]) -> Turn:
    """One turn over all of ``turns``, which have the same speaker and are sorted."""
    known = [(turn.confidence, turn.length) for turn in turns if turn.confidence is not None]
    weight = math.fsum(length for _, length in known)
    texts = [turn.text for turn in turns if turn.text]
    return Turn(
        start=turns[0].start,
        end=max(turn.end for turn in turns),
        speaker=turns[0].speaker,
        confidence=math.fsum(value * length for value, length in known) / weight if known else None,
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


@dataclass(frozen=True)
class Transcript:
    """What was said in one recording, word by word, in order.

    Attributes:
        recording_id: the recording's name.
        words: in the order in which they were said.
        language: a BCP 47 tag (``"en"``, ``"pt-BR"``), or ``None``.
        source: what made it.
    """

    recording_id: str
    words: tuple[Word, ...] = ()
    language: str | None = None
    source: str = ""

    @property
    def text(self) -> str:
        """All words, separated by spaces."""
        return " ".join(word.text for word in self.words)

    def relabel(self, names: Mapping[str, str]) -> Transcript:
        """Speakers renamed; a label that ``names`` does not hold stays as it is."""
        return replace(
            self,
            words=tuple(
                word if word.speaker is None else replace(word, speaker=names.get(word.speaker, word.speaker))
                for word in self.words
            ),
        )

    def turns(self, gap: float = 1.0, unknown: str = "UNKNOWN") -> Diarization:
        """Consecutive words of one speaker as turns with text; a pause over ``gap`` s ends a turn.

        Words without a speaker go under the label ``unknown``. A word without times, or of no
        length, joins the turn before it, or the next one where there is none: no word is lost as
        long as one has times.
        """
        groups: list[list[Word]] = []
        waiting: list[Word] = []
        for word in self.words:
            timed = word.start is not None and word.end is not None and word.end > word.start
            if not timed:
                (groups[-1] if groups else waiting).append(word)
            elif groups and _continues(groups[-1], word, gap):
                groups[-1].append(word)
            else:
                groups.append([*waiting, word])
                waiting = []
        return Diarization(
            self.recording_id,
            tuple(_spoken(group, unknown) for group in groups),
            source=self.source,
        )


def _timed(words: Sequence[Word]) -> list[tuple[float, float, Word]]:
    return [
        (word.start, word.end, word)
        for word in words
        if word.start is not None and word.end is not None and word.end > word.start
    ]


def _continues(group: Sequence[Word], word: Word, gap: float) -> bool:
    start, end, last = _timed(group)[-1]
    assert word.start is not None
    return last.speaker == word.speaker and start <= word.start <= end + gap


def _spoken(words: Sequence[Word], unknown: str) -> Turn:
    timed = _timed(words)
    known = [word.speaker_confidence for _, _, word in timed if word.speaker_confidence is not None]
    return Turn(
        start=timed[0][0],
        end=max(end for _, end, _ in timed),
        speaker=timed[0][2].speaker or unknown,
        confidence=math.fsum(known) / len(known) if known else None,
        text=" ".join(word.text for word in words),
    )


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person, as far as they are known.

    Attributes:
        speaker_id: the label used in turns and words; not empty.
        name: what to show to people; the label where no name is known.
    """

    speaker_id: str
    name: str = ""

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

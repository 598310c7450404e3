"""Who spoke when in many recordings, as arrays of whole microseconds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress, count
from typing import TYPE_CHECKING

import numpy as np

from diarist.errors import InputError
from diarist.evaluation.arrays import Floats, Ints
from diarist.timebase import seconds_to_ticks

if TYPE_CHECKING:
    from diarist.formats.columns import Columns
    from diarist.types import Diarization

_CHANNEL = re.compile(r"(.+)\.ch[0-9]+", re.DOTALL)

LATEST = 1e10  # seconds: three hundred years; ticks of what lies beyond could not be added up


@dataclass(frozen=True, eq=False)
class Labels:
    """The turns of many recordings, ``N`` in all, of ``S`` speakers. A speaker belongs to one recording.

    Attributes:
        recordings: names, each once.
        speakers: labels ``[S]``.
        speaker_recordings: index of each speaker's recording ``[S]``.
        turn_speakers: index of each turn's speaker ``[N]``.
        starts: ticks ``[N]``.
        ends: ticks, after the starts ``[N]``.
        lengths: recording → seconds of its audio, where that is known.
    """

    recordings: tuple[str, ...]
    speakers: tuple[str, ...]
    speaker_recordings: Ints
    turn_speakers: Ints
    starts: Ints
    ends: Ints
    lengths: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def from_diarizations(cls, diarizations: Iterable[Diarization]) -> Labels:
        """Arrays of diarizations.

        Raises:
            InputError: if a recording occurs twice, or a time is beyond :data:`LATEST`.
        """
        given = list(diarizations)
        names = [recording_name(diarization) for diarization in given]
        _refuse_twice(names)
        turns = [
            (index, turn.speaker, turn.start, turn.end)
            for index, diarization in enumerate(given)
            for turn in diarization.turns
        ]
        recordings, speakers, starts, ends = zip(*turns, strict=True) if turns else ((), (), (), ())
        lengths = {
            name: diarization.audio_length
            for name, diarization in zip(names, given, strict=True)
            if diarization.audio_length is not None
        }
        checked_ticks(np.array(list(lengths.values()), np.float64))
        return _collect(names, recordings, speakers, np.array(starts, float), np.array(ends, float), lengths)

    @classmethod
    def from_columns(cls, columns: Columns) -> Labels:
        """Arrays of what was read from RTTM files.

        Raises:
            InputError: if a time is beyond :data:`LATEST`.
        """
        starts, ends = checked_ticks(columns.starts), checked_ticks(columns.ends)
        num = max(len(columns.labels), 1)
        pairs, turn_speakers = np.unique(
            columns.turn_recordings * num + columns.turn_labels, return_inverse=True
        )
        speakers = tuple(columns.labels[label] for label in (pairs % num).tolist())
        return cls(tuple(columns.recordings), speakers, pairs // num, turn_speakers, starts, ends)

    def without(self, names: Collection[str]) -> Labels:
        """The other recordings."""
        if not any(name in names for name in self.recordings):
            return self
        kept = np.array([name not in names for name in self.recordings], bool)
        speaker_kept = kept[self.speaker_recordings]
        turn_kept = speaker_kept[self.turn_speakers]
        recording_numbers, speaker_numbers = np.cumsum(kept) - 1, np.cumsum(speaker_kept) - 1
        return Labels(
            tuple(compress(self.recordings, kept)),
            tuple(compress(self.speakers, speaker_kept)),
            recording_numbers[self.speaker_recordings[speaker_kept]],
            speaker_numbers[self.turn_speakers[turn_kept]],
            self.starts[turn_kept],
            self.ends[turn_kept],
            {name: length for name, length in self.lengths.items() if name not in names},
        )

    def renamed(self, name: str) -> Labels:
        """The only recording under another name."""
        lengths = dict.fromkeys((name,), *self.lengths.values()) if self.lengths else {}
        return replace(self, recordings=(name,), lengths=lengths)

    @property
    def num_turns(self) -> int:
        """``N``."""
        return len(self.starts)


def recording_name(diarization: Diarization) -> str:
    """What a recording is called in results: its name, and its channel where it is one of several."""
    if diarization.channel is None:
        return diarization.recording_id
    return f"{diarization.recording_id}.ch{diarization.channel}"


def without_channel(name: str) -> str:
    """The recording of which a name of :func:`recording_name` is a channel, or the name itself."""
    channel = _CHANNEL.fullmatch(name)
    return channel[1] if channel else name


def join_labels(parts: Sequence[Labels]) -> Labels:
    """All recordings of several.

    Raises:
        InputError: if a recording occurs twice.
    """
    if len(parts) == 1:
        return parts[0]
    names = [name for part in parts for name in part.recordings]
    _refuse_twice(names)
    first_recording = np.cumsum([0, *(len(part.recordings) for part in parts)])
    first_speaker = np.cumsum([0, *(len(part.speakers) for part in parts)])
    empty = np.zeros(0, np.int64)
    return Labels(
        tuple(names),
        tuple(speaker for part in parts for speaker in part.speakers),
        np.concatenate(
            [empty, *(p.speaker_recordings + n for p, n in zip(parts, first_recording, strict=False))]
        ),
        np.concatenate([empty, *(p.turn_speakers + n for p, n in zip(parts, first_speaker, strict=False))]),
        np.concatenate([empty, *(part.starts for part in parts)]),
        np.concatenate([empty, *(part.ends for part in parts)]),
        {name: length for part in parts for name, length in part.lengths.items()},
    )


def _collect(
    names: Sequence[str],
    recordings: Sequence[int],
    speakers: Sequence[str],
    starts: Floats,
    ends: Floats,
    lengths: Mapping[str, float],
) -> Labels:
    """Number the speakers, each for its recording, and turn seconds into ticks."""
    codes: defaultdict[tuple[int, str], int] = defaultdict(count().__next__)
    pairs = zip(recordings, speakers, strict=True)
    turn_speakers = np.fromiter(map(codes.__getitem__, pairs), np.int64, len(speakers))
    return Labels(
        tuple(names),
        tuple(speaker for _, speaker in codes),
        np.fromiter((recording for recording, _ in codes), np.int64, len(codes)),
        turn_speakers,
        checked_ticks(starts),
        checked_ticks(ends),
        lengths,
    )


def checked_ticks(seconds: Floats, where: str = "the labels") -> Ints:
    """Times as ticks.

    Args:
        seconds: ``[N]``.
        where: they come from, for the error.

    Raises:
        InputError: if one is beyond :data:`LATEST`.
    """
    latest = float(np.max(seconds, initial=0.0))
    if latest > LATEST:
        raise InputError(
            f"A time of {latest:g} s in {where} is beyond any recording.",
            f"Times are seconds, up to {LATEST:g}.",
        )
    return seconds_to_ticks(seconds)


def _refuse_twice(names: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"The recording {name!r} is given twice.", "Give each recording once.")
        seen.add(name)

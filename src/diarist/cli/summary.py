"""What one recording's result amounts to, in a few lines for people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from diarist.errors import printable
from diarist.timeline import clock

if TYPE_CHECKING:
    from diarist.types import Diarization
    from diarist.workflows.diarize import Result


def summary_lines(result: Result) -> Iterator[str]:
    """The speakers with their share of speech, and how long it took.

    Overlapped time counts for each of its speakers, so that the shares add up to 100 %.
    """
    diarization = result.diarization
    if diarization is None:
        return
    yield f"{diarization.recording_id}: {_headline(diarization)}"
    times = diarization.speaker_time()
    names = {speaker: printable(speaker) for speaker in times}
    width = max(map(_width, names.values()), default=0)
    spoken = math.fsum(times.values())
    for speaker, seconds in times.items():
        name = names[speaker] + " " * (width - _width(names[speaker]))
        yield f"  {name}  {clock(seconds):>8}  {100 * seconds / spoken:5.1f} %"
    yield f"  {timing(result.audio_length, result.processing_time)}"


def totals_line(results: Sequence[Result], failed: int) -> str:
    """All recordings of a call in one line."""
    done = [result for result in results if result.diarization is not None]
    lengths = [result.audio_length for result in done]
    audio_length = math.fsum(length or 0.0 for length in lengths)
    processing_time = math.fsum(result.processing_time for result in done)
    failures = f", {failed} failed" if failed else ""
    return f"{count(len(done), 'recording')} done{failures}; {timing(audio_length, processing_time)}"


def timing(audio_length: float | None, processing_time: float) -> str:
    """Both lengths in seconds and their ratio."""
    if not audio_length:
        return f"processing_time {processing_time:.2f} s"
    ratio = f", {audio_length / processing_time:.1f} times real time" if processing_time > 0 else ""
    return f"audio_length {audio_length:.2f} s, processing_time {processing_time:.2f} s{ratio}"


def count(number: int, noun: str) -> str:
    """``1 speaker``, ``2 speakers``, ``no speakers``."""
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _headline(diarization: Diarization) -> str:
    if not diarization.turns:
        return "no speech found"
    overlapped = math.fsum(segment.length for segment in diarization.overlaps())
    note = f", {clock(overlapped)} of it overlapped" if overlapped >= 0.5 else ""
    return (
        f"{count(len(diarization.speakers), 'speaker')}, {count(len(diarization), 'turn')}, "
        f"{clock(diarization.speech_time())} of speech{note}"
    )


def _width(text: str) -> int:
    """Columns of a terminal; many Asian characters take two."""
    from rich.cells import cell_len

    return cell_len(text)

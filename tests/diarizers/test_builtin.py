"""The whole engine on the example, whose turns are known exactly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from diarist import formats
from diarist.audio import load, open_recordings, write_wav
from diarist.diarizers.base import SpeakerCount
from diarist.diarizers.builtin import BuiltinDiarizer, count_notes
from diarist.types import Diarization, Recording


@pytest.fixture(scope="module")
def engine(model_cache: Path) -> BuiltinDiarizer:
    return BuiltinDiarizer(device="cpu", cache=model_cache)


@pytest.fixture(scope="module")
def recording(conversation: Path) -> Recording:
    return open_recordings(conversation)[0]


@pytest.fixture(scope="module")
def reference(conversation: Path) -> Diarization:
    return formats.read(conversation.with_suffix(".rttm"))[0]


@pytest.fixture(scope="module")
def result(engine: BuiltinDiarizer, recording: Recording) -> Diarization:
    return engine.diarize(recording)


def error_rate(reference: Diarization, hypothesis: Diarization, step: float = 0.01) -> float:
    """Diarization error on a grid of 10 ms, overlap scored, no collar; good to a few tenths of a percent."""

    def grid(labels: Diarization) -> np.ndarray:
        active = np.zeros((len(labels.speakers), int(reference.extent / step) + 200), int)
        for row, speaker in enumerate(labels.speakers):
            for turn in labels.of(speaker):
                active[row, round(turn.start / step) : round(turn.end / step)] = 1
        return active

    ours, theirs = grid(hypothesis), grid(reference)
    rows, columns = linear_sum_assignment(-(theirs @ ours.T))
    correct = (theirs[rows] & ours[columns]).sum()
    wrong = np.maximum(theirs.sum(0), ours.sum(0)).sum() - correct
    return float(wrong / theirs.sum())


def test_the_example_comes_out_right(result: Diarization, reference: Diarization) -> None:
    assert len(result.speakers) == len(reference.speakers) == 4
    assert error_rate(reference, result) < 0.08
    assert result.overlaps()
    assert result.notes == ()


def test_what_made_it_is_written_down(result: Diarization, recording: Recording) -> None:
    assert result.source == "builtin"
    assert set(result.models) == {"segmentation", "embedding"}
    assert all(len(digest) == 64 for digest in result.models.values())
    assert result.parameters["evidence"]["dimensions"] == 80.0
    assert result.recording_id == recording.recording_id == "conversation"
    assert result.audio_length == pytest.approx(recording.audio_length, abs=0.1)
    assert result.speakers == ("SPEAKER_00", "SPEAKER_01", "SPEAKER_02", "SPEAKER_03")
    assert all(turn.confidence is not None and 0 < turn.confidence <= 1 for turn in result)


def test_the_same_input_gives_the_same_bytes(
    engine: BuiltinDiarizer, model_cache: Path, recording: Recording, result: Diarization
) -> None:
    for diarizer in (engine, BuiltinDiarizer(device="cpu", cache=model_cache)):
        again = diarizer.diarize(recording)
        assert formats.serialise([again], "json") == formats.serialise([result], "json")


@pytest.mark.parametrize("asked", [1, 2, 3, 4, 5, 7])
def test_the_count_asked_for_is_the_count_given(
    engine: BuiltinDiarizer, recording: Recording, asked: int
) -> None:
    found = engine.diarize(recording, count=SpeakerCount(num_speakers=asked))
    assert len(found.speakers) == asked
    assert bool(found.notes) == (asked != 4)


def test_a_range_is_honoured(engine: BuiltinDiarizer, recording: Recording) -> None:
    few = engine.diarize(recording, count=SpeakerCount(max_speakers=3))
    many = engine.diarize(recording, count=SpeakerCount(min_speakers=5, max_speakers=6))
    inside = engine.diarize(recording, count=SpeakerCount(min_speakers=2, max_speakers=6))
    assert (len(few.speakers), len(many.speakers), len(inside.speakers)) == (3, 5, 4)


def test_exclusive_means_one_at_a_time(engine: BuiltinDiarizer, recording: Recording) -> None:
    found = engine.diarize(recording, exclusive=True)
    assert found.overlaps() == ()
    assert len(found.speakers) == 4


def test_short_answers_stay(result: Diarization, reference: Diarization) -> None:
    """Backchannels under half a second, each inside another's turn or a pause, are heard."""
    short = [turn for turn in reference if turn.length < 0.5]
    heard = [
        turn
        for turn in short
        if any(found.segment.overlap(turn.segment) > 0.1 and found.length < 1.2 for found in result)
    ]
    assert len(short) >= 3
    assert len(heard) >= len(short) / 2


@pytest.mark.parametrize("seconds", [0.0, 0.1, 1.0, 10.0])
def test_silence_of_any_length_gives_no_turns(
    engine: BuiltinDiarizer, tmp_path: Path, seconds: float
) -> None:
    path = tmp_path / "silence.wav"
    write_wav(path, np.zeros(int(seconds * 16000), np.float32))
    found = engine.diarize(open_recordings(path)[0], count=SpeakerCount(num_speakers=2))
    assert found.turns == ()
    assert found.audio_length == seconds
    assert found.notes == ("No speech was found.",)


def test_noise_is_not_speech(engine: BuiltinDiarizer, tmp_path: Path) -> None:
    path = tmp_path / "noise.wav"
    write_wav(path, np.random.default_rng(0).standard_normal(15 * 16000).astype(np.float32) * 0.1)
    assert engine.diarize(open_recordings(path)[0]).turns == ()


@pytest.mark.parametrize("gain", [0.01, 4.0])
def test_loudness_does_not_matter(
    engine: BuiltinDiarizer, conversation: Path, reference: Diarization, tmp_path: Path, gain: float
) -> None:
    path = tmp_path / "conversation.flac"
    from diarist.audio import write_audio

    write_audio(path, load(conversation) * gain, 16000)
    found = engine.diarize(open_recordings(path)[0])
    assert len(found.speakers) == 4
    assert error_rate(reference, found) < 0.12


def test_real_meetings(engine: BuiltinDiarizer, shared_data: Path) -> None:
    """Thirty-second openings of real meetings: far microphones, overlap, laughter."""
    wrong = total = 0.0
    for path in sorted((shared_data / "conversations").glob("*.flac")):
        reference = formats.read(path.with_suffix(".rttm"))[0]
        seconds = sum(reference.speaker_time().values())
        found = engine.diarize(open_recordings(path)[0])
        wrong += error_rate(reference, found) * seconds
        total += seconds
    assert wrong / total < 0.16


@pytest.mark.parametrize(
    ("count", "natural", "found", "says"),
    [
        (SpeakerCount(), 3, 3, ""),
        (SpeakerCount(), 4, 3, ""),
        (SpeakerCount(), 0, 0, ""),
        (SpeakerCount(num_speakers=3), 3, 3, ""),
        (SpeakerCount(num_speakers=2), 3, 2, "3 speakers, more than the 2 allowed"),
        (SpeakerCount(max_speakers=2), 3, 2, "different people"),
        (SpeakerCount(max_speakers=8), 5, 4, ""),
        (SpeakerCount(num_speakers=5), 3, 5, "3 speakers, fewer than the 5 asked for"),
        (SpeakerCount(min_speakers=5), 3, 5, "several labels"),
        (SpeakerCount(min_speakers=2), 5, 4, ""),
        (SpeakerCount(num_speakers=5), 3, 4, "for 4 of the 5 speakers"),
        (SpeakerCount(min_speakers=2), 1, 1, "for 1 of the 2 speakers"),
        (SpeakerCount(num_speakers=2), 0, 0, "No speech"),
    ],
)
def test_notes_on_the_count(count: SpeakerCount, natural: int, found: int, says: str) -> None:
    notes = count_notes(count, natural, found)
    assert bool(notes) == bool(says)
    assert says in "".join(notes)

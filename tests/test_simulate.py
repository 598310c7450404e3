"""Simulated conversations: what the reference says is what can be heard."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from diarist.errors import OptionError
from diarist.simulate import PlacedSpeech, SimulationConfig, in_room, reference_of, render, simulate
from diarist.source_speech import MAX_PAUSE_FRAMES, SAMPLE_RATE, Samples, SpeechPool, speech_stretches
from diarist.turn_taking import BROADCAST, CONSULTATION, MAX_PAUSE, MEETING, TurnStatistics, turn_statistics
from diarist.types import Diarization, Turn

LEVEL = SimulationConfig(level_spread_db=0.0)


def tone(hertz: float, length: float) -> Samples:
    """A steady tone ``[S]``, which stands for a voice here."""
    times = np.arange(round(length * SAMPLE_RATE)) / SAMPLE_RATE
    return (0.1 * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def silence(length: float) -> Samples:
    return np.zeros(round(length * SAMPLE_RATE), dtype=np.float32)


def speaker(hertz: float, seed: int, seconds: float = 300.0) -> list[Samples]:
    """Utterances of 1 to 6 s with silence around them and pauses inside, on a 10 ms grid."""
    rng = np.random.default_rng(seed)
    recordings: list[Samples] = []
    spoken = 0.0
    while spoken < seconds:
        lengths = rng.integers(10, 300, size=2) / 100
        pause = int(rng.integers(5, 80)) / 100
        parts = [silence(0.2), tone(hertz, lengths[0]), silence(pause), tone(hertz, lengths[1]), silence(0.3)]
        recordings.append(np.concatenate(parts))
        spoken += float(lengths.sum())
    return recordings


def group(size: int, seconds: float = 300.0) -> dict[str, list[Samples]]:
    return {f"S{i}": speaker(200.0 * (i + 1), i, seconds) for i in range(size)}


def level(samples: Samples, start: float, end: float) -> float:
    """Root mean square of a stretch."""
    part = samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)].astype(np.float64)
    return float(np.sqrt(np.mean(part**2))) if len(part) else 0.0


@pytest.mark.parametrize("pause", [0.05, 0.3])
def test_a_short_pause_belongs_to_the_speech(pause: float) -> None:
    samples = np.concatenate([silence(0.5), tone(300, 1.0), silence(pause), tone(300, 1.0), silence(0.4)])
    ((start, end),) = speech_stretches(samples)
    assert start / SAMPLE_RATE == pytest.approx(0.5, abs=0.011)
    assert end / SAMPLE_RATE == pytest.approx(2.5 + pause, abs=0.011)


def test_a_long_pause_splits() -> None:
    samples = np.concatenate([silence(0.5), tone(300, 1.0), silence(0.35), tone(300, 1.0), silence(0.4)])
    edges = [sample / SAMPLE_RATE for stretch in speech_stretches(samples) for sample in stretch]
    assert edges == pytest.approx([0.5, 1.5, 1.85, 2.85], abs=0.011)


def test_a_click_is_no_speech_and_silence_holds_none() -> None:
    click = np.concatenate([silence(1.0), tone(300, 0.005), silence(1.0), tone(300, 1.0), silence(1.0)])
    assert len(speech_stretches(click)) == 1
    assert speech_stretches(silence(1.0)) == ()
    assert speech_stretches(silence(0.001)) == ()


def test_background_noise_of_a_source_is_no_speech() -> None:
    rng = np.random.default_rng(0)
    samples = np.concatenate([silence(1.0), tone(300, 2.0), silence(1.0)])
    noisy = samples + rng.normal(0, 0.002, len(samples)).astype(np.float32)
    ((start, end),) = speech_stretches(noisy)
    assert (start / SAMPLE_RATE, end / SAMPLE_RATE) == pytest.approx((1.0, 3.0), abs=0.011)


def test_no_speech_is_handed_out_twice() -> None:
    ramp = np.linspace(0.05, 0.1, 20 * SAMPLE_RATE, dtype=np.float32)  # every sample differs
    pool = SpeechPool([ramp])
    rng = np.random.default_rng(0)
    taken = []
    while pool.left:
        taken += [samples for _, samples in pool.take(1.0, rng)]
    assert sum(len(samples) for samples in taken) <= len(ramp)
    middles = [float(samples[len(samples) // 2]) for samples in taken]
    assert middles == sorted(set(middles))


def test_a_turn_holds_about_what_was_wanted() -> None:
    pool = SpeechPool(speaker(300, seed=1))
    rng = np.random.default_rng(0)
    for wanted in (0.2, 0.5, 1.0, 3.0, 10.0):
        at, samples = pool.take(wanted, rng)[-1]
        assert at + len(samples) / SAMPLE_RATE == pytest.approx(wanted, rel=0.3, abs=0.6)


def test_the_reference_is_exactly_where_the_sound_is() -> None:
    samples, reference = simulate("talk", group(3), LEVEL, seed=1)
    assert reference.source == "reference"
    assert reference.audio_length == len(samples) / SAMPLE_RATE
    assert len(reference.speakers) == 3
    for gap in reference.gaps():
        assert level(samples, gap.start, gap.end) == 0.0
    for turn in reference:
        assert level(samples, turn.start, turn.start + 0.03) > 0.01
        assert level(samples, turn.end - 0.03, turn.end) > 0.01
        for time in (turn.start, turn.end):
            assert time * 1000 == pytest.approx(round(time * 1000), abs=1e-6)


def test_each_turn_alone_makes_sound_in_its_time_only() -> None:
    placed = [
        PlacedSpeech(1.0, "A", tone(200, 2.0)),
        PlacedSpeech(2.5, "B", tone(400, 1.25)),
        PlacedSpeech(4.016, "A", tone(200, 0.5)),
    ]
    reference = reference_of("talk", placed, 6.0)
    assert [(turn.start, turn.end, turn.speaker) for turn in reference] == [
        (1.0, 3.0, "A"),
        (2.5, 3.75, "B"),
        (4.016, 4.516, "A"),
    ]
    alone = [render([speech], 6.0, LEVEL, np.random.default_rng(0)) for speech in placed]
    for turn, samples in zip(reference, alone, strict=True):
        assert level(samples, turn.start, turn.end) == pytest.approx(0.1 / np.sqrt(2), rel=0.01)
        assert not samples[: round(turn.start * SAMPLE_RATE)].any()
        assert not samples[round(turn.end * SAMPLE_RATE) :].any()
    together = render(placed, 6.0, LEVEL, np.random.default_rng(0))
    np.testing.assert_allclose(together, sum(alone), atol=1e-6)


def test_turns_of_one_speaker_join_over_short_pauses_and_split_over_long_ones() -> None:
    placed = [PlacedSpeech(start, "A", tone(200, 1.0)) for start in (0.5, 1.75, 3.2)]
    reference = reference_of("talk", placed, 5.0)
    assert [(turn.start, turn.end) for turn in reference] == [(0.5, 2.75), (3.2, 4.2)]


def test_no_speaker_pauses_inside_a_turn_or_talks_over_themselves() -> None:
    _, reference = simulate("talk", group(4), SimulationConfig(length=240), seed=3)
    for name in reference.speakers:
        turns = reference.of(name)
        pauses = [after.start - before.end for before, after in pairwise(turns)]
        assert all(pause > MAX_PAUSE for pause in pauses)


def test_the_same_seed_gives_the_same_bytes() -> None:
    noise = np.random.default_rng(5).normal(size=SAMPLE_RATE).astype(np.float32)
    runs = [simulate("talk", group(2, 60), seed=7, noise=noise) for _ in range(2)]
    assert runs[0][0].tobytes() == runs[1][0].tobytes()
    assert runs[0][1] == runs[1][1]
    assert runs[0][1] != simulate("talk", group(2, 60), seed=8, noise=noise)[1]


@pytest.mark.parametrize("statistics", [MEETING, BROADCAST, CONSULTATION], ids=["meeting", "news", "pair"])
def test_the_habits_come_out_roughly_as_they_went_in(statistics: TurnStatistics) -> None:
    size = 2 if statistics is CONSULTATION else 4
    config = SimulationConfig(length=900, statistics=statistics)
    _, reference = simulate("talk", group(size, 1600 / size), config, seed=2)
    found = turn_statistics([reference])
    assert found.gaps[5] == pytest.approx(statistics.gaps[5], abs=0.4)
    assert found.gaps[1] == pytest.approx(statistics.gaps[1], abs=1.0)  # a turn outlasts the one before
    assert 0.4 < found.backchannel_rate / statistics.backchannel_rate < 2.5
    overlap = sum(part.length for part in reference.overlaps()) / reference.speech_time()
    assert {MEETING: 0.08, BROADCAST: 0.01, CONSULTATION: 0.02}[statistics] < overlap
    assert overlap < {MEETING: 0.25, BROADCAST: 0.1, CONSULTATION: 0.15}[statistics]


def test_everybody_gets_a_word_in() -> None:
    _, reference = simulate("talk", group(8, 40), SimulationConfig(length=150), seed=4)
    assert min(reference.speaker_time().values()) > 3
    assert len(reference.speakers) == 8


def test_the_conversation_ends_where_the_speech_does() -> None:
    samples, reference = simulate("talk", group(2, 10), SimulationConfig(length=600), seed=1)
    assert 10 < len(samples) / SAMPLE_RATE < 120
    assert reference.speech_time() > 10


def test_turn_statistics_by_hand() -> None:
    turns = [
        Turn(0.0, 2.0, "A"),
        Turn(0.5, 1.0, "B"),  # backchannel
        Turn(2.5, 3.0, "A"),  # pause of 0.5
        Turn(3.2, 4.0, "A"),  # joins: pause of 0.2
        Turn(3.5, 5.0, "B"),  # gap of -0.5
        Turn(6.0, 7.0, "A"),  # gap of 1.0, back to A
        Turn(7.0, 8.0, "C"),  # gap of 0, not back to B
    ]
    found = turn_statistics([Diarization("talk", tuple(turns))])
    assert found.backchannel_lengths == (0.5,) * 11
    assert found.pauses == (0.5,) * 11
    assert found.gaps[5] == 0.0
    assert found.turn_lengths[5] == 1.5  # of 2, 1.5, 1.5, 1, 1 the middle
    assert found.continue_rate == 0.25
    assert found.return_rate == 0.5
    assert found.backchannel_rate == round(1 / 7, 4)


def test_turn_statistics_of_nothing() -> None:
    with pytest.raises(OptionError, match="too few turns"):
        turn_statistics([Diarization("talk", (Turn(0, 1, "A"),))])


def test_a_room_delays_nothing_and_keeps_the_level() -> None:
    track = np.zeros(SAMPLE_RATE)
    track[4000:8000] = 1.0
    room = np.concatenate([np.zeros(500), [1.0], np.zeros(1999), [0.5]]).astype(np.float32)
    heard = in_room(track, room)
    onset = int(np.flatnonzero(np.abs(heard) > 1e-6)[0])
    assert onset == 4000
    assert np.sum(heard**2) == pytest.approx(np.sum(track**2))
    assert abs(heard[9000]) > 0.1  # the echo


def test_noise_has_the_level_asked_for() -> None:
    placed = [PlacedSpeech(1.0, "A", tone(200, 2.0))]
    noise = np.random.default_rng(0).normal(size=SAMPLE_RATE).astype(np.float32)
    config = SimulationConfig(level_spread_db=0.0, snr_db=20.0)
    samples = render(placed, 4.0, config, np.random.default_rng(0), noise=noise)
    ratio = (0.1 / np.sqrt(2)) / level(samples, 0.0, 1.0)
    assert 20 * np.log10(ratio) == pytest.approx(20, abs=0.3)


def test_telephone_band() -> None:
    config = SimulationConfig(level_spread_db=0.0, telephone=True)
    levels = {}
    for hertz in (100, 1000, 6000):
        placed = [PlacedSpeech(0.0, "A", tone(hertz, 2.0))]
        levels[hertz] = level(render(placed, 2.0, config, np.random.default_rng(0)), 0.5, 1.5)
    assert levels[1000] == pytest.approx(0.1 / np.sqrt(2), rel=0.05)
    assert max(levels[100], levels[6000]) < 0.005


def test_loud_conversations_do_not_clip() -> None:
    loud = [PlacedSpeech(0.0, name, 9 * tone(200, 1.0)) for name in "AB"]
    samples = render(loud, 1.0, LEVEL, np.random.default_rng(0))
    assert np.abs(samples).max() <= 0.971


def test_voices_without_speech() -> None:
    with pytest.raises(OptionError, match="hold no speech"):
        simulate("talk", {"A": [silence(3.0)]}, seed=0)
    with pytest.raises(OptionError, match="No turn fits"):
        simulate("talk", group(2, 30), SimulationConfig(length=1.0), seed=0)


def test_a_pause_is_counted_in_whole_frames() -> None:
    assert pytest.approx(MAX_PAUSE) == MAX_PAUSE_FRAMES * 0.01

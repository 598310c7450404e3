"""Conversations with exact turns, made from recordings of single speakers.

Speech is cut out of each speaker's own recordings by an energy criterion and laid on a time line
whose turn lengths, pauses, gaps, overlaps and backchannels are drawn from quantiles counted in human
references (:mod:`diarist.turn_taking`). The shape follows the simulated conversations of Landini et
al., "From simulated mixtures to simulated conversations" (2022), which draw pauses from real ones.

A turn begins and ends with audible speech and holds no pause over ``MAX_PAUSE``; the reference
splits there, as human references do. No stretch of a source recording is used twice. Nothing here
draws chance but from the seed that is passed in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfiltfilt

from diarist.errors import OptionError
from diarist.source_speech import SAMPLE_RATE, Samples, SpeechPool
from diarist.timebase import round_to_milliseconds, samples_to_seconds, seconds_to_samples
from diarist.turn_taking import MAX_PAUSE, MEETING, QUANTILE_LEVELS, TurnStatistics
from diarist.types import Diarization, Turn

LEAD = 0.5  # seconds of silence before the first turn and after the last
PEAK = 0.97  # no sample of a conversation is louder
TELEPHONE_BAND_HZ = (300.0, 3400.0)


@dataclass(frozen=True)
class SimulationConfig:
    """What a conversation is to be like.

    Attributes:
        length: seconds; the conversation ends earlier where the voices run out of speech.
        statistics: turn-taking habits.
        min_speaker_time: seconds that everybody says in the end, where there is that much.
        level_spread_db: standard deviation of the voices' levels, in dB.
        snr_db: speech to background noise, in dB; without noise it means nothing.
        telephone: keep the telephone band alone.
    """

    length: float = 120.0
    statistics: TurnStatistics = field(default=MEETING)
    min_speaker_time: float = 5.0
    level_spread_db: float = 2.0
    snr_db: float = 20.0
    telephone: bool = False


def simulate(
    recording_id: str,
    voices: Mapping[str, Sequence[Samples]],
    config: SimulationConfig | None = None,
    *,
    seed: int,
    rooms: Sequence[Samples] = (),
    noise: Samples | None = None,
) -> tuple[Samples, Diarization]:
    """A conversation between ``voices`` and its exact reference.

    Args:
        recording_id: the name the reference gets.
        voices: label of each speaker → recordings ``[S]`` of nobody else, at 16 kHz.
        config: see :class:`SimulationConfig`; its defaults where ``None``.
        seed: of everything that is drawn by chance.
        rooms: impulse responses ``[S]`` at 16 kHz; every speaker gets one, in turn.
        noise: ``[S]`` at 16 kHz; repeated as long as the conversation lasts.

    Returns:
        Samples ``[S]`` at 16 kHz, float32 in -1..1, and the turns, on whole milliseconds.

    Raises:
        OptionError: if nobody speaks in ``voices``, or ``config.length`` holds no turn.
    """
    config = config or SimulationConfig()
    rng = np.random.default_rng(seed)
    pools = {label: SpeechPool(recordings) for label, recordings in voices.items()}
    if not any(pool.left for pool in pools.values()):
        raise OptionError("The voices hold no speech.", "Give each speaker recordings with speech in them.")
    placed = _converse(pools, config, rng)
    if not placed:
        raise OptionError(
            f"No turn fits into a conversation of {config.length} s.", "Ask for at least a minute."
        )
    length = round_to_milliseconds(max(speech.end for speech in placed) + LEAD)
    samples = render(placed, length, config, rng, rooms, noise)
    return samples, reference_of(recording_id, placed, length)


def reference_of(recording_id: str, placed: Iterable[PlacedSpeech], length: float) -> Diarization:
    """The turns of placed speech; those of one speaker join over pauses up to MAX_PAUSE."""
    turns = tuple(Turn(speech.start, speech.end, speech.speaker) for speech in placed)
    return Diarization(recording_id, turns, audio_length=length, source="reference").support(MAX_PAUSE)


@dataclass(frozen=True, eq=False)  # arrays do not compare to one truth value
class PlacedSpeech:
    """Speech ``samples`` ``[S]`` of one speaker that begin at ``start`` seconds."""

    start: float
    speaker: str
    samples: Samples

    @property
    def end(self) -> float:
        """Seconds; on the grid of milliseconds, as ``start`` is."""
        return round_to_milliseconds(self.start + samples_to_seconds(len(self.samples), SAMPLE_RATE))


class _Floor:
    """Who has spoken until when, while a conversation is laid out."""

    def __init__(
        self, pools: Mapping[str, SpeechPool], config: SimulationConfig, rng: np.random.Generator
    ) -> None:
        self.pools, self.config, self.rng = pools, config, rng
        self.placed: list[PlacedSpeech] = []
        self.ends = dict.fromkeys(pools, -math.inf)  # of each speaker's latest turn
        self.spoken = dict.fromkeys(pools, 0.0)
        self.order: list[str] = []  # speakers of the turns that are no backchannels

    def draw(self, quantiles: tuple[float, ...]) -> float:
        """A value of the distribution with these quantiles."""
        return float(np.interp(self.rng.random(), QUANTILE_LEVELS, quantiles))

    def place(self, start: float, speaker: str, pieces: Sequence[tuple[float, Samples]]) -> Turn:
        """Put a turn's pieces down from ``start`` on; the turn spans them all."""
        start = round_to_milliseconds(start)
        speech = [PlacedSpeech(round_to_milliseconds(start + at), speaker, samples) for at, samples in pieces]
        self.placed += speech
        self.ends[speaker] = speech[-1].end
        self.spoken[speaker] += math.fsum(piece.end - piece.start for piece in speech)
        return Turn(start, speech[-1].end, speaker)

    def next_speaker(self, now: float) -> str | None:
        """Who speaks next, or ``None`` where all speech has been used."""
        ready = [label for label, pool in self.pools.items() if pool.left]
        last = self.order[-1] if self.order else None
        statistics = self.config.statistics
        if last in ready and self.rng.random() < statistics.continue_rate:
            return last
        others = [label for label in ready if label != last] or ready
        before = next((label for label in reversed(self.order) if label != last), None)
        if now > self.config.length / 2:
            quiet = [label for label in others if self.spoken[label] < self.config.min_speaker_time]
            others = quiet or others
        if before in others and self.rng.random() < statistics.return_rate:
            return before
        if not others:
            return None
        weights = np.array([self.pools[label].left for label in others])
        return others[int(self.rng.choice(len(others), p=weights / weights.sum()))]


def _converse(
    pools: Mapping[str, SpeechPool], config: SimulationConfig, rng: np.random.Generator
) -> list[PlacedSpeech]:
    """Turn after turn until the time or the speech is used up."""
    floor = _Floor(pools, config, rng)
    previous: Turn | None = None
    while (speaker := floor.next_speaker(previous.end if previous else LEAD)) is not None:
        pieces = pools[speaker].take(floor.draw(config.statistics.turn_lengths), rng)
        length = _span(pieces)
        start = _start(floor, previous, speaker, length)
        if start + length > config.length - LEAD:
            break
        previous = floor.place(start, speaker, pieces)
        floor.order.append(speaker)
        _backchannels(floor, previous)
    return floor.placed


def _span(pieces: Sequence[tuple[float, Samples]]) -> float:
    """Seconds from the start of the first piece to the end of the last."""
    at, samples = pieces[-1]
    return at + samples_to_seconds(len(samples), SAMPLE_RATE)


def _start(floor: _Floor, previous: Turn | None, speaker: str, length: float) -> float:
    """When the next turn begins: it ends after the one before, and starts after the speaker's own."""
    if previous is None:
        return LEAD
    statistics = floor.config.statistics
    if speaker == previous.speaker:
        return previous.end + floor.draw(statistics.pauses)
    start = previous.end + floor.draw(statistics.gaps)
    earliest = max(previous.start + 0.1, previous.end - length + 0.1)
    return max(start, earliest, floor.ends[speaker] + MAX_PAUSE)


def _backchannels(floor: _Floor, turn: Turn) -> None:
    """Short turns of others inside ``turn``."""
    statistics = floor.config.statistics
    for _ in range(int(floor.rng.poisson(statistics.backchannel_rate * turn.length))):
        others = [label for label, pool in floor.pools.items() if label != turn.speaker and pool.left]
        if not others:
            return
        speaker = others[int(floor.rng.integers(len(others)))]
        length = floor.draw(statistics.backchannel_lengths)
        earliest = max(turn.start, floor.ends[speaker] + MAX_PAUSE)
        if earliest + length < turn.end:
            pieces = floor.pools[speaker].take(length, floor.rng)
            latest = max(earliest, turn.end - _span(pieces))
            floor.place(floor.rng.uniform(earliest, latest), speaker, pieces)


def render(
    placed: Iterable[PlacedSpeech],
    length: float,
    config: SimulationConfig,
    rng: np.random.Generator,
    rooms: Sequence[Samples] = (),
    noise: Samples | None = None,
) -> Samples:
    """The sound ``[S]`` of ``length`` seconds of placed speech, with rooms, levels, noise and band."""
    num_samples = seconds_to_samples(length, SAMPLE_RATE)
    tracks: dict[str, NDArray[np.float64]] = {}
    for speech in placed:
        track = tracks.setdefault(speech.speaker, np.zeros(num_samples))
        first = seconds_to_samples(speech.start, SAMPLE_RATE)
        track[first : first + len(speech.samples)] += speech.samples
    mix = np.zeros(num_samples)
    for index, speaker in enumerate(sorted(tracks)):
        heard = in_room(tracks[speaker], rooms[index % len(rooms)]) if rooms else tracks[speaker]
        mix += heard * 10 ** (rng.normal(0.0, config.level_spread_db) / 20)
    if noise is not None and len(noise):
        mix += _background(mix, noise, config.snr_db, rng)
    if config.telephone:
        mix = sosfiltfilt(butter(4, TELEPHONE_BAND_HZ, "bandpass", fs=SAMPLE_RATE, output="sos"), mix)
    return (mix * min(1.0, PEAK / max(float(np.abs(mix).max()), 1e-9))).astype(np.float32)


def in_room(track: NDArray[np.float64], room: Samples) -> NDArray[np.float64]:
    """``track`` ``[S]`` heard in a room, as loud as before; the direct path arrives without delay.

    The direct path is the strongest tap of the impulse response; what comes before it is dropped.
    """
    response = room[int(np.argmax(np.abs(room))) :].astype(np.float64)
    heard: NDArray[np.float64] = fftconvolve(track, response)[: len(track)]
    power = float(np.square(heard).sum())
    return heard * math.sqrt(float(np.square(track).sum()) / power) if power else heard


def _background(
    speech: NDArray[np.float64], noise: Samples, snr_db: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """``noise`` from a random place on, repeated to the length of ``speech``, at ``snr_db`` below it."""
    start = int(rng.integers(len(noise)))
    repeats = -(-len(speech) // len(noise)) + 1
    background = np.tile(noise, repeats)[start : start + len(speech)].astype(np.float64)
    loud = np.square(speech[np.abs(speech) > 1e-6])
    power = float(np.square(background).mean())
    if not len(loud) or not power:
        return np.zeros(len(speech))
    return background * math.sqrt(float(loud.mean()) / power) / 10 ** (snr_db / 20)

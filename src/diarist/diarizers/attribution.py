"""From local speakers and clustered pieces to turns of global speakers.

Each window says who of its three local speakers is active, frame by frame; the clustered pieces say
which voice a local speaker has. A window's local speakers are matched to voices one to one, so that
the pieces decide and a local speaker heard only in overlap gets a voice that is still free. The
average over windows, mixed with what each frame's own piece says, ranks the voices; how many of
them speak at a frame is for the segmentation to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from diarist.clustering.evidence import expected_cosine
from diarist.diarizers.listening import STEP_FRAMES, TAPER, WINDOW_FRAMES, Heard, region_bounds
from diarist.models.powerset import GRID
from diarist.timebase import round_to_milliseconds, samples_to_seconds
from diarist.types import Turn

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AttributionConfig:
    """When somebody speaks, and how frames become turns.

    Attributes:
        speech: probability above which somebody speaks.
        overlap: probability above which two speak.
        second: score that the second speaker of overlapped speech needs at least.
        own_piece: weight of a frame's own piece against the windows around it.
        max_gap: frames; a shorter pause of a speaker is filled.
        min_turn: frames; a shorter turn is a flicker between frames and is dropped.
    """

    speech: float = 0.5
    overlap: float = 0.5
    second: float = 0.05
    own_piece: float = 0.6
    max_gap: int = 3
    min_turn: int = 3


@dataclass(frozen=True)
class Ranking:
    """Who speaks at each of ``n`` frames: first and second voice (-1 for nobody), and how sure."""

    voices: NDArray[np.int16]  # [n, 2]
    scores: Floats  # [n, 2], in [0, 1]


def attribute(
    heard: Heard, posteriors: Floats, *, exclusive: bool = False, config: AttributionConfig | None = None
) -> list[Turn]:
    """Turns of voices ``"0"``, ``"1"``, ...; times in whole milliseconds.

    Args:
        heard: one pass over the recording.
        posteriors: ``[N, K]``: how likely each voice is for each piece.
        exclusive: whether only the first voice of a frame counts.
        config: thresholds.
    """
    config = config or AttributionConfig()
    if posteriors.shape[1] == 0:
        posteriors = np.zeros((len(heard.lengths), 1), np.float32)
    ranking = _rank(heard, posteriors, config)
    ranks = 1 if exclusive else 2
    audio_length = samples_to_seconds(heard.num_samples, GRID.sample_rate)
    turns: list[Turn] = []
    for voice in range(posteriors.shape[1]):
        mine = ranking.voices[:, :ranks] == voice
        active = mine.any(1)
        score = np.where(mine, ranking.scores[:, :ranks], 0).sum(1)
        for start, end in _smoothed(active, config):
            sure = float(score[start:end][active[start:end]].mean())
            turns.append(_turn(start, end, len(mine), audio_length, str(voice), sure))
    return turns


def _rank(heard: Heard, posteriors: Floats, config: AttributionConfig) -> Ranking:
    num_frames, num_windows = len(heard.speech), len(heard.activity)
    voices = np.full((num_frames, 2), -1, np.int16)
    scores = np.zeros((num_frames, 2), np.float32)
    votes = expected_cosine(heard.lengths)[:, None].astype(np.float32) * posteriors
    matches = [_match(heard, window, votes) for window in range(num_windows)]
    for window in range(num_windows):
        start, end = region_bounds(window, num_windows, num_frames)
        if start == end:
            continue
        region = _region_scores(heard, matches, window, start, end, posteriors.shape[1])
        pieces = heard.piece_of[start:end]
        own = pieces >= 0
        region[own] *= 1 - config.own_piece
        region[own] += config.own_piece * posteriors[pieces[own]]
        order = np.argsort(-region, axis=1, kind="stable")[:, :2]
        ranked = np.take_along_axis(region, order, 1)
        several = heard.overlap[start:end] > config.overlap
        speaking = heard.speech[start:end] > config.speech
        voices[start:end, 0] = np.where(speaking, order[:, 0], -1)
        scores[start:end, 0] = ranked[:, 0]
        if region.shape[1] > 1:
            second = speaking & several & (ranked[:, 1] >= config.second)
            voices[start:end, 1] = np.where(second, order[:, 1], -1)
            scores[start:end, 1] = ranked[:, 1]
    ranking = Ranking(voices, np.clip(scores, 0, 1))
    _give_to_neighbours(ranking)
    return ranking


def _match(heard: Heard, window: int, piece_votes: Floats) -> NDArray[np.intp]:
    """The voice of each local speaker of a window, or -1: ``[3]``.

    Args:
        heard: one pass over the recording.
        window: its number.
        piece_votes: ``[N, K]``: how much each frame of a piece speaks for each voice.
    """
    offset = window * STEP_FRAMES
    pieces = heard.piece_of[offset : offset + WINDOW_FRAMES]
    own = np.flatnonzero(pieces >= 0)
    match = np.full(heard.activity.shape[2], -1, np.intp)
    votes = heard.activity[window][own].astype(np.float32).T @ piece_votes[pieces[own]]
    local, voice = linear_sum_assignment(-votes)
    found = votes[local, voice] > 0
    match[local[found]] = voice[found]
    return match


def _region_scores(
    heard: Heard, matches: list[NDArray[np.intp]], window: int, start: int, end: int, num_voices: int
) -> Floats:
    """``[end - start, K]``: how active each voice is, averaged over the windows around."""
    scores = np.zeros((end - start, num_voices), np.float32)
    weights = np.zeros((end - start, 1), np.float32)
    frames = np.arange(start, end)
    for other in range(max(window - 1, 0), min(window + 2, len(matches))):
        inside = frames - other * STEP_FRAMES
        rows = np.flatnonzero((inside >= 0) & (inside < WINDOW_FRAMES))
        inside = inside[rows]
        known = np.flatnonzero(matches[other] >= 0)
        active = heard.activity[other][inside][:, known].astype(np.float32)
        scores[np.ix_(rows, matches[other][known])] += TAPER[inside, None] * active
        weights[rows, 0] += TAPER[inside]
    return (scores / np.maximum(weights, 1e-6)).astype(np.float32)


def _give_to_neighbours(ranking: Ranking) -> None:
    """Speech that no window could put to a voice goes to the voice nearest in time."""
    first = ranking.voices[:, 0]
    lost = np.flatnonzero((first >= 0) & (ranking.scores[:, 0] <= 0))
    found = np.flatnonzero((first >= 0) & (ranking.scores[:, 0] > 0))
    if len(lost) == 0 or len(found) == 0:
        return
    after = np.clip(np.searchsorted(found, lost), 0, len(found) - 1)
    before = np.maximum(after - 1, 0)
    nearer = np.where(
        np.abs(found[before] - lost) <= np.abs(found[after] - lost), found[before], found[after]
    )
    first[lost] = first[nearer]


def _smoothed(active: NDArray[np.bool_], config: AttributionConfig) -> Iterator[tuple[int, int]]:
    """Stretches of frames of one voice, short pauses filled, flickers dropped."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    if len(starts) == 0:
        return
    apart = starts[1:] - ends[:-1] > config.max_gap
    starts, ends = starts[np.concatenate([[True], apart])], ends[np.concatenate([apart, [True]])]
    for start, end in zip(starts, ends, strict=True):
        if end - start >= config.min_turn:
            yield int(start), int(end)


def _turn(start: int, end: int, num_frames: int, audio_length: float, voice: str, sure: float) -> Turn:
    """Frames ``[start, end)`` as a turn; what the first and last frames cannot see is theirs too."""
    half = GRID.frame_step / 2
    begins = GRID.centre(start) - half if start else 0.0
    ends = GRID.centre(end) - half if end < num_frames else audio_length
    return Turn(round_to_milliseconds(begins), round_to_milliseconds(ends), voice, round(sure, 4))

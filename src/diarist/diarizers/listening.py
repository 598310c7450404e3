"""One pass over the sound: where speech is, who of three local speakers is active, and embeddings.

The sound is read as a stream. Windows of ten seconds, half overlapping, go through the
segmentation network; their frames lie on one grid, so that windows are averaged without any
resampling of time. Around its middle each window owns a *region*. In a region, the frames in which
one local speaker is active alone are cut into *pieces* of about two seconds, and each piece's sound,
cut out and put together, goes through the embedding network by itself: what others say beside it
never reaches the embedding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diarist.models import NETWORKS, Runtime
from diarist.models.fbank import fbank
from diarist.models.powerset import GRID, NUM_LOCAL_SPEAKERS, WINDOW_SECONDS, speaker_matrix
from diarist.progress import Progress, ProgressCallback
from diarist.timebase import samples_to_seconds, seconds_to_samples

Floats = NDArray[np.float32]

SAMPLE_RATE = GRID.sample_rate
WINDOW = seconds_to_samples(WINDOW_SECONDS, SAMPLE_RATE)
WINDOW_FRAMES = GRID.num_frames(WINDOW)
STEP_FRAMES = WINDOW_FRAMES // 2 + 2  # 5 s, and a whole number of frames
STEP = STEP_FRAMES * GRID.step
REGION_START = (WINDOW_FRAMES - STEP_FRAMES) // 2  # frames of a window before its own region

WINDOWS_A_BATCH = 8
BATCHES_A_CHUNK = 8
EMBEDDINGS_A_BATCH = 16
EMBEDDING_SIZE = NETWORKS["embedding"].output_size
FEATURE_STEP = 4  # pieces are shortened to a multiple of so many features, to run together

TAPER: Floats = (np.hanning(WINDOW_FRAMES + 2)[1:-1] + 1e-3).astype(np.float32)
"""``[589]``: how much a window's frame counts; its edges know least."""


@dataclass(frozen=True, slots=True)
class ListeningConfig:
    """What becomes a piece.

    Attributes:
        active: probability above which a local speaker counts as active.
        min_run: frames; a shorter stretch alone is left out of pieces.
        own_run: frames; a stretch at least so long is not put together with others.
        min_piece: frames; less speech of a local speaker in a region gives no piece.
        max_piece: frames; more is cut into equal pieces.
    """

    active: float = 0.5
    min_run: int = 6
    own_run: int = 30
    min_piece: int = 15
    max_piece: int = 130


@dataclass(frozen=True)
class Heard:
    """What one pass over a recording of ``n`` frames gives; ``W`` windows, ``N`` pieces.

    Attributes:
        activity: ``[W, 589, 3]`` probability that each local speaker is active.
        speech: ``[n]`` probability that anybody speaks.
        overlap: ``[n]`` probability that two speak at once.
        piece_of: ``[n]`` the piece that a frame belongs to, or -1.
        lengths: ``[N]`` seconds of speech in each piece.
        embeddings: ``[N, 192]``.
        num_samples: of the recording, at 16 kHz.
    """

    activity: NDArray[np.float16]
    speech: Floats
    overlap: Floats
    piece_of: NDArray[np.int32]
    lengths: NDArray[np.float64]
    embeddings: Floats
    num_samples: int


def region_bounds(window: int, num_windows: int, num_frames: int) -> tuple[int, int]:
    """The first frame of a window's own region and the frame after its last."""
    start = window * STEP_FRAMES + REGION_START if window else 0
    end = (window + 1) * STEP_FRAMES + REGION_START if window + 1 < num_windows else num_frames
    return min(start, num_frames), min(end, num_frames)


class Listener:
    """Takes the sound in blocks of any size and gives a :class:`Heard` at the end.

    Args:
        runtime: the networks.
        audio_length: seconds, for progress; ``None`` where it is not known.
        progress: told of the steps ``segmentation`` and ``embedding``, in seconds of sound.
        config: what becomes a piece.
    """

    def __init__(
        self,
        runtime: Runtime,
        audio_length: float | None,
        progress: ProgressCallback,
        config: ListeningConfig | None = None,
    ) -> None:
        self._runtime = runtime
        self._total = audio_length
        self._progress = progress
        self._config = config or ListeningConfig()
        self._to_speakers = speaker_matrix()
        self._sound = np.zeros(0, np.float32)  # from sample self._origin on
        self._origin = 0
        self._activity: list[NDArray[np.float16]] = []
        self._sums = np.zeros((0, 3), np.float32)  # speech, overlap, weight: from frame _done on
        self._done = 0  # frames whose region is finished
        self._speech: list[Floats] = []
        self._overlap: list[Floats] = []
        self._piece_of: list[NDArray[np.int32]] = []
        self._lengths: list[float] = []
        self._embeddings: list[Floats] = []

    def listen(self, blocks: Iterable[Floats]) -> Heard:
        """Everything, in one pass over ``blocks`` (float32 mono, 16 kHz, scaled to ±1)."""
        waiting: list[Floats] = []
        size = 0
        chunk = STEP * WINDOWS_A_BATCH * BATCHES_A_CHUNK
        for block in blocks:
            waiting.append(block)
            size += len(block)
            if size >= chunk:
                self._take(waiting)
                waiting, size = [], 0
        self._take(waiting)
        return self._finish()

    def _take(self, blocks: list[Floats]) -> None:
        """Run the windows that are whole now, and finish the regions that are sure now."""
        self._sound = np.concatenate([self._sound, *blocks])
        first = len(self._activity)
        count = (self._origin + len(self._sound) - WINDOW) // STEP + 1 - first
        for start in range(first, first + max(count, 0), WINDOWS_A_BATCH):
            end = min(start + WINDOWS_A_BATCH, first + count)
            self._segment([self._cut(window * STEP, WINDOW) for window in range(start, end)])
        self._embed_regions(max(len(self._activity) - 1, 0))

    def _finish(self) -> Heard:
        num_samples = self._origin + len(self._sound)
        done = len(self._activity)
        if num_samples > max(done - 1, 0) * STEP + (WINDOW if done else 0):
            rest = self._cut(done * STEP, num_samples - done * STEP)
            self._segment([np.pad(rest, (0, max(0, SAMPLE_RATE - len(rest))))])
        self._embed_regions(len(self._activity), last=True, num_frames=GRID.num_frames(num_samples))
        for step in ("segmentation", "embedding"):
            length = samples_to_seconds(num_samples, SAMPLE_RATE)
            self._progress(Progress(step, length, length, "s"))
        return Heard(
            np.stack(self._activity) if self._activity else np.zeros((0, WINDOW_FRAMES, 3), np.float16),
            np.concatenate([*self._speech, np.zeros(0, np.float32)]),
            np.concatenate([*self._overlap, np.zeros(0, np.float32)]),
            np.concatenate([*self._piece_of, np.zeros(0, np.int32)]),
            np.array(self._lengths),
            np.concatenate([*self._embeddings, np.zeros((0, EMBEDDING_SIZE), np.float32)]),
            num_samples,
        )

    def _cut(self, start: int, length: int) -> Floats:
        return self._sound[start - self._origin : start - self._origin + length]

    def _segment(self, windows: list[Floats]) -> None:
        """Windows of one length through the network, and into the running averages."""
        probabilities = np.exp(self._runtime.run("segmentation", np.stack(windows)))
        for scores in probabilities:
            frames = len(scores)
            activity = np.zeros((WINDOW_FRAMES, NUM_LOCAL_SPEAKERS), np.float16)
            activity[:frames] = scores @ self._to_speakers
            start = len(self._activity) * STEP_FRAMES - self._done
            self._activity.append(activity)
            if len(self._sums) < start + frames:
                self._sums = np.pad(self._sums, ((0, start + frames - len(self._sums)), (0, 0)))
            weight = TAPER[:frames, None]
            several = scores[:, 1 + NUM_LOCAL_SPEAKERS :].sum(1)
            values = np.stack([1 - scores[:, 0], several, np.ones(frames, np.float32)], 1)
            self._sums[start : start + frames] += weight * values
        self._report("segmentation", (len(self._activity) - 1) * STEP + WINDOW)

    def _embed_regions(self, end: int, *, last: bool = False, num_frames: int | None = None) -> None:
        """Finish the regions of windows before ``end`` that are not finished yet."""
        known = num_frames if num_frames is not None else self._done + len(self._sums)
        sounds: list[Floats] = []
        for window in range(len(self._speech), end):
            start, stop = region_bounds(window, len(self._activity) if last else end + 1, known)
            sums = self._sums[start - self._done : stop - self._done]
            speech, overlap = sums[:, 0] / sums[:, 2], sums[:, 1] / sums[:, 2]
            offset = window * STEP_FRAMES
            activity = self._activity[window][start - offset : stop - offset].astype(np.float32)
            piece_of = np.full(stop - start, -1, np.int32)
            for frames in self._pieces(activity, speech, overlap):
                piece_of[frames] = len(self._lengths)
                self._lengths.append(len(frames) * GRID.frame_step)
                sounds.append(self._sound_of(frames + start))
            self._speech.append(speech)
            self._overlap.append(overlap)
            self._piece_of.append(piece_of)
        if sounds:
            self._embeddings.append(self._embed(sounds))
        self._forget(region_bounds(end, end + 2, known)[0] if not last else known)

    def _pieces(self, activity: Floats, speech: Floats, overlap: Floats) -> Iterator[NDArray[np.intp]]:
        """Frames of each piece of a region, counted from its start.

        A stretch long enough to be known by its voice is a piece of its own, so that a local
        speaker who is really two people can be told apart; short stretches are put together.
        """
        config = self._config
        active = activity > config.active
        alone = (active.sum(1) == 1) & (speech > config.active) & (overlap < config.active)
        for speaker in range(NUM_LOCAL_SPEAKERS):
            runs = [run for run in _runs(alone & active[:, speaker]) if len(run) >= config.min_run]
            short = [run for run in runs if len(run) < config.own_run]
            together = np.concatenate([*short, np.zeros(0, np.intp)])
            for frames in (*(run for run in runs if len(run) >= config.own_run), together):
                if len(frames) >= config.min_piece:
                    yield from np.array_split(frames, -(-len(frames) // config.max_piece))

    def _sound_of(self, frames: NDArray[np.intp]) -> Floats:
        """The sound of a piece; a frame's share is one step of sound around its centre."""
        margin = (GRID.size - GRID.step) // 2
        parts = np.split(frames, np.flatnonzero(np.diff(frames) > 1) + 1)
        return np.concatenate(
            [self._cut(int(part[0]) * GRID.step + margin, len(part) * GRID.step) for part in parts]
        )

    def _embed(self, sounds: list[Floats]) -> Floats:
        """Embeddings ``[len(sounds), 192]``; pieces of one length run together."""
        features = [_features(sound) for sound in sounds]
        sizes = np.array([len(each) for each in features])
        found = np.zeros((len(sounds), EMBEDDING_SIZE), np.float32)
        for size in np.unique(sizes):
            same = np.flatnonzero(sizes == size)
            for start in range(0, len(same), EMBEDDINGS_A_BATCH):
                rows = same[start : start + EMBEDDINGS_A_BATCH]
                found[rows] = self._runtime.run("embedding", np.stack([features[row] for row in rows]))
        return found

    def _forget(self, frame: int) -> None:
        """Drop sound and sums before a frame: the regions before it are finished."""
        self._sums = self._sums[frame - self._done :]
        self._done = frame
        sample = min(frame, len(self._activity) * STEP_FRAMES) * GRID.step
        self._sound = self._sound[sample - self._origin :].copy()
        self._origin = sample
        self._report("embedding", sample)

    def _report(self, step: str, samples: int) -> None:
        seconds = samples_to_seconds(samples, SAMPLE_RATE)
        done = seconds if self._total is None else min(seconds, self._total)
        self._progress(Progress(step, done, self._total, "s"))


def _features(sound: Floats) -> Floats:
    """Features of a piece, with their mean over time removed (CAM++ was trained so)."""
    features = fbank(sound)
    features = features[: max(len(features) // FEATURE_STEP * FEATURE_STEP, 1)]
    centred: Floats = features - features.mean(0)
    return centred


def _runs(mask: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Maximal stretches of true values, as index arrays."""
    frames = np.flatnonzero(mask)
    return np.split(frames, np.flatnonzero(np.diff(frames) > 1) + 1) if len(frames) else []

"""The engine that needs no token, no account and no download beyond package installs.

Segmentation decides where speech, overlap and changes are (:mod:`diarist.diarizers.listening`);
embeddings of each speaker's own speech decide who (:mod:`diarist.clustering.evidence`); both
together make the turns (:mod:`diarist.diarizers.attribution`).

A turn's ``confidence`` is the mean over its frames of the score by which its voice was ranked: the
segmentation network's probability that the local speaker is active, and the posterior that the
frame's piece of speech has this voice and no other.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from diarist.audio import stream_blocks
from diarist.clustering import Clustering, EvidenceConfig, cluster_voices
from diarist.diarizers.attribution import AttributionConfig, attribute
from diarist.diarizers.base import SpeakerCount
from diarist.diarizers.listening import Heard, Listener, ListeningConfig
from diarist.models import NETWORKS, Runtime
from diarist.models.powerset import GRID
from diarist.progress import Progress, ProgressCallback, ignore_progress
from diarist.timebase import samples_to_seconds
from diarist.types import Diarization, Recording, Turn


@dataclass(frozen=True, slots=True)
class BuiltinConfig:
    """All numbers of the builtin engine, each in the part that it belongs to."""

    listening: ListeningConfig = field(default_factory=ListeningConfig)
    evidence: EvidenceConfig = field(default_factory=EvidenceConfig)
    attribution: AttributionConfig = field(default_factory=AttributionConfig)


class BuiltinDiarizer:
    """Diarization on this machine alone.

    Args:
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        cache: the folder for exported models.
        models: a folder with ``segmentation.onnx`` and ``embedding.onnx``, or ``None``.
        config: the numbers; the defaults are what the documentation measures.

    Raises:
        DeviceError: the device was asked for and is not there.
    """

    name = "builtin"

    def __init__(
        self,
        *,
        device: str = "auto",
        cache: Path,
        models: Path | None = None,
        config: BuiltinConfig | None = None,
    ) -> None:
        self.config = config or BuiltinConfig()
        self.runtime = Runtime(device, cache=cache, models=models)
        self._loaded = False
        self._told = 0  # notes of the runtime that a result holds already

    @property
    def device(self) -> str:
        """The device in use: ``"cpu"`` or ``"cuda"``."""
        return self.runtime.device

    @property
    def notes(self) -> tuple[str, ...]:
        """What has happened to the device so far, one sentence each."""
        return tuple(self.runtime.notes)

    @property
    def network_time(self) -> float:
        """Seconds of wall time spent inside the networks so far."""
        return self.runtime.network_time

    @property
    def network_cpu_time(self) -> float:
        """Seconds of CPU time spent inside the networks so far."""
        return self.runtime.network_cpu_time

    def load(self, progress: ProgressCallback = ignore_progress) -> None:
        """Make both networks ready; see :meth:`diarist.diarizers.base.Diarizer.load`."""
        if self._loaded:
            return
        for done, name in enumerate(NETWORKS):
            progress(Progress("networks", done, len(NETWORKS), "networks"))
            self.runtime.load(name)
        for name in NETWORKS:
            self.runtime.load(name)  # once more: where CUDA failed at the second, the first is gone too
        self._loaded = True
        progress(Progress("networks", len(NETWORKS), len(NETWORKS), "networks"))

    def diarize(
        self,
        recording: Recording,
        *,
        count: SpeakerCount | None = None,
        exclusive: bool = False,
        progress: ProgressCallback = ignore_progress,
    ) -> Diarization:
        """Who spoke when; see :meth:`diarist.diarizers.base.Diarizer.diarize`.

        Memory beside the networks: about 85 kB a minute of recording for the segmentation, about
        25 kB a minute of speech for the embeddings, and five minutes of sound.
        """
        self.load(progress)
        count = count or SpeakerCount()
        stream = stream_blocks(recording)
        listener = Listener(self.runtime, recording.audio_length, progress, self.config.listening)
        heard = listener.listen(stream)
        clustering = self._cluster(heard, count, progress)
        turns = self._turns(heard, clustering, count, exclusive, progress)
        notes = [*stream.notes, *self._news()]
        notes += count_notes(count, clustering.natural, len({turn.speaker for turn in turns}))
        return Diarization(
            recording.recording_id,
            in_order_of_appearance(turns),
            audio_length=samples_to_seconds(heard.num_samples, GRID.sample_rate),
            channel=recording.channel,
            source=self.name,
            models=self.runtime.weights(),
            parameters=self._parameters(count, exclusive),
            notes=tuple(notes),
        )

    def _news(self) -> list[str]:
        """What happened to the device and no result has said yet."""
        news = self.runtime.notes[self._told :]
        self._told += len(news)
        return news

    def _cluster(self, heard: Heard, count: SpeakerCount, progress: ProgressCallback) -> Clustering:
        return cluster_voices(
            heard.embeddings,
            heard.lengths,
            at_least=count.at_least,
            at_most=count.at_most,
            config=self.config.evidence,
            progress=lambda done, total: progress(Progress("clustering", done, total, "pieces")),
        )

    def _turns(
        self,
        heard: Heard,
        clustering: Clustering,
        count: SpeakerCount,
        exclusive: bool,
        progress: ProgressCallback,
    ) -> list[Turn]:
        """The turns; with a lower bound on the speakers, no voice that was found goes missing."""
        config = self.config.attribution
        progress(Progress("turns", 0, 1, "recordings"))
        turns = attribute(heard, clustering.posteriors, exclusive=exclusive, config=config)
        if len({turn.speaker for turn in turns}) < min(count.at_least, clustering.posteriors.shape[1]):
            firm = np.eye(clustering.posteriors.shape[1], dtype=np.float32)[clustering.labels]
            turns = attribute(heard, firm, exclusive=exclusive, config=replace(config, own_piece=1.0))
        progress(Progress("turns", 1, 1, "recordings"))
        return turns

    def _parameters(self, count: SpeakerCount, exclusive: bool) -> dict[str, Any]:
        asked = {name: value for name, value in asdict(count).items() if value is not None}
        return {**asked, "exclusive": exclusive, **asdict(self.config)}


def in_order_of_appearance(turns: list[Turn]) -> tuple[Turn, ...]:
    """Labels ``SPEAKER_00``, ``SPEAKER_01``, ... in the order in which voices first speak."""
    ordered = sorted(turns, key=lambda turn: (turn.start, turn.end, turn.speaker))
    names: dict[str, str] = {}
    for turn in ordered:
        names.setdefault(turn.speaker, f"SPEAKER_{len(names):02d}")
    return tuple(Turn(turn.start, turn.end, names[turn.speaker], turn.confidence) for turn in ordered)


def count_notes(count: SpeakerCount, natural: int, found: int) -> list[str]:
    """What to say where the number of speakers asked for and the voices disagree.

    Args:
        count: what was asked for.
        natural: the number of voices that the evidence alone gives.
        found: the number of speakers in the result.
    """
    asked = count.num_speakers or count.min_speakers or 0
    if found == 0:
        return ["No speech was found."] if asked else []
    if found < asked:
        return [f"The recording holds enough distinct speech for {found} of the {asked} speakers asked for."]
    if natural > found == count.at_most:
        return [
            f"The voices suggest {natural} speakers, more than the {found} allowed: different people "
            "probably share a label."
        ]
    if natural < found == asked:
        return [
            f"The voices suggest {natural} speakers, fewer than the {found} asked for: one person "
            "probably has several labels."
        ]
    return []

"""A recording to try the program on: the example beside the source, or a signal made up here."""

from __future__ import annotations

import math
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
SUFFIXES = (".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav")
SIGNAL_SECONDS, SAMPLE_RATE = 6.0, 16000


@dataclass(frozen=True, slots=True)
class SelfTestRecording:
    """What to run on.

    Attributes:
        path: the file.
        num_speakers: how many speak in it, where that is known.
    """

    path: Path
    num_speakers: int | None = None


def self_test_recording(folder: Path) -> SelfTestRecording:
    """The example with its reference where the source tree is at hand, else a signal in ``folder``."""
    for path in sorted(EXAMPLES.glob("*")) if EXAMPLES.is_dir() else []:
        labels = path.with_suffix(".rttm")
        if path.suffix in SUFFIXES and labels.is_file():
            from diarist.formats import read

            return SelfTestRecording(path, len(read(labels)[0].speakers))
    return SelfTestRecording(_write_signal(folder / "signal.wav"))


def _write_signal(path: Path) -> Path:
    """Two humming tones that take turns every 1.5 s; no speech, but sound to run the networks on."""
    samples = array("h")
    for index in range(int(SIGNAL_SECONDS * SAMPLE_RATE)):
        seconds = index / SAMPLE_RATE
        pitch = 110.0 if seconds % 3.0 < 1.5 else 210.0
        syllables = max(0.0, math.sin(2 * math.pi * 3.0 * seconds))
        hum = math.fsum(math.sin(2 * math.pi * pitch * k * seconds) / k for k in range(1, 9))
        samples.append(round(6000 * syllables * hum))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples.tobytes())
    return path

"""Write simulated conversations as 16-bit wav files with their exact RTTM beside them.

    python bench/simulated.py SPEAKERS NOISE OUT --set test

SPEAKERS holds `speechocean/ID/*.flac`, `librispeech-test/ID/*.flac` and
`librispeech-train/ID-*.flac`; NOISE holds noise clips and, under `rir/`, room impulse responses.
The sets `dev` and `test` share no speaker and no seed: what is tuned on one is measured on the other.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

from common import write_rttm
from diarist.simulate import SimulationConfig, simulate
from diarist.source_speech import SAMPLE_RATE, Samples
from diarist.turn_taking import BROADCAST, CONSULTATION, MEETING
from diarist.types import Diarization

# Speakers with a minute of speech, speakers with a few seconds, seconds at most, habits, sound.
CONVERSATIONS = (
    (2, 0, 140, CONSULTATION, "clean"),
    (2, 0, 140, MEETING, "room"),
    (3, 0, 180, MEETING, "clean"),
    (2, 1, 150, CONSULTATION, "telephone"),
    (4, 0, 240, BROADCAST, "clean"),
    (4, 0, 240, MEETING, "room"),
    (5, 0, 300, MEETING, "clean"),
    (4, 2, 300, BROADCAST, "room"),
    (6, 0, 360, MEETING, "room"),
    (6, 1, 420, BROADCAST, "clean"),
    (8, 0, 600, MEETING, "room"),
    (8, 0, 600, BROADCAST, "clean"),
)
SEEDS = {"dev": 1000, "test": 2000}
CLEAN_SNR_DB = 45.0
ROOM_SNR_DB = (12.0, 25.0)


def main() -> None:
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    talkers, visitors = voices_of(arguments.speakers, arguments.set)
    manifest = []
    for index in range(arguments.number):
        row = CONVERSATIONS[index % len(CONVERSATIONS)]
        name = f"{arguments.set}{index:02d}_{row[0] + row[1]}spk_{row[4]}"
        seed = SEEDS[arguments.set] + index
        samples, reference = conversation(name, row, talkers, visitors, arguments.noise, seed)
        soundfile.write(arguments.out / f"{name}.wav", samples, SAMPLE_RATE, subtype="PCM_16")
        write_rttm(arguments.out / f"{name}.rttm", reference)
        manifest.append(facts(reference, seed))
        print(manifest[-1])
    (arguments.out / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("speakers", type=Path)
    parser.add_argument("noise", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", choices=sorted(SEEDS), default="test")
    parser.add_argument("--number", type=int, default=len(CONVERSATIONS))
    return parser.parse_args()


def voices_of(folder: Path, which: str) -> tuple[list[list[Path]], list[list[Path]]]:
    """Recordings of the speakers of a set: those with a minute or more, and those with seconds."""
    long = [*sorted((folder / "speechocean").iterdir()), *sorted((folder / "librispeech-test").iterdir())]
    talkers = [sorted(speaker.glob("*.flac")) for speaker in long]
    visitors = [[path] for path in sorted((folder / "librispeech-train").glob("*.flac"))]
    half = sorted(SEEDS).index(which)
    return talkers[half::2], visitors[half::2]


def conversation(
    name: str, row: tuple, talkers: list[list[Path]], visitors: list[list[Path]], noise: Path, seed: int
) -> tuple[Samples, Diarization]:
    """One conversation of a row of CONVERSATIONS."""
    num_talkers, num_visitors, length, statistics, sound = row
    rng = np.random.default_rng(seed)
    chosen = [talkers[i] for i in rng.permutation(len(talkers))[:num_talkers]]
    chosen += [visitors[i] for i in rng.permutation(len(visitors))[:num_visitors]]
    voices = {voice_name(paths[0]): [read(path) for path in paths] for paths in chosen}
    rooms = list(_rooms(noise, rng)) if sound == "room" else []
    config = SimulationConfig(
        length=length,
        statistics=statistics,
        level_spread_db=3.0 if sound == "room" else 1.5,
        snr_db=rng.uniform(*ROOM_SNR_DB) if sound == "room" else CLEAN_SNR_DB,
        telephone=sound == "telephone",
    )
    background = _noise(noise, rng) if sound == "room" else pink_noise(30 * SAMPLE_RATE, rng)
    return simulate(name, voices, config, seed=seed, rooms=rooms, noise=background)


def voice_name(path: Path) -> str:
    """A speaker's label: the folder's name, or the first number of a lone utterance's."""
    lone = path.parent.name == "librispeech-train"
    return path.name.split("-")[0] if lone else path.parent.name


def read(path: Path) -> Samples:
    """One channel ``[S]`` of a file at 16 kHz."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return (
        resample_poly(samples[:, 0], SAMPLE_RATE, rate).astype(np.float32)
        if rate != SAMPLE_RATE
        else samples[:, 0]
    )


def _rooms(noise: Path, rng: np.random.Generator) -> Iterator[Samples]:
    """Every impulse response, in random order; of one with several channels, one."""
    paths = [path for path in sorted((noise / "rir").rglob("*.wav")) if not path.stem.startswith("noise")]
    for index in rng.permutation(len(paths)):
        samples, _ = soundfile.read(paths[index], dtype="float32", always_2d=True)
        yield samples[:, int(rng.integers(samples.shape[1]))]


def _noise(noise: Path, rng: np.random.Generator) -> Samples:
    """A background that goes on, such as a fan's, and one clip of something else over it."""
    steady = sorted((noise / "rir").rglob("noise*.wav"))
    clips = sorted((noise / "esc10").glob("*"))
    background = read(steady[int(rng.integers(len(steady)))])
    clip = read(clips[int(rng.integers(len(clips)))])
    background = np.tile(background, -(-30 * SAMPLE_RATE // len(background)))
    place = int(rng.integers(len(background) - len(clip)))
    level = np.std(background) / max(float(np.std(clip)), 1e-6)
    background[place : place + len(clip)] += clip * np.float32(level)
    return background


def pink_noise(num_samples: int, rng: np.random.Generator) -> Samples:
    """Noise ``[S]`` whose power falls by 3 dB an octave."""
    spectrum = np.fft.rfft(rng.standard_normal(num_samples))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    return np.fft.irfft(spectrum, num_samples).astype(np.float32)


def facts(reference: Diarization, seed: int) -> dict[str, object]:
    """What a reader wants to know of a conversation at a glance."""
    times = reference.speaker_time()
    overlap = sum(segment.length for segment in reference.overlaps())
    return {
        "recording_id": reference.recording_id,
        "seed": seed,
        "audio_length": reference.audio_length,
        "speakers": len(times),
        "turns": len(reference),
        "speech_share": round(reference.speech_time() / reference.extent, 3),
        "overlap_share": round(overlap / reference.speech_time(), 3),
        "speaker_time": {label: round(value, 1) for label, value in times.items()},
    }


if __name__ == "__main__":
    main()

"""How alike two pieces of one voice are, by their length: the constants of clustering/evidence.py.

    python bench/cosine_by_length.py FOLDER_WITH_A_FOLDER_PER_SPEAKER... --out OUT

Random pieces of speech (silence taken out by energy) of each length from each speaker; the mean cosine
of pairs from one speaker and from two, and the equal error rate of telling which.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from common import machine, markdown_table, write_report
from diarist.audio import load
from diarist.models import Runtime
from diarist.models.fbank import fbank
from diarist.settings import load_settings

LENGTHS = (0.3, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0)
PIECES = 12
SECONDS_A_SPEAKER = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--speakers", type=int, default=25, help="at most so many from each folder")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    folders = [
        speaker
        for folder in arguments.folders
        for speaker in sorted(path for path in folder.iterdir() if path.is_dir())[: arguments.speakers]
    ]
    speech = [spoken(folder) for folder in folders]
    runtime = Runtime("cpu", cache=load_settings().cache)
    rows = [
        [f"{length:g}", *(f"{value:.3f}" for value in measure(runtime, speech, length))] for length in LENGTHS
    ]
    header = ["length s", "cosine, one voice", "spread", "cosine, two voices", "spread", "equal error rate"]
    facts = {"machine": machine(), "speakers": len(speech), "rows": rows}
    write_report(arguments.out / "cosine_by_length.json", markdown_table(header, rows), facts)


def spoken(folder: Path) -> np.ndarray:
    """Up to 40 s of a speaker's samples that are within 17 dB of the loud ones."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".flac", ".wav"})
    samples = np.concatenate([load(path) for path in files])
    energy = np.convolve(samples**2, np.ones(400) / 400, "same")
    return samples[energy > 0.02 * np.percentile(energy, 90)][: SECONDS_A_SPEAKER * 16000]


def measure(runtime: Runtime, speech: list[np.ndarray], length: float) -> tuple[float, ...]:
    """Mean and spread of the cosine in one voice and between two, and the equal error rate."""
    random = np.random.default_rng(0)
    size = round(length * 16000)
    features = []
    for samples in speech:
        for start in random.integers(0, len(samples) - size, PIECES):
            frames = fbank(samples[start : start + size])
            features.append(frames - frames.mean(0))
    found = np.concatenate(
        [runtime.run("embedding", np.stack(features[row : row + 16])) for row in range(0, len(features), 16)]
    )
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    who = np.repeat(np.arange(len(speech)), PIECES)
    left, right = np.triu_indices(len(who), 1)
    cosines, same = (found @ found.T)[left, right], who[left] == who[right]
    one, two = cosines[same], cosines[~same]
    thresholds = np.quantile(two, np.linspace(0, 1, 2001))
    missed = np.array([(one < threshold).mean() for threshold in thresholds])
    accepted = np.array([(two >= threshold).mean() for threshold in thresholds])
    crossing = np.abs(missed - accepted).argmin()
    rate = (missed[crossing] + accepted[crossing]) / 2
    return one.mean(), one.std(), two.mean(), two.std(), rate


if __name__ == "__main__":
    main()

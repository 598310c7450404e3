"""The filter-bank features of diarist.models.fbank beside kaldi-native-fbank: agreement and speed.

    pip install kaldi-native-fbank
    python bench/fbank.py --out OUT

The sound is the example's, repeated to 600 s. Each runs three times over the whole of it, in turns;
its least CPU time, of all threads together, counts. The difference is over every feature.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import kaldi_native_fbank as knf
import numpy as np
from numpy.typing import NDArray

from common import machine, markdown_table, write_report
from diarist.audio import open_recordings, stream_blocks
from diarist.models.fbank import HIGH_HZ, LOW_HZ, NUM_BINS, SAMPLE_RATE, fbank
from diarist.timebase import seconds_to_samples

Floats = NDArray[np.float32]
ROUNDS = 3
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "conversation.opus"


def main() -> None:
    arguments = _arguments()
    sound = speech(arguments.seconds)
    engines: dict[str, Callable[[Floats], Floats]] = {"diarist": fbank, "kaldi-native-fbank": kaldi}
    times = {name: float("inf") for name in engines}
    features = {}
    for _ in range(ROUNDS):
        for name, engine in engines.items():
            started = time.process_time()
            features[name] = engine(sound)
            times[name] = min(times[name], time.process_time() - started)
    difference = np.abs(features["diarist"] - features["kaldi-native-fbank"])
    facts = {
        "machine": machine(),
        "audio_length": arguments.seconds,
        "seconds": times,
        "largest_difference": float(difference.max()),
        "mean_difference": float(difference.mean()),
    }
    ours, theirs = times.values()
    rows: list[list[object]] = [
        ["diarist, CPU s", ours],
        ["kaldi-native-fbank, CPU s", theirs],
        ["times as fast", theirs / ours],
        ["largest difference", f"{difference.max():.1e}"],
        ["mean difference", f"{difference.mean():.1e}"],
    ]
    write_report(
        arguments.out / "fbank.json", markdown_table(["what", f"{arguments.seconds:g} s"], rows), facts
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def speech(seconds: float) -> Floats:
    """The example at 16 kHz, repeated to that length."""
    sound = np.concatenate(list(stream_blocks(open_recordings(EXAMPLE, channel="mix")[0])))
    return np.resize(sound, seconds_to_samples(seconds, SAMPLE_RATE))


def kaldi(sound: Floats) -> Floats:
    """The same features from kaldi-native-fbank ``[T, 80]``."""
    options = knf.FbankOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE
    options.frame_opts.dither = 0.0
    options.mel_opts.num_bins = NUM_BINS
    options.mel_opts.low_freq = LOW_HZ
    options.mel_opts.high_freq = HIGH_HZ
    computer = knf.OnlineFbank(options)
    computer.accept_waveform(SAMPLE_RATE, sound)
    computer.input_finished()
    return np.stack([computer.get_frame(index) for index in range(computer.num_frames_ready)])


if __name__ == "__main__":
    main()

"""Time that engines take for one recording, in turns, each time in a new process.

    python bench/speed.py FOLDER_OF_SIMULATED_CONVERSATIONS --out OUT

The recording is made of the conversations of the folder, one after another, cut at 15 minutes. Each
process reads it twice: the first time counts what an engine does once (importing, loading, compiling)
when "cold", the second time is "warm". Order: A B A B, so that a slow spell of
the machine meets both; quote the ratio.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import soundfile

from common import machine, markdown_table, write_report
from engines import ENGINES, run_engine


def main() -> None:
    arguments = _arguments()
    facts: dict[str, Any] = {"machine": machine(), "audio_length": arguments.minutes * 60.0, "runs": []}
    with tempfile.TemporaryDirectory() as folder:
        audio = Path(folder) / "long.wav"
        join(arguments.folder, audio, arguments.minutes * 60)
        job = {"recording_id": "long", "audio": str(audio), "num_speakers": None}
        for turn in range(arguments.repeats):
            for engine in arguments.engines:
                times = run_engine(engine, [job, job], arguments.out / f"{engine}{turn}")
                facts["runs"].append({"engine": engine, **summary(times)})
    write_report(arguments.out / "speed.json", table(facts, arguments.engines), facts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--repeats", type=int, default=2, help="processes of each engine")
    parser.add_argument("--engines", nargs="+", choices=sorted(ENGINES), default=["diarist", "senko"])
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def join(folder: Path, out: Path, seconds: float) -> None:
    """One 16-bit wav of the folder's wav files in order, repeated where they are too short, cut."""
    parts = [soundfile.read(path, dtype="int16") for path in sorted(folder.glob("*.wav"))]
    rate = parts[0][1]
    samples = np.concatenate([samples for samples, _ in parts])
    soundfile.write(out, np.resize(samples, round(seconds * rate)), rate, subtype="PCM_16")


def summary(times: dict[str, Any]) -> dict[str, float]:
    """Seconds: cold is loading and the first recording, warm is the second."""
    first, second = times["recordings"]
    return {
        "load_wall": times["load"]["wall"],
        "cold_wall": times["load"]["wall"] + first["wall"],
        "cold_cpu": times["load"]["cpu"] + first["cpu"],
        "warm_wall": second["wall"],
        "warm_cpu": second["cpu"],
    }


def table(facts: dict[str, Any], engines: list[str]) -> str:
    """One row a run, then how many times faster than the last engine each other is."""
    columns = ["load_wall", "cold_wall", "cold_cpu", "warm_wall", "warm_cpu"]
    header = ["engine", "load s", "with load s", "CPU s", "without load s", "CPU s", "times real time"]
    rows: list[list[object]] = [
        [run["engine"], *[run[column] for column in columns], facts["audio_length"] / run["warm_wall"]]
        for run in facts["runs"]
    ]
    for engine in engines[:-1]:
        ratios = [_ratio(facts["runs"], engine, engines[-1], column) for column in columns[1:]]
        rows.append([f"**{engine}, times as fast as {engines[-1]}** (median)", "", *ratios, ""])
        facts[f"{engine}_over_{engines[-1]}"] = dict(zip(columns[1:], ratios, strict=True))
    return markdown_table(header, rows)


def _ratio(runs: list[dict[str, Any]], ours: str, theirs: str, column: str) -> float:
    """The median over rounds of their seconds divided by ours."""
    pairs = zip(
        (run[column] for run in runs if run["engine"] == ours),
        (run[column] for run in runs if run["engine"] == theirs),
        strict=True,
    )
    return median(their / our for our, their in pairs)


if __name__ == "__main__":
    main()

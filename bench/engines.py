"""The engines that are compared, each run in a process of its own, on the CPU.

    python bench/engines.py ENGINE JOBS.json OUT

JOBS.json is a list of ``{"recording_id", "audio", "num_speakers"}`` (the last may be null). The
process writes one RTTM a recording under OUT (senko: under OUT/merged and OUT/raw) and
OUT/times.json: seconds of wall and CPU for loading (imports included) and for each recording.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import soundfile

from common import write_rttm
from diarist import Diarization, Turn

Hypotheses = dict[str, Diarization]  # variant ("" where there is one) → turns
SENKO_KINDS = ("merged", "raw")  # what its guide tells users to save, and before its smoothing
Engine = Callable[[Path, "int | None"], Hypotheses]


@dataclass
class Spent:
    """Seconds on the clock and of processor time, all threads together."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def spending() -> Iterator[Spent]:
    """Measures its block."""
    spent = Spent()
    wall, cpu = time.perf_counter(), time.process_time()
    yield spent
    spent.wall, spent.cpu = time.perf_counter() - wall, time.process_time() - cpu


def load_diarist() -> Engine:
    from diarist import DiaristWarning, create_diarizer, diarize

    warnings.simplefilter("ignore", DiaristWarning)
    diarizer = create_diarizer(device="cpu")

    def run(audio: Path, num_speakers: int | None) -> Hypotheses:
        return {"": diarize(audio, num_speakers=num_speakers, diarizer=diarizer)}

    return run


def load_senko() -> Engine:
    import senko

    diarizer = senko.Diarizer(device="cpu", warmup=True, quiet=True)

    def run(audio: Path, _: int | None) -> Hypotheses:  # it takes no count
        result = diarizer.diarize(str(audio), generate_colors=False) or {}  # None: no speech found
        return {kind: _senko_turns(audio.stem, result.get(f"{kind}_segments", [])) for kind in SENKO_KINDS}

    return run


def _senko_turns(recording_id: str, segments: list[dict[str, Any]]) -> Diarization:
    turns = (Turn(row["start"], row["end"], row["speaker"]) for row in segments if row["end"] > row["start"])
    return Diarization(recording_id, tuple(turns), source="senko")


ENGINES: dict[str, Callable[[], Engine]] = {"diarist": load_diarist, "senko": load_senko}


def run_engine(engine: str, jobs: list[dict[str, Any]], out: Path) -> dict[str, Any]:
    """Run an engine in a new process over ``jobs``; returns what it wrote to times.json."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    command = [sys.executable, __file__, engine, str(out / "jobs.json"), str(out)]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return json.loads((out / "times.json").read_text(encoding="utf-8"))


def main() -> None:
    name, jobs, out = sys.argv[1], json.loads(Path(sys.argv[2]).read_text()), Path(sys.argv[3])
    with spending() as load:
        run = ENGINES[name]()
    times = {"load": asdict(load), "recordings": []}
    with tempfile.TemporaryDirectory() as folder:
        for job in jobs:
            audio = _as_wav(Path(job["audio"]), Path(folder))
            with spending() as spent:
                hypotheses = run(audio, job["num_speakers"])
            times["recordings"].append({"recording_id": job["recording_id"], **asdict(spent)})
            for variant, turns in hypotheses.items():
                write_rttm(out / variant / f"{job['recording_id']}.rttm", turns)
            print(f"{name} {job['recording_id']}: {spent.wall:.1f} s", file=sys.stderr)
    (out / "times.json").write_text(json.dumps(times, indent=1), encoding="utf-8")


def _as_wav(audio: Path, folder: Path) -> Path:
    """16-bit wav, which every engine takes; outside the measured time."""
    if audio.suffix == ".wav":
        return audio
    samples, rate = soundfile.read(audio, dtype="int16")
    wav = folder / f"{audio.stem}.wav"
    soundfile.write(wav, samples, rate, subtype="PCM_16")
    return wav


if __name__ == "__main__":
    main()

"""CPU seconds from ``import diarist`` to the first result, beyond the networks' own.

    python bench/startup.py RECORDING --out OUT

The recording is cut to 30 s. One run goes first and is not counted: it exports the networks where
that has not been done. Each run is a new process; CPU time is of all its threads, from the start of
the interpreter.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import soundfile

from common import machine, markdown_table, write_report

SECONDS = 30

# A program of its own, so that nothing but the interpreter comes before `import diarist`.
CHILD = """
import json, sys, time
start = time.perf_counter()
from diarist import create_diarizer, diarize
diarizer = create_diarizer(device="cpu")
diarize(sys.argv[1], diarizer=diarizer)
cpu, networks = time.process_time(), diarizer.network_cpu_time
print(json.dumps({"CPU s": cpu, "in the networks": networks, "beyond them": cpu - networks,
                  "wall s": time.perf_counter() - start}))
"""


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        audio = Path(folder) / "short.wav"
        rate = soundfile.info(arguments.recording).samplerate
        samples, rate = soundfile.read(arguments.recording, frames=SECONDS * rate, dtype="int16")
        soundfile.write(audio, samples, rate, subtype="PCM_16")
        runs = [_child(audio) for _ in range(arguments.repeats + 1)][1:]
    facts: dict[str, Any] = {"machine": machine(), "audio_length": len(samples) / rate, "runs": runs}
    names = list(runs[0])
    facts["median"] = {name: median(run[name] for run in runs) for name in names}
    rows = [[f"run {index + 1}", *run.values()] for index, run in enumerate(runs)]
    rows.append(["**median**", *facts["median"].values()])
    write_report(arguments.out / "startup.json", markdown_table(["", *names], rows), facts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recording", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def _child(audio: Path) -> dict[str, float]:
    """Seconds of one new process: CPU in all, inside the networks, beyond them; and on the clock."""
    command = [sys.executable, "-W", "ignore", "-c", CHILD, str(audio)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(output.splitlines()[-1])


if __name__ == "__main__":
    main()

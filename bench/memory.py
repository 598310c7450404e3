"""Peak memory of diarist on recordings of an hour and of six hours.

    python bench/memory.py FOLDER_OF_SIMULATED_CONVERSATIONS --out OUT

The recordings are the folder's conversations, looped, as flac in a temporary folder (about 50 MB an
hour). Each is diarized in a new process that reports the peak of its resident set.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import soundfile

from common import machine, markdown_table, write_report


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
        return
    arguments = _arguments()
    facts: dict[str, Any] = {"machine": machine(), "recordings": []}
    with tempfile.TemporaryDirectory() as folder:
        for hours in arguments.hours:
            audio = Path(folder) / f"{hours:g}h.flac"
            loop(arguments.folder, audio, hours * 3600)
            command = [sys.executable, __file__, "--child", str(audio)]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            facts["recordings"].append({"hours": hours, **json.loads(output.splitlines()[-1])})
            audio.unlink()
    write_report(arguments.out / "memory.json", table(facts), facts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hours", type=float, nargs="+", default=[1.0, 6.0])
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def loop(folder: Path, out: Path, seconds: float) -> None:
    """The folder's wav files one after another, again and again, as one flac of that length."""
    paths = sorted(folder.glob("*.wav"))
    rate = soundfile.info(paths[0]).samplerate
    left = round(seconds * rate)
    with soundfile.SoundFile(out, "w", rate, 1, "PCM_16") as file:
        while left > 0:
            for path in paths:
                samples = soundfile.read(path, dtype="int16")[0][:left]
                file.write(samples)
                left -= len(samples)


def measure(audio: Path) -> dict[str, Any]:
    """Diarize in this process: MiB of resident memory at its peak and before, seconds, turns."""
    import psutil

    from diarist import create_diarizer, diarize

    before = psutil.Process().memory_info().rss
    diarizer = create_diarizer(device="cpu")
    start = time.perf_counter()
    diarization = diarize(audio, diarizer=diarizer)
    return {
        "processing_time": time.perf_counter() - start,
        "audio_length": diarization.audio_length,
        "speech_time": diarization.speech_time(),
        "turns": len(diarization),
        "speakers": len(diarization.speakers),
        "before_mib": before / 2**20,
        "peak_mib": _peak_bytes() / 2**20,
    }


def _peak_bytes() -> int:
    """The highest resident set of this process so far."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def table(facts: dict[str, Any]) -> str:
    """One row a recording; the last column is the peak over that of the first recording."""
    header = ["recording", "processing s", "turns", "speakers", "peak MiB", "MiB over the first", "ratio"]
    first = facts["recordings"][0]["peak_mib"]
    rows = [
        [
            f"{one['hours']:g} h",
            one["processing_time"],
            one["turns"],
            one["speakers"],
            one["peak_mib"],
            one["peak_mib"] - first,
            one["peak_mib"] / first,
        ]
        for one in facts["recordings"]
    ]
    return markdown_table(header, rows)


if __name__ == "__main__":
    main()

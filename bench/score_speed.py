"""Time that scorers take from RTTM files to DER and to all measures, in turns in one process.

    python bench/score_speed.py DATA/rttm_pairs/voxconverse_dev/ref \\
        DATA/rttm_pairs/voxconverse_dev/hyp/diart_vbx --dscore DSCORE --out OUT

Peers: spyder (the package spy-der), pyannote.metrics, and, where ``--dscore`` names a clone of
github.com/nryant/dscore, dscore. Each scores the same files under the same protocol (no collar, overlap
scored, region from the turns of both sides) and must come to the same DER. Rounds go through all of them
in turn; quote the ratios of the medians.

``--growth`` scores one invented recording of 20 speakers, from 12.5 hours to 100, instead.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
import tracemalloc
import warnings
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from common import machine, markdown_table, write_report
from diarist.evaluation import Labels, Protocol, read_labels, score
from diarist.evaluation.scores import error_components
from diarist.formats.columns import Columns

PROTOCOL = Protocol()
SAME = 1e-9  # by which two scorers' DER may differ

Job = Callable[[], float]  # scores everything, and returns the overall DER


def main() -> None:
    arguments = _arguments()
    facts: dict[str, Any] = {"machine": machine()}
    if arguments.growth:
        measure_growth(0.1)  # imports
        facts["growth"] = [measure_growth(hours) for hours in (12.5, 25.0, 50.0, 100.0)]
        write_report(arguments.out / "score_growth.json", growth_table(facts["growth"]), facts)
        return
    jobs = make_jobs(arguments.reference, arguments.hypothesis, arguments.dscore)
    facts["seconds"] = take_turns(jobs, arguments.rounds)
    write_report(arguments.out / "score_speed.json", table(facts["seconds"]), facts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", type=Path, nargs="?", help="folder of RTTM files")
    parser.add_argument("hypothesis", type=Path, nargs="?", help="folder of RTTM files")
    parser.add_argument("--dscore", type=Path, help="a clone of dscore")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    if not arguments.growth and arguments.hypothesis is None:
        parser.error("give the two folders, or --growth")
    return arguments


def take_turns(jobs: dict[str, Job], rounds: int) -> dict[str, list[float]]:
    """Job → seconds of each round. All DERs must agree."""
    ders = {name: job() for name, job in jobs.items()}  # the first run imports and warms up
    expected = ders["diarist, files to DER"]
    for name, der in ders.items():
        if abs(der - expected) > SAME:
            sys.exit(f"{name} comes to a DER of {der}, and Diarist to {expected}.")
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            gc.collect()
            started = time.perf_counter()
            job()
            seconds[name].append(time.perf_counter() - started)
    return seconds


def make_jobs(reference: Path, hypothesis: Path, dscore: Path | None) -> dict[str, Job]:
    """What is measured, in the order in which it takes turns."""
    files = [sorted(folder.glob("*.rttm")) for folder in (reference, hypothesis)]
    jobs = {**diarist_jobs(*files), **spyder_jobs(*files)}
    if dscore is not None:
        jobs |= dscore_jobs(dscore, *files)
    return jobs | pyannote_jobs(*files)


def diarist_jobs(reference: list[Path], hypothesis: list[Path]) -> dict[str, Job]:
    def read() -> tuple[Labels, Labels]:
        return read_labels(reference).labels, read_labels(hypothesis).labels

    def errors(labels: tuple[Labels, Labels]) -> float:
        found = error_components(*labels, PROTOCOL)
        wrong = found["missed"].sum() + found["false_alarm"].sum() + found["confusion"].sum()
        return float(wrong / found["total"].sum())

    def everything(labels: tuple[Labels, Labels]) -> float:
        return score(*labels, PROTOCOL).overall.der or 0.0

    ready = read()
    return {
        "diarist, turns to DER": lambda: errors(ready),
        "diarist, files to DER": lambda: errors(read()),
        "diarist, turns to all measures": lambda: everything(ready),
        "diarist, files to all measures": lambda: everything(read()),
    }


def spyder_jobs(reference: list[Path], hypothesis: list[Path]) -> dict[str, Job]:
    from spyder import DER

    def read(files: list[Path]) -> dict[str, list[tuple[str, float, float]]]:
        """Line by line, as spyder's own command does."""
        turns = defaultdict(list)
        for path in files:
            with path.open() as file:
                for line in file:
                    parts = line.strip().split()
                    start = float(parts[3])
                    turns[parts[1]].append((parts[7], start, start + float(parts[4])))
        return turns

    def errors(ours: dict[str, Any], theirs: dict[str, Any]) -> float:
        return float(DER(ours, theirs, per_file=True)["Overall"].der)

    ready = read(reference), read(hypothesis)
    return {
        "spyder, turns to DER": lambda: errors(*ready),
        "spyder, files to DER": lambda: errors(read(reference), read(hypothesis)),
    }


def pyannote_jobs(reference: list[Path], hypothesis: list[Path]) -> dict[str, Job]:
    from pyannote.database.util import load_rttm
    from pyannote.metrics.diarization import DiarizationErrorRate

    def read(files: list[Path]) -> dict[str, Any]:
        return {name: turns for path in files for name, turns in load_rttm(path).items()}

    def errors(ours: dict[str, Any], theirs: dict[str, Any]) -> float:
        metric = DiarizationErrorRate()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the region is guessed from both sides, which is meant here
            for name, turns in ours.items():
                metric(turns, theirs[name])
        return float(abs(metric))

    ready = read(reference), read(hypothesis)
    return {
        "pyannote.metrics, turns to DER": lambda: errors(*ready),
        "pyannote.metrics, files to DER": lambda: errors(read(reference), read(hypothesis)),
    }


def dscore_jobs(clone: Path, reference: list[Path], hypothesis: list[Path]) -> dict[str, Job]:
    sys.path.insert(0, str(clone))
    from scorelib import metrics
    from scorelib.rttm import load_rttm
    from scorelib.score import score as score_all
    from scorelib.turn import merge_turns, trim_turns
    from scorelib.uem import gen_uem

    def read(files: list[Path]) -> list[Any]:
        return [turn for path in files for turn in load_rttm(str(path))[0]]

    def prepare() -> tuple[list[Any], list[Any], Any]:
        """As dscore's own command does."""
        ours, theirs = read(reference), read(hypothesis)
        uem = gen_uem(ours, theirs)
        return merge_turns(trim_turns(ours, uem)), merge_turns(trim_turns(theirs, uem)), uem

    def errors(ours: list[Any], theirs: list[Any], uem: Any) -> float:
        return float(metrics.der(ours, theirs, collar=0.0, ignore_overlaps=False, uem=uem)[1]) / 100

    def everything(ours: list[Any], theirs: list[Any], uem: Any) -> float:
        return float(score_all(ours, theirs, uem, collar=0.0, ignore_overlaps=False)[1].der) / 100

    ready = prepare()
    return {
        "dscore, turns to DER": lambda: errors(*ready),
        "dscore, turns to all measures": lambda: everything(*ready),
        "dscore, files to all measures": lambda: everything(*prepare()),
    }


RATIOS = {
    "pyannote.metrics, turns to DER": "diarist, turns to DER",
    "pyannote.metrics, files to DER": "diarist, files to DER",
    "spyder, turns to DER": "diarist, turns to DER",
    "spyder, files to DER": "diarist, files to DER",
    "dscore, turns to DER": "diarist, turns to DER",
    "dscore, turns to all measures": "diarist, turns to all measures",
    "dscore, files to all measures": "diarist, files to all measures",
}


def table(seconds: dict[str, list[float]]) -> str:
    """Median milliseconds, and how many times as long as Diarist's for the same."""
    rows = []
    for name, taken in seconds.items():
        ours = RATIOS.get(name)
        ratio = f"{median(taken) / median(seconds[ours]):.1f}" if ours else ""
        rows.append([name, f"{1000 * median(taken):.1f}", ratio])
    return markdown_table(["scorer", "median ms", "times Diarist's"], rows)


def measure_growth(hours: float) -> dict[str, float]:
    """All measures of one recording: seconds and peak memory beyond the turns themselves."""
    reference, hypothesis = invented(hours, 0), invented(hours, 1)
    started = time.perf_counter()
    score(reference, hypothesis, PROTOCOL)
    taken = time.perf_counter() - started
    tracemalloc.start()
    score(reference, hypothesis, PROTOCOL)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    turns = reference.num_turns + hypothesis.num_turns
    return {"hours": hours, "turns": turns, "seconds": taken, "peak_mib": peak / 2**20}


def invented(hours: float, seed: int, num_speakers: int = 20) -> Labels:
    """Turns of 2 s on average, one beginning every 2.2 s, some over others; the same for the same seed."""
    generator = np.random.default_rng(seed)
    num = int(hours * 3600 / 2.2)
    starts = np.round(np.cumsum(generator.exponential(2.2, num)), 3)
    ends = np.round(starts + 0.1 + generator.exponential(1.9, num), 3)
    labels = [f"S{index:02d}" for index in range(num_speakers)]
    speakers, nothing = generator.integers(num_speakers, size=num), np.zeros(num, np.int64)
    return Labels.from_columns(Columns(["long"], labels, nothing, nothing, speakers, starts, ends))


def growth_table(rows: list[dict[str, float]]) -> str:
    return markdown_table(
        ["hours", "turns, both sides", "s, all measures", "peak MiB"],
        [[row["hours"], row["turns"], row["seconds"], round(row["peak_mib"], 1)] for row in rows],
    )


if __name__ == "__main__":
    main()

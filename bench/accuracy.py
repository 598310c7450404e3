"""Diarization error of engines on folders of recordings with references.

    python bench/accuracy.py FOLDER... --engines diarist senko --out OUT [--told] [--reuse]

The error is counted by pyannote.metrics without a collar, overlap scored, over the whole file.
Totals are sums of seconds, never means of rates. Hypotheses are kept as RTTM under OUT;
``--reuse`` scores those that are there without running the engine again.
"""

from __future__ import annotations

import argparse
import warnings
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pyannote.core import Annotation, Timeline
from pyannote.core import Segment as Stretch
from pyannote.metrics.diarization import DiarizationErrorRate

from common import Pair, machine, markdown_table, pairs_in, percent, read_rttm, write_report
from diarist.types import Diarization
from engines import ENGINES, run_engine

VARIANTS = {"diarist": ("",), "senko": ("merged", "raw")}
TOLD = "diarist-told"


@dataclass(frozen=True)
class Score:
    """Seconds of each kind of error, and of speech in the reference; overlap counts for each speaker."""

    missed: float = 0.0
    false_alarm: float = 0.0
    confusion: float = 0.0
    speech: float = 0.0
    count_error: int = 0
    count_right: int = 0
    recordings: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Score)))

    @property
    def error(self) -> float:
        """Seconds of all three kinds."""
        return self.missed + self.false_alarm + self.confusion


def score(pair: Pair, hypothesis: Diarization) -> Score:
    """One recording's errors and by how many speakers the count is off."""
    metric = DiarizationErrorRate(collar=0.0, skip_overlap=False)
    uem = Timeline([Stretch(0.0, pair.audio_length)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = metric(_annotation(pair.reference), _annotation(hypothesis), uem=uem, detailed=True)
    off = abs(len(hypothesis.speakers) - len(pair.reference.speakers))
    return Score(
        missed=parts["missed detection"],
        false_alarm=parts["false alarm"],
        confusion=parts["confusion"],
        speech=parts["total"],
        count_error=off,
        count_right=int(off == 0),
        recordings=1,
    )


def _annotation(diarization: Diarization) -> Annotation:
    annotation = Annotation()
    for index, turn in enumerate(diarization):
        annotation[Stretch(turn.start, turn.end), index] = turn.speaker
    return annotation


def main() -> None:
    arguments = _arguments()
    facts: dict[str, object] = {"machine": machine(), "sets": {}}
    tables = []
    engines = [*arguments.engines, *([TOLD] if arguments.told else [])]
    for folder in arguments.folders:
        pairs = pairs_in(folder)
        scores = {}
        for engine in engines:
            scores |= _run_and_score(engine, pairs, arguments.out / folder.name, arguments.reuse)
        tables.append(f"### {folder.name}\n\n{_table(pairs, scores)}")
        facts["sets"][folder.name] = {
            name: {pair: asdict(one) for pair, one in rows.items()} for name, rows in scores.items()
        }
    write_report(arguments.out / "accuracy.json", "\n\n".join(tables), facts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--engines", nargs="+", choices=sorted(ENGINES), default=["diarist", "senko"])
    parser.add_argument("--told", action="store_true", help="also tell diarist how many speakers there are")
    parser.add_argument("--reuse", action="store_true", help="score hypotheses that are there already")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def _run_and_score(engine: str, pairs: list[Pair], out: Path, reuse: bool) -> dict[str, dict[str, Score]]:
    """Variant's name → recording_id → score."""
    told = engine == TOLD
    name = "diarist" if told else engine
    folder = out / engine
    todo = [pair for pair in pairs if not (reuse and _there(folder, VARIANTS[name], pair.recording_id))]
    if todo:
        run_engine(name, [_job(pair, told) for pair in todo], folder)
    return {
        f"{engine} {variant}".strip(): {
            pair.recording_id: score(pair, read_rttm(folder / variant / f"{pair.recording_id}.rttm"))
            for pair in pairs
        }
        for variant in VARIANTS[name]
    }


def _there(folder: Path, variants: tuple[str, ...], recording_id: str) -> bool:
    return all((folder / variant / f"{recording_id}.rttm").exists() for variant in variants)


def _job(pair: Pair, told: bool) -> dict[str, object]:
    count = len(pair.reference.speakers) if told else None
    return {"recording_id": pair.recording_id, "audio": str(pair.audio.resolve()), "num_speakers": count}


def _table(pairs: list[Pair], scores: dict[str, dict[str, Score]]) -> str:
    header = ["recording", "engine", "DER %", "missed s", "false alarm s", "confusion s", "speech s", "count"]
    rows = [
        _row(pair.recording_id, engine, one[pair.recording_id], _count(pair, one[pair.recording_id]))
        for pair in pairs
        for engine, one in scores.items()
    ]
    for engine, one in scores.items():
        total = sum(one.values(), Score())
        rows.append(_row("**all**", engine, total, f"{total.count_right} of {total.recordings}"))
    return markdown_table(header, rows)


def _count(pair: Pair, one: Score) -> str:
    return "right" if one.count_right else f"off by {one.count_error} of {len(pair.reference.speakers)}"


def _row(name: str, engine: str, one: Score, count: str) -> list[object]:
    rate = percent(one.error, one.speech)
    return [name, engine, rate, one.missed, one.false_alarm, one.confusion, one.speech, count]


if __name__ == "__main__":
    main()

"""Scores as tables to read, and as one table for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from diarist.evaluation.components import MEASURES, Components
from diarist.evaluation.results import measures_as_dict
from diarist.evaluation.tables import UNDEFINED, Table, csv_text, decimal, percent

if TYPE_CHECKING:
    from diarist.evaluation.bootstrap import Difference, Interval, Ranking
    from diarist.evaluation.scores import RecordingScore, Scores
    from diarist.evaluation.words import WordScores

OVERALL = "OVERALL"


@dataclass(frozen=True)
class Summary:
    """One system's scores with what belongs to them.

    Attributes:
        scores: the scores.
        intervals: measure → 95 % interval of the overall figure; empty where there is none.
    """

    scores: Scores
    intervals: Mapping[str, Interval] = field(default_factory=dict, hash=False)


_RECORDING_COLUMNS = (
    "recording", "speech s", "DER %", "missed", "f. alarm", "confusion", "JER %", "B3 F1", "NMI", "speakers",
)  # fmt: skip


def recordings_table(summary: Summary) -> Table:
    """A row a recording, and, of several, one for all of them."""
    scores = summary.scores
    rows = [_recording_row(one.recording_id, one.components, one.has_hypothesis) for one in scores.recordings]
    if len(rows) != 1:
        rows.append(_recording_row(OVERALL, scores.overall))
    return Table(_title(scores), _RECORDING_COLUMNS, tuple(rows))


def overall_table(summary: Summary) -> Table:
    """Every measure of all recordings together, with its interval where there is one."""
    scores, whole = summary.scores, summary.scores.overall
    columns: list[tuple[str, ...]] = [
        (label, value, _interval(summary.intervals.get(measure), unit), seconds)
        for measure, label, unit, value, seconds in _overall_rows(whole)
    ]
    header: tuple[str, ...] = ("measure", "value", "95 % interval", "seconds")
    if not summary.intervals:
        header, columns = _without_third(header), [_without_third(row) for row in columns]
    count = f"{whole.num_recordings} recording{'s' if whole.num_recordings != 1 else ''}"
    name = f"{scores.system}: " if scores.system else ""
    return Table(f"{name}overall, {count}", header, tuple(columns))


def _without_third(row: tuple[str, ...]) -> tuple[str, ...]:
    return (*row[:2], *row[3:])


def ranking_table(ranking: Ranking) -> Table:
    """Systems, best first."""
    rows = tuple(
        (str(place), *_recording_row(scores.system, scores.overall)[:7])
        for place, scores in enumerate(ranking.scores, start=1)
    )
    return Table("ranking by DER", ("place", "system", *_RECORDING_COLUMNS[1:7]), rows)


def differences_table(differences: Sequence[Difference]) -> Table:
    """Pairs of systems: is one better, or is it noise?"""
    rows = tuple(
        (
            one.verdict,
            f"{100 * one.difference:+.2f}",
            f"{100 * one.interval.low:+.2f} to {100 * one.interval.high:+.2f}",
            f"{one.p_value:.4f}",
            f"{one.wins} : {one.losses}",
        )
        for one in differences
    )
    header = ("verdict", "DER difference", "95 % interval", "p", "recordings better : worse")
    return Table("paired bootstrap over recordings, differences in percentage points", header, rows)


def words_table(words: WordScores) -> Table:
    """cpWER and WDER, a row a recording, and what they are made of."""
    rows = [(one.recording_id, one.components) for one in words.recordings]
    rows.append((OVERALL, words.overall))
    header = (
        "recording", "words", "cpWER %", "ins.", "del.", "subst.", "aligned", "wrong speaker", "WDER %",
    )  # fmt: skip
    return Table(
        f"words: {words.rules}",
        header,
        tuple(
            (
                name,
                str(part.reference_words),
                percent(part.cp_wer),
                str(part.insertions),
                str(part.deletions),
                str(part.substitutions),
                str(part.aligned_words),
                str(part.wrong_speaker_words),
                percent(part.wder),
            )
            for name, part in rows
        ),
    )


def as_csv(summaries: Sequence[Summary]) -> str:
    """One row a system and recording, and one for all of a system's: rates, components and protocol.

    Rates are shares, times are seconds, what is undefined is empty.
    """
    protocol = asdict(summaries[0].scores.protocol)
    header = ["system", "recording", *MEASURES, *asdict(Components()), *protocol]
    rows: list[list[object]] = []
    for summary in summaries:
        for name, components in _all_rows(summary.scores):
            rows.append(
                [
                    summary.scores.system,
                    name,
                    *measures_as_dict(components).values(),
                    *asdict(components).values(),
                    *protocol.values(),
                ]
            )
    return csv_text(header, rows)


def _all_rows(scores: Scores) -> Iterator[tuple[str, Components]]:
    for one in scores.recordings:
        yield one.recording_id, one.components
    yield OVERALL, scores.overall


def _title(scores: Scores) -> str:
    return f"{scores.system or 'scores'}, a row a recording"


def _recording_row(name: str, components: Components, has_hypothesis: bool = True) -> tuple[str, ...]:
    speakers = f"{components.num_hypothesis_speakers} of {components.num_speakers}"
    return (
        name,
        f"{components.total:.2f}",
        percent(components.der),
        percent(components.missed_rate),
        percent(components.false_alarm_rate),
        percent(components.confusion_rate),
        percent(components.jer),
        decimal(components.bcubed_f1),
        decimal(components.normalised_mutual_information),
        speakers if has_hypothesis else "no hypothesis",
    )


def _overall_rows(whole: Components) -> Iterator[tuple[str, str, str, str, str]]:
    """Measure, label, unit, value and seconds of each line."""
    seconds = {
        "der": whole.error_time,
        "missed_rate": whole.missed,
        "false_alarm_rate": whole.false_alarm,
        "confusion_rate": whole.confusion,
        "purity": whole.pure_time,
        "coverage": whole.covered_time,
    }
    yield "", "scored speech", "", "", f"{whole.total:.3f}"
    for measure, (label, unit) in MEASURES.items():
        value = getattr(whole, measure)
        shown = percent(value) if unit == "%" else decimal(value)
        time = f"{seconds[measure]:.3f}" if measure in seconds else ""
        yield measure, label, unit, f"{shown} {unit}".strip() if shown != UNDEFINED else shown, time


def _interval(interval: Interval | None, unit: str) -> str:
    if interval is None:
        return ""
    if unit == "%":
        return f"{percent(interval.low)} to {percent(interval.high)}"
    return f"{decimal(interval.low)} to {decimal(interval.high)}"


def worst_first(recordings: Sequence[RecordingScore]) -> list[RecordingScore]:
    """The recordings with the most error time first."""
    return sorted(
        recordings,
        key=lambda one: (-one.components.error_time, one.recording_id),
    )

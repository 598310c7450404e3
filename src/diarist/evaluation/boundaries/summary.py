"""What became of boundaries, as tables to read and as one table for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from diarist.evaluation.tables import UNDEFINED, Table, csv_text, percent

if TYPE_CHECKING:
    from diarist.evaluation.boundaries import BoundaryScores
    from diarist.evaluation.boundaries.collar import CollarPoint, NearbyErrors
    from diarist.evaluation.boundaries.stats import BoundaryStats

OVERALL = "OVERALL"


@dataclass(frozen=True)
class BoundaryFindings:
    """All about the boundaries of one system.

    Attributes:
        system: what the hypothesis is called.
        scores: boundaries matched one to one.
        curve: DER under each collar.
        nearby: error time within each distance of a boundary.
    """

    system: str
    scores: BoundaryScores
    curve: Sequence[CollarPoint]
    nearby: Sequence[NearbyErrors]

    def tables(self) -> list[Table]:
        """Errors, shares within tolerances, recall and precision, errors nearby, and the collar curve."""
        return [
            self._errors(),
            self._shares(),
            self._found(),
            _nearby_table(self.nearby),
            _curve_table(self.curve),
        ]

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON: times are seconds, rates are shares, ``None`` is undefined."""
        return {
            "system": self.system,
            **self.scores.as_dict(),
            "error_by_distance": [{**asdict(one), "share": one.share} for one in self.nearby],
            "collar_curve": [{**asdict(one), "der": one.der} for one in self.curve],
        }

    def _errors(self) -> Table:
        rows = tuple(
            (name, str(one.num_reference), str(one.num_matched), *map(_milliseconds, _spread(one)))
            for name, one in self.scores.overall.items()
        )
        header = (
            "boundaries", "reference", "matched", "bias ms", "median", "|mean|", "|median|", "|p90|", "|p95|",
            "|p99|",
        )  # fmt: skip
        window = f"{1000 * self.scores.config.window:g} ms"
        return Table(
            f"{self.system}: errors of what is matched within {window}, late is positive", header, rows
        )

    def _shares(self) -> Table:
        tolerances = self.scores.config.tolerances
        rows = tuple(
            (name, *(percent(one.within(tolerance), 1) for tolerance in tolerances))
            for name, one in self.scores.overall.items()
        )
        header = ("boundaries", *(f"{1000 * tolerance:g} ms" for tolerance in tolerances))
        return Table(f"{self.system}: % of the matched within", header, rows)

    def _found(self) -> Table:
        tolerances = self.scores.config.tolerances
        rows = tuple(
            (
                name,
                *(
                    f"{percent(one.recall(tolerance), 1)} / {percent(one.precision(tolerance), 1)}"
                    for tolerance in tolerances
                ),
            )
            for name, one in self.scores.overall.items()
        )
        header = ("boundaries", *(f"{1000 * tolerance:g} ms" for tolerance in tolerances))
        return Table(f"{self.system}: recall / precision in %, missed ones counted", header, rows)


def boundaries_csv(findings: Sequence[BoundaryFindings]) -> str:
    """One row a system, recording and group of boundaries, one for all recordings, with the protocol.

    Times are seconds, rates are shares, what is undefined is empty.
    """
    scores = findings[0].scores
    protocol, tolerances = asdict(scores.protocol), scores.config.tolerances
    header = ["system", "recording", "boundaries", *_COLUMNS]
    header += [
        f"{kind}_{tolerance:g}" for tolerance in tolerances for kind in ("within", "recall", "precision")
    ]
    rows = [
        [
            one.system,
            name,
            group,
            *_numbers(stats),
            *(
                value
                for tolerance in tolerances
                for value in (stats.within(tolerance), stats.recall(tolerance), stats.precision(tolerance))
            ),
            *protocol.values(),
        ]
        for one in findings
        for name, groups in [
            *((each.recording_id, each.groups) for each in one.scores.recordings),
            (OVERALL, one.scores.overall),
        ]
        for group, stats in groups.items()
    ]
    return csv_text([*header, *protocol], rows)


_COLUMNS = (
    "num_reference", "num_hypothesis", "num_matched", "bias", "median_signed", "mean_absolute",
    "median_absolute", "p90", "p95", "p99",
)  # fmt: skip


def _spread(stats: BoundaryStats) -> tuple[float | None, ...]:
    return (
        stats.bias,
        stats.median_signed,
        stats.mean_absolute,
        stats.median_absolute,
        *(stats.percentile(percentile) for percentile in (90, 95, 99)),
    )


def _numbers(stats: BoundaryStats) -> tuple[float | None, ...]:
    return (stats.num_reference, stats.num_hypothesis, stats.num_matched, *_spread(stats))


def _milliseconds(seconds: float | None) -> str:
    return UNDEFINED if seconds is None else f"{1000 * seconds:.1f}"


def _nearby_table(nearby: Sequence[NearbyErrors]) -> Table:
    rows = tuple(
        (
            f"{1000 * one.distance:g} ms",
            percent(one.share, 1),
            f"{one.errors:.2f}",
            f"{one.missed:.2f}",
            f"{one.false_alarm:.2f}",
            f"{one.confusion:.2f}",
        )
        for one in nearby
    )
    header = ("within", "% of errors", "seconds", "missed", "f. alarm", "confusion")
    return Table("error time within a distance of a reference boundary, without a collar", header, rows)


def _curve_table(curve: Sequence[CollarPoint]) -> Table:
    rows = tuple(
        (
            f"{1000 * one.collar_each_side:g} ms",
            percent(one.der),
            f"{one.missed:.2f}",
            f"{one.false_alarm:.2f}",
            f"{one.confusion:.2f}",
            f"{one.total:.2f}",
        )
        for one in curve
    )
    header = ("collar each side", "DER %", "missed s", "f. alarm s", "confusion s", "speech s")
    return Table("DER as the collar grows", header, rows)

"""Several systems beside each other: their order, and which differences are more than noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from diarist.evaluation.report.bars import error_bars
from diarist.evaluation.report.contents import Report
from diarist.evaluation.report.html_parts import Section, card, figure, introduction, scrolling
from diarist.evaluation.report.html_tables import interval_text, value_html
from diarist.evaluation.report.svg import html_text
from diarist.evaluation.scores import RecordingScore

if TYPE_CHECKING:
    from diarist.evaluation.bootstrap import Difference

_COLUMNS = (
    ("DER %", "der"),
    ("missed %", "missed_rate"),
    ("false alarm %", "false_alarm_rate"),
    ("confusion %", "confusion_rate"),
    ("JER %", "jer"),
    ("B-cubed F1", "bcubed_f1"),
    ("count error", "speaker_count_error"),
)


def comparison_section(
    reports: Sequence[Report], differences: Sequence[Difference], anchors: Mapping[str, str]
) -> Section:
    """Systems in the order given, with a picture, and the differences between them.

    Args:
        reports: of the systems.
        differences: between pairs of them.
        anchors: system → the place on the page where it is shown by itself.
    """
    systems = [RecordingScore(report.scores.system, report.scores.overall) for report in reports]
    says = "A bar a system, over all recordings. Look for which colour makes one longer than the other."
    parts = [
        card(scrolling(_ranking(reports, anchors), "Systems")),
        figure(error_bars(systems, None), "DER by component", says, "wide"),
    ]
    if differences:
        text = (
            "Is one better, or do the recordings that were chosen explain it? Both systems are scored on the "
            "same draws of recordings (paired bootstrap). Where the interval of the difference holds 0, no "
            "difference is shown."
        )
        parts.append(introduction(text) + card(scrolling(_differences(differences), "Differences")))
    return Section("comparison", "Comparison", "".join(parts))


def _ranking(reports: Sequence[Report], anchors: Mapping[str, str]) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head, _ in _COLUMNS)
    names = [report.scores.system for report in reports]
    links = [f'<a href="#{anchors[name]}">{html_text(name)}</a>' for name in names]
    rows = "".join(
        f'<tr><th scope="row">{link}</th>{_ranking_cells(report)}</tr>'
        for link, report in zip(links, reports, strict=True)
    )
    return (
        f'<table><thead><tr><th scope="col">system</th>{heads}<th scope="col">95 % interval of DER</th></tr>'
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _ranking_cells(report: Report) -> str:
    cells = [value_html(measure, report.scores.overall) for _, measure in _COLUMNS]
    cells.append(interval_text(report.intervals.get("der"), "%"))
    return "".join(f"<td>{cell}</td>" for cell in cells)


def _differences(differences: Sequence[Difference]) -> str:
    heads = ("DER difference", "95 % interval", "p", "recordings better", "worse")
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    rows = "".join(
        f'<tr><th scope="row">{html_text(one.verdict)}</th><td>{_points(one.difference)}</td>'
        f"<td>{_points(one.interval.low)} to {_points(one.interval.high)}</td><td>{one.p_value:.4f}</td>"
        f"<td>{one.wins:,}</td><td>{one.losses:,}</td></tr>"
        for one in differences
    )
    return f'<table><thead><tr><th scope="col">verdict</th>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _points(rate: float) -> str:
    """Percentage points with their sign."""
    return f"{100 * rate:+.2f}".replace("-", "−")

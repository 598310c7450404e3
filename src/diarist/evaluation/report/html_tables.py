"""The tables of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from diarist.evaluation.components import MEASURES
from diarist.evaluation.report.contents import COMPONENTS, Report, by_der
from diarist.evaluation.report.scene import signed
from diarist.evaluation.report.svg import html_text
from diarist.evaluation.report.words import MEANINGS, undefined_reason
from diarist.evaluation.tables import UNDEFINED, decimal, percent
from diarist.timeline import clock

if TYPE_CHECKING:
    from diarist.evaluation.bootstrap import Interval
    from diarist.evaluation.boundaries import BoundaryScores
    from diarist.evaluation.boundaries.stats import BoundaryStats
    from diarist.evaluation.components import Components
    from diarist.evaluation.scores import RecordingScore

WORST_SHARE, MOST_WORST, FEWEST_TO_RANK = 0.1, 10, 4  # of recordings whose rows are tinted
_LONG_NAME = 36  # characters that a column of names has room for

# Heading, what it means, and how a recording's figure is read from its components.
_COLUMNS = (
    ("DER %", "der"),
    ("missed %", "missed_rate"),
    ("false alarm %", "false_alarm_rate"),
    ("confusion %", "confusion_rate"),
    ("JER %", "jer"),
    ("B-cubed F1", "bcubed_f1"),
    ("NMI", "normalised_mutual_information"),
)


def measures_table(report: Report) -> str:
    """Every measure of all recordings together, its interval, and what it says."""
    whole = report.scores.overall
    with_intervals = bool(report.intervals)
    heads = ["measure", "value", *(["95 % interval"] if with_intervals else [])]
    rows = []
    for measure, (label, unit) in MEASURES.items():
        interval = report.intervals.get(measure)
        cells = [
            value_html(measure, whole, unit),
            *([interval_text(interval, unit)] if with_intervals else []),
        ]
        nested = ' class="in"' if label.startswith(" ") else ""
        rows.append(
            f'<tr{nested}><th scope="row">{label.strip()}</th>{_cells(cells)}'
            f'<td class="say">{MEANINGS[measure]}</td></tr>'
        )
    head = _heads(heads) + '<th scope="col" class="left">what it says</th>'
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def components_table(report: Report) -> str:
    """The three parts of DER: as a share of speech, in seconds, and as a share of all errors."""
    whole = report.scores.overall
    errors = whole.error_time
    rows = []
    for name in COMPONENTS:
        measure = f"{name}_rate"
        seconds = getattr(whole, name)
        interval = report.intervals.get(measure)
        cells = [
            value_html(measure, whole, "%"),
            *([interval_text(interval, "%")] if report.intervals else []),
            f"{seconds:,.2f}",
            f"{percent(seconds / errors, 1)} %" if errors else UNDEFINED,
        ]
        key = f'<span class="key b-{name.replace("_", "-")}"></span>'
        rows.append(f'<tr><th scope="row">{key}{name.replace("_", " ")}</th>{_cells(cells)}</tr>')
    sums = [
        value_html("der", whole, "%"),
        *([interval_text(report.intervals.get("der"), "%")] if report.intervals else []),
        f"{errors:,.2f}",
        "",
    ]
    heads = ["error", "of speech", *(["95 % interval"] if report.intervals else []), "seconds", "of errors"]
    return (
        f"<table><thead><tr>{_heads(heads)}</tr></thead><tbody>{''.join(rows)}</tbody>"
        f'<tfoot><tr><th scope="row">all errors</th>{_cells(sums)}</tr></tfoot></table>'
    )


def recordings_table(report: Report, anchors: Mapping[str, str], longest: float) -> str:
    """A row a recording, the highest DER first, and one for all of them.

    Args:
        report: the scores.
        anchors: recording → the place on the page where its timeline is.
        longest: DER whose bar is as wide as its column.
    """
    ordered = by_der(report.scores)
    worst = worst_rows(ordered)
    body = "".join(
        _recording_row(one, longest, anchors.get(one.recording_id), row < worst)
        for row, one in enumerate(ordered)
    )
    heads = "".join(
        f'<th scope="col"{_sorted(measure)}><abbr title="{MEANINGS[measure]}">{heading}</abbr></th>'
        for heading, measure in _COLUMNS
    )
    return (
        '<table data-sortable><thead><tr><th scope="col">recording</th>'
        f"{heads}{_heads(('speech', 'speakers', 'found'))}</tr></thead>"
        f"<tbody>{body}</tbody><tfoot><tr>"
        f'<th scope="row">all {len(ordered):,}</th>{_recording_cells(report.scores.overall, longest, True)}'
        "</tr></tfoot></table>"
    )


def worst_rows(ordered: Sequence[RecordingScore]) -> int:
    """How many of the recordings, highest DER first, are pointed out: a tenth, at least one."""
    wrong = sum(1 for one in ordered if one.components.der)
    if len(ordered) < FEWEST_TO_RANK:
        return 0
    return min(wrong, MOST_WORST, max(1, round(WORST_SHARE * len(ordered))))


def boundaries_table(boundaries: BoundaryScores) -> str:
    """Errors of the boundaries that were matched, and how many were, for each kind of boundary."""
    tolerances = boundaries.config.tolerances
    heads = ["boundaries", "reference", "hypothesis", "matched", "mean", "median", "abs. median", "abs. 90 %"]
    wide = "".join(
        f'<th scope="colgroup" colspan="{len(tolerances)}">{what} within, %</th>'
        for what in ("recall", "precision")
    )
    narrow = "".join(f'<th scope="col">{1000 * one:g} ms</th>' for one in (*tolerances, *tolerances))
    singles = "".join(f'<th scope="col" rowspan="2">{head}</th>' for head in heads[:4])
    errors = "".join(f'<th scope="col">{head}</th>' for head in heads[4:])
    head = (
        f'<tr>{singles}<th scope="colgroup" colspan="4">error, ms</th>{wide}</tr><tr>{errors}{narrow}</tr>'
        if tolerances
        else f'<tr>{singles}<th scope="colgroup" colspan="4">error, ms</th></tr><tr>{errors}</tr>'
    )
    rows = "".join(
        f'<tr><th scope="row">{group}</th>{_cells(_boundary_cells(stats, tolerances))}</tr>'
        for group, stats in boundaries.overall.items()
    )
    return f'<table class="tight"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def value_html(measure: str, components: Components, unit: str = "") -> str:
    """A measure with its unit; a dash that says why where it has no value."""
    value = getattr(components, measure)
    if value is None:
        return f'<abbr title="{undefined_reason(measure, components)}">{UNDEFINED}</abbr>'
    return f"{percent(value) if MEASURES[measure][1] == '%' else decimal(value)} {unit}".strip()


def interval_text(interval: Interval | None, unit: str) -> str:
    """From where to where."""
    if interval is None:
        return ""
    show = percent if unit == "%" else decimal
    return f"{show(interval.low)} to {show(interval.high)}"


def _recording_row(one: RecordingScore, longest: float, anchor: str | None, is_worst: bool) -> str:
    name = html_text(one.recording_id)
    title = f' title="{name}"' if len(one.recording_id) > _LONG_NAME else ""
    shown = f'<a href="#{anchor}">{name}</a>' if anchor else name
    mark = ' class="w"' if is_worst else ""
    cells = _recording_cells(one.components, longest, one.has_hypothesis)
    return f'<tr{mark}><th scope="row"{title}>{shown}</th>{cells}</tr>\n'


def _recording_cells(components: Components, longest: float, has_hypothesis: bool) -> str:
    rates = [100 * (getattr(components, f"{name}_rate") or 0.0) / longest for name in COMPONENTS]
    bar = ";".join(f"--{name[0]}:{rate:.1f}" for name, rate in zip(COMPONENTS, rates, strict=True))
    values = [value_html(measure, components) for _, measure in _COLUMNS]
    found = f"{components.num_hypothesis_speakers}"
    if not has_hypothesis:
        found = f'<abbr title="no hypothesis for this recording">{UNDEFINED}</abbr>'
    rest = [*values[1:], clock(components.total), str(components.num_speakers), found]
    return f'<td class="d" style="{bar}">{values[0]}</td>{_cells(rest)}'


def _boundary_cells(stats: BoundaryStats, tolerances: Sequence[float]) -> Iterator[str]:
    yield from (f"{number:,}" for number in (stats.num_reference, stats.num_hypothesis, stats.num_matched))
    errors = (stats.bias, stats.median_signed)
    yield from (UNDEFINED if value is None else signed(1000 * value) for value in errors)
    absolute = (stats.median_absolute, stats.percentile(90))
    yield from (UNDEFINED if value is None else f"{1000 * value:.0f}" for value in absolute)
    for share in (stats.recall, stats.precision):
        yield from (percent(share(tolerance), 1) for tolerance in tolerances)


def _sorted(measure: str) -> str:
    return ' aria-sort="descending"' if measure == "der" else ""


def _heads(heads: Sequence[str]) -> str:
    return "".join(f'<th scope="col">{head}</th>' for head in heads)


def _cells(cells: Sequence[str] | Iterator[str]) -> str:
    return "".join(f"<td>{cell}</td>" for cell in cells)

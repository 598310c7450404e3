"""The sections of the page, each a heading with text, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from diarist.evaluation.report.attribution import attribute
from diarist.evaluation.report.bars import error_bars, longest_bar
from diarist.evaluation.report.contents import Limits, Report, by_der, drawn_recordings
from diarist.evaluation.report.curve import collar_chart
from diarist.evaluation.report.findings import on_confusion, on_errors
from diarist.evaluation.report.histogram import boundary_histogram
from diarist.evaluation.report.html_parts import (
    Place,
    Section,
    card,
    figure,
    heading,
    introduction,
    scrolling,
)
from diarist.evaluation.report.html_tables import (
    boundaries_table,
    measures_table,
    recordings_table,
    value_html,
    worst_rows,
)
from diarist.evaluation.report.lanes import timeline_scene
from diarist.evaluation.report.matrix import confusion_scene
from diarist.evaluation.report.svg import html_text
from diarist.evaluation.report.timelines import lay_out_recording
from diarist.evaluation.report.words import counted
from diarist.evaluation.scores import RecordingScore


def sections_of(report: Report, limits: Limits, place: Place) -> Iterator[Section]:
    """The sections that the report has something for, in the order in which they are read."""
    prefix = place.prefix
    yield Section(f"{prefix}overall", "All measures", _overall(report))
    drawn = drawn_recordings(report.scores, limits)
    if report.scores.recordings:
        anchors = {score.recording_id: f"{prefix}r{number}" for number, score in enumerate(drawn, 1)}
        shown = by_der(report.scores)[: limits.max_bars]
        yield Section(f"{prefix}errors", "Errors by recording", _errors(report, shown))
        yield Section(f"{prefix}recordings", "Recordings", _recordings(report, anchors, shown))
    if report.curve or report.boundaries is not None:
        yield Section(f"{prefix}boundaries", "Boundaries", _boundaries(report))
    if drawn:
        yield Section(f"{prefix}timelines", "Timelines", _timelines(report, drawn, place))


def _overall(report: Report) -> str:
    text = "Each figure is computed from the sums over all recordings, never as a mean of their figures."
    if report.intervals:
        text += " Intervals come from drawing the recordings again (bootstrap): they say how far the figure "
        text += "depends on which recordings were chosen."
    return introduction(text) + card(scrolling(measures_table(report), "All measures"))


def _errors(report: Report, shown: Sequence[RecordingScore]) -> str:
    num = len(report.scores.recordings)
    which = f"The {len(shown)} of {num:,} recordings with the highest DER" if num > len(shown) else "All"
    says = f"{which}, highest first. Look for which colour makes the worst bars long."
    if (shown[0].components.der or 0.0) > longest_bar(shown):
        says += " A torn end is a bar too long to show whole."
    return figure(error_bars(shown, report.scores.overall), "DER by component", says, "wide")


def _recordings(report: Report, anchors: Mapping[str, str], shown: Sequence[RecordingScore]) -> str:
    worst = worst_rows(report.scores.recordings)
    text = "The highest DER comes first. The line under it shows its parts: missed, false alarm, confusion."
    if worst:
        text += f" Tinted: the highest {worst}." if worst > 1 else " Tinted: the highest."
    text += " A dash is an undefined value; rest on it to see why."
    table = recordings_table(report, anchors, longest_bar(shown))
    return introduction(text) + card(scrolling(table, "Recordings", "tall"))


def _boundaries(report: Report) -> str:
    parts = []
    if report.boundaries is not None:
        parts.append(
            introduction(
                "Errors are hypothesis minus reference: a positive one is late. Recall is the share of "
                "the reference's boundaries that are found, precision the share of the hypothesis' that "
                "are right."
            )
        )
    parts.append(f'<div class="two">{_collar(report)}{_histogram(report)}</div>')
    if report.boundaries is not None:
        parts.append(card(scrolling(boundaries_table(report.boundaries), "Boundaries")))
    return "".join(parts)


def _collar(report: Report) -> str:
    if not report.curve:
        return ""
    says = (
        "What falls away as the collar grows lies near boundaries of turns; what stays are errors amid "
        "speech. The dashed line is the collar of this report."
    )
    scene = collar_chart(report.curve, report.scores.protocol)
    return figure(scene, "DER under wider collars", says, "chart")


def _histogram(report: Report) -> str:
    if report.boundaries is None:
        return ""
    says = (
        "A peak beside 0 is a habit that can be corrected; the dashed line is the median. Boundaries are "
        f"matched within {1000 * report.boundaries.config.window:g} ms."
    )
    return figure(boundary_histogram(report.boundaries), "How far boundaries are off", says, "chart")


def _timelines(report: Report, drawn: Sequence[RecordingScore], place: Place) -> str:
    num = len(report.scores.recordings)
    which = f"{len(drawn)} of {num:,} recordings" if num > len(drawn) else "All recordings"
    order = f"{which}, most error time first. " if num > 1 else ""
    text = (
        f"{order}Each speaker has a lane: above, what the reference says; below and paler, the hypothesis "
        "speaker who stands for them. Grey speakers stand for nobody. A bar with nothing beneath it was "
        "missed or given to somebody else; one with nothing above it is false alarm or somebody else's "
        "speech. The squares under a timeline hold all scored time once: framed is right, a square beside "
        "it is time that went to another."
    )
    parts = [_timeline(report, score, number, place) for number, score in enumerate(drawn, start=1)]
    return introduction(text) + "".join(parts)


def _timeline(report: Report, score: RecordingScore, number: int, place: Place) -> str:
    layout = lay_out_recording(report, score.recording_id)
    attribution = attribute(layout)
    whole = score.components
    der = value_html("der", whole) + (" %" if whole.der is not None else "")
    facts = (
        f"DER {der}: missed {whole.missed:,.2f} s, false alarm {whole.false_alarm:,.2f} s, confusion "
        f"{whole.confusion:,.2f} s, in {whole.total:,.2f} s of scored speech; "
        f"{counted(whole.num_speakers, 'speaker')}, {whole.num_hypothesis_speakers} found"
    )
    errors, confusion = on_errors(layout, whole), on_confusion(attribution)
    timeline = figure(timeline_scene(layout, score), "Errors over time", html_text(errors), "wide")
    matrix = figure(confusion_scene(attribution), "Whose speech went to whom", html_text(confusion), "matrix")
    return (
        f'<article class="recording" id="{place.prefix}r{number}">'
        f"{heading(place.level + 1, 'name', html_text(score.recording_id))}"
        f'<p class="facts">{facts}</p>{timeline}{matrix}</article>\n'
    )

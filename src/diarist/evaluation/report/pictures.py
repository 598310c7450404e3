"""The pictures of a report as PNG files of their own, for papers and slides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from diarist.drawing import require_matplotlib
from diarist.errors import printable
from diarist.evaluation.report.attribution import attribute
from diarist.evaluation.report.bars import error_bars
from diarist.evaluation.report.contents import Limits, Report, by_der, drawn_recordings
from diarist.evaluation.report.curve import collar_chart
from diarist.evaluation.report.histogram import boundary_histogram
from diarist.evaluation.report.lanes import timeline_scene
from diarist.evaluation.report.matrix import confusion_scene
from diarist.evaluation.report.png import to_png
from diarist.evaluation.report.scene import Label, Scene, short, text_width
from diarist.evaluation.report.timelines import lay_out_recording
from diarist.evaluation.tables import percent
from diarist.files import file_name, make_folder, replacing

if TYPE_CHECKING:
    from diarist.evaluation.protocol import Protocol

_LONGEST_HEADING = 500.0  # pixels
_RULES_SIZE = 9.0


def write_pictures(report: Report, folder: Path, *, limits: Limits | None = None) -> list[Path]:
    """Draw ``errors.png``, ``collar.png`` and ``boundaries.png`` where the report has them, and for the
    recordings shown ``timeline-NAME.png`` and ``confusion-NAME.png``.

    Args:
        report: what to draw.
        folder: made if there is none; files of these names in it are replaced.
        limits: which recordings are shown.

    Returns:
        The files written, in this order.

    Raises:
        OptionError: if matplotlib is not installed.
        OutputError: if a file cannot be written.
    """
    require_matplotlib()
    make_folder(folder)
    written: dict[str, Path] = {}
    for name, scene in _scenes(report, limits or Limits()):
        unique = _unique(file_name(name, ""), written)
        path = folder / f"{unique}.png"
        with replacing(path) as file:
            file.write(to_png(with_rules(scene, report.scores.protocol)))
        written[unique.casefold()] = path
    return list(written.values())


def with_rules(scene: Scene, protocol: Protocol) -> Scene:
    """The picture with its protocol below, as it may go where nothing else tells it."""
    lines = [""]
    for rule in f"protocol: {protocol}".split(", "):
        longer = f"{lines[-1]}, {rule}" if lines[-1] else rule
        if lines[-1] and text_width(longer, _RULES_SIZE) > scene.width:
            lines.append(rule)
        else:
            lines[-1] = longer
    step = 1.5 * _RULES_SIZE
    top = scene.height + step
    labels = tuple(
        Label(0.0, top + number * step, line, _RULES_SIZE, "muted") for number, line in enumerate(lines)
    )
    return replace(scene, height=scene.height + step * (len(lines) + 0.5), marks=scene.marks + labels)


def _scenes(report: Report, limits: Limits) -> Iterator[tuple[str, Scene]]:
    """Pictures with the names of their files."""
    yield "errors", error_bars(by_der(report.scores)[: limits.max_bars], report.scores.overall)
    if report.curve:
        yield "collar", collar_chart(report.curve, report.scores.protocol)
    if report.boundaries is not None:
        yield "boundaries", boundary_histogram(report.boundaries)
    for score in drawn_recordings(report.scores, limits):
        layout = lay_out_recording(report, score.recording_id)
        der = score.components.der
        name = short(printable(score.recording_id), _LONGEST_HEADING, 14)
        heading = f"{name}: DER {percent(der)} %" if der is not None else f"{name}: DER undefined"
        yield f"timeline-{score.recording_id}", timeline_scene(layout, score, heading)
        yield f"confusion-{score.recording_id}", confusion_scene(attribute(layout), heading)


def _unique(name: str, taken: dict[str, Path]) -> str:
    """``name``, numbered where another recording's file has it, on systems that see no case as well."""
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate, number = f"{name}-{number}", number + 1
    return candidate

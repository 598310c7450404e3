"""The page: one HTML file that holds its style, its pictures and its script, and asks for nothing else.

A content security policy in it forbids everything else as well: were there a way past the escaping of
names, nothing could be loaded or run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from diarist.errors import InputError
from diarist.evaluation.protocol import Protocol, require_same_protocol
from diarist.evaluation.report.colours import DARK, LIGHT, mark_classes, style_variables
from diarist.evaluation.report.comparison import comparison_section
from diarist.evaluation.report.contents import COMPONENTS, Limits, Report
from diarist.evaluation.report.html_parts import Place, heading, introduction, render_sections, scrolling
from diarist.evaluation.report.html_tables import components_table, interval_text, value_html
from diarist.evaluation.report.sections import sections_of
from diarist.evaluation.report.svg import html_text
from diarist.evaluation.report.words import counted, protocol_rules
from diarist.files import replacing
from diarist.timeline import clock
from diarist.version import __version__

if TYPE_CHECKING:
    from diarist.evaluation.bootstrap import Ranking


def write_report(report: Report, path: Path, *, limits: Limits | None = None) -> None:
    """Write the page on one system. It needs no other file, no network, and no script to be read.

    Args:
        report: what to show.
        path: the file; it is replaced whole or not at all.
        limits: how much of a large corpus is drawn.

    Raises:
        OutputError: if the file cannot be written.
    """
    content = report_page([report], limits=limits).encode()
    with replacing(path) as file:
        file.write(content)


def report_page(
    reports: Sequence[Report], ranking: Ranking | None = None, *, limits: Limits | None = None
) -> str:
    """The page as text.

    Args:
        reports: of one system, or of several that were scored under the same protocol, best first.
        ranking: the differences between several.
        limits: how much of a large corpus is drawn, for each system.

    Raises:
        InputError: if there is no report.
        ProtocolError: if protocols differ.
    """
    if not reports:
        raise InputError("There is nothing to report.", "Give one report or more.")
    for report in reports:
        require_same_protocol(reports[0].scores.protocol, report.scores.protocol)
    limits = limits or Limits()
    return _one(reports[0], limits) if len(reports) == 1 else _several(reports, ranking, limits)


def _one(report: Report, limits: Limits) -> str:
    place = Place()
    sections = list(sections_of(report, limits, place))
    system = html_text(report.scores.system)
    top = f'<div class="two top">{_figure_card(report)}{_rules_card(report.scores.protocol)}</div>\n'
    links = [(section.anchor, section.heading) for section in sections]
    content = top + _notes(report.scores.notes, place) + render_sections(sections, place)
    return _document(f"Diarization report{': ' if system else ''}{system}", _subtitle(report), links, content)


def _several(reports: Sequence[Report], ranking: Ranking | None, limits: Limits) -> str:
    """A comparison, and then each system by itself."""
    protocol = reports[0].scores.protocol
    anchors = {report.scores.system: f"s{number}" for number, report in enumerate(reports, start=1)}
    comparison = comparison_section(reports, ranking.differences if ranking else (), anchors)
    notes = dict.fromkeys(note for report in reports for note in report.scores.notes)
    parts = [f'<div class="top">{_rules_card(protocol)}</div>\n', _notes(list(notes), Place())]
    parts.append(render_sections([comparison], Place()))
    for number, report in enumerate(reports, start=1):
        place = Place(prefix=f"s{number}-", level=3)
        name = heading(2, "system", html_text(report.scores.system), f"s{number}")
        sections = render_sections(list(sections_of(report, limits, place)), place)
        parts.append(f'<section>{name}<div class="top">{_figure_card(report)}</div>{sections}</section>\n')
    links = [("comparison", "Comparison"), *((at, html_text(system)) for system, at in anchors.items())]
    title = f"Diarization report: {len(reports)} systems"
    return _document(title, _subtitle(reports[0]), links, "".join(parts))


def _document(title: str, subtitle: str, links: Sequence[tuple[str, str]], content: str) -> str:
    nav = "".join(f'<a href="#{anchor}">{text}</a>' for anchor, text in links)
    return (
        f"{_head(title)}<body>\n<header><h1>{title}</h1>\n{introduction(subtitle)}\n"
        f'<nav aria-label="Sections">{nav}</nav></header>\n<main>\n{content}</main>\n{_footer()}'
        f"<script>{_asset('page.js')}</script>\n</body>\n</html>\n"
    )


def _head(title: str) -> str:
    digest = base64.b64encode(hashlib.sha256(_asset("page.js").encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:"
    style = (
        f":root{{{style_variables(LIGHT)}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{style_variables(DARK)}}}}}"
        f"{_asset('page.css')}{mark_classes()}"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n"
    )


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _subtitle(report: Report) -> str:
    whole = report.scores.overall
    return (
        f"{counted(whole.num_recordings, 'recording')}, {clock(whole.region_time)} in the scored regions, "
        f"{clock(whole.total)} of scored speech"
    )


def _figure_card(report: Report) -> str:
    """DER, how sure it is, and what it is made of."""
    whole = report.scores.overall
    interval = report.intervals.get("der")
    sure = "" if interval is None else f"95 % interval {interval_text(interval, '%')} %<br>"
    unit = "" if whole.der is None else " <small>%</small>"
    return (
        '<div class="card"><p class="label">Diarization error rate (DER), overall</p>'
        f'<p class="der">{value_html("der", whole)}{unit}</p><p class="label">'
        f"{sure}{whole.error_time:,.2f} s of errors in {whole.total:,.2f} s of scored speech</p>"
        f"{_share_bar(report)}{scrolling(components_table(report), 'Components of DER')}</div>\n"
    )


def _rules_card(protocol: Protocol) -> str:
    """The rules without which no figure means anything."""
    rules = "".join(f"<dt>{name}</dt><dd>{says}</dd>" for name, says in protocol_rules(protocol))
    return (
        '<div class="card"><p class="label">Scored under these rules</p>'
        f"<code>{html_text(str(protocol))}</code><dl>{rules}</dl></div>"
    )


def _share_bar(report: Report) -> str:
    """The parts of the errors as a bar; the table under it says the same."""
    whole = report.scores.overall
    shares = {name: getattr(whole, name) / (whole.error_time or 1.0) for name in COMPONENTS}
    parts = "".join(
        f'<span class="b-{name.replace("_", "-")}" style="flex:{share:.4f}"></span>'
        for name, share in shares.items()
        if share
    )
    return f'<div class="share" aria-hidden="true">{parts}</div>' if parts else ""


def _notes(notes: Sequence[str], place: Place) -> str:
    if not notes:
        return ""
    entries = "".join(f"<li>{html_text(note)}</li>" for note in notes)
    title = heading(place.level, "name", "Read this first")
    return f'<section class="notes">{title}<ul>{entries}</ul></section>\n'


def _footer() -> str:
    return (
        f"<footer><p>Made by Diarist {__version__}. Times are m:ss or h:mm:ss unless a unit is given. "
        "Figures that were made under other rules cannot be compared with these.</p></footer>\n"
    )

"""What ``diarist score`` and ``diarist rank`` found out, in each form in which it can be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diarist.cli.material import Material
from diarist.errors import InputError
from diarist.evaluation.bootstrap import (
    Ranking,
    caveat,
    confidence_intervals,
    rank,
)
from diarist.evaluation.config import BootstrapConfig
from diarist.evaluation.results import document, ranking_as_dict, scores_as_dict
from diarist.evaluation.summary import (
    Summary,
    as_csv,
    differences_table,
    overall_table,
    ranking_table,
    recordings_table,
    words_table,
)
from diarist.evaluation.tables import markdown_document, text_document
from diarist.formats.strict_json import dumps

if TYPE_CHECKING:
    from diarist.evaluation.protocol import Protocol
    from diarist.evaluation.report import Report
    from diarist.evaluation.scores import Scores
    from diarist.evaluation.tables import Table
    from diarist.evaluation.words import WordScores


@dataclass(frozen=True)
class Outcome:
    """Everything about one system or several.

    Attributes:
        summaries: one a system, best first.
        ranking: of several systems.
        material: what they were made of, where that is at hand.
        words: of transcripts, where those were given.
    """

    summaries: tuple[Summary, ...]
    ranking: Ranking | None = None
    material: Material | None = None
    words: WordScores | None = None

    @classmethod
    def of(
        cls,
        scored: Sequence[Scores],
        config: BootstrapConfig,
        material: Material | None = None,
        words: WordScores | None = None,
    ) -> Outcome:
        """Rank the systems, and find the intervals of their figures."""
        ranking = rank(scored, config) if len(scored) > 1 else None
        ordered = scored if ranking is None else ranking.scores
        summaries = tuple(
            Summary(_with_caveat(scores), confidence_intervals(scores, config)) for scores in ordered
        )
        return cls(summaries, ranking, material, words)

    def render(self, format: str) -> str:
        """The whole of it as ``"table"``, ``"json"``, ``"csv"``, ``"md"`` or ``"html"``."""
        forms: dict[str, Callable[[], str]] = {
            "table": self._text,
            "json": self._json,
            "csv": lambda: as_csv(self.summaries),
            "md": self._markdown,
            "html": self._page,
        }
        return forms[format]()

    def draw(self, folder: Path) -> list[Path]:
        """PNG pictures of each system; of several, each in a folder of its own."""
        from diarist.evaluation.report import write_pictures
        from diarist.files import file_name

        reports = self._reports()
        if len(reports) == 1:
            return write_pictures(reports[0], folder)
        width = len(str(len(reports)))
        return [  # the place in the ranking keeps names apart that are one to a file system
            path
            for place, report in enumerate(reports, start=1)
            for path in write_pictures(
                report, folder / file_name(f"{place:0{width}d}-{report.scores.system}", "")
            )
        ]

    def _text(self) -> str:
        return text_document(f"protocol: {self._protocol}", self._tables()) + self._remark()

    def _markdown(self) -> str:
        return markdown_document(f"Protocol: {self._protocol}.", self._tables()) + self._remark()

    @property
    def _protocol(self) -> Protocol:
        return self.summaries[0].scores.protocol

    def _json(self) -> str:
        more: dict[str, Any] = {}
        if self.ranking is not None:
            more["ranking"] = ranking_as_dict(self.ranking)
        if self.words is not None:
            more["words"] = self.words.as_dict()
        systems = [scores_as_dict(summary.scores, summary.intervals) for summary in self.summaries]
        return dumps(document(self._protocol, systems, **more))

    def _page(self) -> str:
        from diarist.evaluation.report import report_page

        return report_page(self._reports(), self.ranking)

    def _tables(self) -> Iterator[Table]:
        if self.ranking is not None:
            yield ranking_table(self.ranking)
            if self.ranking.differences:
                yield differences_table(self.ranking.differences)
        else:
            yield recordings_table(self.summaries[0])
        for summary in self.summaries:
            yield overall_table(summary)
        if self.words is not None:
            yield words_table(self.words)

    def _remark(self) -> str:
        """How far the intervals can be trusted."""
        num = len(self.summaries[0].scores.recordings)
        if num == 1:
            return "\nNo intervals: they need two recordings or more.\n"
        return f"\n{caveat(num)}\n" if caveat(num) else ""

    def _reports(self) -> list[Report]:
        from diarist.evaluation.report import prepare_report

        if self.material is None:
            raise InputError("A page needs the labels.", "Use 'diarist score'.")
        return [
            prepare_report(
                summary.scores,
                self.material.reference,
                self.material.hypotheses[summary.scores.system],
                self.material.uem,
                summary.intervals,
            )
            for summary in self.summaries
        ]


def _with_caveat(scores: Scores) -> Scores:
    """With a note on intervals that are too narrow, for whoever reads the result alone."""
    note = caveat(len(scores.recordings))
    return replace(scores, notes=(*scores.notes, note)) if note else scores

"""The page: whole, self-contained, right in its figures, and safe whatever recordings are called."""

from __future__ import annotations

import base64
import hashlib
import math
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from corpora import Given, corpora
from hypothesis import given, settings
from hypothesis import strategies as st
from report_cases import TALK_HYPOTHESIS, TALK_REFERENCE, crowd, labels, report_of, shared_pair, talk

import diarist
from diarist.errors import InputError, OptionError, OutputError, ProtocolError
from diarist.evaluation import PROTOCOLS, Labels, Protocol
from diarist.evaluation.bootstrap import Interval, rank
from diarist.evaluation.components import MEASURES
from diarist.evaluation.report import Limits, Report, prepare_report, report_page, write_report
from diarist.evaluation.report.words import MEANINGS, protocol_rules

VOID = {"meta", "br"}
CLOSED = {"path"}  # of SVG, written with a slash
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; alert(1); //",
    "</title></style></svg>",
    "会議の録音",
    "مكالمة",
    "🎙️ call",
    "tab\tline\n\u202ertl\x00",
    "half \ud800 of a pair",
    "&lt;b&gt;",
    "x" * 500,
    "#r1",
)


class Page(HTMLParser):
    """What is on a page; a tag that does not close is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.headings: list[tuple[int, str]] = []
        self.rows: list[list[str]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in CLOSED
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("style", "script"):
            return
        self.texts.append(data)
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data
        if self.open and re.fullmatch("h[1-6]", self.open[-1]):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    def having(self, name: str) -> list[str]:
        """Values of an attribute, wherever it is."""
        return [attributes[name] for _, attributes in self.tags if name in attributes]

    def row(self, head: str, tail: int = 0) -> list[str]:
        """The one row that begins so, or the last of them."""
        found = [row for row in self.rows if row and row[0] == head]
        assert found, head
        return found[tail]


def page_of(*reports: Report, limits: Limits | None = None) -> Page:
    return check(report_page(list(reports), limits=limits))


def check(text: str) -> Page:
    """What holds of any page."""
    page = Page(text)
    check_alone(page, text)
    check_order(page)
    check_numbers(page)
    return page


def check_alone(page: Page, text: str) -> None:
    """It asks for nothing, and runs nothing but its own script."""
    names = {name for _, attributes in page.tags for name in attributes}
    assert not names & {"src", "srcset", "data", "action", "poster", "background"}
    assert not {name for name in names if name.startswith("on")}
    assert not {tag for tag, _ in page.tags} & {"link", "img", "iframe", "object", "embed", "form", "base"}
    assert [tag for tag, _ in page.tags].count("script") == 1
    style = text[text.index("<style>") : text.index("</style>")]
    assert not re.search(r"url\(|@import|http|expression", style + " ".join(page.having("style")))


def check_order(page: Page) -> None:
    """Links lead somewhere, headings are nested, heads of tables and pictures say what they are."""
    places = page.having("id")
    assert len(set(places)) == len(places)
    assert all(link.startswith("#") and link[1:] in places for link in page.having("href"))
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert all(attributes.get("scope") for tag, attributes in page.tags if tag == "th")
    pictures = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert all(one["role"] == "img" and len(one["aria-label"]) > 20 for one in pictures)


def check_numbers(page: Page) -> None:
    """Every number is one."""
    outline = re.compile(r"(?:[MLhvz]|-?[0-9]+(?:\.[0-9])?| )+")
    assert all(outline.fullmatch(path) for path in page.having("d"))
    assert all(math.isfinite(float(value)) for name in ("x", "y") for value in page.having(name))
    assert not {cell for row in page.rows for cell in row[1:]} & {"nan", "inf", "None", "nan %", "inf %"}


# Figures


def test_figures_are_those_of_the_scores() -> None:
    page = page_of(talk(whole=True))
    row = page.row("talk")
    #                                      missed   alarm  confusion  JER
    assert row[:6] == ["talk", "35.00", "15.00", "10.00", "10.00", "32.50"]
    # Jaccard errors: Ann 1 - 4.5 / 6, Bob 1 - 3 / 5; their mean is (0.25 + 0.4) / 2.
    assert row[-3:] == ["0:10", "2", "3"]
    assert page.row("missed", -1)[1] == "15.00 %"
    assert page.row("missed")[1:] == ["15.00 %", "1.50", "42.9 %"]
    assert page.row("false alarm")[1:] == ["10.00 %", "1.00", "28.6 %"]
    assert page.row("confusion")[1:] == ["10.00 %", "1.00", "28.6 %"]
    assert page.row("all errors")[1:3] == ["35.00 %", "3.50"]
    assert page.row("purity")[1] == "89.47 %"  # 4.5 + 1 + 3 of 9.5 s
    assert "3.50 s of errors in 10.00 s of scored speech" in page.text


def test_every_measure_is_in_the_table_with_its_meaning() -> None:
    report = talk()
    page = page_of(report)
    assert MEANINGS.keys() == MEASURES.keys()
    for measure, (label, unit) in MEASURES.items():
        row = page.row(label.strip(), -1)
        value = getattr(report.scores.overall, measure)
        shown = f"{100 * value:.2f}" if unit == "%" else f"{value:.3f}"
        assert row[1] == f"{shown} {unit}".strip()
        assert row[2] == MEANINGS[measure]


def test_intervals_are_shown_where_there_are_any() -> None:
    report = replace(talk(), intervals={"der": Interval(0.1, 0.456), "bcubed_f1": Interval(0.5, 0.75)})
    page = page_of(report)
    assert "95 % interval 10.00 to 45.60 %" in page.text
    assert page.row("DER")[2] == "10.00 to 45.60"
    assert page.row("B-cubed F1", -1)[2] == "0.500 to 0.750"
    assert page.row("JER")[2] == ""
    assert "interval" not in page_of(talk()).text


def test_numbers_of_a_real_corpus_are_in_the_table(shared_data: Path) -> None:
    report = report_of(*shared_pair(shared_data, "ami_test", "vbx"))
    page = page_of(report)
    for one in report.scores.recordings:
        assert page.row(one.recording_id)[1] == f"{100 * (one.components.der or 0):.2f}"
    assert page.row("all 16")[1] == f"{100 * (report.scores.overall.der or 0):.2f}"


def test_the_table_begins_with_the_highest_der_and_points_to_it() -> None:
    ours = labels({f"r{k}": [("A", 0, 100)] for k in range(20)})
    theirs = labels({f"r{k}": [("x", 0, 100 - k)] for k in range(20)})
    text = report_page([report_of(ours, theirs)])
    names = [row[0] for row in Page(text).rows if re.fullmatch(r"r\d+", row[0] if row else "")]
    assert names == [f"r{k}" for k in reversed(range(20))]
    assert text.count('<tr class="w">') == 2  # a tenth
    assert 'aria-sort="descending"><abbr title="Diarization error rate' in text


def test_boundaries_are_in_a_table() -> None:
    report = talk(whole=True)
    assert report.boundaries is not None
    page = page_of(report)
    stats = report.boundaries.overall["start"]
    row = page.row("start")
    assert row[1:4] == [str(stats.num_reference), str(stats.num_hypothesis), str(stats.num_matched)]
    assert row[1:4] == ["2", "4", "1"]  # Ann at 0 s; Bob at 5 s was found at 6 s
    assert row[4:6] == ["+0", "+0"]
    assert row[8:] == ["50.0"] * 4 + ["25.0"] * 4


# What is undefined, missing or too much


def test_an_undefined_value_is_a_dash_that_says_why() -> None:
    text = report_page([report_of(labels({"r": []}), labels({"r": [("x", 0, 2)]}))])
    page = check(text)
    assert page.row("r")[1:6] == ["–"] * 5
    assert '<abbr title="undefined: no reference speech">–</abbr>' in text
    assert "DER undefined" in " ".join(page.having("aria-label"))


def test_speech_that_a_collar_leaves_nothing_of_is_said() -> None:
    both = labels({"r": [("A", 0, 1)]})
    text = report_page([report_of(both, both, Protocol(collar_each_side=1))])
    assert "undefined: no reference speech is left to score" in text


def test_notes_are_shown() -> None:
    report = report_of(labels({"a": TALK_REFERENCE, "b": TALK_REFERENCE}), labels({"a": TALK_HYPOTHESIS}))
    page = page_of(report)
    assert report.scores.notes
    assert all(note in page.text for note in report.scores.notes)
    assert (2, "Read this first") in page.headings
    assert page.row("b")[-1] == "–"
    assert (2, "Read this first") not in page_of(talk()).headings


def test_nothing_at_all_is_a_page() -> None:
    empty = labels({})
    page = page_of(report_of(empty, empty, whole=True, system=""))
    assert page.headings[0] == (1, "Diarization report")
    assert "0 recordings" in page.text


def test_no_report_is_an_error() -> None:
    with pytest.raises(InputError, match="nothing to report"):
        report_page([])


@pytest.mark.parametrize("limit", [-1, 1001])
def test_limits_are_checked(limit: int) -> None:
    with pytest.raises(OptionError, match=str(limit)):
        Limits(max_timelines=limit)
    with pytest.raises(OptionError, match=str(limit)):
        Limits(max_bars=limit)


def test_a_large_corpus_is_drawn_in_part_and_listed_whole() -> None:
    ours = labels({f"r{k:03d}": [("A", 0, 100)] for k in range(100)})
    theirs = labels({f"r{k:03d}": [("x", 0, 100 - k / 10)] for k in range(100)})
    report = report_of(ours, theirs)
    page = page_of(report, limits=Limits(max_timelines=3, max_bars=7))
    assert [text for level, text in page.headings if level == 3] == ["r099", "r098", "r097"]
    assert "The 7 of 100 recordings with the highest DER" in page.text
    assert "3 of 100 recordings, most error time first" in page.text
    assert sum(1 for row in page.rows if row and re.fullmatch(r"r\d+", row[0])) == 100
    [bars] = [text for text in page.having("aria-label") if text.startswith("DER by component. ")]
    assert len(re.findall(r"r\d\d\d:", bars)) == 7
    none = page_of(report, limits=Limits(max_timelines=0))
    assert "Timelines" not in [text for _, text in none.headings]
    assert "All, highest first" not in none.text


def test_hundreds_of_speakers_do_not_swell_the_page() -> None:
    assert len(report_page([crowd(400)])) < 150_000


# Rules


@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_protocol_is_told_in_words(name: str) -> None:
    protocol = PROTOCOLS[name][0]
    page = page_of(talk(protocol))
    assert str(protocol) in page.text
    assert any(text.startswith(f"{name} (") for text in page.texts)


def test_each_rule_changes_the_words() -> None:
    def words(**rules: object) -> str:
        return " ".join(says for _, says in protocol_rules(Protocol(**rules)))  # type: ignore[arg-type]

    told = [words(region=region, mapping=mapping, overlap=overlap)
            for region in ("union", "reference", "file", "uem")
            for mapping in ("region", "scored") for overlap in ("scored", "skipped")]  # fmt: skip
    assert len(set(told)) == 16
    assert (
        "0.25 s before and after each boundary of a reference turn are not scored (0.5 s around it)."
        in words(collar_each_side=0.25)
    )
    assert "frames of 10 ms" in words(frame_step=0.01)


# Safety


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_the_page(name: str) -> None:
    speech = [(name, 0, 6), (name + "'", 5, 9)]
    ours, theirs = labels({name: speech}), labels({name: [(name + "2", 0, 6), (name + "3", 6, 9)]})
    text = report_page([report_of(ours, theirs, whole=True, system=name)])
    page = check(text)
    shown = diarist.errors.printable(name)
    assert page.headings[0] == (1, f"Diarization report: {shown}")
    assert (3, shown) in page.headings
    ours, theirs = (
        labels({"plain": [("A", 0, 6), ("B", 5, 9)]}),
        labels({"plain": [("x", 0, 6), ("y", 6, 9)]}),
    )
    plain = page_of(report_of(ours, theirs, whole=True, system="plain"))
    assert tags(page) == tags(plain)


def tags(page: Page) -> Counter[str]:
    """How many there are of each; a name that is shortened has a title."""
    return Counter(tag for tag, _ in page.tags if tag != "title")


@given(st.text(min_size=1, max_size=20).filter(str.strip))
@settings(max_examples=50, deadline=None)
def test_any_name_is_only_text(name: str) -> None:
    page = page_of(talk(name=name))
    assert diarist.errors.printable(name) in [text for _, text in page.headings]


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_any_corpus_makes_a_page(case: Given) -> None:
    ours, theirs = (Labels.from_diarizations(side) for side in (case.reference, case.hypothesis))
    page_of(report_of(ours, theirs, case.protocol, case.uem, whole=True))


def test_only_the_script_of_the_page_may_run() -> None:
    text = report_page([talk()])
    [policy] = re.findall('Content-Security-Policy" content="([^"]*)"', text)
    [script] = re.findall("<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.startswith("default-src 'none';")
    assert f"script-src 'sha256-{digest}'" in policy
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_both_themes_are_in_the_style() -> None:
    text = report_page([talk()])
    assert "@media screen and (prefers-color-scheme:dark)" in text
    used = set(re.findall(r"var\((--[a-z-]+)\)", text))
    assert used <= set(re.findall(r"(--[a-z-]+):", text))
    classes = set(re.findall(r'class="([fs]-[a-z-]+)"', text))
    assert classes
    assert all(f".{name}{{" in text for name in classes)


# The file


def test_the_file_is_the_page_and_the_same_each_time(tmp_path: Path) -> None:
    report = talk(whole=True)
    write_report(report, tmp_path / "one.html")
    write_report(talk(whole=True), tmp_path / "two.html")
    content = (tmp_path / "one.html").read_bytes()
    assert content == (tmp_path / "two.html").read_bytes() == report_page([report]).encode()
    assert f"Diarist {diarist.__version__}".encode() in content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.html", "two.html"]


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_report(talk(), tmp_path / "no" / "folder.html")


def test_a_page_needs_no_matplotlib() -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from diarist.evaluation import Labels, score\n"
        "from diarist.evaluation.report import prepare_report, report_page\n"
        "from diarist.types import Diarization, Turn\n"
        "both = Labels.from_diarizations([Diarization('r', (Turn(0, 1, 'A'),))])\n"
        "print(len(report_page([prepare_report(score(both, both), both, both)])) > 1000)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("True", "")


def test_hundreds_of_recordings_take_a_moment(shared_data: Path) -> None:
    pair = shared_pair(shared_data, "voxconverse_dev", "diart_vbx")
    report = report_of(*pair, Protocol(collar_each_side=0.25))
    began = time.perf_counter()
    text = report_page([report])
    assert time.perf_counter() - began < 3
    assert 100_000 < len(text) < 1_000_000
    check(text)


# Several systems


def systems() -> list[Report]:
    ours = labels({f"r{k}": [("A", 0, 10), ("B", 10, 20)] for k in range(6)})
    good = labels({f"r{k}": [("x", 0, 9.5), ("y", 10, 20)] for k in range(6)})
    bad = labels({f"r{k}": [("x", 0, 6 - k / 10), ("y", 10, 20)] for k in range(6)})
    return [report_of(ours, good, system="<good>"), report_of(ours, bad, system="bad & <ugly>")]


def test_systems_are_compared() -> None:
    reports = systems()
    ranking = rank([report.scores for report in reports])
    page = check(report_page(reports, ranking))
    assert page.headings[:3] == [(1, "Diarization report: 2 systems"), (2, "Comparison"), (2, "<good>")]
    assert (2, "bad & <ugly>") in page.headings
    assert page.row("<good>")[1] == "2.50"
    assert page.row("bad & <ugly>")[1] == "21.25"  # 4 to 4.5 of 20 s, 4.25 on average
    [difference] = ranking.differences
    row = page.row("<good> is better than bad & <ugly>")
    assert row[1] == "−18.75"
    assert row[3] == f"{difference.p_value:.4f}"
    assert row[4:] == ["6", "0"]


def test_systems_under_different_rules_are_not_compared() -> None:
    with pytest.raises(ProtocolError):
        report_page([talk(), talk(Protocol(collar_each_side=0.25))])


def test_a_prepared_report_is_whole() -> None:
    report = talk(whole=True)
    prepared = prepare_report(report.scores, report.reference, report.hypothesis)
    assert report_page([prepared]) == report_page([report])
    assert [point.collar_each_side for point in prepared.curve] == pytest.approx([k / 20 for k in range(11)])

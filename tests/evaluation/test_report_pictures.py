"""The pictures as PNG files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from report_cases import TALK_HYPOTHESIS, TALK_REFERENCE, crowd, labels, report_of, talk

from diarist.drawing import require_matplotlib
from diarist.errors import OptionError, OutputError
from diarist.evaluation import Protocol
from diarist.evaluation.report import Limits, write_pictures
from diarist.evaluation.report.colours import LIGHT
from diarist.evaluation.report.lanes import timeline_scene
from diarist.evaluation.report.pictures import with_rules
from diarist.evaluation.report.png import png_size, to_png
from diarist.evaluation.report.scene import Bars, Label, Line, Scene
from diarist.evaluation.report.timelines import lay_out_recording

image = pytest.importorskip("matplotlib.image")


def size(content: bytes) -> tuple[int, int]:
    assert content.startswith(b"\x89PNG\r\n")
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def pixels(path: Path) -> np.ndarray:
    return image.imread(path)[:, :, :3]


def rgb(role: str) -> np.ndarray:
    return np.array([int(LIGHT[role][at : at + 2], 16) for at in (1, 3, 5)]) / 255


def has(picture: np.ndarray, role: str) -> bool:
    """More than where letters blend with the ground."""
    return int((np.abs(picture - rgb(role)).max(axis=2) < 0.01).sum()) > 100


def test_files_are_those_of_the_report(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "pictures"
    written = write_pictures(talk(whole=True), folder)
    names = ["errors.png", "collar.png", "boundaries.png", "timeline-talk.png", "confusion-talk.png"]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert [path.name for path in write_pictures(talk(), tmp_path / "less")] == [names[0], *names[3:]]


def test_they_are_as_large_as_their_scene_and_not_blank(tmp_path: Path) -> None:
    report = talk()
    timeline = write_pictures(report, tmp_path)[1]
    scene = timeline_scene(
        lay_out_recording(report, "talk"), report.scores.recordings[0], "talk: DER 35.00 %"
    )
    whole = with_rules(scene, report.scores.protocol)
    assert size(timeline.read_bytes()) == png_size(whole) == (1976, round((whole.height + 28) * 2))
    picture = pixels(timeline)
    assert (picture[0] == 1).all()
    assert all(has(picture, role) for role in ("missed", "false_alarm", "confusion", "nobody"))
    assert not has(pixels(tmp_path / "errors.png")[:-60], "nobody")  # above the protocol, whose text is grey


def test_every_picture_says_its_protocol() -> None:
    protocol = Protocol(collar_each_side=0.25)
    for width, num_lines in ((2000.0, 1), (200.0, 3)):
        whole = with_rules(Scene(width, 50, (), ""), protocol)
        labels = [mark for mark in whole.marks if isinstance(mark, Label)]
        assert ", ".join(label.text for label in labels) == f"protocol: {protocol}"
        assert len(labels) >= num_lines
        assert all(50 < label.y < whole.height for label in labels)


def test_marks_are_where_they_should_be(tmp_path: Path) -> None:
    marks = (
        Bars("missed", ((10, 20, 30, 5),)),
        Bars("confusion", ((60, 20, 30, 5),), opacity=0.5),
        Line("ink", ((0, 40), (100, 40)), 2),
        Line("false_alarm", ((50, 0), (50, 50)), 1, dashed=True),
        Bars("paper", ((70, 38, 10, 4),)),
    )
    (tmp_path / "a.png").write_bytes(to_png(Scene(100, 50, marks, "")))
    picture = pixels(tmp_path / "a.png")
    assert picture.shape == (156, 256, 3)

    def at(x: float, y: float) -> np.ndarray:
        return picture[round((y + 14) * 2), round((x + 14) * 2)]

    assert at(25, 22) == pytest.approx(rgb("missed"), abs=0.01)
    assert at(75, 22) == pytest.approx((rgb("confusion") + 1) / 2, abs=0.01)
    assert at(25, 17) == pytest.approx([1, 1, 1])
    assert at(25, 40) == pytest.approx(rgb("ink"), abs=0.01)
    assert at(75, 40) == pytest.approx([1, 1, 1])  # the later mark lies over the earlier one
    column = picture[28:128, 128]
    assert 0.3 < (np.abs(column - 1).max(axis=1) > 0.1).mean() < 0.8  # dashes


def test_the_same_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_pictures(talk(whole=True), tmp_path / name) for name in "ab")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_settings_of_the_user_make_no_difference() -> None:
    import matplotlib as mpl

    scene = Scene(100, 50, (Label(5, 20, "some $text$ 会"), Line("ink", ((0, 40), (100, 40)))), "")
    plain = to_png(scene)
    with mpl.rc_context(
        {"lines.linewidth": 9, "font.family": "serif", "text.color": "red", "savefig.dpi": 10}
    ):
        assert to_png(scene) == plain
        assert mpl.rcParams["lines.linewidth"] == 9


def test_names_of_recordings_never_leave_the_folder_and_never_clash(tmp_path: Path) -> None:
    names = ["../../etc/x", "a/b", "a_b", "A_B", "<script>", "n" * 400, "\x00\ud800", "会議"]
    report = report_of(
        labels(dict.fromkeys(names, TALK_REFERENCE)), labels(dict.fromkeys(names, TALK_HYPOTHESIS))
    )
    folder = tmp_path / "pictures"
    written = write_pictures(report, folder)
    assert len(written) == 1 + 2 * len(names)
    assert {path.parent for path in written} == {folder}
    assert len({path.name.casefold() for path in written}) == len(written)
    assert {path.name for path in folder.iterdir()} == {path.name for path in written}
    assert {"timeline-a_b.png", "timeline-a_b-2.png", "timeline-A_B-3.png"} & {path.name for path in written}


def test_limits_hold(tmp_path: Path) -> None:
    ours = labels({f"r{k}": [("A", 0, 10)] for k in range(9)})
    theirs = labels({f"r{k}": [("x", 0, 10 - k)] for k in range(9)})
    report = report_of(ours, theirs)
    written = write_pictures(report, tmp_path, limits=Limits(max_timelines=1, max_bars=2))
    assert [path.name for path in written] == ["errors.png", "timeline-r8.png", "confusion-r8.png"]
    few = size((tmp_path / "errors.png").read_bytes())[1]
    write_pictures(report, tmp_path, limits=Limits(max_timelines=0))
    assert size((tmp_path / "errors.png").read_bytes())[1] - few == 7 * 26 * 2


@pytest.mark.parametrize("protocol", [Protocol(), Protocol(0.25, "skipped")])
def test_odd_recordings_are_drawn(tmp_path: Path, protocol: Protocol) -> None:
    ours = labels({"silent": [], "alone": TALK_REFERENCE, "late": [("A", 1.7e9, 1.7e9 + 2)]})
    theirs = labels({"silent": [("x", 0, 1)], "late": [("x", 1.7e9 + 1, 1.7e9 + 3)]})
    assert len(write_pictures(report_of(ours, theirs, protocol, whole=True), tmp_path)) == 9
    empty = labels({})
    assert len(write_pictures(report_of(empty, empty, protocol, whole=True), tmp_path / "none")) == 3


def test_a_crowd_is_drawn(tmp_path: Path) -> None:
    written = write_pictures(crowd(100), tmp_path)
    assert all(side < 4000 for path in written for side in size(path.read_bytes()))


def test_without_matplotlib_the_error_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    for attempt in (require_matplotlib, lambda: write_pictures(talk(), tmp_path / "x")):
        with pytest.raises(OptionError, match="pip install matplotlib"):
            attempt()
    assert not (tmp_path / "x").exists()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_pictures(talk(), tmp_path / "file")

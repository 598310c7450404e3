from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from diarist import plot
from diarist.errors import OptionError, OutputError
from diarist.plot import plot_timeline
from diarist.types import Diarization, Turn

pytest.importorskip("matplotlib")

TALK = Diarization(
    "talk",
    (Turn(0.0, 6.0, "Ann", 0.9), Turn(5.0, 9.0, "Bob", 0.4), Turn(9.5, 10.0, "Ann")),
    audio_length=12.0,
)


def texts(path: Path) -> list[str]:
    tree = ElementTree.parse(path)
    return ["".join(node.itertext()) for node in tree.iter("{http://www.w3.org/2000/svg}text")]


def crowd(count: int, turns: int, length: float) -> Diarization:
    step = length / turns
    return Diarization(
        "crowd",
        tuple(
            Turn(i * step, (i + 1.2) * step, f"SPEAKER_{i % count:02d}", i / turns) for i in range(turns - 1)
        ),
        audio_length=length,
    )


def test_names_shares_overlap_and_times_are_shown(tmp_path: Path) -> None:
    plot_timeline(TALK, tmp_path / "talk.svg")
    shown = texts(tmp_path / "talk.svg")
    assert {"talk", "Ann", "Bob", "overlap", "0:10"} <= set(shown)
    assert any("61.9 %" in text for text in shown)
    assert any("38.1 %" in text for text in shown)
    assert "2 speakers, 0:09.5 of speech in 0:12" in shown


@pytest.mark.parametrize("name", ["W" * 60, "李" * 60, "talk"])
def test_the_title_leaves_room_for_what_stands_to_its_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from matplotlib.figure import Figure

    seen: list[tuple[float, str]] = []
    save = Figure.savefig

    def look(figure: Figure, *arguments: object, **options: object) -> None:
        figure.draw_without_rendering()
        left, right = figure.axes[0]._left_title, figure.axes[0]._right_title
        seen.append((right.get_window_extent().x0 - left.get_window_extent().x1, left.get_text()))
        save(figure, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", look)
    turns = tuple(Turn(k, k + 1.5, "W" * 40 + str(k)) for k in range(12))
    plot_timeline(Diarization(name, turns, audio_length=3600.0), tmp_path / "talk.png")
    [(gap, title)] = seen
    assert gap > 0.2 * plot.DOTS_PER_INCH
    assert title == name if name == "talk" else title.endswith("…")


def test_png_has_a_sensible_size(tmp_path: Path) -> None:
    plot_timeline(TALK, tmp_path / "talk.PNG")
    header = (tmp_path / "talk.PNG").read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert int.from_bytes(header[16:20], "big") == 1800
    assert 200 < int.from_bytes(header[20:24], "big") < 600


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    plot_timeline(TALK, first)
    plot_timeline(TALK, second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    "diarization",
    [
        Diarization("nothing"),
        Diarization("silence", audio_length=3600.0),
        crowd(1, 20, 30.0),
        crowd(30, 300, 6 * 3600.0),
    ],
    ids=["empty", "silence", "one speaker", "six hours"],
)
def test_any_shape_can_be_drawn(tmp_path: Path, diarization: Diarization) -> None:
    plot_timeline(diarization, tmp_path / "any.png")
    assert (tmp_path / "any.png").stat().st_size > 1000


def test_speakers_beyond_the_lanes_share_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot, "MAX_LANES", 4)
    plot_timeline(crowd(9, 30, 60.0), tmp_path / "crowd.svg")
    shown = texts(tmp_path / "crowd.svg")
    assert "6 others" in shown
    assert any(text.startswith("9 speakers") for text in shown)


@pytest.mark.parametrize("suffix", [".png", ".svg"])
@pytest.mark.parametrize(
    "name", ["李雷", "$\\frac{", "_hidden", "new\nline", "\ud800", "😀", "x" * 500, "<b>&"]
)
def test_any_name_can_be_drawn_without_a_warning(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"name{suffix}"
    plot_timeline(Diarization(name, (Turn(0.0, 1.0, name), Turn(1.0, 2.0, "Ann"))), path)
    if suffix == ".svg":
        assert len(texts(path)) > 4


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"'talk\.bmp'"):
        plot_timeline(TALK, tmp_path / "talk.bmp")


def test_an_unwritable_place_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "talk.svg").mkdir()
    with pytest.raises(OutputError, match=r"talk\.svg"):
        plot_timeline(TALK, tmp_path / "talk.svg")
    with pytest.raises(OutputError, match="nowhere"):
        plot_timeline(TALK, tmp_path / "nowhere" / "talk.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["talk.svg"]


def test_without_matplotlib_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(OptionError, match="pip install matplotlib"):
        plot_timeline(TALK, tmp_path / "talk.png")


def test_the_users_own_settings_are_left_alone(tmp_path: Path) -> None:
    import matplotlib as mpl

    with mpl.rc_context({"text.usetex": True, "font.size": 77}):
        plot_timeline(TALK, tmp_path / "mine.svg")
        assert mpl.rcParams["font.size"] == 77
    plot_timeline(TALK, tmp_path / "plain.svg")
    assert (tmp_path / "mine.svg").read_bytes() == (tmp_path / "plain.svg").read_bytes()

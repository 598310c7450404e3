from __future__ import annotations

import io

from rich.console import Console

from diarist.cli.display import BarDisplay, LineDisplay, SilentDisplay
from diarist.progress import Progress


class Clock:
    """Seconds that pass when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_lines_come_every_five_seconds_and_at_each_end() -> None:
    lines: list[str] = []
    clock = Clock()
    with LineDisplay(lines.append, clock).recording("talk", 2, 3) as report:
        for second in range(0, 21):
            clock.now = float(second)
            report(Progress("embedding", 10.0 * second, 200.0, "s"))
    assert lines == [
        "[2/3] talk: embedding 25 % (50 of 200 s), 15 s left",
        "[2/3] talk: embedding 50 % (100 of 200 s), 10 s left",
        "[2/3] talk: embedding 75 % (150 of 200 s), 5 s left",
        "[2/3] talk: embedding done in 20.0 s",
    ]


def test_a_step_without_a_known_end_says_how_much_is_done() -> None:
    lines: list[str] = []
    clock = Clock()
    with LineDisplay(lines.append, clock).recording("talk", 1, 1) as report:
        report(Progress("decoding", 0.0, None, "s"))
        clock.now = 6.0
        report(Progress("decoding", 120.0, None, "s"))
        report(Progress("decoding", 130.0, 130.0, "s"))
        report(Progress("decoding", 130.0, 130.0, "s"))
    assert lines == ["talk: decoding 120 s", "talk: decoding done in 6.0 s"]


def test_a_step_that_starts_over_ends_twice() -> None:
    lines: list[str] = []
    clock = Clock()
    with LineDisplay(lines.append, clock).recording("talk", 1, 1) as report:
        report(Progress("embedding", 2.0, 2.0, "windows"))
        clock.now = 7.0
        report(Progress("embedding", 1.0, 2.0, "windows"))
        report(Progress("embedding", 2.0, 2.0, "windows"))
    assert [line.split()[2] for line in lines] == ["done", "50", "done"]


def test_an_empty_step_divides_by_nothing() -> None:
    lines: list[str] = []
    with LineDisplay(lines.append, Clock()).recording("talk", 1, 1) as report:
        report(Progress("embedding", 0.0, 0.0, "windows"))
    assert lines == ["talk: embedding done in 0.0 s"]


def test_bars_have_a_name_an_amount_and_a_time() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, legacy_windows=False)
    with BarDisplay(console).recording("[bold]talk", 1, 1) as report:
        report(Progress("segmentation", 1.0, 2.0, "s"))
        report(Progress("counting", 5.0, None, "[red]x"))
        report(Progress("segmentation", 2.0, 2.0, "s"))
    text = screen.getvalue()
    assert "segmentation" in text
    assert "2 of 2 s" in text
    assert "5 [red]x" in text


def test_now_and_then_a_line_says_how_long_all_recordings_take() -> None:
    lines: list[str] = []
    clock = Clock()
    display = LineDisplay(lines.append, clock)
    display.plan([100.0, 300.0])
    for number, seconds in ((1, 100), (2, 300)):
        with display.recording("talk", number, 2) as report:
            for second in range(seconds // 10 + 1):
                clock.now += 2.0 if second else 0.0
                report(Progress("embedding", 10.0 * second, float(seconds), "s"))
    assert [line for line in lines if "all audio" in line] == [
        "[2/2] 38 % of all audio, 0:50 left",
        "[2/2] 75 % of all audio, 0:20 left",
    ]


def test_one_recording_has_no_line_for_all() -> None:
    lines: list[str] = []
    clock = Clock()
    display = LineDisplay(lines.append, clock)
    display.plan([1000.0])
    with display.recording("talk", 1, 1) as report:
        clock.now = 40.0
        report(Progress("embedding", 1000.0, 1000.0, "s"))
    assert lines == ["talk: embedding done in 0.0 s"]


def test_loading_is_shown_too() -> None:
    lines: list[str] = []
    with LineDisplay(lines.append, Clock()).loading() as report:
        report(Progress("networks", 0, 2, "networks"))
        report(Progress("networks", 2, 2, "networks"))
    assert lines == ["loading: networks done in 0.0 s"]
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100, legacy_windows=False)
    with BarDisplay(console).loading() as report:
        report(Progress("networks", 1, 2, "networks"))
    assert "1 of 2 networks" in screen.getvalue()


def test_a_bar_for_all_recordings() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120, legacy_windows=False)
    display = BarDisplay(console)
    display.plan([60.0, None, 180.0])
    for number in (1, 2, 3):
        with display.recording("talk", number, 3) as report:
            report(Progress("segmentation", 30.0, 60.0, "s"))
    text = screen.getvalue()
    assert "[1/3] all" in text
    assert "0:30 of 6:00" in text
    assert "1:30 of 4:00" in text  # half of each of two was heard before they were given up
    display.plan([None, None])
    with display.recording("talk", 1, 2) as report:
        report(Progress("segmentation", 30.0, None, "s"))


def test_silence() -> None:
    with SilentDisplay().loading() as report:
        report(Progress("networks", 1.0, 2.0, "networks"))
    SilentDisplay().plan([1.0, None])
    with SilentDisplay().recording("talk", 1, 1) as report:
        report(Progress("segmentation", 1.0, 2.0, "s"))

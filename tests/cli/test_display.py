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


def test_silence() -> None:
    with SilentDisplay().recording("talk", 1, 1) as report:
        report(Progress("segmentation", 1.0, 2.0, "s"))

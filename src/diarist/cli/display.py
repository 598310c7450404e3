"""Progress on standard error: bars on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

from diarist.cli.messages import say
from diarist.progress import Progress, ProgressCallback, ignore_progress

if TYPE_CHECKING:
    from rich.console import Console

SECONDS_BETWEEN_LINES = 5.0  # of one step, where no bar can be drawn


class Display(Protocol):
    """Shows how far the work on one recording after the other is."""

    def recording(self, name: str, number: int, total: int) -> AbstractContextManager[ProgressCallback]:
        """The callback to hand down for recording ``number`` (from 1) of ``total``."""


def create_display(quiet: bool) -> Display:
    """What suits standard error."""
    if quiet or sys.stderr is None:
        return SilentDisplay()
    if sys.stderr.isatty():
        from rich.console import Console

        console = Console(stderr=True)
        if not console.is_dumb_terminal:
            return BarDisplay(console)
    return LineDisplay()


class SilentDisplay:
    """Shows nothing."""

    @contextmanager
    def recording(self, name: str, number: int, total: int) -> Iterator[ProgressCallback]:  # noqa: ARG002
        yield ignore_progress


class LineDisplay:
    """A line a step every few seconds, and one at its end.

    Args:
        say: takes one line.
        clock: seconds, for tests.
    """

    def __init__(self, say: Callable[[str], None] = say, clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock

    @contextmanager
    def recording(self, name: str, number: int, total: int) -> Iterator[ProgressCallback]:
        prefix = _heading(name, number, total)
        started: dict[str, float] = {}
        spoken: dict[str, float] = {}
        finished: set[str] = set()

        def report(progress: Progress) -> None:
            now = self._clock()
            begun = started.setdefault(progress.step, now)
            last = spoken.setdefault(progress.step, now)
            if progress.total is not None and progress.done >= progress.total:
                if progress.step not in finished:
                    finished.add(progress.step)
                    self._say(f"{prefix}: {progress.step} done in {now - begun:.1f} s")
            elif now - last >= SECONDS_BETWEEN_LINES:
                finished.discard(progress.step)  # it starts over, say on another device
                spoken[progress.step] = now
                self._say(f"{prefix}: {progress.step} {_how_far(progress, now - begun)}")

        yield report


class BarDisplay:
    """A bar a step with the time left; the bars go when the recording is done."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def recording(self, name: str, number: int, total: int) -> Iterator[ProgressCallback]:
        from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[amount]}", markup=False),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=self._console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        tasks: dict[str, TaskID] = {}

        def report(progress: Progress) -> None:
            if progress.step not in tasks:
                tasks[progress.step] = bars.add_task(f"  {progress.step}", total=None, amount="")
            bars.update(
                tasks[progress.step],
                completed=progress.done,
                total=progress.total,
                amount=_amount(progress),
            )

        say(_heading(name, number, total))
        with bars:
            yield report


def _heading(name: str, number: int, total: int) -> str:
    return name if total == 1 else f"[{number}/{total}] {name}"


def _amount(progress: Progress) -> str:
    """``120 of 280 s``, or ``120 s`` where nobody knows the end."""
    if progress.total is None:
        return f"{progress.done:.0f} {progress.unit}"
    return f"{progress.done:.0f} of {progress.total:.0f} {progress.unit}"


def _how_far(progress: Progress, elapsed: float) -> str:
    """Share, amount and time left, as far as they are known."""
    if not progress.total:
        return _amount(progress)
    share = progress.done / progress.total
    left = f", {elapsed * (1 - share) / share:.0f} s left" if share > 0 else ""
    return f"{100 * share:.0f} % ({_amount(progress)}){left}"

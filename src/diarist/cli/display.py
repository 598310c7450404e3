"""Progress on standard error: bars on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

from diarist.cli.messages import StandardError, say
from diarist.cli.overall import Overall
from diarist.progress import Progress, ProgressCallback, ignore_progress
from diarist.timeline import clock

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

SECONDS_BETWEEN_LINES = 5.0  # of one step, where no bar can be drawn
SECONDS_BETWEEN_OVERALL_LINES = 30.0


class Display(Protocol):
    """Shows how far the work on one recording after the other is."""

    def loading(self) -> AbstractContextManager[ProgressCallback]:
        """The callback to hand down while the engine makes itself ready."""

    def plan(self, lengths: Sequence[float | None]) -> None:
        """Work begins on recordings of these lengths in seconds; from now on the time counts."""

    def recording(self, name: str, number: int, total: int) -> AbstractContextManager[ProgressCallback]:
        """The callback to hand down for recording ``number`` (from 1) of ``total``."""


def create_display(quiet: bool) -> Display:
    """What suits standard error."""
    if quiet:
        return SilentDisplay()
    stream = StandardError()
    if stream.isatty():
        from rich.console import Console

        console = Console(file=cast("IO[str]", stream))
        if not console.is_dumb_terminal:
            return BarDisplay(console)
    return LineDisplay()


class SilentDisplay:
    """Shows nothing."""

    @contextmanager
    def loading(self) -> Iterator[ProgressCallback]:
        yield ignore_progress

    def plan(self, lengths: Sequence[float | None]) -> None:
        pass

    @contextmanager
    def recording(self, name: str, number: int, total: int) -> Iterator[ProgressCallback]:  # noqa: ARG002
        yield ignore_progress


class LineDisplay:
    """A line a step every few seconds, and one at its end; now and then one for all recordings.

    Args:
        say: takes one line.
        clock: seconds, for tests.
    """

    def __init__(self, say: Callable[[str], None] = say, clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._overall: Overall | None = None
        self._overall_spoken = 0.0

    @contextmanager
    def loading(self) -> Iterator[ProgressCallback]:
        yield self._reporter("loading")

    def plan(self, lengths: Sequence[float | None]) -> None:
        self._overall = Overall(lengths, self._clock) if len(lengths) > 1 else None
        self._overall_spoken = self._clock()

    @contextmanager
    def recording(self, name: str, number: int, total: int) -> Iterator[ProgressCallback]:
        report = self._reporter(_heading(name, number, total))
        overall = self._overall
        if overall is None:
            yield report
            return

        def report_both(progress: Progress) -> None:
            report(progress)
            overall.report(progress)
            self._say_overall(overall, number, total)

        overall.begin(number)
        self._say_overall(overall, number, total)
        yield report_both

    def _say_overall(self, overall: Overall, number: int, total: int) -> None:
        now = self._clock()
        left = overall.time_left
        if not overall.total or left is None or now - self._overall_spoken < SECONDS_BETWEEN_OVERALL_LINES:
            return
        self._overall_spoken = now
        share = 100 * overall.done / overall.total
        self._say(f"[{number}/{total}] {share:.0f} % of all audio, {clock(round(left))} left")

    def _reporter(self, prefix: str) -> ProgressCallback:
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

        return report


class BarDisplay:
    """A bar a step with the time left, and one for all recordings; they go when one is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._overall: Overall | None = None

    @contextmanager
    def loading(self) -> Iterator[ProgressCallback]:
        with self._bars() as bars:
            yield _bar_a_step(bars)

    def plan(self, lengths: Sequence[float | None]) -> None:
        self._overall = Overall(lengths) if len(lengths) > 1 else None

    @contextmanager
    def recording(self, name: str, number: int, total: int) -> Iterator[ProgressCallback]:
        say(_heading(name, number, total))
        overall = self._overall
        with self._bars() as bars:
            if overall is None:
                yield _bar_a_step(bars)
                return
            overall.begin(number)
            task = bars.add_task(f"  [{number}/{total}] all", **_overall_fields(overall))
            report = _bar_a_step(bars)

            def report_both(progress: Progress) -> None:
                overall.report(progress)
                bars.update(task, completed=overall.done, **_overall_fields(overall))
                report(progress)

            bars.update(task, completed=overall.done)
            yield report_both

    def _bars(self) -> Bars:
        from rich.progress import (
            BarColumn,
            ProgressColumn,
            Task,
            TaskProgressColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bars
        from rich.text import Text

        class TimeLeft(ProgressColumn):
            """As rich guesses it, but for a task that knows better."""

            guess = TimeRemainingColumn(elapsed_when_finished=True)

            def render(self, task: Task) -> Text:
                left = task.fields.get("left")
                return self.guess.render(task) if left is None else Text(left, "progress.remaining")

        return Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[amount]}", markup=False),
            TimeLeft(),
            console=self._console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )


def _bar_a_step(bars: Bars) -> ProgressCallback:
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

    return report


def _overall_fields(overall: Overall) -> dict[str, Any]:
    """Of the bar over all recordings."""
    total, left = overall.total, overall.time_left
    return {
        "total": total,
        "amount": clock(overall.done) + ("" if total is None else f" of {clock(total)}"),
        "left": "-:--" if left is None else clock(round(left)),
    }


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

"""The time left over all recordings, by hand."""

from __future__ import annotations

from diarist.cli.overall import Overall
from diarist.progress import Progress


class Clock:
    """Seconds that pass when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def heard(seconds: float, step: str = "embedding", unit: str = "s") -> Progress:
    return Progress(step, seconds, None, unit)


def test_the_rest_takes_as_long_as_what_was_heard() -> None:
    clock = Clock()
    overall = Overall([100.0, 300.0], clock)
    overall.begin(1)
    assert (overall.done, overall.total, overall.time_left) == (0, 400, None)
    clock.now = 5.0
    overall.report(heard(50.0))
    assert (overall.done, overall.total, overall.time_left) == (50, 400, 35)
    overall.report(heard(100.0))
    overall.begin(2)
    clock.now = 10.0
    assert (overall.done, overall.total, overall.time_left) == (100, 400, 30)


def test_what_one_step_has_heard_another_may_not_have() -> None:
    overall = Overall([100.0, 100.0], Clock())
    overall.begin(1)
    overall.report(heard(80.0, "segmentation"))
    overall.report(heard(40.0, "embedding"))
    overall.report(heard(7.0, "clustering", "pieces"))
    assert overall.done == 40


def test_a_recording_that_fails_takes_no_more_time() -> None:
    clock = Clock()
    overall = Overall([36_000.0, 100.0, 100.0], clock)
    overall.begin(1)
    clock.now = 1.0
    overall.begin(2)
    assert (overall.done, overall.total, overall.time_left) == (0, 200, None)
    clock.now = 10.0
    overall.report(heard(100.0))
    overall.begin(3)
    assert (overall.total, overall.time_left) == (200, 10)


def test_unknown_and_wrong_lengths() -> None:
    clock = Clock()
    overall = Overall([None, 100.0, 300.0], clock)
    overall.begin(1)
    assert overall.total == 600
    clock.now = 1.0
    overall.report(heard(900.0))
    assert (overall.done, overall.total) == (900, 1300)
    overall.begin(3)
    assert overall.total == 1200


def test_where_no_length_is_known_nobody_knows_the_time() -> None:
    overall = Overall([None, None], Clock())
    overall.begin(1)
    overall.report(heard(5.0))
    assert (overall.done, overall.total, overall.time_left) == (5, None, None)
    empty = Overall([0.0, 0.0], Clock())
    empty.begin(2)
    assert empty.time_left is None

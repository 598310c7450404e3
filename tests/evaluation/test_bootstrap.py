from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from diarist.errors import InputError, OptionError, ProtocolError
from diarist.evaluation import BootstrapConfig, Protocol, RecordingScore, Scores, confidence_intervals, rank
from diarist.evaluation.bootstrap import caveat
from diarist.evaluation.components import Components


def scores(system: str, errors: list[float], totals: list[float] | None = None) -> Scores:
    """A system with so many seconds of missed speech in recordings of 100 s each."""
    totals = totals or [100.0] * len(errors)
    return Scores(
        Protocol(),
        tuple(
            RecordingScore(f"r{number}", Components(num_recordings=1, total=total, missed=missed))
            for number, (missed, total) in enumerate(zip(errors, totals, strict=True))
        ),
        system=system,
    )


def test_interval_of_equal_recordings_is_the_figure() -> None:
    interval = confidence_intervals(scores("a", [20.0] * 12))["der"]
    assert (interval.low, interval.high) == pytest.approx((0.2, 0.2))


def test_interval_is_that_of_the_mean_for_recordings_of_one_length() -> None:
    errors = np.random.default_rng(1).uniform(0, 40, 400)
    interval = confidence_intervals(scores("a", errors.tolist()), BootstrapConfig(4000))["der"]
    half = 1.96 * errors.std() / np.sqrt(len(errors)) / 100  # of a mean, by the central limit theorem
    assert interval.low == pytest.approx(errors.mean() / 100 - half, abs=0.1 * half)
    assert interval.high == pytest.approx(errors.mean() / 100 + half, abs=0.1 * half)


def test_long_recordings_weigh_more() -> None:
    """Totals are summed in each draw: a mean of rates would lie around 0.5."""
    interval = confidence_intervals(scores("a", [1000.0, 0.0] * 10, [1000.0, 1.0] * 10))["der"]
    assert interval.low > 0.98


def test_one_recording_has_no_interval() -> None:
    assert confidence_intervals(scores("a", [20.0])) == {}


def test_the_seed_decides() -> None:
    system = scores("a", [error**2 / 3 for error in range(17)])
    assert confidence_intervals(system) == confidence_intervals(system)
    other = confidence_intervals(system, BootstrapConfig(seed=1))
    assert other["der"] != confidence_intervals(system)["der"]


def test_draws_of_silence_alone_do_not_spoil_the_interval() -> None:
    silent = confidence_intervals(scores("a", [0.0, 5.0, 10.0], [0.0, 100.0, 100.0]))
    assert (silent["der"].low, silent["der"].high) == pytest.approx((0.05, 0.1))
    mostly = confidence_intervals(scores("a", [0.0] * 9 + [5.0], [0.0] * 9 + [100.0]))
    assert mostly["der"].low == mostly["der"].high == pytest.approx(0.05)
    assert "der" not in confidence_intervals(scores("a", [0.0, 0.0], [0.0, 0.0]))


def test_few_recordings_show_nothing() -> None:
    """Five signs that agree happen by chance once in 16 times; six once in 32."""
    for num, verdict in ((2, "too few"), (5, "too few"), (6, "a is better than b")):
        [difference] = rank([scores("a", [1.0] * num), scores("b", [2.0] * num)]).differences
        assert difference.p_value == pytest.approx(2 / 2**num)
        assert difference.verdict.startswith(verdict)
        assert difference.is_shown == (num == 6)


def test_the_caveat_is_for_few_recordings() -> None:
    assert "from 9 recordings are rough" in caveat(9)
    assert caveat(10) == caveat(1) == ""


def test_a_small_steady_gain_is_shown_where_recordings_differ_much() -> None:
    """The paired difference sees 1 point; the intervals of both systems overlap almost wholly."""
    hard = [5.0, 60.0, 20.0, 45.0, 10.0, 33.0, 70.0, 15.0]
    ranking = rank([scores("new", [error - 1 for error in hard]), scores("old", hard)])
    [difference] = ranking.differences
    assert [one.system for one in ranking.scores] == ["new", "old"]
    assert difference.difference == pytest.approx(-0.01)
    assert (difference.interval.low, difference.interval.high) == pytest.approx((-0.01, -0.01))
    assert difference.is_shown
    assert difference.verdict == "new is better than old"
    assert difference.p_value == pytest.approx(2 / 2**8)
    assert (difference.wins, difference.losses) == (8, 0)


def test_noise_is_no_difference() -> None:
    one = scores("one", [10.0, 20.0, 30.0, 40.0, 50.0, 60.0])
    other = scores("other", [20.0, 10.0, 40.5, 30.0, 60.0, 50.0])
    [difference] = rank([other, one]).differences
    assert difference.verdict == "no difference shown between one and other"
    assert difference.p_value > 0.5
    assert (difference.wins, difference.losses) == (3, 3)


def test_every_system_is_compared_with_the_next_and_the_best() -> None:
    systems = [scores(name, [level, level + 1]) for name, level in (("c", 30.0), ("a", 10.0), ("b", 20.0))]
    pairs = [(one.system, one.other) for one in rank(systems).differences]
    assert pairs == [("a", "b"), ("b", "c"), ("a", "c")]


def test_the_order_of_recordings_does_not_matter() -> None:
    one, other = scores("one", [10.0, 20.0, 70.0]), scores("other", [12.0, 25.0, 69.0])
    turned = replace(other, recordings=other.recordings[::-1])
    assert rank([one, turned]).differences == rank([one, other]).differences


def test_other_protocols_are_refused_with_the_rule() -> None:
    other = replace(scores("b", [10.0]), protocol=Protocol(collar_each_side=0.25))
    with pytest.raises(ProtocolError, match=r"collar_each_side is 0.0 in one and 0.25 in the other"):
        rank([scores("a", [10.0]), other])


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (scores("a", [10.0, 20.0]), "same name"),
        (scores("b", [10.0, 20.0, 30.0]), "not scored on the same recordings: 'r2' is in one only"),
        (scores("b", [10.0, 20.0], [100.0, 90.0]), "'r1' has 100.000 s of scored speech for 'a' and 90.000"),
    ],
)
def test_what_cannot_be_compared_is_refused(other: Scores, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rank([scores("a", [10.0, 20.0]), other])


def test_one_recording_ranks_without_differences() -> None:
    ranking = rank([scores("b", [20.0]), scores("a", [10.0])])
    assert [one.system for one in ranking.scores] == ["a", "b"]
    assert ranking.differences == ()


@pytest.mark.parametrize("resamples", [0, 99, 100_001])
def test_resamples_out_of_range(resamples: int) -> None:
    with pytest.raises(OptionError, match=str(resamples)):
        BootstrapConfig(resamples)

"""Components add up; rates are made of their sums."""

from __future__ import annotations

import math

from diarist.evaluation import MEASURES, Components
from diarist.evaluation.components import total


def n_log_n(*classes: float) -> float:
    return sum(size * math.log2(size) for size in classes)


def test_sums_of_components_are_exact() -> None:
    assert total([]) == Components()
    parts = [Components(num_recordings=1, total=0.1, num_speakers=2)] * 10
    assert total(parts) == Components(num_recordings=10, total=1.0, num_speakers=20)


def test_rates_without_a_denominator_are_undefined() -> None:
    assert {getattr(Components(), name) for name in MEASURES} == {None}


def test_der_may_be_over_one() -> None:
    found = Components(total=10, missed=4, false_alarm=20, confusion=6)
    assert (found.der, found.missed_rate, found.false_alarm_rate, found.confusion_rate) == (3, 0.4, 2, 0.6)


def test_information_where_one_side_has_one_class() -> None:
    one, two = n_log_n(8), n_log_n(4, 4)
    both_one = Components(
        region_time=8, joint_information=one, reference_information=one, hypothesis_information=one
    )
    assert (both_one.mutual_information, both_one.normalised_mutual_information) == (0, 1)
    differing = Components(
        region_time=8, joint_information=two, reference_information=two, hypothesis_information=one
    )
    assert (differing.mutual_information, differing.normalised_mutual_information) == (0, 0)
    same = Components(
        region_time=8, joint_information=two, reference_information=two, hypothesis_information=two
    )
    assert (same.mutual_information, same.normalised_mutual_information) == (1, 1)

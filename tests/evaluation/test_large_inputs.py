"""Inputs that are far larger or later than any recording: quick, right, or refused."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial

import numpy as np
import pytest

from diarist.errors import InputError
from diarist.evaluation import Components, Labels, Protocol, score
from diarist.evaluation.arrays import Ints
from diarist.evaluation.labels import LATEST
from diarist.types import Diarization, Turn

SECOND = 1_000_000
FORGIVING = Protocol(collar_each_side=0.25, overlap="skipped", mapping="scored")


def labels(starts: Ints, ends: Ints, speakers: Ints) -> Labels:
    """One recording, from ticks and numbers of speakers."""
    num = int(speakers.max()) + 1
    names = tuple(f"s{number}" for number in range(num))
    return Labels(("r",), names, np.zeros(num, np.int64), speakers, starts, ends)


def conversation(hours: int, *, num_speakers: int = 20) -> tuple[Labels, Labels]:
    """A turn every 3 s on average; what is heard has boundaries off, and a tenth of the speakers wrong."""
    random = np.random.default_rng(hours)
    num = hours * 1200
    starts = np.cumsum(random.integers(SECOND // 10, 6 * SECOND, num))
    ends = starts + random.integers(SECOND // 10, 8 * SECOND, num)
    speakers = random.integers(0, num_speakers, num)
    heard_starts = np.maximum(starts + random.integers(-300_000, 300_000, num), 0)
    heard_ends = np.maximum(ends + random.integers(-300_000, 300_000, num), heard_starts + 1)
    heard = np.where(random.random(num) < 0.1, random.integers(0, num_speakers, num), speakers)
    return labels(starts, ends, speakers), labels(heard_starts, heard_ends, heard)


def quickest(work: Callable[[], object], times: int = 2) -> float:
    """Seconds of the quickest of a few runs: the others shared the machine."""
    seconds = []
    for _ in range(times):
        begin = time.process_time()
        work()
        seconds.append(time.process_time() - begin)
    return min(seconds)


def peak_bytes(work: Callable[[], object]) -> int:
    """The most memory that was held at once, beyond what was there."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_time_and_memory_grow_with_the_length() -> None:
    """50, 100 and 200 hours of 20 speakers: 60,000, 120,000 and 240,000 turns a side."""
    seconds, peaks = [], []
    for hours in (50, 100, 200):
        ours, theirs = conversation(hours)
        work = partial(score, ours, theirs, FORGIVING)
        seconds.append(quickest(work))
        peaks.append(peak_bytes(work))
    for i in range(2):
        assert seconds[i + 1] < 3 * seconds[i], seconds
        assert peaks[i + 1] < 2.3 * peaks[i], peaks
    assert peaks[1] < 200e6  # bytes for 240,000 turns


def test_ten_thousand_speakers_one_after_the_other() -> None:
    """Everyone has a second; the hypothesis is half a second late, so that all mappings tie."""
    starts, speakers = np.arange(10_000) * SECOND, np.arange(10_000)
    ours = labels(starts, starts + SECOND, speakers)
    same = score(ours, ours, FORGIVING).overall
    assert (same.total, same.der, same.jer) == (5_000, 0, 0)
    late = labels(starts + SECOND // 2, starts + 3 * SECOND // 2, speakers)
    found = score(ours, late).overall
    assert (found.total, found.missed, found.false_alarm) == (10_000, 0.5, 0.5)
    # Each shares half a second with two. All may be mapped, and then 4,999.5 s of 9,999.5 are another's.
    assert found.confusion == 4_999.5
    assert found.jaccard_errors == pytest.approx(10_000 * (1 - 0.5 / 1.5))
    assert found.num_speakers == found.num_hypothesis_speakers == 10_000


def test_three_thousand_speakers_who_all_overlap() -> None:
    """Nine million pairs of speakers, each of which shares a different time with a mate of its own."""
    num = 3_000
    starts, speakers = np.arange(num) * 1_000, np.arange(num)
    ours = labels(starts, starts + 10 * SECOND, speakers)
    theirs = labels(starts, starts + 10 * SECOND, (speakers * 7 + 5) % num)
    found = score(ours, theirs)
    assert found.overall.total == 10 * num
    assert (found.overall.der, found.overall.jer) == (0, 0)
    assert found.recordings[0].mapping == {f"s{k}": f"s{(k * 7 + 5) % num}" for k in range(num)}


def test_a_thousand_speakers_who_are_hard_to_map() -> None:
    random = np.random.default_rng(0)
    sides = [
        labels(random.integers(0, 10**9, 1000), random.integers(10**9, 2 * 10**9, 1000), np.arange(1000))
        for _ in range(2)
    ]
    one, other = (score(sides[k], sides[1 - k]).overall for k in (0, 1))
    assert one.confusion == other.confusion > 0
    assert one.missed == other.false_alarm


@pytest.mark.parametrize("num_speakers", [1, 2, 50])
def test_many_turns_that_are_the_same(num_speakers: int) -> None:
    speakers = np.arange(100_000) % num_speakers
    starts = speakers * SECOND
    ours = labels(starts, starts + 100 * SECOND, speakers)
    once = labels(*(values[:num_speakers] for values in (starts, starts + 100 * SECOND, speakers)))
    for protocol in (Protocol(), FORGIVING):
        assert score(ours, ours, protocol).overall == score(once, once, protocol).overall
        assert score(ours, once, protocol).overall == score(once, ours, protocol).overall


def test_a_turn_inside_another_a_hundred_thousand_times() -> None:
    starts = np.arange(100_000) * 10
    ours = labels(starts, 2 * SECOND - starts // 2, np.zeros(100_000, np.int64))
    found = score(ours, labels(*(np.array([value]) for value in (0, 2 * SECOND, 0)))).overall
    assert (found.total, found.der) == (2, 0)


def shifted(given: Labels, ticks: int) -> Labels:
    return replace(given, starts=given.starts + ticks, ends=given.ends + ticks)


@pytest.mark.parametrize("protocol", [Protocol(), FORGIVING, Protocol(frame_step=0.01)])
def test_times_since_1970(protocol: Protocol) -> None:
    ours, theirs = conversation(1)
    late, heard = (shifted(side, 1_700_000_000 * SECOND) for side in (ours, theirs))
    assert score(late, heard, protocol).overall == score(ours, theirs, protocol).overall


def test_times_since_1970_as_seconds() -> None:
    begin = 1_700_000_000
    ours = Diarization("r", (Turn(begin + 0.1, begin + 1.3, "A"), Turn(begin + 1.3, begin + 2.000001, "B")))
    theirs = Diarization("r", (Turn(begin + 0.2, begin + 2.000001, "x"),))
    found = score([ours], [theirs]).overall
    assert (found.total, found.missed, found.confusion) == (1.900001, 0.1, 0.700001)


def test_the_latest_times() -> None:
    at = int(LATEST) * SECOND
    ours = labels(*(np.array(values) for values in ([0, at - 5], [5, at], [0, 1])))
    found = score(ours, ours).overall
    assert asdict(found) == pytest.approx(
        {
            **asdict(Components()),
            "num_recordings": 1,
            "total": 1e-5,
            "num_speakers": 2,
            "num_hypothesis_speakers": 2,
            **dict.fromkeys(("region_time", "bcubed_precision_time", "bcubed_recall_time"), LATEST),
            **dict.fromkeys(("joint_information", "reference_information"), LATEST * np.log2(LATEST)),
            "hypothesis_information": LATEST * np.log2(LATEST),
            **dict.fromkeys(("pure_time", "hypothesis_time", "covered_time", "reference_time"), 1e-5),
        },
        rel=1e-9,
    )


def test_what_lies_beyond_the_latest_time_is_refused() -> None:
    late = Diarization("r", (Turn(0, 1.1 * LATEST, "A"),))
    early = Diarization("r", (Turn(0, 1, "A"),))
    for ours, theirs in ((late, early), (early, late)):
        with pytest.raises(InputError, match="beyond any recording"):
            score([ours], [theirs])


def test_many_recordings() -> None:
    """Ten thousand of a second each, and what they make together."""
    num = 10_000
    owners = np.arange(num)
    names = tuple(f"r{number}" for number in range(num))
    starts = np.zeros(num, np.int64)
    ours = Labels(names, ("A",) * num, owners, owners, starts, starts + SECOND)
    theirs = Labels(names, ("x",) * num, owners, owners, starts + SECOND // 4, starts + SECOND)
    found = score(ours, theirs)
    assert (found.overall.total, found.overall.missed) == (num, num / 4)
    assert {one.components.der for one in found.recordings} == {0.25}

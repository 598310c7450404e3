"""How sure a figure is: bootstrap over recordings, for one system and for the difference of two.

Recordings are drawn again with replacement, as many as there are, and each draw is scored as a whole:
components are summed and then divided, as for the figure itself. The interval holds the middle of what
the draws give (the percentile interval of Efron and Tibshirani, "An Introduction to the Bootstrap",
1993, chapter 13). For a difference both systems are scored on the same draws (Bisani and Ney, "Bootstrap
estimates for confidence intervals in ASR performance evaluation", ICASSP 2004), so that what makes a
recording hard for both cancels out.

Recordings are taken as independent. Turns within one are not, which is why they are not what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from itertools import pairwise

import numpy as np

from diarist.errors import InputError
from diarist.evaluation.arrays import Floats
from diarist.evaluation.components import MEASURES, Components
from diarist.evaluation.config import BootstrapConfig
from diarist.evaluation.protocol import require_same_protocol
from diarist.evaluation.scores import Scores

LEVEL = 0.95
MOST_DEFINED = 0.5  # share of draws in which a measure must be defined to have an interval
FEW_RECORDINGS = 10  # with fewer, draws show too little of what other recordings would give
SAME_TOTAL = 1e-6  # seconds by which the speech of one recording may differ between two results
_DRAWN_AT_ONCE = 4_000_000  # counts held at a time
_FIELDS = tuple(field.name for field in fields(Components))


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95 % interval of a figure.

    Attributes:
        low: 2.5 % of the draws lie below.
        high: 2.5 % lie above.
    """

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """DER of one system less that of another, on the same recordings.

    Attributes:
        system: the one.
        other: the other.
        difference: the first's DER less the second's: negative where the first is better.
        interval: of it.
        p_value: the share of draws, times two, in which the difference has the other sign or is 0. A
            small one says that the choice of recordings does not explain it. At least 2 / 2^n for n
            recordings, which is what an exact test of signs gives where all point the same way.
        wins: recordings on which the first has the lower DER.
        losses: recordings on which it has the higher.
        num_recordings: recordings with speech, on which both were compared.
    """

    system: str
    other: str
    difference: float
    interval: Interval
    p_value: float
    wins: int
    losses: int
    num_recordings: int

    @property
    def is_shown(self) -> bool:
        """Whether the difference is more than noise: the interval leaves out 0, and p is small."""
        return (self.interval.low > 0 or self.interval.high < 0) and self.p_value < 1 - LEVEL

    @property
    def can_be_shown(self) -> bool:
        """Whether there are recordings enough to show any difference: six or more."""
        return _least_p(self.num_recordings) < 1 - LEVEL

    @property
    def verdict(self) -> str:
        """In words."""
        if not self.can_be_shown:
            return f"too few recordings to tell {self.system} from {self.other}"
        if not self.is_shown:
            return f"no difference shown between {self.system} and {self.other}"
        better, worse = (self.system, self.other) if self.difference < 0 else (self.other, self.system)
        return f"{better} is better than {worse}"


@dataclass(frozen=True)
class Ranking:
    """Systems from the lowest DER to the highest.

    Attributes:
        scores: of each system, best first.
        differences: each system and the one after it, then the best and each other.
    """

    scores: tuple[Scores, ...]
    differences: tuple[Difference, ...]


def confidence_intervals(scores: Scores, config: BootstrapConfig | None = None) -> dict[str, Interval]:
    """The interval of each overall measure in :data:`~diarist.evaluation.components.MEASURES`.

    Returns:
        Measure → interval; empty for fewer than two recordings. A draw that leaves a measure undefined,
        as one of silent recordings alone does DER, is left out of its interval; where most do, there is none.
    """
    config = config or BootstrapConfig()
    if len(scores.recordings) < 2:
        return {}
    draws = [_components(row) for row in _drawn_sums(_table(scores), config)]
    intervals = {}
    for measure in MEASURES:
        found = [getattr(draw, measure) for draw in draws]
        values = [value for value in found if value is not None]
        if len(values) >= MOST_DEFINED * len(found):
            low, high = np.quantile(np.array(values, np.float64), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            intervals[measure] = Interval(float(low), float(high))
    return intervals


def rank(systems: Sequence[Scores], config: BootstrapConfig | None = None) -> Ranking:
    """Order systems by DER, and find out which differences are more than noise.

    Args:
        systems: scores of each on the same recordings and reference, each with a name of its own.
        config: of the bootstrap.

    Raises:
        ProtocolError: if they were made under different protocols.
        InputError: if recordings, references or names do not allow a comparison.
    """
    config = config or BootstrapConfig()
    _require_comparable(systems)
    ordered = sorted(systems, key=lambda scores: (_der(scores.overall), scores.system))
    if len(ordered) < 2 or len(ordered[0].recordings) < 2 or ordered[0].overall.der is None:
        return Ranking(tuple(ordered), ())
    pairs = list(pairwise(ordered))
    pairs += [(ordered[0], other) for other in ordered[2:]]
    return Ranking(tuple(ordered), tuple(_difference(one, other, config) for one, other in pairs))


def _difference(one: Scores, other: Scores, config: BootstrapConfig) -> Difference:
    ours, theirs = (_error_table(_in_order(scores, one)) for scores in (one, other))
    drawn = np.array(list(_drawn_sums(np.hstack([ours, theirs]), config)))
    drawn = drawn[drawn[:, 1] > 0]  # a draw of silent recordings alone has no DER
    differences = drawn[:, 0] / drawn[:, 1] - drawn[:, 2] / drawn[:, 3]
    low, high = np.quantile(differences, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    num = int(np.count_nonzero(ours[:, 1]))
    tail = min(float(np.mean(differences <= 0)), float(np.mean(differences >= 0)))
    return Difference(
        one.system,
        other.system,
        _der(one.overall) - _der(other.overall),
        Interval(float(low), float(high)),
        min(1.0, max(2 * tail, 1 / len(differences), _least_p(num))),
        int(np.sum(ours[:, 0] < theirs[:, 0] - SAME_TOTAL)),
        int(np.sum(ours[:, 0] > theirs[:, 0] + SAME_TOTAL)),
        num,
    )


def caveat(num_recordings: int) -> str:
    """How far intervals can be trusted, in a sentence; empty where they can."""
    if not 2 <= num_recordings < FEW_RECORDINGS:
        return ""
    return f"Intervals drawn from {num_recordings} recordings are rough, and rather too narrow."


def _least_p(num_recordings: int) -> float:
    """The least p of a two-sided test of signs."""
    return float(min(1.0, 2.0 ** (1 - num_recordings)))


def _require_comparable(systems: Sequence[Scores]) -> None:
    names = [scores.system for scores in systems]
    if len(set(names)) != len(names):
        raise InputError(f"Two systems have the same name, of {names}.", "Name each differently.")
    for scores in systems[1:]:
        require_same_protocol(systems[0].protocol, scores.protocol)
        ours, theirs = (
            {one.recording_id: one.components.total for one in side.recordings}
            for side in (systems[0], scores)
        )
        if ours.keys() != theirs.keys():
            odd = sorted(ours.keys() ^ theirs.keys())
            raise InputError(
                f"{systems[0].system!r} and {scores.system!r} were not scored on the same recordings: "
                f"{odd[0]!r} is in one only, and so are {len(odd) - 1} others.",
                "Score them on the same recordings.",
            )
        for name, total in ours.items():
            if abs(total - theirs[name]) > SAME_TOTAL:
                raise InputError(
                    f"The recording {name!r} has {total:.3f} s of scored speech for {systems[0].system!r} "
                    f"and {theirs[name]:.3f} s for {scores.system!r}.",
                    "Score them against the same reference and regions.",
                )


def _table(scores: Scores) -> Floats:
    """Components, one row a recording and one column a field ``[R, K]``."""
    return np.array([astuple(recording.components) for recording in scores.recordings], np.float64)


def _error_table(scores: Scores) -> Floats:
    """Error time and total time of each recording ``[R, 2]``."""
    rows = [(one.components.error_time, one.components.total) for one in scores.recordings]
    return np.array(rows, np.float64)


def _in_order(scores: Scores, model: Scores) -> Scores:
    """The same scores with the recordings in the order of another's."""
    by_name = {recording.recording_id: recording for recording in scores.recordings}
    return replace(scores, recordings=tuple(by_name[one.recording_id] for one in model.recordings))


def _drawn_sums(table: Floats, config: BootstrapConfig) -> Iterator[Floats]:
    """The sums of the rows of each draw ``[K]``.

    Args:
        table: ``[R, K]``.
        config: how many draws.
    """
    generator = np.random.default_rng(config.seed)
    num = len(table)
    at_once = max(1, min(config.resamples, _DRAWN_AT_ONCE // num))
    for begin in range(0, config.resamples, at_once):
        draws = min(at_once, config.resamples - begin)
        yield from generator.multinomial(num, np.full(num, 1 / num), size=draws) @ table


def _components(row: Floats) -> Components:
    return Components(**dict(zip(_FIELDS, row.tolist(), strict=True)))


def _der(components: Components) -> float:
    return float("inf") if components.der is None else components.der

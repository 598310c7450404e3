"""What is wrong with the words of one recording: the counts of cpWER and of WDER."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from types import ModuleType

import numpy as np

from diarist.errors import OptionError
from diarist.evaluation.arrays import Ints
from diarist.evaluation.mapping import best_mapping
from diarist.evaluation.words.alignment import align_words
from diarist.evaluation.words.text import SpokenWords
from diarist.timebase import TICKS_PER_SECOND

TIME_STEP = 0.01  # seconds; finer differences of time do not decide between alignments
FARTHEST = 60.0  # seconds; nor do those beyond
MOST_SPEAKERS = 20  # of a side that meeteval assigns

Words = dict[str, list[str]]  # speaker → words
Assignment = tuple[tuple[str | None, str | None], ...]

_TICKS_PER_STEP = round(TIME_STEP * TICKS_PER_SECOND)


@dataclass(frozen=True, slots=True)
class PermutationErrors:
    """The counts of cpWER.

    Attributes:
        insertions, deletions, substitutions: words.
        assignment: pairs of speakers of reference and hypothesis; ``None`` stands for nobody.
    """

    insertions: int
    deletions: int
    substitutions: int
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class SpeakerErrors:
    """The counts of WDER: reference words that stand opposite a hypothesis word.

    Attributes:
        correct, substituted: with the same word and with another one (C and S).
        correct_wrong_speaker, substituted_wrong_speaker: those of them that the hypothesis gives to
            another speaker, or to nobody (C_IS and S_IS).
        unattributed: such words that have no speaker in the reference, in none of the other counts.
        mapping: reference speaker → the hypothesis speaker who stands for them.
    """

    correct: int
    substituted: int
    correct_wrong_speaker: int
    substituted_wrong_speaker: int
    unattributed: int
    mapping: dict[str, str]


def meeteval_wer() -> ModuleType:
    """The part of meeteval that counts errors of words.

    Raises:
        OptionError: if meeteval is not installed.
    """
    try:
        import meeteval.wer
    except ImportError as error:
        raise OptionError(
            "Word measures need meeteval, which is not installed.", 'Run: pip install "meeteval>=0.4.3,<0.5"'
        ) from error
    wer: ModuleType = meeteval.wer
    return wer


def permutation_errors(reference: SpokenWords, hypothesis: SpokenWords) -> PermutationErrors:
    """The errors of the assignment of speakers that has fewest (Watanabe et al., "CHiME-6 challenge:
    tackling multispeaker speech recognition for unsegmented recordings", CHiME 2020).

    The words of each speaker are put together in the order of time. A speaker without a partner is
    deleted or inserted whole.

    Raises:
        OptionError: if meeteval is not installed.
    """
    ours, theirs = reference.by_speaker(), hypothesis.by_speaker()
    if max(len(ours), len(theirs)) > MOST_SPEAKERS or not (ours and theirs):
        return assigned_by_pairs(ours, theirs)
    errors = meeteval_wer().cp_word_error_rate(
        {speaker: " ".join(words) for speaker, words in ours.items()},
        {speaker: " ".join(words) for speaker, words in theirs.items()},
        reference_sort=False,
        hypothesis_sort=False,
    )
    return PermutationErrors(errors.insertions, errors.deletions, errors.substitutions, errors.assignment)


def assigned_by_pairs(ours: Words, theirs: Words) -> PermutationErrors:
    """The same for any number of speakers on either side, none included; meeteval counts the errors of
    each pair of speakers and refuses to assign more than 20."""
    from scipy.optimize import linear_sum_assignment

    names: list[list[str | None]] = [list(ours), list(theirs)]
    size = max(map(len, names))
    references, hypotheses = ([*side, *[None] * (size - len(side))] for side in names)
    counts = np.zeros((size, size, 3), np.int64)  # insertions, deletions, substitutions
    for row, reference in enumerate(references):
        for column, hypothesis in enumerate(hypotheses):
            counts[row, column] = _pair_errors(
                [] if reference is None else ours[reference], [] if hypothesis is None else theirs[hypothesis]
            )
    rows, columns = linear_sum_assignment(counts.sum(axis=2))
    insertions, deletions, substitutions = counts[rows, columns].sum(axis=0).tolist()
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    assignment = tuple((references[row], hypotheses[column]) for row, column in pairs)
    return PermutationErrors(insertions, deletions, substitutions, assignment)


def _pair_errors(reference: list[str], hypothesis: list[str]) -> tuple[int, int, int]:
    """Insertions, deletions and substitutions between the words of two speakers."""
    if not (reference and hypothesis):
        return len(hypothesis), len(reference), 0
    errors = meeteval_wer().siso_word_error_rate(" ".join(reference), " ".join(hypothesis))
    return errors.insertions, errors.deletions, errors.substitutions


def speaker_errors(reference: SpokenWords, hypothesis: SpokenWords) -> SpeakerErrors:
    """Words with the wrong speaker, under the mapping of speakers that leaves fewest (El Shafey, Soltau
    and Shafran, "Joint speech recognition and speaker diarization via sequence transduction",
    Interspeech 2019).

    All words of a side are one text, in the order in which they start, whoever speaks them. The texts
    are aligned with the fewest errors; see :func:`diarist.evaluation.words.alignment.align_words` for
    what decides between alignments with equally few.
    """
    words = _numbers([*reference.words, *hypothesis.words])
    num = len(reference.words)
    ours, theirs = align_words(
        words[:num],
        words[num:],
        _steps(reference.times),
        _steps(hypothesis.times),
        farthest=round(FARTHEST / TIME_STEP),
    )
    same = words[ours] == words[num + theirs]
    pairs = [(reference.speakers[i], hypothesis.speakers[j]) for i, j in zip(ours, theirs, strict=True)]
    mapping = _most_shared(pairs)
    known = np.array([speaker is not None for speaker, _ in pairs], bool)
    wrong = known & np.array([a is None or b is None or mapping.get(a) != b for a, b in pairs], bool)
    return SpeakerErrors(
        int((known & same).sum()),
        int((known & ~same).sum()),
        int((wrong & same).sum()),
        int((wrong & ~same).sum()),
        int((~known).sum()),
        mapping,
    )


def _numbers(words: Sequence[str]) -> Ints:
    """Each word's number, equal for equal words, in the order in which they first occur."""
    codes: defaultdict[str, int] = defaultdict(count().__next__)
    return np.fromiter(map(codes.__getitem__, words), np.int64, len(words))


def _steps(ticks: Ints | None) -> Ints | None:
    return None if ticks is None else ticks // _TICKS_PER_STEP


def _most_shared(pairs: Sequence[tuple[str | None, str | None]]) -> dict[str, str]:
    """Reference speaker → hypothesis speaker, one to one, so that as many pairs as possible agree."""
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    columns: defaultdict[str, int] = defaultdict(count().__next__)
    for ours, theirs in pairs:
        if ours is not None and theirs is not None:
            counts[ours][theirs] += 1
    cells = [
        (ours, theirs, row, columns[theirs], words)
        for row, (ours, shared) in enumerate(counts.items())
        for theirs, words in shared.items()
    ]
    chosen = best_mapping(
        np.array([row for _, _, row, _, _ in cells], np.int64),
        np.array([column for _, _, _, column, _ in cells], np.int64),
        np.array([words for *_, words in cells], np.float64),
        np.zeros(len(cells), np.int64),
    )
    return {ours: theirs for (ours, theirs, *_), keep in zip(cells, chosen, strict=True) if keep}

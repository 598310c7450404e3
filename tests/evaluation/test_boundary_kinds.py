"""Kinds of boundaries, by hand; the property tests of boundaries have them from their definition."""

from __future__ import annotations

import pytest
from boundary_cases import labels

from diarist.evaluation import Protocol
from diarist.evaluation.boundaries.kinds import KINDS, boundary_kinds
from diarist.evaluation.corpus import lay_out

EDGE, CHANGE, OVERLAP = range(3)


def kinds(*turns: str, gap: int = 250_000) -> list[tuple[str, int, int]]:
    """Speaker, kind of the start and kind of the end of each turn, by start."""
    corpus = lay_out(labels(*turns), labels(""), Protocol(region="reference"))
    side = corpus.reference
    found = boundary_kinds(side, corpus.origins, gap)
    names = [side.speakers[speaker] for speaker in side.turn_speakers.tolist()]
    return list(zip(names, *(each.tolist() for each in found), strict=True))


def test_names() -> None:
    assert [KINDS[EDGE], KINDS[CHANGE], KINDS[OVERLAP]] == ["speech edge", "speaker change", "overlap"]


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ("", EDGE),
        ("B 5 9.749999", EDGE),
        ("B 5 9.75", CHANGE),  # a pause of the gap
        ("B 5 10", CHANGE),
        ("B 5 10.25", CHANGE),  # an overlap of the gap
        ("B 5 10.250001", OVERLAP),
        ("B 9.999999 15", OVERLAP),  # who began just before goes on
        ("B 10 15", EDGE),  # who begins at the same instant was not there before
        ("B 10.1 15", EDGE),
        ("A 5 9.9", EDGE),  # their own speech makes no difference
        ("A 5 9.8, A 9.85 9.9", EDGE),
        ("A 0 9.9, B 1 9.8", CHANGE),
        ("B 1 9.8, A 2 9.9", CHANGE),
        ("B 1 12, C 2 9.9", OVERLAP),  # the latest end counts
        ("B 1 9.9, C 9.95 12", OVERLAP),
        ("B 1 9.9, C 10 12", CHANGE),
        ("B 5 10.1, B 10.1 15", OVERLAP),  # a cut in speech is no end of it
        ("B 5 10.1, B 10.100001 15", OVERLAP),
        ("B 5 10.1, B 10.100002 15", CHANGE),  # a pause is
        ("A 5 10, B 9 10", CHANGE),
    ],
)
def test_starts_and_ends_in_the_mirror(before: str, kind: int) -> None:
    found = kinds(f"{before}, A 10 20")
    assert next(start for speaker, start, _ in reversed(found) if speaker == "A") == kind
    parts = [part.split() for part in before.split(",") if part]
    after = [f"{speaker} {40 - float(end):.6f} {40 - float(start):.6f}" for speaker, start, end in parts]
    found = kinds(", ".join(["A 20 30", *after]))
    assert next(end for speaker, _, end in found if speaker == "A") == kind


def test_both_sides_of_a_turn_taken() -> None:
    assert kinds("A 0 5, B 5.1 9, A 12 15, B 13 14") == [
        ("A", EDGE, CHANGE),
        ("B", CHANGE, EDGE),
        ("A", EDGE, EDGE),
        ("B", OVERLAP, OVERLAP),
    ]


def test_without_a_gap_only_touching_turns_change() -> None:
    assert kinds("A 0 5, B 5 9, C 9.000001 12, B 11.999999 13", gap=0) == [
        ("A", EDGE, CHANGE),
        ("B", CHANGE, EDGE),
        ("C", EDGE, OVERLAP),
        ("B", OVERLAP, EDGE),
    ]


def test_another_recording_is_not_near() -> None:
    assert kinds("A 0 5, B 1 5", "C 0 5", "", "D 7 8") == [
        ("A", EDGE, EDGE),
        ("B", OVERLAP, EDGE),
        ("C", EDGE, EDGE),
        ("D", EDGE, EDGE),
    ]
    assert kinds("") == []

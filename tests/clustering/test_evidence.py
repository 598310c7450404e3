"""Clustering by evidence, on voices whose number is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from diarist.clustering import EvidenceConfig, cluster_voices
from diarist.clustering.evidence import Pieces, evidence, expected_cosine


def voices(
    count: int, pieces: int, seed: int = 0, seconds: float = 2.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pieces drawn from the model itself, in 80 dimensions: embeddings, lengths, who."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((count, 80)) / np.sqrt(80)
    who = np.concatenate([np.arange(count), rng.integers(0, count, max(pieces - count, 0))])
    lengths = np.full(len(who), seconds)
    a = np.sqrt(expected_cosine(lengths))[:, None]
    noise = rng.standard_normal((len(who), 80)) / np.sqrt(80)
    return (a * centres[who] + np.sqrt(1 - a**2) * noise).astype(np.float32), lengths, who


def same_partition(left: np.ndarray, right: np.ndarray) -> bool:
    return bool(((left[:, None] == left) == (right[:, None] == right)).all())


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 12])
def test_the_number_of_voices_is_found(count: int) -> None:
    embeddings, lengths, who = voices(count, 20 * count, seed=count)
    found = cluster_voices(embeddings, lengths)
    assert found.natural == count
    assert same_partition(found.labels, who)


@pytest.mark.parametrize("pieces", [200, 1000, 4000])
def test_the_number_does_not_grow_with_the_length(pieces: int) -> None:
    embeddings, lengths, who = voices(4, pieces, seed=7)
    found = cluster_voices(embeddings, lengths)
    assert found.natural == 4
    agreement = np.zeros((4, 4))
    np.add.at(agreement, (found.labels, who), 1)
    assert agreement.max(1).sum() >= 0.99 * pieces


@given(count=st.integers(1, 6), bound=st.integers(1, 12), seed=st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_a_number_asked_for_is_the_number_given(count: int, bound: int, seed: int) -> None:
    embeddings, lengths, _ = voices(count, 15, seed)
    found = cluster_voices(embeddings, lengths, at_least=bound, at_most=bound)
    assert sorted(set(found.labels.tolist())) == list(range(bound))
    assert found.posteriors.shape == (15, bound)
    np.testing.assert_allclose(found.posteriors.sum(1), 1, atol=1e-5)


@given(count=st.integers(1, 6), low=st.integers(1, 6), more=st.integers(0, 5), seed=st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_a_range_is_kept_to(count: int, low: int, more: int, seed: int) -> None:
    embeddings, lengths, _ = voices(count, 20, seed)
    found = cluster_voices(embeddings, lengths, at_least=low, at_most=low + more)
    assert low <= found.labels.max() + 1 <= low + more


def test_the_true_number_gives_the_true_partition_despite_a_stray_piece() -> None:
    embeddings, lengths, who = voices(3, 45, seed=3)
    stray = np.random.default_rng(9).standard_normal((1, 80)).astype(np.float32)
    found = cluster_voices(
        np.concatenate([embeddings, stray]), np.append(lengths, 0.3), at_least=3, at_most=3
    )
    assert same_partition(found.labels[:-1], who)


def test_a_stray_piece_is_no_voice() -> None:
    embeddings, lengths, _ = voices(2, 60, seed=4)
    stray = np.random.default_rng(9).standard_normal((1, 80)).astype(np.float32)
    found = cluster_voices(np.concatenate([embeddings, stray]), np.append(lengths, 1.5))
    assert found.natural == 2


def test_a_crowd_of_short_voices_is_not_one_voice() -> None:
    apart = np.eye(60, dtype=np.float32) - 1 / 60
    assert cluster_voices(apart, np.full(60, 1.9)).natural == 60


def test_more_voices_than_pieces_cannot_be_had() -> None:
    embeddings, lengths, _ = voices(2, 3, seed=1)
    found = cluster_voices(embeddings, lengths, at_least=10, at_most=10)
    assert found.labels.max() + 1 == 3


def test_no_pieces_and_one_piece() -> None:
    none = cluster_voices(np.zeros((0, 192), np.float32), np.zeros(0))
    assert (len(none.labels), none.natural) == (0, 0)
    one = cluster_voices(np.ones((1, 192), np.float32), np.ones(1))
    assert (one.labels.tolist(), one.natural, one.posteriors.tolist()) == ([0], 1, [[1.0]])


def test_identical_and_zero_embeddings_do_no_harm() -> None:
    same = cluster_voices(np.ones((50, 192), np.float32), np.full(50, 2.0))
    assert same.natural == 1
    nothing = cluster_voices(np.zeros((5, 192), np.float32), np.full(5, 2.0))
    assert np.isfinite(nothing.posteriors).all()


def test_the_scale_of_an_embedding_says_nothing() -> None:
    embeddings, lengths, _ = voices(3, 30)
    scales = np.random.default_rng(0).uniform(0.1, 10, (30, 1)).astype(np.float32)
    left, right = cluster_voices(embeddings, lengths), cluster_voices(embeddings * scales, lengths)
    np.testing.assert_array_equal(left.labels, right.labels)


def test_the_order_of_pieces_does_not_matter() -> None:
    embeddings, lengths, _ = voices(4, 80, seed=5)
    order = np.random.default_rng(0).permutation(80)
    left = cluster_voices(embeddings, lengths).labels[order]
    assert same_partition(left, cluster_voices(embeddings[order], lengths[order]).labels)


def test_short_pieces_are_less_sure() -> None:
    def certainty(seconds: float) -> float:
        embeddings, lengths, _ = voices(4, 40, seed=6, seconds=seconds)
        return float(cluster_voices(embeddings, lengths, at_least=4, at_most=4).posteriors.max(1).mean())

    assert certainty(0.1) < 0.9 < certainty(2.0)


def test_evidence_is_the_marginal_likelihood_of_the_model() -> None:
    """One voice against two, in one dimension, with the integral done by scipy."""
    config = EvidenceConfig(dimensions=1.0, independence=1.0)
    lengths = np.array([2.0, 1.0])
    a2 = expected_cosine(lengths)
    # In one dimension a direction is ±1, so the pieces' vectors are given directly: x/a with x = 1.
    x = np.array([1.0, 1.0]) / np.sqrt(a2)
    noise = (1 - a2) / a2
    joint = multivariate_normal([0, 0], np.ones((2, 2)) + np.diag(noise)).logpdf(x)
    apart = sum(multivariate_normal(0, 1 + noise[i]).logpdf(x[i]) for i in range(2))
    pieces = Pieces.of(np.ones((2, 1), np.float32), lengths, config)
    together = evidence(pieces.precisions.sum(keepdims=True), (pieces.vectors.sum(0) ** 2), 1.0)[0]
    alone = evidence(pieces.precisions, (pieces.vectors**2)[:, 0], 1.0).sum()
    assert together - alone == pytest.approx(joint - apart, rel=1e-9)

"""Agglomerative clustering by Bayesian evidence, which knows how much a short piece can say.

The model. A voice is a point ``v`` with a standard Gaussian prior in D effective dimensions,
``v ~ N(0, I/D)``. A piece of speech of ``t`` seconds has an embedding of unit length

    x = a(t) v + noise,      noise ~ N(0, (1 - a(t)²) I/D),

where ``a(t)²`` is the cosine that two pieces of that length from one voice have on average: 0.23
after 0.4 s, 0.73 after 3 s. So each piece gives a precision ``τ = ρ D a²/(1 - a²)`` and a vector
``τ x/a``, both of which add up over a cluster; ρ < 1 discounts pieces for not being independent
(the Fa of VBx: Landini et al., "Bayesian HMM clustering of x-vector sequences (VBx)", 2022). The
evidence that a set of pieces is one voice has a closed form, and two clusters are merged as long
as one voice explains them better than two do. There is no distance threshold to carry from one
kind of audio to another, and a short piece is merged early and decides little (compare Brümmer
and De Villiers, "The speaker partitioning problem", Odyssey 2010).

Long recordings are clustered in blocks, and then the blocks' clusters among each other. Memory
grows with the number of pieces, not with its square.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]

# Mean cosine of two pieces of one voice, by the pieces' length in seconds: docs/benchmarks.md, by
# bench/cosine_by_length.py. The first value, for no length at all, is what two voices have.
LENGTHS = (0.0, 0.3, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0)
COSINES = (0.08, 0.18, 0.23, 0.32, 0.39, 0.46, 0.56, 0.63, 0.73)


@dataclass(frozen=True, slots=True)
class EvidenceConfig:
    """How evidence is weighed.

    Attributes:
        dimensions: effective dimensions of the embedding space: the inverse variance of the cosine
            of two different voices.
        independence: ρ, the share of a piece's evidence that is its own, in (0, 1].
        most_evidence: precision at which a cluster's evidence is capped. Hours of one voice vary
            more than the model says; with the cap two large clusters are merged from a cosine of
            about 0.66 on, however large they are.
        block_size: pieces that are clustered at once; memory holds the square of it.
        min_share, min_seconds, stray_cosine: a voice with less than this share of all speech is
            taken for stray pieces (noise, overlap) where it has less than so many seconds, or
            where its cosine to a voice with more speech is above this. Its pieces go to the
            voices they resemble most, unless a number of speakers asks for it.
    """

    dimensions: float = 80.0
    independence: float = 0.6
    most_evidence: float = 600.0
    block_size: int = 300
    min_share: float = 0.025
    min_seconds: float = 2.0
    stray_cosine: float = 0.5


@dataclass(frozen=True)
class Clustering:
    """Who said each piece.

    Attributes:
        labels: ``[N]``, from 0, every number up to the largest is used.
        posteriors: ``[N, K]``, how likely each voice is for each piece, by the evidence of the
            other pieces; rows add up to 1.
        natural: the number of voices that the evidence alone would give.
    """

    labels: Labels
    posteriors: NDArray[np.float32]
    natural: int


def cluster_voices(
    embeddings: NDArray[np.float32],
    lengths: NDArray[np.float64],
    *,
    at_least: int = 1,
    at_most: int | None = None,
    config: EvidenceConfig | None = None,
    progress: Callable[[float, float], None] | None = None,
) -> Clustering:
    """Cluster pieces of speech by voice.

    Args:
        embeddings: ``[N, E]``, one a piece, in order of time; of any length but zero.
        lengths: ``[N]`` seconds of speech in each piece.
        at_least, at_most: bounds of the number of voices; N bounds both.
        config: how evidence is weighed.
        progress: called with (pieces done, pieces in all).

    Returns:
        Labels, posteriors, and the number of voices without the bounds.
    """
    config = config or EvidenceConfig()
    if len(embeddings) == 0:
        return Clustering(np.zeros(0, np.intp), np.zeros((0, 0), np.float32), 0)
    pieces = Pieces.of(embeddings, lengths, config)
    at_least = min(at_least, len(embeddings))
    blocks = _by_blocks(pieces, at_least, config, progress)
    clusters = pieces.summed(blocks).capped(config.most_evidence)
    labels = _without_strays(pieces, clusters.merge(config)[blocks], lengths, config)
    labels = _settled(pieces, labels, 1, config)
    natural = int(labels.max()) + 1
    if natural < at_least or (at_most is not None and natural > at_most):
        labels = clusters.merge(config, at_least=at_least, at_most=at_most)[blocks]
        labels = _settled(pieces, labels, at_least, config)
    return Clustering(labels, _posteriors(pieces, labels, config), natural)


def expected_cosine(lengths: Floats) -> Floats:
    """Mean cosine of two pieces of one voice, each of the given length in seconds."""
    return np.interp(lengths, LENGTHS, COSINES)


@dataclass(frozen=True)
class Pieces:
    """Gaussian evidence of pieces, or of sums of pieces: precisions ``[N]``, vectors ``[N, E]``."""

    precisions: Floats
    vectors: Floats

    @classmethod
    def of(cls, embeddings: NDArray[np.float32], lengths: Floats, config: EvidenceConfig) -> Pieces:
        """The evidence of single pieces."""
        directions = embeddings.astype(np.float64)
        directions /= np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-12)
        cosine = expected_cosine(lengths)
        precisions = config.independence * config.dimensions * cosine / (1 - cosine)
        return cls(precisions, directions * (precisions / np.sqrt(cosine))[:, None])

    def summed(self, labels: Labels) -> Pieces:
        """One row a label."""
        count = int(labels.max()) + 1
        vectors = np.zeros((count, self.vectors.shape[1]))
        np.add.at(vectors, labels, self.vectors)
        return Pieces(np.bincount(labels, self.precisions, count).astype(np.float64), vectors)

    def capped(self, most: float) -> Pieces:
        """Rows with more evidence than ``most`` scaled down to it."""
        scale = np.minimum(1.0, most / self.precisions)
        return Pieces(self.precisions * scale, self.vectors * scale[:, None])

    def merge(self, config: EvidenceConfig, *, at_least: int = 1, at_most: int | None = None) -> Labels:
        """Greedy merging of rows while it gains evidence, or until the bounds hold.

        Quadratic in memory in the number of rows. Returns a label a row, numbered by first row.
        """
        count = len(self.precisions)
        state = _Merging(self.precisions.copy(), self.vectors @ self.vectors.T, config)
        for remaining in range(count, max(at_least, 1), -1):
            i, j, gain = state.best_pair()
            if gain < 0 and (at_most is None or remaining <= at_most):
                break
            state.join(i, j)
        return _renumbered(state.labels)


class _Merging:
    """Clusters on their way: precisions, inner products of their vectors, gains of every pair."""

    def __init__(self, precisions: Floats, products: Floats, config: EvidenceConfig) -> None:
        count = len(precisions)
        self.labels = np.arange(count)
        self._precisions, self._products, self._config = precisions, products, config
        self._alive = np.ones(count, bool)
        self._own = evidence(precisions, np.diag(products).copy(), config.dimensions)
        self._gains = np.stack([self._gains_of(row) for row in range(count)])
        np.fill_diagonal(self._gains, -np.inf)
        self._best = self._gains.argmax(1)

    def _gains_of(self, i: int) -> Floats:
        """What merging cluster i with each other one gains."""
        products, precisions = self._products, self._precisions
        squares = products[i, i] + np.diag(products) + 2 * products[i]
        together = evidence(precisions[i] + precisions, squares, self._config.dimensions)
        gained: Floats = together - self._own[i] - self._own
        return gained

    def best_pair(self) -> tuple[int, int, float]:
        """The two clusters whose merging gains most, the smaller number first, and the gain."""
        i = int(self._gains[np.arange(len(self._best)), self._best].argmax())
        j = int(self._best[i])
        return min(i, j), max(i, j), float(self._gains[i, j])

    def join(self, i: int, j: int) -> None:
        """Cluster j becomes part of cluster i, whose evidence stays within the cap."""
        self.labels[self.labels == j] = i
        self._alive[j] = False
        self._products[i] += self._products[j]
        self._products[:, i] += self._products[:, j]
        self._precisions[i] += self._precisions[j]
        scale = min(1.0, self._config.most_evidence / self._precisions[i])
        self._precisions[i] *= scale
        self._products[i] *= scale
        self._products[:, i] *= scale
        only = slice(i, i + 1)
        self._own[i] = evidence(self._precisions[only], self._products[only, i], self._config.dimensions)[0]
        row = np.where(self._alive, self._gains_of(i), -np.inf)
        row[i] = -np.inf
        self._gains[j, :] = self._gains[:, j] = -np.inf
        self._gains[i], self._gains[:, i] = row, row
        _refresh(self._best, self._gains, i, j)


def _refresh(best: Labels, gains: Floats, i: int, j: int) -> None:
    """Keep each row's best partner true after row i changed and row j went."""
    stale = np.flatnonzero((best == i) | (best == j))
    best[stale] = gains[stale].argmax(1)
    best[i] = gains[i].argmax()
    better = gains[:, i] > gains[np.arange(len(best)), best]
    best[better] = i


def evidence(precisions: Floats, squares: Floats, dimensions: float) -> Floats:
    """Log evidence that the pieces of each row are one voice, up to what does not depend on who.

    Args:
        precisions: ``[N]`` summed precisions.
        squares: ``[N]`` squared lengths of the summed vectors.
        dimensions: D.
    """
    total = dimensions + precisions
    return 0.5 * (dimensions * np.log(dimensions / total) + squares / total)


def _by_blocks(
    pieces: Pieces, at_least: int, config: EvidenceConfig, progress: Callable[[float, float], None] | None
) -> Labels:
    """Labels from clustering stretches of pieces alone; no label spans two stretches."""
    total = len(pieces.precisions)
    blocks = np.array_split(np.arange(total), max(1, -(-total // config.block_size)))
    labels = np.empty(total, np.intp)
    used = 0
    for block in blocks:
        part = Pieces(pieces.precisions[block], pieces.vectors[block])
        labels[block] = used + part.merge(config, at_least=min(at_least, len(block)))
        used = int(labels[block].max()) + 1
        if progress is not None:
            progress(float(block[-1] + 1), float(total))
    return labels


def _without_strays(pieces: Pieces, labels: Labels, lengths: Floats, config: EvidenceConfig) -> Labels:
    """Stray voices given to those they resemble most."""
    voices = pieces.summed(labels)
    seconds = np.bincount(labels, lengths)
    little = seconds < config.min_share * seconds.sum()
    directions = voices.vectors / np.maximum(np.linalg.norm(voices.vectors, axis=1, keepdims=True), 1e-12)
    likeness = np.where(little, -1.0, directions @ directions.T).max(1)
    stray = little & ((seconds < config.min_seconds) | (likeness > config.stray_cosine))
    if stray.all():  # a crowd of whom each says one word
        return labels
    scores = np.where(stray, -np.inf, _scores(pieces, voices, config))
    return _renumbered(np.where(stray[labels], scores.argmax(1), labels))


def _settled(
    pieces: Pieces, labels: Labels, at_least: int, config: EvidenceConfig, rounds: int = 10
) -> Labels:
    """Each piece with the voice that explains it best, until nothing moves; the number of voices
    does not fall below ``at_least``."""
    for _ in range(rounds):
        moved = _scores(pieces, pieces.summed(labels), config).argmax(1)
        if len(np.unique(moved)) < at_least or (moved == labels).all():
            break
        labels = _renumbered(moved)
    return labels


def _scores(pieces: Pieces, voices: Pieces, config: EvidenceConfig) -> Floats:
    """``[N, K]`` log-likelihood of each piece under each voice's mean, up to a constant a piece."""
    means = voices.vectors / (config.dimensions + voices.precisions)[:, None]
    scores: Floats = pieces.vectors @ means.T - 0.5 * pieces.precisions[:, None] * (means**2).sum(1)
    return scores


def _posteriors(pieces: Pieces, labels: Labels, config: EvidenceConfig) -> NDArray[np.float32]:
    """Posterior of each voice for each piece; a piece is no evidence for its own label."""
    voices = pieces.summed(labels)
    scores = _scores(pieces, voices, config)
    others = voices.precisions[labels] - pieces.precisions
    means = (voices.vectors[labels] - pieces.vectors) / (config.dimensions + others)[:, None]
    without = (pieces.vectors * means).sum(1) - 0.5 * pieces.precisions * (means**2).sum(1)
    enough = others > 0.25 * config.dimensions  # a voice of one piece has only itself to go by
    rows = np.flatnonzero(enough)
    scores[rows, labels[rows]] = without[rows]
    scores -= scores.max(1, keepdims=True)
    weights = np.exp(scores)
    posteriors: NDArray[np.float32] = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
    return posteriors


def _renumbered(labels: Labels) -> Labels:
    """The same partition, numbered from 0 by first appearance."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.intp)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]

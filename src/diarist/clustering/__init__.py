"""Which pieces of speech are one voice. One file a method."""

from diarist.clustering.evidence import Clustering, EvidenceConfig, cluster_voices

__all__ = ["Clustering", "EvidenceConfig", "cluster_voices"]

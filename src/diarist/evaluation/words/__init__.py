"""Measures of words with speakers: cpWER and WDER."""

from diarist.evaluation.words.scores import (
    WORD_MEASURES,
    WordComponents,
    WordRecordingScore,
    WordScores,
    score_words,
    total_words,
)
from diarist.evaluation.words.text import WordRules, transcript_of

__all__ = [
    "WORD_MEASURES",
    "WordComponents",
    "WordRecordingScore",
    "WordRules",
    "WordScores",
    "score_words",
    "total_words",
    "transcript_of",
]

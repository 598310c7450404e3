"""What figures and rules mean, one line each, for readers who do not live in this field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from diarist.evaluation.protocol import PROTOCOLS, Protocol

if TYPE_CHECKING:
    from diarist.evaluation.components import Components

MEANINGS: Mapping[str, str] = {
    "der": "Diarization error rate: time of all errors, over the time of speech. It can be over 100 %.",
    "missed_rate": "Speech in the reference for which the hypothesis has too few speakers.",
    "false_alarm_rate": "Speakers in the hypothesis where the reference has fewer.",
    "confusion_rate": "Speech that was found and given to somebody else.",
    "jer": "Jaccard error rate: the mean over speakers, so that one who says little counts as much.",
    "bcubed_precision": "How far those whom the hypothesis puts together belong together, 0 to 1.",
    "bcubed_recall": "How far those who belong together are put together, 0 to 1.",
    "bcubed_f1": "The harmonic mean of both.",
    "mutual_information": "What reference and hypothesis tell about each other.",
    "normalised_mutual_information": "The same between 0, nothing, and 1, all.",
    "purity": "Share of each found speaker's time that is one real speaker's.",
    "coverage": "Share of each real speaker's time that is one found speaker's.",
    "speaker_count_error": "How far the number of speakers is off, on average.",
}

_REGIONS: Mapping[str, str] = {
    "union": "Each recording is scored from the first turn to the last end, of reference or hypothesis.",
    "reference": "Each recording is scored from the first turn to the last end of the reference.",
    "file": "Each recording is scored from its beginning to its end.",
    "uem": "The regions that the UEM file names are scored, and no others.",
}
_OVERLAPS: Mapping[str, str] = {
    "scored": "Where several speak at once, each of them counts.",
    "skipped": "Where two or more reference speakers speak at once, nothing is scored.",
}
_MAPPINGS: Mapping[str, str] = {
    "region": "Speakers are paired so that they share the most time in the whole scored region.",
    "scored": "Speakers are paired so that they share the most of the time that is left without collars "
    "and skipped overlap.",
}


def protocol_rules(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Each rule: what it is about, and what it says."""
    known = [
        f"{name} ({about})"
        for name, (one, about) in PROTOCOLS.items()
        if protocol in (one, replace(one, region="uem"))  # a UEM goes with each of them
    ]
    if known:
        yield "Known as", known[0]
    yield "Collar", _collar(protocol.collar_each_side)
    yield "Overlap", _OVERLAPS[protocol.overlap]
    yield "Region", _REGIONS[protocol.region]
    yield "Mapping", _MAPPINGS[protocol.mapping]
    if protocol.frame_step is not None:
        step = 1000 * protocol.frame_step
        yield "Frames", f"JER, B-cubed and information are counted in frames of {step:g} ms; DER is exact."


def undefined_reason(measure: str, components: Components) -> str:
    """Why a measure has no value."""
    if measure in ("bcubed_precision", "bcubed_recall", "bcubed_f1") or measure.endswith("information"):
        return "undefined: nothing is scored"
    if measure == "purity":
        return "undefined: no hypothesis speech"
    if measure == "speaker_count_error":
        return "undefined: no recordings"
    left = measure != "jer" and components.reference_time > 0
    return f"undefined: no reference speech{' is left to score' if left else ''}"


def counted(number: int, what: str) -> str:
    """``1 recording``, ``1,234 recordings``."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _collar(seconds: float) -> str:
    if not seconds:
        return "None: every instant counts, however near to a boundary."
    return (
        f"{seconds:g} s before and after each boundary of a reference turn are not scored "
        f"({2 * seconds:g} s around it)."
    )

"""The rules under which a figure was made. A figure without them means nothing.

What the field calls these rules, and where its tools differ, is in docs/evaluation.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from diarist.errors import OptionError, ProtocolError

Overlap = Literal["scored", "skipped"]
Mapping_ = Literal["region", "scored"]
Region = Literal["union", "reference", "file", "uem"]

OVERLAPS: tuple[str, ...] = get_args(Overlap)
MAPPINGS: tuple[str, ...] = get_args(Mapping_)
REGIONS: tuple[str, ...] = get_args(Region)

LONGEST_COLLAR = 60.0  # seconds; beyond, somebody meant milliseconds


def _check_choice(what: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise OptionError(f"There is no {what} {value!r}.", f"Choose from {', '.join(choices)}.")


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a hypothesis is scored against a reference.

    The collar and the choice about overlap hold for DER alone. JER, B-cubed, mutual information,
    purity, coverage and the number of speakers are those of the whole scored region, as in dscore.

    Attributes:
        collar_each_side: seconds that are not scored before and after each boundary of a reference
            turn. Twice this is what pyannote.metrics calls collar.
        overlap: ``"scored"``, or ``"skipped"``: where two or more reference speakers speak is not
            scored.
        mapping: where speakers of the reference and of the hypothesis are paired for DER, so that
            they share the most time: ``"region"``, the whole scored region (md-eval, dscore, meeteval,
            spyder), or ``"scored"``, what is left of it without collars and skipped overlap
            (pyannote.metrics, NeMo, simpleder).
        region: what is scored of each recording: ``"uem"``, the regions given; ``"union"``, from the
            first turn of reference or hypothesis to the last end of either (dscore's default);
            ``"reference"``, the same of the reference alone (md-eval's default); ``"file"``, from 0 to
            the recording's length, or to the last end of a turn where that is later.
        frame_step: ``None``: measures are of exact time. Otherwise seconds: JER, B-cubed and mutual
            information are counted in frames of this step, as dscore does with 0.01. DER never is.

    Raises:
        OptionError: if a value is out of its range.
    """

    collar_each_side: float = 0.0
    overlap: Overlap = "scored"
    mapping: Mapping_ = "region"
    region: Region = "union"
    frame_step: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.collar_each_side) and 0 <= self.collar_each_side <= LONGEST_COLLAR):
            raise OptionError(
                f"A collar of {self.collar_each_side} s on each side is not possible.",
                f"Give seconds from 0 to {LONGEST_COLLAR:g}; 0.25 is usual.",
            )
        _check_choice("overlap", self.overlap, OVERLAPS)
        _check_choice("mapping", self.mapping, MAPPINGS)
        _check_choice("region", self.region, REGIONS)
        if self.frame_step is not None and not 1e-3 <= self.frame_step <= 10:
            raise OptionError(
                f"A frame step of {self.frame_step} s is not possible.", "Give 0.001 to 10; 0.01 is dscore's."
            )

    def __str__(self) -> str:
        frames = "" if self.frame_step is None else f", frames of {self.frame_step:g} s"
        return (
            f"collar_each_side {self.collar_each_side:g} s, overlap {self.overlap}, "
            f"region {self.region}, mapping on the {MAPPING_WORDS[self.mapping]}{frames}"
        )


MAPPING_WORDS: Mapping[str, str] = {
    "region": "whole region",
    "scored": "scored time alone",
}

# Name → what it stands for, and who uses it. The first three names are those of Landini et al.,
# "Bayesian HMM clustering of x-vector sequences (VBx)", Computer Speech & Language 71 (2022).
PROTOCOLS: Mapping[str, tuple[Protocol, str]] = {
    "full": (Protocol(), "no collar, overlap scored: DIHARD, AMI and most papers since 2020"),
    "fair": (Protocol(collar_each_side=0.25), "0.25 s each side, overlap scored: VoxSRC, NIST RT"),
    "forgiving": (
        Protocol(collar_each_side=0.25, overlap="skipped"),
        "0.25 s each side, overlap skipped: CALLHOME, NIST SRE",
    ),
    "md-eval": (
        Protocol(region="reference"),
        "md-eval's defaults without a UEM: as full, in the extent of the reference",
    ),
    "pyannote": (
        Protocol(mapping="scored"),
        "pyannote.metrics' defaults: as full, mapping on the scored time alone",
    ),
}
DEFAULT_PROTOCOL = "full"


def protocol_named(name: str, **changes: object) -> Protocol:
    """The protocol of a name in :data:`PROTOCOLS`, with other values for some of its rules.

    Args:
        name: the protocol's.
        changes: fields of :class:`Protocol`; ``None`` leaves the protocol's own.

    Raises:
        OptionError: if there is no such protocol, or a value is out of its range.
    """
    _check_choice("protocol", name, tuple(PROTOCOLS))
    given = {field: value for field, value in changes.items() if value is not None}
    return replace(PROTOCOLS[name][0], **given)  # type: ignore[arg-type]


def require_same_protocol(one: Protocol, other: Protocol) -> None:
    """Refuse to set figures side by side that do not measure the same.

    Raises:
        ProtocolError: saying in what they differ.
    """
    differences = [
        f"{name} is {getattr(one, name)} in one and {getattr(other, name)} in the other"
        for name in ("collar_each_side", "overlap", "region", "mapping", "frame_step")
        if getattr(one, name) != getattr(other, name)
    ]
    if differences:
        raise ProtocolError(
            f"The results were made under different protocols: {'; '.join(differences)}.",
            "Such figures cannot be compared: score both again under one protocol.",
        )

"""Colours of the report by what they stand for, on a light and on a dark ground.

The three errors are told apart by people who see no red, no green or no blue: under Machado, Oliveira
and Fernandes, "A physiologically-based model for simulation of color vision deficiency" (2009), any two
are at least 30 apart in the CIE's Lab space of 1976, and each has a contrast of 3 to 1 with the ground.
"""

from __future__ import annotations

from collections.abc import Mapping

from diarist.timeline import PALETTE

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "ground": "#f5f6f8",
    "ink": "#1b2430",
    "muted": "#5a6675",
    "rule": "#dfe4ea",
    "link": "#1d5fa8",
    "missed": "#2f6fb7",
    "false_alarm": "#c98600",
    "confusion": "#a8204f",
    "collar": "#d3d8df",
    "not_scored": "#9aa4b1",
    "nobody": "#8a929c",
    "shade": "#4a6d8c",
    "right": "#4d6277",
    "warning": "#c98600",
    "warning_ground": "#fdf6e6",
    "worst": "#fbf0f3",
}

DARK: Mapping[str, str] = {
    "paper": "#171c24",
    "ground": "#0f1319",
    "ink": "#e7ebf1",
    "muted": "#9fabba",
    "rule": "#2c3440",
    "link": "#7db7f5",
    "missed": "#5a9ae0",
    "false_alarm": "#f0c04a",
    "confusion": "#d9497b",
    "collar": "#39424f",
    "not_scored": "#667180",
    "nobody": "#7d8793",
    "shade": "#7d9dba",
    "right": "#8b9cae",
    "warning": "#f0c04a",
    "warning_ground": "#2a2416",
    "worst": "#2b1a22",
}

# Of speakers: grey stands for those who are nobody in the reference.
SPEAKERS = tuple(colour for colour in PALETTE if colour != "#8A8A8A")


def speaker_colour(index: int) -> str:
    """Of the speaker counted from 0; after the last colour comes the first."""
    return SPEAKERS[index % len(SPEAKERS)]


def style_variables(colours: Mapping[str, str]) -> str:
    """The colours as custom properties of a style sheet."""
    return "".join(f"--{role.replace('_', '-')}:{colour};" for role, colour in colours.items())


def mark_classes() -> str:
    """Rules for the classes that the marks of a picture have: ``f-`` fills, ``s-`` strokes."""
    names = [role.replace("_", "-") for role in LIGHT]
    return "".join(f".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}" for name in names)

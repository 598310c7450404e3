"""Protocols: their ranges, names, and what may be set side by side."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any

import pytest

from diarist.errors import OptionError, ProtocolError
from diarist.evaluation import PROTOCOLS, Protocol, protocol_named, require_same_protocol
from diarist.evaluation.protocol import DEFAULT_PROTOCOL, MAPPING_WORDS, MAPPINGS


def test_the_default_takes_nothing_out() -> None:
    default = Protocol()
    assert (default.collar_each_side, default.overlap, default.mapping) == (0.0, "scored", "region")
    assert (default.region, default.frame_step) == ("union", None)
    assert PROTOCOLS[DEFAULT_PROTOCOL][0] == default


def test_what_the_names_stand_for() -> None:
    assert {name: protocol for name, (protocol, _) in PROTOCOLS.items()} == {
        "full": Protocol(),
        "fair": Protocol(collar_each_side=0.25),
        "forgiving": Protocol(collar_each_side=0.25, overlap="skipped"),
        "md-eval": Protocol(region="reference"),
        "pyannote": Protocol(mapping="scored"),
    }
    assert all(text for _, text in PROTOCOLS.values())


@pytest.mark.parametrize(
    "changes",
    [
        {"collar_each_side": -0.001},
        {"collar_each_side": 60.1},
        {"collar_each_side": 250.0},
        {"collar_each_side": math.nan},
        {"collar_each_side": math.inf},
        {"overlap": "ignored"},
        {"overlap": ""},
        {"mapping": "whole"},
        {"region": "hypothesis"},
        {"region": "UEM"},
        {"frame_step": 0.0},
        {"frame_step": 0.0009},
        {"frame_step": -0.01},
        {"frame_step": 10.5},
        {"frame_step": math.nan},
        {"frame_step": math.inf},
    ],
)
def test_what_is_out_of_range(changes: dict[str, Any]) -> None:
    (value,) = changes.values()
    with pytest.raises(OptionError) as caught:
        Protocol(**changes)
    assert str(value) in caught.value.problem
    assert caught.value.remedy


@pytest.mark.parametrize(
    "changes",
    [{"collar_each_side": 60.0}, {"collar_each_side": 0}, {"frame_step": 0.001}, {"frame_step": 10}],
)
def test_what_is_just_in_range(changes: dict[str, Any]) -> None:
    assert Protocol(**changes) == replace(Protocol(), **changes)


def test_a_protocol_by_name_and_changed() -> None:
    assert protocol_named("forgiving") == PROTOCOLS["forgiving"][0]
    changed = protocol_named("forgiving", collar_each_side=0.1, overlap=None, region="file")
    assert changed == Protocol(collar_each_side=0.1, overlap="skipped", region="file")
    assert protocol_named("fair", collar_each_side=0.0) == Protocol()
    with pytest.raises(OptionError, match="'strict'"):
        protocol_named("strict")
    with pytest.raises(OptionError):
        protocol_named("full", region="all")


def test_in_words() -> None:
    assert str(Protocol()) == (
        "collar_each_side 0 s, overlap scored, region union, mapping on the whole region"
    )
    assert str(Protocol(0.25, "skipped", "scored", "uem", 0.01)) == (
        "collar_each_side 0.25 s, overlap skipped, region uem, mapping on the scored time alone, "
        "frames of 0.01 s"
    )
    assert set(MAPPING_WORDS) == set(MAPPINGS)


OTHER: dict[str, Any] = {
    "collar_each_side": 0.25,
    "overlap": "skipped",
    "mapping": "scored",
    "region": "file",
    "frame_step": 0.01,
}


@pytest.mark.parametrize("name", [part.name for part in fields(Protocol)])
def test_any_difference_forbids_to_compare(name: str) -> None:
    other = replace(Protocol(), **{name: OTHER[name]})
    require_same_protocol(other, other)
    for one, two in ((Protocol(), other), (other, Protocol())):
        with pytest.raises(ProtocolError) as caught:
            require_same_protocol(one, two)
        assert f"{name} is {getattr(one, name)} in one and {getattr(two, name)} in the other" in str(
            caught.value.problem
        )


def test_all_differences_are_named() -> None:
    with pytest.raises(ProtocolError) as caught:
        require_same_protocol(Protocol(), Protocol(**OTHER))
    assert all(name in caught.value.problem for name in OTHER)


def test_a_protocol_is_a_frozen_value() -> None:
    assert len({Protocol(), Protocol(0.0), Protocol(0.25)}) == 2
    with pytest.raises(AttributeError):
        Protocol().region = "file"  # type: ignore[misc]

"""One tree of errors, and messages that stay on one line."""

from __future__ import annotations

import inspect
import re

import pytest

from diarist import errors
from diarist.errors import DiaristError, InputError, OutputError, ParseError, printable

TREE = [
    error
    for _, error in inspect.getmembers(errors, inspect.isclass)
    if issubclass(error, DiaristError) and error.__module__ == errors.__name__
]


def test_the_docstring_draws_the_tree() -> None:
    parents: dict[int, str] = {}
    drawn: dict[str, str | None] = {}
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"    ((?:│   |    )*(?:├── |└── )?)(\w+)(?:\s|$)", line)
        if match and match[2].endswith("Error"):
            depth = len(match[1]) // 4
            drawn[match[2]] = parents.get(depth - 1)
            parents[depth] = match[2]
    actual = {
        error.__name__: None if error is DiaristError else error.__bases__[0].__name__ for error in TREE
    }
    assert drawn == actual


def test_error_codes_are_unique() -> None:
    codes = [error.error_code for error in TREE]
    assert len(set(codes)) == len(codes)


def test_str_is_problem_and_remedy() -> None:
    assert str(ParseError("Line 3: no.", "Correct it.")) == "Line 3: no. Correct it."
    assert str(OutputError("Full.")) == "Full."


def test_errors_survive_pickling_as_processes_need() -> None:
    error = InputError("a", "b")
    rebuilt = type(error)(*error.args)
    assert (rebuilt.problem, rebuilt.remedy) == ("a", "b")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u202eright to left", "\\u202eright to left"),
        ("\ud800", "\\ud800"),
        ("Jürgen 日本", "Jürgen 日本"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert str(DiaristError(text)) == shown

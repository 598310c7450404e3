"""JSON as RFC 8259 has it, and values out of it with errors that say where they were."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from diarist.errors import FormatError, ParseError


def loads(text: str) -> Any:
    """The document in ``text``.

    Raises:
        ParseError: if it is none: ``NaN`` and ``Infinity`` are no JSON, and nesting has an end.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ParseError("The JSON is nested too deeply.", "Give a file of labels.") from None
    except ValueError as error:  # JSONDecodeError, and integers with thousands of digits
        raise ParseError(f"This is no JSON ({error}).", "Give a file of labels.") from None


def dumps(document: Any) -> str:
    """``document`` as indented text.

    Raises:
        FormatError: if it holds what JSON cannot.
    """
    try:
        return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise FormatError(
            f"JSON cannot hold this result ({error}).", "Keep to JSON values in parameters."
        ) from None


def items(value: Any, where: str) -> list[Any]:
    """``value``, which must be a list; an absent one is empty."""
    return [] if value is None else _typed(value, list, "a list", where)


def entries(value: Any, where: str) -> dict[str, Any]:
    """``value``, which must be an object; an absent one is empty."""
    return {} if value is None else _typed(value, dict, "an object", where)


def string(value: Any, where: str) -> str:
    """``value``, which must be a string."""
    text: str = _typed(value, str, "a string", where)
    return text


def optional_string(value: Any, where: str) -> str | None:
    """``value``, which must be a string or absent."""
    return None if value is None else string(value, where)


def number(value: Any, where: str) -> float:
    """``value``, which must be a number that a float can hold."""
    try:
        result = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise ParseError(f"{where}: {str(value)[:40]!r} is not a number.", "Correct the file.")
    return result


def optional_number(value: Any, where: str) -> float | None:
    """``value``, which must be a number or absent."""
    return None if value is None else number(value, where)


def optional_integer(value: Any, where: str) -> int | None:
    """``value``, which must be a whole number or absent."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ParseError(f"{where}: {str(value)[:40]!r} is not a whole number.", "Correct the file.")


def without_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    """``fields`` without those that are not known."""
    return {name: value for name, value in fields.items() if value is not None}


def _typed(value: Any, kind: type, what: str, where: str) -> Any:
    if not isinstance(value, kind):
        raise ParseError(f"{where}: {str(value)[:40]!r} is not {what}.", "Correct the file.")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number of JSON")

"""What the environment says: the only reader of environment variables.

=================  ==================  ============================================================
variable           else                meaning
=================  ==================  ============================================================
DIARIST_DEVICE     INFERENCE_DEVICE    ``auto``, ``cpu`` or ``cuda``: what ``device="auto"`` means
DIARIST_MODELS                         a folder with ONNX files to use instead of the exported ones
DIARIST_CACHE      the user's cache    where exported models are kept
DIARIST_DEBUG                          ``1``: unexpected errors are shown with their traceback
=================  ==================  ============================================================

A variable that is empty counts as not set.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from diarist.errors import OptionError

DEVICES = ("auto", "cpu", "cuda")
_NO = {"0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment's wishes, checked.

    Attributes:
        device: one of :data:`DEVICES`.
        models: an existing folder with the user's own ONNX files, or ``None``.
        cache: the folder for what can be made again; it need not exist yet.
        debug: whether unexpected errors are shown with their traceback.
    """

    device: str
    models: Path | None
    cache: Path
    debug: bool


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check all variables.

    Raises:
        OptionError: if one holds what it cannot mean; the message names it.
    """
    return Settings(
        device=_device(environ),
        models=_models(environ),
        cache=_cache(environ),
        debug=debug_wanted(environ),
    )


def debug_wanted(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether ``DIARIST_DEBUG`` is on; anything that is not clearly "no" counts as "yes"."""
    value = environ.get("DIARIST_DEBUG", "").strip().lower()
    return bool(value) and value not in _NO


def _device(environ: Mapping[str, str]) -> str:
    for variable in ("DIARIST_DEVICE", "INFERENCE_DEVICE"):
        value = environ.get(variable, "").strip()
        if not value:
            continue
        if value.lower() not in DEVICES:
            raise OptionError(
                f"The environment variable {variable} is {value!r}, which is no device.",
                f"Set it to one of {', '.join(DEVICES)}, or unset it.",
            )
        return value.lower()
    return "auto"


def _models(environ: Mapping[str, str]) -> Path | None:
    value = environ.get("DIARIST_MODELS", "")
    if not value:
        return None
    folder = Path(value)
    if not folder.is_dir():
        raise OptionError(
            f"The environment variable DIARIST_MODELS is {value!r}, which is no folder.",
            "Set it to a folder with ONNX files, or unset it.",
        )
    return folder


def _cache(environ: Mapping[str, str]) -> Path:
    value = environ.get("DIARIST_CACHE", "")
    if value:
        folder = Path(value)
        if folder.exists() and not folder.is_dir():
            raise OptionError(
                f"The environment variable DIARIST_CACHE is {value!r}, which is a file.",
                "Set it to a folder, or unset it.",
            )
        return folder
    import platformdirs

    return platformdirs.user_cache_path("diarist", appauthor=False)

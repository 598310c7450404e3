"""From a released checkpoint to an ONNX file, once. Only the exporting itself needs torch and onnx."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

from diarist.errors import ModelFileError, ModelNotFoundError
from diarist.files import make_folder, replacing
from diarist.models.files import (
    INSTALL,
    NETWORKS,
    OWN_FILES,
    ModelFile,
    checkpoint_path,
    exported_path,
    sha256_of,
    verified_bytes,
)

OPSET = 17


def model_file(name: str, *, cache: Path, models: Path | None = None) -> ModelFile:
    """The ONNX file of a network; exported first where only the checkpoint is there.

    Args:
        name: a key of :data:`NETWORKS`.
        cache: the folder for what can be made again.
        models: a folder that holds ``<name>.onnx``; it is then used, and nothing else.

    Raises:
        ModelNotFoundError: no weights are on hand, or what exporting needs is not installed.
        ModelFileError: the checkpoint is not the one released.
        OutputError: the export cannot be written to ``cache``.
    """
    network = NETWORKS[name]
    if models is not None:
        own = models / f"{name}.onnx"
        if not own.is_file():
            raise ModelNotFoundError(
                f"The folder {str(models)!r} holds no {name}.onnx.",
                OWN_FILES,
            )
        return ModelFile(name, own, sha256_of(own))
    exported = exported_path(network, cache)
    if not exported.is_file():
        export_onnx(name, checkpoint_path(network), exported)
    return ModelFile(name, exported, network.sha256)


def load_network(name: str, checkpoint: Path) -> Any:
    """The torch network with the released weights, in evaluation mode, on the CPU.

    Raises:
        ModelNotFoundError: torch is not installed.
        ModelFileError: the checkpoint is not the released one, or not of this network.
    """
    try:
        import torch
    except ImportError as error:
        raise ModelNotFoundError(
            f"Loading the {name} network's weights needs torch, which is not installed.", INSTALL
        ) from error
    content = verified_bytes(NETWORKS[name], checkpoint)
    try:
        weights = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        return _build(name, weights)
    except Exception as error:
        raise ModelFileError(
            f"The weights {str(checkpoint)!r} do not fit the {name} network: {error}", INSTALL
        ) from error


def _build(name: str, weights: Any) -> Any:
    from diarist.models import campplus, segmentation

    if name == "segmentation":
        return segmentation.from_checkpoint(weights["state_dict"])
    return campplus.from_checkpoint(weights)


def export_onnx(name: str, checkpoint: Path, target: Path) -> None:
    """Write the network as an ONNX file; the file appears whole or not at all.

    Its input is ``[B, S]`` (segmentation) or ``[B, T, 80]`` (embedding) with B and the length free.

    Raises:
        ModelNotFoundError, ModelFileError: as :func:`load_network`.
        OutputError: the folder cannot be written.
    """
    network = load_network(name, checkpoint)
    content = _onnx_bytes(name, network)
    remedy = "Make the folder writable, or name another with DIARIST_CACHE."
    make_folder(target.parent, remedy)
    with replacing(target, remedy) as file:
        file.write(content)


def _onnx_bytes(name: str, network: Any) -> bytes:
    import torch

    example = torch.zeros(1, 16000 * 10) if name == "segmentation" else torch.zeros(1, 200, 80)
    buffer = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the exporter warns of its successor
            torch.onnx.export(
                network,
                (example,),
                buffer,
                dynamo=False,  # needs onnx alone, and keeps the batch and the length free
                opset_version=OPSET,
                input_names=["input"],
                output_names=["output"],
                dynamic_axes={"input": {0: "batch", 1: "length"}, "output": {0: "batch"}},
            )
    except ImportError as error:
        raise ModelNotFoundError(
            f"Exporting the {name} network needs the onnx package, which is not installed.", INSTALL
        ) from error
    return buffer.getvalue()

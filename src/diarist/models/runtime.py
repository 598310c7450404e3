"""Runs the networks: ONNX Runtime on the CPU, torch on CUDA, and from CUDA back to the CPU.

A CUDA error (out of memory, an illegal memory access, a driver that went away) can leave the
process's CUDA context unusable. So the first one ends CUDA for this runtime: the batch that
failed is run again on the CPU, as is everything after it, and one line says so.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diarist.errors import DeviceError, ModelFileError, ModelNotFoundError
from diarist.models.export import load_network, model_file
from diarist.models.files import NETWORKS, ModelFile, checkpoint_path

Floats = NDArray[np.float32]
RunNetwork = Callable[[Floats], Floats]


class Runtime:
    """The networks on one device.

    Args:
        device: ``"cpu"``, ``"cuda"``, or ``"auto"``: CUDA where torch finds a device, else the CPU.
        cache: the folder for exported models.
        models: a folder with the caller's own ONNX files (they run on the CPU), or ``None``.

    Attributes:
        device: the device in use now: ``"cpu"`` or ``"cuda"``.
        notes: what happened that a user should know, one sentence each.
        network_time: seconds of wall time spent inside the networks so far.
        network_cpu_time: seconds of CPU time of this process in the meantime.

    Raises:
        DeviceError: CUDA was asked for and cannot be used.
    """

    def __init__(self, device: str = "auto", *, cache: Path, models: Path | None = None) -> None:
        self._cache = cache
        self._models = models
        self._asked = device
        self._networks: dict[str, RunNetwork] = {}
        self._own_hashes: dict[str, str] = {}  # hashing tens of MB once is enough
        self.device = choose_device(device, own_models=models is not None)
        self.notes: list[str] = []
        self.network_time = 0.0
        self.network_cpu_time = 0.0

    def run(self, name: str, batch: Floats) -> Floats:
        """One batch through the network ``name``, a key of :data:`~diarist.models.NETWORKS`.

        Args:
            batch: ``[B, S]`` samples (segmentation) or ``[B, T, 80]`` features (embedding), float32.

        Returns:
            ``[B, T, 7]`` log-probabilities, or ``[B, 192]`` embeddings.
        """
        network = self.load(name)
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            if self.device == "cpu":
                return network(batch)
            try:
                return network(batch)
            except RuntimeError as error:  # torch raises every CUDA error as one
                self._leave_cuda(f"CUDA failed ({_first_line(error)})")
            return self.load(name)(batch)
        finally:
            self.network_time += time.perf_counter() - wall
            self.network_cpu_time += time.process_time() - cpu

    def load(self, name: str) -> RunNetwork:
        """The network ready to run; the first call of each name takes its time."""
        if name not in self._networks:
            self._networks[name] = self._load_cuda(name) if self.device == "cuda" else self._load_cpu(name)
        return self._networks[name]

    def weights(self) -> dict[str, str]:
        """Network name → SHA-256 of the weights in use."""
        if self._models is None:
            return {name: network.sha256 for name, network in NETWORKS.items()}
        if not self._own_hashes:
            self._own_hashes = {name: self._file(name).sha256 for name in NETWORKS}
        return dict(self._own_hashes)

    def _file(self, name: str) -> ModelFile:
        return model_file(name, cache=self._cache, models=self._models)

    def _load_cpu(self, name: str) -> RunNetwork:
        try:
            return load_onnx(name, self._file(name).path)
        except ModelFileError:
            if self._models is not None:
                raise
            self._file(name).path.unlink(missing_ok=True)  # a damaged export is made again, once
            return load_onnx(name, self._file(name).path)

    def _load_cuda(self, name: str) -> RunNetwork:
        try:
            return on_torch(load_network(name, checkpoint_path(NETWORKS[name])), "cuda")
        except ModelNotFoundError:  # torch needs the checkpoints; exports may still be on hand
            if self._asked == "cuda":
                raise
            self._leave_cuda("CUDA needs the released weights, which are not installed")
        except RuntimeError as error:
            self._leave_cuda(f"CUDA failed ({_first_line(error)})")
        return self._load_cpu(name)

    def _leave_cuda(self, why: str) -> None:
        self.notes.append(f"{why}; the CPU does the rest.")
        self.device = "cpu"
        self._networks.clear()


def load_onnx(name: str, path: Path) -> RunNetwork:
    """The ONNX file of a network as a function, on the CPU.

    Raises:
        ModelFileError: the file is no ONNX model that can run here, or not of this network. The
            function raises it too, where the model fails on a batch.
    """
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # some builds trace by default
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = available_cpus()
    options.log_severity_level = 4  # errors come as exceptions; warnings are not for our users
    # Idle threads that spin would burn CPU time that the decoder and the features can use.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise _unusable(path, _first_line(error)) from error
    _check_shapes(name, path, session)
    input_name = session.get_inputs()[0].name

    def run(batch: Floats) -> Floats:
        try:
            output: Floats = session.run(None, {input_name: batch})[0]
        except Exception as error:
            raise _unusable(path, _first_line(error)) from error
        return output

    return run


def _check_shapes(name: str, path: Path, session: Any) -> None:
    """One input and one output, of the ranks and sizes of the network."""
    network = NETWORKS[name]
    inputs, outputs = session.get_inputs(), session.get_outputs()
    found = [len(each.shape) for each in (*inputs, *outputs)]
    if found != [network.input_rank, network.output_rank]:
        raise _unusable(path, f"it is not a {name} network (the ranks of its inputs and outputs are {found})")
    size = outputs[0].shape[-1]
    if isinstance(size, int) and size != network.output_size:
        raise _unusable(
            path, f"it is not a {name} network (it gives {size} numbers, not {network.output_size})"
        )


def _unusable(path: Path, why: str) -> ModelFileError:
    return ModelFileError(
        f"The file {str(path)!r} is not a usable ONNX model: {why}.",
        "Replace it, or remove it so that it is made again.",
    )


def on_torch(network: Any, device: str) -> RunNetwork:
    """A torch network as a function on a device, in full single precision, the same each time.

    Half precision and TF32 stay off: embeddings of similar voices would come too close.
    """
    import torch

    network = network.to(device)

    def run(batch: Floats) -> Floats:
        exact = torch.backends.cudnn.flags(
            enabled=True, benchmark=False, deterministic=True, allow_tf32=False
        )
        with torch.inference_mode(), exact:
            output: Floats = network(torch.from_numpy(batch).to(device)).cpu().numpy()
            return output

    return run


def choose_device(device: str, *, own_models: bool = False) -> str:
    """``"cpu"`` or ``"cuda"``; torch is imported only where a CUDA driver answers.

    Raises:
        DeviceError: ``"cuda"`` cannot be had.
    """
    if device == "cpu":
        return "cpu"
    if own_models:
        if device == "cuda":
            raise DeviceError(
                "Own ONNX files run on the CPU, and cuda was asked for.",
                "Use --device cpu, or leave the models folder out.",
            )
        return "cpu"
    reason = _why_no_cuda()
    if reason is None:
        return "cuda"
    if device == "cuda":
        raise DeviceError(f"CUDA cannot be used: {reason}.", "Use --device cpu, or auto.")
    return "cpu"


def _why_no_cuda() -> str | None:
    if not _driver_has_device():
        return "no NVIDIA driver answers with a device"
    try:
        import torch
    except ImportError:
        return "torch is not installed"
    return None if torch.cuda.is_available() else "this build of torch has no CUDA that fits the driver"


def _driver_has_device() -> bool:
    """Asks the driver itself, in a few milliseconds (CUDA Driver API: cuInit, cuDeviceGetCount)."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
        count = ctypes.c_int(0)
        return driver.cuInit(0) == 0 and driver.cuDeviceGetCount(ctypes.byref(count)) == 0 and count.value > 0
    except (OSError, AttributeError):
        return False


def available_cpus() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__

"""The networks, where their weights come from, how they run (ONNX Runtime on CPU, torch on CUDA)."""

from diarist.models.export import model_file
from diarist.models.files import NETWORKS, ModelFile, ModelStatus, model_status
from diarist.models.runtime import Runtime

__all__ = ["NETWORKS", "ModelFile", "ModelStatus", "Runtime", "model_file", "model_status"]

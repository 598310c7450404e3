"""The speaker embedding network: from filter-bank features to a point that stands for a voice.

CAM++ (Wang et al., "CAM++: A Fast and Efficient Network for Speaker Verification Using
Context-Aware Masking", Interspeech 2023) with the weights of 3D-Speaker's
``speech_campplus_sv_zh_en_16k-common_advanced`` (Apache-2.0). This module needs torch.

The network is written as a function over the release's named weights: what the paper's figures
draw is what stands here, and there is nothing to keep in step with a checkpoint but names.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BATCH_NORM_EPS = 1e-5
CONTEXT_FRAMES = 100  # frames (of 20 ms) that share a local context in a mask
BLOCKS = ((12, 1), (24, 2), (16, 2))  # (layers, dilation) of the three dense blocks


class CamPlusPlus(nn.Module):
    """Features ``[B, T, 80]``, mean-normalised over T → embeddings ``[B, 192]``."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        for name, tensor in weights.items():
            if not name.endswith("num_batches_tracked"):
                self.register_buffer(_flat(name), tensor.detach().float())

    def _weight(self, name: str) -> Tensor:
        return self.get_buffer(_flat(name))

    def _norm(self, x: Tensor, name: str) -> Tensor:
        """Batch normalisation with the trained statistics; the last layer's has no scale."""
        scaled = hasattr(self, _flat(f"{name}.weight"))
        return F.batch_norm(
            x,
            self._weight(f"{name}.running_mean"),
            self._weight(f"{name}.running_var"),
            self._weight(f"{name}.weight") if scaled else None,
            self._weight(f"{name}.bias") if scaled else None,
            eps=BATCH_NORM_EPS,
        )

    def _norm_relu(self, x: Tensor, name: str) -> Tensor:
        return F.relu(self._norm(x, f"{name}.batchnorm"))

    def forward(self, features: Tensor) -> Tensor:
        return self.pool(self.frames(features))

    def frames(self, features: Tensor) -> Tensor:
        """Frame features ``[B, 512, T/2]`` before pooling, one every 20 ms."""
        x = self._front(features.transpose(1, 2).unsqueeze(1))
        x = F.conv1d(x, self._weight("xvector.tdnn.linear.weight"), stride=2, padding=2)
        x = self._norm_relu(x, "xvector.tdnn.nonlinear")
        for index, (layers, dilation) in enumerate(BLOCKS, start=1):
            for layer in range(1, layers + 1):
                x = torch.cat([x, self._dense_layer(x, f"xvector.block{index}.tdnnd{layer}", dilation)], 1)
            x = self._norm_relu(x, f"xvector.transit{index}.nonlinear")
            x = F.conv1d(x, self._weight(f"xvector.transit{index}.linear.weight"))
        return self._norm_relu(x, "xvector.out_nonlinear")

    def pool(self, frames: Tensor) -> Tensor:
        """Mean and standard deviation over time, then one linear layer."""
        statistics = torch.cat([frames.mean(-1), frames.std(-1, unbiased=True)], 1).unsqueeze(-1)
        x = F.conv1d(statistics, self._weight("xvector.dense.linear.weight")).squeeze(-1)
        return self._norm(x, "xvector.dense.nonlinear.batchnorm")

    def _front(self, x: Tensor) -> Tensor:
        """The convolutional front end: ``[B, 1, 80, T]`` → ``[B, 320, T]``."""
        x = self._conv_norm(x, "head.conv1", "head.bn1").relu()
        for name, stride in (("layer1.0", 2), ("layer1.1", 1), ("layer2.0", 2), ("layer2.1", 1)):
            x = self._residual(x, f"head.{name}", stride)
        x = self._conv_norm(x, "head.conv2", "head.bn2", stride=2).relu()
        return x.flatten(1, 2)

    def _conv_norm(self, x: Tensor, conv: str, norm: str, stride: int = 1) -> Tensor:
        """A convolution over frequency and time; ``stride`` is along frequency alone."""
        weight = self._weight(f"{conv}.weight")
        return self._norm(F.conv2d(x, weight, stride=(stride, 1), padding=weight.shape[-1] // 2), norm)

    def _residual(self, x: Tensor, name: str, stride: int) -> Tensor:
        y = self._conv_norm(x, f"{name}.conv1", f"{name}.bn1", stride).relu()
        y = self._conv_norm(y, f"{name}.conv2", f"{name}.bn2")
        if stride > 1:
            x = self._conv_norm(x, f"{name}.shortcut.0", f"{name}.shortcut.1", stride)
        return (x + y).relu()

    def _dense_layer(self, x: Tensor, name: str, dilation: int) -> Tensor:
        """A bottleneck and a local convolution whose channels a context-aware mask gates."""
        x = F.conv1d(self._norm_relu(x, f"{name}.nonlinear1"), self._weight(f"{name}.linear1.weight"))
        x = self._norm_relu(x, f"{name}.nonlinear2")
        local = F.conv1d(
            x, self._weight(f"{name}.cam_layer.linear_local.weight"), padding=dilation, dilation=dilation
        )
        context = x.mean(-1, keepdim=True) + local_context(x)
        mask = F.relu(self._linear(context, f"{name}.cam_layer.linear1"))
        return local * torch.sigmoid(self._linear(mask, f"{name}.cam_layer.linear2"))

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return F.conv1d(x, self._weight(f"{name}.weight"), self._weight(f"{name}.bias"))


def local_context(x: Tensor) -> Tensor:
    """Each frame of ``[B, C, T]`` replaced by the mean of its stretch of 100 frames."""
    means = F.avg_pool1d(x, CONTEXT_FRAMES, CONTEXT_FRAMES, ceil_mode=True)
    return means.repeat_interleave(CONTEXT_FRAMES, dim=-1)[..., : x.shape[-1]]


def from_checkpoint(weights: Mapping[str, Tensor]) -> CamPlusPlus:
    """The network with the released weights, ready to run.

    Raises:
        KeyError, RuntimeError: at the first use, if a parameter is missing or of another shape.
    """
    network = CamPlusPlus(weights)
    network.eval()
    return network


def _flat(name: str) -> str:
    """Buffer names hold no dots."""
    return name.replace(".", "__")

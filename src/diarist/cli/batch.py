"""What ``diarist diarize`` does: open everything, check where results go, then one recording at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from diarist.cli.app import say_defect
from diarist.cli.display import Display
from diarist.cli.inputs import Input
from diarist.cli.messages import say, say_error, say_warning
from diarist.cli.outputs import (
    ANOTHER_FOLDER,
    Destination,
    find_clashes,
    print_labels,
    write_labels,
)
from diarist.cli.summary import summary_lines, totals_line
from diarist.errors import DiaristError, printable
from diarist.files import check_folder, make_folder
from diarist.workflows.diarize import (
    DiarizeConfig,
    Result,
    diarize_recording,
    list_recordings,
    load_diarizer,
)

if TYPE_CHECKING:
    from diarist.types import Diarization, Recording


@dataclass(slots=True)
class Batch:
    """One call of the command.

    Attributes:
        config: what to do with each recording.
        output: the value of ``-o``, or ``None``.
        formats: names of the formats to write.
        plot: whether to draw timelines.
        quiet: whether to say nothing but warnings and errors.
        failed: how many recordings or inputs came to nothing.
    """

    config: DiarizeConfig
    output: str | None
    formats: tuple[str, ...]
    plot: bool = False
    quiet: bool = False
    failed: int = 0
    _results: list[Result] = field(default_factory=list)

    def run(self, inputs: Iterable[Input], display: Display) -> bool:
        """Do it all and say whether all went well. A recording that fails does not stop the others.

        Raises:
            OptionError: if ``output`` cannot be meant.
            OutputError: if no file can be made where the results should go.
            ModelError, DeviceError: if the engine cannot be loaded.
        """
        if self.plot:
            from diarist.drawing import require_matplotlib

            require_matplotlib()
        recordings = self._open(inputs)
        single = len(recordings) + self.failed <= 1
        destination = Destination.choose(self.output, self.formats, single=single)
        recordings = self._check(destination, recordings)
        if recordings:
            diarizer = load_diarizer(self.config)
            with display.loading() as progress:
                diarizer.load(progress)
            display.plan([recording.audio_length for recording in recordings])
            for number, recording in enumerate(recordings, start=1):
                with display.recording(recording.recording_id, number, len(recordings)) as progress:
                    result = diarize_recording(recording, self.config, diarizer, progress)
                self._take(result, destination)
        if not self.quiet and not single:
            say(totals_line(self._results, self.failed))
        return self.failed == 0

    def _open(self, inputs: Iterable[Input]) -> list[Recording]:
        """All recordings that can be opened; what is wrong with the others is said at once."""
        recordings: list[Recording] = []
        for item in inputs:
            try:
                if item.error is not None:
                    raise item.error
                recordings += list_recordings(item.path, self.config)
            except Exception as error:
                self._fail(item.path, error)
        return recordings

    def _check(self, destination: Destination, recordings: Sequence[Recording]) -> list[Recording]:
        """Find what would go wrong with the outputs before any work is done; the recordings that are left."""
        outputs: list[tuple[str, Path]] = []
        for recording in recordings:
            files = [*destination.labels(recording.recording_id).values()]
            files += destination.pictures(recording.recording_id) if self.plot else []
            outputs += [(recording.path, file) for file in files]
        clashes = find_clashes(outputs)
        for path, error in clashes.items():
            self._fail(path, error)
        left = [recording for recording in recordings if recording.path not in clashes]
        if left and outputs:
            check_folder(destination.folder, ANOTHER_FOLDER)
        return left

    def _take(self, result: Result, destination: Destination) -> None:
        """Deliver one result and say what it amounts to."""
        self._results.append(result)
        if result.diarization is None:
            self._fail(result.path, result.error or RuntimeError("no result"))
            return
        try:
            files = self._write(result.recording_id, result.diarization, destination)
        except (BrokenPipeError, KeyboardInterrupt):
            raise
        except Exception as error:
            self._fail(result.path, error)
            return
        for note in result.diarization.notes:
            say_warning(f"{result.recording_id}: {note}")
        if not self.quiet:
            for line in summary_lines(result):
                say(line)
            if files:
                say(f"  written: {', '.join(map(str, files))}")

    def _write(self, name: str, diarization: Diarization, destination: Destination) -> list[Path]:
        """Labels and pictures; the files made."""
        files: list[Path] = []
        if destination.standard_output:
            print_labels([diarization], destination.formats[0])
        for format, path in destination.labels(name).items():
            write_labels([diarization], format, path)
            files.append(path)
        if self.plot:
            from diarist.plot import plot_timeline

            make_folder(destination.folder, ANOTHER_FOLDER)
            for path in destination.pictures(name):
                plot_timeline(diarization, path)
                files.append(path)
        return files

    def _fail(self, path: str, error: Exception) -> None:
        """Say what is wrong with one input; the others go on."""
        self.failed += 1
        if not isinstance(error, DiaristError):
            say_defect(error, f"{path}: ")
        elif printable(Path(path).name) in str(error):
            say_error(str(error))
        else:
            say_error(f"{path}: {error}")

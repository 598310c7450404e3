"""What every engine offers, and what is known about the number of speakers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from diarist.errors import OptionError
from diarist.progress import ProgressCallback, ignore_progress
from diarist.types import Diarization, Recording

MOST_SPEAKERS = 100


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """What is known about the number of speakers; nothing, by default.

    Attributes:
        num_speakers: exactly this many, 1 to 100.
        min_speakers: at least this many, 1 to 100.
        max_speakers: at most this many, 1 to 100.

    Raises:
        OptionError: a number is out of its range, or they contradict each other.
    """

    num_speakers: int | None = None
    min_speakers: int | None = None
    max_speakers: int | None = None

    def __post_init__(self) -> None:
        for name in ("num_speakers", "min_speakers", "max_speakers"):
            value = getattr(self, name)
            if value is None:
                continue
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_SPEAKERS:
                raise OptionError(
                    f"{name} is {value!r}.",
                    f"Give a whole number from 1 to {MOST_SPEAKERS}, or leave it out.",
                )
        if self.num_speakers is not None and (self.min_speakers or self.max_speakers):
            raise OptionError(
                f"num_speakers is {self.num_speakers}, and min_speakers or max_speakers is given too.",
                "Give the exact number or a range.",
            )
        if self.min_speakers and self.max_speakers and self.min_speakers > self.max_speakers:
            raise OptionError(
                f"min_speakers is {self.min_speakers} and max_speakers is {self.max_speakers}.",
                "Give a range whose lower end comes first.",
            )

    @property
    def at_least(self) -> int:
        """The lower bound."""
        return self.num_speakers or self.min_speakers or 1

    @property
    def at_most(self) -> int | None:
        """The upper bound, or ``None``."""
        return self.num_speakers or self.max_speakers


class Diarizer(Protocol):
    """An engine: a recording in, who spoke when out."""

    name: str

    @property
    def device(self) -> str:
        """The device in use: ``"cpu"`` or ``"cuda"``."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What has happened to the device so far, one sentence each."""
        ...

    def load(self, progress: ProgressCallback = ignore_progress) -> None:
        """Make everything ready that :meth:`diarize` needs. Once is enough; a second call does nothing.

        Args:
            progress: told of the step ``"networks"``, counted in networks.

        Raises:
            ModelError: a network's weights are missing or damaged.
            OutputError: what is made of them the first time cannot be written.
        """
        ...

    def diarize(
        self,
        recording: Recording,
        *,
        count: SpeakerCount | None = None,
        exclusive: bool = False,
        progress: ProgressCallback = ignore_progress,
    ) -> Diarization:
        """Who spoke when; :meth:`load` comes first, where nobody has called it.

        Args:
            recording: what to listen to.
            count: what is known about the number of speakers.
            exclusive: whether overlapped time goes to one speaker only.
            progress: told of every step.

        Returns:
            The turns. What happens to the device is in the ``notes`` of one result only: the next.

        Raises:
            AudioError: the recording cannot be read.
            ModelError, OutputError: as :meth:`load`.
        """
        ...

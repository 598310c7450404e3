"""Every error that Diarist raises on purpose, in one tree.

::

    DiaristError
    ├── InputError               what the caller gave cannot be used
    │   ├── AudioError           a recording that cannot be read
    │   │   ├── AudioNotFoundError
    │   │   ├── AudioDecodeError
    │   │   └── NoAudioTrackError
    │   ├── FormatError          labels that cannot be read or written
    │   │   ├── UnknownFormatError
    │   │   └── ParseError
    │   ├── OptionError          an option out of its range
    │   ├── ProtocolError        figures that were made under different rules
    │   ├── IntervalError        a time interval that is empty, negative or not finite
    │   ├── LabelError           a name of a speaker or recording that is empty
    │   └── ConfidenceError      a confidence outside 0 to 1
    ├── OutputError              a result that cannot be written
    ├── ModelError               weights that are missing or not what they claim to be
    │   ├── ModelNotFoundError
    │   └── ModelFileError
    └── DeviceError              a device that was asked for and is not there

A message has two halves: what was wrong, with the value, and the remedy.
``str(error)`` is both on one line, whatever the value held.
"""

from __future__ import annotations


class DiaristError(Exception):
    """The root. ``problem`` says what was wrong, ``remedy`` what to do about it."""

    error_code = "diarist_error"

    def __init__(self, problem: str, remedy: str = "") -> None:
        self.problem = printable(problem)
        self.remedy = printable(remedy)
        super().__init__(self.problem, self.remedy)

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}".strip()


class InputError(DiaristError):
    """What the caller gave cannot be used."""

    error_code = "input"


class AudioError(InputError):
    """A recording that cannot be read."""

    error_code = "audio"


class AudioNotFoundError(AudioError):
    """There is no file at the path, or it is not a file."""

    error_code = "audio_not_found"


class AudioDecodeError(AudioError):
    """The file is not audio, is damaged beyond use, or claims to be what it cannot be."""

    error_code = "audio_decode"


class NoAudioTrackError(AudioError):
    """A readable container without an audio track, or without the channel asked for."""

    error_code = "no_audio_track"


class FormatError(InputError):
    """Labels that cannot be read or written."""

    error_code = "format"


class UnknownFormatError(FormatError):
    """No format of that name or file suffix."""

    error_code = "unknown_format"


class ParseError(FormatError):
    """A file that breaks its format's rules; the message names the line where there is one."""

    error_code = "parse"


class OptionError(InputError):
    """An option out of its range, or two that contradict each other."""

    error_code = "option"


class ProtocolError(InputError):
    """Figures that cannot be compared, because they were made under different rules."""

    error_code = "protocol"


class IntervalError(InputError):
    """A time interval that is empty, negative or not finite."""

    error_code = "interval"


class LabelError(InputError):
    """A name of a speaker or a recording that is empty."""

    error_code = "label"


class ConfidenceError(InputError):
    """A confidence outside 0 to 1."""

    error_code = "confidence"


class OutputError(DiaristError):
    """A result that cannot be written where it was asked for."""

    error_code = "output"


class ModelError(DiaristError):
    """Weights that are missing or not what they claim to be."""

    error_code = "model"


class ModelNotFoundError(ModelError):
    """No weights for a network on this machine."""

    error_code = "model_not_found"


class ModelFileError(ModelError):
    """A weight file that is damaged or of another network."""

    error_code = "model_file"


class DeviceError(DiaristError):
    """A device that was asked for and is not there."""

    error_code = "device"


class DiaristWarning(UserWarning):
    """A result that is right but not quite what was asked for, and why."""


def printable(text: str) -> str:
    """``text`` on one line: control characters are shown as escapes, so that a hostile
    file name can neither break a line nor steer a terminal."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )

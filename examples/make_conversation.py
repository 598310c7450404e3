"""Make the example: a conversation of synthetic voices, its exact turns and its transcript.

    python examples/make_conversation.py

Reads conversation.script.txt and writes conversation.opus, .rttm, .txt and .json beside it. Needs
the programs ``flite`` and ``espeak-ng`` (packages of the same names in Debian) on the path.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile
from scipy.signal import resample_poly

from diarist import Diarization, Turn, write
from diarist.simulate import PlacedSpeech, SimulationConfig, reference_of, render
from diarist.source_speech import SAMPLE_RATE, SPEECH_RMS, Samples, speech_stretches
from diarist.timebase import round_to_milliseconds

HERE = Path(__file__).parent
NAME = "conversation"
LEAD = 0.5  # seconds of silence before the first words and after the last
BIT_RATE = 32000  # bits a second
SOUND = SimulationConfig(level_spread_db=0.0, snr_db=45.0)
VOICES = {
    "Ada": ("flite", "-voice", "slt"),
    "Ben": ("flite", "-voice", "rms"),
    "Callum": ("flite", "-voice", "awb"),
    "Dora": ("espeak-ng", "-v", "en-us+f3", "-s", "165"),
}


@dataclass(frozen=True)
class Line:
    """What one speaker says, and when: see the head of the script."""

    speaker: str
    when: str
    text: str


@dataclass(frozen=True)
class Spoken:
    """A line with its pieces of speech on the time line."""

    line: Line
    pieces: tuple[PlacedSpeech, ...]

    @property
    def start(self) -> float:
        return self.pieces[0].start

    @property
    def end(self) -> float:
        return self.pieces[-1].end


def main() -> None:
    spoken = list(perform(read_script(HERE / f"{NAME}.script.txt")))
    pieces = [piece for line in spoken for piece in line.pieces]
    length = round_to_milliseconds(max(piece.end for piece in pieces) + LEAD)
    rng = np.random.default_rng(0)
    hiss = rng.normal(size=10 * SAMPLE_RATE).astype(np.float32)
    write_opus(HERE / f"{NAME}.opus", render(pieces, length, SOUND, rng, noise=hiss))
    write_labels(spoken, pieces, length)


def read_script(path: Path) -> Iterator[Line]:
    """The lines of the script, comments left out."""
    for row in path.read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            yield Line(*(cell.strip() for cell in row.split("|")))


def perform(lines: Iterator[Line]) -> Iterator[Spoken]:
    """Each line spoken, at its time; a pause over 0.3 s splits it into pieces."""
    start, end = 0.0, LEAD
    for line in lines:
        voice = say(line)
        start = start + float(line.when[1:]) if line.when.startswith("@") else end + float(line.when)
        stretches = speech_stretches(voice)
        begin = stretches[0][0]
        pieces = tuple(
            PlacedSpeech(round_to_milliseconds(start + (a - begin) / SAMPLE_RATE), line.speaker, voice[a:b])
            for a, b in stretches
        )
        end = max(end, pieces[-1].end)
        yield Spoken(line, pieces)


def say(line: Line) -> Samples:
    """The line in its speaker's voice ``[S]`` at 16 kHz, as loud as everybody's."""
    program, *options = VOICES[line.speaker]
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "line.wav")
        ending = ["-t", line.text, "-o", out] if program == "flite" else ["-w", out, line.text]
        subprocess.run([program, *options, *ending], check=True)
        samples, rate = soundfile.read(out, dtype="float32")
    samples = resample_poly(samples, SAMPLE_RATE, rate).astype(np.float32)
    speech = np.concatenate([samples[a:b] for a, b in speech_stretches(samples)])
    return samples * np.float32(SPEECH_RMS / np.sqrt(np.mean(speech**2)))


def write_opus(path: Path, samples: Samples) -> None:
    """One channel as Ogg Opus, which every current browser and player reads."""
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=48000, layout="mono")
        stream.bit_rate = BIT_RATE
        loud = resample_poly(samples, 3, 1).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(loud[np.newaxis], format="flt", layout="mono")
        frame.sample_rate = 48000
        for part in (frame, None):
            container.mux(stream.encode(part))


def write_labels(spoken: list[Spoken], pieces: list[PlacedSpeech], length: float) -> None:
    """The reference turns, and the transcript line by line for people and for programs."""
    write([reference_of(NAME, pieces, length)], HERE / f"{NAME}.rttm")
    lines = tuple(Turn(one.start, one.end, one.line.speaker, text=one.line.text) for one in spoken)
    transcript = Diarization(NAME, lines, audio_length=length, source="script")
    write([transcript], HERE / f"{NAME}.txt")
    write([transcript], HERE / f"{NAME}.json")


if __name__ == "__main__":
    main()

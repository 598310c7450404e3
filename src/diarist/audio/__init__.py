"""Decode anything, stream it, cut it to blocks, write it, hash it.

Whatever goes in, what comes out is float32 mono on one clock: sample ``i`` is the sound that a
player gives at ``i / sample_rate`` seconds. The mix of a recording is the plain mean of its
channels, none of them weighted or left out.

Times are those a player shows: the silence that coders put before the sound (MP3, AAC, Opus,
Vorbis) is skipped where the file says how long it is; a track that starts later than its
container (MP4, MKV, WebM) starts later here; packets missing in the middle become silence. A file
that says nothing of its coder's delay (raw ``.aac``, transport streams) has it as in any player.
"""

from __future__ import annotations

from diarist.audio.opening import content_hash
from diarist.audio.probing import open_recordings, probe
from diarist.audio.stream import SAMPLE_RATE, AudioStream, load, stream_blocks
from diarist.audio.writing import write_audio, write_wav

__all__ = [
    "SAMPLE_RATE",
    "AudioStream",
    "content_hash",
    "load",
    "open_recordings",
    "probe",
    "stream_blocks",
    "write_audio",
    "write_wav",
]

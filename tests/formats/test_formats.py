"""What all formats promise: round trips, atomic files, and one clear error for everything else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from label_strategies import again, diarizations, expected, kept, with_turns

from diarist.errors import FormatError, InputError, OutputError, ParseError, UnknownFormatError
from diarist.formats import (
    FORMATS,
    files,
    format_of,
    parse,
    read,
    read_transcripts,
    read_uem,
    serialise,
    write,
    write_transcripts,
    write_uem,
)
from diarist.intervals import Segment
from diarist.transcript import Transcript, Word
from diarist.types import Diarization, Turn

NAMES = list(FORMATS)
TALK = Diarization("talk", (Turn(0.5, 2, "Ann", 0.9, "Hello."), Turn(1.5, 3, "Bob", None, "Hi.")))


# Round trips.


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40, deadline=None)
@given(diarizations)
@example(with_turns(Turn(0, 1, "A"), Turn(0, 1, "A")))
@example(with_turns(Turn(0, 2, "A", 0.5, "[B] c"), Turn(1, 3, "A", 1.0, "A: b"), Turn(1, 3, "A (2)")))
@example(with_turns(Turn(0, 1, "[A] b"), Turn(0, 1, "]\\"), Turn(2, 3, "A: b", 0.0, ": c")))
def test_what_is_written_reads_back(name: str, diarization: Diarization) -> None:
    assert kept(again(diarization, name)) == expected(diarization, name)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None)
@given(st.floats(0, 1e6), st.floats(1e-9, 1e4))
def test_no_turn_becomes_empty_or_moves_by_more_than_rounding_does(
    name: str, start: float, length: float
) -> None:
    if start + length <= start:
        return
    turn = Turn(start, start + length, "A", None, "text")
    (read_back,) = again(with_turns(turn), name).turns
    assert read_back.start == pytest.approx(turn.start, abs=0.000501)
    assert read_back.end == pytest.approx(turn.end, abs=0.001501)
    assert read_back.length >= 0.99 * min(turn.length, 0.001)


@pytest.mark.parametrize("name", NAMES)
def test_writing_what_was_read_changes_nothing_more(name: str) -> None:
    once = again(TALK, name)
    assert again(once, name) == once
    assert serialise([once], name) == serialise([again(once, name)], name)


@pytest.mark.parametrize("name", NAMES)
def test_a_null_character_is_never_written(name: str) -> None:
    text = serialise([Diarization("r", (Turn(0, 1, "a\0b", None, "c\0d"),))], name)
    assert "\0" not in text
    speaker = parse(text, name, recording_id="r")[0].speakers[0]
    instead = {"json": "\0", "label-studio": "\0", "rttm": "_"}.get(name, "\ufffd")
    assert speaker == f"a{instead}b"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_ends_of_lines_and_a_byte_order_mark_do_not_matter(name: str, end: str) -> None:
    text = serialise([TALK], name)
    changed = "\ufeff" + text.replace("\r\n", "\n").replace("\n", end)
    assert parse(changed, name, recording_id="talk") == parse(text, name, recording_id="talk")


@pytest.mark.parametrize("name", NAMES)
def test_several_recordings(name: str) -> None:
    both = [TALK, Diarization("other", (Turn(1, 2, "Cyd"),))]
    if FORMATS[name].several_recordings:
        found = parse(serialise(both, name), name, recording_id="x")
        assert [(each.recording_id, len(each)) for each in found] == [("talk", 2), ("other", 1)]
    else:
        with pytest.raises(FormatError, match="holds one recording, not 2"):
            serialise(both, name)


@pytest.mark.parametrize("name", NAMES)
def test_channels(name: str) -> None:
    both = [
        Diarization("talk", (Turn(0, 1, "A"),), channel=1),
        Diarization("talk", (Turn(1, 2, "B"),), channel=2),
    ]
    if FORMATS[name].holds_channel:
        found = parse(serialise(both, name), name, recording_id="x")
        assert [(each.channel, each.speakers) for each in found] == [(1, ("A",)), (2, ("B",))]
    else:
        assert again(both[1], name).channel is None


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_in_which_nobody_speaks(name: str) -> None:
    silent = Diarization("silent")
    found = again(silent, name)
    assert (found.recording_id, found.turns) == ("silent", ())


# The table.


@pytest.mark.parametrize("name", NAMES)
def test_names_and_suffixes_lead_to_the_format(name: str) -> None:
    assert format_of(name) is format_of(name.upper()) is FORMATS[name]
    assert FORMATS[name].description
    default = {".txt": "txt", ".json": "json"}
    for suffix in FORMATS[name].suffixes:
        assert format_of(f"a.b{suffix}").name == default.get(suffix, name)
        assert format_of(Path("x") / f"A{suffix.upper()}").name == default.get(suffix, name)


@pytest.mark.parametrize("given", ["", "a.mp3", "rttm2", "folder.rttm/a"])
def test_unknown_formats(given: str) -> None:
    with pytest.raises(UnknownFormatError) as caught:
        format_of(given)
    assert all(name in str(caught.value) for name in NAMES)


@pytest.mark.parametrize("given", ["uem", "UEM", "a.uem"])
def test_uem_is_no_format_of_labels(given: str) -> None:
    with pytest.raises(UnknownFormatError, match=r"not labels: use diarist\.formats\.read_uem"):
        format_of(given)


@pytest.mark.parametrize("name", NAMES)
def test_files_are_known_by_their_content(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"talk{FORMATS[name].suffix}"
    write([TALK], path, name)
    assert read(path) == read(path, name)
    assert read(path)[0].source == ("" if name == "json" else name)
    assert read(path)[0].recording_id == "talk"


def test_the_file_names_the_recording_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "meeting.srt"
    write([TALK], path)
    assert read(path)[0].recording_id == "meeting"
    assert read(path, recording_id="x")[0].recording_id == "x"


# Files.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", NAMES)
def test_encodings(name: str, encoding: str, tmp_path: Path) -> None:
    talk = Diarization("talk", (Turn(0, 1, "Jürgen日本💬"),))
    path = tmp_path / "talk.x"
    path.write_bytes(serialise([talk], name).encode(encoding))
    assert read(path, name)[0].speakers == ("Jürgen日本💬",)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0",
        b"ID3\x04\0\0\0\xff\xfb",
        b"caf\xe9",
        b"\xff\xfea",
        bytes(range(256)),
        b"RIFF\0\0",
    ],
)
def test_what_is_no_text_gets_one_error_that_names_the_file(
    name: str, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "labels.x"
    path.write_bytes(content)
    with pytest.raises(ParseError, match=r"labels\.x"):
        read(path, name)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=30, deadline=None)
@given(st.text() | st.text('<>[]{}":-,.0123456789 \t\n;&vWEBTS'))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    try:
        found = parse(text, name, recording_id="r")
    except ParseError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert all(isinstance(each, Diarization) for each in found)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.text(max_size=3))
def test_a_damaged_file_is_read_or_refused(name: str, position: int, damage: str) -> None:
    text = serialise([TALK], name)
    position %= len(text)
    for damaged in (text[:position], text[:position] + damage + text[position + len(damage) :]):
        try:
            parse(damaged, name, recording_id="r")
        except InputError as error:
            assert isinstance(error, ParseError), error  # noqa: PT017


@pytest.mark.parametrize("name", NAMES)
def test_prose_is_no_labels(name: str) -> None:
    with pytest.raises(ParseError):
        parse("It was a dark and stormy night.\nThe rain fell in torrents.\n", name, recording_id="r")


def test_missing_files_and_folders(tmp_path: Path) -> None:
    for path in (tmp_path / "none.rttm", tmp_path, Path("a\0.rttm")):
        with pytest.raises(FormatError):
            read(path, "rttm")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1 << 20)
    path = tmp_path / "large.rttm"
    with path.open("wb") as file:
        file.truncate((1 << 20) + 1)
    with pytest.raises(FormatError, match="over 1 MiB"):
        read(path)
    if os.path.exists("/dev/zero"):  # noqa: PTH110
        with pytest.raises(FormatError, match="over 1 MiB"):
            read("/dev/zero", "rttm")


def test_an_error_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.rttm"
    path.write_text("SPEAKER r 1 0 1 <NA> <NA> A <NA> <NA>\nSPEAKER r 1 nan 1 <NA> <NA> A <NA> <NA>\n")
    with pytest.raises(ParseError, match=r"a\.rttm': Line 2: the start 'nan' is not a number"):
        read(path)


def test_writing_replaces_whole_files_and_keeps_the_usual_mode(tmp_path: Path) -> None:
    path = tmp_path / "talk.rttm"
    path.write_text("x" * 10_000)
    write([TALK], path)
    assert path.read_text() == serialise([TALK], "rttm")
    (tmp_path / "plain").write_text("")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["plain", "talk.rttm"]


def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "talk.rttm"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"talk\.rttm' cannot be written: No space left"):
        write([TALK], path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.rttm").mkdir()
    for path in ("none/a.rttm", "file/a.rttm", "folder.rttm", "a" * 300 + ".rttm", "a\0.rttm"):
        with pytest.raises(OutputError):
            write([TALK], tmp_path / path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder.rttm"]


def test_a_link_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target.rttm", tmp_path / "link.rttm"
    target.write_text("old")
    link.symlink_to(target)
    write([TALK], link)
    assert link.is_symlink()
    assert target.read_text() == serialise([TALK], "rttm")


def test_half_a_character_is_an_error_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="half a character"):
        write([Diarization("r", (Turn(0, 1, "\ud83d"),))], tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_transcripts_and_regions(tmp_path: Path) -> None:
    transcripts = [Transcript("r", (Word("a", 0, 1, 0.5, "A", 0.25), Word("b")), "en", "whisper")]
    write_transcripts(transcripts, tmp_path / "t.json")
    assert read_transcripts(tmp_path / "t.json") == transcripts
    with pytest.raises(ParseError, match="diarist/transcript"):
        read(tmp_path / "t.json")
    regions = {"a": (Segment(0, 1), Segment(2, 3)), "b": (Segment(5, 6.000001),)}
    write_uem(regions, tmp_path / "all.uem")
    assert read_uem(tmp_path / "all.uem") == regions
    (tmp_path / "all.uem").write_text("a 1 0\n")
    with pytest.raises(ParseError, match=r"all\.uem': Line 1"):
        read_uem(tmp_path / "all.uem")


# Real files.


def test_real_references_and_hypotheses(shared_data: Path) -> None:
    folder = shared_data / "rttm_pairs" / "ami_test" / "ref"
    for path in sorted(folder.glob("*.rttm"))[:4]:
        (talk,) = read(path)
        assert len(talk) == sum(line.startswith("SPEAKER") for line in path.read_text().splitlines())
        assert talk.recording_id == path.stem
        assert (talk.channel, talk.source) == (None, "rttm")


def test_real_textgrids_agree_with_the_rttm_made_of_them(shared_data: Path) -> None:
    folder = shared_data / "transcripts" / "primock57"
    for reference in sorted((folder / "rttm").glob("*.rttm"))[:6]:
        (talk,) = read(reference)
        for role in ("doctor", "patient"):
            (tier,) = read(folder / "transcripts" / f"{reference.stem}_{role}.TextGrid")
            assert len(tier) > 10
            assert all(turn.text for turn in tier)
            assert tier.speech_time() == pytest.approx(talk.speaker_time()[role], rel=0.02)


def test_a_real_cue_that_ends_before_it_starts_keeps_its_text(shared_data: Path) -> None:
    (talk,) = read(shared_data / "transcripts" / "vtt" / "noscribe_interview.vtt")
    assert talk.notes == ("The cue in line 227 ends before it starts: its times were swapped.",)
    (turn,) = [turn for turn in talk if (turn.text or "").startswith("Oh, wir haben sogar Puppetum")]
    assert (turn.start, turn.end, turn.speaker) == (735.168, 737.141, "S01")
    assert talk.turns[0] == Turn(0, 12.14, "UNKNOWN", None, "(12 seconds pause)")
    assert len(talk) == 56

"""The fast way to read RTTM: it finds what the slow one finds, or leaves the text to it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarist.errors import ParseError
from diarist.evaluation.labels import recording_name
from diarist.formats import rttm
from diarist.formats.columns import Columns, parse_rttm
from diarist.timebase import seconds_to_ticks

Row = tuple[str, float, str, float]  # recording, start, speaker, end


def line(
    *,
    recording: str = "r",
    channel: str = "1",
    start: str = "0",
    length: str = "1",
    speaker: str = "A",
    tail: tuple[str, ...] = ("<NA>", "<NA>"),
) -> str:
    return " ".join(("SPEAKER", recording, channel, start, length, "<NA>", "<NA>", speaker, *tail)) + "\n"


def fast(*texts: str) -> Columns | None:
    return parse_rttm([text.encode() for text in texts])


def of_file(columns: Columns, file: int) -> list[Row]:
    """The turns of one text, sorted."""
    rows = zip(
        columns.turn_files.tolist(),
        [columns.recordings[index] for index in columns.turn_recordings],
        columns.starts.tolist(),
        [columns.labels[index] for index in columns.turn_labels],
        columns.ends.tolist(),
        strict=True,
    )
    return sorted(
        (recording, start, label, end) for number, recording, start, label, end in rows if number == file
    )


def slow(text: str) -> list[Row]:
    """The same by the careful reader."""
    return sorted(
        (recording_name(talk), turn.start, turn.speaker, turn.end)
        for talk in rttm.parse(text, recording_id="file")
        for turn in talk
    )


def check(*texts: str) -> bool:
    """Compare the readers; whether the fast one read."""
    columns = fast(*texts)
    if columns is None:
        return False
    assert len(set(columns.recordings)) == len(columns.recordings)
    assert len(set(columns.labels)) == len(columns.labels)
    for number, text in enumerate(texts):
        ours, theirs = of_file(columns, number), slow(text)
        assert [row[:3] for row in ours] == [row[:3] for row in theirs]
        for row, other in zip(ours, theirs, strict=True):
            # The slow reader adds what is written, the fast one the floats nearest to it.
            assert math.isclose(row[3], other[3], rel_tol=1e-15)
            assert row[3] > row[1]
    return True


def test_what_is_ordinary() -> None:
    first = line(start="6.690", length="0.430", speaker="B") + line(
        start="1", length="2.5", tail=("0.9", "x")
    )
    second = line(recording="é", start="+1e1", length=".5", speaker="<NA>", tail=("-0", "<NA>")).rstrip()
    columns = fast(first, second.replace(" ", "\t"))
    assert columns is not None
    assert columns.turn_files.tolist() == [0, 0, 1]
    assert [columns.recordings[index] for index in columns.turn_recordings] == ["r", "r", "é"]
    assert [columns.labels[index] for index in columns.turn_labels] == ["B", "A", "UNKNOWN"]
    assert columns.starts.tolist() == [6.69, 1.0, 10.0]
    assert columns.ends.tolist() == [6.69 + 0.43, 3.5, 10.5]


def test_nine_fields_and_line_ends_of_windows() -> None:
    assert check(line(tail=("<NA>",)).replace("\n", "\r\n") * 2)


def test_turns_of_no_length_are_left_out() -> None:
    columns = fast(line(length="0.000") + line(start="4", speaker="B"), line(length="-0.0"))
    assert columns is not None
    assert of_file(columns, 0) == [("r", 4.0, "B", 5.0)]
    assert of_file(columns, 1) == []


def test_each_name_is_there_once() -> None:
    columns = fast(line(speaker="B") + line() + line(recording="A"), line(speaker="A") + line(speaker="<NA>"))
    assert columns is not None
    assert sorted(columns.recordings) == ["A", "r"]
    assert sorted(columns.labels) == ["A", "B", "UNKNOWN"]


def test_a_speaker_called_unknown_is_nobody_known() -> None:
    columns = fast(line(speaker="<NA>") + line(speaker="UNKNOWN", start="2"))
    assert columns is not None
    assert of_file(columns, 0) == [("r", 0.0, "UNKNOWN", 1.0), ("r", 2.0, "UNKNOWN", 3.0)]
    assert columns.labels == ["UNKNOWN"]


ODD = (
    "",
    "\n",
    ";; a comment\n" + line(),
    line() + "\n" + line(),
    line() + "SPKR-INFO r 1 <NA> <NA> <NA> unknown A <NA> <NA>\n",
    line(tail=()),
    line() + line(tail=("<NA>",)),
    " " + line() + " " + line(),
    line() + "\r" + line(),
    line(channel="2"),
    line(channel="1") + line(channel="2"),
    line(channel="1") + line(channel="<NA>"),
    line(speaker="SPEAKER"),
    line(recording="x" * 1000),
    line(speaker="A\x1bB\x7f"),
    line(tail=("-12.5", "<NA>")),
    line(start="0" * 40 + "1.5"),
    line(start="123456789.12345678901"),
)


@pytest.mark.parametrize("text", ODD)
def test_what_either_reader_may_read(text: str) -> None:
    check(text)
    check(line(), text)
    check(text, line())


REFUSED = (
    line().rstrip() + " " + line(),
    line().replace(" <NA> <NA> A", "\n<NA> <NA> A"),
    line().replace(" <NA> <NA> A", "\r<NA> <NA> A"),
    line(tail=("<NA>", "<NA>", "<NA>")),
    line() + "\ufeff" + line(),
    line().lower(),
    line(start="-1"),
    line(length="-1"),
    line(start="nan"),
    line(length="inf"),
    line(start="1e999"),
    line(length="1e309"),
    line(start="1_000"),
    line(start="1,5"),
    line(start="٣"),
    line(start="."),
    line(start="1.2.3"),
    line(tail=("high", "<NA>")),
    line(speaker="A\u2003B"),
    line().rstrip() + "\x85" + line(),
)


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_slow_reader_refuses_is_left_to_it(text: str) -> None:
    if "\ufeff" not in text and text.startswith("SPEAKER"):
        with pytest.raises(ParseError):
            slow(text)
    assert fast(text) is None
    assert fast(line(), text) is None
    assert fast(text, line()) is None


@pytest.mark.parametrize("text", ["\ufeff" + line(), line(speaker="A\0B"), line(speaker="\0")])
def test_what_is_decoded_first_is_left_to_who_decodes(text: str) -> None:
    assert fast(text) is None
    assert fast(line(), text) is None


def test_white_space_of_other_scripts_is_told_by_its_place() -> None:
    """One line has a field too few and one a field too many."""
    lost = line().replace("<NA> <NA> A", "\u2003 <NA> A")
    won = line(speaker="A\u2003B")
    with pytest.raises(ParseError):
        slow(lost + won)
    assert fast(lost + won) is None
    assert fast(lost, won) is None


def test_no_texts_and_no_utf8() -> None:
    assert parse_rttm([]) is None
    assert parse_rttm([line().encode(), b"\xff"]) is None
    assert parse_rttm([line(speaker="é").encode("latin-1")]) is None


def test_numbers_are_those_of_the_slow_reader() -> None:
    """Its exponents have four digits at most."""
    text = line(start="1e00001")
    with pytest.raises(ParseError):
        slow(text)
    assert fast(text) is None


@pytest.mark.parametrize(("start", "length"), [("1e16", "0.5"), ("1700000000", "1e-8"), ("1", "1e-17")])
def test_a_length_that_is_lost_in_the_sum_is_not_ordinary(start: str, length: str) -> None:
    text = line(start=start, length=length)
    with pytest.raises(ParseError):
        slow(text)
    assert fast(text) is None


def test_fields_are_counted_line_by_line() -> None:
    """Eleven fields and nine make twice ten."""
    for kind in ("SPEAKER", "SPEAKERS"):
        text = line(tail=("<NA>", "<NA>", "SPEAKER")) + line(tail=("<NA>",)).replace("SPEAKER", kind)
        with pytest.raises(ParseError):
            slow(text)
        assert fast(text) is None


decimals = st.builds(
    lambda whole, part, digits: f"{whole}.{part:0{digits}d}"[: len(str(whole)) + 1 + digits],
    st.integers(0, 100_000),
    st.integers(0, 999_999),
    st.integers(1, 6),
)
NUMBERS = ("0", "0.000", "-0", "+1", "5.", ".5", "1e3", "2E-1", "0.1", "0.2", "1e-7", "1e-400")
NASTY_NUMBERS = (
    "-1", "nan", "NaN", "inf", "-inf", "Infinity", "1_000", "٣", "１", "²", "1e999", "1e308", "1e00001",
    "0x10", "1,5", "--1", "1e", ".", "<NA>", "A", "-1e-9", "1e16", "1700000000.25", "1\u00b7", "9" * 400,
)  # fmt: skip
NAMES = ("r", "rec-1", "a.ch2", "é", "日本", "<NA>", "UNKNOWN", "SPEAKERS", ";;r", "0", "a\u200bb")
NASTY_NAMES = (
    "SPEAKER", "a b", "a\tb", "a\u00a0b", "a\u2028b", "a\x85b", "a\x1cb", "a\x0bb", "a\x0cb", "\0", "",
    "\u3000", "a\x1bb", "\ufeffr", "x" * 300,
)  # fmt: skip
TYPES = ("speaker", "SPEAKERS", "SPKR-INFO", ";;", "\ufeffSPEAKER", "NOSCORE", " SPEAKER", "", "X")
CHANNELS = ("0", "2", "01", "<NA>", "٣", "A", "1000000")
SEPARATORS = ("\t", "  ", "\u00a0", "\x0b", "\x0c", "\x1c", "\u2003", "\x85", "\r", "\n", ",")
LINE_ENDS = ("\r\n", "\r", "\n\n", "\n;; comment\n", "\x85", "\u2028", "\n \n", "")


@st.composite
def rttm_texts(draw: st.DrawFn, *, nasty: bool) -> list[str]:
    """Texts that are ordinary, or would be but for something."""
    rarely = 40 if nasty else 0

    def pick(usual: st.SearchStrategy[str], odd: tuple[str, ...]) -> str:
        return draw(st.sampled_from(odd) if rarely and not draw(st.integers(0, rarely)) else usual)

    numbers = decimals | st.sampled_from(NUMBERS)
    names = st.sampled_from(NAMES)
    tail = draw(st.sampled_from((1, 2)))
    channel, end = draw(st.sampled_from(("0", "1", "<NA>"))), draw(st.sampled_from(("\n", "\r\n")))
    texts = []
    for _ in range(draw(st.integers(1, 3))):
        text = pick(st.just(""), ("\ufeff", "\n", " ", ";; comment\n", "\0"))
        for _ in range(draw(st.integers(1, 4))):
            fields = [
                pick(st.just("SPEAKER"), TYPES),
                pick(names, NASTY_NAMES),
                pick(st.just(channel), CHANNELS),
            ]
            fields += [pick(numbers, NASTY_NUMBERS), pick(numbers, NASTY_NUMBERS), "<NA>", "<NA>"]
            fields += [pick(names, NASTY_NAMES), pick(numbers | st.just("<NA>"), NASTY_NUMBERS)]
            fields += ["<NA>"] * (tail - 1)
            if rarely and not draw(st.integers(0, rarely)):
                fields = draw(
                    st.sampled_from((fields[:-1], [*fields, "<NA>"], [*fields, "SPEAKER"], fields[:3]))
                )
            text += "".join(pick(st.just(" "), SEPARATORS) + field for field in fields)[1:]
            text += pick(st.just(end), LINE_ENDS)
        texts.append(text)
    return texts


@settings(max_examples=300, deadline=None)
@given(rttm_texts(nasty=True))
def test_the_fast_reader_agrees_with_the_slow_one_or_declines(texts: list[str]) -> None:
    check(*texts)


@settings(max_examples=100, deadline=None)
@given(rttm_texts(nasty=False))
def test_the_fast_reader_reads_all_that_is_ordinary(texts: list[str]) -> None:
    assert check(*texts)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=80) | st.text(max_size=80).map(str.encode), max_size=3))
def test_no_bytes_break_the_fast_reader(texts: list[bytes]) -> None:
    columns = parse_rttm(texts)
    assert columns is None or len(columns.starts) == len(columns.turn_labels)


digits = st.text("0123456789", max_size=20)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(digits, digits).map("0.".join), min_size=1, max_size=20))
def test_numbers_are_rounded_once(numbers: list[str]) -> None:
    """However many digits they have, before the point and behind it."""
    columns = fast("".join(line(start=number, length="1e22") for number in numbers))
    assert columns is not None
    assert columns.starts.tolist() == [float(number) for number in numbers]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(decimals, decimals), min_size=1, max_size=20))
def test_times_with_six_decimals_are_the_same_microseconds(times: list[tuple[str, str]]) -> None:
    text = "".join(line(start=start, length=length) for start, length in times)
    columns = fast(text)
    assert columns is not None
    ends = [row[3] for row in slow(text)]
    assert sorted(seconds_to_ticks(columns.ends).tolist()) == sorted(seconds_to_ticks(ends).tolist())
